"""Pen strokes from pictures of digits: thinned to lines one pixel wide (Zhang and Suen 1984), then followed as a pen would."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

Array = np.ndarray[Any, np.dtype[Any]]
Cell = tuple[int, int]

FINER = 4
"""Pixels in which one of the picture is thinned."""
INK = 110
"""Grey level from which on there is ink."""
SPUR = 2.2 * FINER
"""Lines out of a crossing that end before so many pixels are the ends of broad strokes, not strokes."""
APART = 3.0
"""Pixels between two points of a stroke, about as far as a mouse is asked while somebody writes."""
AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def thinned(mask: Array) -> Array:
    """Ink (h, w) thinned to its middle lines."""
    mask = np.pad(mask.astype(np.uint8), 1)
    while True:
        gone = 0
        for first in (True, False):
            around = [np.roll(mask, (-dy, -dx), (0, 1)) for dy, dx in AROUND]
            count = sum(around)
            turns = sum((around[i] == 0) & (around[(i + 1) % 8] == 1) for i in range(8))
            up, right, down, left = around[0], around[2], around[4], around[6]
            if first:
                open_ = (up * right * down == 0) & (right * down * left == 0)
            else:
                open_ = (up * right * left == 0) & (up * down * left == 0)
            away = (mask == 1) & (count >= 2) & (count <= 6) & (turns == 1) & open_
            gone += int(away.sum())
            mask = mask * (1 - away)
        if not gone:
            return mask[1:-1, 1:-1].astype(bool)


def strokes_of(picture: Array) -> list[Array]:
    """The strokes (points, 2: x, y) of a digit (28, 28), in pixels of the picture."""
    side = picture.shape[0] * FINER
    large = np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC))
    cells = {(int(y), int(x)) for y, x in np.argwhere(thinned(large > INK))}
    lines = _lines(cells)
    if not lines and cells:
        lines = [[next(iter(cells))]]
    return [_resampled(np.array(line, float)[:, ::-1] / FINER + 0.5 / FINER) for line in lines]


def _near(cell: Cell, cells: set[Cell]) -> list[Cell]:
    """Neighbours, those beside it before those at its corners that can be reached through them."""
    y, x = cell
    straight = [(y + dy, x + dx) for dy, dx in AROUND[::2] if (y + dy, x + dx) in cells]
    corners = [
        (y + dy, x + dx)
        for dy, dx in AROUND[1::2]
        if (y + dy, x + dx) in cells and (y + dy, x) not in cells and (y, x + dx) not in cells
    ]
    return straight + corners


def _lines(cells: set[Cell]) -> list[list[Cell]]:
    """Lines through all cells; at crossings the pen goes on as straight as it can."""
    left = {(cell, other) for cell in cells for other in _near(cell, cells)}
    ends = sorted(cell for cell in cells if len(_near(cell, cells)) == 1)
    crossings = {cell for cell in cells if len(_near(cell, cells)) > 2}
    lines: list[list[Cell]] = []
    while left:
        start = next((cell for cell in ends if any((cell, other) in left for other in _near(cell, cells))), None)
        if start is None:
            start = min(left)[0]
        line = [start]
        while options := [other for other in _near(line[-1], cells) if (line[-1], other) in left]:
            step = min(options, key=lambda other: _bend(line, other))
            left -= {(line[-1], step), (step, line[-1])}
            line.append(step)
        lines.append(line)
    kept = [line for line in lines if len(line) > SPUR or not crossings.intersection((line[0], line[-1]))]
    return [line for line in kept or lines if len(line) > 2] or kept


def _bend(line: list[Cell], other: Cell) -> float:
    """How far the pen would have to turn, 0 for straight on."""
    if len(line) < 2:
        return 0.0
    before = line[max(0, len(line) - 5)]
    came = np.subtract(line[-1], before)
    goes = np.subtract(other, line[-1])
    return -float(came @ goes) / float(np.linalg.norm(came) * np.linalg.norm(goes) + 1e-9)


def _resampled(line: Array) -> Array:
    """Points a little apart, smoothed."""
    for _time in range(4):
        if len(line) > 2:
            line[1:-1] = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    count = max(2, round(along[-1] * FINER / APART))
    at = np.linspace(0, along[-1], count)
    return np.stack([np.interp(at, along, line[:, axis]) for axis in (0, 1)], axis=1)
