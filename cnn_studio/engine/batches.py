"""Batches of prepared samples: from memory where they fit, else streamed from disk ahead of need."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import torch
from torch import Tensor

from cnn_studio.engine.datasets.base import Array, Samples
from cnn_studio.engine.preprocess import Pipeline

AHEAD = 4
"""Batches that are read from disk before they are asked for."""


class Batches(ABC):
    """Prepared samples of one split, by number."""

    labels: Tensor
    """Class of each sample, int64, where the network runs."""

    def __len__(self) -> int:
        return len(self.labels)

    @abstractmethod
    def take(self, order: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of at most ``size`` in the given order of sample numbers: stored values and labels."""


class MemoryBatches(Batches):
    """Everything prepared lies in one tensor, on the device."""

    def __init__(self, samples: Samples, pipeline: Pipeline, device: torch.device) -> None:
        self._samples = torch.from_numpy(pipeline.all(samples)).to(device)
        self.labels = torch.from_numpy(np.ascontiguousarray(samples.labels)).to(device)

    def take(self, order: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        order = order.to(self._samples.device)
        for chosen in _portions(order, size):
            yield self._samples.index_select(0, chosen), self.labels.index_select(0, chosen)


class StreamedBatches(Batches):
    """Samples are read and prepared in threads, a few batches ahead; memory does not grow with their number."""

    def __init__(self, samples: Samples, pipeline: Pipeline, device: torch.device) -> None:
        self._data, self._pipeline, self._device = samples, pipeline, device
        self._shape = pipeline.sample(samples.read(0)).shape
        self.labels = torch.from_numpy(np.ascontiguousarray(samples.labels)).to(device)

    def _batch(self, indices: Array) -> Array:
        return np.stack([self._pipeline.checked(self._data, int(index), self._shape) for index in indices])

    def take(self, order: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        chosen = _portions(order.cpu(), size)
        waiting: deque[Future[Array]] = deque()
        with ThreadPoolExecutor(max_workers=max(1, (os.cpu_count() or 2) - 1), thread_name_prefix="samples") as pool:
            try:
                for number, indices in enumerate(chosen):
                    while len(waiting) < AHEAD and number + len(waiting) < len(chosen):
                        waiting.append(pool.submit(self._batch, chosen[number + len(waiting)].numpy()))
                    stored = torch.from_numpy(waiting.popleft().result()).to(self._device)
                    yield stored, self.labels.index_select(0, indices.to(self._device))
            finally:
                for future in waiting:
                    future.cancel()


def _portions(order: Tensor, size: int) -> list[Tensor]:
    """The order cut into batches; none where there is nothing (torch would give one empty batch)."""
    return list(torch.split(order, size)) if len(order) else []


def batches_of(samples: Samples, pipeline: Pipeline, device: torch.device, budget: int) -> Batches:
    """Batches from memory when the prepared samples take at most ``budget`` bytes, else streamed."""
    needed = len(samples) * pipeline.sample(samples.read(0)).nbytes
    kind = MemoryBatches if needed <= budget else StreamedBatches
    return kind(samples, pipeline, device)
