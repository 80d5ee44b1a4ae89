"""Lookup tables from numbers to colours. Loads numpy: import it where pictures are made, not with the window."""

from __future__ import annotations

from cnn_studio.colormaps import TABLES, Array, indices

viridis, grey, diverging = TABLES["viridis"], TABLES["grey"], TABLES["signs"]
"""Colours (256, 3), bytes: for amounts, for pixels, and from blue over white to red for signs, zero in the middle."""


def colored(values: Array, low: float, high: float, table: Array = viridis) -> Array:
    """Values (\\*shape) as colours (\\*shape, 3), bytes; the ends of the table stand for ``low`` and ``high``."""
    return table[indices(values, low, high)]
