"""Colour maps that colour-blind people can read: viridis for amounts, and one from blue over white to red for signs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

_VIRIDIS = """
440154 470d60 48186a 482374 472d7b 453681 424086 3f4989 3b528b 375a8d 33638d 2f6a8e 2c728e 297a8e 26818e 23898e 21908c
1f988b 1f9f88 21a685 28ae80 31b57b 3ebc74 4cc26c 5dc963 6ece58 82d34c 96d83f abdc32 c0df24 d5e21a eae51a fde725
"""
_SIGNS = """
0056b1 0069c3 397cd3 6490dc 85a4e5 a4b9ed c0cef3 dce3f8 f6f6f6 fddcd2 fac1b1 f2a791 e88d72 dc7254 cd5638 b93d20 a32309
"""


def _table(text: str) -> Array:
    """256 colours (256, 3), bytes, between those that are listed."""
    listed = np.array([list(bytes.fromhex(colour)) for colour in text.split()], dtype=float)
    places = np.linspace(0, len(listed) - 1, 256)
    columns = [np.interp(places, np.arange(len(listed)), listed[:, channel]) for channel in range(3)]
    colours: Array = np.rint(np.stack(columns, axis=1)).astype(np.uint8)
    return colours


TABLES: Mapping[str, Array] = {
    "viridis": _table(_VIRIDIS),  # Smith and van der Walt 2015, in the public domain
    "signs": _table(_SIGNS),  # ours: even steps of lightness on both sides of a neutral middle
    "grey": np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1),
}
"""Colours (256, 3) of each map, from the lowest value to the highest."""


def indices(values: Array, low: float, high: float) -> Array:
    """Place of each value in a table, bytes of the same shape: 0 at ``low``, 255 at ``high``; what is no number is low."""
    spread = high - low
    if not spread > 0:
        return np.zeros(values.shape, np.uint8)
    share = (np.nan_to_num(values.astype(float), nan=low, posinf=high, neginf=low) - low) / spread
    places: Array = np.rint(np.clip(share, 0, 1) * 255).astype(np.uint8)
    return places


def coloured(values: Array, name: str = "viridis", low: float | None = None, high: float | None = None) -> Array:
    """Values (\\*shape) as colours (\\*shape, 3), bytes; the range is that of the values, or around 0 for "signs"."""
    smallest, largest = range_of(values, name)
    return TABLES[name][indices(values, smallest if low is None else low, largest if high is None else high)]


def range_of(values: Array, name: str = "viridis") -> tuple[float, float]:
    """The values that the ends of a map stand for; symmetric around zero for "signs"."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 0.0
    if name == "signs":
        most = float(np.abs(finite).max())
        return -most, most
    return float(finite.min()), float(finite.max())
