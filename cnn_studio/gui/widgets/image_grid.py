"""Many small pictures in a grid: pixels stay square and sharp, cursor keys walk, Ctrl and the wheel zoom.

The pictures in view are put together into one image, which is kept until something else is to be seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from cnn_studio.gui.widgets.cells import CAPTION, EDGE, GAP, Cells, filling_zoom, laid, suiting_zoom

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

SIDE = 52
"""Pixels of the longer side of a picture, about, where no zoom is chosen."""
ZOOMS = (0.125, 0.25, 0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32)
"""Pixels on the screen for one of a picture."""
MARK_COLORS: Mapping[str, str] = {"wrong": "#e5484d", "right": "#3c9a50", "dead": "#8a8f9c"}
MARK_SIGNS: Mapping[str, str] = {"wrong": "✕", "right": "✓", "dead": "∅"}
"""Marks are told by a sign as well as by a colour."""


class ImageGrid(QAbstractScrollArea):
    """The grid.

    Signals:
        current_changed(int): another picture has the frame.
        activated(int): a picture was double-clicked, or Enter was pressed.
        hovered(int, int, int): picture, row and column of its pixel under the pointer; -1 each for none.
        zoom_changed: more or fewer pixels of the screen for one of a picture.
    """

    current_changed = Signal(int)
    activated = Signal(int)
    hovered = Signal(int, int, int)
    zoom_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.current = -1
        self.captions: Sequence[str] = ()
        self.marks: Sequence[str] = ()
        self._pictures: Sequence[Array] | Array = ()
        self._table: Array | None = None
        self._zoom: float | None = None
        self._side, self._fills = SIDE, False
        self._largest = 1, 1
        self._kept_cells: Cells | None = None
        self._colors = {name: QColor(color) for name, color in MARK_COLORS.items()}
        self._kept: tuple[object, QImage] | None = None
        self._under = (-1, -1, -1)
        self.verticalScrollBar().valueChanged.connect(self.viewport().update)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def set_pictures(
        self, pictures: Sequence[Array] | Array, captions: Sequence[str] = (), marks: Sequence[str] = ()
    ) -> None:
        """Show these, each of bytes (h, w) or (h, w, 3); or all of them in one array.

        Args:
            captions: a line below each, or none at all.
            marks: for each "", "wrong", "right" or "dead"; or none at all.
        """
        self._pictures, self.captions, self.marks = pictures, captions, marks
        self._kept = None
        shapes = {picture.shape[:2] for picture in pictures} or {(1, 1)}
        self._largest = max(shape[0] for shape in shapes), max(shape[1] for shape in shapes)
        self._set(min(self.current, len(pictures) - 1))
        self._measure()
        self.viewport().update()

    def set_marks(self, marks: Sequence[str]) -> None:
        """Other marks for the same pictures."""
        self.marks = marks
        self.viewport().update()

    def set_table(self, table: Array | None) -> None:
        """Colours (256, 3), bytes, for pictures (h, w); None for greys."""
        if table is not self._table:
            self._table, self._kept = table, None
            self.viewport().update()

    def set_side(self, side: int, *, fills: bool = False) -> None:
        """Pixels of the longer side of a picture, about, as long as nobody zooms; with ``fills`` more where all have room."""
        if (side, fills) != (self._side, self._fills):
            self._side, self._fills = side, fills
            self._relaid()

    def set_mark_colors(self, colors: Mapping[str, QColor]) -> None:
        """Colours of the marks, as the theme has them."""
        self._colors.update(colors)
        self.viewport().update()

    def __len__(self) -> int:
        return len(self._pictures)

    @property
    def zoom(self) -> float:
        """Pixels of the screen for one of a picture."""
        if self._zoom is not None:
            return self._zoom
        if not self._fills:
            return suiting_zoom(self._largest, self._side)
        room = self.viewport().width(), self.viewport().height()
        return filling_zoom(len(self._pictures), self._largest, self._side, room, captions=bool(self.captions))

    def set_zoom(self, zoom: float | None) -> None:
        """So many pixels of the screen for one of a picture; None for what suits the size of the pictures."""
        if zoom != self._zoom:
            self._zoom = None if zoom is None else min(max(zoom, ZOOMS[0]), ZOOMS[-1])
            self._relaid()
            self.zoom_changed.emit()

    def zoom_by(self, steps: int) -> None:
        """Larger or smaller."""
        now = self.zoom
        others = [zoom for zoom in ZOOMS if (zoom > now if steps > 0 else zoom < now)]
        if steps < 0:
            others.reverse()
        if others:
            self.set_zoom(float(others[min(abs(steps), len(others)) - 1]))

    def set_current(self, index: int) -> None:
        """Give a picture the frame and bring it into view; -1 for none."""
        index = min(max(index, -1), len(self._pictures) - 1)
        if self._set(index):
            self._reveal()

    def _set(self, index: int) -> bool:
        if index == self.current:
            return False
        self.current = index
        caption = self.captions[index] if 0 <= index < len(self.captions) else ""
        self.setAccessibleDescription(caption)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.viewport().update()
        self.current_changed.emit(index)
        return True

    # -- where it stands ----------------------------------------------------------------------------------------------

    def _cells(self) -> Cells:
        if self._kept_cells is None:
            room = self.viewport().width()
            self._kept_cells = laid(len(self._pictures), self._largest, self.zoom, room, captions=bool(self.captions))
        return self._kept_cells

    @property
    def columns(self) -> int:
        """How many stand side by side."""
        return self._cells().columns

    def _measure(self) -> None:
        """The scroll bar is told how much there is."""
        self._kept_cells = None
        cells = self._cells()
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(16, cells.down // 2))
        bar.setRange(0, max(0, cells.high - self.viewport().height()))

    def _relaid(self) -> None:
        self._measure()
        self._reveal()
        self.viewport().update()

    def cell(self, index: int) -> QRect:
        """Where a picture stands in the viewport, without its caption."""
        cells = self._cells()
        left, top = cells.place(index)
        return QRect(left, top - self.verticalScrollBar().value(), cells.width, cells.height)

    def at(self, point: QPoint) -> int:
        """The picture at a point of the viewport, its caption counted as well; -1 for none."""
        return self._cells().at(point.x(), point.y() + self.verticalScrollBar().value())

    def _pixel(self, point: QPoint) -> tuple[int, int, int]:
        index = self.at(point)
        if index < 0:
            return -1, -1, -1
        place, zoom = self.cell(index), self.zoom
        height, width = self._pictures[index].shape[:2]
        row, column = int((point.y() - place.top()) / zoom), int((point.x() - place.left()) / zoom)
        return (index, row, column) if row < height and column < width else (-1, -1, -1)

    def _reveal(self) -> None:
        if self.current < 0:
            return
        cells, bar = self._cells(), self.verticalScrollBar()
        top = EDGE + self.current // cells.columns * cells.down
        bottom = top + cells.down - GAP
        if top - EDGE < bar.value():
            bar.setValue(top - EDGE)
        elif bottom + EDGE > bar.value() + self.viewport().height():
            bar.setValue(bottom + EDGE - self.viewport().height())

    # -- painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The image of what is in view, captions and marks."""
        if not len(self._pictures):
            return
        cells = self._cells()
        step = cells.down
        start = max(0, (self.verticalScrollBar().value() - EDGE) // step)
        end = (self.verticalScrollBar().value() + self.viewport().height() - EDGE) // step + 1
        shown = range(start * cells.columns, min(end * cells.columns, len(self._pictures)))
        if not shown:
            return
        with QPainter(self.viewport()) as painter:
            self._paint(painter, cells, shown)

    def _paint(self, painter: QPainter, cells: Cells, shown: range) -> None:
        painter.drawImage(self.cell(shown[0]).topLeft(), self._image(cells, shown))
        if self.captions:
            self._paint_captions(painter, cells, shown)
        for index in shown:
            if index < len(self.marks) and self.marks[index]:
                self._paint_mark(painter, self.cell(index), self.marks[index])
        if self.current in shown:
            pen = QPen(self.palette().highlight().color(), 2)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(self.cell(self.current).adjusted(-2, -2, 2, 2))

    def _image(self, cells: Cells, shown: range) -> QImage:
        """Pictures of some rows beside and below one another, in the pixels of the screen."""
        ratio = self.devicePixelRatioF()
        key = cells, shown, ratio, self.zoom
        if self._kept is not None and self._kept[0] == key:
            return self._kept[1]
        from cnn_studio.gui.widgets.sheets import sheet

        placed = []
        for place, index in enumerate(shown):
            row, column = divmod(place, cells.columns)
            left, top = column * cells.across, row * cells.down
            placed.append((self._pictures[index], round(left * ratio), round(top * ratio)))
        rows = -(-len(shown) // cells.columns)
        size = cells.columns * cells.across, rows * cells.down
        image = sheet(placed, (round(size[0] * ratio), round(size[1] * ratio)), self.zoom * ratio, self._table)
        image.setDevicePixelRatio(ratio)
        self._kept = key, image
        return image

    def _paint_captions(self, painter: QPainter, cells: Cells, shown: range) -> None:
        painter.setFont(self.font())
        painter.setPen(self.palette().placeholderText().color())
        measure = QFontMetrics(self.font())
        for index in shown[: max(0, len(self.captions) - shown.start)]:
            place = self.cell(index)
            area = QRect(place.left(), place.bottom() + 1, cells.width, CAPTION)
            text = measure.elidedText(self.captions[index], Qt.TextElideMode.ElideRight, cells.width + 2)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine), text)

    def _paint_mark(self, painter: QPainter, place: QRect, mark: str) -> None:
        """A frame, and a sign in the corner."""
        color = self._colors[mark]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color, 2, Qt.PenStyle.DotLine if mark == "dead" else Qt.PenStyle.SolidLine))
        painter.drawRect(place.adjusted(0, 0, -1, -1))
        corner = QRect(place.right() - 11, place.top(), 12, 12)
        painter.fillRect(corner, color)
        font = painter.font()
        font.setPixelSize(10)
        painter.setFont(font)
        painter.setPen(QColor("white"))
        painter.drawText(corner, Qt.AlignmentFlag.AlignCenter, MARK_SIGNS[mark])

    # -- hands --------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many in a row as there is room for."""
        super().resizeEvent(event)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        """Other colours or another language."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the pictures."""
        keys, columns = Qt.Key, self._cells().columns
        page = max(1, self.viewport().height() // self._cells().down) * columns
        steps = {
            keys.Key_Left: -1, keys.Key_Right: 1, keys.Key_Up: -columns, keys.Key_Down: columns,
            keys.Key_PageUp: -page, keys.Key_PageDown: page,
        }  # fmt: skip
        key = keys(event.key())
        last = len(self._pictures) - 1
        if key in (keys.Key_Return, keys.Key_Enter) and self.current >= 0:
            self.activated.emit(self.current)
        elif key in (keys.Key_Plus, keys.Key_Minus):
            self.zoom_by(1 if key == keys.Key_Plus else -1)
        elif key in (keys.Key_Home, keys.Key_End):
            self.set_current(min(0, last) if key == keys.Key_Home else last)
        elif key in steps and last >= 0:
            target = self.current + steps[key]
            if self.current < 0:
                self.set_current(0)
            elif 0 <= target <= last or abs(steps[key]) != columns:
                self.set_current(min(max(target, 0), last))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a picture."""
        index = self.at(event.position().toPoint())
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.set_current(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press has said everything."""
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a picture."""
        index = self.at(event.position().toPoint())
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.set_current(index)
            self.activated.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which pixel is under the pointer."""
        self._hover(self._pixel(event.position().toPoint()))

    def viewportEvent(self, event: QEvent) -> bool:
        """The pointer leaves; captions that are cut are shown in full."""
        if event.type() == QEvent.Type.Leave:
            self._hover((-1, -1, -1))
        elif isinstance(event, QHelpEvent) and self.captions:
            index = self.at(event.pos())
            words = self.captions[index] if 0 <= index < len(self.captions) else ""
            QToolTip.showText(event.globalPos(), words, self.viewport())
            return True
        return super().viewportEvent(event)

    def _hover(self, under: tuple[int, int, int]) -> None:
        if under != self._under:
            self._under = under
            self.hovered.emit(*under)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming by Tab, the keyboard is at the first picture."""
        super().focusInEvent(event)
        if self.current < 0 and len(self._pictures) and event.reason() != Qt.FocusReason.MouseFocusReason:
            self.set_current(0)
