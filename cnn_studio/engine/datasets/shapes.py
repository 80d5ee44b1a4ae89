"""Coloured shapes on coloured grounds: a set of pictures that needs colour, and no network."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets import sources
from cnn_studio.engine.datasets.base import Array
from cnn_studio.engine.datasets.generated import GeneratedSource, balanced, in_blocks
from cnn_studio.i18n import N_

SIZE = 32
CLASSES = (N_("circle"), N_("square"), N_("triangle"), N_("star"), N_("cross"), N_("ring"))


class Shapes(GeneratedSource):
    """Six shapes of any colour, size, place and angle."""

    name: ClassVar[str] = "shapes"
    label: ClassVar[str] = N_("Shapes")
    about: ClassVar[str] = N_("Coloured shapes on coloured grounds, 32×32, drawn by the studio.")
    sample: ClassVar[Shape] = Shape(3, (SIZE, SIZE))
    classes: ClassVar[tuple[str, ...]] = CLASSES

    def generate(self, count: int, seed: int) -> tuple[Array, Array]:
        return in_blocks(count, seed, 11, _draw)


def _draw(random: np.random.Generator, count: int) -> tuple[Array, Array]:
    labels = balanced(random, count, len(CLASSES))
    radius = random.uniform(6.0, 12.5, count)
    centre = SIZE / 2 + random.uniform(-1, 1, (count, 2)) * (SIZE / 2 - radius[:, None]).clip(0)
    angle = random.uniform(0, 2 * np.pi, count)
    axis = np.arange(SIZE) + 0.5
    x = axis[None, None, :] - centre[:, 0, None, None]
    y = axis[None, :, None] - centre[:, 1, None, None]
    cos, sin = np.cos(angle)[:, None, None], np.sin(angle)[:, None, None]
    u, v = (cos * x + sin * y) / radius[:, None, None], (-sin * x + cos * y) / radius[:, None, None]
    distance = np.empty((count, SIZE, SIZE))
    for label, function in enumerate(_DISTANCES):
        own = labels == label
        distance[own] = function(u[own], v[own])
    ink = np.clip(0.5 - distance * radius[:, None, None], 0, 1)
    ground, colour = _colours(random, count)
    light = 1 + random.uniform(-0.25, 0.25, (count, 1, 1, 1)) * np.linspace(-1, 1, SIZE)[None, None, None, :]
    pictures = ground[:, :, None, None] * (1 - ink[:, None]) + colour[:, :, None, None] * ink[:, None]
    pictures = pictures * light + random.normal(0, 6, (count, 3, SIZE, SIZE))
    return np.clip(np.rint(pictures), 0, 255).astype(np.uint8), labels


def _colours(random: np.random.Generator, count: int) -> tuple[Array, Array]:
    """Colours of ground and shape that can be told apart: their sum of differences is at least 160 of 765."""
    ground = random.uniform(20, 235, (count, 3))
    colour = random.uniform(20, 235, (count, 3))
    close = np.abs(ground - colour).sum(1) < 160
    colour[close] = (ground[close] + 128) % 256
    return ground, colour


def _circle(u: Array, v: Array) -> Array:
    return np.hypot(u, v) - 1


def _square(u: Array, v: Array) -> Array:
    return np.maximum(np.abs(u), np.abs(v)) - 0.8


def _polygon(u: Array, v: Array, corners: int, inner: float) -> Array:
    """Distance to a regular polygon or star with corners at 1 whose waists lie at ``inner``."""
    step = np.pi / corners
    turn = np.abs((np.arctan2(v, u) + step) % (2 * step) - step)
    far = np.hypot(u, v)
    x, y = far * np.cos(turn), far * np.sin(turn)
    waist = np.array([inner * np.cos(step), inner * np.sin(step)])
    normal = np.array([waist[1], 1 - waist[0]]) / np.hypot(waist[1], 1 - waist[0])
    return np.asarray(normal[0] * (x - 1) + normal[1] * y)


def _triangle(u: Array, v: Array) -> Array:
    return _polygon(u, v, 3, 0.5)


def _star(u: Array, v: Array) -> Array:
    return _polygon(u, v, 5, 0.45)


def _cross(u: Array, v: Array) -> Array:
    long, short = np.maximum(np.abs(u), np.abs(v)), np.minimum(np.abs(u), np.abs(v))
    return np.maximum(long - 0.95, short - 0.28)


def _ring(u: Array, v: Array) -> Array:
    return np.abs(np.hypot(u, v) - 0.78) - 0.22


_DISTANCES = (_circle, _square, _triangle, _star, _cross, _ring)

sources.register(Shapes.name, Shapes())
