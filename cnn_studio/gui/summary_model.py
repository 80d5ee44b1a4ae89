"""The table of a network's layers: cells are worked out when they are looked at."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QIcon

from cnn_studio.core.analysis import Facts, Report
from cnn_studio.core.document import Change, Document
from cnn_studio.core.graph import Node
from cnn_studio.core.reading import reading_order
from cnn_studio.core.summary import NOTHING, UNKNOWN
from cnn_studio.core.words import times
from cnn_studio.gui.icons import icon
from cnn_studio.i18n import N_, _, data_size, integer

Index = QModelIndex | QPersistentModelIndex
Value = str | int | tuple[int, ...] | None
ORDER = Qt.ItemDataRole.UserRole
"""By what a cell is sorted."""
ROOT = QModelIndex()


class Column(NamedTuple):
    """A column: heading, what it is sorted by, and how it is written."""

    heading: str
    help: str
    numeric: bool
    value: Callable[[Node, Facts], Value]
    text: Callable[[Node, Facts], str]


def _rank(facts: Facts) -> int:
    return facts.inputs[0].rank if facts.inputs else 2


def _settings(node: Node, facts: Facts) -> str:
    return node.layer.describe(_rank(facts))


def _count(number: int) -> str:
    return integer(number) if number else NOTHING


def _field(_node: Node, facts: Facts) -> tuple[int, ...]:
    return facts.reach.receptive_field if facts.reach and facts.reach.picture else ()


COLUMNS = (
    Column(N_("Layer"), N_("Name of the layer"), False, lambda node, _facts: node.name, lambda node, _facts: node.name),
    Column(
        N_("Kind"), N_("What kind of layer it is"), False,
        lambda node, _facts: _(node.layer.label), lambda node, _facts: _(node.layer.label),
    ),
    Column(N_("Settings"), N_("Its main settings"), False, _settings, _settings),
    Column(
        N_("Output"), N_("Shape of its output"), True,
        lambda _node, facts: facts.shape.values if facts.shape else -1,
        lambda _node, facts: str(facts.shape) if facts.shape else UNKNOWN,
    ),
    Column(
        N_("Parameters"), N_("Numbers that it learns, or would if it were not frozen"), True,
        lambda _node, facts: facts.parameters, lambda _node, facts: _count(facts.parameters),
    ),
    Column(
        N_("Mult-adds"), N_("Multiply-adds for one sample"), True,
        lambda _node, facts: facts.macs, lambda _node, facts: _count(facts.macs),
    ),
    Column(
        N_("Memory"), N_("Memory that its output takes for one sample"), True,
        lambda _node, facts: facts.memory_forward,
        lambda _node, facts: data_size(facts.memory_forward) if facts.shape else NOTHING,
    ),
    Column(
        N_("Sees"), N_("Part of the sample that one of its values depends on"), True,
        _field, lambda node, facts: times(_field(node, facts)) or NOTHING,
    ),
)  # fmt: skip


class SummaryModel(QAbstractTableModel):
    """Layers in reading order; an edit that moves nothing touches only its own rows."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.ids: list[str] = []
        self.rows: dict[str, int] = {}

    @property
    def _report(self) -> Report:
        return self._document.report

    def show_document(self, document: Document) -> None:
        """Every row anew."""
        self.beginResetModel()
        self._document = document
        self.ids = reading_order(document.graph)
        self.rows = {node_id: row for row, node_id in enumerate(self.ids)}
        self.endResetModel()

    def follow(self, change: Change) -> None:
        """The rows that a change touches."""
        if change.added or change.removed or change.edges or change.groups:
            self.show_document(self._document)
            return
        touched = sorted(self.rows[one] for one in change.facts | change.changed if one in self.rows)
        if touched:
            self.dataChanged.emit(self.index(touched[0], 0), self.index(touched[-1], len(COLUMNS) - 1))

    def rowCount(self, parent: Index = ROOT) -> int:
        """One for each layer."""
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = ROOT) -> int:
        """As many as there are headings."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, value to sort by, place or icon of a cell."""
        node_id = self.ids[index.row()]
        node, facts = self._report.graph.nodes.get(node_id), self._report.facts.get(node_id)
        if node is None or facts is None:  # gone; the row goes with the next change
            return None
        column = COLUMNS[index.column()]
        found: Any = None
        if role == Qt.ItemDataRole.DisplayRole:
            found = column.text(node, facts)
        elif role == ORDER:
            found = _sortable(column.value(node, facts))
        elif role == Qt.ItemDataRole.TextAlignmentRole:
            found = _side(column)
        elif role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            found = _icon(node)
        elif role == Qt.ItemDataRole.ToolTipRole and facts.error is not None:
            found = str(facts.error)
        return found

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Headings, and what they mean."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return _(column.heading)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _(column.help)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        return None

    def csv_text(self) -> str:
        """The table with plain numbers, for a spreadsheet."""
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([_(column.heading) for column in COLUMNS])
        for node_id in self.ids:
            node, facts = self._report.graph.nodes[node_id], self._report.facts[node_id]
            shape = str(facts.shape) if facts.shape else ""
            field = times(_field(node, facts))
            writer.writerow([
                node.name, _(node.layer.label), _settings(node, facts), shape, facts.parameters, facts.macs,
                facts.memory_forward, field,
            ])  # fmt: skip
        return text.getvalue()


class SortedRows(QSortFilterProxyModel):
    """The same rows in the order of a column, or in reading order when none is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setSortRole(ORDER)
        self.setDynamicSortFilter(True)

    def lessThan(self, left: Index, right: Index) -> bool:
        """Whether one cell comes before another; equal ones stay in reading order."""
        first, second = left.data(ORDER), right.data(ORDER)
        return bool((first, left.row()) < (second, right.row())) if first is not None and second is not None else False


def _side(column: Column) -> int:
    """Numbers stand at the right."""
    side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


def _sortable(value: Value) -> Value:
    """Sizes by how much they cover, texts without regard to capitals."""
    if isinstance(value, tuple):
        product = 1
        for size in value:
            product *= size
        return product if value else 0
    return value.casefold() if isinstance(value, str) else value


def _icon(node: Node) -> QIcon:
    return icon(node.layer.kind, node.layer.family)
