"""Half seconds of sound: five kinds of wave at any pitch, for networks with one axis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets import sources
from cnn_studio.engine.datasets.base import TEST, TRAIN, Array
from cnn_studio.engine.datasets.generated import GeneratedSource, balanced, in_blocks
from cnn_studio.i18n import N_

RATE = 8000
LENGTH = 4000
CLASSES = (N_("pure tone"), N_("square wave"), N_("rising"), N_("falling"), N_("noise"))


class Tones(GeneratedSource):
    """Sounds told apart by their wave, not by pitch or loudness."""

    name: ClassVar[str] = "tones"
    label: ClassVar[str] = N_("Tones")
    about: ClassVar[str] = N_(
        "Half seconds of sound at 8 kHz: pure, square, rising, falling and noise, made by the studio."
    )
    medium: ClassVar[str] = "sound"
    sample: ClassVar[Shape] = Shape(1, (LENGTH,))
    classes: ClassVar[tuple[str, ...]] = CLASSES
    counts: ClassVar[Mapping[str, int]] = {TRAIN: 6_000, TEST: 1_000}

    def generate(self, count: int, seed: int) -> tuple[Array, Array]:
        return in_blocks(count, seed, 12, _draw)


def _draw(random: np.random.Generator, count: int) -> tuple[Array, Array]:
    labels = balanced(random, count, len(CLASSES))
    time = np.arange(LENGTH) / RATE
    pitch = np.exp(random.uniform(np.log(150), np.log(1200), count))[:, None]
    sweep = random.uniform(1.5, 3.0, count)[:, None]
    direction = np.where(labels == 2, 1.0, np.where(labels == 3, -1.0, 0.0))[:, None]
    duration = LENGTH / RATE
    bend = np.log(sweep) * direction / duration
    phase = np.where(bend == 0, time, np.expm1(bend * time) / np.where(bend == 0, 1, bend))
    wave = np.sin(2 * np.pi * (pitch * phase + random.uniform(0, 1, (count, 1))))
    square = labels == 1
    wave[square] = np.sign(wave[square]) * 0.7
    noise = labels == 4
    wave[noise] = random.normal(0, 0.5, (int(noise.sum()), LENGTH))
    attack, release = (random.uniform(0.01, 0.1, (count, 1)) for _side in range(2))
    envelope = np.clip(np.minimum(time / attack, (duration - time) / release), 0, 1)
    loudness = np.exp(random.uniform(np.log(0.1), np.log(0.8), (count, 1)))
    sound = wave * envelope * loudness + random.normal(0, 0.01, (count, LENGTH))
    return np.clip(np.rint(sound * 32767), -32768, 32767).astype(np.int16)[:, None], labels


sources.register(Tones.name, Tones())
