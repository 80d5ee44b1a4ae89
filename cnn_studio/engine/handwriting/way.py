"""What a way of writing a digit is."""

from __future__ import annotations

from typing import NamedTuple


class Way(NamedTuple):
    """One way of writing a digit; `share` is how often it is met, relative to the digit's other ways."""

    share: float
    shapes: tuple[str, ...]


def way(share: float, *shapes: str) -> Way:
    """A way between whose shapes writers vary."""
    return Way(share, shapes)
