"""How numbers are spread: bars whose heights grow with the logarithm of the counts, so that rare values are seen as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log1p

from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

HEIGHT = 52


class Histogram(QWidget):
    """Bars from the least value to the greatest; zero has a line.

    ``say`` makes the words for one bar: where it begins, where it ends, its count and the count of all.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heights: Sequence[int] = ()
        self._edges: Sequence[float] = ()
        self.say: Callable[[float, float, int, int], str] = lambda _low, _high, count, _all: str(count)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Low: it stands below pictures."""
        return QSize(120, HEIGHT)

    def set_counts(self, heights: Sequence[int], edges: Sequence[float]) -> None:
        """Counts, and where the parts begin and end (one more)."""
        self._heights, self._edges = heights, edges
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bars, their ground, and zero."""
        with QPainter(self) as painter:
            bottom = self.height() - 1
            painter.setPen(QPen(self.palette().mid().color(), 1))
            painter.drawLine(0, bottom, self.width(), bottom)
            if not self._heights or not max(self._heights):
                return
            most, wide = log1p(max(self._heights)), self.width() / len(self._heights)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().highlight())
            for place, count in enumerate(self._heights):
                if count:
                    high = max(1.0, (bottom - 4) * log1p(count) / most)
                    painter.drawRect(QRectF(place * wide, bottom - high, max(1.0, wide - 1), high))
            low, high = self._edges[0], self._edges[-1]
            if low < 0 < high:
                x = self.width() * -low / (high - low)
                painter.setPen(QPen(self.palette().text().color(), 1, Qt.PenStyle.DotLine))
                painter.drawLine(QLineF(x, 0, x, bottom))

    def event(self, event: QEvent) -> bool:
        """What the bar under the pointer stands for."""
        if isinstance(event, QHelpEvent) and self._heights:
            place = min(int(event.pos().x() * len(self._heights) / max(1, self.width())), len(self._heights) - 1)
            words = self.say(self._edges[place], self._edges[place + 1], self._heights[place], sum(self._heights))
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)
