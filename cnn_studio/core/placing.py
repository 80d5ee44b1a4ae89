"""Where something new stands in a network that was placed by hand: nothing comes to lie on anything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cnn_studio.core import edits, grouping
from cnn_studio.core.analysis import Report
from cnn_studio.core.arrange import CARD, FRAME, GAP, TITLE, arrange, middle_of
from cnn_studio.core.blocks.base import Block
from cnn_studio.core.blocks.insert import insert_block
from cnn_studio.core.edits import SPACING, Point
from cnn_studio.core.graph import Graph, Group
from cnn_studio.core.layers.base import Layer

ROW = CARD[1] + GAP[1]
"""Points between the centres of cards above one another."""


@dataclass(frozen=True)
class Card:
    """A layer, or the layers of a folded group, as one card on the canvas: its centre and who stands for it."""

    members: tuple[str, ...]
    middle: Point


def cards(graph: Graph) -> dict[str, Card]:
    """What is seen of a network, by id of the layer or the folded group."""
    owner = {member: group_id for group_id, group in graph.groups.items() for member in group.members}
    tops: dict[str, str] = {}
    for group_id, group in graph.groups.items():
        top, around, seen = "", group, set[str]()
        while around is not None and around.id not in seen:
            seen.add(around.id)
            top = around.id if around.folded else top
            around = graph.groups.get(around.parent)  # type: ignore[assignment]
        tops[group_id] = top
    inside: dict[str, list[str]] = {}
    for node_id in graph.nodes:
        inside.setdefault(tops.get(owner.get(node_id, ""), "") or node_id, []).append(node_id)
    nodes = graph.nodes
    return {
        key: Card(tuple(members), middle_of((nodes[one].x, nodes[one].y) for one in members))
        for key, members in inside.items()
    }


def inserted(
    graph: Graph,
    new: Layer | Block,
    *,
    source: str = "",
    target: str = "",
    at: Point = (0.0, 0.0),
    report: Report | None = None,
) -> tuple[Graph, str]:
    """The network with a new layer or block, and the id of its card. Raises EditError.

    Args:
        source, target: the connection on which it comes, or the layer after which.
        at: its centre where nothing feeds it, if that place is free.
        report: analysis of ``graph``, when there is one; it saves making it.
    """
    if isinstance(new, Block):
        placed = insert_block(graph, new, source=source, target=target, at=at, report=report)
        after, card = placed.graph, placed.group
    else:
        card = graph.fresh_id(new.stem)
        source = source if new.arity[1] else ""
        if source and target:
            after = edits.insert_on_edge(graph, source, target, new, node_id=card)
        elif source:
            after = edits.add_after(graph, source, new, node_id=card)
        else:
            after = edits.add(graph, new, at, node_id=card)
    after = _in_line(graph, after, card, source) if source else _aside(after, card)
    return after, next(key for key, one in cards(after).items() if key == card or card in one.members)


def _in_line(before: Graph, after: Graph, card: str, source: str) -> Graph:
    """The new card right of what feeds it, everything else where it was unless it is in the way."""
    after = edits.move(after, {node.id: (node.x, node.y) for node in before.nodes.values()})
    seen = cards(after)
    if card in seen:
        return _with_room(after, seen, card, source)
    group, around = next((key, one) for key, one in seen.items() if card in one.members)
    inside = {one: Card((one,), (after.nodes[one].x, after.nodes[one].y)) for one in around.members}
    after = _with_room(after, inside, card, source)
    x, y = cards(before)[group].middle  # a folded group stays where it is when a layer joins it
    here = cards(after)[group].middle
    return edits.shift(after, around.members, x - here[0], y - here[1])


def _with_room(after: Graph, seen: Mapping[str, Card], card: str, source: str) -> Graph:
    feeding = next(key for key, one in seen.items() if source in one.members)
    x, y = seen[feeding].middle
    wanted, here = (x + SPACING, y), seen[card].middle
    after = edits.shift(after, seen[card].members, wanted[0] - here[0], wanted[1] - here[1])
    places = {key: one.middle for key, one in seen.items() if key != card}
    for key, by in room_made(places, wanted, still=[feeding]).items():
        after = edits.shift(after, seen[key].members, by, 0.0)
    return after


def _aside(after: Graph, card: str) -> Graph:
    """The new card where it was meant to be, or at the nearest place where it lies on nothing."""
    seen = cards(after)
    here = seen[card].middle
    x, y = free_place([one.middle for key, one in seen.items() if key != card], here)
    return edits.shift(after, seen[card].members, x - here[0], y - here[1]) if (x, y) != here else after


def free_place(taken: Iterable[Point], wanted: Point) -> Point:
    """The place nearest to a wanted one where a card lies on no other; ``taken`` are the centres of the others."""
    others = list(taken)

    def is_free(place: Point) -> bool:
        return not any(_touch(place, other) for other in others)

    ring = 0
    while True:
        around = {
            (wanted[0] + column * SPACING, wanted[1] + row * ROW)
            for column in range(-ring, ring + 1)
            for row in range(-ring, ring + 1)
            if max(abs(column), abs(row)) == ring
        }
        near = sorted(around, key=lambda place: (abs(place[0] - wanted[0]) + abs(place[1] - wanted[1]), -place[1], place))  # fmt: skip
        found = next((place for place in near if is_free(place)), None)
        if found is not None:
            return found
        ring += 1


def _touch(one: Point, other: Point, gap: float = 0.0) -> bool:
    return abs(one[0] - other[0]) < CARD[0] + gap and abs(one[1] - other[1]) < CARD[1]


def room_made(places: Mapping[str, Point], fresh: Point, still: Iterable[str] = ()) -> dict[str, float]:
    """By how much the cards in the way of a new one move to the right, each pushing on those that follow it.

    Args:
        places: centres of the cards that are there.
        fresh: that of the new one.
        still: cards that never move.
    """
    fixed = set(still)
    pushed: dict[str, float] = {}
    waiting = [("", fresh)]
    while waiting:
        own, (x, y) = waiting.pop()
        for key, (left, top) in places.items():
            now = left + pushed.get(key, 0.0)
            near = x - CARD[0] < now < x + CARD[0] + GAP[0] and abs(top - y) < CARD[1]
            if key != own and key not in fixed and near:
                pushed[key] = x + SPACING - left
                waiting.append((key, (x + SPACING, top)))
    return {key: by for key, by in pushed.items() if by > 0}


def with_places(graph: Graph) -> Graph:
    """The network arranged if all its layers lie at one point, as where no hand has placed them."""
    points = {(node.x, node.y) for node in graph.nodes.values()}
    return edits.move(graph, arrange(graph)) if len(points) == 1 < len(graph.nodes) else graph


# -- groups that open and close ---------------------------------------------------------------------------------------


def folded(graph: Graph, group_id: str, fold: bool) -> Graph:
    """A group shown as one card, or opened. What is around makes room for its frame, and comes back when it closes."""
    after = grouping.fold(graph, group_id, fold)
    if graph.groups[group_id].folded == fold or any(one.folded for one in _around(graph, group_id)):
        return after
    opened = graph if fold else after
    own = grouping.all_members(graph)[group_id]
    inside = [card.middle for card in cards(opened).values() if own.issuperset(card.members)]
    width = max(x for x, _y in inside) - min(x for x, _y in inside) + CARD[0] + 2 * FRAME
    height = max(y for _x, y in inside) - min(y for _x, y in inside) + CARD[1] + 2 * FRAME + TITLE
    grown = _spread(after, group_id, (width, height), -1 if fold else 1)
    return after if fold and _heaps(grown) > _heaps(after) else grown


def _around(graph: Graph, group_id: str) -> list[Group]:
    """The groups around a group."""
    found: list[Group] = []
    parent = graph.groups.get(graph.groups[group_id].parent)
    while parent is not None and parent not in found:
        found.append(parent)
        parent = graph.groups.get(parent.parent)
    return found


def _spread(graph: Graph, group_id: str, size: Point, sign: int) -> Graph:
    """What is around a group moved away from it (1) or back (-1), as far as its frame is larger than a card.

    What stands in its row moves aside, all above and below moves up and down; an open group moves as a whole.
    """
    own = grouping.all_members(graph)[group_id]
    x, y = middle_of((graph.nodes[one].x, graph.nodes[one].y) for one in own)
    aside, away = (size[0] - CARD[0]) / 2, (size[1] - CARD[1]) / 2
    row = (CARD[1] if sign > 0 else size[1]) / 2
    places: dict[str, Point] = {}
    for some in _rigid(graph, own):
        here = middle_of(card.middle for card in some)
        low, high = min(card.middle[1] for card in some), max(card.middle[1] for card in some)
        if low - CARD[1] / 2 < y + row and high + CARD[1] / 2 > y - row:
            dx, dy = (aside if here[0] > x else -aside), 0.0
        else:
            dx, dy = 0.0, (away if here[1] > y else -away)
        nodes = [graph.nodes[one] for card in some for one in card.members]
        places |= {node.id: (node.x + sign * dx, node.y + sign * dy) for node in nodes}
    return edits.move(graph, places)


def _rigid(graph: Graph, own: frozenset[str]) -> list[list[Card]]:
    """The cards outside a group by what moves as one: those of the outermost group that does not hold the group."""
    outer = [members for members in grouping.all_members(graph).values() if own.isdisjoint(members)]
    top: dict[str, int] = {}
    for index, members in enumerate(sorted(outer, key=len)):
        top.update(dict.fromkeys(members, index))
    found: dict[int | str, list[Card]] = {}
    for key, card in cards(graph).items():
        if own.isdisjoint(card.members):
            found.setdefault(top.get(card.members[0], key), []).append(card)
    return list(found.values())


def _heaps(graph: Graph) -> int:
    """How many cards lie on others."""
    places = sorted(one.middle for one in cards(graph).values())
    found = 0
    for index, one in enumerate(places):
        for other in places[index + 1 :]:
            if other[0] - one[0] >= CARD[0]:
                break
            found += _touch(one, other)
    return found
