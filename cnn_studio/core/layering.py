"""A drawing in layers of a graph without names: which column each box stands in, in what order, at what height.

After Sugiyama, Tagawa and Toda 1981: cycles broken, longest-path layering, barycenter sweeps against crossings, heights
by medians. Two things are our own: the longest path (the trunk of a network) is drawn straight, and heights are found
exactly, as the least squares of what each box would like under the distances that must be kept.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, field

Pair = tuple[int, int]

LANE = 20.0
"""Height kept free for a connection that passes a column."""
LONGEST_LANES = 60
"""Connections over more columns than this keep no lane free, nor do those that would be too many."""
MOST_LANES = 6000
SWEEPS = 6
TRUNK_WEIGHT = 1e7


@dataclass
class Layered:
    """A drawing in progress. Items below ``count`` are boxes, the others lanes of long connections.

    Attributes:
        column: of each item.
        columns: items of each column, from the top.
        above, below: how far each item reaches from its line.
        gap: kept free between boxes.
        trunk: the boxes of the longest path, in order.
        line: where each item's line is, across the flow; the trunk is at 0.
    """

    count: int
    edges: list[Pair]
    column: list[int]
    columns: list[list[int]]
    above: list[float]
    below: list[float]
    gap: float
    trunk: list[int]
    before: list[list[int]] = field(default_factory=list)
    after: list[list[int]] = field(default_factory=list)
    line: list[float] = field(default_factory=list)


def layered(
    reaches: Sequence[tuple[float, float]], edges: Sequence[Pair], gap: float, ends: Sequence[int] = ()
) -> Layered:
    """The drawing of a connected graph; cycles and repeated edges are tolerated.

    Args:
        reaches: how far each box reaches above and below the line by which it is connected.
        ends: the boxes at one of which the trunk ends; it ends where the longest path does when there are none.
    """
    count = len(reaches)
    forward = acyclic(count, [edge for edge in dict.fromkeys(edges) if edge[0] != edge[1]])
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for source, target in forward:
        after[source].append(target)
        before[target].append(source)
    column, depth = _columns(before, after)
    trunk = _trunk(before, depth, ends or range(count))
    columns: list[list[int]] = [[] for _ in range(max(column) + 1)]
    for item in range(count):
        columns[column[item]].append(item)
    above, below = [reach[0] for reach in reaches], [reach[1] for reach in reaches]
    drawing = Layered(count, forward, column, columns, above, below, gap, trunk, before, after)
    _lay_lanes(drawing)
    _uncross(drawing)
    _set_heights(drawing)
    return drawing


def acyclic(count: int, edges: Sequence[Pair]) -> list[Pair]:
    """The edges with those turned round that lead back to where a walk from the first boxes came from."""
    after: list[list[int]] = [[] for _ in range(count)]
    fed = [0] * count
    for source, target in edges:
        after[source].append(target)
        fed[target] += 1
    state = [0] * count  # 0 not seen, 1 on the way, 2 done
    turned: set[Pair] = set()
    for start in sorted(range(count), key=lambda item: fed[item] > 0):
        if state[start]:
            continue
        state[start] = 1
        walk = [(start, iter(after[start]))]
        while walk:
            item, targets = walk[-1]
            for target in targets:
                if state[target] == 1:
                    turned.add((item, target))
                elif state[target] == 0:
                    state[target] = 1
                    walk.append((target, iter(after[target])))
                    break
            else:
                state[item] = 2
                walk.pop()
    return list(dict.fromkeys((edge[1], edge[0]) if edge in turned else edge for edge in edges))


def _columns(before: list[list[int]], after: list[list[int]]) -> tuple[list[int], list[int]]:
    """The column of each box, and how many boxes the longest path to it has before it."""
    missing = [len(sources) for sources in before]
    order = [item for item, number in enumerate(missing) if number == 0]
    depth = [0] * len(before)
    for item in order:  # grows while it is walked
        for target in after[item]:
            depth[target] = max(depth[target], depth[item] + 1)
            missing[target] -= 1
            if missing[target] == 0:
                order.append(target)
    column = list(depth)
    for item in reversed(order):
        if not before[item] and after[item]:  # a second Input stands beside what it feeds
            column[item] = min(column[target] for target in after[item]) - 1
    return column, depth


def _trunk(before: list[list[int]], depth: list[int], ends: Sequence[int]) -> list[int]:
    """The longest path to one of the ends; it has a box in every column up to there."""
    item = max(ends, key=lambda one: (depth[one], -one))
    trunk = [item]
    while before[item]:
        item = max(before[item], key=lambda one: depth[one])  # the first of the deepest
        trunk.append(item)
    return trunk[::-1]


def _lay_lanes(drawing: Layered) -> None:
    """Replaces each connection over several columns by a chain of lanes, one in each."""
    column, before, after = drawing.column, drawing.before, drawing.after
    long = [(column[b] - column[a], a, b) for a, b in drawing.edges if column[b] - column[a] > 1]
    left = MOST_LANES
    for span, source, target in sorted(long):
        after[source].remove(target)
        before[target].remove(source)
        left -= span - 1
        if span > LONGEST_LANES or left < 0:
            continue
        last = source
        for place in range(column[source] + 1, column[target]):
            lane = len(column)
            column.append(place)
            drawing.columns[place].append(lane)
            drawing.above.append(LANE / 2)
            drawing.below.append(LANE / 2)
            before.append([last])
            after.append([])
            after[last].append(lane)
            last = lane
        after[last].append(target)
        before[target].append(last)


# -- order ------------------------------------------------------------------------------------------------------------


def _uncross(drawing: Layered) -> None:
    """Orders each column so that few connections cross."""
    best = [list(column) for column in drawing.columns]
    fewest = _crossings(drawing)
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        if sweep % 2 == 0:
            for place in range(1, len(drawing.columns)):
                _sort(drawing, place, drawing.before)
        else:
            for place in range(len(drawing.columns) - 2, -1, -1):
                _sort(drawing, place, drawing.after)
        crossings = _crossings(drawing)
        if crossings < fewest:
            fewest, best = crossings, [list(column) for column in drawing.columns]
    drawing.columns = best


def _sort(drawing: Layered, place: int, neighbours: list[list[int]]) -> None:
    column = drawing.columns[place]
    if len(column) < 2:
        return
    side = {item for other in column for item in neighbours[other]}
    rank = {item: index for near in (place - 1, place + 1) if 0 <= near < len(drawing.columns)
            for index, item in enumerate(drawing.columns[near]) if item in side}  # fmt: skip
    wish = {}
    for index, item in enumerate(column):
        ranks = [rank[one] for one in neighbours[item] if one in rank]
        wish[item] = sum(ranks) / len(ranks) if ranks else float(index)
    column.sort(key=lambda item: wish[item])


def _crossings(drawing: Layered) -> int:
    total = 0
    for left, right in zip(drawing.columns, drawing.columns[1:], strict=False):
        rank = {item: index for index, item in enumerate(right)}
        seen: list[int] = []
        for item in left:
            targets = sorted(rank[target] for target in drawing.after[item] if target in rank)
            for target in targets:
                total += len(seen) - bisect_left(seen, target + 1)
            for target in targets:
                insort(seen, target)
    return total


# -- heights ----------------------------------------------------------------------------------------------------------


def _set_heights(drawing: Layered) -> None:
    """The line of each item: the trunk at 0, the others where their neighbours are, none too near another."""
    drawing.line = [0.0] * len(drawing.column)
    trunk = set(drawing.trunk)
    places = range(len(drawing.columns))
    for place in places:
        _settle(drawing, place, (), trunk)
    for neighbours in ((drawing.before,), (drawing.after,), (drawing.before, drawing.after)) * 2:
        for place in reversed(places) if neighbours[0] is drawing.after else places:
            _settle(drawing, place, neighbours, trunk)


def _settle(drawing: Layered, place: int, sides: Sequence[list[list[int]]], trunk: set[int]) -> None:
    column, line = drawing.columns[place], drawing.line
    if len(column) == 1 and column[0] in trunk:
        line[column[0]] = 0.0
        return
    wishes, weights, offsets = [], [], []
    offset = 0.0
    for index, item in enumerate(column):
        if index:
            upper = column[index - 1]
            between = drawing.gap if max(item, upper) < drawing.count else drawing.gap / 2
            offset += drawing.below[upper] + drawing.above[item] + between
        offsets.append(offset)
        if item in trunk:
            wishes.append(0.0)
            weights.append(TRUNK_WEIGHT)
        else:
            near = [line[one] for side in sides for one in side[item] if one not in trunk or item < drawing.count]
            wishes.append(_median(near) if near else line[item])
            weights.append(1.0 if item < drawing.count else 2.0)
    found = _apart(wishes, weights, offsets)
    drift = next((one for item, one in zip(column, found, strict=True) if item in trunk), 0.0)
    for item, one in zip(column, found, strict=True):
        line[item] = one - drift


def _median(values: list[float]) -> float:
    values.sort()
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def _apart(wishes: list[float], weights: list[float], offsets: list[float]) -> list[float]:
    """Lines nearest to the wishes (weighted least squares) that keep at least the differences of the offsets."""
    blocks: list[list[float]] = []  # weighted mean, weight, number of items
    for wish, weight, offset in zip(wishes, weights, offsets, strict=True):
        mean, total, items = wish - offset, weight, 1.0
        while blocks and blocks[-1][0] > mean:
            other, other_total, other_items = blocks.pop()
            mean = (mean * total + other * other_total) / (total + other_total)
            total += other_total
            items += other_items
        blocks.append([mean, total, items])
    means = [mean for mean, _total, items in blocks for _ in range(int(items))]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]
