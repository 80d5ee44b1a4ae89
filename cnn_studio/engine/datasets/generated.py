"""Data sets that the studio draws itself: seeded, the same everywhere, there without a network."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from cnn_studio.engine import headway
from cnn_studio.engine.datasets.base import TEST, TRAIN, Array, ArraySamples, Dataset
from cnn_studio.engine.datasets.source import Source
from cnn_studio.i18n import N_

SEEDS = {TRAIN: 1, TEST: 2}
PER_STREAM = 256
"""Samples that share one stream of random numbers: a larger set begins with the smaller one."""


class GeneratedSource(Source):
    """A data set drawn from a seed; what was drawn is kept, as drawing takes some seconds."""

    counts: ClassVar[Mapping[str, int]] = {TRAIN: 20_000, TEST: 2_000}
    licence: ClassVar[str] = "MIT"
    origin: ClassVar[str] = N_("drawn by CNN Studio")
    version: ClassVar[int] = 1
    """Raised whenever the same seed gives other samples, so that what was kept is not used any more."""

    @abstractmethod
    def generate(self, count: int, seed: int) -> tuple[Array, Array]:
        """Samples (count, channels, \\*sizes) and labels (count), the same for the same seed."""

    def is_here(self, folder: Path) -> bool:
        return True

    def is_kept(self, folder: Path) -> bool:
        """Whether it was drawn before."""
        return all(self._kept(folder, split, count).is_file() for split, count in self.counts.items())

    def _kept(self, folder: Path, split: str, count: int) -> Path:
        return folder / f"{self.name}-{self.version}-{split}-{count}.npz"

    def open(self, folder: Path) -> Dataset:
        splits = {split: self._split(folder, split, count) for split, count in self.counts.items()}
        return Dataset(self.name, self.classes, splits, self.medium, self.licence, self.origin)

    def _split(self, folder: Path, split: str, count: int) -> ArraySamples:
        kept = self._kept(folder, split, count)
        with suppress(OSError, ValueError, KeyError, EOFError):
            if kept.exists():
                with np.load(kept, allow_pickle=False) as stored:
                    samples, labels = stored["samples"], stored["labels"]
                    if len(samples) == count and sha256(samples.tobytes()).hexdigest() == str(stored["sha256"]):
                        return ArraySamples(samples, labels)
        samples, labels = self.generate(count, SEEDS[split])
        with suppress(OSError):  # a folder that cannot be written only means that it is drawn again
            folder.mkdir(parents=True, exist_ok=True)
            part = kept.with_suffix(f".{os.getpid()}.part")
            try:
                with part.open("wb") as stream:
                    digest = np.array(sha256(samples.tobytes()).hexdigest())
                    np.savez(stream, samples=samples, labels=labels, sha256=digest)
                part.replace(kept)
            finally:
                part.unlink(missing_ok=True)
        return ArraySamples(samples, labels)


def streams(count: int, seed: int, kind: int) -> list[tuple[np.random.Generator, int]]:
    """Generators for blocks of samples, and how many samples each makes."""
    blocks = range((count + PER_STREAM - 1) // PER_STREAM)
    return [(np.random.default_rng([seed, kind, block]), PER_STREAM) for block in blocks]


def in_blocks(count: int, seed: int, kind: int, draw: Any) -> tuple[Array, Array]:
    """Samples and labels of ``draw(random, n) -> (samples, labels)``, block by block."""
    parts = []
    for random, size in streams(count, seed, kind):
        parts.append(draw(random, size))
        headway.tell(size * len(parts), count)
    return np.concatenate([part[0] for part in parts])[:count], np.concatenate([part[1] for part in parts])[:count]


def balanced(random: np.random.Generator, count: int, classes: int) -> Array:
    """Labels of which each class has as many as any other, but for one, in a random order."""
    return random.permutation(np.arange(count) % classes)
