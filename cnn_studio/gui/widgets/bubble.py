"""A bubble that points at something in its window, and a frame around what it points at.

It stands over the other widgets, holds nothing up, and follows the place it is given.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cnn_studio.gui import theme
from cnn_studio.gui.icons import pixmap
from cnn_studio.gui.labels import STRONG, TITLE, Text, retheme
from cnn_studio.gui.widgets.main_button import MainButton

WIDTH, NARROW = 384, 304
"""Pixels of the bubble without its shadow, with an arrow and without one."""
AROUND = 14
"""Pixels on every side for the arrow and the shadow."""
ARROW = 10
"""Pixels by which the arrow stands out; half its base."""
GROUND = 4
"""Pixels between what is pointed at and its frame."""
MARGIN = 4
"""Pixels that stay free at the edge of the window."""
DOT, DOT_STEP = 5, 8
MARK = 18


@dataclass(frozen=True)
class Words:
    """What a bubble says.

    Attributes:
        title, text: what there is to know.
        task: what the person is asked to do, or "".
        done: the task is done.
        place, places: which of how many.
        on, back, leave: names of the buttons; without a name there is none.
        spoken: all of it for those who hear it.
    """

    title: str
    text: str = ""
    task: str = ""
    done: bool = False
    place: int = 0
    places: int = 0
    on: str = ""
    back: str = ""
    leave: str = ""
    spoken: str = ""


class Dots(QWidget):
    """How far one has come, as a row of points."""

    def __init__(self) -> None:
        super().__init__()
        self._place, self._places = 0, 0

    def set_place(self, place: int, places: int) -> None:
        """The first is 1."""
        self._place, self._places = place, places
        self.setFixedSize(max(places, 0) * DOT_STEP, DOT_STEP)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Those that were, that which is, and those to come."""
        now = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for number in range(self._places):
                here = number + 1 == self._place
                painter.setBrush(now.accent if number < self._place else now.line)
                size = DOT + 2 if here else DOT
                gap = (DOT_STEP - size) / 2
                painter.drawEllipse(QRectF(number * DOT_STEP + gap, gap, size, size))


class Bubble(QWidget):
    """The bubble. It knows only words and a place.

    Signals:
        on, back, left: the buttons.
    """

    on = Signal()
    back = Signal()
    left = Signal()

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self._around = parent
        self.setObjectName(name)
        self._words: Words | None = None
        self._area: QRect | None = None
        self._wish, self._side, self._tip = "", "", 0.0
        self.title, self.text = Text("text", TITLE, f"{name}.title"), Text("text", name=f"{name}.text")
        self.task = Text("text", STRONG, f"{name}.task")
        self._mark = QLabel()
        self._dots = Dots()
        self.leave_button, self.back_button, self.on_button = (
            self._button(name, part, signal)
            for part, signal in (("leave", self.left), ("back", self.back), ("on", self.on))
        )
        for button in (self.leave_button, self.back_button):
            button.setFlat(True)
        self.on_button.setDefault(True)
        self._lay_out()
        self.hide()

    def _button(self, name: str, part: str, signal: SignalInstance) -> MainButton:
        made = MainButton()
        made.setObjectName(f"{name}.{part}")
        made.setAutoDefault(True)  # Enter presses it
        made.clicked.connect(signal)
        return made

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.task, 1)
        foot = QHBoxLayout()
        foot.setSpacing(theme.UNIT)
        foot.addWidget(self._dots)
        foot.addStretch(1)
        for button in (self.leave_button, self.back_button, self.on_button):
            foot.addWidget(button)
        self._box = QVBoxLayout(self)
        self._box.setSpacing(theme.GAP)
        self._box.setContentsMargins(*[AROUND + theme.GROUP_GAP] * 4)
        self._box.addWidget(self.title)
        self._box.addWidget(self.text)
        self._box.addLayout(row)
        self._box.addSpacing(theme.UNIT)
        self._box.addLayout(foot)

    # -- what it says --------------------------------------------------------------------------------------------------

    @property
    def words(self) -> Words | None:
        """What it says at the moment."""
        return self._words

    def say(self, words: Words) -> None:
        """Say this, if it is not said already."""
        if words == self._words:
            return
        before, self._words = self._words, words
        self.title.setText(words.title)
        self.text.setText(words.text)
        self.text.setVisible(bool(words.text))
        self.task.setText(words.task)
        for part in (self.task, self._mark):
            part.setVisible(bool(words.task))
        self._dots.set_place(words.place, words.places)
        self._dots.setVisible(words.places > 0)
        for button, name in (
            (self.leave_button, words.leave), (self.back_button, words.back), (self.on_button, words.on)
        ):  # fmt: skip
            button.setText(name)
            button.setAccessibleName(name)
            button.setVisible(bool(name))
        self.setAccessibleName(words.title)
        self.setAccessibleDescription(words.spoken)
        self.on_button.setAccessibleDescription(words.spoken)
        self._show_mark()
        self._place()
        if before is None or (before.title, before.place) != (words.title, words.place):
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _show_mark(self) -> None:
        now, done = theme.current(), bool(self._words and self._words.done)
        picture = pixmap("success", MARK, now.success, self.devicePixelRatioF()) if done else pixmap(
            "right", MARK, now.accent, self.devicePixelRatioF()
        )  # fmt: skip
        self._mark.setPixmap(picture)

    def retheme(self) -> None:
        """Colours and fonts of the theme of the moment."""
        retheme(self)
        self._show_mark()
        self._place()
        self.update()

    # -- where it stands -----------------------------------------------------------------------------------------------

    def point_at(self, area: QRect | None, side: str = "") -> None:
        """Stand beside this part of the window and point at it, or without one in a corner.

        On that ``side`` ("left", "right", "above", "below") where there is room, else where it is best.
        """
        if (area, side) != (self._area, self._wish):
            self._area, self._wish = area, side
            self._place()

    def renew_place(self) -> None:
        """The window has another size."""
        self._place()

    def _place(self) -> None:
        around = self._around.rect()
        width = (NARROW if self._area is None else WIDTH) + 2 * AROUND
        size = QSize(width, self._box.totalHeightForWidth(width))
        if self._area is None:
            self._side = ""
            corner = around.bottomRight() - QRect(0, 0, size.width(), size.height()).bottomRight()
            place = QRect(corner, size).translated(-theme.GROUP_GAP, -3 * theme.GROUP_GAP)
        else:
            self._side, place = beside(self._area, size, around, self._wish)
            seen = self._area.intersected(around)
            low, high = (seen.left(), seen.right()) if self._side in ("above", "below") else (seen.top(), seen.bottom())
            start, length = (
                (place.x(), size.width()) if self._side in ("above", "below") else (place.y(), size.height())
            )
            self._tip = min(max((low + high) / 2 - start, length / 4), 3 * length / 4)
            self._tip = min(max(self._tip, low - start + ARROW), high - start - ARROW)
        if place != self.geometry():
            self.setGeometry(place)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A sheet with an arrow, and a soft shadow under it."""
        now = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            sheet = QRectF(self.rect()).adjusted(AROUND, AROUND, -AROUND, -AROUND)
            painter.setPen(Qt.PenStyle.NoPen)
            shade = QColor(0, 0, 0, 20 if now.is_dark else 9)
            for spread in range(1, AROUND - 3, 2):
                painter.setBrush(shade)
                grown = sheet.adjusted(-spread, -spread + 2, spread, spread + 2)
                painter.drawRoundedRect(grown, theme.RADIUS + spread, theme.RADIUS + spread)
            path = QPainterPath()
            path.addRoundedRect(sheet, theme.RADIUS + 2, theme.RADIUS + 2)
            path = path.united(self._arrow(sheet))
            painter.setPen(QPen(now.accent, 1.5))
            painter.setBrush(now.panel)
            painter.drawPath(path)

    def _arrow(self, sheet: QRectF) -> QPainterPath:
        path = QPainterPath()
        if not self._side:
            return path
        upright = self._side in ("above", "below")
        start, end = (sheet.left(), sheet.right()) if upright else (sheet.top(), sheet.bottom())
        at = min(max(self._tip, start + 2 * ARROW), end - 2 * ARROW)
        edge = {"above": sheet.bottom(), "below": sheet.top(), "left": sheet.right(), "right": sheet.left()}[self._side]
        way = ARROW if self._side in ("above", "left") else -ARROW
        base = edge - way / 5  # the base is inside the sheet
        points = [(base, at - ARROW), (edge + way, at), (base, at + ARROW)]
        path.addPolygon(QPolygonF([QPointF(y, x) if upright else QPointF(x, y) for x, y in points]))
        path.closeSubpath()
        return path


def beside(area: QRect, size: QSize, around: QRect, wish: str = "") -> tuple[str, QRect]:
    """On which side of an area a bubble of this size stands, and where: as wished, or in front of the middle, or where
    there is most room. Of a wide area it stands at the right end, so that what is before that is seen.

    Where no side has room enough it stands over the area, which is a large one then, and the side is "".
    """
    seen = area.intersected(around)
    near = GROUND + 2 - (AROUND - ARROW)
    room = around.adjusted(MARGIN - AROUND, MARGIN - AROUND, AROUND - MARGIN, AROUND - MARGIN)
    found: dict[str, QRect] = {}
    costs: dict[str, tuple[bool, float, int]] = {}
    for side in ("below", "above", "right", "left"):
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(seen.center())
        if side in ("below", "above") and seen.width() > size.width():
            place.moveLeft(seen.right() - size.width() // 4)
        if side == "below":
            place.moveTop(seen.bottom() + near)
        elif side == "above":
            place.moveBottom(seen.top() - near)
        elif side == "right":
            place.moveLeft(seen.right() + near)
        else:
            place.moveRight(seen.left() - near)
        free = {
            "below": room.bottom() - place.bottom(), "above": place.top() - room.top(),
            "right": room.right() - place.right(), "left": place.left() - room.left(),
        }[side]  # fmt: skip
        wanted = place.center()
        place.moveLeft(max(room.left(), min(place.left(), room.right() - place.width() + 1)))
        place.moveTop(max(room.top(), min(place.top(), room.bottom() - place.height() + 1)))
        if free >= 0:
            moved = (place.center() - wanted).manhattanLength()
            costs[side] = side != wish, moved, -free
        found[side] = place
    if not costs:
        return "", found["above"]
    side = min(costs, key=lambda name: costs[name])
    return side, found[side]


class Ring(QWidget):
    """A frame around what is pointed at, through which everything can be clicked."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self._around = parent
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def surround(self, area: QRect | None) -> None:
        """Stand around this part of the window, or nowhere."""
        self.setVisible(area is not None)
        if area is not None:
            place = area.adjusted(-GROUND, -GROUND, GROUND, GROUND).intersected(self._around.rect())
            if place != self.geometry():
                self.setGeometry(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line in the colour of what is chosen."""
        now = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            halo = QColor(now.accent)
            halo.setAlpha(70)
            frame = QRectF(self.rect())
            for colour, width in ((halo, GROUND), (now.accent, 1.6)):
                inset = width / 2
                painter.setPen(QPen(colour, width))
                painter.drawRoundedRect(frame.adjusted(inset, inset, -inset, -inset), theme.RADIUS, theme.RADIUS)
