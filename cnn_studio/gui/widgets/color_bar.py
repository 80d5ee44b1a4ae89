"""The colours of a map from one end to the other, with the values that they stand for."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

HEIGHT, BAR = 26, 8
"""Pixels of the whole, and of its colours."""


class ColorBar(QWidget):
    """The scale of the pictures beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._labels: tuple[str, str, str] = ("", "", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One line of numbers below the colours."""
        return QSize(120, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def set_scale(self, table: Any, low: str, middle: str, high: str) -> None:
        """Colours (256, 3), bytes, from the lowest value to the highest, and what stands below; None for no colours."""
        labels = low, middle, high
        if table is None:
            self._image = None
        else:
            data = table.tobytes()
            self._image = QImage(data, len(table), 1, 3 * len(table), QImage.Format.Format_RGB888).copy()
        self._labels = labels
        self.setAccessibleDescription(" ".join(label for label in labels if label))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Colours above, numbers below."""
        if self._image is None:
            return
        with QPainter(self) as painter:
            painter.drawImage(QRect(0, 0, self.width(), BAR), self._image)
            painter.setFont(self.font())
            painter.setPen(self.palette().placeholderText().color())
            area = QRect(0, BAR, self.width(), HEIGHT - BAR)
            alignments = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
            for label, alignment in zip(self._labels, alignments, strict=True):
                painter.drawText(area, int(alignment | Qt.AlignmentFlag.AlignVCenter), label)
