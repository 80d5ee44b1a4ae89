"""The list of the palette: headings that fold, entries with their family's colour and icon, to be clicked or dragged."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPen, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from cnn_studio.gui import icons, theme
from cnn_studio.gui.catalogue import MIME, Entry
from cnn_studio.i18n import _

ENTRY = Qt.ItemDataRole.UserRole
ROW = 28
"""Pixels of an entry's height."""
Index = QModelIndex | QPersistentModelIndex


class ShelfModel(QStandardItemModel):
    """Headings with entries under them, or entries alone."""

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        keys = [entry.key for index in indexes if isinstance(entry := index.data(ENTRY), Entry)]
        if keys:
            data.setData(MIME, keys[0].encode("utf-8"))
        return data

    def fill(self, entries: Sequence[Entry], *, headings: bool) -> None:
        """Show these entries."""
        self.clear()
        under = self.invisibleRootItem()
        last = ""
        for entry in entries:
            if headings and entry.heading != last:
                last = entry.heading
                under = QStandardItem(_(entry.heading))
                under.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                under.setAccessibleText(_(entry.heading))
                under.setData(entry.heading, ENTRY)
                self.appendRow(under)
            item = QStandardItem(_(entry.label))
            item.setData(entry, ENTRY)
            item.setAccessibleText(_(entry.label))
            item.setToolTip(_(entry.label))
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
                | Qt.ItemFlag.ItemNeverHasChildren
            )  # fmt: skip
            under.appendRow(item)


class ShelfDelegate(QStyledItemDelegate):
    """Paints a heading, or an entry with the bar of its family."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        is_entry = isinstance(index.data(ENTRY), Entry)
        return QSize(60, ROW if is_entry else ROW + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(ENTRY)
        colours = theme.current()
        state = option.state
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = box.adjusted(theme.UNIT, 1, -theme.UNIT, -1)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.selection)
            painter.drawRoundedRect(ground, theme.RADIUS, theme.RADIUS)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.hover)
            painter.drawRoundedRect(ground, theme.RADIUS, theme.RADIUS)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(colours.accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(ground.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
        if isinstance(entry, Entry):
            self._entry(painter, box, entry, str(index.data()))
        else:
            is_open = bool(state & QStyle.StateFlag.State_Open)
            self._heading(painter, box, str(index.data()), is_open)
        painter.restore()

    def _entry(self, painter: QPainter, box: QRectF, entry: Entry, text: str) -> None:
        colours = theme.current()
        color = colours.family(entry.family) if entry.family else colours.secondary
        left, middle = box.left() + theme.PADDING, box.center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(QRectF(left, middle - 8, 3, 16), 1.5, 1.5)
        size = theme.ICON_SIZE - 2
        icons.paint(painter, QRectF(left + 11, middle - size / 2, size, size), entry.icon, color)
        self._text(painter, box, left + 11 + size + theme.GAP, text, theme.text_font())

    def _heading(self, painter: QPainter, box: QRectF, text: str, is_open: bool) -> None:
        colours = theme.current()
        left, middle = box.left() + theme.GAP, box.center().y()
        icons.paint(painter, QRectF(left, middle - 6, 12, 12), "down" if is_open else "right", colours.secondary)
        font = theme.small_font()
        font.setWeight(QFont.Weight.DemiBold)
        painter.setPen(colours.secondary)
        self._text(painter, box, left + 18, text, font, secondary=True)

    def _text(
        self, painter: QPainter, box: QRectF, left: float, text: str, font: QFont, *, secondary: bool = False
    ) -> None:
        painter.setFont(font)
        painter.setPen(theme.current().secondary if secondary else theme.current().text)
        room = box.right() - left - theme.GAP
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(QRectF(left, box.top(), room, box.height()), Qt.AlignmentFlag.AlignVCenter, shown)


class Shelf(QTreeView):
    """The list.

    Signals:
        picked(Entry): a click or Enter on an entry.
        pointed(Entry or None): the entry under the pointer or the keyboard's focus.
        went_up: the arrow key went up from the first row.
    """

    picked = Signal(object)
    pointed = Signal(object)
    went_up = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.shown = ShelfModel(self)
        self.setModel(self.shown)
        self.setItemDelegate(ShelfDelegate(self))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setStyleSheet("QTreeView { background: transparent; }")  # whatever the dock stands on
        self._second = False
        self.clicked.connect(self._clicked)
        self.entered.connect(lambda index: self.pointed.emit(entry_of(index)))

    def _clicked(self, index: QModelIndex) -> None:
        if self._second:  # the end of a double click: its first half has done it
            self._second = False
            return
        entry = entry_of(index)
        if entry is not None:
            self.picked.emit(entry)
        else:
            self.setExpanded(index, not self.isExpanded(index))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self._second = True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._second = False
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._second = False
            if index.isValid():
                self._clicked(index)
        elif event.key() == Qt.Key.Key_Up and index.isValid() and not self.indexAbove(index).isValid():
            self.went_up.emit()
        else:
            super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.pointed.emit(entry_of(current))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(entry_of(self.currentIndex()))


def entry_of(index: Index) -> Entry | None:
    """The entry of a row; None for a heading."""
    entry = index.data(ENTRY) if index.isValid() else None
    return entry if isinstance(entry, Entry) else None
