"""One's own data by drawing: label drawings and keep them in a set, look through it, train on it, take it elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cnn_studio.core.document import Change
from cnn_studio.core.plans.plan import JOINT
from cnn_studio.gui import theme
from cnn_studio.gui.drawn_sets import Chosen, adapt, deleted, exported, kept, listed, shown, training_of
from cnn_studio.gui.icons import icon
from cnn_studio.gui.labels import SMALL, Message, Text
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.widgets.bars import Bars
from cnn_studio.gui.widgets.image_grid import ImageGrid
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _, integer, ngettext

ALONE = ""
SIDE = 40
"""Pixels of a kept drawing, about."""


@panels.declare("drawings")
class DrawingsPanel(LivePanel):
    """The sets of drawings."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.counts: dict[str, int] = {}
        self._files: list[Path] = []
        self.sets, self.mix = QComboBox(), QComboBox()
        self.sets.setObjectName(f"{name}.set")
        self.sets.setEditable(True)
        self.sets.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.mix.setObjectName(f"{name}.mix")
        for box in (self.sets, self.mix):
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.label = QLineEdit()
        self.label.setObjectName(f"{name}.class")
        self.keep, self.train = QPushButton(), QPushButton()
        self.keep.setObjectName(f"{name}.keep")
        self.train.setObjectName(f"{name}.train")
        self.bars, self.grid = Bars(), ImageGrid()
        self.bars.setObjectName(f"{name}.classes")
        self.grid.setObjectName(f"{name}.samples")
        self.grid.set_side(SIDE)
        self.delete = self._button("delete", self._delete)
        self.export = self._button("export", self._export)
        self.balance = Text("secondary", SMALL, f"{name}.balance")
        self.problem = Message("warning", f"{name}.problem")
        self._lay_out()
        self._connect()
        self.retranslate()

    def _button(self, mark: str, act: Callable[[], object]) -> QToolButton:
        made = QToolButton()
        made.setObjectName(f"{self.objectName()}.{mark}")
        made.setIcon(icon(mark))
        made.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        made.clicked.connect(lambda _checked=False: act())
        return made

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(theme.UNIT)
        first.addWidget(self.sets, 1)
        first.addWidget(self.delete)
        first.addWidget(self.export)
        second = QHBoxLayout()
        second.setSpacing(theme.UNIT)
        second.addWidget(self.label, 1)
        second.addWidget(self.keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.PADDING, theme.UNIT, theme.PADDING, theme.GAP)
        layout.setSpacing(theme.GAP)
        for part in (first, second, self.problem, self.bars, self.balance, self.grid, self.mix, self.train):
            layout.addLayout(part) if isinstance(part, QHBoxLayout) else layout.addWidget(part)
        layout.setStretchFactor(self.grid, 1)

    def _connect(self) -> None:
        self.sets.activated.connect(lambda _place: self._list())
        line = self.sets.lineEdit()
        assert line is not None
        line.setObjectName(f"{self.objectName()}.set.name")
        line.editingFinished.connect(self._list)
        self.label.textChanged.connect(lambda _text: self._show_state())
        self.label.editingFinished.connect(self._show_class)
        self.label.returnPressed.connect(self.keep_drawing)
        self.keep.clicked.connect(self.keep_drawing)
        self.train.clicked.connect(self.train_on_them)
        self.bars.current_changed.connect(self._choose)
        self.grid.current_changed.connect(lambda _place: self._show_state())
        drawing = self.workspace.drawing
        drawing.keep_asked.connect(self.keep_drawing)
        drawing.drawn.connect(self._show_state)
        self.workspace.training.state_changed.connect(self._show_state)
        self.workspace.data.listed.connect(self._show_mixes)

    # -- keeping -------------------------------------------------------------------------------------------------------

    @property
    def set_name(self) -> str:
        """The set that is shown."""
        return self.sets.currentText().strip()

    @property
    def class_name(self) -> str:
        """The class that drawings are kept in."""
        return self.label.text().strip()

    def keep_drawing(self) -> None:
        """Keep what is on the pad as a sample of the class; the pad is empty afterwards."""
        drawing = self.workspace.drawing
        if drawing.is_empty or not self.isVisible():
            return
        if not self.class_name:
            self.problem.say(_("Write which class the drawing belongs to."))
            self.label.setFocus()
            return
        name, label, lines, picture = self.set_name, self.class_name, drawing.lines, drawing.picture
        self.workspace.slow.ask("drawn.keep", lambda: kept(name, label, lines, picture), self._kept, self.problem.say)

    def _kept(self, counts: dict[str, int]) -> None:
        self.problem.say("")
        self.workspace.drawing.kept.emit()
        self._take(counts)
        self._show_class()
        self._list()

    # -- looking through -----------------------------------------------------------------------------------------------

    def _list(self) -> None:
        """Look up the sets, and how many drawings that of the moment has."""
        name = self.set_name
        self.workspace.slow.ask("drawn.list", lambda: listed(name), self._listed, self.problem.say)

    def _listed(self, found: tuple[Sequence[str], dict[str, int]]) -> None:
        names, counts = found
        here = self.set_name
        if [self.sets.itemText(place) for place in range(self.sets.count())] != list(names):
            self.sets.clear()
            self.sets.addItems(list(names))
            self.sets.setEditText(here)
        if not here:  # the first look
            self.sets.setEditText(names[0] if names else _("my drawings"))
            self._list()
            return
        self._show_mixes()
        self._take(counts)
        self._show_class()

    def _take(self, counts: dict[str, int]) -> None:
        self.counts = counts
        self._show_counts()
        self._show_state()

    def _show_counts(self) -> None:
        most = max(self.counts.values(), default=1)
        names = list(self.counts)
        place = names.index(self.class_name) if self.class_name in names else -1
        texts = [integer(count) for count in self.counts.values()]
        self.bars.set_bars(names, [count / most for count in self.counts.values()], place, texts)
        self.bars.setVisible(bool(names))
        self.bars.setMaximumHeight(self.bars.sizeHint().height())
        self.balance.setText(self._balance())

    def _balance(self) -> str:
        if not self.counts:
            return _("Nothing is kept yet. Draw, name the class and keep: twenty of each class are a beginning.")
        if len(self.counts) == 1:
            return _("Draw another class as well: there must be two to tell apart.")
        few = min(self.counts, key=lambda name: self.counts[name])
        most, least = max(self.counts.values()), self.counts[few]
        if most > 1.5 * least:
            return _("“{name}” has fewer than others: draw {n} more.").format(name=few, n=integer(most - least))
        total = sum(self.counts.values())
        return ngettext("{n} drawing, balanced", "{n} drawings, balanced", total).format(n=integer(total))

    def _choose(self, row: int) -> None:
        self.label.setText(list(self.counts)[row])
        self._show_class()

    def _show_class(self) -> None:
        """The drawings of the class of the moment."""
        name, label = self.set_name, self.class_name
        if label in self.counts:
            self.workspace.slow.ask("drawn.show", lambda: shown(name, label), self._show_samples, self.problem.say)
        else:
            self._show_samples(([], []))
        self._show_counts()

    def _show_samples(self, found: tuple[list[Path], list[Any]]) -> None:
        self._files, pictures = found
        self.grid.set_pictures(pictures)
        self._show_state()

    def _delete(self) -> None:
        place = self.grid.current
        if 0 <= place < len(self._files):
            name, path = self.set_name, self._files[place]
            self.workspace.slow.ask("drawn.delete", lambda: deleted(name, path), self._deleted, self.problem.say)

    def _deleted(self, counts: dict[str, int]) -> None:
        self._take(counts)
        self._show_class()

    def _export(self) -> None:
        place = QFileDialog.getExistingDirectory(
            self, _("Where to put the folder"), self.workspace.settings.last_folder
        )
        if place:
            name = self.set_name
            self.workspace.slow.ask(
                "drawn.export",
                lambda: exported(name, Path(place)),
                lambda folder: self.workspace.said.emit(_("Written: {file}").format(file=folder)),
                self.problem.say,
            )

    # -- training ------------------------------------------------------------------------------------------------------

    def train_on_them(self) -> None:
        """Train the network on the set, alone or mixed with another; its last layer is made to fit."""
        name, other = self.set_name, self.mix.currentData() or ALONE
        self.workspace.slow.ask("drawn.train", lambda: training_of(name, other), self._train, self.problem.say)

    def _train(self, chosen: Chosen) -> None:
        said = adapt(self.workspace, chosen)
        if said:
            self.workspace.said.emit(said)
        self.problem.say("")
        self.workspace.train_requested.emit()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _show_state(self) -> None:
        if not self.isVisible():
            return
        self.keep.setEnabled(not self.workspace.drawing.is_empty)
        self.delete.setEnabled(0 <= self.grid.current < len(self._files))
        self.export.setEnabled(bool(self.counts))
        usable = len(self.counts) > 1 and not self.workspace.training.is_live
        self.train.setEnabled(usable)
        self.mix.setEnabled(usable)

    def _show_mixes(self) -> None:
        """The sets that are here and hold pictures: those known by name, other drawings, and what is trained on now."""
        now, chosen = self.workspace.plan.data, self.mix.currentData()
        others = {
            one.name: _(one.label) for one in self.workspace.data.sources if one.medium == "picture" and one.is_here
        }
        drawn = [self.sets.itemText(place) for place in range(self.sets.count())]
        others.update((name, name) for name in drawn if name != self.set_name and name not in others)
        if now and JOINT not in now and now not in (self.set_name, *others):
            others[now] = Path(now).name
        self.mix.clear()
        self.mix.addItem(_("Only these drawings"), ALONE)
        for name, label in others.items():
            self.mix.addItem(_("Mixed with: {name}").format(name=label), name)
        self.mix.setCurrentIndex(max(0, self.mix.findData(chosen)))

    def follow(self, change: Change) -> None:
        """The sets do not change with the network; what it is trained on may be another."""
        self._show_mixes()

    def refresh(self) -> None:
        """Everything anew, in the colours of the theme."""
        now = theme.current()
        self.bars.setFont(theme.text_font())
        self.bars.set_colors(
            text=now.text, secondary=now.secondary, bar=now.edge, best=now.accent, track=now.hover, accent=now.accent
        )
        self._show_counts()
        self._list()
        self._show_mixes()
        if not self.workspace.data.sources:
            self.workspace.data.list_sources()
        self._show_state()

    def retranslate(self) -> None:
        for control, text, words in (
            (self.sets, "", _("Set of drawings; write another name for a new one")),
            (self.label, "", _("Class of the drawing")),
            (self.keep, _("Keep"), _("Keep the drawing as a sample of this class (Enter on the pad)")),
            (self.delete, "", _("Delete the chosen drawing")),
            (self.export, "", _("Export the set as a folder with PNG pictures in a folder for each class")),
            (self.mix, "", _("What the network learns from")),
            (self.train, _("Train on them"), _("Train the network on these drawings; its last layer is made to fit")),
        ):
            if isinstance(control, QPushButton):
                control.setText(text)
            control.setToolTip(words)
            control.setAccessibleName(text or words)
        line = self.sets.lineEdit()
        assert line is not None
        line.setAccessibleName(self.sets.accessibleName())
        line.setToolTip(self.sets.toolTip())
        self.label.setPlaceholderText(_("Class: circle, A, ..."))
        self.bars.setAccessibleName(_("Drawings of each class"))
        self.grid.setAccessibleName(_("Kept drawings of the class"))
        self.bars.setCursor(Qt.CursorShape.PointingHandCursor)
        self._show_mixes()
