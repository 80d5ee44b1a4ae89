"""Prepared samples by number, read in any thread; what is damaged is met once, said, and stood in for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import Words, say
from cnn_studio.engine.datasets.base import Array, DamagedError, DataError, Samples, first_readable
from cnn_studio.engine.device import cores
from cnn_studio.engine.preprocess import Pipeline
from cnn_studio.i18n import N_

TRIES = 8
"""Damaged samples in a row after which reading is given up."""
TOGETHER = 16
"""Samples that one thread prepares at a time."""


class Reader:
    """The prepared samples of one split.

    A damaged sample is stood in for by the next of its class: batches keep their size, and the same files always give
    the same batches, whichever thread reads them and wherever a run is taken up. A file that has vanished is another
    matter: reading fails, as more may be gone than a single sample.

    Args:
        last: what is done to every sample after the pipeline.

    Attributes:
        shape: of every prepared sample, (channels, \\*sizes).
        news: sentences about damaged samples that nobody has been told yet, the oldest first.
    """

    def __init__(self, samples: Samples, pipeline: Pipeline, last: Callable[[Array], Array] | None = None) -> None:
        self.samples, self.pipeline, self._last = samples, pipeline, last
        first = self._prepared(first_readable(samples))
        self.shape, self.dtype, self.sample_bytes = first.shape, first.dtype, first.nbytes
        self.news: deque[Words] = deque()
        self._damaged: dict[int, DamagedError] = {}
        self._peers: dict[int, Array] = {}

    def __len__(self) -> int:
        return len(self.samples)

    def read(self, index: int) -> Array:
        """One prepared sample. Raises DataError when it cannot be read, or does not have the shape of the others."""
        wanted = index
        for _attempt in range(TRIES):
            try:
                if index not in self._damaged:
                    return self._checked(index)
            except DamagedError as error:
                if self._damaged.setdefault(index, error) is error:
                    self.news.append(say(N_("{problem}; another of its class stands in for it"), problem=error.words))
            index = self._next(index)
        raise self._damaged[wanted]

    def empty(self, count: int) -> Array:
        """Room for so many samples, one after the other: (count, channels, \\*sizes)."""
        return np.empty((count, *self.shape), self.dtype)

    def fill(self, out: Array, indices: Array) -> None:
        """Read these samples into their room."""
        for place, index in enumerate(indices):
            out[place] = self.read(int(index))

    def all(self) -> Array:
        """All samples prepared: (n, channels, \\*sizes). Raises DataError."""
        array = None if self.pipeline.places else self.samples.array
        if array is not None:
            return np.ascontiguousarray(array)
        out, numbers = self.empty(len(self)), np.arange(len(self))
        with ThreadPoolExecutor(max_workers=cores(), thread_name_prefix="reading") as pool:
            parts = (slice(start, start + TOGETHER) for start in range(0, len(out), TOGETHER))
            waiting = [pool.submit(self.fill, out[part], numbers[part]) for part in parts]
            try:
                for part in waiting:
                    part.result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        return out

    def _prepared(self, stored: Array) -> Array:
        prepared = self.pipeline.sample(stored)
        return prepared if self._last is None else self._last(prepared)

    def _checked(self, index: int) -> Array:
        prepared = self._prepared(self.samples.read(index))
        if prepared.shape != self.shape:
            raise DataError(
                N_("sample “{name}” is {shape} and others are {wanted}: add the step “Size” to the preprocessing"),
                name=self.samples.name_of(index),
                shape=Shape(prepared.shape[0], prepared.shape[1:]),
                wanted=Shape(self.shape[0], self.shape[1:]),
            )
        return prepared

    def _next(self, index: int) -> int:
        """The sample of the same class that comes next, round and round."""
        label = int(self.samples.labels[index])
        if label not in self._peers:
            self._peers[label] = np.flatnonzero(self.samples.labels == label)
        peers = self._peers[label]
        return int(peers[(np.searchsorted(peers, index) + 1) % len(peers)])
