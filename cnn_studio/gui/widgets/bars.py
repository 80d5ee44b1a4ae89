"""Bars with names and shares, one below the other; a second row of thinner ones to compare with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

ROW = 20
"""Pixels of a row."""
BAR = 12
"""Pixels of a bar's height."""
GAP = 8
"""Pixels between name, bar and number."""
MOST_NAME = 0.4
"""Share of the width that names may take."""


def shares(value: float) -> str:
    """A share in percent, as numbers are written without a language."""
    return f"{100 * value:.1f} %"


class Bars(QWidget):
    """Horizontal bars for shares between 0 and 1.

    Signals:
        current_changed(int): another row was chosen with the mouse or the cursor keys.
    """

    current_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None, say: Callable[[float], str] = shares) -> None:
        super().__init__(parent)
        self.names: Sequence[str] = ()
        self.values: Sequence[float] = ()
        self.others: Sequence[float] = ()
        self.texts: Sequence[str] = ()
        self.best = -1
        self.current = -1
        self._widest = 0.0
        self._say = say
        self._colors = {name: QColor(c) for name, c in _COLORS.items()}
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_colors(self, **colors: QColor) -> None:
        """Colours of the theme: text, secondary, bar, best, other, track, accent."""
        self._colors.update(colors)
        self.update()

    def set_bars(
        self, names: Sequence[str], values: Sequence[float], best: int = -1, texts: Sequence[str] = ()
    ) -> None:
        """Show these; ``best`` is the row that stands out, ``texts`` what is said in place of the shares."""
        self.texts = texts
        if tuple(names) != tuple(self.names):
            self.names = tuple(names)
            self.current = min(self.current, len(self.names) - 1)
            self.updateGeometry()
        self.values, self.best = values, best
        self.update()

    def set_others(self, values: Sequence[float]) -> None:
        """Thinner bars below them to compare with, or none."""
        self.others = values
        self.update()

    def row_text(self, row: int) -> str:
        """A row in words."""
        text = f"{self.names[row]}: {self._number(row)}"
        return f"{text} ({self._say(self._value(self.others, row))})" if len(self.others) else text

    def _number(self, row: int) -> str:
        return self.texts[row] if row < len(self.texts) else self._say(self._value(self.values, row))

    # -- painting ------------------------------------------------------------------------------------------------------

    @staticmethod
    def _value(values: Sequence[float], row: int) -> float:
        value = float(values[row]) if row < len(values) else 0.0
        return value if 0 <= value <= 1 else 0.0

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names, bars and numbers of the rows in sight."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            strong = QFont(self.font())
            strong.setWeight(QFont.Weight.DemiBold)
            metrics = QFontMetricsF(strong)
            self._widest = max((metrics.horizontalAdvance(name) for name in self.names), default=0.0)
            first, last = event.rect().top() // ROW, event.rect().bottom() // ROW
            for row in range(max(0, first), min(len(self.names), last + 1)):
                painter.setFont(strong if row == self.best else self.font())
                self._paint_row(painter, row, metrics)

    def _paint_row(self, painter: QPainter, row: int, metrics: QFontMetricsF) -> None:
        number = max(metrics.horizontalAdvance(text) for text in self.texts or (self._say(1.0),))
        name = min(self._widest, self.width() * MOST_NAME)
        colors, top = self._colors, row * ROW
        best = row == self.best
        painter.setPen(colors["text"] if best else colors["secondary"])
        right, left = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignVCenter
        text = metrics.elidedText(self.names[row], Qt.TextElideMode.ElideRight, name)
        painter.drawText(QRectF(0, top, name, ROW), left, text)
        value = self._value(self.values, row)
        painter.drawText(QRectF(self.width() - number, top, number, ROW), right, self._number(row))
        track = QRectF(name + GAP, top + (ROW - BAR) / 2, max(1.0, self.width() - name - number - 2 * GAP), BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors["track"])
        painter.drawRoundedRect(track, 3, 3)
        height = BAR - 4 if len(self.others) else BAR
        painter.setBrush(colors["best"] if best else colors["bar"])
        painter.drawRoundedRect(QRectF(track.left(), track.top(), track.width() * value, height), 3, 3)
        if len(self.others):
            share = self._value(self.others, row)
            painter.setBrush(colors["other"])
            painter.drawRoundedRect(QRectF(track.left(), track.top() + height, track.width() * share, 4), 2, 2)
        if row == self.current and self.hasFocus():
            painter.setPen(colors["accent"])
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(0.5, top + 0.5, self.width() - 1, ROW - 1), 4, 4)

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _choose(self, row: int) -> None:
        row = max(0, min(row, len(self.names) - 1))
        if self.names and row != self.current:
            self.current = row
            self.current_changed.emit(row)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cursor keys walk through the rows."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._choose(self.current + step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a row."""
        self._choose(int(event.position().y()) // ROW)

    def event(self, event: QEvent) -> bool:
        """The row under the pointer in words."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = QPoint(event.pos()).y() // ROW
            if row < len(self.names):
                QToolTip.showText(event.globalPos(), self.row_text(row), self)
                return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        """As high as its rows are."""
        return QSize(220, ROW * max(1, len(self.names)))

    def minimumSizeHint(self) -> QSize:
        """The same height, narrow."""
        return QSize(120, self.sizeHint().height())


_COLORS = {
    "text": "#1d1e22", "secondary": "#5b5d66", "bar": "#a8c4f5", "best": "#2f6fe4", "other": "#e8940c",
    "track": "#eceef3", "accent": "#2f6fe4",
}  # fmt: skip
