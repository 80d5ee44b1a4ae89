"""Short films of a spot that moves or changes: told apart by what happens, not by any single picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets import sources
from cnn_studio.engine.datasets.base import TEST, TRAIN, Array
from cnn_studio.engine.datasets.generated import GeneratedSource, balanced, in_blocks
from cnn_studio.i18n import N_

FRAMES, SIZE = 8, 24
CLASSES = (N_("to the right"), N_("to the left"), N_("upwards"), N_("downwards"), N_("growing"), N_("shrinking"))
_STEPS = np.array([[1, 0], [-1, 0], [0, -1], [0, 1], [0, 0], [0, 0]])
_GROWTH = np.array([0, 0, 0, 0, 1, -1])


class Motions(GeneratedSource):
    """Six ways of moving, of a soft spot or square of any size and brightness."""

    name: ClassVar[str] = "motions"
    label: ClassVar[str] = N_("Motions")
    about: ClassVar[str] = N_(
        "Films of eight pictures, 24×24 grey, of a spot that moves, grows or shrinks; made by the studio."
    )
    medium: ClassVar[str] = "video"
    sample: ClassVar[Shape] = Shape(1, (FRAMES, SIZE, SIZE))
    classes: ClassVar[tuple[str, ...]] = CLASSES
    counts: ClassVar[Mapping[str, int]] = {TRAIN: 6_000, TEST: 1_000}

    def generate(self, count: int, seed: int) -> tuple[Array, Array]:
        return in_blocks(count, seed, 13, _draw)


def _draw(random: np.random.Generator, count: int) -> tuple[Array, Array]:
    labels = balanced(random, count, len(CLASSES))
    moment = np.linspace(-1, 1, FRAMES)
    speed = random.uniform(4, 8, (count, 1, 1))
    centre = SIZE / 2 + random.uniform(-4, 4, (count, 1, 2)) + _STEPS[labels][:, None] * speed * moment[None, :, None]
    radius = random.uniform(2.5, 4.5, (count, 1)) * np.exp(
        _GROWTH[labels][:, None] * random.uniform(0.35, 0.6, (count, 1)) * moment
    )
    axis = np.arange(SIZE) + 0.5
    x = np.abs(axis[None, None, None, :] - centre[:, :, 0, None, None])
    y = np.abs(axis[None, None, :, None] - centre[:, :, 1, None, None])
    round_one = (random.uniform(size=count) < 0.5)[:, None, None, None]
    distance = np.where(round_one, np.hypot(x, y), np.maximum(x, y)) - radius[:, :, None, None]
    ink = np.clip(0.5 - distance, 0, 1)
    dark = random.uniform(0, 60, (count, 1, 1, 1))
    light = random.uniform(130, 250, (count, 1, 1, 1))
    film = dark + (light - dark) * ink + random.normal(0, 8, (count, FRAMES, SIZE, SIZE))
    return np.clip(np.rint(film), 0, 255).astype(np.uint8)[:, None], labels


sources.register(Motions.name, Motions())
