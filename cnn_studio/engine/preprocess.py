"""One pipeline between stored samples and the numbers that enter a network.

The declared steps fall in two parts: those that change where pixels are (drawing, colour, size) act on one stored
sample and keep its type; those that change values (invert, scale, mean and deviation) are one factor and one offset
per channel, applied to whole batches where the network runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from cnn_studio.core.plans.base import Preparation
from cnn_studio.core.plans.preparation import Colour, DrawnDigit, Invert, Resize, Scale, Standardize
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets.base import Array, DataError, Samples, first_readable
from cnn_studio.engine.places import recolour, resize
from cnn_studio.i18n import N_


class Pipeline:
    """Declared steps, ready to be carried out.

    Args:
        steps: in order; steps on places come before steps on values whatever their order, as they commute.
        peak: the stored value that stands for 1.0.
    """

    def __init__(self, steps: Sequence[Preparation], peak: float) -> None:
        self.steps = tuple(steps)
        self.peak = peak
        self.places = [step for step in steps if isinstance(step, (DrawnDigit, Colour, Resize))]
        self._affine: dict[int, tuple[list[float], list[float]]] = {}
        self.values_steps = [step for step in steps if isinstance(step, (Invert, Scale, Standardize))]

    def output_shape(self, shape: Shape) -> Shape:
        """Shape of a prepared sample."""
        for step in self.places:
            shape = step.output_shape(shape)
        return shape

    def sample(self, stored: Array) -> Array:
        """One stored sample (channels, \\*sizes) with its pixels in their final places, same type."""
        for step in self.places:
            if isinstance(step, Colour):
                stored = recolour(stored, step.mode)
            elif isinstance(step, Resize):
                check_axes(stored, step.sizes)
                stored = resize(stored, step.sizes, step.method)
            else:
                stored = as_drawn_digit(stored, self.peak)
        return stored

    def affine(self, channels: int) -> tuple[list[float], list[float]]:
        """Factor and offset of each channel that the steps on values come to."""
        if channels not in self._affine:
            self._affine[channels] = self._composed(channels)
        return self._affine[channels]

    def _composed(self, channels: int) -> tuple[list[float], list[float]]:
        factor, offset, peak = np.ones(channels), np.zeros(channels), self.peak
        for step in self.values_steps:
            if isinstance(step, Invert):
                factor, offset = -factor, peak - offset
            elif isinstance(step, Scale):
                factor, offset, peak = factor / peak, offset / peak, 1.0
            elif isinstance(step, Standardize):
                mean, deviation = per_channel(step.mean, channels), per_channel(step.deviation, channels)
                factor, offset = factor / deviation, (offset - mean) / deviation
        return list(map(float, factor)), list(map(float, offset))

    def values(self, batch: Tensor) -> Tensor:
        """A batch of prepared samples (n, channels, \\*sizes) as the decimal numbers that enter the network."""
        factor, offset = self.affine(batch.shape[1])
        batch = batch.to(torch.float32, copy=True)
        if len(set(factor)) == 1 and len(set(offset)) == 1:
            return batch.mul_(factor[0]).add_(offset[0]) if offset[0] else batch.mul_(factor[0])
        view = (1, -1) + (1,) * (batch.ndim - 2)
        return batch.mul_(batch.new_tensor(factor).view(view)).add_(batch.new_tensor(offset).view(view))


def per_channel(numbers: tuple[float, ...], channels: int) -> Any:
    """Numbers for each channel. Raises DataError when there is neither one nor one for each."""
    if len(numbers) not in (1, channels):
        raise DataError(
            N_("“Mean and deviation” has {count} numbers, and samples have {channels} channels"),
            count=len(numbers), channels=channels,
        )  # fmt: skip
    return np.broadcast_to(np.asarray(numbers, dtype=float), (channels,))


def check_axes(stored: Array, sizes: tuple[int, ...]) -> None:
    """Raises DataError when a size is meant for samples with another number of axes."""
    if len(sizes) != stored.ndim - 1:
        raise DataError(
            N_("“Size” has {count} numbers, and samples have {axes} axes"), count=len(sizes), axes=stored.ndim - 1
        )


def as_drawn_digit(stored: Array, peak: float) -> Array:
    """A picture prepared as the MNIST digits were: (1, 28, 28)."""
    from cnn_studio.engine.drawing import prepare

    ink = recolour(stored, "grey")[0].astype(np.float32) / peak
    return prepare(ink)[None]


def fitting_steps(samples: Samples, wanted: Shape) -> tuple[Preparation, ...]:
    """The steps that bring samples to the shape a network takes, ending in values from 0 to 1."""
    steps: list[Preparation] = []
    shape = samples.shape
    channels = shape.channels if shape else first_readable(samples).shape[0]
    if channels != wanted.channels and wanted.channels in (1, 3):
        steps.append(Colour(mode="grey" if wanted.channels == 1 else "colour"))
    if shape is None or shape.sizes != wanted.sizes:
        steps.append(Resize(sizes=wanted.sizes, method="fit"))
    return (*steps, Scale())
