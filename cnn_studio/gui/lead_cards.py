"""The cards of the first page that lead on: to the pad, and into the tour. A picture, and what one can do."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QToolButton

from cnn_studio.gui import icons, theme
from cnn_studio.i18n import _

CARD = QSize(436, 104)
PICTURE = 76
SEVEN = ((0.26, 0.26), (0.74, 0.26), (0.46, 0.80))
"""The strokes of the picture, in parts of its side."""
SHARES = (0.9, 0.34, 0.12)
CLOSE = 24


class LeadCard(QAbstractButton):
    """Base of the cards: the picture on the left, a name and a sentence beside it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(CARD)
        self._words = ""
        self.retranslate()

    def texts(self) -> tuple[str, str]:
        """Name and sentence in the language of the moment."""
        raise NotImplementedError

    def paint_picture(self, painter: QPainter, area: QRectF) -> None:
        """What stands on the left."""
        raise NotImplementedError

    def retranslate(self) -> None:
        """Texts of the moment."""
        title, self._words = self.texts()
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(self._words)
        self.setToolTip("")
        self.update()

    def sizeHint(self) -> QSize:
        """Always the same."""
        return CARD

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture on the left, the words beside it."""
        now = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            frame = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
            painter.setPen(now.accent if self.hasFocus() or self.underMouse() else now.line)
            painter.setBrush(now.hover if self.isDown() else now.panel)
            painter.drawRoundedRect(frame, theme.RADIUS, theme.RADIUS)
            top = (CARD.height() - PICTURE) / 2
            area = QRectF(top, top, PICTURE, PICTURE)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.canvas)
            painter.drawRoundedRect(area, 4, 4)
            self.paint_picture(painter, area)
            words = QRectF(top + PICTURE + theme.GROUP_GAP, top, CARD.width() - PICTURE - 2 * top - 16, PICTURE)
            painter.setFont(theme.title_font())
            painter.setPen(now.text)
            painter.drawText(words, Qt.AlignmentFlag.AlignTop, self.text())
            painter.setFont(theme.text_font())
            painter.setPen(now.secondary)
            painter.drawText(words.adjusted(0, 28, 0, 0), Qt.TextFlag.TextWordWrap, self._words)


class DrawCard(LeadCard):
    """Leads to the pad with a network that has learned already."""

    def __init__(self) -> None:
        super().__init__("welcome.draw")

    def texts(self) -> tuple[str, str]:
        return (
            _("Draw a digit"),
            _("A network that has learned already says which digit it is, while you draw, and shows how."),
        )

    def paint_picture(self, painter: QPainter, area: QRectF) -> None:
        """A seven, and bars of an answer."""
        now = theme.current()
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


class TourCard(LeadCard):
    """Leads into the tour; the cross in its corner puts it away for good.

    Signals:
        declined: the cross was pressed.
    """

    declined = Signal()

    def __init__(self) -> None:
        self.close_button = QToolButton()
        super().__init__("welcome.tour")
        self.close_button.setParent(self)
        self.close_button.setObjectName("welcome.tour.close")
        self.close_button.setCursor(Qt.CursorShape.ArrowCursor)
        self.close_button.setIcon(icons.icon("close"))
        self.close_button.setIconSize(QSize(12, 12))
        self.close_button.setGeometry(CARD.width() - CLOSE - 6, 6, CLOSE, CLOSE)
        self.close_button.clicked.connect(self.declined)

    def texts(self) -> tuple[str, str]:
        self.close_button.setToolTip(_("Offer the tour no longer; it stays in the Help menu"))
        self.close_button.setAccessibleName(self.close_button.toolTip())
        return (
            _("Take the tour"),
            _(
                "In five minutes from the first click to a network that reads your handwriting. Leave whenever you like."
            ),
        )

    def paint_picture(self, painter: QPainter, area: QRectF) -> None:
        """Two layers, and a bubble that points at one of them."""
        now = theme.current()
        x, y = area.x(), area.y()
        painter.setPen(QPen(now.edge, 2))
        painter.drawLine(QPointF(x + 28, y + 55), QPointF(x + 48, y + 55))
        painter.setPen(Qt.PenStyle.NoPen)
        for left, colour in ((10, now.edge), (48, now.edge)):
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(x + left, y + 46, 18, 18), 3, 3)
        painter.setBrush(now.accent)
        painter.drawRoundedRect(QRectF(x + 12, y + 11, 52, 22), 4, 4)
        painter.drawPolygon(QPolygonF([QPointF(x + 52, y + 32), QPointF(x + 57, y + 42), QPointF(x + 62, y + 32)]))
        painter.setBrush(now.on_accent)
        for number in range(3):
            painter.drawEllipse(QPointF(x + 28 + 10 * number, y + 22), 2.4, 2.4)
