"""The panel of code: the network as PyTorch or Keras writes it, following every edit."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QSizePolicy, QTabBar, QVBoxLayout, QWidget

from cnn_studio.core.document import Change
from cnn_studio.core.export import ExportError, exporters
from cnn_studio.core.files import FileError, write_atomically
from cnn_studio.core.graph import identifiers
from cnn_studio.core.grouping import all_members
from cnn_studio.gui import theme
from cnn_studio.gui.code_view import CodeView
from cnn_studio.gui.icons import icon
from cnn_studio.gui.labels import PLAIN, Message
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_, _

TEXTS = {"pytorch": N_("PyTorch"), "keras": N_("Keras"), "keras-summary": N_("Keras summary")}
"""The exporters shown, by name, and their titles."""


@panels.declare("code")
class CodePanel(LivePanel):
    """Tabs, the code, and buttons that copy and save it."""

    delay = 200

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.tabs = QTabBar()
        self.tabs.setObjectName(f"{name}.tabs")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.tabs.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for exporter in TEXTS:
            self.tabs.addTab(exporter)
        self.copy = QPushButton()
        self.copy.setObjectName(f"{name}.copy")
        self.copy.setIcon(icon("copy"))
        self.keep = QPushButton()
        self.keep.setObjectName(f"{name}.save")
        self.keep.setIcon(icon("save"))
        self.view = CodeView(f"{name}.text")
        self.refusal = Message("error", f"{name}.refusal", PLAIN)
        self.refusal.setContentsMargins(theme.PADDING, theme.PADDING, theme.PADDING, theme.PADDING)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, theme.GAP, 0)
        head.setSpacing(theme.GAP)
        head.addWidget(self.tabs, 1)
        head.addWidget(self.copy)
        head.addWidget(self.keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.refusal, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.view, 1)
        self.tabs.currentChanged.connect(self.renew)
        self.copy.clicked.connect(self._copy)
        self.keep.clicked.connect(self._save)
        workspace.selection_changed.connect(self._mark)
        self.retranslate()

    def retranslate(self) -> None:
        for index, title in enumerate(TEXTS.values()):
            self.tabs.setTabText(index, _(title))
            self.tabs.setTabToolTip(index, _(title))
            self.tabs.setAccessibleTabName(index, _(title))
        self.tabs.setAccessibleName(_("Language of the code"))
        self.tabs.setToolTip(_("Language of the code"))
        self.copy.setText(_("Copy"))
        self.copy.setToolTip(_("Copy the whole text"))
        self.keep.setText(_("Save …"))
        self.keep.setToolTip(_("Save the text to a file"))
        for button in (self.copy, self.keep):
            button.setAccessibleName(button.toolTip())
        self.view.setAccessibleName(_("Code of the network"))
        self.view.setToolTip("")
        self.view.retheme()

    @property
    def exporter(self) -> str:
        """Name of the exporter whose text is shown."""
        return list(TEXTS)[self.tabs.currentIndex()]

    def refresh(self) -> None:
        document = self.workspace.document
        begun = perf_counter()
        options = {} if self.exporter == "keras-summary" else {"title": document.name or _("Network")}
        try:
            text = exporters[self.exporter].function(document.graph, **options)
        except ExportError as error:
            self._refuse(str(error))
            return
        self.delay = max(CodePanel.delay, round(5000 * (perf_counter() - begun)))  # large networks: less often
        self.refusal.say("")
        self.view.show_code(text, python=self.exporter != "keras-summary")
        self.view.show()
        for button in (self.copy, self.keep):
            button.setEnabled(True)
        self._mark()

    def _refuse(self, sentence: str) -> None:
        """Say why there is no code; what was there is not shown as if it still held."""
        self.view.show_code("", python=False)
        self.view.mark([])
        self.refusal.say(sentence[:1].upper() + sentence[1:])
        for button in (self.copy, self.keep):
            button.setEnabled(False)

    def follow(self, change: Change) -> None:
        if change.before is not change.after or "name" in change.parts:
            self.soon()

    def _mark(self) -> None:
        """Mark the lines of the chosen layers."""
        if not self.isVisible() or self.refusal.text:
            return
        graph, selection = self.workspace.document.graph, self.workspace.selection
        members = all_members(graph) if selection.groups else {}
        chosen = set(selection.nodes).union(*(members.get(one, frozenset()) for one in selection.groups))
        names = identifiers(graph) if chosen else {}
        self.view.mark(self.view.lines_of(names[one] for one in sorted(chosen) if one in names))

    # -- copies -------------------------------------------------------------------------------------------------------

    def _copy(self) -> None:
        self.settle()
        QGuiApplication.clipboard().setText(self.view.toPlainText())
        self.workspace.said.emit(_("The code was copied."))

    def _save(self) -> None:
        self.settle()
        suffix = exporters[self.exporter].suffix
        folder = Path(self.workspace.settings.last_folder or Path.home())
        name = (self.workspace.document.name or "network").replace("/", "_").replace("\\", "_")
        path = self.ask_path(folder / f"{name}{suffix}", suffix)
        if path is None:
            return
        try:
            write_atomically(path, self.view.toPlainText().encode("utf-8"))
        except FileError as error:
            self.workspace.said.emit(str(error))
            return
        self.workspace.said.emit(_("Saved as {file}.").format(file=path.name))

    def ask_path(self, proposal: Path, suffix: str) -> Path | None:
        """Ask the person where to save, or None when they think better of it."""
        chosen, _filter = QFileDialog.getSaveFileName(self, _("Save the code"), str(proposal), f"*{suffix}")
        return Path(chosen) if chosen else None
