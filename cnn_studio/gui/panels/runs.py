"""The panel of runs: all that were trained, searched, sorted, shown again, gone on with, compared, named and deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cnn_studio.core.document import Change
from cnn_studio.gui import theme
from cnn_studio.gui.icons import icon
from cnn_studio.gui.labels import SMALL, STRONG, Text
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.run_model import NAME, NOTE, RunModel, SortedRuns, state_words
from cnn_studio.gui.widgets.scroller import Scroller
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_, _, integer, ngettext

if TYPE_CHECKING:
    from cnn_studio.engine.overview import Overview

WIDE, ASIDE = 640, 212
"""Pixels of width from which what is chosen is told beside the list, and of that."""
WIDTHS = (160, 84, 62, 74, 62, 66, 116)
"""Pixels of the columns at first."""
BUTTONS = {
    "show": ("inside", N_("Show this run here: its curves, its mistakes, what is inside")),
    "open": ("open", N_("Open the network of this run")),
    "go_on": ("resume", N_("Train this run on")),
    "compare": ("curves", N_("Lay the curves of the chosen runs over one another")),
    "rename": ("rename", N_("Another name for this run")),
    "delete": ("delete", N_("Delete the chosen runs; they can be brought back until the window closes")),
}


@panels.declare("runs")
class RunsPanel(LivePanel):
    """A table of all runs, and what is known of the chosen ones."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.model = RunModel()
        self.sorted = SortedRuns(self.model)
        self.search, self.table = QLineEdit(), QTableView()
        self.search.setObjectName(f"{name}.search")
        self.search.setClearButtonEnabled(True)
        self.buttons = {key: self._button(key, mark) for key, (mark, _help) in BUTTONS.items()}
        self.head, self.facts = Text("text", STRONG, f"{name}.chosen"), Text("secondary", SMALL, f"{name}.facts")
        self.told, self.undo = Text("text", SMALL, f"{name}.deleted"), QPushButton()
        self.undo.setObjectName(f"{name}.undo")
        self._make_table()
        self._lay_out()
        self._connect()
        self.retranslate()

    def _button(self, key: str, mark: str) -> QToolButton:
        made = QToolButton()
        made.setObjectName(f"{self.objectName()}.{key}")
        made.setIcon(icon(mark))
        made.setIconSize(QSize(16, 16))
        return made

    def _make_table(self) -> None:
        table = self.table
        table.setObjectName(f"{self.objectName()}.table")
        table.setModel(self.sorted)
        table.setSortingEnabled(True)
        table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        table.setStyleSheet("QTableView { background: transparent; }")  # whatever the dock stands on
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setTabKeyNavigation(False)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(24)
        header = table.horizontalHeader()
        header.setSortIndicatorClearable(True)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        for column, width in enumerate(WIDTHS):
            table.setColumnWidth(column, width)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self.search, 1)
        for button in self.buttons.values():
            top.addWidget(button)
        left = QVBoxLayout()
        left.setSpacing(theme.UNIT)
        left.addLayout(top)
        left.addWidget(self.table, 1)
        self._bar = bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.told, 1)
        row.addWidget(self.undo)
        left.addWidget(bar)
        inside = QWidget()
        inside.setObjectName("contents")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.head)
        column.addWidget(self.facts)
        column.addStretch(1)
        self._aside = Scroller(f"{self.objectName()}.about", inside)
        self._aside.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # there is nothing in it by which keys could scroll it
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.UNIT)
        self._box.setSpacing(theme.PADDING)
        self._box.addLayout(left, 3)
        self._box.addWidget(self._aside, 1)

    def _connect(self) -> None:
        workspace, runs = self.workspace, self.workspace.runs
        runs.changed.connect(self._show)
        workspace.training.state_changed.connect(self.renew)
        self.search.textChanged.connect(self._search)
        self.table.selectionModel().selectionChanged.connect(self._chosen_changed)
        self.table.doubleClicked.connect(lambda _index: self._act("show"))
        self.table.installEventFilter(self)
        self.model.renamed.connect(runs.rename)
        self.model.noted.connect(runs.note)
        self.undo.clicked.connect(runs.bring_back)
        for key, button in self.buttons.items():
            button.clicked.connect(partial(self._clicked, key))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is chosen is told beside the list, or below it."""
        super().resizeEvent(event)
        wide = event.size().width() >= WIDE
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._aside.setFixedWidth(ASIDE) if wide else self._aside.setMinimumWidth(0)
        self._aside.setMaximumWidth(ASIDE if wide else 16_777_215)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def follow(self, change: Change) -> None:
        """Runs do not follow edits."""

    def refresh(self) -> None:
        self.workspace.runs.read()
        self._show()

    def _show(self) -> None:
        if not self.isVisible():
            self._stale = True
            return
        chosen = {run.folder for run in self.chosen}
        training = self.workspace.training
        self.model.show(self.workspace.runs.runs, training.run.folder if training.run is not None else None)
        self._choose(chosen)
        gone = self.workspace.runs.gone
        self._bar.setVisible(bool(gone))
        if gone:
            words = ngettext("“{name}” is deleted.", "“{name}” and others are deleted.", len(gone))
            self.told.setText(words.format(name=gone[-1][0].name))
        self._tell()

    @property
    def chosen(self) -> list[Overview]:
        """The chosen runs, from top to bottom."""
        rows = self.table.selectionModel().selectedRows()
        return [self.model.runs[self.sorted.mapToSource(row).row()] for row in sorted(rows, key=lambda row: row.row())]

    def _choose(self, folders: set[Path]) -> None:
        selection, flags = self.table.selectionModel(), QItemSelectionModel.SelectionFlag
        for row in range(self.sorted.rowCount()):
            index = self.sorted.index(row, 0)
            if self.model.runs[self.sorted.mapToSource(index).row()].folder in folders:
                selection.select(index, flags.Select | flags.Rows)

    def _search(self, text: str) -> None:
        self.sorted.search(text)
        self._tell()

    def _chosen_changed(self, *_news: object) -> None:
        self._tell()

    def _tell(self) -> None:
        """What is known of the chosen runs, and what can be done with them."""
        chosen, training = self.chosen, self.workspace.training
        sound = [run for run in chosen if not run.problem]
        live = training.is_live and training.run is not None
        learning = training.run.folder if live and training.run is not None else None
        single = len(chosen) == 1 and bool(sound)
        free = not training.is_live
        for key, on in {
            "show": single and free, "open": single, "go_on": single and free, "compare": bool(sound),
            "rename": single and chosen[0].folder != learning,
            "delete": bool(chosen) and all(run.folder != learning for run in chosen),
        }.items():  # fmt: skip
            self.buttons[key].setEnabled(on)
        if len(chosen) == 1:
            self._write(chosen[0].name, _told(chosen[0], learning=chosen[0].folder == learning))
        elif len(sound) == 2:
            names = tuple(run.folder for run in sound)
            self.workspace.runs.compare(names, partial(self._tell_differences, names))
        else:
            self._write(self._none_chosen(len(chosen)), self._about_runs())

    def _write(self, head: str, facts: str) -> None:
        for text, words in ((self.head, head), (self.facts, facts)):
            text.setText(words)
            text.setVisible(bool(words))

    def _about_runs(self) -> str:
        """What comes here, as long as there is none."""
        if self.workspace.runs.runs or not self.workspace.runs.is_read:
            return ""
        return _("Every training is kept here with its curves, its weights after each epoch, and where it stands.")

    def _none_chosen(self, count: int) -> str:
        if count:
            return ngettext("{n} run chosen", "{n} runs chosen", count).format(n=integer(count))
        runs = self.workspace.runs
        if not runs.is_read:
            return ""
        return _("Choose a run; two of them to see how they differ") if runs.runs else _("Nothing was trained yet")

    def _tell_differences(self, folders: tuple[Path, ...], found: tuple[Sequence[Any], Sequence[Any]]) -> None:
        if tuple(run.folder for run in self.chosen) != folders:
            return
        plans, layers = found
        lines = [f"{label}: {one}  |  {other}" for label, one, other in (*plans, *layers)]
        if not plans:
            lines.insert(0, _("The plans are the same."))
        if not layers:
            lines.append(_("The networks are the same."))
        self._write(_("What differs"), "\n".join([f"{folders[0].name}  |  {folders[1].name}", *lines]))

    # -- hands ---------------------------------------------------------------------------------------------------------

    def _clicked(self, key: str, _checked: bool = False) -> None:
        self._act(key)

    def _act(self, key: str) -> None:
        """Do something with the chosen runs, where it can be done."""
        if not self.buttons[key].isEnabled():
            return
        chosen = [run.folder for run in self.chosen]
        acts: dict[str, Callable[[], object]] = {
            "show": lambda: self.workspace.runs.show(chosen[0]),
            "open": lambda: self.workspace.run_requested.emit(chosen[0]),
            "go_on": lambda: self.workspace.continue_requested.emit(chosen[0]),
            "compare": lambda: self._compare(chosen),
            "rename": self._edit_name,
            "delete": lambda: self.workspace.runs.delete(chosen),
        }
        acts[key]()

    def _compare(self, folders: list[Path]) -> None:
        self.workspace.comparison.choose(folders)
        self.workspace.panel_requested.emit("curves")

    def _edit_name(self) -> None:
        rows = self.table.selectionModel().selectedRows(NAME)
        self.table.setCurrentIndex(rows[0])
        self.table.edit(rows[0])

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Enter shows a run, Delete removes it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            act = {Qt.Key.Key_Return: "show", Qt.Key.Key_Enter: "show", Qt.Key.Key_Delete: "delete"}.get(Qt.Key(event.key()))  # fmt: skip
            if act is not None:
                self._act(act)
                return True
        return False

    # -- texts ---------------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        self.table.setFont(theme.small_font())
        self.table.horizontalHeader().setFont(theme.small_font())
        self.table.setAccessibleName(_("All runs"))
        self.table.setToolTip(_("A click on a heading sorts; F2 edits a name or a note"))
        self.search.setPlaceholderText(_("Find a run"))
        self.search.setToolTip(_("Words in the name, the network, the data or the notes"))
        self.search.setAccessibleName(_("Find a run"))
        self._aside.setAccessibleName(_("What is known of the chosen runs"))
        self.undo.setText(_("Undo"))
        for control, words in (
            (self.undo, _("Bring back the run that was deleted last")),
            *((self.buttons[key], _(help_)) for key, (_mark, help_) in BUTTONS.items()),
        ):
            control.setToolTip(words)
            control.setAccessibleName(words)
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, NOTE)


def _told(run: Overview, *, learning: bool) -> str:
    """A run in a few lines."""
    lines = [state_words(run, learning=learning), run.note, str(run.folder)]
    if run.best is not None:
        lines.insert(1, _("best after epoch {epoch}").format(epoch=run.best))
    return "\n".join(line for line in lines if line)
