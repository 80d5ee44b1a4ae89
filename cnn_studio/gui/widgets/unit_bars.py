"""The numbers of a vector as bars from a line at zero: the units of a dense layer, the answer of a network."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

EDGE, NAMES = 4, 16
"""Pixels around the bars, and of the line of names."""
WIDEST = 28.0
"""Pixels of a bar at most."""


class UnitBars(QWidget):
    """The bars.

    Signals:
        current_changed(int): another unit was chosen by mouse or cursor keys; -1 for none.
        hovered(int): the unit under the pointer; -1 for none.
    """

    current_changed = Signal(int)
    hovered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: Sequence[float] = ()
        self._names: Sequence[str] = ()
        self.current = -1
        self._under = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Room for some bars."""
        return QSize(200, 120)

    def minimumSizeHint(self) -> QSize:
        """Enough to tell high from low."""
        return QSize(80, 60)

    def set_values(self, values: Sequence[float], names: Sequence[str] = ()) -> None:
        """Show these; ``names`` stand below where there is room."""
        self._values, self._names = values, names
        self.current = min(self.current, len(values) - 1)
        self.update()

    def set_current(self, index: int) -> None:
        """Mark a unit; -1 for none."""
        index = min(max(index, -1), len(self._values) - 1)
        if index != self.current:
            self.current = index
            self.update()
            self.current_changed.emit(index)

    def _wide(self) -> float:
        return min(WIDEST, (self.width() - 2 * EDGE) / max(1, len(self._values)))

    def _at(self, x: float) -> int:
        index = int((x - EDGE) // self._wide())
        return index if 0 <= index < len(self._values) else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars up and down, the line at zero, names where they fit."""
        if not self._values:
            return
        with QPainter(self) as painter:
            wide, colors = self._wide(), self.palette()
            measure = QFontMetrics(self.font())
            named = bool(self._names) and max(measure.horizontalAdvance(name) for name in self._names) <= wide - 2
            bottom = self.height() - EDGE - (NAMES if named else 0)
            finite = [value for value in self._values if abs(value) < float("inf")]
            high, low = max(0.0, max(finite, default=0.0)), min(0.0, min(finite, default=0.0))
            scale = (bottom - EDGE) / ((high - low) or 1.0)
            zero = EDGE + high * scale
            painter.setPen(Qt.PenStyle.NoPen)
            gap = 1.0 if wide >= 3 else 0.0
            for index, value in enumerate(self._values):
                if abs(value) < float("inf"):
                    color = colors.highlight().color()
                    if value < 0:
                        color = colors.placeholderText().color()
                    painter.setBrush(color.lighter(130) if index in (self.current, self._under) else color)
                    x, top = EDGE + index * wide, zero - max(value, 0.0) * scale
                    painter.drawRect(QRectF(x, top, max(wide - gap, 0.8), abs(value) * scale))
            painter.setPen(QPen(colors.mid().color(), 1))
            painter.drawLine(QLineF(EDGE, zero, EDGE + wide * len(self._values), zero))
            painter.setPen(colors.placeholderText().color())
            for index, name in enumerate(self._names if named else ()):
                area = QRect(round(EDGE + index * wide), bottom, round(wide), NAMES)
                painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), name)
            if self.current >= 0:
                painter.setPen(QPen(colors.highlight().color(), 2))
                x = EDGE + (self.current + 0.5) * wide
                painter.drawLine(QPointF(x - max(wide / 2, 2), bottom + 2), QPointF(x + max(wide / 2, 2), bottom + 2))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which unit is under the pointer."""
        self._hover(self._at(event.position().x()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a unit."""
        self.set_current(self._at(event.position().x()))

    def leaveEvent(self, event: object) -> None:
        """Nothing is under the pointer."""
        self._hover(-1)

    def _hover(self, index: int) -> None:
        if index != self._under:
            self._under = index
            self.update()
            self.hovered.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from unit to unit."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -len(self._values), Qt.Key.Key_End: len(self._values)}  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._values:
            super().keyPressEvent(event)
        else:
            self.set_current(min(max(self.current + step, 0), len(self._values) - 1))
