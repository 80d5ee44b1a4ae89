"""Automatic placement: a network laid out to be read, as a person would draw it.

What follows stands to the right, branches above and below a straight trunk, long networks in rows like text, broken
where a stage ends. A group is laid out by itself and then placed as one box, so that nothing strays into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cnn_studio.core.graph import Graph
from cnn_studio.core.rows import ENTRY, Box, Picture, Point, Size, best_rows, columns_of, drawn, shelves

Places = dict[str, Point]

CARD: Size = (168.0, 72.0)
"""Width and height of a layer's card where nothing better is known, in points."""
GAP: Size = (36.0, 32.0)
"""Free space between neighbouring cards."""
FRAME = 16.0
"""Free space inside the frame of an open group."""
TITLE = 24.0
"""Height of the title of an open group."""
ASPECT = 1.6
"""Width by height that the whole should have: a screen's."""
LONG_GROUP = 12
"""Columns beyond which an open group is broken into rows too."""


@dataclass
class _Level:
    """The items (layers and groups) that stand directly in one group, or in the whole network."""

    items: dict[str, None] = field(default_factory=dict)
    edges: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class _Work:
    """What is being arranged: sizes are turned when the flow goes down, so that all below may think it goes right."""

    graph: Graph
    sizes: Mapping[str, Size]
    down: bool
    pictures: dict[str, Picture] = field(default_factory=dict)


def arrange(graph: Graph, sizes: Mapping[str, Size] | None = None, direction: str = "right") -> Places:
    """Where the centre of each layer goes; the top left corner of the whole is at (0, 0).

    Args:
        sizes: width and height of each card, by the id of its layer or of its folded group; CARD where there is none.
        direction: where what follows goes, "right" or "down".
    """
    if direction not in ("right", "down"):
        raise ValueError(direction)
    down = direction == "down"
    given = {key: _turned(size, down) for key, size in (sizes or {}).items()}
    levels = _levels(graph)
    work = _Work(graph, given, down)
    for group_id in _inner_first(levels, graph):
        work.pictures[group_id] = _picture(work, group_id, levels[group_id])
    places: Places = {}
    _place(work, "", (0.0, 0.0), places)
    return {key: _turned((round(x), round(y)), down) for key, (x, y) in places.items()}


def extent(places: Mapping[str, Point], sizes: Mapping[str, Size] | None = None) -> Size:
    """Width and height of what ``arrange`` placed."""
    sizes = sizes or {}
    return (
        max((x + sizes.get(key, CARD)[0] / 2 for key, (x, _y) in places.items()), default=0.0),
        max((y + sizes.get(key, CARD)[1] / 2 for key, (_x, y) in places.items()), default=0.0),
    )


def _turned(pair: Point, down: bool) -> Point:
    return (float(pair[1]), float(pair[0])) if down else (float(pair[0]), float(pair[1]))


# -- groups -----------------------------------------------------------------------------------------------------------


def _levels(graph: Graph) -> dict[str, _Level]:
    """What stands directly in each group that holds anything, and in the whole (""), with the connections there."""
    owner = {member: group.id for group in graph.groups.values() for member in group.members}
    paths: dict[str, tuple[str, ...]] = {}

    def path(group_id: str) -> tuple[str, ...]:
        """The groups around, the outermost ("") first; a group that stands in itself counts as standing in none."""
        if group_id not in paths:
            paths[group_id] = ("",)
            parent = graph.groups[group_id].parent
            around = path(parent) if parent in graph.groups else ("",)
            paths[group_id] = (*around, group_id)
        return paths[group_id]

    levels: dict[str, _Level] = {"": _Level()}
    full: dict[str, tuple[str, ...]] = {}
    for node_id in graph.nodes:
        around = path(owner[node_id]) if node_id in owner else ("",)
        full[node_id] = (*around, node_id)
        for outer, inner in zip(full[node_id], full[node_id][1:], strict=False):
            levels.setdefault(outer, _Level()).items.setdefault(inner)
    for target, sources in graph.inputs.items():
        for source in sources:
            _add_edge(levels, full[source], full[target])
    return levels


def _add_edge(levels: Mapping[str, _Level], source: tuple[str, ...], target: tuple[str, ...]) -> None:
    """One connection, given by the groups around its ends and the ends themselves, outermost first."""
    if source == target:
        return
    depth = next(index for index, (a, b) in enumerate(zip(source, target, strict=False)) if a != b)
    levels[source[depth - 1]].edges.append((source[depth], target[depth]))
    for group_id, item in zip(target[depth:], target[depth + 1 :], strict=False):
        if ENTRY not in levels[group_id].items:
            levels[group_id].items = {ENTRY: None, **levels[group_id].items}
        levels[group_id].edges.append((ENTRY, item))


def _inner_first(levels: Mapping[str, _Level], graph: Graph) -> list[str]:
    """The groups, each before the group around it; the whole last."""
    order = [""]
    for group_id in order:  # grows while it is walked
        order += [item for item in levels[group_id].items if item and item not in graph.nodes]
    return order[::-1]


def _place(work: _Work, group_id: str, corner: Point, places: Places) -> None:
    for item, (x, y) in work.pictures[group_id].places.items():
        x, y = corner[0] + x, corner[1] + y  # noqa: PLW2901
        if item in work.graph.nodes:
            places[item] = (x, y)
        elif item:
            picture = work.pictures[item]
            if work.graph.groups[item].folded:
                inner: Places = {}
                _place(work, item, (0.0, 0.0), inner)
                middle = middle_of(inner.values())
                places.update({key: (x + a - middle[0], y + b - middle[1]) for key, (a, b) in inner.items()})
            else:
                title = TITLE / 2 if work.down else 0.0
                _place(work, item, (x - picture.size[0] / 2 + title, y - picture.line), places)


def middle_of(points: Iterable[Point]) -> Point:
    """Where the card of a folded group stands, given where its layers do: in the middle of the box around them."""
    xs, ys = zip(*points, strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _boxes(work: _Work, level: _Level) -> dict[str, Box]:
    boxes = {}
    for item in level.items:
        if item == ENTRY:
            boxes[item] = Box(0.0, 0.0, 0.0)
        elif item in work.graph.nodes or work.graph.groups[item].folded:
            width, height = work.sizes.get(item, _turned(CARD, work.down))
            boxes[item] = Box(width, height / 2, height / 2)
        else:
            size, line, _places = work.pictures[item]
            beside, above = (TITLE, 0.0) if work.down else (0.0, TITLE)
            boxes[item] = Box(size[0] + 2 * FRAME + beside, FRAME + above + line, size[1] - line + FRAME)
    return boxes


def _picture(work: _Work, group_id: str, level: _Level) -> Picture:
    """One group, or the whole, laid out by itself: its connected parts in rows, and those beside or below each other."""
    boxes = _boxes(work, level)
    aspect = 1 / ASPECT if work.down else ASPECT
    gap = _turned(GAP, work.down)
    parts = []
    for items, edges in _parts(level):
        columns = columns_of(work.graph, items, edges, boxes, gap)
        rows = [range(len(columns.widths))]
        if not group_id or len(columns.widths) > LONG_GROUP:
            rows = best_rows(columns, aspect)
        parts.append(drawn(columns, rows, items))
    return shelves(parts, aspect, gap)


def _parts(level: _Level) -> list[tuple[list[str], list[tuple[int, int]]]]:
    """The connected parts of a level: their items, and their connections as numbers of items."""
    leader = {item: item for item in level.items}

    def lead(item: str) -> str:
        while leader[item] != item:
            leader[item] = leader[leader[item]]
            item = leader[item]
        return item

    for source, target in level.edges:
        leader[lead(target)] = lead(source)
    parts: dict[str, tuple[list[str], list[tuple[int, int]]]] = {}
    number: dict[str, int] = {}
    for item in level.items:
        items, _edges = parts.setdefault(lead(item), ([], []))
        number[item] = len(items)
        items.append(item)
    for source, target in level.edges:
        parts[lead(source)][1].append((number[source], number[target]))
    return list(parts.values())
