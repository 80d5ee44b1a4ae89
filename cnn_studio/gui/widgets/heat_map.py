"""A field of colours with an axis up and an axis to the right: how something is spread, moment by moment."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLineF, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

BELOW = 16
"""Pixels of the line of numbers below."""


class HeatMap(QWidget):
    """The field. Columns go to the right, rows upwards.

    Signals:
        chosen(int): a column was clicked.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._columns: Sequence[str] = ()
        self._rows: tuple[str, str] = "", ""
        self._zero: float | None = None
        self._tips: Sequence[str] = ()
        self._marked = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Some room."""
        return QSize(220, 110)

    def minimumSizeHint(self) -> QSize:
        """Enough to see a shape."""
        return QSize(90, 60)

    def set_field(
        self, image: QImage | None, columns: Sequence[str], rows: tuple[str, str], zero: float | None = None
    ) -> None:
        """Show an image with a pixel for each column and row, the highest row first.

        Args:
            columns: a number or name for each column; the first and the last are written.
            rows: what the lower and the upper end mean.
            zero: where zero lies between them, from 0 to 1; None where it does not.
        """
        self._image = image
        self._columns, self._rows, self._zero = columns, rows, zero
        self.update()

    def set_tips(self, tips: Sequence[str]) -> None:
        """What is said of each column."""
        self._tips = tips

    def mark(self, column: int) -> None:
        """Mark a column; -1 for none."""
        if column != self._marked:
            self._marked = column
            self.update()

    def _field(self) -> QRectF:
        measure = QFontMetrics(self.font())
        left = max(measure.horizontalAdvance(text) for text in self._rows) + 6
        return QRectF(left, 2, max(1, self.width() - left - 2), max(1, self.height() - BELOW - 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Colours, ends of the axes, zero and the mark."""
        if self._image is None:
            return
        field, colors = self._field(), self.palette()
        with QPainter(self) as painter:
            painter.drawImage(field, self._image)
            painter.setFont(self.font())
            painter.setPen(colors.placeholderText().color())
            right, top = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignTop
            beside = QRectF(0, field.top(), field.left() - 6, field.height())
            painter.drawText(beside, int(right | top), self._rows[1])
            painter.drawText(beside, int(right | Qt.AlignmentFlag.AlignBottom), self._rows[0])
            below = QRectF(field.left(), field.bottom() + 2, field.width(), BELOW - 2)
            painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft | top), self._columns[0])
            if len(self._columns) > 1:
                painter.drawText(below, int(right | top), self._columns[-1])
            if self._zero is not None:
                y = field.bottom() - self._zero * field.height()
                painter.setPen(QPen(colors.highlightedText().color(), 1, Qt.PenStyle.DotLine))
                painter.drawLine(QLineF(field.left(), y, field.right(), y))
            if 0 <= self._marked < len(self._columns):
                wide = field.width() / len(self._columns)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colors.highlight().color(), 2))
                painter.drawRect(QRectF(field.left() + self._marked * wide, field.top(), wide, field.height()))

    def _column(self, point: QPoint) -> int:
        field = self._field()
        if self._image is None or not field.contains(point.toPointF()):
            return -1
        return min(int((point.x() - field.left()) / field.width() * len(self._columns)), len(self._columns) - 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a column."""
        column = self._column(event.position().toPoint())
        if column >= 0:
            self.chosen.emit(column)

    def event(self, event: QEvent) -> bool:
        """What is said of the column under the pointer."""
        if isinstance(event, QHelpEvent):
            column = self._column(event.pos())
            QToolTip.showText(event.globalPos(), self._tips[column] if 0 <= column < len(self._tips) else "", self)
            return True
        return super().event(event)
