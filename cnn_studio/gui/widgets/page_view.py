"""A page to read: text in a column of a good width, with tables, code and pictures, in the colours that it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRectF, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

LETTERS, LEAST = 78, 600
"""Letters of a line, about, and pixels that it has where there is room."""
MARGIN = 24
"""Pixels around the column, at least."""
INDENT = 18
"""Pixels by which lists stand in."""
ROUND = 6
"""Pixels by which the corners of pictures are rounded."""

Find = Callable[[str], QImage]
"""Gives the picture of a name; one of no size where there is none."""


class PageView(QTextBrowser):
    """A page.

    Signals:
        followed(str): a link was clicked.
    """

    followed = Signal(str)

    def __init__(self, find: Find, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find = find
        self._html = self._sheet = ""
        self._drawn = 0
        self._line = QColor()
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # the column does not jump
        self.document().setDocumentMargin(0)
        self.document().setIndentWidth(INDENT)
        self.anchorClicked.connect(lambda url: self.followed.emit(url.toString()))

    @property
    def column(self) -> int:
        """Pixels of the width of the text."""
        room = self.width() - self.verticalScrollBar().sizeHint().width() - 2 * MARGIN
        return max(1, min(room, max(self.fontMetrics().averageCharWidth() * LETTERS, LEAST)))

    def show_page(self, html: str, sheet: str, line: QColor) -> None:
        """Show a page from its beginning; ``sheet`` is its style, ``line`` the colour around pictures."""
        self._html, self._sheet, self._line = html, sheet, line
        self._lay_out()
        self._draw()

    def place(self) -> float:
        """How far it is scrolled, in parts of the whole."""
        bar = self.verticalScrollBar()
        return bar.value() / max(1, bar.maximum())

    def go_to(self, place: float) -> None:
        """Scroll as far."""
        bar = self.verticalScrollBar()
        bar.setValue(round(place * bar.maximum()))

    def _lay_out(self) -> None:
        side = (self.width() - self.verticalScrollBar().sizeHint().width() - self.column) // 2
        self.setViewportMargins(side, MARGIN, side, 0)

    def _draw(self) -> None:
        document = self.document()
        document.setDefaultFont(self.font())
        document.setDefaultStyleSheet(self._sheet)
        document.clear()
        self._drawn = self.column
        self.setHtml(self._html)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The column stays in the middle, and pictures fit into it."""
        self._lay_out()
        super().resizeEvent(event)
        if self._html and self.column != self._drawn:
            place = self.place()
            self._draw()
            self.go_to(place)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """A picture, as wide as the column at most, with a line around it; nothing is fetched from anywhere."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return None
        picture = self._find(QUrl(name).toString())
        return None if picture.isNull() else self._framed(picture)

    def _framed(self, picture: QImage) -> QImage:
        ratio = self.devicePixelRatioF()
        width = min(picture.width(), self.column - 2)
        size = (QRectF(0, 0, width, width * picture.height() / picture.width()).size() * ratio).toSize()
        smooth = Qt.TransformationMode.SmoothTransformation
        scaled = picture.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        framed = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        framed.fill(Qt.GlobalColor.transparent)
        with QPainter(framed) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            border = QPainterPath()
            border.addRoundedRect(QRectF(framed.rect()).adjusted(0.5, 0.5, -0.5, -0.5), ROUND * ratio, ROUND * ratio)
            painter.setClipPath(border)
            painter.drawImage(0, 0, scaled)
            painter.setClipping(False)
            painter.setPen(QPen(self._line, ratio))
            painter.drawPath(border)
        framed.setDevicePixelRatio(ratio)
        return framed
