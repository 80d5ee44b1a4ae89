"""What the canvas shows of a network: cards for layers and folded groups, frames for open ones, cables between them.

Everything here is worked out from a graph and its report, and brought up to date from what a Change says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cnn_studio.core.arrange import middle_of
from cnn_studio.core.document import Change
from cnn_studio.core.export.figure.routing import Path
from cnn_studio.core.graph import Edge, Graph
from cnn_studio.gui.canvas.geometry import Box, Point, around, card_box, framed
from cnn_studio.gui.canvas.routing import comes_back, hull, in_port, out_port, route

CELL = 512.0
"""Points along the side of a cell of the index of places."""

Link = tuple[str, str]


@dataclass(slots=True)
class Card:
    """A layer, or a folded group; ``members`` are the layers that it stands for."""

    key: str
    members: tuple[str, ...]
    is_group: bool
    box: Box


@dataclass(slots=True)
class Frame:
    """An open group. ``depth`` is the number of groups around it, ``keys`` the cards inside."""

    key: str
    depth: int
    keys: tuple[str, ...]
    box: Box


@dataclass(slots=True)
class Cable:
    """One or more connections between two cards, drawn as one."""

    link: Link
    edges: tuple[Edge, ...]


class Scene:
    """The picture of one graph.

    Attributes:
        cards: by id of the layer or the folded group.
        frames: by id of the open group, outer ones first.
        cables: by the ids of the two cards.
        card_of: for each layer, the id of its card.
        version: grows whenever anything moves, comes or goes.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.version = 0
        self.cards: dict[str, Card] = {}
        self.frames: dict[str, Frame] = {}
        self.cables: dict[Link, Cable] = {}
        self.card_of: dict[str, str] = {}
        self._cells: dict[tuple[int, int], set[str]] = {}
        self._routes: dict[Link, tuple[Path, Box]] = {}
        self._cables_at: dict[str, list[Link]] = {}
        self._held: dict[str, Point] = {}
        self._build(graph)

    # -- building -----------------------------------------------------------------------------------------------------

    def _build(self, graph: Graph) -> None:
        self.graph = graph
        self.version += 1
        self._routes.clear()
        self._cells.clear()
        around_group = paths(graph)
        owner = {member: group.id for group in graph.groups.values() for member in group.members}
        folded = {key: _folded(graph, path) for key, path in around_group.items()}
        inside: dict[str, list[str]] = {}
        self.card_of = {}
        for node_id in graph.nodes:
            top = folded.get(owner.get(node_id, ""), "")
            self.card_of[node_id] = top or node_id
            if top:
                inside.setdefault(top, []).append(node_id)
        self.cards = {
            key: Card(key, tuple(inside.get(key, (key,))), key in inside, self._box_of(key, inside.get(key)))
            for key in dict.fromkeys(self.card_of.values())
        }
        for key, card in self.cards.items():
            self._enter(key, card.box)
        self._build_cables()
        self._build_frames(around_group, owner, folded)

    def _build_cables(self) -> None:
        edges: dict[Link, list[Edge]] = {}
        for edge in self.graph.edges():
            link = self.card_of[edge.source], self.card_of[edge.target]
            if link[0] != link[1]:
                edges.setdefault(link, []).append(edge)
        self.cables = {link: Cable(link, tuple(some)) for link, some in edges.items()}
        self._cables_at = {}
        for link in self.cables:
            self._cables_at.setdefault(link[0], []).append(link)
            self._cables_at.setdefault(link[1], []).append(link)

    def _build_frames(self, around_group: Mapping[str, tuple[str, ...]], owner: Mapping[str, str], folded: Mapping[str, str]) -> None:  # fmt: skip
        inside: dict[str, set[str]] = {}
        for node_id, group_id in owner.items():
            for one in around_group[group_id]:
                if not folded[one] and node_id in self.card_of:
                    inside.setdefault(one, set()).add(self.card_of[node_id])
        empty = Box(0, 0, 0, 0)
        frames = [Frame(key, len(around_group[key]) - 1, tuple(keys), empty) for key, keys in inside.items()]
        frames.sort(key=lambda frame: frame.depth)
        self.frames = {frame.key: frame for frame in frames}
        self._place_frames()

    def _place_frames(self, moved: set[str] | None = None) -> None:
        """Frames around what is inside, the inner ones first; only those with moved cards when these are given."""
        groups = self.graph.groups
        inner: dict[str, list[Box]] = {}
        for frame in reversed(self.frames.values()):
            if moved is None or not moved.isdisjoint(frame.keys):
                inside = around([*(self.cards[key].box for key in frame.keys), *inner.get(frame.key, ())])
                assert inside is not None  # a frame holds a card at least
                frame.box = framed(inside)
            inner.setdefault(groups[frame.key].parent, []).append(frame.box)

    def _box_of(self, key: str, members: Iterable[str] | None) -> Box:
        if key in self._held:
            return card_box(*self._held[key])
        nodes = self.graph.nodes
        if members is None:
            node = nodes[key]
            return card_box(node.x, node.y)
        return card_box(*middle_of((nodes[one].x, nodes[one].y) for one in members))

    # -- keeping up ---------------------------------------------------------------------------------------------------

    def follow(self, change: Change) -> Box | None:
        """Show another graph. The box in which something moved, came or went; None when nothing did."""
        if change.added or change.removed or change.edges or change.groups:
            before = self.bounds()
            self._build(change.after)
            return around(box for box in (before, self.bounds()) if box is not None)
        self.graph = change.after
        nodes, old = change.after.nodes, change.before.nodes
        moved = [one for one in change.changed if (nodes[one].x, nodes[one].y) != (old[one].x, old[one].y)]
        return self._replace({self.card_of[one] for one in moved})

    def hold(self, places: Mapping[str, Point]) -> Box | None:
        """Show some cards elsewhere for the moment, as while they move; the box in which something moved."""
        before = self._held
        self._held = {key: place for key, place in places.items() if key in self.cards}
        return self._replace(before.keys() | self._held.keys())

    def _replace(self, keys: Iterable[str]) -> Box | None:
        touched: list[Box] = []
        moved: set[str] = set()
        for key in keys:
            card = self.cards.get(key)
            if card is None:
                continue
            box = self._box_of(key, card.members if card.is_group else None)
            if box != card.box:
                touched += [card.box, box]
                self._leave(key, card.box)
                self._enter(key, box)
                card.box = box
                moved.add(key)
        if not moved:
            return None
        self.version += 1
        frames = [frame for frame in self.frames.values() if not moved.isdisjoint(frame.keys)]
        edges = [frame.box for frame in frames]
        self._place_frames(moved)
        touched += self._forget_routes(moved, touched, frames)
        edges += [frame.box for frame in frames]
        return around(touched + edges)

    def _forget_routes(self, moved: set[str], boxes: list[Box], frames: list[Frame]) -> list[Box]:
        """Forget the ways that start or end at what moved, pass it, or enter its frames; their boxes before and now."""
        gone = {link for key in moved for link in self._cables_at.get(key, ())}
        for frame in frames:
            gone.update(link for key in frame.keys for link in self._cables_at.get(key, ()) if link[1] == key)
        region = around(boxes)
        if region is not None:
            for link, (_path, bounds) in self._routes.items():
                if link not in gone and bounds.touches(region) and any(bounds.touches(box) for box in boxes):
                    gone.add(link)
        old = [self._routes.pop(link)[1] for link in gone if link in self._routes]
        return old + [self.route_bounds(link) for link in gone if len(gone) < 60]

    # -- finding ------------------------------------------------------------------------------------------------------

    def _enter(self, key: str, box: Box) -> None:
        for cell in _cells(box):
            self._cells.setdefault(cell, set()).add(key)

    def _leave(self, key: str, box: Box) -> None:
        for cell in _cells(box):
            self._cells[cell].discard(key)

    def cards_in(self, box: Box) -> Iterator[Card]:
        """The cards that touch a box."""
        cards = self.cards
        if box.width * box.height > CELL * CELL * max(len(self._cells), 1):
            for card in cards.values():
                if card.box.touches(box):
                    yield card
            return
        seen: set[str] = set()
        for cell in _cells(box):
            for key in self._cells.get(cell, ()):
                if key not in seen:
                    seen.add(key)
                    card = cards[key]
                    if card.box.touches(box):
                        yield card

    def card_at(self, point: Point) -> Card | None:
        """The card under a point, the one drawn last."""
        box = Box(point[0] - 0.5, point[1] - 0.5, point[0] + 0.5, point[1] + 0.5)
        order = {key: place for place, key in enumerate(self.cards)}
        found = sorted(self.cards_in(box), key=lambda card: order[card.key])
        return found[-1] if found else None

    def path(self, link: Link) -> Path:
        """The way of a cable."""
        return self._route(link)[0]

    def route_bounds(self, link: Link) -> Box:
        """The box around the way of a cable."""
        return self._route(link)[1]

    def _route(self, link: Link) -> tuple[Path, Box]:
        found = self._routes.get(link)
        if found is None:
            source, target = self.cards[link[0]].box, self.cards[link[1]].box
            frame = self._entered(link) if comes_back(out_port(source), in_port(target)) else None
            path = route(source, target, lambda box: (card.box for card in self.cards_in(box)), frame)
            found = self._routes[link] = path, hull(path).grown(8.0)
        return found

    def _entered(self, link: Link) -> Box | None:
        """The outermost frame in which a cable ends and does not begin."""
        for frame in self.frames.values():
            if link[1] in frame.keys and link[0] not in frame.keys:
                return frame.box
        return None

    def cables_of(self, key: str) -> list[Cable]:
        """The cables that begin or end at a card."""
        return [self.cables[link] for link in self._cables_at.get(key, ())]

    def bounds(self) -> Box | None:
        """The box around everything, or None when there is nothing."""
        return around([*(card.box for card in self.cards.values()), *(frame.box for frame in self.frames.values())])

    def box_of_nodes(self, node_ids: Iterable[str]) -> Box | None:
        """The box around the cards of some layers."""
        keys = {self.card_of[one] for one in node_ids if one in self.card_of}
        return around(self.cards[key].box for key in keys)


def paths(graph: Graph) -> dict[str, tuple[str, ...]]:
    """For each group, itself and those around it, the innermost first."""
    found: dict[str, tuple[str, ...]] = {}

    def path(key: str) -> tuple[str, ...]:
        if key not in graph.groups:
            return ()
        if key not in found:
            found[key] = (key,)  # a circle of groups, which no edit makes, would end here
            found[key] = (key, *path(graph.groups[key].parent))
        return found[key]

    for key in graph.groups:
        path(key)
    return found


def _folded(graph: Graph, path: tuple[str, ...]) -> str:
    """The outermost folded group on a path, or ""."""
    return next((key for key in reversed(path) if graph.groups[key].folded), "")


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    for column in range(int(box.left // CELL), int(box.right // CELL) + 1):
        for row in range(int(box.top // CELL), int(box.bottom // CELL) + 1):
            yield column, row
