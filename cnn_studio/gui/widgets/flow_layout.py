"""A layout that sets widgets in lines like words, and begins a new line where the width ends."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Widgets in lines, each at the size it asks for (at most the whole width), in the middle of its line.

    With ``even`` all are as wide as the first, and a little wider where that fills the lines.
    """

    def __init__(self, parent: QWidget | None = None, gap: int = 8, *, even: bool = False) -> None:
        super().__init__(parent)
        self._even = even
        self.setContentsMargins(QMargins())
        self._gap = gap
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._set(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._set(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _set(self, rect: QRect, *, move: bool) -> int:
        x, y, height = rect.x(), rect.y(), 0
        line: list[tuple[QLayoutItem, QRect]] = []
        for item in self._items:
            widget = item.widget()
            if widget is not None and widget.isHidden():
                continue
            size = item.sizeHint().boundedTo(QSize(max(rect.width(), 1), 10_000))
            if self._even:
                columns = max((rect.width() + self._gap) // (size.width() + self._gap), 1)
                size.setWidth((rect.width() + self._gap) // columns - self._gap)
            if x > rect.x() and x + size.width() > rect.right() + 1:
                if move:
                    _place(line, height)
                x, y, height, line = rect.x(), y + height + self._gap, 0, []
            line.append((item, QRect(QPoint(x, y), size)))
            x += size.width() + self._gap
            height = max(height, size.height())
        if move:
            _place(line, height)
        return y + height - rect.y()


def _place(line: list[tuple[QLayoutItem, QRect]], height: int) -> None:
    """Set the widgets of a line of this height."""
    for item, place in line:
        item.setGeometry(place.translated(0, (height - place.height()) // 2))
