"""The curve of a learning rate range test: loss over the logarithm of the rate, with the rate that is suggested."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor, log10

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

HEIGHT = 110
ROOM = 6
"""Pixels around the curve."""
HEADROOM = 1.6
"""Losses beyond so many times the first one run out of the picture: what breaks down would flatten the rest."""


class RateCurve(QWidget):
    """Paints the curve; ``say`` writes a number in so many digits as people read it."""

    def __init__(self, say: Callable[[float, int], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._say = say
        self.rates: Sequence[float] = ()
        self.losses: Sequence[float] = ()
        self.suggested: float | None = None
        self._colors = {name: QColor(color) for name, color in _COLORS.items()}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def set_colors(self, **colors: QColor) -> None:
        """Colours of the theme: text, line, curve, mark."""
        self._colors.update(colors)
        self.update()

    def set_points(self, rates: Sequence[float], losses: Sequence[float], suggested: float | None = None) -> None:
        """Show these; ``suggested`` is marked."""
        self.rates, self.losses, self.suggested = rates, losses, suggested
        self.update()

    # -- where things are ----------------------------------------------------------------------------------------------

    def _field(self) -> QRectF:
        line = self.fontMetrics().height()
        return QRectF(ROOM, ROOM, max(1, self.width() - 2 * ROOM), max(1, self.height() - 2 * ROOM - line))

    def _span(self) -> tuple[float, float, float, float]:
        """Powers of ten at the left and right, losses at the bottom and top."""
        left, right = floor(log10(self.rates[0])), ceil(log10(max(self.rates[-1], self.rates[0] * 1000)))
        low, high = min(self.losses), min(max(self.losses), HEADROOM * self.losses[0])
        return left, right, low, high if high > low else low + 1

    def _place(self, rate: float, loss: float) -> QPointF:
        left, right, low, high = self._span()
        field = self._field()
        x = field.left() + field.width() * (log10(rate) - left) / (right - left)
        return QPointF(x, field.bottom() - field.height() * (min(loss, high) - low) / (high - low))

    # -- painting ------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lines at powers of ten, the curve, and a mark where the suggested rate is."""
        if len(self.rates) < 2:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_scale(painter)
            if self.suggested is not None:
                painter.setPen(QPen(self._colors["mark"], 1.5, Qt.PenStyle.DashLine))
                x = self._place(self.suggested, self.losses[0]).x()
                painter.drawLine(QPointF(x, self._field().top()), QPointF(x, self._field().bottom()))
            painter.setPen(QPen(self._colors["curve"], 2))
            painter.drawPolyline(QPolygonF([self._place(*one) for one in zip(self.rates, self.losses, strict=True)]))

    def _paint_scale(self, painter: QPainter) -> None:
        field, (left, right, low, _high) = self._field(), self._span()
        metrics = self.fontMetrics()
        end = -1.0
        painter.setPen(QPen(self._colors["line"], 1))
        painter.drawLine(field.bottomLeft(), field.bottomRight())
        for power in range(round(left), round(right) + 1):
            x = self._place(10.0**power, low).x()
            painter.setPen(QPen(self._colors["line"], 1))
            painter.drawLine(QPointF(x, field.top()), QPointF(x, field.bottom()))
            text = self._say(10.0**power, 1)
            width = metrics.horizontalAdvance(text)
            start = min(max(0.0, x - width / 2), self.width() - width)
            if start > end + ROOM:
                painter.setPen(self._colors["text"])
                painter.drawText(QPointF(start, self.height() - metrics.descent()), text)
                end = start + width

    def event(self, event: QEvent) -> bool:
        """The rate and the loss under the pointer."""
        if isinstance(event, QHelpEvent) and len(self.rates) > 1:
            x = event.pos().x()
            near = min(range(len(self.rates)), key=lambda one: abs(self._place(self.rates[one], 0).x() - x))
            text = f"{self._say(self.rates[near], 2)}: {self._say(self.losses[near], 3)}"
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)


_COLORS = {"text": "#666c7a", "line": "#d8dbe2", "curve": "#2f6fed", "mark": "#3c9a50"}
