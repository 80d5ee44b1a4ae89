"""Pictures that stand inside a page: PNG files as data addresses."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image

from cnn_studio.colormaps import TABLES, indices
from cnn_studio.engine.datasets.base import Array

LARGEST = 96
"""Pixels of the longer side of a map that is shown; larger ones are averaged down."""


class Tile(NamedTuple):
    """A small picture: its address, and how wide and high it is drawn, in points of CSS."""

    address: str
    wide: float
    high: float
    title: str = ""

    @property
    def style(self) -> str:
        """The size on the page."""
        return f"width:{self.wide:g}px;height:{self.high:g}px"


def address_of(picture: Image.Image) -> str:
    """A picture as the address of an image that carries its own data."""
    stream = BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return "data:image/png;base64," + b64encode(stream.getvalue()).decode("ascii")


def map_tile(values: Array, name: str, ends: tuple[float, float], side: float, title: str = "") -> Tile:
    """Values (height, width) through a colour map, its ends at these values, about ``side`` points large."""
    values = shrunk(values)
    return Tile(_mapped(values, name, ends), *_sized(values, side), title)


def map_strip(values: Array, name: str, ends: tuple[float, float], size: tuple[float, float], title: str = "") -> Tile:
    """Values (height, width) through a colour map, stretched to so many points of width and height."""
    return Tile(_mapped(values, name, ends), *size, title)


def _mapped(values: Array, name: str, ends: tuple[float, float]) -> str:
    picture = Image.fromarray(indices(values, *ends))
    picture.putpalette(TABLES[name].tobytes())
    return address_of(picture)


def colour_tile(pixels: Array, side: float, title: str = "") -> Tile:
    """Pixels (height, width, 3) of bytes, about ``side`` points large."""
    grey = (pixels == pixels[..., :1]).all()
    picture = Image.fromarray(np.ascontiguousarray(pixels[..., 0] if grey else pixels))
    return Tile(address_of(picture), *_sized(pixels, side), title)


def _sized(values: Array, side: float) -> tuple[float, float]:
    zoom = zoom_of(values.shape, side)
    return values.shape[1] * zoom, values.shape[0] * zoom


def zoom_of(shape: tuple[int, ...], side: float) -> float:
    """Points for a pixel so that the longer side has about ``side``: a whole number where pixels are enlarged."""
    zoom = side / max(shape[0], shape[1])
    return max(1.0, round(zoom)) if zoom >= 1 else zoom


def shrunk(values: Array, most: int = LARGEST) -> Array:
    """Values (height, width) averaged down by whole blocks to at most ``most`` on each side."""
    steps = [-(-size // most) for size in values.shape]
    for axis, step in enumerate(steps):
        if step > 1:
            starts = np.arange(0, values.shape[axis], step)
            sums = np.add.reduceat(values.astype(float), starts, axis)
            counts = np.diff(np.append(starts, values.shape[axis]))
            values = sums / (counts[:, None] if axis == 0 else counts)
    return values


def scale_bar(name: str) -> str:
    """The address of a strip with all colours of a map, from left to right."""
    picture = Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    picture.putpalette(TABLES[name].tobytes())
    return address_of(picture)
