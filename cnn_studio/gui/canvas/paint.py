"""How things on the canvas look: cards, cables, frames. Everything is drawn in points of the network."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QApplication

from cnn_studio.core.arrange import CARD
from cnn_studio.core.export.figure.routing import Path
from cnn_studio.gui import icons
from cnn_studio.gui.canvas.faces import Face
from cnn_studio.gui.canvas.geometry import Box, Point
from cnn_studio.gui.theme import RADIUS, Theme

MARGIN = 20.0
"""Points around a card for its shadow, its badge and its note."""
BRIEF, SPECK = 0.5, 0.24
"""Below the first scale a card shows its name alone, below the second only its colour."""
INSIDE = 12.0
"""Points between the edge of a card and its texts."""
ARROW = 7.0


@cache
def font(size: int, weight: int = QFont.Weight.Normal) -> QFont:
    """The interface's font in points of the network, with figures of one width."""
    made = QFont(QApplication.font())
    made.setPixelSize(size)
    made.setWeight(QFont.Weight(weight))
    made.setFeature(QFont.Tag("tnum"), 1)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


@cache
def metrics(size: int, weight: int = QFont.Weight.Normal) -> QFontMetricsF:
    """Widths of texts in that font."""
    return QFontMetricsF(font(size, weight))


def rect(box: Box) -> QRectF:
    """A box as Qt has it."""
    return QRectF(box.left, box.top, box.right - box.left, box.bottom - box.top)


def faded(colour: QColor, alpha: float) -> QColor:
    """The colour, as if seen through."""
    made = QColor(colour)
    made.setAlphaF(alpha * colour.alphaF())
    return made


def card_picture(
    face: Face, theme: Theme, level: float, *, is_group: bool, brief: bool, pictured: bool = False
) -> QPixmap:
    """A card with its margin, at ``level`` pixels a point; with room for a picture where it is ``pictured``."""
    width, height = CARD[0] + 2 * MARGIN, CARD[1] + 2 * MARGIN
    made = QPixmap(max(1, round(width * level)), max(1, round(height * level)))
    made.fill(Qt.GlobalColor.transparent)
    with QPainter(made) as painter:
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.scale(made.width() / width, made.height() / height)
        painter.translate(MARGIN, MARGIN)
        draw_card(painter, face, theme, is_group=is_group, brief=brief, pictured=pictured)
    return made


def draw_card(
    painter: QPainter, face: Face, theme: Theme, *, is_group: bool, brief: bool = False, pictured: bool = False
) -> None:
    """A card with its top left corner at (0, 0)."""
    width, height = CARD
    _draw_body(painter, theme, QRectF(0, 0, width, height), is_group, error=bool(face.errors))
    bar = QPainterPath()
    bar.addRoundedRect(QRectF(0, 0, width, height), RADIUS, RADIUS)
    painter.save()
    painter.setClipPath(bar)
    painter.fillRect(QRectF(0, 0, 4, height), theme.family(face.family))
    painter.restore()
    if brief and pictured:
        _text(painter, QRectF(INSIDE, 3, width - INSIDE - 8, 27), face.brief, theme.text, 21, QFont.Weight.DemiBold)
    elif brief:
        _draw_brief(painter, face, theme)
    elif pictured:
        _draw_line(painter, face, theme)
    else:
        _draw_texts(painter, face, theme)
    if face.errors or face.warnings:
        draw_badge(painter, theme, face.errors, face.warnings)


def _draw_body(painter: QPainter, theme: Theme, area: QRectF, is_group: bool, *, error: bool) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    shadow = QColor(0, 0, 0, 26 if theme.is_dark else 9)
    for spread, down in ((3.0, 3.0), (2.0, 2.0), (1.0, 1.5)):
        painter.setBrush(shadow)
        painter.drawRoundedRect(area.adjusted(-spread, -spread + down, spread, spread + down), RADIUS + 3, RADIUS + 3)
    line = theme.line if theme.is_dark else theme.line.darker(106)
    if is_group:
        for step in (6.0, 3.0):
            painter.setPen(QPen(line, 1))
            painter.setBrush(theme.panel)
            painter.drawRoundedRect(area.translated(step, step), RADIUS, RADIUS)
    painter.setPen(QPen(theme.error, 1.5) if error else QPen(line, 1))
    painter.setBrush(theme.panel)
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


def _draw_brief(painter: QPainter, face: Face, theme: Theme) -> None:
    """The name alone, large, with its icon; a long one smaller and in its place, or cut in its middle, for its end
    tells it from others."""
    beside, alone = QRectF(48, 0, CARD[0] - 56, CARD[1]), QRectF(INSIDE, 0, CARD[0] - INSIDE - 8, CARD[1])
    semibold = QFont.Weight.DemiBold
    for room, size in ((beside, 22), (beside, 20), (beside, 18), (alone, 18), (alone, 17), (alone, 16)):
        if metrics(size, semibold).horizontalAdvance(face.brief) <= room.width():
            break
    name = metrics(size, semibold).elidedText(face.brief, Qt.TextElideMode.ElideMiddle, room.width())
    if room is beside:
        icons.paint(painter, QRectF(INSIDE, CARD[1] / 2 - 14, 28, 28), face.icon, theme.family(face.family))
    _text(painter, room, name, theme.text, size, semibold)


def _draw_line(painter: QPainter, face: Face, theme: Theme) -> None:
    """Name and shape in one line: the rest of the card is a picture's."""
    width = CARD[0]
    icons.paint(painter, QRectF(INSIDE, 6, 15, 15), face.icon, theme.family(face.family))
    end = width - 8 - (12 if face.errors or face.warnings else 0)
    taken = metrics(11).horizontalAdvance(face.shape) + 6
    _draw_name(painter, QRectF(32, 4, end - 32 - taken, 19), face, theme)
    colour = theme.secondary if face.fits else theme.error_text
    _text(painter, QRectF(32, 4, end - 32, 19), face.shape, colour, 11, align=Qt.AlignmentFlag.AlignRight)
    _draw_note(painter, face, theme)


def _draw_texts(painter: QPainter, face: Face, theme: Theme) -> None:
    width = CARD[0]
    icons.paint(painter, QRectF(INSIDE, 9, 16, 16), face.icon, theme.family(face.family))
    room = width - 34 - 10 - (14 if face.errors or face.warnings else 0)
    _draw_name(painter, QRectF(34, 7, room, 20), face, theme)
    _text(painter, QRectF(INSIDE, 27, width - INSIDE - 8, 16), face.detail, theme.secondary, 12)
    parameters = face.parameters
    bold = metrics(13, QFont.Weight.DemiBold).horizontalAdvance(face.shape)
    if parameters and bold + metrics(12).horizontalAdvance(parameters) > width - INSIDE - 18:
        parameters = face.short
    taken = metrics(12).horizontalAdvance(parameters) + 8 if parameters else 0.0
    colour = theme.text if face.fits else theme.error_text
    _text(painter, QRectF(INSIDE, 47, width - INSIDE - 10 - taken, 18), face.shape, colour, 13, QFont.Weight.DemiBold)
    right = Qt.AlignmentFlag.AlignRight
    _text(painter, QRectF(INSIDE, 47, width - INSIDE - 10, 18), parameters, theme.secondary, 12, align=right)
    _draw_note(painter, face, theme)


def _draw_name(painter: QPainter, room: QRectF, face: Face, theme: Theme) -> None:
    """The whole name, or without that of the frame around it; cut in its middle, for its end tells it from others."""
    measure = metrics(13, QFont.Weight.DemiBold)
    whole = measure.horizontalAdvance(face.title) <= room.width()
    name = face.title if whole else measure.elidedText(face.brief, Qt.TextElideMode.ElideMiddle, room.width())
    _text(painter, room, name, theme.text, 13, QFont.Weight.DemiBold)


def _draw_note(painter: QPainter, face: Face, theme: Theme) -> None:
    if face.note:
        _text(painter, QRectF(2, CARD[1] + 4, CARD[0] - 4, 15), f"✎ {face.note}", theme.secondary, 11)


def _text(  # noqa: PLR0917 - one call of Qt, with its font
    painter: QPainter,
    area: QRectF,
    text: str,
    colour: QColor,
    size: int,
    weight: int = QFont.Weight.Normal,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    if not text:
        return
    measure = metrics(size, weight)
    if measure.horizontalAdvance(text) > area.width():
        text = measure.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.setFont(font(size, weight))
    painter.setPen(colour)
    painter.drawText(area, int(align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), text)


def draw_badge(painter: QPainter, theme: Theme, errors: int, warnings: int) -> None:
    """A red disc for errors, an amber triangle for warnings, with their number when there are several."""
    x, y = CARD[0] - 4, 4.0
    painter.setPen(QPen(theme.panel, 2))
    if errors:
        painter.setBrush(theme.error)
        painter.drawEllipse(QPointF(x, y), 10, 10)
        colour, count, area = QColor("#ffffff"), errors, QRectF(x - 10, y - 10, 20, 20)
    else:
        painter.setBrush(theme.warning)
        corners = [QPointF(x, y - 11), QPointF(x + 12, y + 9), QPointF(x - 12, y + 9)]
        painter.drawPolygon(QPolygonF(corners))
        colour, count, area = QColor("#241a00"), warnings, QRectF(x - 10, y - 7, 20, 18)
    painter.setFont(font(11, QFont.Weight.Bold))
    painter.setPen(colour)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(count) if count > 1 else "!")


# -- cables -----------------------------------------------------------------------------------------------------------


def qt_path(path: Path, cut: float = 0.0) -> QPainterPath:
    """A way as Qt draws it, ``cut`` points short of its end for the arrow head."""
    made = QPainterPath(QPointF(*path.start))
    for index, part in enumerate(path.segments):
        last = index == len(path.segments) - 1
        points = [QPointF(*point) for point in part]
        if last and cut:
            points[-1] = QPointF(points[-1].x() - cut, points[-1].y())
        if len(points) == 1:
            made.lineTo(points[0])
        else:
            made.cubicTo(*points)
    return made


def draw_cable(painter: QPainter, path: QPainterPath, end: Point, pen: QPen) -> None:
    """A connection with its arrow head; it arrives from the left."""
    draw_cables(painter, [(path, end)], pen)


def draw_cables(painter: QPainter, cables: Iterable[tuple[QPainterPath, Point]], pen: QPen) -> None:
    """Connections that look alike."""
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ends = []
    for path, end in cables:
        painter.drawPath(path)
        ends.append(end)
    size = ARROW + pen.widthF()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(pen.color())
    for x, y in ends:
        painter.drawPolygon([QPointF(x, y), QPointF(x - size, y - size * 0.5), QPointF(x - size, y + size * 0.5)])


def draw_label(painter: QPainter, theme: Theme, at: Point, text: str, colour: QColor | None = None) -> None:
    """A small text on a ground of its own, centred at a point."""
    width = metrics(11).horizontalAdvance(text) + 12
    area = QRectF(at[0] - width / 2, at[1] - 9, width, 18)
    painter.setPen(QPen(colour or theme.line, 1))
    painter.setBrush(theme.panel)
    painter.drawRoundedRect(area, 9, 9)
    painter.setFont(font(11))
    painter.setPen(colour or theme.text)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)


def draw_frame(painter: QPainter, theme: Theme, box: Box, *, chosen: bool) -> None:
    """The quiet frame of an open group."""
    painter.setBrush(faded(theme.text, 0.035))
    painter.setPen(QPen(theme.accent if chosen else theme.line, 2.0 if chosen else 1.0))
    painter.drawRoundedRect(rect(box), 10, 10)


def draw_title(painter: QPainter, theme: Theme, box: Box, title: str, scale: float) -> None:
    """The title of an open group, on ground of its own over the connections that pass."""
    area, size = rect(box), 12 if scale >= BRIEF else 20
    room = QRectF(area.left() + 30, area.top() + 6, area.width() - 46, 24)
    width = min(metrics(size, QFont.Weight.DemiBold).horizontalAdvance(title), room.width())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faded(theme.canvas, 0.9))
    painter.drawRoundedRect(QRectF(area.left() + 8, area.top() + 7, width + 28, 21), 6, 6)
    painter.setPen(QPen(theme.secondary, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    x, y = area.left() + 18, area.top() + 17
    painter.drawPolyline([QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)])
    _text(painter, room, title, theme.secondary, size, QFont.Weight.DemiBold)
