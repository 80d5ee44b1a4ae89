"""A sample as a picture for the eye, whatever it is: greys or colours, a frame of a film, the swings of a sound."""

from __future__ import annotations

import numpy as np

from cnn_studio.colormaps import indices, range_of
from cnn_studio.engine.datasets.base import Array

COLOURS = 3


def shown(stored: Array, side: int) -> Array:
    """A picture of a stored sample (channels, \\*sizes): bytes (h, w), or (h, w, 3) where it has three channels.

    It is thinned out, not blurred, to less than four times ``side``; of a film it is the frame in the middle, of a
    sound or a row of numbers a drawing ``side`` pixels high.
    """
    if stored.ndim == 4:
        stored = stored[:, stored.shape[1] // 2]
    if stored.ndim < 3:
        return swings(stored.reshape(len(stored), -1), side)
    step = max(1, max(stored.shape[1:]) // (2 * side))
    stored = stored[:, ::step, ::step]
    if stored.dtype != np.uint8:
        stored = indices(stored, *range_of(stored))
    return np.ascontiguousarray(stored.transpose(1, 2, 0) if len(stored) == COLOURS else stored[0])


def swings(stored: Array, side: int) -> Array:
    """A sound (channels, n) as a picture of bytes (side, at most side): bright where it swings."""
    sound = stored.astype(float).mean(0)
    parts = np.array_split(sound, min(side, len(sound)))
    most = max(float(np.abs(sound).max()), 1e-9)
    rows = np.linspace(1, -1, side)[:, None]
    low, high = (np.array([edge(part) for part in parts]) / most for edge in (np.min, np.max))
    lit = (rows <= high + 1 / side) & (rows >= low - 1 / side)
    picture: Array = (lit * 255).astype(np.uint8)
    return picture
