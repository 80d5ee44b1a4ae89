"""How edges run: smooth between columns, straight within them, with round corners where they turn back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from cnn_studio.core.export.figure.layout import Placed
from cnn_studio.core.export.figure.text import number

Point = tuple[float, float]
CORNER = 10.0
"""Radius of a corner."""
LEAD = 8.0
"""The last straight piece, that the arrow lies on."""
TURN = 17.0
"""How far from a column a way turns back."""


@dataclass(frozen=True)
class Path:
    """A start, and segments: one point is a line, three are a curve with its two handles."""

    start: Point
    segments: tuple[tuple[Point, ...], ...]

    @property
    def end(self) -> Point:
        """Where it arrives."""
        return self.segments[-1][-1] if self.segments else self.start

    @property
    def is_level(self) -> bool:
        """Whether it is one level line."""
        return len(self.segments) == 1 and len(self.segments[0]) == 1 and self.start[1] == self.end[1]

    def data(self) -> str:
        """The ``d`` of an SVG path."""
        parts = [f"M{_pair(self.start)}"]
        parts += [("L" if len(part) == 1 else "C") + " ".join(map(_pair, part)) for part in self.segments]
        return "".join(parts)

    def points(self, spacing: float = 3.0) -> Iterator[Point]:
        """Points along the way, about so far apart: enough to tell what it touches."""
        here = self.start
        yield here
        for part in self.segments:
            corners = (here, *part)
            length = sum(abs(x1 - x0) + abs(y1 - y0) for (x0, y0), (x1, y1) in pairwise(corners))
            steps = max(1, ceil(length / spacing))
            for step in range(1, steps + 1):
                yield _bezier(corners, step / steps)
            here = part[-1]

    def turned(self) -> Path:
        """The same with x and y exchanged."""
        turn = tuple(tuple((y, x) for x, y in part) for part in self.segments)
        return Path((self.start[1], self.start[0]), turn)


def _pair(point: Point) -> str:
    return f"{number(point[0])},{number(point[1])}"


def _bezier(points: tuple[Point, ...], t: float) -> Point:
    while len(points) > 1:
        points = tuple(((1 - t) * x0 + t * x1, (1 - t) * y0 + t * y1) for (x0, y0), (x1, y1) in pairwise(points))
    return points[0]


def smooth(points: Iterable[Point]) -> Path:
    """A way from left to right: level where two points are of one height, an S between them where not."""
    start, *rest = points
    segments: list[tuple[Point, ...]] = []
    here = start
    for point in rest:
        if abs(point[1] - here[1]) < 0.05:
            if abs(point[0] - here[0]) < 0.05:
                continue
            if segments and len(segments[-1]) == 1:
                segments.pop()
            segments.append((point,))
        else:
            middle = (here[0] + point[0]) / 2
            segments.append(((middle, here[1]), (middle, point[1]), point))
        here = point
    return Path(start, tuple(segments))


def angular(points: Iterable[Point]) -> Path:
    """A way of level and upright lines with round corners."""
    corners = [*points]
    segments: list[tuple[Point, ...]] = []
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        entry, exit_ = _towards(corner, before), _towards(corner, after)
        segments += [(entry,), (corner, corner, exit_)]
    segments.append((corners[-1],))
    return Path(corners[0], tuple(segments))


def _towards(corner: Point, other: Point) -> Point:
    """The point where a rounded corner begins on its way to another."""
    length = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    share = min(CORNER, length / 2) / length if length else 0.0
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share


def column_routes(placed: Placed) -> dict[tuple[str, str], Path]:
    """The way of every connection between automatic places."""
    return {link: _route(placed, *link) for link in placed.scene.links}


def _route(placed: Placed, source_id: str, target_id: str) -> Path:
    source, target = placed.scene.entries[source_id], placed.scene.entries[target_id]
    first, last = placed.column[source_id], placed.column[target_id]
    start, end = (source.x + source.right, source.y), (target.x - target.left, target.y)
    lane = placed.lanes.get((source_id, target_id))
    leave, arrive = (placed.right[first], source.y), (placed.left[last] - LEAD, target.y)
    if lane is not None and last > first:
        between = [(placed.left[first + 1] - LEAD, lane), (placed.right[last - 1], lane)]
        return smooth([start, leave, *between, arrive, end])
    if placed.rows[first] == placed.rows[last] and last > first:
        return smooth([start, leave, arrive, end])
    level = placed.gutters[placed.rows[first]] if lane is None else lane
    out, back = placed.right[first] + TURN, placed.left[last] - TURN
    return angular([start, (out, source.y), (out, level), (back, level), (back, target.y), end])
