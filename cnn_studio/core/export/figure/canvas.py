"""Places as a person arranged them: kept, spread until nothing overlaps, with edges that go round what is between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, pairwise
from typing import NamedTuple

from cnn_studio.core.export.figure.frames import FRAME_TEXT, Box, frames_of
from cnn_studio.core.export.figure.routing import Path, Point, angular, smooth
from cnn_studio.core.export.figure.scene import Scene

APART = 20.0
"""Free room between two entries."""
CLEAR = 7.0
"""Room between an edge and what it passes."""
STRETCH = (0.4, 4.0)
"""How much the canvas may be scaled; beyond it the automatic places are better."""

MOST_WAYS = 30
"""How many free ways are compared."""
TRACE = 9.0
"""Points between the places at which a way is compared with others."""

Link = tuple[str, str]


class Detour(NamedTuple):
    """The level piece of a way that goes round something."""

    source: str
    level: float
    first: float
    last: float


def arrange(scene: Scene) -> dict[Link, Path] | None:
    """Spread the entries and route the edges. None where the places say nothing, or leave no way round."""
    entries = list(scene.entries.values())
    if len({(entry.x, entry.y) for entry in entries}) < len(entries) or not entries:
        return None
    needed = [
        min(
            (one.width / 2 + other.width / 2 + APART) / (abs(one.x - other.x) or 1e-9),
            (max(one.down + other.up, one.up + other.down) + APART) / (abs(one.y - other.y) or 1e-9),
        )
        for index, one in enumerate(entries)
        for other in entries[:index]
    ]
    scale = max([STRETCH[0], *needed])
    if scale > STRETCH[1]:
        return None
    for entry in entries:
        entry.x, entry.y = entry.x * scale, entry.y * scale
    return _routes(scene)


def _routes(scene: Scene) -> dict[Link, Path] | None:
    """The way of every connection; None as soon as one has none."""
    entries = scene.entries
    across = sum(abs(entries[target].x - entries[source].x) for source, target in scene.links)
    along = sum(abs(entries[target].y - entries[source].y) for source, target in scene.links)
    down = along > across  # drawn from top to bottom: the same with x and y exchanged
    boxes = {entry.id: _turned(entry.box) if down else entry.box for entry in entries.values()}
    found: dict[Link, Path] = {}
    used: list[Detour] = []
    borders = _borders(scene, down)
    for link in sorted(scene.links, key=lambda link: _length(boxes, link)):  # short arcs lie inside long ones
        own = [detour.level for detour in used if detour.source == link[0]]
        free = (
            (path, detour)
            for path, detour in _ways(boxes, link, own)
            if not (detour and any(_touch(detour, other) for other in used)) and _is_free(path, boxes, link)
        )
        best = _plainest(free, borders, link, found)
        if best is None:
            return None
        found[link] = best[0]
        used += [best[1]] if best[1] else []
    return {link: found[link].turned() if down else found[link] for link in scene.links}


def _borders(scene: Scene, down: bool) -> list[Box]:
    """Where a level piece would lie on the border of a frame or on its name: from and to, beginning and end."""
    found = []
    for _name, (left, top, right, bottom) in frames_of(scene):
        near = CLEAR / 2
        if down:
            found += [(side - near, side + near, top, bottom) for side in (left, right)]
        else:
            found += [(top - near, top + FRAME_TEXT + near, left, right), (bottom - near, bottom + near, left, right)]
    return found


def _is_on(detour: Detour | None, borders: list[Box]) -> bool:
    return detour is not None and any(
        low < detour.level < high and detour.first < last and first < detour.last for low, high, first, last in borders
    )


def _plainest(
    free: Iterator[tuple[Path, Detour | None]], borders: list[Box], link: Link, found: Mapping[Link, Path]
) -> tuple[Path, Detour | None] | None:
    """The first way that is straight, or keeps off borders and crosses nothing; else the least bad of the first few."""
    best: tuple[int, tuple[Path, Detour | None]] | None = None
    for way in islice(free, MOST_WAYS):
        path, detour = way
        bad = 0 if detour is None else _crossings(path, link, found) + (len(found) if _is_on(detour, borders) else 0)
        if best is None or bad < best[0]:
            best = bad, way
        if bad == 0:
            break
    return best[1] if best else None


def _crossings(path: Path, link: Link, found: Mapping[Link, Path]) -> int:
    """How many level ways that begin and end elsewhere a way crosses."""
    points = list(path.points(TRACE))
    low, high = min(y for _x, y in points), max(y for _x, y in points)
    count = 0
    for (source, target), level in found.items():
        (left, y), (right, _y) = level.start, level.end
        if low < y < high and level.is_level and source != link[0] and target != link[1]:
            count += any((y0 < y) != (y1 < y) and left < x1 < right for (_x0, y0), (x1, y1) in pairwise(points))
    return count


def _length(boxes: Mapping[str, Box], link: Link) -> float:
    return abs(boxes[link[1]][0] - boxes[link[0]][2])


def _touch(one: Detour, other: Detour) -> bool:
    """Whether two detours of different sources would lie on each other."""
    apart = abs(one.level - other.level) >= CLEAR or one.last <= other.first or other.last <= one.first
    return not apart and one.source != other.source


def _turned(box: Box) -> Box:
    left, top, right, bottom = box
    return top, left, bottom, right


def _ways(boxes: Mapping[str, Box], link: Link, own: list[float]) -> Iterator[tuple[Path, Detour | None]]:
    """Ways from the right side of one box to the left side of another, the plainest first.

    Args:
        own: heights of the detours that the same source has taken already; a common one is plainer than two.
    """
    source, target = boxes[link[0]], boxes[link[1]]
    start: Point = (source[2], (source[1] + source[3]) / 2)
    end: Point = (target[0], (target[1] + target[3]) / 2)
    if end[0] > start[0]:
        yield smooth([start, end]), None
    middle = (start[1] + end[1]) / 2
    sides = {side for box in boxes.values() for side in ((box[1], -1), (box[3], 1))}
    levels = {side + away * distance * CLEAR for side, away in sides for distance in (2, 4, 6, 8)}
    for level in (*own, *sorted(levels, key=lambda level: (abs(level - middle), level))):
        detour = Detour(link[0], level, *sorted((start[0], end[0])))
        for out in (20.0, 40.0, 14.0):
            if end[0] - start[0] > 2 * out:
                yield smooth([start, (start[0] + out, level), (end[0] - out, level), end]), detour
        for out in (14.0, 10.0):
            leave, arrive = start[0] + out, end[0] - out
            corners = [start, (leave, start[1]), (leave, level), (arrive, level), (arrive, end[1]), end]
            yield angular(corners), detour


def _is_free(path: Path, boxes: Mapping[str, Box], link: Link) -> bool:
    """Whether a way keeps clear of every box; its own two it may touch at its ends only."""
    points = list(path.points())
    first, last = min(x for x, _y in points), max(x for x, _y in points)
    low, high = min(y for _x, y in points), max(y for _x, y in points)
    for entry_id, (left, top, right, bottom) in boxes.items():
        clear = -0.2 if entry_id in link else CLEAR - 1.0
        if last <= left - clear or right + clear <= first or high <= top - clear or bottom + clear <= low:
            continue
        if any(left - clear < x < right + clear and top - clear < y < bottom + clear for x, y in points):
            return False
    return True
