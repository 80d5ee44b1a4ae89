"""One small picture with its true pixels: square, sharp, as large as there is room for."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget


class Pixels(QWidget):
    """The picture, and a box around a part of it.

    Signals:
        hovered(int, int): row and column of the pixel under the pointer, -1 each outside.
    """

    hovered = Signal(int, int)

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._image = QImage()
        self._box: tuple[int, int, int, int] | None = None
        self._line, self._mark, self._ground = QColor("grey"), QColor("blue"), QColor("black")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_colors(self, line: QColor, mark: QColor, ground: QColor) -> None:
        """Colours of the frame, of the box, and of the ground while there is no picture."""
        self._line, self._mark, self._ground = line, mark, ground
        self.update()

    def set_side(self, side: int) -> None:
        """Pixels of the square in which the picture is shown."""
        if side != self._side:
            self._side = side
            self.updateGeometry()
            self.update()

    def set_picture(self, pixels: Any, box: tuple[int, int, int, int] | None = None) -> None:
        """Show bytes (h, w) or (h, w, 3), or None; ``box`` is top, left, bottom, right of a part of it."""
        self._box = box
        if pixels is None:
            self._image = QImage()
        else:
            height, width = pixels.shape[:2]
            form = QImage.Format.Format_Grayscale8 if pixels.ndim == 2 else QImage.Format.Format_RGB888
            channels = 1 if pixels.ndim == 2 else pixels.shape[2]
            self._image = QImage(pixels.tobytes(), width, height, width * channels, form).copy()
        self.update()

    @property
    def is_empty(self) -> bool:
        """Whether there is no picture."""
        return self._image.isNull()

    def _place(self) -> QRect:
        """Where the picture is: whole pixels of the screen for each of its own, where it is enlarged."""
        ratio = self.devicePixelRatioF()
        room = self._side * ratio
        largest = max(self._image.width(), self._image.height(), 1)
        scale = room / largest
        if scale >= 1:
            scale = int(scale)
        width, height = (round(n * scale / ratio) for n in (self._image.width(), self._image.height()))
        return QRect((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture in its frame."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._ground if self.is_empty else Qt.GlobalColor.black)
            if not self.is_empty:
                place = self._place()
                small = self._image.width() < place.width()
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not small)
                painter.drawImage(place, self._image)
                if self._box is not None:
                    self._paint_box(painter, place)
            painter.setPen(QPen(self._line, 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_box(self, painter: QPainter, place: QRect) -> None:
        assert self._box is not None
        top, left, bottom, right = self._box
        scale = place.width() / max(1, self._image.width())
        painter.setPen(QPen(self._mark, 1, Qt.PenStyle.DashLine))
        painter.drawRect(
            QRect(
                place.x() + round(left * scale), place.y() + round(top * scale),
                max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale)),
            ).adjusted(-1, -1, 0, 0)
        )  # fmt: skip

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the pixel under the pointer."""
        place, at = self._place(), event.position().toPoint()
        if self.is_empty or not place.contains(at):
            self.hovered.emit(-1, -1)
            return
        scale = place.width() / self._image.width()
        self.hovered.emit(int((at.y() - place.y()) / scale), int((at.x() - place.x()) / scale))

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(self._side + 2, self._side + 2)
