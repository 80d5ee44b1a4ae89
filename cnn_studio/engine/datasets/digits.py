"""Handwritten digits that nobody wrote: the ways in which people write each, bent and inked anew for every picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from cnn_studio.core.shapes import Shape
from cnn_studio.engine import headway
from cnn_studio.engine.datasets import sources
from cnn_studio.engine.datasets.base import TEST, TRAIN, Array
from cnn_studio.engine.datasets.generated import GeneratedSource
from cnn_studio.engine.drawing import SIZE
from cnn_studio.engine.handwriting.curves import Ways, ways
from cnn_studio.engine.handwriting.pen import HAND, Hand, write
from cnn_studio.i18n import N_

BLOCK = 500
"""Digits that share one stream of random numbers and are written together: a larger set begins with the smaller one."""
KIND = 10  # keeps the streams apart from those of other generated sets with the same seed


class Digits(GeneratedSource):
    """Digits as pictures like those of MNIST."""

    name: ClassVar[str] = "digits"
    label: ClassVar[str] = N_("Handwritten digits")
    about: ClassVar[str] = N_(
        "Digits 28×28 in many ways of writing, written by the studio and prepared as MNIST’s were."
    )
    sample: ClassVar[Shape] = Shape(1, (SIZE, SIZE))
    classes: ClassVar[tuple[str, ...]] = tuple("0123456789")
    counts: ClassVar[Mapping[str, int]] = {TRAIN: 60_000, TEST: 5_000}
    version: ClassVar[int] = 2

    def generate(self, count: int, seed: int) -> tuple[Array, Array]:
        images, labels = generate(count, seed)
        return images[:, None], labels


def generate(count: int, seed: int, hand: Hand = HAND) -> tuple[Array, Array]:
    """Pictures (count, 28, 28) uint8 and labels (count,) int64.

    Sample i depends on the seed and on i alone. Of any ten in a row, from a multiple of ten on, each is another digit.
    """
    table = ways()
    images = np.empty((count, SIZE, SIZE), dtype=np.uint8)
    labels = np.empty(count, dtype=np.int64)
    for block, first in enumerate(range(0, count, BLOCK)):
        random = np.random.default_rng([seed, KIND, block])
        label, which = choose(random, table)
        some = slice(first, min(first + BLOCK, count))
        images[some] = write(random, table, which, hand)[: some.stop - first]
        headway.tell(some.stop, count)
        labels[some] = label[: some.stop - first]
    return images, labels


def choose(random: np.random.Generator, table: Ways) -> tuple[Array, Array]:
    """The labels of a block and the way in which each digit is written, by how often each way is met."""
    tens = np.tile(np.arange(10), (BLOCK // 10, 1))
    label = random.permuted(tens, axis=1).ravel()
    chance = random.random(BLOCK)
    which = np.empty(BLOCK, dtype=np.intp)
    for digit in range(10):
        (own,) = np.nonzero(table.digit == digit)
        here = label == digit
        place = np.searchsorted(np.cumsum(table.share[own]), chance[here], side="right")
        which[here] = own[np.minimum(place, len(own) - 1)]
    return label, which


sources.register(Digits.name, Digits())
