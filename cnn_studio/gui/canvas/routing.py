"""How connections run: smooth between neighbours, in arcs over what they skip, along the gutters from row to row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, pairwise

from cnn_studio.core.export.figure.routing import Path, smooth
from cnn_studio.gui.canvas.geometry import Box, Point

CLEAR = 6.0
"""Points kept free between a connection and the cards that it passes."""
LEAD = 16.0
"""Points that a connection runs straight out of a card before it turns."""
CORNER = 22.0
"""Radius of a corner."""
ASIDE = 12.0
"""Points between the edge of a frame and a connection that runs round it."""
FAR = 420.0
"""How far above and below its ends a way round is looked for."""
MOST_LEVELS = 24
NEARLY = 24.0
"""Points between two levels that count as about as near."""

Finder = Callable[[Box], Iterable[Box]]


def out_port(card: Box) -> Point:
    """Where what a layer gives comes out."""
    return card.right, (card.top + card.bottom) / 2


def in_port(card: Box) -> Point:
    """Where what feeds a layer goes in."""
    return card.left, (card.top + card.bottom) / 2


def route(source: Box, target: Box, cards: Finder, frame: Box | None = None) -> Path:
    """The way from one card to another round all others.

    Args:
        cards: finds the boxes of the cards that touch a box.
        frame: the frame in which only the target stands; a way that comes back runs round it and enters on the left.
    """
    start, end = out_port(source), in_port(target)
    if 0 < end[0] - start[0] <= 64 and abs(start[1] - end[1]) < 200:
        return direct(start, end)
    nearby = Box(min(start[0], end[0]) - 60, min(start[1], end[1]) - FAR, max(start[0], end[0]) + 60, max(start[1], end[1]) + FAR)  # fmt: skip
    others = [box for box in cards(nearby) if box not in (source, target)]
    for path in chain(_entering(start, end, frame), _ways(start, end, others)):
        if is_free(path, others):
            return path
    return direct(start, end)


def direct(start: Point, end: Point) -> Path:
    """The plainest way between two points."""
    if end[0] - start[0] >= LEAD / 2:
        return smooth([start, end])
    lead = 40.0 + min(abs(end[0] - start[0]) / 4, 80.0)
    return Path(start, (((start[0] + lead, start[1]), (end[0] - lead, end[1]), end),))


def _ways(start: Point, end: Point, others: list[Box]) -> Iterator[Path]:
    forward = end[0] - start[0]
    if forward >= LEAD / 2:
        yield smooth([start, end])
    middle = (start[1] + end[1]) / 2
    away = 12.0 + min(abs(forward) / 90.0, 14.0)
    if comes_back(start, end) and abs(end[1] - start[1]) > 80:
        yield _turning(start, end, middle + max(-10.0, min(10.0, (abs(forward) - 600) / 60)), LEAD + 2)
    sides = {box.top - away for box in others} | {box.bottom + away for box in others}
    sides |= {start[1] - 36 - away, start[1] + 36 + away}

    def order(level: float) -> tuple[int, float]:
        """The nearest first; of two about as near, that of the start, which crosses nothing where ways come together."""
        return round(abs(level - middle) / NEARLY), abs(level - start[1])

    for level in sorted(sides, key=order)[:MOST_LEVELS]:
        if forward > 6 * LEAD:
            for out in (46.0, 36.0, 24.0):
                yield smooth([start, (start[0] + out, level), (end[0] - out, level), end])
        for out in (LEAD + 2, LEAD - 4):
            yield _turning(start, end, level, out)


def _entering(start: Point, end: Point, frame: Box | None) -> Iterator[Path]:
    """Back along the edge of a frame, where all that feeds it shares one line, and in from its left."""
    if frame is None or not comes_back(start, end) or frame.top - ASIDE < start[1] < frame.bottom + ASIDE:
        return
    level = frame.top - ASIDE if start[1] < frame.top else frame.bottom + ASIDE
    leave, arrive = start[0] + LEAD + 2, frame.left - ASIDE
    yield rounded([start, (leave, start[1]), (leave, level), (arrive, level), (arrive, end[1]), end])


def comes_back(start: Point, end: Point) -> bool:
    """Whether a way leads to the left, as from the end of a row to the next one."""
    return end[0] - start[0] < LEAD


def _turning(start: Point, end: Point, level: float, out: float) -> Path:
    """Out of one card, along a level, and into another."""
    leave, arrive = start[0] + out, end[0] - out
    return rounded([start, (leave, start[1]), (leave, level), (arrive, level), (arrive, end[1]), end])


def rounded(corners: list[Point], radius: float = CORNER) -> Path:
    """Level and upright lines with round corners."""
    segments: list[tuple[Point, ...]] = []
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        if corner in (before, after):
            continue
        entry, leaving = _towards(corner, before, radius), _towards(corner, after, radius)
        segments += [(entry,), (corner, corner, leaving)]
    return Path(corners[0], (*segments, (corners[-1],)))


def _towards(corner: Point, other: Point, radius: float) -> Point:
    length = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    share = min(radius, length / 2) / length if length else 0.0
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share


def is_free(path: Path, others: list[Box]) -> bool:
    """Whether a way keeps clear of all these cards."""
    region = hull(path).grown(CLEAR)
    near = [box.grown(CLEAR - 1) for box in others if box.touches(region)]
    if not near:
        return True
    here = path.start
    for part in path.segments:
        end = part[-1]
        piece = bounds_of((here, *part)).grown(0.1)
        close = [box for box in near if box.touches(piece)]
        level = len(part) == 1 and (here[0] == end[0] or here[1] == end[1])
        if close and (level or any(box.holds(point) for point in Path(here, (part,)).points(8.0) for box in close)):
            return False
        here = end
    return True


def hull(path: Path) -> Box:
    """A box around a way and the handles of its curves."""
    return bounds_of((path.start, *(point for part in path.segments for point in part)))


def bounds_of(points: Iterable[Point]) -> Box:
    """The smallest box around some points; there must be one."""
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def distance(path: Path, point: Point) -> float:
    """How far a point is from a way."""
    points = list(path.points(6.0))
    if len(points) == 1:
        return _length(points[0], point)
    return min(map(partial(_to_piece, point), pairwise(points)))


def _to_piece(point: Point, piece: tuple[Point, Point]) -> float:
    (x0, y0), (x1, y1) = piece
    dx, dy = x1 - x0, y1 - y0
    long = dx * dx + dy * dy
    share = max(0.0, min(1.0, ((point[0] - x0) * dx + (point[1] - y0) * dy) / long)) if long else 0.0
    return _length((x0 + share * dx, y0 + share * dy), point)


def _length(one: Point, other: Point) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)


def length(path: Path) -> float:
    """How long a way is."""
    return sum(_length(*pair) for pair in pairwise(path.points(6.0)))


def middle(path: Path) -> Point:
    """The point half way along."""
    points = list(path.points(4.0))
    left = sum(_length(*pair) for pair in pairwise(points)) / 2
    for one, other in pairwise(points):
        piece = _length(one, other)
        if piece and left <= piece:
            return one[0] + (other[0] - one[0]) * left / piece, one[1] + (other[1] - one[1]) * left / piece
        left -= piece
    return points[-1]
