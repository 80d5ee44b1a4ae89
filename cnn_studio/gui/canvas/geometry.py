"""Where things are on the canvas: plain arithmetic on boxes and points, without Qt.

Positions are in points of the network; a ``View`` says how they come to stand on the screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import floor, hypot, log2
from typing import NamedTuple

from cnn_studio.core.arrange import CARD, FRAME, TITLE

Point = tuple[float, float]

GRID = 12.0
"""Points between the lines on which a dragged card comes to stand."""
SMALLEST, LARGEST = 0.04, 4.0
"""How far one can zoom out and in."""
BORDER = 36.0
"""Pixels at the edge of the view where a drag scrolls."""


class Box(NamedTuple):
    """An upright rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> Point:
        """Its centre."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def grown(self, by: float) -> Box:
        """The box with so much more on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def moved(self, dx: float, dy: float) -> Box:
        """The same box elsewhere."""
        return Box(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def touches(self, other: Box) -> bool:
        """Whether the two have a point in common, edges not counted."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, point: Point) -> bool:
        """Whether a point lies in it."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


def box_between(one: Point, other: Point) -> Box:
    """The box with two points as opposite corners."""
    return Box(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))


def card_box(x: float, y: float) -> Box:
    """The box of a card with this centre."""
    return Box(x - CARD[0] / 2, y - CARD[1] / 2, x + CARD[0] / 2, y + CARD[1] / 2)


def around(boxes: Iterable[Box]) -> Box | None:
    """The smallest box around all of these, or None when there is none."""
    every = list(boxes)
    if not every:
        return None
    lefts, tops, rights, bottoms = zip(*every, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def framed(inside: Box) -> Box:
    """The frame of an open group around what is inside."""
    return Box(inside.left - FRAME, inside.top - FRAME - TITLE, inside.right + FRAME, inside.bottom + FRAME)


def title_box(frame: Box) -> Box:
    """Where the title of a frame is, by which it is taken hold of."""
    return Box(frame.left, frame.top, frame.right, frame.top + 32)


def snapped(value: float, grid: float = GRID) -> float:
    """The nearest line of the grid."""
    return floor(value / grid + 0.5) * grid


class View(NamedTuple):
    """How the network stands on the screen: a point p of it at pixel ``p * scale + offset``."""

    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def to_screen(self, point: Point) -> Point:
        """The pixel of a point."""
        return point[0] * self.scale + self.x, point[1] * self.scale + self.y

    def to_scene(self, pixel: Point) -> Point:
        """The point at a pixel."""
        return (pixel[0] - self.x) / self.scale, (pixel[1] - self.y) / self.scale

    def box_on_screen(self, box: Box) -> Box:
        """The pixels that a box takes."""
        return Box(*self.to_screen(box[:2]), *self.to_screen(box[2:]))

    def box_in_scene(self, box: Box) -> Box:
        """What lies under a box of pixels."""
        return Box(*self.to_scene(box[:2]), *self.to_scene(box[2:]))

    def panned(self, dx: float, dy: float) -> View:
        """Moved by so many pixels."""
        return View(self.scale, self.x + dx, self.y + dy)

    def zoomed(self, factor: float, pixel: Point) -> View:
        """Larger or smaller, with what lies under one pixel staying there."""
        scale = clamped_scale(self.scale * factor)
        x, y = self.to_scene(pixel)
        return View(scale, pixel[0] - x * scale, pixel[1] - y * scale)


def clamped_scale(scale: float) -> float:
    """A scale within what the canvas allows."""
    return min(max(scale, SMALLEST), LARGEST)


def fitted(box: Box, size: tuple[float, float], *, margin: float = 28.0, most: float = 1.0) -> View:
    """The view in which a box fills a window of this size, not larger than ``most``."""
    width, height = max(size[0] - 2 * margin, 1.0), max(size[1] - 2 * margin, 1.0)
    scale = min(width / max(box.width, 1.0), height / max(box.height, 1.0), most)
    return centred(box.middle, size, clamped_scale(scale))


def centred(point: Point, size: tuple[float, float], scale: float) -> View:
    """The view with a point in the middle of a window."""
    return View(scale, size[0] / 2 - point[0] * scale, size[1] / 2 - point[1] * scale)


def revealing(view: View, box: Box, size: tuple[float, float], margin: float = 40.0) -> View:
    """The view moved as little as shows a box; one larger than the window is shown from its top left corner."""
    seen = view.box_on_screen(box).grown(margin)

    def step(low: float, high: float, length: float) -> float:
        if low >= 0 and high <= length:
            return 0.0
        return -low if low < 0 or high - low > length else length - high

    return view.panned(step(seen.left, seen.right, size[0]), step(seen.top, seen.bottom, size[1]))


def between(one: View, other: View, share: float) -> View:
    """A view on the way from one to another."""
    if share == 1:
        return other  # to the last digit, so that it is known again
    return View(*(a + (b - a) * share for a, b in zip(one, other, strict=True)))


def border_pull(pixel: Point, size: tuple[float, float]) -> Point:
    """Pixels by which the view scrolls at each tick while something is dragged near or beyond its border."""

    def pull(at: float, length: float) -> float:
        border = min(BORDER, length / 4)
        if at < border:
            return min((border - at) / 3, 24.0)
        return -min((at - length + border) / 3, 24.0) if at > length - border else 0.0

    return pull(pixel[0], size[0]), pull(pixel[1], size[1])


def grid_step(scale: float) -> float:
    """Points between the dots behind the network: about 20 to 40 pixels whatever the zoom."""
    step = 2 * GRID
    return float(step * 2 ** max(0, -floor(log2(step * scale / 20.0)))) if step * scale < 20 else step


def nearest(here: Point, others: Mapping[str, Point], direction: str) -> str | None:
    """What one comes to when walking "left", "right", "up" or "down": near, and rather straight on than aside."""
    ahead = {"left": (-1.0, 0.0), "right": (1.0, 0.0), "up": (0.0, -1.0), "down": (0.0, 1.0)}[direction]
    best, lowest = None, float("inf")
    for key, (x, y) in others.items():
        dx, dy = x - here[0], y - here[1]
        along = dx * ahead[0] + dy * ahead[1]
        aside = abs(dx * ahead[1]) + abs(dy * ahead[0])
        if along <= 1.0 or aside > 4 * along + CARD[0]:
            continue
        cost = hypot(along, 2.5 * aside)
        if cost < lowest:
            best, lowest = key, cost
    return best
