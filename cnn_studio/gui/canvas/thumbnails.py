"""Small pictures on the cards: what each layer makes of the sample, live while the network learns.

One walk through the network gives them all; they are put together where the weights are, and drawn here.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QRegion

from cnn_studio.core.arrange import CARD
from cnn_studio.gui import theme
from cnn_studio.gui.canvas import paint
from cnn_studio.gui.canvas.faces import exit_of
from cnn_studio.gui.look import LIVE, NOTHING
from cnn_studio.gui.training import RUNNING

if TYPE_CHECKING:
    from cnn_studio.gui.canvas.scene import Card
    from cnn_studio.gui.canvas.view import CanvasBase

FIELD, BRIEF_FIELD = QRectF(12, 25, CARD[0] - 20, CARD[1] - 33), QRectF(12, 31, CARD[0] - 20, CARD[1] - 39)
"""Where on a card its picture stands, in points; below a name that is large, as it is seen from far away."""
Picture = tuple[QImage, bool]
"""A picture, and whether it fills its field however wide that is: bars and sounds do."""
BARS = 32
"""Pixels of the longest bar of a vector."""
LARGE = 0.75
"""Pixels a point from which pictures are drawn alone, without what is around them."""
LEGEND = 22
"""Pixels of the line at the bottom of the canvas."""


class Thumbnails(QObject):
    """The pictures of one canvas.

    Attributes:
        shown: whether the person wants them.
    """

    def __init__(self, canvas: CanvasBase) -> None:
        super().__init__(canvas)
        self._canvas, self._look = canvas, canvas.workspace.look
        self.shown = True
        self._pictures: dict[str, Picture] = {}
        self._stale = False
        self._beat = False
        self._legend = ""  # what the line at the bottom was last seen to say
        self._ground, self._dot = QRect(), QRect()
        self._own = QRegion()  # the pixels of the latest pictures
        self._listens = False
        self._look.sample_changed.connect(self._listen)
        canvas.workspace.training.state_changed.connect(self._redraw)

    def toggle(self) -> None:
        """Show them, or no longer."""
        self.shown = not self.shown
        self._listen()
        self.renew()

    def _listen(self) -> None:
        """Hear of other weights only while there is something to show: as long as nobody looks, an edit costs nothing."""
        wanted = self.shown and self._look.sample is not None
        if wanted == self._listens:
            return
        self._listens = wanted
        for signal, slot in ((self._look.changed, self.renew), (self._look.pulse, self._pulse)):
            signal.connect(slot) if wanted else signal.disconnect(slot)
        if not wanted:
            self._take({})

    def has(self, key: str) -> bool:
        """Whether the card of that id has a picture."""
        return key in self._pictures

    # -- asking --------------------------------------------------------------------------------------------------------

    def renew(self) -> None:
        """Other weights, another sample, another network: ask again, now or when the canvas comes into sight."""
        if not self.shown or self._look.sample is None or self._look.subject.kind == NOTHING:
            self._take({})
        elif self._canvas.isVisible():
            self._ask()
        else:
            self._stale = True

    def wake(self) -> None:
        """The canvas comes into sight, or shows other cards."""
        if self._stale:
            self.renew()

    def _pulse(self) -> None:
        if self._canvas.isVisible():
            self._ask()

    def _ask(self) -> None:
        self._stale = False
        nodes = self._nodes()
        self._look.ask_about_sample(
            "thumbnails", lambda stored: _question(stored, frozenset(nodes.values())), self._heard, self._refused
        )

    def _nodes(self) -> dict[str, str]:
        """The layer whose values a card shows, by the id of the card: those that are as they were when the run began."""
        graph, drawn = self._look.subject.graph, self._canvas.scene.graph
        found = {}
        for key, card in self._canvas.scene.cards.items():
            node = exit_of(card, drawn)
            if graph is not None and node in graph.nodes and graph.nodes[node].layer == drawn.nodes[node].layer:
                found[key] = node
        return found

    def _heard(self, pictures: Mapping[str, Any]) -> None:
        from cnn_studio.gui.widgets.sheets import image_of

        if not self.shown or self._look.sample is None:
            return
        self._beat = not self._beat
        nodes = {key: node for key, node in self._nodes().items() if node in pictures}
        self._take({key: (image_of(pictures[node][0]), pictures[node][1]) for key, node in nodes.items()})

    def _refused(self, sentence: str) -> None:
        if sentence:
            self._take({})

    def _take(self, pictures: dict[str, Picture]) -> None:
        changed = pictures.keys() ^ self._pictures.keys()
        if not pictures and not changed:
            return
        self._pictures = pictures
        self._canvas.drawing.forget(changed)
        cards = self._canvas.scene.cards
        shown = {key for key in changed | pictures.keys() if key in cards}
        free = {key for key in shown - changed if self._is_free(cards[key])}
        self._canvas.refresh(cards[key].box for key in shown - free)
        self._own = QRegion()
        for key in free:
            self._own += self._inside(cards[key])
        if changed or self._legend != self._words():
            self._redraw()
        elif self._is_live():
            self._own += self._dot
        self._canvas.update(self._own)

    def _redraw(self) -> None:
        """The line at the bottom says something else."""
        self._canvas.update(QRect(0, self._canvas.height() - LEGEND - 8, self._canvas.width(), LEGEND + 8))

    def _is_free(self, card: Card) -> bool:
        """Whether the picture can be drawn alone: it is large enough, and no other card lies over this one or below it."""
        near = self._canvas.scene.cards_in(card.box)
        large = self._canvas.view.scale >= LARGE
        return large and sum(1 for _one in near) == 1 and not self._ground.intersects(self._inside(card))

    def _inside(self, card: Card) -> QRect:
        """The pixels of a card that its picture and the lines below it take: away from its edges, which are blended with
        what lies around them."""
        view, box, edge = self._canvas.view, card.box, theme.RADIUS + 1
        left, top = view.to_screen((box.left + edge, box.top + FIELD.top() - 0.5))
        right, _top = view.to_screen((box.right - edge, box.top))
        begin = round(view.to_screen((0.0, box.top - paint.MARGIN))[1])  # cards are drawn at whole pixels
        bottom = begin + (paint.MARGIN + CARD[1] - 1) * view.scale
        return QRect(QPoint(ceil(left), floor(top)), QPoint(floor(right) - 1, floor(bottom - 0.5) - 1))

    # -- drawing -------------------------------------------------------------------------------------------------------

    def are_all_of(self, parts: QRegion) -> bool:
        """Whether it is new pictures alone that are to be drawn: nothing below the cards or around them.

        Several times a second there are others; drawing all that lies below and around them takes most of the time.
        Asked once for what came: what is drawn at these places later may have other reasons.
        """
        own, self._own = self._own, QRegion()
        return parts.subtracted(own).isEmpty()

    def paint_dot(self, painter: QPainter) -> None:
        """The dot before the line at the bottom, which lights up with new pictures."""
        if not self._is_live():
            return
        now = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.canvas)
        painter.drawRect(self._dot)
        painter.setBrush(now.accent if self._beat else now.accent.darker(170))
        painter.drawEllipse(QRectF(self._dot).adjusted(1, 1, -1, -1))

    def paint(self, painter: QPainter, card: Card, *, brief: bool) -> None:
        """The picture of a card, its pixels square and sharp."""
        if card.key not in self._pictures:
            return
        picture, fills = self._pictures[card.key]
        view = self._canvas.view
        x, y = view.to_screen((card.box.left, card.box.top))
        place = BRIEF_FIELD if brief else FIELD
        field = QRectF(
            x + place.left() * view.scale, y + place.top() * view.scale,
            place.width() * view.scale, place.height() * view.scale,
        )  # fmt: skip
        share = min(field.width() / picture.width(), field.height() / picture.height())
        area = QRectF(field.left(), field.top(), picture.width() * share, picture.height() * share)
        area = QRectF((field if fills else area).toRect())  # sharp edges, however it is clipped
        painter.setRenderHint(
            QPainter.RenderHint.SmoothPixmapTransform, share * painter.device().devicePixelRatioF() < 1
        )
        painter.drawImage(area, picture)
        if self._is_live():
            line = theme.current().accent
            line = line if self._beat else line.darker(170)
            bar = QRectF(
                x + (theme.RADIUS + 1) * view.scale,
                y + (CARD[1] - 3) * view.scale,
                (CARD[0] - 2 * theme.RADIUS - 2) * view.scale,
                2 * view.scale,
            )
            painter.fillRect(bar, line)

    def _is_live(self) -> bool:
        return self._look.subject.kind == LIVE and self._canvas.workspace.training.state == RUNNING

    def _words(self) -> str:
        sample = self._look.sample
        return "" if sample is None else f"{sample.name} · {self._look.subject.words}"

    def paint_legend(self, painter: QPainter) -> None:
        """Which sample and which weights the pictures are of."""
        words, now = self._words(), theme.current()
        if not self._pictures or not words:
            return
        self._legend = words
        painter.setFont(theme.small_font())
        measure = QFontMetrics(painter.font())
        area = QRect(12, self._canvas.height() - LEGEND - 4, self._canvas.width() - 24, LEGEND)
        text = measure.elidedText(words, Qt.TextElideMode.ElideRight, area.width() - 24)
        ground = QRect(area.left(), area.top(), measure.horizontalAdvance(text) + 16, LEGEND)
        if self._is_live():
            ground.setWidth(ground.width() + 12)
        self._ground = ground
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.canvas)
        painter.drawRoundedRect(ground, theme.RADIUS, theme.RADIUS)
        if self._is_live():
            self._dot = QRect(ground.left() + 7, ground.center().y() - 4, 9, 9)
            self.paint_dot(painter)
            area.translate(12, 0)
        painter.setPen(now.secondary)
        painter.drawText(area.adjusted(8, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), text)


# -- in the thread that has the weights --------------------------------------------------------------------------------


def _question(stored: Any, nodes: frozenset[str]) -> Any:
    from cnn_studio.engine.insight.thumbnails import Thumbnails as Question
    from cnn_studio.gui.widgets.color_maps import grey, viridis
    from cnn_studio.gui.widgets.sheets import columns_of, mosaic

    question = Question(stored, nodes)
    room = FIELD.width(), FIELD.height()

    def picture(one: Any) -> tuple[Any, bool]:
        """Pixels of 32 bits, and whether they may be stretched."""
        table = grey if one.is_pixels else viridis
        if one.tiles.shape[:2] == (1, 1):
            return columns_of(one.tiles[0, 0], BARS, table), True
        return mosaic(one.tiles, room, table), one.is_sound

    return lambda subject: {node: picture(one) for node, one in question(subject).items()}
