"""Finds any action by a few letters of its name, in whichever language one remembers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cnn_studio.core import matching
from cnn_studio.gui import theme
from cnn_studio.i18n import _

SIZE = QSize(560, 400)


class Command(NamedTuple):
    """One action that can be done now.

    Attributes:
        text: its name, with its menu before it.
        names: by which it is found, in every language.
        keys: its shortcut.
        do: does it.
    """

    text: str
    names: Sequence[str]
    keys: str
    icon: QIcon
    do: Callable[[], object]


class CommandSearch(QDialog):
    """A field and the actions that fit what is typed, the best first."""

    def __init__(self, parent: QWidget, commands: Sequence[Command]) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("dialog.commands")
        self.setAccessibleName(_("Find an action"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._commands = commands
        self.field = QLineEdit()
        self.field.setObjectName("dialog.commands.field")
        self.field.setAccessibleName(_("Find an action"))
        self.field.setPlaceholderText(_("Find an action"))
        self.list = QListWidget()
        self.list.setObjectName("dialog.commands.list")
        self.list.setAccessibleName(_("Actions"))
        self.list.setUniformItemSizes(True)
        self.list.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = QLabel(_("No action has this name."))
        self._nothing.setMargin(theme.PADDING)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.GAP] * 4)
        layout.addWidget(self.field)
        layout.addWidget(self._nothing)
        layout.addWidget(self.list, 1)
        now = theme.current()
        self.setStyleSheet(f"CommandSearch {{ background: {now.panel.name()}; border: 1px solid {now.line.name()}; }}")
        self.resize(SIZE)
        corner = parent.mapToGlobal(parent.rect().topLeft())
        self.move(corner.x() + (parent.width() - SIZE.width()) // 2, corner.y() + 72)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self._do())
        self._search("")
        self.field.setFocus()

    def _search(self, text: str) -> None:
        self.list.clear()
        for index in matching.ranked(text, [command.names for command in self._commands]):
            command = self._commands[index]
            item = QListWidgetItem(command.icon, "")
            item.setData(Qt.ItemDataRole.UserRole, index)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, command.text)
            item.setSizeHint(QSize(0, 30))
            self.list.addItem(item)
            self.list.setItemWidget(item, _row(command))
        self.list.setCurrentRow(0)
        self._nothing.setVisible(self.list.count() == 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows walk the list while the letters go into the field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}.get(
                Qt.Key(event.key())
            )
            if step is not None:
                row = self.list.currentRow() + step
                self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do()
                return True
        return False

    def _do(self) -> None:
        if self.list.currentRow() < 0:
            return
        command = self._commands[self.list.currentItem().data(Qt.ItemDataRole.UserRole)]
        self.close()
        command.do()


def _row(command: Command) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(30, 0, theme.GAP, 0)
    layout.addWidget(QLabel(command.text), 1)
    keys = QLabel(command.keys)
    keys.setStyleSheet(f"color: {theme.current().secondary.name()}")
    layout.addWidget(keys)
    return row
