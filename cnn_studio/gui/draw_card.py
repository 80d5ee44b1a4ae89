"""The card of the first page that leads to the pad: a digit in pixels, and what one can do with it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from cnn_studio.gui import theme
from cnn_studio.i18n import _

CARD = QSize(436, 104)
PICTURE = 76
SEVEN = ((0.26, 0.26), (0.74, 0.26), (0.46, 0.80))
"""The strokes of the picture, in parts of its side."""
SHARES = (0.9, 0.34, 0.12)


class DrawCard(QAbstractButton):
    """Leads to the pad with a network that has learned already."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("welcome.draw")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(CARD)
        self._words = ""
        self.retranslate()

    def retranslate(self) -> None:
        """Texts of the moment."""
        self.setText(_("Draw a digit"))
        self._words = _("A network that has learned already says which digit it is, while you draw, and shows how.")
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(self._words)
        self.setToolTip("")
        self.update()

    def sizeHint(self) -> QSize:
        """Always the same."""
        return CARD

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture on the left, the words beside it."""
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        painter.setPen(now.accent if self.hasFocus() or self.underMouse() else now.line)
        painter.setBrush(now.hover if self.isDown() else now.panel)
        painter.drawRoundedRect(frame, theme.RADIUS, theme.RADIUS)
        top = (CARD.height() - PICTURE) / 2
        self._paint_picture(painter, QRectF(top, top, PICTURE, PICTURE))
        words = QRectF(top + PICTURE + theme.GROUP_GAP, top, CARD.width() - PICTURE - 2 * top - 16, PICTURE)
        painter.setFont(theme.title_font())
        painter.setPen(now.text)
        painter.drawText(words, Qt.AlignmentFlag.AlignTop, self.text())
        painter.setFont(theme.text_font())
        painter.setPen(now.secondary)
        painter.drawText(words.adjusted(0, 28, 0, 0), Qt.TextFlag.TextWordWrap, self._words)
        painter.end()

    def _paint_picture(self, painter: QPainter, area: QRectF) -> None:
        now = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.canvas)
        painter.drawRoundedRect(area, 4, 4)
        path = QPainterPath()
        for number, (x, y) in enumerate(SEVEN):
            place = QPointF(area.x() + x * 48, area.y() + y * area.height())
            path.lineTo(place) if number else path.moveTo(place)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(now.text, 6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)
        for row, share in enumerate(SHARES):
            painter.setBrush(now.accent if not row else now.edge)
            painter.drawRoundedRect(QRectF(area.x() + 48, area.y() + 22 + 13 * row, 24 * share, 7), 2, 2)
