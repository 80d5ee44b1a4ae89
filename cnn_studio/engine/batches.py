"""Batches of prepared samples: from memory where they fit, else streamed from disk ahead of need."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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

AHEAD = 4
"""Batches that are read from disk before they are asked for."""


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

    @abstractmethod
    def take(self, order: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of at most ``size`` in the given order of sample numbers: stored values and labels."""


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

    def take(self, order: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        order = order.to(self._samples.device)
        for chosen in _portions(order, size):
            there = chosen if self._numbers is None else self._numbers.index_select(0, chosen)
            yield self._samples.index_select(0, there), self.labels.index_select(0, chosen)


class StreamedBatches(Batches):
    """Samples are read and prepared in threads, a few batches ahead; memory does not grow with their number.

    Torch does not split its work in these threads: that would take cores from the network. They are as many as there
    are cores that the network leaves, though at least half of them: where reading is slower, its cores wait anyway.
    """

    def __init__(self, reader: Reader, device: torch.device) -> None:
        super().__init__(reader, device)
        self._reader, self._device = reader, device

    def take(self, order: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        chosen = _portions(order.cpu(), size)
        waiting: deque[_Ahead] = deque()
        free = cores() - torch.get_num_threads() if self._device.type == "cpu" else cores()
        switch_often()
        with _pool(max(1, free, cores() // 2)) as pool:
            try:
                for number, indices in enumerate(chosen):
                    while len(waiting) < AHEAD and number + len(waiting) < len(chosen):
                        waiting.append(_Ahead(pool, self._reader, chosen[number + len(waiting)].numpy()))
                    stored = torch.from_numpy(waiting[0].samples()).to(self._device)
                    waiting.popleft()
                    yield stored, self.labels.index_select(0, indices.to(self._device))
            finally:
                for batch in waiting:
                    batch.cancel()


class _Ahead:
    """A batch on its way, its parts read by several threads: the first one is there the sooner."""

    def __init__(self, pool: ThreadPoolExecutor, reader: Reader, indices: Array) -> None:
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


def _portions(order: Tensor, size: int) -> list[Tensor]:
    """The order cut into batches; none where there is nothing (torch would give one empty batch)."""
    return list(torch.split(order, size)) if len(order) else []


def batches_of(samples: Samples, pipeline: Pipeline, device: torch.device, budget: int) -> Batches:
    """Batches from memory when the prepared samples take at most ``budget`` bytes or lie there anyway, else streamed."""
    reader = Reader(samples, pipeline)
    if len(reader) * reader.sample_bytes <= budget or (device.type == "cpu" and lying(reader) is not None):
        return MemoryBatches(reader, device)
    return StreamedBatches(reader, device)
