"""What every source of data gives: samples with labels, in named splits, and the facts about them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import Words, say

Array = np.ndarray[Any, np.dtype[Any]]

TRAIN, VALIDATION, TEST = "train", "validation", "test"


class DataError(Exception):
    """Data that cannot be used; says which, why and what to do."""

    def __init__(self, template: str, /, **values: Any) -> None:
        super().__init__(template)
        self.words: Words = say(template, **values)

    def __str__(self) -> str:
        return str(self.words)


class DamagedError(DataError):
    """A sample whose file is there and makes no sense. In a run another of its class stands in for it."""


class Samples(ABC):
    """One split: samples by number, each an array (channels, \\*sizes), and their labels.

    Attributes:
        labels: class of each sample, int64 (n,).
        peak: the value that stands for 1.0: 255 for bytes, 32768 for 16-bit sound, 1 for decimal numbers.
    """

    labels: Array
    peak: float

    def __len__(self) -> int:
        return len(self.labels)

    @abstractmethod
    def read(self, index: int) -> Array:
        """One sample as stored: (channels, \\*sizes). Raises DataError when it cannot be read any more."""

    @property
    @abstractmethod
    def shape(self) -> Shape | None:
        """Shape of every sample, or None where they differ."""

    @property
    def array(self) -> Array | None:
        """All samples at once (n, channels, \\*sizes) where they lie in memory, else None."""
        return None

    def name_of(self, index: int) -> str:
        """What a person would call the sample: its file, or its number."""
        return str(index)


class ArraySamples(Samples):
    """Samples of one shape that lie in memory."""

    def __init__(self, array: Array, labels: Array) -> None:
        self._array = array
        self.labels = labels.astype(np.int64)
        self.peak = peak_of(array)

    def read(self, index: int) -> Array:
        return self._array[index]  # type: ignore[no-any-return]

    @property
    def shape(self) -> Shape:
        return Shape(self._array.shape[1], tuple(self._array.shape[2:]))

    @property
    def array(self) -> Array:
        return self._array


class Chosen(Samples):
    """Some samples of another split, in a chosen order."""

    def __init__(self, whole: Samples, indices: Array) -> None:
        self.whole = whole
        self.indices = indices
        self.labels = whole.labels[indices]
        self.peak = whole.peak

    def read(self, index: int) -> Array:
        return self.whole.read(int(self.indices[index]))

    @property
    def shape(self) -> Shape | None:
        return self.whole.shape

    @property
    def array(self) -> Array | None:
        array = self.whole.array
        return None if array is None else array[self.indices]

    def name_of(self, index: int) -> str:
        return self.whole.name_of(int(self.indices[index]))


def first_readable(samples: Samples, most: int = 64) -> Array:
    """The first sample that is not damaged. Raises DataError when there is none among the first ones."""
    for index in range(min(most, len(samples)) - 1):
        with suppress(DamagedError):
            return samples.read(index)
    return samples.read(min(most, len(samples)) - 1)


def peak_of(array: Array) -> float:
    """What stands for 1.0 in an array of this type."""
    if array.dtype == np.uint8:
        return 255.0
    return 32768.0 if array.dtype == np.int16 else 1.0


@dataclass(frozen=True)
class Dataset:
    """A set of labelled samples.

    Attributes:
        classes: their names, in the order of the labels.
        splits: "train" always, "test" and "validation" where the source has them.
        medium: "picture", "sound" or "video".
        skipped: files that could not be read, with the reason of each.
    """

    name: str
    classes: tuple[str, ...]
    splits: Mapping[str, Samples]
    medium: str = "picture"
    licence: str = ""
    source: str = ""
    skipped: Sequence[tuple[str, str]] = field(default=())

    @property
    def train(self) -> Samples:
        """The samples to learn from."""
        return self.splits[TRAIN]


def split_off(samples: Samples, share: float, seed: int) -> tuple[Samples, Samples]:
    """Samples to learn from and a share to judge by, drawn class by class with a seed.

    Every class with at least two samples keeps at least one on the learning side.
    """
    random = np.random.default_rng([seed, 0x5EED])
    kept, judged = [], []
    for label in np.unique(samples.labels):
        own = np.flatnonzero(samples.labels == label)
        own = own[random.permutation(len(own))]
        count = min(round(share * len(own)), len(own) - 1)
        judged.append(own[:count])
        kept.append(own[count:])
    return Chosen(samples, np.sort(np.concatenate(kept))), Chosen(samples, np.sort(np.concatenate(judged)))


def subset(samples: Samples, count: int, seed: int) -> Samples:
    """At most ``count`` samples, drawn with a seed."""
    if count <= 0 or count >= len(samples):
        return samples
    random = np.random.default_rng([seed, 0x5B5E7])
    return Chosen(samples, np.sort(random.permutation(len(samples))[:count]))
