"""Small editors that stand on the canvas itself: a name, a note, the search for what to add."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QPlainTextEdit, QVBoxLayout, QWidget

from cnn_studio.gui import icons, theme
from cnn_studio.gui.catalogue import STARTER, found
from cnn_studio.i18n import _

Done = Callable[[str], object]
SHOWN = 9
"""Rows of the search that are seen at once."""


class NameEditor(QLineEdit):
    """A name in its place; Enter or going elsewhere keeps it, Escape does not."""

    def __init__(self, canvas: QWidget, text: str, done: Done) -> None:
        super().__init__(text, canvas)
        self._canvas = canvas
        self.setObjectName("canvas.name")
        self.setAccessibleName(_("Name"))
        self._done: Done | None = done
        self.returnPressed.connect(self._keep)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the name as it was. No key that is pressed here means anything to the canvas behind."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Going elsewhere keeps the name."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._keep()

    def _keep(self) -> None:
        done, text = self._done, self.text()
        self._close()
        if done is not None:
            done(text)

    def _close(self) -> None:
        if self._done is not None:
            self._done = None
            self.hide()
            self.deleteLater()
            self._canvas.setFocus()


class NoteEditor(QPlainTextEdit):
    """A note of several lines; going elsewhere keeps it, Escape does not."""

    def __init__(self, canvas: QWidget, text: str, done: Done) -> None:
        super().__init__(text, canvas)
        self._canvas = canvas
        self.setObjectName("canvas.note")
        self.setAccessibleName(_("Note"))
        self.setPlaceholderText(_("A note for yourself or your class"))
        self.setTabChangesFocus(True)
        self._done: Done | None = done

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the note as it was, Ctrl and Enter keep it. No key means anything to the canvas behind."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        elif event.key() == Qt.Key.Key_Return and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._keep()
        else:
            super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Going elsewhere keeps the note."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._keep()

    def _keep(self) -> None:
        done, text = self._done, self.toPlainText()
        self._close()
        if done is not None:
            done(text)

    def _close(self) -> None:
        if self._done is not None:
            self._done = None
            self.hide()
            self.deleteLater()
            self._canvas.setFocus()


class Search(QFrame):
    """Type a few letters of a layer or block, in any language; Enter adds it.

    Signals:
        chosen(str): key of the entry to add.
        closed: it is there no longer.
    """

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setObjectName("canvas.search")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        now = theme.current()
        self.setStyleSheet(
            f"Search {{ background: {now.panel.name()}; border: 1px solid {now.accent.name()}; border-radius: 8px; }}"
        )
        self.field = QLineEdit()
        self.field.setObjectName("canvas.search.field")
        self.field.setPlaceholderText(_("Add a layer or block"))
        self.field.setAccessibleName(_("Add a layer or block"))
        self.list = QListWidget()
        self.list.setObjectName("canvas.search.list")
        self.list.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        self.list.setAccessibleName(_("Layers and blocks"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._take)
        self._open = True
        self.resize(320, 340)
        self._fill("")

    def _fill(self, text: str) -> None:
        self.list.clear()
        for entry in found(text):
            if not entry.key.startswith(STARTER):
                item = QListWidgetItem(icons.icon(entry.icon, entry.family), _(entry.label))
                item.setData(Qt.ItemDataRole.UserRole, entry.key)
                item.setToolTip(_(entry.help))
                self.list.addItem(item)
        self.list.setCurrentRow(0)
        rows = min(self.list.count(), SHOWN)
        self.list.setFixedHeight(max(self.list.sizeHintForRow(0), 0) * rows + 2 * self.list.frameWidth())
        self.list.setVisible(rows > 0)
        self.adjustSize()
        self.resize(320, self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while the field has the focus; Enter takes, Escape closes."""
        if event.type() == QEvent.Type.FocusOut and self._open:
            self.close_search(refocus=False)
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        key = event.key()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: SHOWN, Qt.Key.Key_PageUp: -SHOWN}
        if key in steps:
            row = self.list.currentRow() + steps[Qt.Key(key)]
            self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.list.currentItem() is not None:
                self._take(self.list.currentItem())
        elif key == Qt.Key.Key_Escape:
            self.close_search()
        else:
            return super().eventFilter(watched, event)
        return True

    def _take(self, item: QListWidgetItem) -> None:
        key = item.data(Qt.ItemDataRole.UserRole)
        self.close_search()
        self.chosen.emit(key)

    def close_search(self, *, refocus: bool = True) -> None:
        """Go away."""
        if self._open:
            self._open = False
            self.hide()
            self.deleteLater()
            self.closed.emit()
            if refocus:
                self._canvas.setFocus()
