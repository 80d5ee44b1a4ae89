"""The actions of one window as Qt has them, made from the table, and the menus in which they stand."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from cnn_studio.gui import icons
from cnn_studio.gui.actions import ACTIONS, MENUS, TABLE, Action, Submenu
from cnn_studio.gui.windows import Filler
from cnn_studio.i18n import _, in_language, language, languages

if TYPE_CHECKING:
    from cnn_studio.gui.dialogs.commands import Command
    from cnn_studio.gui.main_window import MainWindow


def keys_text(action: Action) -> str:
    """The first shortcut as this system writes it, or ""."""
    return _native(action.keys[0], language()) if action.keys else ""


@cache
def _native(keys: str, _language: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


class ActionSet:
    """The actions of one window by id. Those that need the canvas come when it is there."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.made: dict[str, QAction] = {}
        self._told: dict[str, tuple[str, str]] = {}
        for action in ACTIONS.values():
            if not action.needs:
                self._make(action)
        self.refresh()

    def __getitem__(self, action_id: str) -> QAction:
        return self.made[action_id]

    def _make(self, action: Action) -> None:
        made = QAction(self._window)
        made.setObjectName(action.id)
        if action.icon:
            made.setIcon(icons.icon(action.icon))
        made.setShortcuts([QKeySequence(keys) for keys in action.keys])
        made.setCheckable(action.checked is not None)
        made.triggered.connect(lambda _checked=False: self.trigger(action.id))
        self.made[action.id] = made
        if not action.on_canvas:
            self._window.addAction(made)

    def canvas_came(self, canvas: QWidget) -> None:
        """Make the actions that it offers; shortcuts of some actions belong to it alone."""
        for action in ACTIONS.values():
            if action.needs and hasattr(canvas, action.needs):
                self._make(action)
            if action.on_canvas:
                self.made[action.id].setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                canvas.addAction(self.made[action.id])
        self.refresh()

    def trigger(self, action_id: str) -> None:
        """Do it, when it can be done now."""
        action = ACTIONS[action_id]
        if action.menu.partition("/")[0] != "view":
            self._window.workspace.document.commit()  # a number that is being typed counts
        if action.enabled(self._window):
            action.run(self._window)
        self.refresh()

    def refresh(self) -> None:
        """What can be done now, what is switched on, and what it is called, in the language of the moment."""
        for action_id, made in self.made.items():
            action = ACTIONS[action_id]
            made.setEnabled(action.enabled(self._window))
            if action.checked is not None:
                made.setChecked(action.checked(self._window))
            told = language(), self._name(action)
            if self._told.get(action_id) != told:  # as with nearly every keystroke nothing has another name
                self._told[action_id] = told
                self._tell(action, made, told[1])

    @staticmethod
    def _tell(action: Action, made: QAction, name: str) -> None:
        made.setText(name.replace("&", "&&"))
        made.setIconText(_(action.text))
        made.setStatusTip(_(action.help))
        keys = keys_text(action)
        made.setToolTip(f"{name}  ({keys})" if keys else name)
        made.setWhatsThis(_(action.help))

    def commands(self) -> list[Command]:
        """What can be done now, for the search: found by its names in every language."""
        from cnn_studio.gui.dialogs.commands import Command

        found = []
        for action_id, made in self.made.items():
            action = ACTIONS[action_id]
            if action_id != "help.commands" and made.isEnabled():
                names = [action.text, *(in_language(code, action.text) for code in languages())]
                icon = made.icon() if action.icon else icons.icon("command")
                do = partial(self.trigger, action_id)
                found.append(Command(_(action.text), names, keys_text(action), icon, do))
        return found

    def shortcuts(self) -> dict[str, list[tuple[str, str]]]:
        """Keys and what they do, by the name of the menu."""
        return {
            _(title).replace("&", ""): [
                (keys_text(action), _(action.text))
                for action in ACTIONS.values()
                if action.keys and action.menu.partition("/")[0] == menu and action.id in self.made
            ]
            for menu, title in MENUS.items()
        }

    def _name(self, action: Action) -> str:
        if action.name is not None:
            return str(action.name(self._window))
        return _(action.short or action.text)


class Menus:
    """The menus of one window."""

    def __init__(self, bar: QMenuBar, actions: ActionSet, fillers: dict[str, Filler]) -> None:
        self._bar, self._actions, self._fillers = bar, actions, fillers
        self._menus: dict[str, QMenu] = {}

    def build(self) -> None:
        """Fill all menus anew from the table, with the actions that there are."""
        for name in MENUS:
            if name in self._menus:
                self._menus[name].clear()
            else:
                self._menus[name] = self._bar.addMenu("")
                self._menus[name].setObjectName(f"menu.{name}")
        for entry in TABLE:
            menu = self._menus[entry.menu]
            if isinstance(entry, Submenu):
                self._add_submenu(menu, entry)
            elif entry.id in self._actions.made:
                if entry.rule:
                    menu.addSeparator()
                menu.addAction(self._actions[entry.id])
        self.retranslate()

    def _add_submenu(self, menu: QMenu, entry: Submenu) -> None:
        if entry.rule:
            menu.addSeparator()
        inner = QMenu(menu)
        inner.setObjectName(f"menu.{entry.id}")
        inner.setToolTipsVisible(True)
        if entry.icon:
            inner.setIcon(icons.icon(entry.icon))
        if entry.filled:
            fill = self._fillers[entry.id]
            inner.aboutToShow.connect(inner.clear)
            inner.aboutToShow.connect(lambda: fill(inner))
        menu.addMenu(inner)
        self._menus[entry.id] = inner

    def __getitem__(self, name: str) -> QMenu:
        return self._menus[name]

    def retranslate(self) -> None:
        """Names of the moment."""
        for name, text in MENUS.items():
            self._menus[name].setTitle(_(text))
        for entry in TABLE:
            if isinstance(entry, Submenu):
                self._menus[entry.id].setTitle(_(entry.text))
