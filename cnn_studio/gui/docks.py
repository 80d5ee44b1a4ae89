"""Panels in docks around the canvas: where they stand in each workspace, remembered and put back."""

from __future__ import annotations

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QMainWindow, QTabBar, QTabWidget, QToolButton, QWidget

from cnn_studio.gui import icons, theme
from cnn_studio.gui.panels import PLACES, Place, panels
from cnn_studio.gui.panels.base import Panel
from cnn_studio.gui.places import kept_place
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_, _

VERSION = 4
"""Of the saved places; another number forgets them."""
WORKSPACES = {
    "build": N_("Build"), "data": N_("Data"), "train": N_("Train"), "inside": N_("Look inside"), "draw": N_("Draw"),
}  # fmt: skip
"""All workspaces with their names, in the order of the rail."""

_AREAS = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}
_SIZES = {"left": 252, "right": 300, "bottom": 176, "guest": 332}


class TitleBar(QWidget):
    """The upper edge of a dock: its name, and buttons to take it out and to put it away."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._dock = dock
        self._label = QLabel()
        self._label.setFont(theme.small_font())
        self._float, self._close = QToolButton(), QToolButton()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.PADDING, 2, 4, 0)
        layout.setSpacing(0)
        layout.addWidget(self._label, 1)
        for button, name in ((self._float, "float"), (self._close, "close")):
            button.setIcon(icons.icon(name))
            button.setIconSize(button.iconSize().scaled(12, 12, Qt.AspectRatioMode.KeepAspectRatio))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setObjectName(f"{dock.objectName()}.{name}")
            layout.addWidget(button)
        self._float.clicked.connect(lambda: dock.setFloating(not dock.isFloating()))
        self._close.clicked.connect(dock.close)

    def fold(self, folded: bool) -> None:
        """Take no room, or as much as is needed."""
        self.setMaximumHeight(0 if folded else 16_777_215)
        for button in (self._float, self._close):
            button.setVisible(not folded)

    def sizeHint(self) -> QSize:
        """Nothing when folded."""
        return QSize(0, 0) if self.maximumHeight() == 0 else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return QSize(0, 0) if self.maximumHeight() == 0 else super().minimumSizeHint()

    def retranslate(self) -> None:
        """Texts of the moment."""
        self._label.setText(self._dock.windowTitle())
        for button, text in ((self._float, _("Take out of the window or put back")), (self._close, _("Put away"))):
            button.setToolTip(text)
            button.setAccessibleName(f"{text}: {self._dock.windowTitle()}")


class Docks:
    """The docks of one window."""

    def __init__(self, window: QMainWindow, workspace: Workspace, kept: QSettings) -> None:
        self._window, self._workspace, self._kept = window, workspace, kept
        self.docks: dict[str, QDockWidget] = {}
        self.places: dict[str, Place] = {}
        self._panels: dict[str, Panel] = {}
        self._moving = False
        self.current = ""
        window.setDockNestingEnabled(True)
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for corner, area in (
            (Qt.Corner.BottomRightCorner, "right"), (Qt.Corner.TopRightCorner, "right"),
            (Qt.Corner.TopLeftCorner, "left"), (Qt.Corner.BottomLeftCorner, "left"),
        ):  # fmt: skip
            window.setCorner(corner, _AREAS[area])

    def build(self) -> None:
        """Make a hidden dock for every panel; the panel itself comes when it is first seen or asked for."""
        for place in PLACES:
            dock = QDockWidget(self._window)
            dock.setObjectName(f"dock.{place.name}")
            self._window.addDockWidget(_AREAS[place.area], dock)
            dock.toggleViewAction().setObjectName(f"view.panel.{place.name}")
            dock.toggleViewAction().setIcon(icons.icon(place.icon))
            dock.toggleViewAction().triggered.connect(lambda shown, dock=dock: dock.raise_() if shown else None)
            dock.hide()
            self.docks[place.name], self.places[place.name] = dock, place
            for signal in (dock.dockLocationChanged, dock.topLevelChanged, dock.visibilityChanged):
                signal.connect(self._settle)
        self.retranslate()

    def panel(self, name: str) -> Panel:
        """The panel of that name, made now if it was not yet needed."""
        if name not in self._panels:
            dock = self.docks[name]
            bar = TitleBar(dock)
            bar.retranslate()
            moving, self._moving = self._moving, True  # another upper edge changes the visibility: that is no news
            try:
                dock.setTitleBarWidget(bar)
                made = self._panels[name] = panels[name](self._workspace, dock)
                made.setAccessibleName(dock.windowTitle())
                dock.setWidget(made)
                dock.visibilityChanged.connect(lambda shown: made.set_behind(dock.isVisible() and not shown))
            finally:
                self._moving = moving
        return self._panels[name]

    def bring(self, name: str) -> None:
        """Show a panel in front of those that share its place."""
        if name in self.docks:
            self.docks[name].show()
            self.docks[name].raise_()

    def workspaces(self) -> list[str]:
        """The workspaces that have a panel."""
        used = {name for place in self.places.values() for name in place.workspaces}
        return [name for name in WORKSPACES if name in used]

    def show(self, workspace: str) -> None:
        """Change to a workspace: its docks stand where they were left there."""
        self.keep()
        self.current = workspace
        state = kept_place(self._kept, f"layout/{workspace}")
        self._moving = True
        first = {place.area: place.name for place in reversed(PLACES) if workspace in place.workspaces}
        for name, place in self.places.items():
            if place.workspaces[:1] == (workspace,) and (place.area != "bottom" or first["bottom"] == name):
                self.panel(name)  # before its dock is measured; those behind it come when they are looked at
        if state is None or not self._window.restoreState(state, VERSION):
            self._default(workspace)
        self._moving = False
        self._settle()

    def keep(self) -> None:
        """Remember where the docks stand in this workspace."""
        if self.current:
            self._kept.setValue(f"layout/{self.current}", self._window.saveState(VERSION))

    def reset(self) -> None:
        """Forget all remembered places."""
        self._kept.remove("layout")
        if self.current:
            self._moving = True
            self._default(self.current)
            self._moving = False
            self._settle()

    def _default(self, workspace: str) -> None:
        first: dict[str, QDockWidget] = {}
        for name, dock in self.docks.items():
            place = self.places[name]
            dock.setFloating(False)
            self._window.addDockWidget(_AREAS[place.area], dock)
            shown = workspace in place.workspaces
            dock.setVisible(shown)
            if shown:
                first.setdefault(place.area, dock)
        for name, dock in self.docks.items():  # hidden ones too: they come as tabs
            if self.places[name].area == "bottom" and dock is not first.get("bottom", dock):
                self._window.tabifyDockWidget(first["bottom"], dock)
        fronts = self._set_guests_behind(workspace)
        for area, dock in first.items():
            orientation = Qt.Orientation.Vertical if area == "bottom" else Qt.Orientation.Horizontal
            self._window.resizeDocks([dock], [_SIZES[area]], orientation)
        if "bottom" in first:
            fronts.append(first["bottom"])
        for dock in fronts:
            dock.raise_()

    def _set_guests_behind(self, workspace: str) -> list[QDockWidget]:
        """Panels that are at home elsewhere share the place of the last one of their side; those in front of them."""
        fronts = []
        for name, place in self.places.items():
            if workspace in place.workspaces[1:]:
                host = [
                    one for one in self.places.values() if one.area == place.area and one.workspaces[:1] == (workspace,)
                ][-1]
                self._window.tabifyDockWidget(self.docks[host.name], self.docks[name])
                fronts.append(self.docks[host.name])
                self._window.resizeDocks(fronts[-1:], [_SIZES["guest"]], Qt.Orientation.Vertical)
        return fronts

    def _settle(self, *_news: object) -> None:
        """Docks that are seen have their panel; those that share their place have tabs in place of upper edges."""
        if self._moving:
            return
        for name, dock in self.docks.items():
            if dock.isVisible() and (name in self._panels or not dock.visibleRegion().isEmpty()):
                self.panel(name)  # a dock behind another one counts as visible too
            tabbed = not dock.isFloating() and bool(self._window.tabifiedDockWidgets(dock))
            bar = dock.titleBarWidget()
            if isinstance(bar, TitleBar):
                bar.fold(tabbed)
        for tabs in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            tabs.setDocumentMode(True)
            tabs.setExpanding(False)
            tabs.setAccessibleName(_("Panels"))
        self._hide_left_tabs()

    def _hide_left_tabs(self) -> None:
        """Put tabs away that Qt leaves standing where docks stood together in another workspace."""
        groups = {
            frozenset(
                one.windowTitle() for one in (dock, *self._window.tabifiedDockWidgets(dock)) if not one.isHidden()
            )
            for dock in self.docks.values()
            if not dock.isHidden()
        }
        bars = self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        for tabs in reversed(bars):  # the newest are in use
            group = frozenset(tabs.tabText(place) for place in range(tabs.count()))
            if group in groups:
                groups.remove(group)
            else:
                tabs.hide()

    def retranslate(self) -> None:
        """Texts of the moment."""
        for name, dock in self.docks.items():
            dock.setWindowTitle(_(self.places[name].title))
            dock.toggleViewAction().setText(dock.windowTitle())
            if name in self._panels:
                self._panels[name].setAccessibleName(dock.windowTitle())
            bar = dock.titleBarWidget()
            if isinstance(bar, TitleBar):
                bar.retranslate()
