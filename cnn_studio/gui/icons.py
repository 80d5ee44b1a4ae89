"""Icons drawn from lines, in the colours of the theme of the moment and sharp at every size.

An icon is text on a field of 24 by 24: paths of the letters M, L, H, V, C, Q, Z as in SVG (absolute), O (circle:
x y radius) and R (rectangle: x y width height radius). "|" begins another path; one that starts with "*" is filled.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPainterPath, QPen, QPixmap

from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Family
from cnn_studio.gui import theme

FIELD = 24.0
LINE = 1.7

_CONV = "R 3 3 18 18 2|M 9 3 V 21 M 15 3 V 21 M 3 9 H 21 M 3 15 H 21|*R 9 9 6 6 0"
_POOL = "R 3 3 18 18 2|M 12 3 V 21 M 3 12 H 21|*R 3.5 3.5 8 8 0"
_AXES = "M 3 20 H 21 M 12 20 V 4|"

ICONS = {
    # families
    "input": "R 3 5 18 14 2|O 8.5 10 1.6|M 4 18 L 10 13 L 13.5 16 L 17 11.5 L 21 16",
    "features": _CONV,
    "pooling": _POOL,
    "activation": _AXES + "M 3 17 H 12 L 20 6",
    "normalization": "M 3 19 C 8 19 9 5 12 5 C 15 5 16 19 21 19 M 12 9 V 19",
    "regularization": "O 6 6 2.2|O 18 6 2.2|O 6 18 2.2|O 18 18 2.2|M 8 8 L 16 16|M 16 8 L 14 10 M 10 14 L 8 16",
    "reshaping": "R 3 4 7 7 1|M 6.5 4 V 11 M 3 7.5 H 10|M 12.5 7.5 H 19 V 13 M 16 10.5 L 19 13.5 L 22 10.5|R 3 16.5 18 4 1|M 7.5 16.5 V 20.5 M 12 16.5 V 20.5 M 16.5 16.5 V 20.5",
    "merging": "M 3 6 C 9 6 9 12 14 12 M 3 18 C 9 18 9 12 14 12 H 21 M 18 9 L 21 12 L 18 15",
    "dense": "O 5 6 2|O 5 18 2|O 19 4.5 2|O 19 12 2|O 19 19.5 2|M 7 6 L 17 4.8 M 7 6.4 L 17 11.3 M 6.6 7.4 L 17.6 18 M 6.6 16.6 L 17.6 6 M 7 17.6 L 17 12.7 M 7 18 L 17 19.2",
    "output": "R 3 4 18 16 2|M 7 16 V 13 M 12 16 V 8 M 17 16 V 11",
    # kinds
    "relu": _AXES + "M 3 20 H 12 L 20 7",
    "leaky_relu": "M 3 16 H 21 M 12 20 V 4|M 3 19.5 L 12 16 L 20 6",
    "prelu": "M 3 16 H 21 M 12 20 V 4|M 3 20 L 12 16 L 20 6|*O 6.5 11 1.6",
    "elu": "M 3 16 H 21 M 12 20 V 4|M 3 19.5 C 8 19.5 10 18 12 16 L 20 6",
    "gelu": "M 3 16 H 21 M 12 20 V 4|M 3 16 C 8 16 9 18.5 11 17 C 13 15.5 15 12 20 6",
    "silu": "M 3 15 H 21 M 12 20 V 4|M 3 15.5 C 7 16 9 19.5 12 15.5 L 20 6",
    "sigmoid": _AXES + "M 3 18.5 C 11 18.5 11 7 21 7",
    "tanh": "M 3 12 H 21 M 12 20 V 4|M 3 18.5 C 11 18.5 11 5.5 21 5.5",
    "softmax": "M 3 20 H 21|M 6 20 V 16 M 10 20 V 5 M 14 20 V 13 M 18 20 V 17",
    "transposed_convolution": "R 3 3 18 18 2|M 9 3 V 21 M 15 3 V 21 M 3 9 H 21 M 3 15 H 21|*R 3.5 3.5 5 5 0|*R 15.5 15.5 5 5 0",
    "depthwise_convolution": "R 8 3 13 13 2|M 5 7 V 17.5 Q 5 19 6.5 19 H 17|M 2.5 10 V 20 Q 2.5 21.5 4 21.5 H 14|*R 11.5 6.5 6 6 0",
    "separable_convolution": "R 9 3 12 12 2|M 15 3 V 15 M 9 9 H 21|M 3 21 L 8 16 M 3 16 V 21 H 8",
    "auxiliary_output": "R 9 10 12 10 2|M 12.5 17 V 15 M 15 17 V 13 M 17.5 17 V 14.5|M 3 4 V 9 Q 3 15 8 15 M 6 12.5 L 8.5 15 L 6 17.5",
    "add": "O 12 12 9|M 12 7.5 V 16.5 M 7.5 12 H 16.5",
    "multiply": "O 12 12 9|M 9 9 L 15 15 M 15 9 L 9 15",
    "concatenate": "R 3 5 6 14 1|R 9 5 6 14 1|*R 15 5 6 14 1",
    "batch_norm": "M 3 19 C 8 19 9 5 12 5 C 15 5 16 19 21 19 M 12 9 V 19",
    "average_pool": "R 3 3 18 18 2|M 12 3 V 21 M 3 12 H 21|M 5.5 6.5 Q 7 4.8 8 6.2 Q 9 7.6 10 6.2 M 5.5 9.2 Q 7 7.5 8 8.9 Q 9 10.3 10 8.9",
    "max_pool": _POOL,
    "global_average_pool": "R 3 3 18 18 2|M 7 7 L 10 10 M 17 7 L 14 10 M 7 17 L 10 14 M 17 17 L 14 14|O 12 12 2.4",
    "global_max_pool": "R 3 3 18 18 2|M 7 7 L 10 10 M 17 7 L 14 10 M 7 17 L 10 14 M 17 17 L 14 14|*O 12 12 2.6",
    "adaptive_average_pool": "R 3 3 18 18 2|M 12 3 V 21 M 3 12 H 21|M 14 7.5 H 19 M 17 5.5 L 19 7.5 L 17 9.5",
    "gaussian_noise": "M 3 13 L 5.5 9 L 8 16 L 10.5 5 L 13 18 L 15.5 8 L 18 14 L 21 11",
    "flatten": "R 3 3 8 8 1|M 7 3 V 11 M 3 7 H 11|M 7 13 V 15 M 15 7 H 18 V 13 M 15.5 11 L 18 13.5 L 20.5 11|R 3 17 18 4 1|M 7.5 17 V 21 M 12 17 V 21 M 16.5 17 V 21",
    "reshape": "R 3 3 8 12 1|R 11 13 10 8 1|M 14 4 H 18 Q 20 4 20 6 V 9 M 17.5 7 L 20 9.5 L 22.5 7",
    "zero_padding": "R 7.5 7.5 9 9 1|M 3 6 V 3 H 6 M 18 3 H 21 V 6 M 21 18 V 21 H 18 M 6 21 H 3 V 18|M 10.5 3 H 13.5 M 10.5 21 H 13.5 M 3 10.5 V 13.5 M 21 10.5 V 13.5",
    "crop": "M 7 2 V 17 H 22 M 2 7 H 17 V 22",
    "upsample": "R 3 13 8 8 1|R 3 3 18 18 2|M 13 11 L 18 6 M 14 6 H 18 V 10",
    # workspaces
    "build": "R 3 3 7 7 1.5|R 14 3 7 7 1.5|R 14 14 7 7 1.5|M 10 6.5 H 14 M 17.5 10 V 14",
    "data": "R 3 3 18 18 2|M 3 9 H 21 M 3 15 H 21 M 9 3 V 21 M 15 3 V 21",
    "train": "M 3 3 V 21 H 21|M 6.5 7 C 8 15 12 16.5 20 17.5",
    "inside": "O 12 12 3|M 2.5 12 C 6 6 9 5 12 5 C 15 5 18 6 21.5 12 C 18 18 15 19 12 19 C 9 19 6 18 2.5 12 Z",
    "draw": "M 4 20 L 5 15.5 L 16 4.5 L 19.5 8 L 8.5 19 Z M 13.5 7 L 17 10.5",
    "pen": "M 4 20 L 5 15.5 L 16 4.5 L 19.5 8 L 8.5 19 Z M 13.5 7 L 17 10.5",
    "eraser": "M 8 19 L 3.5 14.5 Q 2.8 13.6 3.5 12.8 L 12.5 3.8 Q 13.3 3.2 14.1 3.8 L 19.2 8.9 Q 19.8 9.7 19.2 10.5 L 10.7 19 Z M 8 8.3 L 14.7 15|M 8 20.5 H 21",
    "answer": "M 3 6 H 19|M 3 12 H 12|M 3 18 H 8|M 3 3.5 V 20.5",
    "drawings": "R 3 3 8 8 1|R 13 3 8 8 1|R 3 13 8 8 1|M 5 8.5 C 6 4.5 8 5 9 8.5|M 15.5 5 L 18.5 9|M 17 14 V 20 M 14 17 H 20|O 7 17 2.2",
    "curves": "M 3 3 V 21 H 21|M 6.5 6 C 8 14 12 15.5 20 16.5|M 6.5 17 C 9 9 13 7.5 20 7",
    "runs": "M 8 6 H 21 M 8 12 H 21 M 8 18 H 21|*O 4 6 1.4|*O 4 12 1.4|*O 4 18 1.4",
    "confusion": "R 3 3 18 18 2|M 9 3 V 21 M 15 3 V 21 M 3 9 H 21 M 3 15 H 21|*R 3.5 3.5 5 5 0|*R 9.5 9.5 5 5 0|*R 15.5 15.5 5 5 0",
    "mistakes": "R 3 3 18 18 2|M 8.5 8.5 L 15.5 15.5 M 15.5 8.5 L 8.5 15.5",
    "log": "R 4 3 16 18 2|M 8 8 H 16 M 8 12 H 16 M 8 16 H 13",
    "samples": "R 3 3 8 8 1|R 13 3 8 8 1|R 3 13 8 8 1|R 13 13 8 8 1|M 5 9 L 7 6.5 L 9 9|O 17 7 1.8|M 5 17 H 9|M 15.5 15.5 L 18.5 18.5",
    "plan": "R 4 4 16 17 2|M 8 2.5 V 6 M 16 2.5 V 6 M 4 9.5 H 20|M 8 15 L 11 18 L 16.5 12.5",
    "balance": "M 12 4 V 20 M 7 20 H 17 M 4 7 H 20|M 4 7 L 1.8 13 H 6.2 Z|M 20 7 L 17.8 13 H 22.2 Z",
    # actions
    "undo": "M 8 5 L 4 9 L 8 13 M 4 9 H 14 C 21 9 21 19 14 19 H 9",
    "redo": "M 16 5 L 20 9 L 16 13 M 20 9 H 10 C 3 9 3 19 10 19 H 15",
    "new": "M 6 3 H 14 L 19 8 V 21 H 6 Z M 14 3 V 8 H 19|M 12.5 11.5 V 17.5 M 9.5 14.5 H 15.5",
    "open": "M 3 19 V 5 H 9 L 11 8 H 20 V 11 M 3 19 L 6 11 H 22 L 19 19 Z",
    "save": "M 4 4 H 16 L 20 8 V 20 H 4 Z|M 8 4 V 9 H 15 V 4|R 7.5 13 9 7 0",
    "save_as": "M 20 11 V 8 L 16 4 H 4 V 20 H 10|M 8 4 V 9 H 15 V 4|M 13 20.5 L 13.6 17.8 L 19 12.5 L 21 14.5 L 15.7 19.9 Z",
    "revert": "M 4 4 V 10 H 10 M 4.5 9.5 C 8 2.5 20 4 20 12.5 C 20 20.5 9 22 5.5 15.5",
    "tour": "M 7 21 V 3|M 4 21 H 10|M 7 4 H 17 L 21 7.5 L 17 11 H 7",
    "starter": "M 12 3 L 14.7 8.8 L 21 9.6 L 16.4 14 L 17.6 20.3 L 12 17.2 L 6.4 20.3 L 7.6 14 L 3 9.6 L 9.3 8.8 Z",
    "export": "M 12 15 V 3 M 8 7 L 12 3 L 16 7|M 5 12 V 20 H 19 V 12",
    "close": "M 6 6 L 18 18 M 18 6 L 6 18",
    "quit": "M 12 3 V 11|M 7 6 C 1 11 5 20.5 12 20.5 C 19 20.5 23 11 17 6",
    "cut": "O 6 18 2.5|O 18 18 2.5|M 7.5 16 L 17 3 M 16.5 16 L 7 3",
    "copy": "R 9 9 12 12 2|M 5 15 H 3 V 3 H 15 V 5",
    "paste": "R 4 5 16 16 2|*R 8.5 3 7 4 1|M 8 12 H 16 M 8 16 H 13",
    "duplicate": "R 3 3 12 12 2|M 19 9 H 21 V 21 H 9 V 19|M 9 6 V 12 M 6 9 H 12",
    "delete": "M 4 7 H 20 M 9 7 V 4 H 15 V 7 M 6 7 L 7 21 H 17 L 18 7 M 10 11 V 17 M 14 11 V 17",
    "rename": "M 4 20 H 20|M 7 16 L 8 12 L 15 5 L 18 8 L 11 15 Z",
    "group": "M 3 7 V 3 H 7 M 17 3 H 21 V 7 M 21 17 V 21 H 17 M 7 21 H 3 V 17|R 7 7 5 5 1|R 12 12 5 5 1",
    "ungroup": "R 3 3 7 7 1|R 14 14 7 7 1|M 13 11 L 19 5 M 15 5 H 19 V 9",
    "fold": "R 3 6 18 12 2|M 8 10 L 12 14 L 16 10",
    "align": "M 3 12 H 21|R 5 7 5 10 1|R 14 4 5 16 1",
    "arrange": "R 2.5 9 5 6 1|R 16.5 3 5 6 1|R 16.5 15 5 6 1|M 7.5 12 H 12 M 12 6 V 18 M 12 6 H 16.5 M 12 18 H 16.5",
    "search": "O 10.5 10.5 6.5|M 15.5 15.5 L 21 21",
    "zoom_in": "O 10.5 10.5 6.5|M 15.5 15.5 L 21 21|M 10.5 7.5 V 13.5 M 7.5 10.5 H 13.5",
    "zoom_out": "O 10.5 10.5 6.5|M 15.5 15.5 L 21 21|M 7.5 10.5 H 13.5",
    "fit": "M 3 8 V 3 H 8 M 16 3 H 21 V 8 M 21 16 V 21 H 16 M 8 21 H 3 V 16|R 8 9 8 6 1",
    "minimap": "R 3 4 18 16 2|R 12 12 7 6 1",
    "palette": "R 3 3 18 18 2|M 9 3 V 21|M 5 7 H 7 M 5 11 H 7 M 5 15 H 7",
    "properties": "M 3 7 H 13 M 19 7 H 21 M 3 17 H 5 M 11 17 H 21|O 16 7 2.6|O 8 17 2.6",
    "problems": "M 12 3.5 L 22 20.5 H 2 Z M 12 10 V 15|*O 12 17.7 0.7",
    "error": "O 12 12 9|M 12 7 V 13|*O 12 16.4 0.8",
    "warning": "M 12 3.5 L 22 20.5 H 2 Z M 12 10 V 15|*O 12 17.7 0.7",
    "success": "O 12 12 9|M 7.5 12.5 L 10.8 15.8 L 16.5 9",
    "info": "O 12 12 9|M 12 11 V 17|*O 12 7.6 0.9",
    "summary": "R 3 4 18 16 2|M 3 9 H 21 M 9 9 V 20 M 3 14.5 H 21",
    "activations": "R 3 3 8 8 1|R 13 3 8 8 1|R 3 13 8 8 1|R 13 13 8 8 1|*R 5 6 4 3 0|*R 15 5 3 4 0|*R 6 15 3 4 0|*R 15 15 4 4 0",
    "kernels": "R 4 4 16 16 2|M 9.3 4 V 20 M 14.7 4 V 20 M 4 9.3 H 20 M 4 14.7 H 20|*R 9.3 4 5.4 5.3 0|*R 4 14.7 5.3 5.3 0",
    "weights": "M 3 20 H 21|M 5 20 V 17 M 8 20 V 13 M 11 20 V 5 M 14 20 V 8 M 17 20 V 15 M 20 20 V 18",
    "random": "M 3 7 H 7 L 16 17 H 21 M 18 14 L 21 17 L 18 20|M 3 17 H 7 L 10 13.5 M 13.5 10 L 16 7 H 21 M 18 4 L 21 7 L 18 10",
    "code": "M 8 6 L 2.5 12 L 8 18 M 16 6 L 21.5 12 L 16 18 M 14 4 L 10 20",
    "help": "O 12 12 9|M 9 9.5 C 9 5.5 15 5.5 15 9.5 C 15 12 12 11.8 12 14.2|*O 12 17 0.8",
    "guide": "M 12 6 C 9 4 6 4 3 5 V 19 C 6 18 9 18 12 20 C 15 18 18 18 21 19 V 5 C 18 4 15 4 12 6 V 20",
    "command": "M 5 7 L 10 12 L 5 17 M 12 18 H 19",
    "keyboard": "R 2 6 20 12 2|M 6 10 H 6.1 M 10 10 H 10.1 M 14 10 H 14.1 M 18 10 H 18.1 M 8 14 H 16",
    "theme": "O 12 12 9|*M 12 3 C 24 3 24 21 12 21 Z",
    "language": "O 12 12 9|M 3 12 H 21 M 12 3 C 6 9 6 15 12 21 M 12 3 C 18 9 18 15 12 21",
    "settings": "M 3 7 H 13 M 19 7 H 21 M 3 17 H 5 M 11 17 H 21|O 16 7 2.6|O 8 17 2.6",
    "folder": "M 3 19 V 5 H 9 L 11 8 H 21 V 19 Z",
    "recent": "O 12 12 9|M 12 6.5 V 12 L 16 14.5",
    "play": "*M 7 4 L 20 12 L 7 20 Z",
    "step": "*M 5 4 L 15 12 L 5 20 Z|*R 16.5 4 3 16 1",
    "resume": "M 5 5 V 19|*M 9 4 L 20 12 L 9 20 Z",
    "pause": "*R 6 4 4 16 1|*R 14 4 4 16 1",
    "stop": "*R 5 5 14 14 2",
    "down": "M 6 9 L 12 15 L 18 9",
    "up": "M 6 15 L 12 9 L 18 15",
    "left": "M 15 6 L 9 12 L 15 18",
    "right": "M 9 6 L 15 12 L 9 18",
    "note": "M 4 4 H 20 V 14 L 14 20 H 4 Z M 14 20 V 14 H 20",
    "block": "R 3 3 8 8 1.5|R 13 3 8 8 1.5|R 3 13 8 8 1.5|M 17 13.5 V 20.5 M 13.5 17 H 20.5",
    "more": "*O 5.5 12 1.6|*O 12 12 1.6|*O 18.5 12 1.6",
    "pin": "M 9 3 H 15 L 14.5 10 L 18 14 H 6 L 9.5 10 Z M 12 14 V 21",
    "float": "R 3 9 12 12 2|M 9 5 V 3 H 21 V 15 H 19",
    "reset": "M 4 4 V 10 H 10 M 4.5 9.5 C 8 2.5 20 4 20 12.5 C 20 20.5 9 22 5.5 15.5",
    "studio": "R 2.5 7 5 10 1|R 9.5 4 5 16 1|R 16.5 9 5 6 1|M 7.5 12 H 9.5 M 14.5 12 H 16.5",
}  # fmt: skip
"""Every icon by name."""

Colour = QColor | Family | None
_PART = re.compile(r"[A-Z]|-?[\d.]+")


def icon(name: str, color: Colour = None) -> QIcon:
    """The icon of a family, a kind of layer, a workspace or an action; unknown kinds get that of their family.

    Args:
        color: fixed, or a family's, or by default that of texts; the latter two follow the theme.
    """
    return QIcon(_Engine(_drawing(name), color))


def pixmap(name: str, size: int = theme.ICON_SIZE, color: Colour = None, ratio: float = 1.0) -> QPixmap:
    """The same as a picture of ``size`` points, with ``ratio`` pixels each."""
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    with QPainter(made) as painter:
        paint(painter, QRectF(0, 0, size, size), name, color)
    return made


def paint(painter: QPainter, area: QRectF, name: str, color: Colour = None) -> None:
    """Draw an icon into a rectangle of a painter."""
    _draw(painter, area, _drawing(name), _resolved(color))


def _drawing(name: str) -> str:
    """The name under which there is a drawing."""
    if name in ICONS:
        return name
    kind = layers.get(name)
    return kind.family.value if kind is not None else "block"


def _resolved(color: Colour, *, disabled: bool = False) -> QColor:
    now = theme.current()
    if disabled:
        return now.disabled
    return now.family(color) if isinstance(color, Family) else color or now.text


@cache
def _paths(name: str) -> list[tuple[bool, QPainterPath]]:
    return [(text.startswith("*"), _path(text)) for text in ICONS[name].split("|") if text]


def _path(text: str) -> QPainterPath:
    path = QPainterPath()
    for command, numbers in _commands(text):
        x, y = path.currentPosition().toTuple()
        match command, numbers:
            case "M", [a, b]:
                path.moveTo(a, b)
            case "L", [a, b]:
                path.lineTo(a, b)
            case "H", [a]:
                path.lineTo(a, y)
            case "V", [b]:
                path.lineTo(x, b)
            case "C", [a, b, c, d, e, f]:
                path.cubicTo(a, b, c, d, e, f)
            case "Q", [a, b, c, d]:
                path.quadTo(a, b, c, d)
            case "O", [a, b, radius]:
                path.addEllipse(QPointF(a, b), radius, radius)
            case "R", [a, b, width, height, radius]:
                path.addRoundedRect(a, b, width, height, radius, radius)
            case "Z", []:
                path.closeSubpath()
            case _:
                raise ValueError(text)
    return path


def _commands(text: str) -> list[tuple[str, list[float]]]:
    found: list[tuple[str, list[float]]] = []
    for part in _PART.findall(text):
        if part.isalpha():
            found.append((part, []))
        else:
            found[-1][1].append(float(part))
    return found


def _draw(painter: QPainter, area: QRectF, name: str, color: QColor) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(area.topLeft())
    side = min(area.width(), area.height())
    painter.translate((area.width() - side) / 2, (area.height() - side) / 2)
    painter.scale(side / FIELD, side / FIELD)
    pen = QPen(color, LINE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    for filled, path in _paths(name):
        if filled:
            painter.fillPath(path, color)
        else:
            painter.strokePath(path, pen)
    painter.restore()


class _Engine(QIconEngine):
    """Draws when it is asked, so that the theme of the moment and the screen's pixels decide."""

    def __init__(self, name: str, color: Colour) -> None:
        super().__init__()
        self._name, self._color = name, color

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw into a rectangle."""
        _draw(painter, QRectF(rect), self._name, _resolved(self._color, disabled=mode == QIcon.Mode.Disabled))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """A picture of so many pixels."""
        made = QPixmap(size)
        if size.isEmpty():  # as asked for by a control that is not laid out yet
            return made
        made.fill(Qt.GlobalColor.transparent)
        with QPainter(made) as painter:
            self.paint(painter, made.rect(), mode, state)
        return made

    def clone(self) -> QIconEngine:
        """Another of the same."""
        return _Engine(self._name, self._color)
