"""The data: which there are, where they are from, what is in them, and whether the network fits them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QWidget,
)

from cnn_studio.core.document import Change
from cnn_studio.gui import theme
from cnn_studio.gui.columns import fill_with_column
from cnn_studio.gui.data_fit import DataFit
from cnn_studio.gui.labels import SMALL, STRONG, Message, Text
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.properties.parts import Figure, Figures, Rule
from cnn_studio.gui.samples import OPENING, READY, REFUSED, SPLITS, SourceFacts
from cnn_studio.gui.widgets.flow_layout import FlowLayout
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _, data_size, integer, ngettext, percent

MOST_SKIPPED = 20
"""Damaged files that are listed by name."""
ROWS = 8
"""Sets in sight before the list scrolls."""


@panels.declare("data")
class DataPanel(LivePanel):
    """Chooses the data that the network is trained on."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.list = QListWidget()
        self.list.setObjectName(f"{name}.list")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.about = Text("text", name=f"{name}.about")
        self.figures = Figures(f"{name}.figures")
        self.use, self.fetch, self.take, self.folder, self.file, self.cancel = (QPushButton() for _number in range(6))
        for part, button in (
            ("use", self.use), ("fetch", self.fetch), ("take", self.take), ("folder", self.folder), ("file", self.file),
            ("cancel", self.cancel),
        ):  # fmt: skip
            button.setObjectName(f"{name}.{part}")
        self.progress = QProgressBar()
        self.progress.setObjectName(f"{name}.progress")
        self.state = Text("secondary", SMALL, f"{name}.state")
        self.problem = Message("error", f"{name}.problem")
        self.head = Text("text", STRONG, f"{name}.head")
        self.facts = Figures(f"{name}.facts")
        self.skipped = Message("warning", f"{name}.skipped")
        self.fit = DataFit(workspace, f"{name}.fit")
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        own, offers = QWidget(), QWidget()
        flow, below = FlowLayout(own, theme.UNIT), FlowLayout(offers, theme.UNIT)
        for button in (self.folder, self.file):
            flow.addWidget(button)
        for button in (self.use, self.fetch, self.take, self.cancel):
            below.addWidget(button)
        fill_with_column(self, (
            self.head, self.facts, self.fit, self.skipped, Rule(), self.list, own, self.about, self.figures, offers,
            self.progress, self.state, self.problem,
        ))  # fmt: skip

    def _connect(self) -> None:
        workspace = self.workspace
        self.list.currentRowChanged.connect(lambda _row: self._show_offer())
        self.list.itemActivated.connect(lambda _item: self._use())
        self.use.clicked.connect(self._use)
        self.fetch.clicked.connect(lambda: self._fetch(None))
        self.take.clicked.connect(self._take)
        self.cancel.clicked.connect(self._cancel)
        self.folder.clicked.connect(self._own_folder)
        self.file.clicked.connect(self._own_file)
        workspace.data.listed.connect(self._list_sources)
        workspace.data.changed.connect(self._show_data)
        workspace.data.progressed.connect(self._show_state)
        workspace.chooser.changed.connect(self._show_state)
        workspace.fetching.changed.connect(self._show_state)
        workspace.fetching.fetched.connect(self._fetched)

    # -- what is offered -----------------------------------------------------------------------------------------------

    @property
    def offered(self) -> SourceFacts | None:
        """The set that the list is on."""
        item = self.list.currentItem()
        name = item.data(Qt.ItemDataRole.UserRole) if item is not None else ""
        return next((source for source in self.workspace.data.sources if source.name == name), None)

    def _list_sources(self) -> None:
        if not self.isVisible():
            self._stale = True
            return
        here = self.offered.name if self.offered is not None else self.workspace.data_name
        self.list.clear()
        for source in sorted(self.workspace.data.sources, key=lambda source: not source.is_here):
            text = _(source.label)
            if not source.is_here:
                text = _("{name}: {size} to fetch").format(name=text, size=data_size(source.size))
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, source.name)
            item.setToolTip(_(source.about))
            self.list.addItem(item)
            if source.name == here:
                self.list.setCurrentItem(item)
        self.list.setFixedHeight(
            self.list.sizeHintForRow(0) * min(ROWS, self.list.count()) + 2 * self.list.frameWidth()
        )
        self._show_offer()

    def _show_offer(self) -> None:
        source = self.offered
        self.about.setText(_(source.about) if source is not None else "")
        self.about.setVisible(source is not None)
        self.figures.show_figures(self._figures_of(source) if source is not None else [])
        self._show_state()

    def _figures_of(self, source: SourceFacts) -> list[Figure]:
        counts = [
            _("{split}: {n}").format(split=_(SPLITS.get(split, split)), n=integer(count))
            for split, count in source.counts
        ]
        figures: list[Figure] = []
        if source.name != self.workspace.data_name:  # those that are used are described above
            figures = [
                (_("Samples"), counts),
                (_("Shape"), [str(source.sample)]),
                (_("Classes"), [integer(len(source.classes))]),
            ]
        if source.size:
            figures.append((_("To fetch"), [_("is here") if source.is_here else data_size(source.size)]))
        return [*figures, (_("Licence"), [_(source.licence)]), (_("Source"), [_(source.origin)])]

    # -- hands ---------------------------------------------------------------------------------------------------------

    def _use(self) -> None:
        source = self.offered
        if source is not None and source.is_here:
            self.workspace.chooser.choose(source.name)

    def _fetch(self, folder: Path | None) -> None:
        if self.offered is not None:
            self.workspace.fetching.start(self.offered.name, folder)

    def _take(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, _("Folder in which the files are"), self.workspace.settings.last_folder
        )
        if folder:
            self._fetch(Path(folder))

    def _cancel(self) -> None:
        self.workspace.fetching.stop()
        self.workspace.chooser.give_up()

    def _fetched(self, name: str) -> None:
        self.workspace.data.list_sources()
        self.workspace.chooser.choose(name)

    def _own_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, _("Folder with a folder of pictures or sounds for each class"), self.workspace.settings.last_folder
        )
        if folder:
            self.workspace.chooser.choose(folder)

    def _own_file(self) -> None:
        path, _filter = QFileDialog.getOpenFileName(
            self, _("File with samples"), self.workspace.settings.last_folder,
            _("Samples") + " (*.npz *.csv *.gz *-ubyte *.idx *.zip);;" + _("All files") + " (*)",
        )  # fmt: skip
        if path:
            self.workspace.chooser.choose(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """What is dropped is chosen."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.workspace.chooser.choose(paths[0])
            event.acceptProposedAction()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self.list.setFont(theme.text_font())
        self.workspace.data.list_sources()
        self.workspace.data.ensure()
        self._show_data()

    def follow(self, change: Change) -> None:
        if not change.preview and (change.before is not change.after or change.parts - {"view", "saved", "history"}):
            self.soon()

    def later(self) -> None:
        """The network or the plan is another."""
        self.workspace.data.ensure()
        self._show_data()

    def _show_data(self) -> None:
        """What is in the data of the moment."""
        if not self.isVisible():
            self._stale = True
            return
        data = self.workspace.data
        ready = data.state == READY and data.dataset is not None
        facts = self.workspace.document.data
        self.head.setText(self._name_of(data.dataset.name if data.dataset is not None else facts.name if facts else ""))
        figures: list[Figure] = []
        skipped = ""
        if ready and data.dataset is not None:
            counts = [
                _("{split}: {n}").format(split=_(SPLITS.get(split, split)), n=integer(facts.count))
                for split, facts in data.splits.items()
            ]
            shape = data.splits["train"].shape
            plan = self.workspace.plan
            if "validation" not in data.splits and plan.validation:
                counts.append(_("{share} of the training samples judge").format(share=percent(plan.validation)))
            figures = [
                (_("Samples"), counts),
                (_("Shape"), [str(shape) if shape is not None else _("several sizes")]),
                (_("Classes"), [integer(len(data.classes))]),
            ]
            skipped = self._left_out(data.dataset.skipped)
        self.facts.show_figures(figures)
        self._show_offer()
        self.skipped.say(skipped)
        self.fit.renew()

    def _name_of(self, own: str) -> str:
        """What the data are called: as in the list, where they are in it."""
        data = self.workspace.data
        named = next((source for source in data.sources if source.name == data.name), None)
        return _(named.label) if named is not None else own or data.name

    def _left_out(self, skipped: object) -> str:
        reasons = [why for _file, why in skipped]  # type: ignore[attr-defined]
        if not reasons:
            return ""
        head = ngettext("{n} file was left out:", "{n} files were left out:", len(reasons)).format(
            n=integer(len(reasons))
        )
        return "\n".join([head, *reasons[:MOST_SKIPPED], *(["…"] if len(reasons) > MOST_SKIPPED else [])])

    def _show_state(self) -> None:
        """Buttons, progress, and what went wrong."""
        if not self.isVisible():
            self._stale = True
            return
        workspace, source = self.workspace, self.offered
        fetching, chooser, data = workspace.fetching, workspace.chooser, workspace.data
        busy = fetching.is_running or bool(chooser.wanted)
        here = source is not None and source.is_here
        self.use.setVisible(here and not busy)
        self.use.setEnabled(source is not None and source.name != workspace.data_name)
        self.fetch.setVisible(source is not None and not here and not busy)
        self.take.setVisible(source is not None and not here and not busy)
        self.cancel.setVisible(busy)
        for button in (self.folder, self.file):
            button.setEnabled(not busy)
        opening = bool(chooser.wanted) or data.state == OPENING
        self.progress.setVisible(fetching.is_running or opening)
        self.progress.setRange(0, 1000 if fetching.total or data.share else 0)
        if fetching.is_running and fetching.total:
            self.progress.setValue(round(1000 * fetching.count / fetching.total))
        elif data.share:
            self.progress.setValue(round(1000 * data.share))
        self.state.setText(self._state_text(opening))
        self.state.setVisible(bool(self.state.text()))
        self.problem.say("" if busy else fetching.problem or chooser.problem or self._missing() or data.problem)

    def _missing(self) -> str:
        """That the data of the plan must be fetched first, where they must."""
        data = self.workspace.data
        named = next((source for source in data.sources if source.name == data.name), None)
        if data.state != REFUSED or named is None or named.is_here:
            return ""
        return _("{name} must be fetched first, or taken from a folder.").format(name=_(named.label))

    def _state_text(self, opening: bool) -> str:
        fetching = self.workspace.fetching
        if fetching.is_running and fetching.file:
            return _("{file}: {done} of {total}").format(
                file=fetching.file, done=data_size(fetching.count), total=data_size(fetching.total)
            )
        if fetching.is_running:
            return _("Fetching …")
        return _("Opening the data …") if opening else ""

    def hideEvent(self, event: QHideEvent) -> None:
        self.workspace.show_ghost(None)
        super().hideEvent(event)

    def retranslate(self) -> None:
        for button, text, words in (
            (self.use, _("Use these data"), _("Train on them from the next run on")),
            (self.fetch, _("Fetch"), _("Fetch the files from the network and use them")),
            (self.take, _("Take from a folder …"), _("Take the files from a folder that has them already")),
            (self.cancel, _("Cancel"), _("Stop fetching or opening")),
            (
                self.folder,
                _("Folder …"),
                _("Your own data: a folder with a folder of pictures or sounds for each class"),
            ),
            (self.file, _("File …"), _("Your own data: an NPZ, CSV or IDX file")),
        ):
            button.setText(text)
            button.setToolTip(words)
            button.setAccessibleName(text)
            button.setAccessibleDescription(words)
        self.list.setAccessibleName(_("Data sets"))
        self.list.setToolTip(_("Data sets that are known by name; your own can be dropped here"))
        self.progress.setAccessibleName(_("Progress"))
        self.progress.setToolTip(_("Progress"))
