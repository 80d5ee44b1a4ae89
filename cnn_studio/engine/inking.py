"""The ink of strokes drawn on a pad, as thick as the digits of the training data are, and without what was rubbed out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnn_studio.engine.datasets.base import Array
from cnn_studio.engine.drawing import BOX, bounding_box, rasterize
from cnn_studio.engine.paper import ink_of, reduced

UNITS = 280
"""Units of the pad's side."""
SIDE = 168
"""Pixels of the side of its ink: a small drawing still has more of them than are left in the end."""
EDGE = 4
"""Empty pixels around the ink, so that strokes over the edge are not taken for the edge of a photograph."""
BEYOND = UNITS
"""Units outside the pad at which the pen is still followed."""
THINNEST, THICKEST = 2.0, 3.0
"""Width of the pen in prepared pixels, where the whole drawing has 20."""


@dataclass(frozen=True)
class Stroke:
    """What the pen or the eraser did between touching and leaving the pad.

    Attributes:
        points: x, y and pressure 0..1 of each point, in units of the pad.
        width: of the pen at pressure 1, in the same units.
        erases: whether it takes ink away.
    """

    points: Sequence[tuple[float, float, float]]
    width: float
    erases: bool = False


def ink_picture(strokes: Sequence[Stroke], *, even: bool = True, below: Array | None = None) -> Array:
    """The ink of a pad as a picture (1, h, w) of bytes, bright on black, as a file of it would be read.

    Args:
        even: bring every line to a width that digits of the training data have, as a small drawing with a thick pen is
            a blot, and a large one with a thin pen hardly there.
        below: ink (SIDE, SIDE), 0 to 1, over which was drawn.
    """
    ink = _drawn(strokes, _widths(strokes, below) if even else [stroke.width for stroke in strokes], below)
    picture: Array = np.rint(np.pad(ink, EDGE) * 255).astype(np.uint8)[None]
    return picture


def paper_ink(picture: Array) -> Array:
    """The ink of a picture (channels, height, width) as it lies on a pad: (SIDE, SIDE), 0 to 1."""
    ink = reduced(ink_of(picture)[None], SIDE)[0]
    height, width = ink.shape
    laid = np.zeros((SIDE, SIDE), np.float32)
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    laid[top : top + height, left : left + width] = ink
    return laid


def _drawn(strokes: Sequence[Stroke], widths: Sequence[float], below: Array | None) -> Array:
    """The ink (SIDE, SIDE) of strokes in their order."""
    ink = np.zeros((SIDE, SIDE), np.float32) if below is None else below.astype(np.float32)
    first = 0
    while first < len(strokes):
        last = first + 1
        while last < len(strokes) and _alike(strokes, widths, first, last):
            last += 1
        some = [_followed(stroke) * (SIDE / UNITS, SIDE / UNITS, 1) for stroke in strokes[first:last]]
        laid = rasterize(some, (SIDE, SIDE), widths[first] * SIDE / UNITS)
        ink = ink * (1 - laid) if strokes[first].erases else np.maximum(ink, laid)
        first = last
    return ink


def _alike(strokes: Sequence[Stroke], widths: Sequence[float], one: int, other: int) -> bool:
    return strokes[one].erases == strokes[other].erases and widths[one] == widths[other]


def _followed(stroke: Stroke) -> Array:
    points = np.asarray(list(stroke.points), np.float64).reshape(-1, 3)
    points[:, :2] = points[:, :2].clip(-BEYOND, UNITS + BEYOND)
    return points


def _widths(strokes: Sequence[Stroke], below: Array | None) -> list[float]:
    """The width of each stroke's pen, within what suits the size of the whole drawing; the eraser keeps its own."""
    size = _size(strokes, below)
    thin, thick = (size * part / (BOX - part) for part in (THINNEST, THICKEST))
    return [
        stroke.width if stroke.erases or size < stroke.width / 2 else min(max(stroke.width, thin), thick)
        for stroke in strokes
    ]


def _size(strokes: Sequence[Stroke], below: Array | None) -> float:
    """Longer side of the drawing without the pen's width: of what is seen, where something was rubbed out."""
    pens = [stroke for stroke in strokes if not stroke.erases]
    if below is not None or len(pens) < len(strokes):
        top, left, bottom, right = bounding_box(_drawn(strokes, [stroke.width for stroke in strokes], below))
        width = min((stroke.width for stroke in pens), default=0.0)
        return float(max(bottom - top, right - left) * UNITS / SIDE - width)
    points = [_followed(stroke)[:, :2].clip(0, UNITS) for stroke in pens]
    points = [some for some in points if len(some)]
    if not points:
        return 0.0
    every = np.concatenate(points)
    return float(np.ptp(every, axis=0).max())
