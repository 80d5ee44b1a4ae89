"""Places as a person arranged them: kept, spread until nothing overlaps, with edges that go round what is between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cnn_studio.core.export.figure.routing import Path, Point, angular, smooth
from cnn_studio.core.export.figure.scene import Scene

APART = 20.0
"""Free room between two entries."""
CLEAR = 7.0
"""Room between an edge and what it passes."""
STRETCH = (0.4, 4.0)
"""How much the canvas may be scaled; beyond it the automatic places are better."""

Box = tuple[float, float, float, float]
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
    for link in sorted(scene.links, key=lambda link: _length(boxes, link)):  # short arcs lie inside long ones
        for path, detour in _ways(boxes, link):
            if not (detour and any(_touch(detour, other) for other in used)) and _is_free(path, boxes, link):
                found[link] = path.turned() if down else path
                used += [detour] if detour else []
                break
        else:
            return None
    return {link: found[link] for link in scene.links}


def _length(boxes: Mapping[str, Box], link: Link) -> float:
    return abs(boxes[link[1]][0] - boxes[link[0]][2])


def _touch(one: Detour, other: Detour) -> bool:
    """Whether two detours of different sources would lie on each other."""
    apart = abs(one.level - other.level) >= CLEAR or one.last <= other.first or other.last <= one.first
    return not apart and one.source != other.source


def _turned(box: Box) -> Box:
    left, top, right, bottom = box
    return top, left, bottom, right


def _ways(boxes: Mapping[str, Box], link: Link) -> Iterator[tuple[Path, Detour | None]]:
    """Ways from the right side of one box to the left side of another, the plainest first."""
    source, target = boxes[link[0]], boxes[link[1]]
    start: Point = (source[2], (source[1] + source[3]) / 2)
    end: Point = (target[0], (target[1] + target[3]) / 2)
    if end[0] > start[0]:
        yield smooth([start, end]), None
    middle = (start[1] + end[1]) / 2
    sides = {side for box in boxes.values() for side in ((box[1], -1), (box[3], 1))}
    levels = {side + away * distance * CLEAR for side, away in sides for distance in (2, 4, 6, 8)}
    for level in sorted(levels, key=lambda level: (abs(level - middle), level)):
        detour = Detour(link[0], level, *sorted((start[0], end[0])))
        for out in (20.0, 40.0, 14.0):
            if end[0] - start[0] > 2 * out:
                yield smooth([start, (start[0] + out, level), (end[0] - out, level), end]), detour
        for out in (10.0, 14.0):
            leave, arrive = start[0] + out, end[0] - out
            corners = [start, (leave, start[1]), (leave, level), (arrive, level), (arrive, end[1]), end]
            yield angular(corners), detour


def _is_free(path: Path, boxes: Mapping[str, Box], link: Link) -> bool:
    """Whether a way keeps clear of every box; its own two it may touch at its ends only."""
    points = list(path.points())
    first, last = min(x for x, _y in points), max(x for x, _y in points)
    for entry_id, (left, top, right, bottom) in boxes.items():
        clear = -0.2 if entry_id in link else CLEAR - 1.0
        if last <= left - clear or right + clear <= first:
            continue
        if any(left - clear < x < right + clear and top - clear < y < bottom + clear for x, y in points):
            return False
    return True
