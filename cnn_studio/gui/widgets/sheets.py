"""Small pictures put together into one image. Loads numpy: import it where pictures are made, not with the window."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from PySide6.QtGui import QImage

Array = np.ndarray[Any, np.dtype[Any]]

MOST_ROWS = 4
"""Rows of a mosaic."""


def sheet(
    pictures: Iterable[tuple[Array, int, int]], size: tuple[int, int], zoom: float, table: Array | None = None
) -> QImage:
    """Pictures on a transparent ground.

    Args:
        pictures: bytes (h, w) or (h, w, 3), and the place of each: left, top.
        size: width and height of the whole.
        zoom: pixels of the whole for one of a picture; each is the nearest one of the picture.
        table: colours (256, 3), bytes, for pictures (h, w); None for greys.
    """
    width, height = size
    whole = np.zeros((height, width), np.uint32)  # nothing is transparent black
    levels = np.arange(256, dtype=np.uint32)
    colors = _packed(np.stack([levels] * 3, 1) if table is None else table.astype(np.uint32))
    for picture, left, top in pictures:
        pixels = _enlarged(colors[picture] if picture.ndim == 2 else _packed(picture.astype(np.uint32)), zoom)
        part = whole[top : top + pixels.shape[0], left : left + pixels.shape[1]]
        part[:] = pixels[: part.shape[0], : part.shape[1]]
    return image_of(whole)


def _packed(colors: Array) -> Array:
    """Colours (\\*shape, 3) of 32-bit numbers as opaque pixels (\\*shape)."""
    packed: Array = colors[..., 0] << 16 | colors[..., 1] << 8 | colors[..., 2] | np.uint32(0xFF000000)
    return packed


def _enlarged(pixels: Array, zoom: float) -> Array:
    height, width = (max(1, round(size * zoom)) for size in pixels.shape)
    rows = np.arange(height) * pixels.shape[0] // height
    columns = np.arange(width) * pixels.shape[1] // width
    enlarged: Array = pixels[rows[:, None], columns]
    return enlarged


def strips(videos: Array, gap: int = 1) -> Array:
    """Videos (n, frames, h, w) as film strips (n, h, frames · (w + gap) - gap): frame beside frame."""
    padded = np.pad(videos, ((0, 0), (0, 0), (0, 0), (0, gap)))
    moved = padded.transpose(0, 2, 1, 3).reshape(len(videos), videos.shape[2], -1)
    return moved[..., : moved.shape[2] - gap]


def lines(values: Array, lows: Array, highs: Array, width: int, height: int) -> Array:
    """Rows of numbers (n, length) drawn as lines: bytes (n, height, width) with 0 for the ground, 128 for zero, 255 lit.

    Each column of pixels is lit from the least to the greatest of the numbers that fall into it; rows that are shorter
    than ``width`` have as many columns as numbers.
    """
    count, length = values.shape
    width = min(width, length)
    starts = np.arange(width) * length // width
    values = np.nan_to_num(values)
    spread = np.where(highs > lows, highs - lows, 1.0)[:, None]
    bottom = (np.minimum.reduceat(values, starts, 1) - lows[:, None]) / spread
    top = (np.maximum.reduceat(values, starts, 1) - lows[:, None]) / spread
    rows = np.arange(height)[None, :, None]
    first, last = (np.rint((1 - share) * (height - 1))[:, None, :] for share in (top, bottom))
    pictures = np.zeros((count, height, width), np.uint8)
    zero = np.rint((1 + lows / spread[:, 0]) * (height - 1)).astype(int)
    for place in np.flatnonzero((zero >= 0) & (zero < height)):
        pictures[place, zero[place]] = 128
    pictures[(rows >= first) & (rows <= last)] = 255
    return pictures


def mosaic(tiles: Array, room: tuple[float, float], table: Array, gap: int = 1) -> Array:
    """Pictures (n, h, w) or (n, h, w, 3) of bytes beside and below one another, in as many rows as makes them largest.

    Pixels (height, width) of 32 bits, transparent between the pictures; ``room`` is the width and height they will have.
    """
    count, height, width = tiles.shape[:3]

    def scale(rows: int) -> float:
        columns = -(-count // rows)
        across, down = columns * (width + gap) - gap, rows * (height + gap) - gap
        return float(min(room[0] / across, room[1] / down))

    rows = max(range(1, min(count, MOST_ROWS) + 1), key=scale)
    columns = -(-count // rows)
    whole = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap), np.uint32)
    pixels = _packed(table.astype(np.uint32))[tiles] if tiles.ndim == 3 else _packed(tiles.astype(np.uint32))
    for place in range(count):
        top, left = place // columns * (height + gap), place % columns * (width + gap)
        whole[top : top + height, left : left + width] = pixels[place]
    return whole


def columns_of(levels: Array, height: int, table: Array) -> Array:
    """A row of bytes (n) as columns that stand side by side, as high as they are large; pixels of 32 bits."""
    count = len(levels)
    tall = np.maximum(1, np.rint(levels.astype(float) / 255 * height)).astype(int)
    lit = np.arange(height)[::-1, None] < tall[None]
    colors = _packed(table.astype(np.uint32))[np.maximum(levels, 40)]
    whole = np.zeros((height, 3 * count - 1), np.uint32)
    whole[:, 0::3] = whole[:, 1::3] = np.where(lit, colors, np.uint32(0))
    return whole


def image_of(pixels: Array) -> QImage:
    """Pixels (height, width) of 32 bits, or (height, width, 3) of bytes, as an image."""
    if pixels.ndim == 3:
        pixels = _packed(pixels.astype(np.uint32))
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
