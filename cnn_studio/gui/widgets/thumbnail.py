"""A small drawing of a network: boxes in colours, joined by lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

BOX = QSizeF(76, 46)
"""Points of a box on the canvas."""
LARGEST_SCALE = 0.42


@dataclass(frozen=True)
class Drawing:
    """What is drawn.

    Attributes:
        boxes: centre on the canvas and a key for its colour, by id.
        lines: pairs of ids.
    """

    boxes: Mapping[str, tuple[float, float, object]]
    lines: Iterable[tuple[str, str]]

    def bounds(self) -> QRectF:
        """The rectangle around all boxes."""
        xs = [x for x, _y, _key in self.boxes.values()] or [0.0]
        ys = [y for _x, y, _key in self.boxes.values()] or [0.0]
        left, top = min(xs) - BOX.width() / 2, min(ys) - BOX.height() / 2
        return QRectF(left, top, max(xs) - min(xs) + BOX.width(), max(ys) - min(ys) + BOX.height()).adjusted(
            -BOX.width() / 3, 0, BOX.width() / 3, 0
        )


def draw(painter: QPainter, area: QRectF, drawing: Drawing, colours: Mapping[object, QColor], line: QColor) -> None:
    """Paint a drawing in the middle of a rectangle, as large as fits."""
    bounds = drawing.bounds()
    scale = min(area.width() / bounds.width(), area.height() / bounds.height(), LARGEST_SCALE)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(area.center())
    painter.scale(scale, scale)
    painter.translate(-bounds.center())
    pen = QPen(line, 1.2)
    pen.setCosmetic(True)
    painter.setPen(pen)
    for source, target in drawing.lines:
        one, other = drawing.boxes[source], drawing.boxes[target]
        painter.drawPolyline(_way(one[0], one[1], other[0], other[1]))
    painter.setPen(Qt.PenStyle.NoPen)
    for x, y, key in drawing.boxes.values():
        painter.setBrush(colours[key])
        painter.drawRoundedRect(QRectF(QPointF(x - BOX.width() / 2, y - BOX.height() / 2), BOX), 14, 14)
    painter.restore()


def _way(x0: float, y0: float, x1: float, y1: float) -> list[QPointF]:
    """Straight on; back to the next row, around the boxes."""
    if x1 > x0 or y1 == y0:
        return [QPointF(x0, y0), QPointF(x1, y1)]
    out, middle = BOX.width() * 0.8, (y0 + y1) / 2
    corners = [(x0, y0), (x0 + out, y0), (x0 + out, middle), (x1 - out, middle), (x1 - out, y1), (x1, y1)]
    return [QPointF(x, y) for x, y in corners]
