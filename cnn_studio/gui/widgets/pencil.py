"""What draws the parts of which small pictures are made: cells, sheets, arrows, bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen, QPolygonF


class Inks(NamedTuple):
    """The colours of a picture: of the kind, of lines, of texts, and of the ground."""

    main: QColor
    line: QColor
    text: QColor
    ground: QColor


class Pencil:
    """Draws the parts of which pictures are made."""

    def __init__(self, painter: QPainter, inks: Inks) -> None:
        self.painter, self.inks = painter, inks

    def tint(self, share: float) -> QColor:
        """The kind's colour, thinned."""
        color = QColor(self.inks.main)
        color.setAlphaF(max(0.0, min(share, 1.0)))
        return color

    def grid(  # noqa: PLR0917 - places and sizes, as everywhere in painting
        self, x: float, y: float, rows: int, columns: int, size: float,
        shade: Callable[[int, int], float] | None = None, texts: Sequence[Sequence[str]] = (),
    ) -> None:  # fmt: skip
        """Cells with their top left corner at x, y; ``shade`` says how full of colour each is."""
        painter = self.painter
        for row in range(rows):
            for column in range(columns):
                painter.setPen(QPen(self.inks.line, 0.8))
                box = QRectF(x + column * size, y + row * size, size, size)
                painter.setBrush(self.tint(shade(row, column)) if shade else Qt.BrushStyle.NoBrush)
                painter.drawRect(box)
                if texts:
                    self.text(box, texts[row][column], size * 0.62)

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        """A thick frame in the kind's colour."""
        self.painter.setPen(QPen(self.inks.main, 2.0))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRect(QRectF(x, y, width, height))

    def sheet(self, x: float, y: float, width: float, height: float, share: float) -> None:
        """A map seen as a whole."""
        self.painter.setPen(QPen(self.inks.line, 0.9))
        self.painter.setBrush(self.inks.ground)
        self.painter.drawRect(QRectF(x, y, width, height))
        self.painter.setBrush(self.tint(share))
        self.painter.drawRect(QRectF(x, y, width, height))

    def line(self, *points: tuple[float, float], width: float = 0.9, color: QColor | None = None) -> None:
        """A line through points."""
        self.painter.setPen(QPen(color or self.inks.line, width))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawPolyline(QPolygonF([QPointF(*point) for point in points]))

    def arrow(self, x: float, y: float, length: float = 18.0) -> None:
        """An arrow to the right."""
        self.line((x, y), (x + length, y), width=1.3, color=self.inks.text)
        self.line(
            (x + length - 4, y - 3.5), (x + length, y), (x + length - 4, y + 3.5), width=1.3, color=self.inks.text
        )

    def text(self, box: QRectF, text: str, size: float, color: QColor | None = None) -> None:
        """A text in the middle of a box."""
        font = QFont(self.painter.font())
        font.setPixelSize(max(int(size), 6))
        self.painter.setFont(font)
        self.painter.setPen(color or self.inks.text)
        self.painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def dot(self, x: float, y: float, radius: float, color: QColor | None = None) -> None:
        """A filled circle."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QBrush(color or self.inks.main))
        self.painter.drawEllipse(QPointF(x, y), radius, radius)

    def cross(self, x: float, y: float, size: float) -> None:
        """A cross over what is left out."""
        self.line((x - size, y - size), (x + size, y + size), width=1.5, color=self.inks.text)
        self.line((x - size, y + size), (x + size, y - size), width=1.5, color=self.inks.text)

    def bars(self, x: float, heights: Sequence[float], base: float = 68.0, width: float = 7.0) -> None:
        """Bars that stand on a line."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.inks.main)
        for index, height in enumerate(heights):
            self.painter.drawRect(QRectF(x + index * (width + 3), base - height, width, height))
        self.line((x - 3, base), (x + len(heights) * (width + 3), base))


Draw = Callable[[Pencil], None]
