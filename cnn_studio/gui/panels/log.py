"""The panel of the log: what happened in the run that is shown, with the time of each line."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QHeaderView, QTableView, QToolButton, QWidget

from cnn_studio.core.document import Change
from cnn_studio.gui import theme
from cnn_studio.gui.history import LogLine
from cnn_studio.gui.icons import icon, pixmap
from cnn_studio.gui.labels import Text
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _

Index = QModelIndex | QPersistentModelIndex
MARKS = {"info": "info", "epoch": "curves", "warning": "warning", "error": "error"}
SHADES = {"info": "secondary", "epoch": "text", "warning": "warning_text", "error": "error_text"}


class LogModel(QAbstractTableModel):
    """Lines: when, and what."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[LogLine] = []

    def show(self, lines: list[LogLine]) -> None:
        """Show these; where only some came at the end, the others stay as they are."""
        old = len(self.lines)
        if 0 < old <= len(lines) and lines[0] is self.lines[0] and lines[old - 1] is self.lines[-1]:
            if len(lines) > old:
                self.beginInsertRows(QModelIndex(), old, len(lines) - 1)
                self.lines = lines
                self.endInsertRows()
            return
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line, roles = self.lines[index.row()], Qt.ItemDataRole
        if role in (roles.DisplayRole, roles.ToolTipRole):
            return clock(line) if index.column() == 0 else str(line.words)
        if role == roles.ForegroundRole:
            return getattr(theme.current(), SHADES[line.kind] if index.column() else "secondary")
        if role == roles.DecorationRole and index.column() == 1:
            return pixmap(MARKS[line.kind], 14, getattr(theme.current(), SHADES[line.kind]))
        return None


def _at(line: LogLine) -> datetime:
    return datetime.fromtimestamp(line.at, UTC).astimezone()


def clock(line: LogLine) -> str:
    """The time of day of a line; "" where it is not known, as in a run that was read from disk."""
    return _at(line).strftime("%H:%M:%S") if line.at else ""


def text_of(lines: list[LogLine]) -> str:
    """The lines as text, a day before each time."""
    stamps = [_at(line).isoformat(" ", "seconds")[:19] if line.at else "" for line in lines]
    return "".join(f"{stamp}  {line.words}\n".lstrip() for stamp, line in zip(stamps, lines, strict=True))


@panels.declare("log")
class LogPanel(LivePanel):
    """The lines, the latest last and in sight unless somebody reads further up."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.model, self.table, self.copy = LogModel(), QTableView(), QToolButton()
        self.table.setObjectName(f"{self.objectName()}.lines")
        self.table.setModel(self.model)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setShowGrid(False)
        self.table.setStyleSheet("QTableView { background: transparent; }")  # whatever the dock stands on
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.copy.setObjectName(f"{self.objectName()}.copy")
        self.copy.setIcon(icon("copy"))
        self.copy.setIconSize(QSize(16, 16))
        self.copy.clicked.connect(self.copy_all)
        self.empty = Text("secondary", name=f"{self.objectName()}.empty")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.PADDING, theme.UNIT, theme.UNIT, theme.UNIT)
        layout.setSpacing(theme.UNIT)
        layout.addWidget(self.empty, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        workspace.training.logged.connect(self.renew)
        workspace.training.state_changed.connect(self.renew)
        self.retranslate()

    def follow(self, change: Change) -> None:
        """Edits are not logged."""

    def refresh(self) -> None:
        bar = self.table.verticalScrollBar()
        at_the_end = bar.value() >= bar.maximum() - 1
        lines = list(self.workspace.training.history.log)
        self.model.show(lines)
        self.table.setColumnHidden(0, not any(line.at for line in lines))
        self.table.setVisible(bool(lines))
        self.copy.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        if at_the_end:
            self.table.scrollToBottom()

    def copy_all(self) -> None:
        """All lines on the clipboard, or only those that are chosen."""
        chosen = sorted({index.row() for index in self.table.selectedIndexes()})
        lines = [self.model.lines[row] for row in chosen] if len(chosen) > 1 else self.model.lines
        QGuiApplication.clipboard().setText(text_of(lines))
        self.workspace.said.emit(_("The log is on the clipboard"))

    def retranslate(self) -> None:
        self.empty.setText(_("What happens in a run is written here, line by line."))
        font = theme.small_font()
        self.table.setFont(font)
        measure = self.table.fontMetrics()
        self.table.setColumnWidth(0, measure.horizontalAdvance("00:00:00") + 12)
        self.table.verticalHeader().setDefaultSectionSize(measure.height() + 6)
        self.table.setAccessibleName(_("What happened in the run"))
        words = _("Copy the log: the chosen lines, or all")
        self.copy.setToolTip(words)
        self.copy.setAccessibleName(words)
