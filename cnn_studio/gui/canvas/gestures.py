"""What a person does with the mouse, one object for each gesture: it starts, moves, and ends or is cancelled.

Only ``end`` makes a step of the document; until then what is shown is only tried out, and ``cancel`` leaves no trace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from cnn_studio.core import edits
from cnn_studio.core.edits import EditError
from cnn_studio.core.graph import Edge
from cnn_studio.gui.canvas import paint
from cnn_studio.gui.canvas.geometry import Point, box_between, snapped
from cnn_studio.gui.canvas.routing import direct, in_port, out_port
from cnn_studio.gui.theme import Theme

if TYPE_CHECKING:
    from cnn_studio.gui.canvas.canvas_view import CanvasView


class Gesture:
    """Base: nothing is done. ``pixel`` is where the pointer is, ``start`` where it was pressed."""

    scrolls = True
    """Whether the canvas scrolls by itself when the pointer comes near its border."""

    def __init__(self, canvas: CanvasView, pixel: Point) -> None:
        self.canvas = canvas
        self.start = self.pixel = pixel
        self.origin = canvas.view.to_scene(pixel)

    @property
    def point(self) -> Point:
        """The point of the network under the pointer."""
        return self.canvas.view.to_scene(self.pixel)

    def move(self, pixel: Point, *, free: bool = False) -> None:
        """The pointer is elsewhere; ``free`` when the grid is to be left aside."""
        self.pixel = pixel

    def end(self) -> None:
        """The button is let go: do it."""

    def cancel(self) -> None:
        """Leave everything as it was."""

    def paint(self, painter: QPainter, now: Theme) -> None:
        """Draw what shows the gesture, in points of the network."""


class Pan(Gesture):
    """The network follows the pointer."""

    scrolls = False

    def __init__(self, canvas: CanvasView, pixel: Point) -> None:
        super().__init__(canvas, pixel)
        self._view = canvas.view

    def move(self, pixel: Point, *, free: bool = False) -> None:
        """Pull the network along."""
        super().move(pixel)
        self.canvas.show_view(self._view.panned(pixel[0] - self.start[0], pixel[1] - self.start[1]))

    def cancel(self) -> None:
        """Back to what was seen before."""
        self.canvas.show_view(self._view)


class Overview(Gesture):
    """What is clicked on the small picture comes into the middle."""

    scrolls = False

    def move(self, pixel: Point, *, free: bool = False) -> None:
        """Show what lies under the pointer."""
        super().move(pixel)
        small = self.canvas.minimap_view()
        if small is not None:
            x, y = self.canvas.view.to_screen(small.to_scene(pixel))
            self.canvas.show_view(self.canvas.view.panned(self.canvas.width() / 2 - x, self.canvas.height() / 2 - y))


class Band(Gesture):
    """A rectangle chooses the cards that it touches."""

    def __init__(self, canvas: CanvasView, pixel: Point, *, adding: bool) -> None:
        super().__init__(canvas, pixel)
        self._before = canvas.workspace.selection
        self._adding = adding

    def move(self, pixel: Point, *, free: bool = False) -> None:
        """Choose what is inside now."""
        super().move(pixel)
        kept = self._before if self._adding else type(self._before)()
        inside = list(self.canvas.scene.cards_in(box_between(self.origin, self.point)))
        self.canvas.workspace.select(
            kept.nodes | {card.key for card in inside if not card.is_group},
            kept.groups | {card.key for card in inside if card.is_group},
            kept.edges,
        )
        self.canvas.update()

    def cancel(self) -> None:
        """Choose again what was chosen before."""
        before = self._before
        self.canvas.workspace.select(before.nodes, before.groups, before.edges)

    def paint(self, painter: QPainter, now: Theme) -> None:
        """The rectangle."""
        pen = QPen(now.accent, 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(paint.faded(now.accent, 0.12))
        painter.drawRect(paint.rect(box_between(self.origin, self.point)))


class Drag(Gesture):
    """Cards move with the pointer, from line to line of the grid."""

    def __init__(self, canvas: CanvasView, pixel: Point, node_ids: list[str], lead: str) -> None:
        super().__init__(canvas, pixel)
        self._graph = canvas.workspace.document.graph
        nodes = self._graph.nodes
        self._places = {one: (nodes[one].x, nodes[one].y) for one in node_ids}
        self._lead = self._places[lead]

    def move(self, pixel: Point, *, free: bool = False) -> None:
        """Try the cards at another place."""
        super().move(pixel)
        x, y = self.point
        dx, dy = x - self.origin[0], y - self.origin[1]
        if self.canvas.snaps and not free:
            dx = snapped(self._lead[0] + dx) - self._lead[0]
            dy = snapped(self._lead[1] + dy) - self._lead[1]
        places = {one: (old_x + dx, old_y + dy) for one, (old_x, old_y) in self._places.items()}
        document = self.canvas.workspace.document
        document.preview(edits.move(self._graph, places) if dx or dy else self._graph)

    def end(self) -> None:
        """Leave them there, as one step."""
        self.canvas.workspace.document.commit()

    def cancel(self) -> None:
        """Back to where they were."""
        self.canvas.workspace.document.cancel()


class Connect(Gesture):
    """A connection is pulled out of a card, or one end of one that there is.

    Attributes:
        source: layer that feeds, or "" while the beginning of ``edge`` is looked for.
        edge: the connection whose end is moved, or None for a new one.
    """

    def __init__(self, canvas: CanvasView, pixel: Point, source: str = "", edge: Edge | None = None) -> None:
        super().__init__(canvas, pixel)
        self.source, self.edge = source, edge
        self._over = ""
        self._why = ""

    def move(self, pixel: Point, *, free: bool = False) -> None:
        """See what is under the pointer, and whether it can be connected."""
        super().move(pixel)
        card = self.canvas.scene.card_at(self.point)
        self._over = card.key if card else ""
        self._why = self.refusal(card.key) if card else ""
        self.canvas.update()

    def refusal(self, key: str) -> str:
        """Why a card cannot be connected, or "" when it can."""
        try:
            self.connected(key)
        except EditError as error:
            return str(error)
        return ""

    def connected(self, key: str) -> object:
        """The network with the connection to (or from) a card. Raises EditError."""
        graph = self.canvas.workspace.document.graph
        if self.edge is None:
            return edits.connect(graph, self.source, self.canvas.entry_of(key))
        if self.source:
            return edits.reconnect(graph, self.edge, target=self.canvas.entry_of(key))
        return edits.reconnect(graph, self.edge, source=self.canvas.exit_of(key))

    def end(self) -> None:
        """Connect; an end let go over nothing lets go of the connection, a new one asks what to add there."""
        workspace, canvas = self.canvas.workspace, self.canvas
        card = canvas.scene.card_at(self.point)
        canvas.update()
        if card is not None:
            if card.key != canvas.scene.card_of.get(self.source) or self.edge is not None:
                workspace.edit(lambda _graph: self.connected(card.key))  # type: ignore[arg-type,return-value]
        elif self.edge is not None:
            edge = self.edge
            workspace.edit(lambda graph: edits.disconnect(graph, edge.source, edge.target))
        else:
            canvas.open_search(self.pixel, source=self.source, at=self.point)

    def cancel(self) -> None:
        """Draw it no longer."""
        self.canvas.update()

    def paint(self, painter: QPainter, now: Theme) -> None:
        """The connection up to the pointer, the cards that it could go to, and why not to this one."""
        scene = self.canvas.scene
        start = end = self.point
        if self.source:
            start = out_port(scene.cards[scene.card_of[self.source]].box)
        elif self.edge is not None:
            end = in_port(scene.cards[scene.card_of[self.edge.target]].box)
        colour = now.error if self._why else now.accent
        paint.draw_cable(painter, paint.qt_path(direct(start, end), 4), end, QPen(colour, 2, Qt.PenStyle.DashLine))
        seen = self.canvas.view.box_in_scene(box_between((0, 0), self.canvas.pixels))
        painter.setBrush(now.panel)
        painter.setPen(QPen(now.accent, 1.5))
        for card in scene.cards_in(seen):
            if scene.card_of.get(self.source) != card.key and self.canvas.takes_input(card.key):
                at = in_port(card.box) if self.source else out_port(card.box)
                painter.drawEllipse(QPointF(*at), 5, 5)
        over = scene.cards.get(self._over)
        if over is not None:
            painter.setPen(QPen(colour, 2.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(paint.rect(over.box.grown(2)), 8, 8)
            if self._why:
                at = over.box.middle[0], over.box.bottom + 16
                paint.draw_label(painter, now, at, self._why, now.error_text)
