"""The table of runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt, Signal

from cnn_studio.engine.finding import STATES
from cnn_studio.gui import theme
from cnn_studio.i18n import N_, _, duration, percent

if TYPE_CHECKING:
    from cnn_studio.engine.overview import Overview

Index = QModelIndex | QPersistentModelIndex
ORDER = Qt.ItemDataRole.UserRole
"""By what a cell is sorted."""
ROOT = QModelIndex()
NOTHING = "–"


class Column(NamedTuple):
    """A column: heading, what it is sorted by, and how it is written."""

    heading: str
    numeric: bool
    value: Callable[[Overview], str | float]
    text: Callable[[Overview], str]


def state_words(run: Overview, *, learning: bool = False) -> str:
    """How it stands with a run."""
    return run.problem or (_("learning now") if learning else _(STATES.get(run.state, run.state)))


def _data(run: Overview) -> str:
    return Path(run.data).name


def when(run: Overview) -> str:
    """When a run began, in the time of this place."""
    try:
        return datetime.fromisoformat(run.started).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return NOTHING


COLUMNS = (
    Column(N_("Run"), False, lambda run: run.name.casefold(), lambda run: run.name),
    Column(N_("Network"), False, lambda run: run.network.casefold(), lambda run: run.network or NOTHING),
    Column(N_("Data"), False, lambda run: _data(run).casefold(), lambda run: _data(run) or NOTHING),
    Column(
        N_("Accuracy"), True, lambda run: -1.0 if run.accuracy is None else run.accuracy,
        lambda run: NOTHING if run.accuracy is None else percent(run.accuracy),
    ),
    Column(
        N_("Epochs"), True, lambda run: run.epochs,
        lambda run: f"{run.epochs}/{run.planned}" if run.planned else NOTHING,
    ),
    Column(
        N_("Time"), True, lambda run: run.seconds or 0.0, lambda run: duration(run.seconds) if run.seconds else NOTHING
    ),
    Column(N_("Begun"), True, lambda run: run.started, when),
    Column(N_("Notes"), False, lambda run: run.note.casefold(), lambda run: run.note),
)  # fmt: skip


NAME, NOTE = 0, len(COLUMNS) - 1
"""The columns that can be edited."""


class RunModel(QAbstractTableModel):
    """A row for each run.

    Signals:
        renamed(Path, str), noted(Path, str): a person wrote another name, or other words, into a run's row.
    """

    renamed = Signal(object, str)
    noted = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.runs: Sequence[Overview] = ()
        self.shown: Path | None = None

    def show(self, runs: Sequence[Overview], shown: Path | None) -> None:
        """Show these; ``shown`` is the one that the window shows."""
        if list(runs) == list(self.runs) and shown == self.shown:
            return
        self.beginResetModel()
        self.runs, self.shown = runs, shown
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        """One for each run."""
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, _parent: Index = ROOT) -> int:
        """As declared."""
        return len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell."""
        run, column, roles = self.runs[index.row()], COLUMNS[index.column()], Qt.ItemDataRole
        match role:
            case roles.DisplayRole:
                found: object = column.text(run)
            case roles.EditRole:
                found = run.name if index.column() == NAME else run.note
            case roles.ToolTipRole:
                found = run.problem or column.text(run)
            case roles.UserRole:
                found = column.value(run)
            case roles.TextAlignmentRole if column.numeric:
                found = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            case roles.ForegroundRole if run.problem:
                found = theme.current().error_text
            case roles.FontRole if run.folder == self.shown and index.column() == NAME:
                found = theme.small_font()
                found.setBold(True)
            case _:
                found = None
        return found

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Names and notes can be edited."""
        flags = super().flags(index)
        editable = index.column() in (NAME, NOTE) and not self.runs[index.row()].problem
        return flags | Qt.ItemFlag.ItemIsEditable if editable else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tell what was written; it stands in the row once it is done."""
        run, text = self.runs[index.row()], str(value).strip()
        if role != Qt.ItemDataRole.EditRole or text == (run.name if index.column() == NAME else run.note):
            return False
        (self.renamed if index.column() == NAME else self.noted).emit(run.folder, text)
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The headings."""
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section].heading)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if COLUMNS[section].numeric else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class SortedRuns(QSortFilterProxyModel):
    """Sorted by values, and those in which every word of the search is found."""

    def __init__(self, model: RunModel) -> None:
        super().__init__()
        self._model = model
        self._words: list[str] = []
        self.setSourceModel(model)
        self.setSortRole(ORDER)

    def search(self, text: str) -> None:
        """Show those with all these words in their name, network, data or note."""
        self.beginFilterChange()
        self._words = text.casefold().split()
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, _parent: Index) -> bool:
        """Whether a run is found."""
        run = self._model.runs[row]
        text = f"{run.name}\n{run.network}\n{run.data}\n{run.note}".casefold()
        return all(word in text for word in self._words)
