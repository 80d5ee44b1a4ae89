"""The frames behind the layers of unfolded groups."""

from __future__ import annotations

from cnn_studio.core.export.figure.scene import Scene

FRAME_PAD, FRAME_TEXT = 7.0, 10.0

Box = tuple[float, float, float, float]


def frames_of(scene: Scene) -> list[tuple[str, Box]]:
    """Name and place of the frame of each unfolded group, where nothing else stands within it."""
    found: list[tuple[str, Box]] = []
    for name, inside in scene.frames:
        boxes = [scene.entries[entry].box for entry in inside]
        box = (
            min(one[0] for one in boxes) - FRAME_PAD,
            min(one[1] for one in boxes) - FRAME_PAD - FRAME_TEXT,
            max(one[2] for one in boxes) + FRAME_PAD,
            max(one[3] for one in boxes) + FRAME_PAD,
        )
        others = [entry.box for entry in scene.entries.values() if entry.id not in inside]
        others += [other for _name, other in found]
        if not any(_overlap(box, other) for other in others):
            found.append((name, box))
    return found


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
