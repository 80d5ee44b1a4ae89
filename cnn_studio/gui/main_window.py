"""One window: menus, toolbar, rail of workspaces, docks around the canvas, and what is said to the person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QStatusBar, QVBoxLayout, QWidget

from cnn_studio.core.document import Change, Document
from cnn_studio.core.recovery import Copy
from cnn_studio.engine.finding import NETWORK
from cnn_studio.gui import windows
from cnn_studio.gui.bars import Rail, StatusLine, ToolBar
from cnn_studio.gui.conducting import Conductor
from cnn_studio.gui.docks import Docks
from cnn_studio.gui.feedback import Notes, Toast
from cnn_studio.gui.filing import Filing
from cnn_studio.gui.menus import ActionSet, Menus
from cnn_studio.gui.places import kept_place
from cnn_studio.gui.time_bar import TimeBar
from cnn_studio.gui.workspace import Workspace

if TYPE_CHECKING:
    from cnn_studio.gui.studio import Studio
    from cnn_studio.gui.welcome import Welcome

FIRST_SIZE = QSize(1280, 800)
SMALLEST = QSize(720, 480)


class MainWindow(QMainWindow):
    """A window of the studio. It begins with the welcome page; canvas and panels come when ``fill`` is called.

    With ``waiting`` it begins empty, for a file that is about to be opened.

    Signals:
        closed(MainWindow): it is gone.
        filled: canvas and panels are there.
    """

    closed = Signal(object)
    filled = Signal()

    studio: Studio
    workspace: Workspace
    filing: Filing
    docks: Docks
    conductor: Conductor

    def __init__(self, studio: Studio, *, waiting: bool = False) -> None:
        super().__init__()
        self.studio = studio
        self.setObjectName("window")
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)
        self.workspace = Workspace(settings=studio.settings)
        self.workspace.setParent(self)  # it goes with the window, and whatever listens to it
        self.canvas: Any = None
        self.is_welcoming = True
        self._closing = False
        self.notes = Notes()
        self.filing = Filing(self.workspace, self.notes, studio.recovery, self)
        self.filing.used.connect(studio.remember)
        self.conductor = Conductor(self)
        self._welcome: Welcome | None = None
        self.stack = QStackedWidget()
        self.time = TimeBar(self.workspace)
        self.docks = Docks(self, self.workspace, studio.places)
        self.actions_ = ActionSet(self)
        self.menus = Menus(self.menuBar(), self.actions_, windows.fillers(self))
        self.menus.build()
        self.tool_bar, self.rail = ToolBar(self), Rail(self)
        self.toast = Toast(self.stack)
        self.status = StatusLine(self)
        self._lay_out()
        self._connect()
        self._restore_place()
        self._retranslate()
        if not waiting:
            self.stack.addWidget(self.welcome)

    @property
    def welcome(self) -> Welcome:
        """The welcome page, made when it is first needed."""
        if self._welcome is None:
            from cnn_studio.gui.welcome import Welcome

            page = self._welcome = Welcome(self.workspace.settings)
            page.new_chosen.connect(self.new_network)
            page.open_chosen.connect(self.ask_and_open)
            page.guide_chosen.connect(lambda: windows.show_guide(self))
            page.starter_chosen.connect(lambda name: self.studio.open_starter(name, self))
            page.sample_chosen.connect(lambda: self.studio.open_sample(self))
            page.tour_chosen.connect(lambda: self.studio.start_tour(self))
            page.recent_chosen.connect(lambda path: self.studio.open(path, self))
            page.setting_chosen.connect(lambda name, value: self.studio.change_settings(**{name: value}))
        return self._welcome

    def _lay_out(self) -> None:
        layout = QVBoxLayout(center := QWidget())
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notes)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.time)
        self.setCentralWidget(center)
        bar = QStatusBar()
        bar.setSizeGripEnabled(False)
        bar.addPermanentWidget(self.status, 1)
        self.setStatusBar(bar)
        self._show_frame(False)

    def _connect(self) -> None:
        workspace = self.workspace
        workspace.changed.connect(self._changed)
        workspace.document_replaced.connect(self._refresh)
        workspace.selection_changed.connect(self._refresh)
        workspace.settings_changed.connect(self._retranslate)
        workspace.said.connect(self.toast.say)
        workspace.starter_requested.connect(lambda name: self.studio.open_starter(name, self))
        workspace.workspace_requested.connect(self.show_workspace)
        workspace.train_requested.connect(self.conductor.start)
        workspace.panel_requested.connect(self.docks.bring)
        workspace.run_requested.connect(lambda folder: self.studio.open_run(folder, self))
        workspace.continue_requested.connect(self.conductor.show_and_resume)
        workspace.sample_requested.connect(lambda: self.studio.open_sample(self))
        workspace.training.state_changed.connect(self.actions_.refresh)

    def fill(self) -> None:
        """Bring in the canvas and the panels, after the first picture of the window. Again does nothing."""
        if self.canvas is not None or self._closing:
            return
        from cnn_studio.gui import canvas

        self.canvas = self.filing.canvas = canvas.create(self.workspace)
        self.stack.addWidget(self.canvas)
        self.actions_.canvas_came(self.canvas)
        self.menus.build()
        self.docks.build()
        self.rail.show_workspaces(self.docks.workspaces())
        if self._welcome is not None:
            self._welcome.load()
        self.filled.emit()

    # -- what is shown -------------------------------------------------------------------------------------------------

    @property
    def is_untouched(self) -> bool:
        """Whether nothing would be missed if something else were opened here."""
        document = self.workspace.document
        return document.path is None and not document.is_modified and document.undo_name is None and self.is_welcoming

    def show_network(self) -> None:
        """The canvas and its panels instead of the welcome page."""
        self.fill()
        if self.is_welcoming:
            self.is_welcoming = False
            self._show_frame(True)
            self.show_workspace("build")
            self.settle()
            self.stack.setCurrentWidget(self.canvas)
        self.canvas.setFocus()
        self._refresh()
        self.settle()

    def show_workspace(self, name: str) -> None:
        """Another of the workspaces on the rail."""
        if not self.is_welcoming and name in self.docks.workspaces() and name != self.docks.current:
            self.docks.show(name)
        self.rail.choose(self.docks.current)

    def settle(self) -> None:
        """Bring every part to its place now: it is as large as it will be when it is first seen, and painted once."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)

    def _show_frame(self, shown: bool) -> None:
        for part in (self.tool_bar, self.rail, self.statusBar()):
            part.setVisible(shown)

    def open_file(self, path: Path) -> None:
        """Show a file here."""
        self.fill()
        if self.filing.open(path):
            self.show_network()
        elif self._welcome is None and self.is_welcoming:
            self.stack.insertWidget(0, self.welcome)
            self.stack.setCurrentWidget(self.welcome)
            self.welcome.load()

    def show_document(self, document: Document) -> None:
        """Show a document here."""
        self.fill()
        self.filing.show(document)
        self.show_network()

    def open_starter(self, name: str) -> None:
        """Show a copy of a starter here."""
        self.fill()
        self.filing.open_starter(name)
        self.show_network()

    def open_run(self, folder: Path) -> None:
        """Show a copy of the network of a run, and what came of it."""
        self.fill()
        if self.filing.open_copy(folder / NETWORK):
            self.show_network()
            self.show_workspace("train")
            self.workspace.runs.show(folder)

    def open_sample(self) -> None:
        """Show a copy of the network that has learned already, and the pad."""
        self.fill()
        self.filing.open_sample()
        self.show_network()
        self.show_workspace("draw")
        self.docks.panel("pad").setFocus()

    def recover(self, copy: Copy) -> None:
        """Show edits that were not saved."""
        self.fill()
        if self.filing.recover(copy):
            self.show_network()

    def new_network(self) -> None:
        """An empty network: here, when nothing is here yet."""
        window = self if self.is_untouched else self.studio.new_window()
        window.show_document(Document())

    def ask_and_open(self) -> None:
        """Ask for a file and show it."""
        path = self.filing.ask_path()
        if path is not None:
            self.studio.open(path, self)

    def come_forward(self) -> None:
        """In front of the other windows."""
        self.setWindowState(self.windowState() & ~self.windowState().WindowMinimized)
        self.raise_()
        self.activateWindow()

    # -- texts and state -----------------------------------------------------------------------------------------------

    def _changed(self, change: Change) -> None:
        if change.parts != {"view"}:
            self._refresh()

    def _refresh(self) -> None:
        self._refresh_title()
        self.actions_.refresh()
        self.tool_bar.refresh()
        self.status.refresh()

    def _refresh_title(self) -> None:
        self.setWindowTitle("CNN Studio" if self.is_welcoming else f"{self.filing.title}[*] – CNN Studio")
        self.setWindowModified(not self.is_welcoming and self.workspace.document.is_modified)

    def _retranslate(self) -> None:
        self.menus.retranslate()
        if self._welcome is not None:
            self._welcome.retranslate(self.workspace.settings)
        self.docks.retranslate()
        self.rail.retranslate()
        self.tool_bar.retranslate()
        self.time.retranslate()
        self.notes.retranslate()
        self.toast.be_quiet()
        self._refresh()

    # -- coming and going ----------------------------------------------------------------------------------------------

    def _restore_place(self) -> None:
        self.resize(FIRST_SIZE)
        place = kept_place(self.studio.places, "geometry")
        if place is not None:
            self.restoreGeometry(place)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first when something would be lost."""
        if self.workspace.document.is_previewing:
            self.workspace.document.commit()
        if not self._closing and not windows.may_close(self):
            event.ignore()
            return
        self._closing = True
        self.studio.places.setValue("geometry", self.saveGeometry())
        self.docks.keep()
        self.studio.places.sync()
        self.filing.end()
        self.status.end()
        self.tool_bar.run.end()
        self.time.end()
        self.workspace.end()
        self.toast.be_quiet()
        event.accept()
        self.closed.emit(self)
        self.deleteLater()

    def close_unasked(self) -> None:
        """Close; what was not saved is lost."""
        self._closing = True
        self.close()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped."""
        if windows.dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open every file that was dropped."""
        for path in windows.dropped_files(event.mimeData()):
            self.studio.open(path, self)
        event.acceptProposedAction()
