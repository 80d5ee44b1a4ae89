"""The panel of the summary: every layer with its figures as a table that can be sorted and copied."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSize, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cnn_studio.core.document import Change
from cnn_studio.core.export import exporters
from cnn_studio.core.summary import totals_lines
from cnn_studio.gui import theme
from cnn_studio.gui.icons import icon
from cnn_studio.gui.labels import SMALL, Text
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.summary_model import COLUMNS, SortedRows, SummaryModel
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _, data_size

NARROW = 560
"""Pixels of width from which the totals and the buttons stand beside one another."""
MEASURED = 60
"""Rows by which the width of a column is measured."""


@panels.declare("summary")
class SummaryPanel(LivePanel):
    """The table, its totals, and what copies it."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.model = SummaryModel(workspace.document)
        self.sorted = SortedRows()
        self.sorted.setSourceModel(self.model)
        self.table = self._make_table(f"{name}.table")
        self.totals = Text("secondary", SMALL, f"{name}.totals")
        self.markdown = QPushButton()
        self.markdown.setObjectName(f"{name}.copy_markdown")
        self.csv = QPushButton()
        self.csv.setObjectName(f"{name}.copy_csv")
        for button in (self.markdown, self.csv):
            button.setIcon(icon("copy"))
        self.markdown.clicked.connect(self._copy_markdown)
        self.csv.clicked.connect(self._copy_csv)
        self._foot = foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        foot.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.GAP)
        foot.setSpacing(theme.GAP)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        buttons.addStretch(1)
        buttons.addWidget(self.markdown)
        buttons.addWidget(self.csv)
        foot.addWidget(self.totals, 1)
        foot.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.table, 1)
        layout.addLayout(foot)
        self._echo = False
        self._rows().selectionChanged.connect(self._table_selected)
        workspace.selection_changed.connect(self._workspace_selected)
        self.retranslate()

    def _make_table(self, name: str) -> QTableView:
        table = QTableView()
        table.setObjectName(name)
        table.setModel(self.sorted)
        table.setSortingEnabled(True)
        table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setStyleSheet("QTableView { background: transparent; }")  # whatever the dock stands on
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setIconSize(QSize(16, 16))
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(26)
        header = table.horizontalHeader()
        header.setSortIndicatorClearable(True)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setResizeContentsPrecision(MEASURED)
        header.setStretchLastSection(True)
        return table

    def _rows(self) -> QItemSelectionModel:
        return self.table.selectionModel()

    def retranslate(self) -> None:
        self.table.setAccessibleName(_("Table of the layers"))
        self.table.setToolTip(_("A click on a heading sorts; a third one goes back to the order of the network"))
        self.markdown.setText("Markdown")
        self.markdown.setToolTip(_("Copy the table as Markdown, for a text or homework"))
        self.csv.setText("CSV")
        self.csv.setToolTip(_("Copy the table with plain numbers, for a spreadsheet"))
        for button in (self.markdown, self.csv):
            button.setAccessibleName(button.toolTip())

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for any dock: the totals stand above the buttons then."""
        return QSize(NARROW // 3, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= NARROW
        self._foot.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

    def refresh(self) -> None:
        self.model.show_document(self.workspace.document)
        self.table.resizeColumnsToContents()
        for column in range(len(COLUMNS)):
            self.table.setColumnWidth(column, self.table.columnWidth(column) + theme.PADDING)
        self._show_totals()
        self._workspace_selected()

    def follow(self, change: Change) -> None:
        if change.before is change.after:
            return
        count = len(self.model.ids)
        self.model.follow(change)
        if len(self.model.ids) != count or change.edges:
            self._workspace_selected()
        self._show_totals()

    def _show_totals(self) -> None:
        report = self.workspace.document.report
        memory = _("Memory for one sample: {size}").format(size=data_size(report.totals.memory_forward))
        self.totals.setText(" · ".join([*totals_lines(report), memory]))

    # -- selection ----------------------------------------------------------------------------------------------------

    def _table_selected(self) -> None:
        if self._echo:
            return
        rows = {self.sorted.mapToSource(index).row() for index in self._rows().selectedRows()}
        self._echo = True
        try:
            self.workspace.select([self.model.ids[row] for row in rows], reveal=True)
        finally:
            self._echo = False

    def _workspace_selected(self) -> None:
        if self._echo or not self.isVisible():
            return
        chosen = QItemSelection()
        rows = [self.model.rows[one] for one in self.workspace.selection.nodes if one in self.model.rows]
        indexes = [self.sorted.mapFromSource(self.model.index(row, 0)) for row in rows]
        for index in indexes:
            chosen.select(index, index.siblingAtColumn(len(COLUMNS) - 1))
        self._echo = True
        try:
            self._rows().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            if len(indexes) == 1:
                self.table.scrollTo(indexes[0])
        finally:
            self._echo = False

    # -- copies -------------------------------------------------------------------------------------------------------

    def _copy_markdown(self) -> None:
        document = self.workspace.document
        title = document.name or _("Network")
        QGuiApplication.clipboard().setText(exporters["markdown"].function(document.graph, title=title))
        self.workspace.said.emit(_("The table was copied."))

    def _copy_csv(self) -> None:
        QGuiApplication.clipboard().setText(self.model.csv_text())
        self.workspace.said.emit(_("The table was copied."))
