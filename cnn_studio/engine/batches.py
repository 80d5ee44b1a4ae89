"""Batches of prepared samples: from memory where they fit, else streamed from disk ahead of need."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from threading import Barrier

import numpy as np
import torch
from torch import Tensor

from cnn_studio.core.words import Words
from cnn_studio.engine.datasets.base import Array, Chosen, Samples
from cnn_studio.engine.device import cores
from cnn_studio.engine.preprocess import Pipeline
from cnn_studio.engine.reading import TOGETHER, Reader
from cnn_studio.engine.switching import switch_often

AHEAD = 3
"""Batches that are read from disk before they are asked for: fewer do not level out an uneven pace, more only take room."""


class Batches(ABC):
    """Prepared samples of one split, by number.

    Attributes:
        labels: class of each sample, int64, where the network runs.
        news: sentences about damaged samples that nobody has been told yet.
    """

    def __init__(self, reader: Reader, device: torch.device) -> None:
        self.labels: Tensor = torch.from_numpy(np.ascontiguousarray(reader.samples.labels)).to(device)
        self.news: deque[Words] = reader.news

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, order: Tensor, size: int) -> Generator[tuple[Tensor, Tensor]]:
        """Batches of at most ``size`` in the given order of sample numbers: stored values and labels."""
        return self.each(portions(order, size))

    @abstractmethod
    def each(self, chosen: Iterable[Tensor]) -> Generator[tuple[Tensor, Tensor]]:
        """A batch of stored values and labels for each of these choices of sample numbers."""


class MemoryBatches(Batches):
    """Everything prepared lies in one tensor, on the device.

    Samples that lie in memory and need no preparing are not copied: the splits of one set share what it holds.
    """

    def __init__(self, reader: Reader, device: torch.device) -> None:
        super().__init__(reader, device)
        whole = lying(reader) if device.type == "cpu" else None
        array, numbers = whole if whole is not None else (reader.all(), None)
        self._samples = torch.from_numpy(array).to(device)
        self._numbers = None if numbers is None else torch.from_numpy(numbers)

    def each(self, chosen: Iterable[Tensor]) -> Generator[tuple[Tensor, Tensor]]:
        for numbers in chosen:
            here = numbers.to(self._samples.device)
            there = here if self._numbers is None else self._numbers.index_select(0, here)
            yield self._samples.index_select(0, there), self.labels.index_select(0, here)


class StreamedBatches(Batches):
    """Samples are read and prepared in threads, a few batches ahead; memory does not grow with their number.

    Torch does not split its work in these threads: that would take cores from the network. They are as many as there
    are cores that the network leaves, though at least half of them: where reading is slower, its cores wait anyway.
    """

    def __init__(self, reader: Reader, device: torch.device) -> None:
        super().__init__(reader, device)
        self._reader, self._device = reader, device

    def each(self, chosen: Iterable[Tensor]) -> Generator[tuple[Tensor, Tensor]]:
        waiting: deque[_Ahead] = deque()
        coming = iter(chosen)
        free = cores() - torch.get_num_threads() if self._device.type == "cpu" else cores()
        switch_often()
        with _pool(max(1, free, cores() // 2)) as pool:
            try:
                while True:
                    for numbers in islice(coming, AHEAD - len(waiting)):
                        waiting.append(_Ahead(pool, self._reader, numbers))
                    if not waiting:
                        return
                    samples, numbers = waiting[0].samples(), waiting[0].numbers
                    waiting.popleft()
                    labels = self.labels.index_select(0, numbers.to(self._device))
                    yield torch.from_numpy(samples).to(self._device), labels
            finally:
                for late in waiting:
                    late.cancel()


class _Ahead:
    """A batch on its way, its parts read by several threads: the first one is there the sooner."""

    def __init__(self, pool: ThreadPoolExecutor, reader: Reader, numbers: Tensor) -> None:
        self.numbers, indices = numbers, numbers.numpy(force=True)
        self._room = reader.empty(len(indices))
        parts = (slice(start, start + TOGETHER) for start in range(0, len(indices), TOGETHER))
        self._parts = [pool.submit(reader.fill, self._room[part], indices[part]) for part in parts]

    def samples(self) -> Array:
        """The samples, once they are there. Raises DataError when one of them cannot be read."""
        for part in self._parts:
            part.result()
        return self._room

    def cancel(self) -> None:
        """What has not begun is not read any more."""
        for part in self._parts:
            part.cancel()


def _pool(workers: int) -> ThreadPoolExecutor:
    """Threads in each of which torch uses one core.

    Setting that number in one thread also changes what matrix products take in all others, so it is put back here once
    every thread has set its own.
    """
    threads, ready = torch.get_num_threads(), Barrier(workers + 1)

    def alone() -> None:
        torch.set_num_threads(1)
        ready.wait()

    pool = ThreadPoolExecutor(workers, "samples", initializer=alone)
    for _worker in range(workers):
        pool.submit(int)  # a thread is made when there is something to do
    ready.wait()
    torch.set_num_threads(threads)
    return pool


def lying(reader: Reader) -> tuple[Array, Array | None] | None:
    """The array in which the samples lie as they are needed, and which of it they are (None: all); None where there is none."""
    samples, numbers = reader.samples, None
    while isinstance(samples, Chosen):
        numbers = samples.indices if numbers is None else samples.indices[numbers]
        samples = samples.whole
    array = None if reader.pipeline.places else samples.array
    if array is None or not array.flags.writeable or not array.flags.c_contiguous:
        return None
    return array, numbers


def portions(order: Tensor, size: int) -> list[Tensor]:
    """The order cut into batches; none where there is nothing (torch would give one empty batch)."""
    return list(torch.split(order, size)) if len(order) else []


def batches_of(samples: Samples, pipeline: Pipeline, device: torch.device, budget: int) -> Batches:
    """Batches from memory when the prepared samples take at most ``budget`` bytes or lie there anyway, else streamed."""
    reader = Reader(samples, pipeline)
    if len(reader) * reader.sample_bytes <= budget or (device.type == "cpu" and lying(reader) is not None):
        return MemoryBatches(reader, device)
    return StreamedBatches(reader, device)
