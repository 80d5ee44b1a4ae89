"""The picture of the canvas: what is drawn in which order, with how much detail, and kept for the next time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QRegion

from cnn_studio.core.analysis import Report, analyse
from cnn_studio.core.arrange import CARD
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers.base import Family
from cnn_studio.gui import icons, theme
from cnn_studio.gui.canvas import paint
from cnn_studio.gui.canvas.geometry import Box, grid_step
from cnn_studio.gui.canvas.ghost import links_of, paint_ghost
from cnn_studio.gui.canvas.paint import BRIEF, MARGIN, SPECK
from cnn_studio.gui.canvas.routing import length, middle
from cnn_studio.gui.canvas.scene import Cable, Card, Link, Scene
from cnn_studio.gui.theme import Theme
from cnn_studio.i18n import _

if TYPE_CHECKING:
    from cnn_studio.gui.canvas.view import CanvasBase

MOST_BYTES = 48 * 2**20
"""Bytes of kept pictures of cards, at most."""
LABELLED = 130.0
"""Points of a connection from which on it has room for its shape."""
MINIMAP = (180, 120)
TILED = 12
"""Dots along the side of the picture that the ground is tiled with; a small one takes longer to repeat."""

_Kept = tuple[QPixmap, float, bool]


class Drawing:
    """Draws a canvas.

    Attributes:
        is_moving: while zooming, cards are drawn from the pictures there are, sharp or not.
    """

    def __init__(self, canvas: CanvasBase) -> None:
        self._canvas = canvas
        self.is_moving = False
        self._cards: dict[str, _Kept] = {}
        self._bytes = 0
        self._paths: dict[Link, tuple[object, QPainterPath]] = {}
        self._specks: tuple[int, list[tuple[QColor, list[QRectF]]], list[QLineF]] | None = None
        self._tile: tuple[object, QPixmap] | None = None
        self._ghost: tuple[Scene, Report] | None = None

    def forget(self, keys: Iterable[str] | None = None) -> None:
        """Draw these cards anew, or everything."""
        self._specks = None
        if keys is None:
            self._cards.clear()
            self._bytes = 0
            return
        for key in keys:
            kept = self._cards.pop(key, None)
            if kept is not None:
                self._bytes -= _size(kept[0])

    def show_ghost(self, graph: Graph | None) -> None:
        """Show faintly what another network has that this one has not."""
        document = self._canvas.workspace.document
        self._ghost = None if graph is None else (Scene(graph), analyse(graph, document.report))

    # -- everything ---------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, parts: QRegion) -> None:
        """Everything inside some rectangles of pixels."""
        canvas, now = self._canvas, theme.current()
        view, area = canvas.view, parts.boundingRect()
        level = view.scale * canvas.devicePixelRatioF()
        if canvas.thumbnails.are_all_of(parts) and not self._is_busy():
            for card in canvas.scene.cards.values() if view.scale >= SPECK else ():
                if canvas.thumbnails.has(card.key):
                    self._paint_card(painter, card, level, now)
            canvas.thumbnails.paint_dot(painter)
            return
        self._paint_grid(painter, area, now)
        if not canvas.scene.cards and self._ghost is None:
            self._paint_invitation(painter, now)
        region = view.box_in_scene(Box(area.left(), area.top(), area.right() + 1, area.bottom() + 1))
        self._begin(painter)
        self._paint_under(painter, region, view.scale, now)
        painter.restore()
        if view.scale >= SPECK:
            for card in canvas.scene.cards_in(region.grown(MARGIN)):
                self._paint_card(painter, card, level, now)
        self._begin(painter)
        self._paint_marks(painter, region, view.scale, now)
        if self._ghost is not None:
            paint_ghost(painter, now, canvas, *self._ghost)
        canvas.paint_gesture(painter, now)
        painter.restore()
        canvas.thumbnails.paint_legend(painter)
        if canvas.minimap_shown():
            self._paint_minimap(painter, now)

    def _is_busy(self) -> bool:
        """Whether something is drawn over the cards at the moment."""
        canvas = self._canvas
        return self._ghost is not None or canvas.gesture is not None or canvas.minimap_shown()

    def paint_still(self, painter: QPainter, area: QRect) -> None:
        """What is seen, drawn as lines and letters rather than from kept pictures, without what is only of the moment."""
        canvas, now = self._canvas, theme.current()
        view = canvas.view
        painter.fillRect(area, now.canvas)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.translate(view.x, view.y)
        painter.scale(view.scale, view.scale)
        region = view.box_in_scene(Box(area.left(), area.top(), area.right() + 1, area.bottom() + 1))
        for frame in canvas.scene.frames.values():
            paint.draw_frame(painter, now, frame.box, chosen=False)
        self._paint_cables(painter, region, 1.0, now)
        for frame in canvas.scene.frames.values():
            paint.draw_title(painter, now, frame.box, canvas.scene.graph.groups[frame.key].name, 1.0)
        for card in canvas.scene.cards_in(region.grown(MARGIN)):
            painter.save()
            painter.translate(card.box.left, card.box.top)
            paint.draw_card(painter, canvas.face(card), now, is_group=card.is_group)
            painter.restore()

    def _begin(self, painter: QPainter) -> None:
        """From here on in points of the network."""
        view = self._canvas.view
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.translate(view.x, view.y)
        painter.scale(view.scale, view.scale)

    def _paint_under(self, painter: QPainter, region: Box, scale: float, now: Theme) -> None:
        """Frames and cables; from far away cards as well."""
        scene, selection = self._canvas.scene, self._canvas.workspace.selection
        frames = [frame for frame in scene.frames.values() if frame.box.touches(region)]
        for frame in frames:
            paint.draw_frame(painter, now, frame.box, chosen=frame.key in selection.groups)
        if scale < SPECK:
            self._paint_specks(painter, now)
        else:
            self._paint_cables(painter, region, scale, now)
        for frame in frames:
            paint.draw_title(painter, now, frame.box, scene.graph.groups[frame.key].name, scale)

    def _paint_grid(self, painter: QPainter, area: QRect, now: Theme) -> None:
        view = self._canvas.view
        size = max(round(grid_step(view.scale) * view.scale), 8)
        ratio = self._canvas.devicePixelRatioF()
        key = size, view.scale >= 0.8, now.name, ratio
        if self._tile is None or self._tile[0] != key:
            tile = QPixmap(round(size * TILED * ratio), round(size * TILED * ratio))
            tile.setDevicePixelRatio(ratio)
            tile.fill(now.canvas)
            with QPainter(tile) as dot:
                side = 2.0 if view.scale >= 0.8 else 1.0
                colour = now.grid.lighter(118) if now.is_dark else now.grid.darker(106)
                for place in range(TILED * TILED):
                    dot.fillRect(QRectF(place % TILED * size, place // TILED * size, side, side), colour)
            self._tile = key, tile
        start = QPointF((area.left() - round(view.x)) % size, (area.top() - round(view.y)) % size)
        painter.drawTiledPixmap(QRectF(area), self._tile[1], start)

    def _paint_invitation(self, painter: QPainter, now: Theme) -> None:
        """What to do on an empty canvas."""
        canvas = self._canvas
        x, y = canvas.width() / 2, canvas.height() / 2
        icons.paint(painter, QRectF(x - 24, y - 84, 48, 48), "build", now.secondary)
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.setFont(paint.font(18, 600))
        painter.setPen(now.text)
        painter.drawText(QRectF(x - 260, y - 24, 520, 30), int(centre), _("Begin with an Input"))
        painter.setFont(paint.font(13))
        painter.setPen(now.secondary)
        words = _("Drag a layer here from the palette, or press the space bar or double-click and type its name.")
        painter.drawText(QRectF(x - 220, y + 10, 440, 60), int(centre), words)

    # -- cards --------------------------------------------------------------------------------------------------------

    def _paint_card(self, painter: QPainter, card: Card, level: float, now: Theme) -> None:
        brief = level / self._canvas.devicePixelRatioF() < BRIEF
        kept = self._cards.get(card.key)
        if kept is None or (kept[1] != level and not (self.is_moving and 0.4 < kept[1] / level < 2.5)):
            if kept is not None:
                self._bytes -= _size(kept[0])
            if self._bytes > MOST_BYTES:
                self._cards.clear()
                self._bytes = 0
            face = self._canvas.face(card)
            pictured = self._canvas.thumbnails.has(card.key)
            picture = paint.card_picture(face, now, level, is_group=card.is_group, brief=brief, pictured=pictured)
            picture.setDevicePixelRatio(self._canvas.devicePixelRatioF())
            kept = self._cards[card.key] = picture, level, brief
            self._bytes += _size(picture)
        view = self._canvas.view
        x, y = view.to_screen((card.box.left - MARGIN, card.box.top - MARGIN))
        if kept[1] == level:
            painter.drawPixmap(QPointF(round(x), round(y)), kept[0])
        else:
            size = QSizeF((CARD[0] + 2 * MARGIN) * view.scale, (CARD[1] + 2 * MARGIN) * view.scale)
            painter.drawPixmap(QRectF(QPointF(x, y), size), kept[0], QRectF(kept[0].rect()))
        self._canvas.thumbnails.paint(painter, card, brief=brief)
        self._canvas.shares.paint(painter, card, now.family(self._canvas.face(card).family), now)

    def _paint_marks(self, painter: QPainter, region: Box, scale: float, now: Theme) -> None:
        """What is chosen, has the focus, or is under the pointer."""
        canvas = self._canvas
        cards, selection = canvas.scene.cards, canvas.workspace.selection
        painter.setBrush(Qt.BrushStyle.NoBrush)
        width = 2.0 if scale >= 1 else 2.0 / scale
        for key in selection.nodes | selection.groups:
            card = cards.get(key)
            if card is not None and card.box.touches(region):
                painter.setPen(QPen(now.accent, width))
                painter.drawRoundedRect(paint.rect(card.box.grown(0.5)), 6, 6)
                face = canvas.face(card)
                if scale >= SPECK and (face.errors or face.warnings):
                    painter.save()
                    painter.translate(card.box.left, card.box.top)
                    paint.draw_badge(painter, now, face.errors, face.warnings)
                    painter.restore()
        hovered = cards.get(canvas.hover)
        if hovered is not None and canvas.hover not in selection.nodes | selection.groups:
            painter.setPen(QPen(paint.faded(now.accent, 0.55), width * 0.75))
            painter.drawRoundedRect(paint.rect(hovered.box), 6, 6)
        if hovered is not None and scale >= SPECK:
            self._paint_ports(painter, hovered, now)
        focused = cards.get(canvas.focus)
        if focused is not None and canvas.hasFocus():
            pen = QPen(now.text, width * 0.75)
            pen.setDashPattern([2.0, 2.0])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(paint.rect(focused.box.grown(4 * max(1.0, width / 2))), 9, 9)

    @staticmethod
    def _paint_ports(painter: QPainter, card: Card, now: Theme) -> None:
        painter.setPen(QPen(now.accent, 1.5))
        painter.setBrush(now.panel)
        y = (card.box.top + card.box.bottom) / 2
        painter.drawEllipse(QPointF(card.box.right, y), 5, 5)

    # -- cables -------------------------------------------------------------------------------------------------------

    def _paint_cables(self, painter: QPainter, region: Box, scale: float, now: Theme) -> None:
        canvas = self._canvas
        scene = canvas.scene
        wide = max(1.6, 1.0 / scale)
        plain = QPen(now.edge, wide)
        broken = QPen(now.error, wide + 0.4, Qt.PenStyle.DashLine)
        chosen = QPen(now.accent, wide + 0.9)
        edges = canvas.workspace.selection.edges
        facts = canvas.workspace.document.report.facts
        cards = scene.cards
        near = region.grown(60)
        pointed = QPen(now.edge, wide + 0.9)
        going = QPen(paint.faded(now.error, 0.35), wide, Qt.PenStyle.DashLine)
        staying = None if self._ghost is None else links_of(self._ghost[0])
        drawn: dict[int, tuple[QPen, list[Cable]]] = {}
        for link, cable in scene.cables.items():
            one, other = cards[link[0]].box, cards[link[1]].box
            if (max(one.right, other.right) < near.left or min(one.left, other.left) > near.right
                    or max(one.bottom, other.bottom) + 400 < near.top or min(one.top, other.top) - 400 > near.bottom):  # fmt: skip
                continue
            if not scene.route_bounds(link).touches(region):
                continue
            pen = plain
            if any(facts[edge.target].error is not None for edge in cable.edges if edge.target in facts):
                pen = broken
            if edges and not edges.isdisjoint(cable.edges):
                pen = chosen
            elif canvas.hover in link or canvas.hovered_cable == link:
                pen = pointed if pen is plain else broken
            if staying is not None and staying.isdisjoint((edge.source, edge.target) for edge in cable.edges):
                pen = going
            drawn.setdefault(id(pen), (pen, []))[1].append(cable)
        for pen, cables in drawn.values():
            paint.draw_cables(painter, [(self._path(cable.link), scene.path(cable.link).end) for cable in cables], pen)
        if scale >= BRIEF:
            told: set[str] = set()
            for pen, cables in drawn.values():
                for cable in cables if pen is not going else ():
                    self._paint_shape(painter, cable, now, told)

    def _path(self, link: Link) -> QPainterPath:
        way = self._canvas.scene.path(link)
        kept = self._paths.get(link)
        if kept is None or kept[0] is not way:
            kept = self._paths[link] = way, paint.qt_path(way, paint.ARROW * 0.6)
        return kept[1]

    def _paint_shape(self, painter: QPainter, cable: Cable, now: Theme, told: set[str]) -> None:
        """The shape that flows, once on a long connection where it changed, and on any under the pointer."""
        canvas = self._canvas
        facts = canvas.workspace.document.report.facts.get(cable.edges[0].source)
        if facts is None or facts.shape is None:
            return
        pointed = canvas.hovered_cable == cable.link
        news = facts.inputs[:1] != (facts.shape,) and cable.link[0] not in told
        if pointed or (news and length(canvas.scene.path(cable.link)) > LABELLED):
            told.add(cable.link[0])
            paint.draw_label(painter, now, middle(canvas.scene.path(cable.link)), str(facts.shape))

    # -- from far away ------------------------------------------------------------------------------------------------

    def _paint_specks(self, painter: QPainter, now: Theme) -> None:
        fills, lines = self._far(now)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        pen = QPen(now.edge, 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLines(lines)
        painter.setPen(Qt.PenStyle.NoPen)
        for colour, boxes in fills:
            painter.setBrush(colour)
            painter.drawRects(boxes)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _far(self, now: Theme) -> tuple[list[tuple[QColor, list[QRectF]]], list[QLineF]]:
        """Cards as coloured boxes and cables as lines."""
        scene = self._canvas.scene
        if self._specks is None or self._specks[0] != scene.version:
            report = self._canvas.workspace.document.report
            by_colour: dict[str, list[QRectF]] = {}
            colours: dict[str, QColor] = {}
            for card in scene.cards.values():
                wrong = any(one in report.facts and report.facts[one].error for one in card.members)
                colour = now.error if wrong else now.family(self._family(card))
                colours[colour.name()] = colour
                by_colour.setdefault(colour.name(), []).append(paint.rect(card.box))
            lines = []
            for source, target in scene.cables:
                one, other = scene.cards[source].box, scene.cards[target].box
                lines.append(QLineF(one.right, (one.top + one.bottom) / 2, other.left, (other.top + other.bottom) / 2))
            self._specks = scene.version, [(colours[name], boxes) for name, boxes in by_colour.items()], lines
        return self._specks[1], self._specks[2]

    def _family(self, card: Card) -> Family:
        return self._canvas.scene.graph.nodes[card.members[0]].layer.family if not card.is_group else self._canvas.face(card).family  # fmt: skip

    def _paint_minimap(self, painter: QPainter, now: Theme) -> None:
        """The whole network in the corner, with what is seen of it."""
        canvas = self._canvas
        place = canvas.minimap_box()
        bounds = canvas.scene.bounds()
        painter.setPen(QPen(now.line, 1))
        painter.setBrush(paint.faded(now.panel, 0.94))
        painter.drawRoundedRect(paint.rect(place), 6, 6)
        view = canvas.minimap_view()
        if bounds is None or view is None:
            return
        painter.save()
        painter.setClipRect(paint.rect(place.grown(-2)))
        painter.translate(view.x, view.y)
        painter.scale(view.scale, view.scale)
        self._paint_specks(painter, now)
        seen = canvas.view.box_in_scene(Box(0, 0, *canvas.pixels))
        pen = QPen(now.accent, 1.5)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(paint.faded(now.accent, 0.08))
        painter.drawRect(paint.rect(seen))
        painter.restore()


def _size(picture: QPixmap) -> int:
    return picture.width() * picture.height() * 4
