"""From pen strokes to ink, and from ink to the picture that a network of digits expects.

The MNIST digits were scaled, keeping their aspect, to fit a box of 20 by 20 pixels, and the box was laid by whole
pixels into 28 by 28 so that the centre of mass of the ink comes to pixel (14, 14) (LeCun, Cortes and Burges). What is
drawn on the pad, what is read from a file and what the generator of digits writes all go through `prepare_many`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]
Picture = NDArray[np.uint8]

SIZE = 28
"""Side of the prepared picture in pixels."""
BOX = 20
"""Longer side of the prepared ink in pixels."""
MIDDLE = 14.0
"""Where the centre of mass goes: the index of a row and of a column."""
FAINT = 0.02
"""Ink below this part of the darkest does not widen the bounding box."""
LONGEST = 1024
"""Ink with a longer side is averaged down, by whole blocks, before anything else is computed."""

_AT_ONCE = 250_000  # pixels of pen windows held at one time
_THINNEST = 0.35  # width that is left at pressure 0, as a part of the width at pressure 1


class Box(NamedTuple):
    """Rows top..bottom and columns left..right, the last ones excluded; all zero when there is no ink."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Switches:
    """Which steps are done; a pad switches each off to show why it matters."""

    bounding_box: bool = True
    """Take the box around the ink; otherwise the whole drawing."""
    fit: bool = True
    """Make its longer side 20 pixels; otherwise all 28."""
    centre_of_mass: bool = True
    """Lay the centre of mass of the ink in the middle; otherwise the middle of the box."""
    value_scale: bool = True
    """Make the darkest ink 255; otherwise full ink."""


ALL = Switches()


class Steps(NamedTuple):
    """What every step made of the ink, for showing them one by one."""

    box: Box
    cropped: Floats
    """(height, width), as drawn."""
    fitted: Floats
    """(28, 28), scaled, its box in the middle."""
    placed: Floats
    """(28, 28), moved."""
    picture: Picture
    """(28, 28)."""


class Pieces(NamedTuple):
    """Straight pieces of a pen's path; piece i goes into canvas `canvas[i]`, its radius changing on the way."""

    canvas: NDArray[np.intp]
    start: Floats
    """(pieces, 2): x and y in pixels."""
    end: Floats
    start_radius: Floats
    end_radius: Floats

    def some(self, index: NDArray[np.intp]) -> Pieces:
        """Chosen pieces."""
        ends = (values[index] for values in self[1:])
        return Pieces(self.canvas[index], *ends)


def bounding_box(ink: Floats) -> Box:
    """The smallest box that holds the ink of a drawing (height, width)."""
    if not ink.size:
        return Box(0, 0, 0, 0)
    rows, columns = ink.max(axis=1), ink.max(axis=0)
    dark = rows.max()
    if not dark > 0:
        return Box(0, 0, 0, 0)
    (y,), (x,) = np.nonzero(rows > FAINT * dark), np.nonzero(columns > FAINT * dark)
    return Box(int(y[0]), int(x[0]), int(y[-1]) + 1, int(x[-1]) + 1)


def prepare(ink: Floats, on: Switches = ALL) -> Picture:
    """A drawing (height, width) of ink 0..1, bright = ink, as a digit (28, 28); without ink it stays empty."""
    return prepare_steps(ink, on).picture


def prepare_steps(ink: Floats, on: Switches = ALL) -> Steps:
    """Prepare a drawing and keep what every step made of it."""
    ink = _sound(ink)
    box = bounding_box(ink)
    part = box if on.bounding_box else Box(0, 0, *ink.shape)
    cropped = ink[part.top : part.bottom, part.left : part.right]
    if box == (0, 0, 0, 0):
        empty = np.zeros((SIZE, SIZE))
        return Steps(box, cropped, empty, empty, empty.astype(np.uint8))
    small = reduce(cropped)[None]
    whole = np.array([[0, 0, *small.shape[1:]]], dtype=np.float64)
    fitted = fit_many(small, whole, BOX if on.fit else SIZE)
    placed = centre_many(fitted) if on.centre_of_mass else fitted
    return Steps(box, cropped, fitted[0], placed[0], levels_many(placed, scale=on.value_scale)[0])


def prepare_many(ink: Floats) -> Picture:
    """Drawings (n, height, width), at most 1024 wide and high, as digits (n, 28, 28)."""
    rows, columns = ink.max(axis=2), ink.max(axis=1)
    dark = FAINT * rows.max(axis=1, keepdims=True)
    boxes = np.stack([*_first_and_last(rows > dark), *_first_and_last(columns > dark)], axis=1)[:, [0, 2, 1, 3]]
    return levels_many(centre_many(fit_many(ink, boxes.astype(np.float64))))


def reduce(ink: Floats, longest: int = LONGEST) -> Floats:
    """Average whole blocks of pixels until no side is longer than `longest`; a rest narrower than a block is padded."""
    block = -(-max(ink.shape) // longest)
    if block == 1:
        return ink
    height, width = (-(-side // block) for side in ink.shape)
    padded = np.pad(ink, ((0, height * block - ink.shape[0]), (0, width * block - ink.shape[1])))
    small: Floats = padded.reshape(height, block, width, block).mean(axis=(1, 3), dtype=np.float32)
    return small


def fit_many(ink: Floats, boxes: Floats, long: int = BOX) -> Floats:
    """Scale the boxes (n, 4: top, left, bottom, right) of drawings to `long` pixels, in the middle of 28 by 28.

    Every new pixel is the mean of the ink below it; where the drawing is smaller than the picture, of one pixel's area.
    """
    top, left, bottom, right = boxes.T
    scale = np.maximum(np.maximum(bottom - top, right - left), 1e-9) / long
    rows = _area_weights(scale, ink.shape[1], top, bottom)
    columns = _area_weights(scale, ink.shape[2], left, right)
    # Sums in double precision, whatever order a machine adds in, round to the same grey levels.
    return rows @ ink.astype(np.float64) @ columns.transpose(0, 2, 1)


def centre_many(pictures: Floats) -> Floats:
    """Move pictures (n, 28, 28) by whole pixels: their centre of mass to the middle, as far as no ink leaves."""
    mass = np.maximum(pictures.sum(axis=(1, 2)), 1e-9)
    for axis in (1, 2):
        profile = pictures.sum(axis=3 - axis)
        first, last = _first_and_last(profile > 1e-6)
        shift = _whole(MIDDLE - profile @ np.arange(SIZE) / mass)
        shift = np.clip(shift, -first, SIZE - last)
        source = np.arange(SIZE) - shift[:, None]
        moved = np.take_along_axis(pictures, np.expand_dims(source % SIZE, 3 - axis), axis=axis)
        pictures = moved * np.expand_dims((source >= 0) & (source < SIZE), 3 - axis)
    return pictures


def levels_many(pictures: Floats, *, scale: bool = True) -> Picture:
    """Grey levels 0..255 of pictures (n, 28, 28), the darkest ink of each being 255 if they are to be scaled."""
    if scale:
        pictures = pictures / np.maximum(pictures.max(axis=(1, 2), keepdims=True), 1e-9)
    return _whole(np.clip(pictures, 0, 1) * 255).astype(np.uint8)


def rasterize(
    strokes: Sequence[ArrayLike], size: tuple[int, int], width: float, *, fit: float | None = None
) -> NDArray[np.float32]:
    """Ink (height, width) of strokes, each an array (points, 2 or 3) of x, y and pressure 0..1, drawn with a round pen.

    `size` is (height, width) in pixels. Points are in pixels, x to the right and y down; with `fit`, a margin in
    pixels, they may be in any units and are scaled and moved, keeping their aspect, to fill the picture up to it.
    `width` is the pen's in pixels at pressure 1. A stroke of one point is a dot.
    """
    lines = [_points(stroke) for stroke in strokes]
    lines = [line for line in lines if len(line)]
    if fit is not None and lines:
        lines = _filling(lines, size, fit)
    canvas = np.zeros((1, *size), dtype=np.float32)
    starts, ends = [line[:1] for line in lines], [line[:1] for line in lines]
    for line in lines:
        # Pieces about as long as the pen is wide keep the windows small in which a piece is painted.
        reach = np.abs(np.diff(line[:, :2], axis=0)).max(axis=1, initial=0)
        pieces = np.ceil(reach / max(width, 4.0)).astype(np.intp).clip(1)
        at = np.concatenate([k + np.arange(n) / n for k, n in enumerate(pieces)] + [[len(line) - 1.0]])
        fine = np.stack([np.interp(at, np.arange(len(line)), column) for column in line.T], axis=1)
        starts.append(fine[:-1])
        ends.append(fine[1:])
    if lines:
        a, b = np.concatenate(starts), np.concatenate(ends)
        radius = [width / 2 * (_THINNEST + (1 - _THINNEST) * end[:, 2].clip(0, 1)) for end in (a, b)]
        paint(canvas, Pieces(np.zeros(len(a), np.intp), a[:, :2], b[:, :2], radius[0], radius[1]))
    ink: NDArray[np.float32] = canvas[0]
    return ink


def paint(canvas: NDArray[np.float32], pieces: Pieces) -> None:
    """Paint straight pieces of a round pen into canvases (n, height, width), edges antialiased, darker ink winning."""
    reach = np.abs(pieces.end - pieces.start).max(axis=1)
    side = np.ceil(reach + 2 * np.maximum(pieces.start_radius, pieces.end_radius)).astype(np.intp) + 3
    order = np.argsort(side, kind="stable")
    first = 0
    while first < len(order):
        # Pieces of like size share a window as large as the largest of them needs.
        window = int(side[order[first]] * 1.25) + 1
        last = int(np.searchsorted(side[order], window, side="right"))
        last = min(last, first + max(1, _AT_ONCE // window**2))
        some = order[first:last]
        _paint_windows(canvas, pieces.some(some), int(side[some[-1]]))
        first = last


def _paint_windows(canvas: NDArray[np.float32], pieces: Pieces, side: int) -> None:
    """Paint pieces none of which reaches beyond a window of `side` pixels around its middle."""
    _, height, width = canvas.shape
    tall, wide = min(side, height), min(side, width)
    corner = np.floor((pieces.start + pieces.end - (wide, tall)) / 2 + 0.5)
    corner = np.clip(corner, 0, (width - wide, height - tall)).astype(np.intp)
    # Single precision with nothing but exactly rounded operations: the same picture on every machine.
    single = np.float32
    along_x, along_y = (pieces.end - pieces.start).astype(single).T[:, :, None, None]
    squared = np.maximum(along_x * along_x + along_y * along_y, single(1e-6))
    x = (corner[:, :1] + 0.5 - pieces.start[:, :1] + np.arange(wide)).astype(single)[:, None, :]
    y = (corner[:, 1:] + 0.5 - pieces.start[:, 1:] + np.arange(tall)).astype(single)[:, :, None]
    part = x * (along_x / squared) + y * (along_y / squared)
    np.clip(part, 0, 1, out=part)
    dx, dy = x - part * along_x, y - part * along_y
    dx *= dx
    dy *= dy
    dx += dy
    np.sqrt(dx, out=dx)
    part *= (pieces.end_radius - pieces.start_radius).astype(single)[:, None, None]
    part += (pieces.start_radius + 0.5).astype(single)[:, None, None]
    part -= dx
    # A pen thinner than a pixel covers a part of it.
    np.clip(part, 0, np.minimum(1, pieces.start_radius + pieces.end_radius).astype(single)[:, None, None], out=part)
    row = (pieces.canvas * height + corner[:, 1])[:, None] + np.arange(tall)
    index = (row * width + corner[:, :1])[:, :, None] + np.arange(wide)
    np.maximum.at(canvas.reshape(-1), index.reshape(-1), part.reshape(-1))


def _points(stroke: ArrayLike) -> Floats:
    """A stroke as (points, 3), pressure 1 where none is given, without points that are no numbers."""
    line = np.asarray(stroke, dtype=np.float64)
    line = line.reshape(-1, line.shape[-1] if line.size else 2)
    if line.shape[1] == 2:
        line = np.column_stack([line, np.ones(len(line))])
    return line[np.isfinite(line).all(axis=1)]


def _filling(lines: list[Floats], size: tuple[int, int], margin: float) -> list[Floats]:
    every = np.concatenate(lines)[:, :2]
    low, high = every.min(axis=0), every.max(axis=0)
    room = np.array([size[1], size[0]]) - 2 * margin
    with np.errstate(divide="ignore"):
        scale = (room / (high - low)).min()
    scale = scale if np.isfinite(scale) else 1.0
    moved = np.array([size[1], size[0]]) / 2 - scale * (low + high) / 2
    return [np.column_stack([line[:, :2] * scale + moved, line[:, 2]]) for line in lines]


def _sound(ink: Floats) -> Floats:
    """Ink within 0..1, no number counting as none; a copy is made only where it is needed."""
    if ink.size and not (ink.min() >= 0 and ink.max() <= 1):
        ink = np.clip(np.nan_to_num(ink, nan=0.0), 0, 1)
    return ink


def _whole(values: Floats) -> NDArray[np.intp]:
    """The nearest whole numbers; what lies half way goes one way however sums were rounded on the way."""
    return np.rint(np.round(values, 6)).astype(np.intp)


def _first_and_last(used: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For every row of flags: the index of the first that is set and of the one after the last; 0 and 0 without any."""
    some = used.any(axis=1)
    return used.argmax(axis=1), np.where(some, used.shape[1] - used[:, ::-1].argmax(axis=1), 0)


def _area_weights(scale: Floats, pixels: int, low: Floats, high: Floats) -> NDArray[np.float64]:
    """(n, 28, pixels): how much of every drawn pixel between `low` and `high` counts in each new pixel.

    The box begins at a whole pixel, as those of MNIST do, so that what is prepared already stays as it is.
    """
    first_pixel = np.floor((SIZE - (high - low) / scale) / 2 + 1e-6)
    centre = low[:, None] + (np.arange(SIZE) + 0.5 - first_pixel[:, None]) * scale[:, None]
    low, high = low[:, None], high[:, None]
    covered = np.minimum(centre + scale[:, None] / 2, high) - np.maximum(centre - scale[:, None] / 2, low)
    covered = np.maximum(covered, 0) / scale[:, None]
    half = np.maximum(scale, 1.0)[:, None] / 2
    first, last = np.maximum(centre - half, low), np.minimum(centre + half, high)
    pixel = np.arange(pixels)
    overlap = np.minimum(last[..., None], pixel + 1) - np.maximum(first[..., None], pixel)
    weights: NDArray[np.float64] = np.maximum(overlap, 0) * (covered / np.maximum(last - first, 1e-9))[..., None]
    return weights
