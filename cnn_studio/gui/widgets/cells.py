"""Where pictures of one size stand in a grid, and how large they are drawn."""

from __future__ import annotations

from typing import NamedTuple

GAP, EDGE = 6, 4
"""Pixels between pictures, and around all of them."""
CAPTION = 14
"""Pixels of a line below a picture."""
MOST_SIDE = 160
"""Pixels of the longer side of a picture that grows to fill the room."""


class Cells(NamedTuple):
    """A grid.

    Attributes:
        number: how many pictures.
        width, height: of one, in pixels; ``below`` those of its caption.
        columns: how many in a row.
    """

    number: int
    width: int
    height: int
    below: int
    columns: int

    @property
    def across(self) -> int:
        """Pixels to the next picture in the row."""
        return self.width + GAP

    @property
    def down(self) -> int:
        """Pixels to the next row."""
        return self.height + self.below + GAP

    @property
    def high(self) -> int:
        """Pixels of all rows."""
        return -(-self.number // self.columns) * self.down - GAP + 2 * EDGE if self.number else 0

    def place(self, index: int) -> tuple[int, int]:
        """Left and top of a picture."""
        row, column = divmod(index, self.columns)
        return EDGE + column * self.across, EDGE + row * self.down

    def at(self, x: int, y: int) -> int:
        """The picture at a point, its caption counted as well; -1 for none."""
        column, right = divmod(x - EDGE, self.across)
        row, lower = divmod(y - EDGE, self.down)
        inside = right < self.width and lower < self.height + self.below and 0 <= column < self.columns and row >= 0
        index = row * self.columns + column
        return index if inside and index < self.number else -1


def laid(count: int, largest: tuple[int, int], zoom: float, room: int, *, captions: bool) -> Cells:
    """As many pictures in a row as fit; ``largest`` is the height and width that hold each of them."""
    height, width = (max(1, round(size * zoom)) for size in largest)
    columns = max(1, (room - 2 * EDGE + GAP) // (width + GAP))
    return Cells(count, width, height, CAPTION if captions else 0, columns)


def suiting_zoom(largest: tuple[int, int], side: int) -> float:
    """So that the longer side has about so many pixels: a whole number where pictures are enlarged."""
    wanted = side / max(largest)
    return float(max(1, round(wanted))) if wanted >= 1 else wanted


def filling_zoom(count: int, largest: tuple[int, int], side: int, room: tuple[int, int], *, captions: bool) -> float:
    """The same, or more where all pictures have room in so many pixels of width and height."""
    zoom = suiting_zoom(largest, side)
    while (zoom + 1) * max(largest) <= MOST_SIDE:
        cells = laid(count, largest, zoom + 1, room[0], captions=captions)
        if cells.high > room[1] or cells.width + 2 * EDGE > room[0]:
            break
        zoom += 1
    return zoom
