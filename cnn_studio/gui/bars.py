"""The toolbar, the rail of workspaces and the status line of a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolBar,
    QToolButton,
    QWidget,
)

from cnn_studio.gui import icons, theme
from cnn_studio.gui.docks import WORKSPACES
from cnn_studio.gui.run_bar import RunBar
from cnn_studio.i18n import _, count_short, integer, ngettext

if TYPE_CHECKING:
    from cnn_studio.gui.main_window import MainWindow

RAIL_WIDTH = 76
PAUSE = 60
"""Milliseconds between an edit and what the status line says of it."""


class ToolBar(QToolBar):
    """Undo, redo, the name of the network with its mark, and the search for actions."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for action_id in ("edit.undo", "edit.redo"):
            self.addAction(window.actions_[action_id])
            button = self.widgetForAction(window.actions_[action_id])
            button.setObjectName(f"toolbar.{action_id}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.name = QPushButton()
        self.name.setFlat(True)
        self.name.setObjectName("toolbar.name")
        self.name.setMaximumWidth(360)
        self.name.clicked.connect(window.actions_["edit.rename_project"].trigger)
        self.mark = QLabel()
        self.mark.setObjectName("toolbar.mark")
        self.search = QPushButton()
        self.search.setFlat(True)
        self.search.setObjectName("toolbar.find")
        self.search.setIcon(icons.icon("search"))
        self.search.clicked.connect(window.actions_["help.commands"].trigger)
        self.run = RunBar(window)
        for part in (self.name, self.mark, self.run, self.search):
            self.addWidget(part)
        window.addToolBar(Qt.ToolBarArea.TopToolBarArea, self)

    def refresh(self) -> None:
        """The name and the mark of the moment."""
        name = self._window.filing.title
        shown = self.name.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, 330)
        self.name.setText(shown.replace("&", "&&"))
        self.name.setAccessibleName(_("Name of the network: {name}").format(name=name))
        modified = self._window.workspace.document.is_modified
        self.mark.setText("● " + _("not saved") if modified else "")
        for action_id in ("edit.undo", "edit.redo"):
            button = self.widgetForAction(self._window.actions_[action_id])
            button.setAccessibleName(self._window.actions_[action_id].text())

    def retranslate(self) -> None:
        """Texts and colours of the moment."""
        self.setWindowTitle(_("Toolbar"))
        self.name.setFont(theme.title_font())
        self.name.setToolTip(_("Give the whole network another name."))
        self.mark.setStyleSheet(f"color: {theme.current().secondary.name()}")
        keys = self._window.actions_["help.commands"].shortcut().toString()
        self.search.setText(_("Find an action...") + f"  {keys}")
        self.search.setAccessibleName(_("Find an action"))
        self.run.retranslate()


class Rail(QToolBar):
    """The workspaces that have panels, one under another at the left edge."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("rail")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setIconSize(QSize(22, 22))
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        self.show_workspaces(["build"])
        window.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self)

    def show_workspaces(self, names: list[str]) -> None:
        """Have a button for each of these."""
        for name in names:
            if name in self.buttons:
                continue
            button = QToolButton()
            button.setObjectName(f"rail.{name}")
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setIcon(icons.icon(name))
            button.setFixedWidth(RAIL_WIDTH - 6)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, name=name: self._window.show_workspace(name))
            self._group.addButton(button)
            self.addWidget(button)
            self.buttons[name] = button
        self.retranslate()

    def choose(self, name: str) -> None:
        """Mark the workspace that is shown."""
        if name in self.buttons:
            self.buttons[name].setChecked(True)

    def retranslate(self) -> None:
        """Texts of the moment."""
        self.setWindowTitle(_("Workspaces"))
        for name, button in self.buttons.items():
            text = _(WORKSPACES[name])
            button.setFont(theme.small_font())
            room, fits = RAIL_WIDTH - 22, button.fontMetrics().horizontalAdvance(text)
            lines = [text] if fits <= room else text.split()
            cut = [button.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, room) for line in lines]
            button.setText("\n".join(cut))
            button.setToolTip(text)
            button.setAccessibleName(text)


class StatusLine(QWidget):
    """One line about the network: its layers, what they cost, and what is wrong with it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self.setObjectName("status")
        self.totals, self.problems = QLabel(), QLabel()
        self.totals.setObjectName("status.totals")
        self.problems.setObjectName("status.problems")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.PADDING, 2, theme.PADDING, 2)
        layout.addWidget(self.totals)
        layout.addStretch(1)
        layout.addWidget(self.problems)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.show_now)

    def refresh(self) -> None:
        """Say it anew in a moment: an edit is shown first."""
        self._timer.start(PAUSE)

    def end(self) -> None:
        """Say nothing more."""
        self._timer.stop()

    def show_now(self) -> None:
        """What there is to say at the moment."""
        document = self._window.workspace.document
        totals, layers = document.report.totals, len(document.graph.nodes)
        parts = [ngettext("{n} layer", "{n} layers", layers).format(n=integer(layers))]
        if layers:
            parts += [
                _("{count} parameters").format(count=integer(totals.parameters)),
                _("{count} multiply-adds").format(count=count_short(totals.macs)),
            ]
        self.totals.setText("   ·   ".join(parts))
        self.problems.setText(self._problem_words() if layers and not self._window.is_welcoming else "")
        now = theme.current()
        self.problems.setStyleSheet(f"color: {(now.error_text if document.diagnosis.errors else now.secondary).name()}")

    def _problem_words(self) -> str:
        diagnosis = self._window.workspace.document.diagnosis
        errors, warnings = len(diagnosis.errors), len(diagnosis.warnings)
        parts = []
        if errors:
            parts.append(ngettext("{n} error", "{n} errors", errors).format(n=errors))
        if warnings:
            parts.append(ngettext("{n} warning", "{n} warnings", warnings).format(n=warnings))
        return ", ".join(parts) or _("no problems")
