"""A table of counts: rows the truths, columns the answers; walked with cursor keys, a cell is picked with Enter or a click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

HEAD = 18
"""Pixels of the names above; those at the left take what they need, up to MOST_NAME."""
MOST_NAME = 96
SMALLEST_TEXT = 15
"""Pixels of a cell from which its number is written."""
SMALLEST_FONT = 8
WIDEST = 56
FLOOR = 0.12
"""How strong the colour of a cell with a single sample is, of 1."""
STEPS = {
    Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
}  # fmt: skip


class ConfusionGrid(QWidget):
    """The table.

    Args:
        say: words for a cell, by its row and column: what a tooltip and a screen reader tell.

    Signals:
        picked(int, int): row and column of a cell.
    """

    picked = Signal(int, int)

    def __init__(self, say: Callable[[int, int], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._say = say
        self._counts: list[list[int]] = []
        self._sums: list[int] = []
        self._names: Sequence[str] = ()
        self._width: int | None = None  # of the names, once it is known
        self.shares = False
        self.current = -1, -1
        self.marked = -1, -1
        self._colors = {name: QColor("grey") for name in ("right", "wrong", "text", "secondary", "line", "focus")}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def set_counts(self, counts: Array, names: Sequence[str]) -> None:
        """Counts (n, n) and the names of the n classes."""
        self._counts = [[int(count) for count in row] for row in counts]
        self._sums = [sum(row) for row in self._counts]
        self._names, self._width = tuple(names), None
        if max(self.current) >= len(names):
            self.current = -1, -1
        self.update()
        self.updateGeometry()

    def set_shares(self, shares: bool) -> None:
        """Write per cent of each row, or counts."""
        self.shares = shares
        self.update()

    def set_marked(self, row: int, column: int) -> None:
        """Frame the cell that is looked at; -1 for a whole row or column, both for none."""
        self.marked = row, column
        self.update()

    def set_colors(self, **colors: QColor) -> None:
        """Colours of the "right" and "wrong" cells, the "text", the "secondary" text, the "line" and the "focus"."""
        self._colors.update(colors)
        self.update()

    def count(self, row: int, column: int) -> int:
        """Samples of a cell."""
        return self._counts[row][column]

    def share(self, row: int, column: int) -> float:
        """Share of the samples of the row."""
        return self._counts[row][column] / max(1, self._sums[row])

    # -- where -----------------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """Another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._width = None

    def _left(self) -> int:
        if self._width is None:
            widest = max((self.fontMetrics().horizontalAdvance(name) for name in self._names), default=0)
            self._width = min(widest, MOST_NAME) + 8
        return self._width

    def _side(self) -> tuple[float, float]:
        """Width and height of a cell."""
        n = max(1, len(self._names))
        room = self.width() - self._left() - 1, self.height() - HEAD - 1
        return min(room[0] / n, WIDEST), min(room[1] / n, WIDEST)

    def cell(self, row: int, column: int) -> QRectF:
        """Where a cell is."""
        across, down = self._side()
        return QRectF(self._left() + column * across, HEAD + row * down, across, down)

    def at(self, point: QPoint) -> tuple[int, int]:
        """Row and column under a point; -1, -1 outside."""
        across, down = self._side()
        column, row = int((point.x() - self._left()) // across), int((point.y() - HEAD) // down)
        n = len(self._names)
        return (row, column) if 0 <= row < n and 0 <= column < n else (-1, -1)

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            n = len(self._names)
            across, down = self._side()
            writes = across >= SMALLEST_TEXT and down >= SMALLEST_TEXT - 4
            wrong = max((self._counts[r][c] for r in range(n) for c in range(n) if r != c), default=0)
            painter.setFont(self._font_for(down))
            for row in range(n):
                self._paint_name(painter, row, down)
                for column in range(n):
                    self._paint_cell(painter, row, column, wrong, writes)
            painter.setFont(self.font())
            painter.setPen(self._colors["secondary"])
            for column, name in enumerate(self._names):
                if across >= SMALLEST_TEXT:
                    place = QRectF(self._left() + column * across, 0, across, HEAD - 2)
                    short = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(across) - 2)
                    painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, short)
            self._paint_frames(painter)

    def _font_for(self, down: float) -> QFont:
        """The font of the rows: smaller where they are lower than its letters."""
        font = QFont(self.font())
        if self.fontMetrics().height() > down:
            font.setPixelSize(max(SMALLEST_FONT, int(down) - 2))
        return font

    def _paint_name(self, painter: QPainter, row: int, down: float) -> None:
        if down < SMALLEST_TEXT - 4:
            return
        painter.setPen(self._colors["secondary"])
        place = QRect(0, round(HEAD + row * down), self._left() - 6, round(down))
        short = self.fontMetrics().elidedText(self._names[row], Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, short)

    def _paint_cell(self, painter: QPainter, row: int, column: int, wrong: int, writes: bool) -> None:
        count, place = self._counts[row][column], self.cell(row, column)
        if count:
            right = row == column
            strength = self.share(row, column) if right else count / max(1, wrong)
            color = QColor(self._colors["right" if right else "wrong"])
            color.setAlphaF(FLOOR + (0.55 - FLOOR) * strength)
            painter.fillRect(place.adjusted(0.5, 0.5, -0.5, -0.5), color)
        painter.setPen(self._colors["line"])
        painter.drawRect(place)
        if writes and (count or row == column):
            painter.setPen(self._colors["text"] if count else self._colors["secondary"])
            text = f"{100 * self.share(row, column):.0f}" if self.shares else str(count)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_frames(self, painter: QPainter) -> None:
        n = len(self._names)
        row, column = self.marked
        if n and (row >= 0 or column >= 0):
            first, last = (
                self.cell(max(row, 0), max(column, 0)),
                self.cell(row if row >= 0 else n - 1, column if column >= 0 else n - 1),
            )
            painter.setPen(self._colors["focus"])
            painter.drawRect(first.united(last).adjusted(1, 1, -1, -1))
        if self.hasFocus() and min(self.current) >= 0:
            painter.setPen(self._colors["focus"])
            for inset in (0.0, 1.0):
                painter.drawRect(self.cell(*self.current).adjusted(inset, inset, -inset, -inset))

    # -- hands -------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row, column = self.at(event.position().toPoint())
        if row >= 0:
            self._go(row, column)
            self.picked.emit(row, column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(Qt.Key(event.key()))
        n = len(self._names)
        if step is not None and n:
            row, column = self.current if min(self.current) >= 0 else (-step[0], -step[1])
            self._go(min(max(row + step[0], 0), n - 1), min(max(column + step[1], 0), n - 1))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and min(self.current) >= 0:
            self.picked.emit(*self.current)
        else:
            super().keyPressEvent(event)

    def _go(self, row: int, column: int) -> None:
        self.current = row, column
        self.setAccessibleDescription(self._say(row, column))
        self.update()

    def event(self, event: QEvent) -> bool:
        """A tooltip for each cell."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row, column = self.at(event.pos())
            QToolTip.showText(event.globalPos(), self._say(row, column) if row >= 0 else "", self)
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        """Cells in which a number can be read."""
        n = max(1, len(self._names))
        return QSize(self._left() + n * 30, HEAD + n * 20)

    def minimumSizeHint(self) -> QSize:
        """Cells that can be told apart."""
        return QSize(140, 100)
