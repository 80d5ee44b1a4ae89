"""A long drawing broken into rows, as text is broken into lines: near a screen's shape, and where a stage ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log
from typing import NamedTuple

from cnn_studio.core.graph import Graph
from cnn_studio.core.layering import Layered, layered
from cnn_studio.core.layers.base import Family, Layer
from cnn_studio.core.layers.endpoints import Input, Output
from cnn_studio.core.layers.pooling import GlobalPool, PoolingLayer
from cnn_studio.core.layers.sliding import SlidingLayer

Point = tuple[float, float]
Size = tuple[float, float]

ENTRY = ""
"""Inside a group, stands for all that feeds it from outside."""
ROW_GAP = 28.0
"""More free space between rows than between cards; the connection to the next row passes there."""
TRIES = 6
"""How many narrower rows, and how many wider ones, are tried around the likely width."""


class Picture(NamedTuple):
    """A part laid out.

    Attributes:
        line: height at which it is connected.
        places: of its items, from its top left corner: the middle across, the line down.
    """

    size: Size
    line: float
    places: Mapping[str, Point]


class Box(NamedTuple):
    """What one item takes: its width, and how far it reaches above and below the line by which it is connected."""

    width: float
    above: float
    below: float


class Columns(NamedTuple):
    """A connected part as one long row, and what breaking it would cost.

    Attributes:
        widths, tops, bottoms: of each column; the trunk is at height 0.
        breaks: how bad it is to end a row after each column; 0 is best.
    """

    drawing: Layered
    widths: Sequence[float]
    tops: Sequence[float]
    bottoms: Sequence[float]
    breaks: Sequence[float]
    gap: Size


def columns_of(
    graph: Graph, items: Sequence[str], edges: Sequence[tuple[int, int]], boxes: Mapping[str, Box], gap: Size
) -> Columns:  # fmt: skip
    answers = [index for index, item in enumerate(items) if item in graph.nodes and _is_answer(graph, item)]
    drawing = layered([boxes[item][1:] for item in items], edges, gap[1], answers)
    widths, tops, bottoms, firsts = [], [], [], []
    for place, column in enumerate(drawing.columns):
        real = [one for one in column if one < drawing.count]
        widths.append(max(boxes[items[one]].width for one in real))
        tops.append(min(drawing.line[one] - drawing.above[one] for one in column))
        bottoms.append(max(drawing.line[one] + drawing.below[one] for one in column))
        firsts.append(items[drawing.trunk[place] if place < len(drawing.trunk) else real[0]])
    passing = [0] * (len(widths) + 1)
    for (source, target), times in Counter(edges).items():
        low, high = sorted((drawing.column[source], drawing.column[target]))
        lines = 1 if _is_card(graph, items[source]) and _is_card(graph, items[target]) else times
        passing[low] += lines
        passing[high] -= lines
    breaks, crossing = [], 0
    for place, (left, right) in enumerate(pairwise(firsts)):
        crossing += passing[place]
        breaks.append(break_cost(graph, left, right) + 0.5 * min(crossing - 1, 4))
    return Columns(drawing, widths, tops, bottoms, breaks, gap)


def _is_answer(graph: Graph, item: str) -> bool:
    return graph.nodes[item].layer.kind == Output.kind


def _is_card(graph: Graph, item: str) -> bool:
    return item in graph.nodes or (item != ENTRY and graph.groups[item].folded)


def break_cost(graph: Graph, left: str, right: str) -> float:
    """How bad it is to begin a new row between two neighbours: 0 where a stage ends, 2 before an activation."""
    if left == ENTRY:
        return 10.0
    before = graph.nodes[left].layer if left in graph.nodes else None
    layer = graph.nodes[right].layer if right in graph.nodes else None
    joined = (Family.ACTIVATION, Family.NORMALIZATION, Family.OUTPUT)
    if isinstance(before, Input) or (layer and layer.family in joined):
        return 2.0
    if isinstance(before, PoolingLayer):
        return 0.0
    if layer is None:
        return 0.0 if any(_strides(graph.nodes[one].layer) for one in graph.groups[right].members) else 0.3
    if layer.family in (Family.REGULARIZATION, Family.POOLING) or isinstance(before, GlobalPool):
        return 0.7
    return 0.0 if _strides(layer) else 0.4


def _strides(layer: Layer) -> bool:
    return isinstance(layer, SlidingLayer) and layer.stride != 1


def best_rows(columns: Columns, aspect: float) -> list[range]:
    """The columns broken into rows, so that the whole comes near the aspect and the breaks stand where a stage ends."""
    widths, gap = columns.widths, columns.gap
    length = _length(widths, gap[0])
    row_height = sum(b - t for t, b in zip(columns.tops, columns.bottoms, strict=True)) / len(widths) + gap[1] + ROW_GAP
    likely = max((length / (aspect * row_height)) ** 0.5, 1.0)
    best, lowest = [range(len(widths))], float("inf")
    for step in range(-TRIES, TRIES + 1):
        limit = max(length / (likely * 1.12**step), *widths)
        rows = _broken(columns, limit)
        width, height = _size(columns, rows)
        flaws = [_break_after(columns, row.stop) + _too_short(columns, len(row), row.stop) for row in rows]
        cost = abs(log(width / height / aspect)) + 1.5 * sum(flaws) / len(rows)
        if cost < lowest - 1e-9:
            best, lowest = rows, cost
    return best


def _broken(columns: Columns, limit: float) -> list[range]:
    """Rows no wider than the limit with the least cost of breaks and of room left free."""
    widths, gap = columns.widths, columns.gap[0]
    costs, starts = [0.0], [0]
    for end in range(1, len(widths) + 1):
        best, start_of_best = float("inf"), end - 1
        width = -gap
        for start in range(end - 1, -1, -1):
            width += widths[start] + gap
            if width > limit and start < end - 1:
                break
            free = 1 - width / limit
            cost = costs[start] + 0.4 * free * free
            if end - start <= 2:
                cost += _too_short(columns, end - start, end)
            if cost < best:
                best, start_of_best = cost, start
        costs.append(best + _break_after(columns, end))
        starts.append(start_of_best)
    rows, end = [], len(widths)
    while end:
        rows.append(range(starts[end], end))
        end = starts[end]
    return rows[::-1]


def _break_after(columns: Columns, end: int) -> float:
    return columns.breaks[end - 1] if end < len(columns.widths) else 0.0


def _too_short(columns: Columns, length: int, end: int) -> float:
    """What a row costs that looks forgotten: a single column, or two at the very end."""
    last = end == len(columns.widths)
    return 0.5 if length == 1 or (last and length == 2 and end > 2) else 0.0


def _length(widths: Sequence[float], gap: float) -> float:
    """Length of neighbouring columns; the entry of a group takes no room."""
    seen = [width for width in widths if width]
    return sum(seen) + gap * (len(seen) - 1)


def _size(columns: Columns, rows: Sequence[range]) -> Size:
    width = max(_length(columns.widths[row.start : row.stop], columns.gap[0]) for row in rows)
    heights = [max(columns.bottoms[place] for place in row) - min(columns.tops[place] for place in row) for row in rows]
    return width, sum(heights) + (columns.gap[1] + ROW_GAP) * (len(rows) - 1)


def drawn(columns: Columns, rows: Sequence[range], items: Sequence[str]) -> Picture:
    """Where the items of one connected part stand, its columns in these rows."""
    drawing = columns.drawing
    places: dict[str, Point] = {}
    top = 0.0
    for row in rows:
        line = top - min(columns.tops[place] for place in row)
        left = 0.0
        for place in row:
            for one in drawing.columns[place]:
                if one < drawing.count:
                    places[items[one]] = (left + columns.widths[place] / 2, line + drawing.line[one])
            left += columns.widths[place] + (columns.gap[0] if columns.widths[place] else 0.0)
        top = line + max(columns.bottoms[place] for place in row) + columns.gap[1] + ROW_GAP
    return Picture(_size(columns, rows), -min(columns.tops[place] for place in rows[0]), places)


def shelves(parts: Sequence[Picture], aspect: float, gap: Size) -> Picture:
    """Connected parts beside each other as far as there is room, then below."""
    area = sum((part.size[0] + gap[0]) * (part.size[1] + gap[1]) for part in parts)
    limit = max([(area * aspect) ** 0.5, *(part.size[0] for part in parts)])
    places: dict[str, Point] = {}
    left = top = height = width = 0.0
    for part in parts:
        if left and left + part.size[0] > limit:
            left, top, height = 0.0, top + height + gap[1] + ROW_GAP, 0.0
        for item, (x, y) in part.places.items():
            places[item] = (left + x, top + y)
        width, height = max(width, left + part.size[0]), max(height, part.size[1])
        left += part.size[0] + gap[0]
    return Picture((width, top + height), parts[0].line if parts else 0.0, places)
