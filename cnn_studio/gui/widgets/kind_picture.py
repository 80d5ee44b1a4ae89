"""Shows the small picture of a kind of layer, or a network as dots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnn_studio.gui.widgets.pencil import Draw, Inks, Pencil
from cnn_studio.gui.widgets.pictures import FIELD, PICTURES


class Dot(NamedTuple):
    """A layer in the picture of a network."""

    x: float
    y: float
    color: QColor


class KindPicture(QWidget):
    """Shows the picture of a kind, or a network of dots."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._draw: Draw | None = None
        self._inks = Inks(*[QColor("#888888")] * 4)
        self._dots: Sequence[Dot] = ()
        self._edges: Sequence[tuple[int, int]] = ()

    def show_kind(self, kind: str, inks: Inks) -> None:
        """The picture of a kind of layer; nothing for kinds without one."""
        self._draw, self._inks, self._dots, self._edges = PICTURES.get(kind), inks, (), ()
        self.update()

    def show_network(self, dots: Sequence[Dot], edges: Sequence[tuple[int, int]], inks: Inks) -> None:
        """Dots where the layers are, and lines between those of which the places in ``dots`` are given."""
        self._draw, self._inks, self._dots, self._edges = None, inks, dots, edges
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 84)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._draw is not None:
                scale = min(self.width() / FIELD[0], self.height() / FIELD[1])
                painter.translate((self.width() - FIELD[0] * scale) / 2, (self.height() - FIELD[1] * scale) / 2)
                painter.scale(scale, scale)
                self._draw(Pencil(painter, self._inks))
            elif self._dots:
                self._network(painter)

    def _network(self, painter: QPainter) -> None:
        xs, ys = [dot.x for dot in self._dots], [dot.y for dot in self._dots]
        spans = max(max(xs) - min(xs), 1.0), max(max(ys) - min(ys), 1.0)
        scale = min((self.width() - 20) / spans[0], (self.height() - 20) / spans[1], 0.16)
        middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
        places = [
            QPointF(self.width() / 2 + (dot.x - middle[0]) * scale, self.height() / 2 + (dot.y - middle[1]) * scale)
            for dot in self._dots
        ]
        painter.setPen(QPen(self._inks.line, 1.2))
        for source, target in self._edges:
            painter.drawLine(places[source], places[target])
        painter.setPen(Qt.PenStyle.NoPen)
        radius = max(1.6, min(6.0, 60 * scale))
        for dot, place in zip(self._dots, places, strict=True):
            painter.setBrush(dot.color)
            painter.drawRoundedRect(QRectF(place.x() - radius, place.y() - radius, 2 * radius, 2 * radius), 2, 2)
