"""Samples as a plan would have them: after each step of preprocessing, and varied as in training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from cnn_studio.core.plans.base import Augmentation, Preparation
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.augment import Augmenter
from cnn_studio.engine.datasets.base import Array, DataError
from cnn_studio.engine.preprocess import Pipeline
from cnn_studio.engine.refusals import sentence_of
from cnn_studio.engine.shown import shown

LEVELS = 255
"""Brightest level of a picture for the eye."""


@dataclass(frozen=True, eq=False)
class Stage:
    """A sample as it is after some steps.

    Attributes:
        picture: for the eye, bytes (h, w) or (h, w, 3), or None where the step cannot be carried out.
        shape: of the sample.
        low, high: its smallest and largest number.
        problem: why the step cannot be carried out, as a sentence, or "".
    """

    picture: Array | None
    shape: Shape | None = None
    low: float = 0.0
    high: float = 0.0
    problem: str = ""


def stages(stored: Array, peak: float, steps: Sequence[Preparation], side: int) -> list[Stage]:
    """A stored sample (channels, \\*sizes) as it is, and after each of the steps; those behind one that fails are left out."""
    found: list[Stage] = []
    for count in range(len(steps) + 1):
        pipeline = Pipeline(steps[:count], peak)
        try:
            values = _values(pipeline, stored)
        except DataError as error:
            return [*found, Stage(None, problem=sentence_of(str(error)))]
        shape = Shape(values.shape[0], tuple(values.shape[1:]))
        picture = _picture(values, pipeline, side)
        found.append(Stage(picture, shape, float(values.min()), float(values.max())))
    return found


def variations(
    stored: Array,
    peak: float,
    steps: Sequence[Preparation],
    augmentation: Sequence[Augmentation],
    *,
    count: int,
    seed: int,
    side: int,
) -> list[Array]:
    """A prepared sample as a picture, and ``count`` more of it varied as in training. Raises DataError."""
    pipeline = Pipeline(steps, peak)
    values = torch.from_numpy(_values(pipeline, stored))[None]
    batch = values.expand(count, *values.shape[1:]).clone()
    generator = torch.Generator().manual_seed(seed)
    varied = Augmenter(augmentation)(batch, generator)
    return [_picture(one.numpy(), pipeline, side) for one in (*values, *varied)]


def _values(pipeline: Pipeline, stored: Array) -> Array:
    """The numbers of a sample behind the pipeline's steps."""
    placed = torch.from_numpy(np.array(pipeline.sample(stored)))[None]
    found: Array = pipeline.values(placed)[0].numpy()
    return found


def _picture(values: Array, pipeline: Pipeline, side: int) -> Array:
    """What the eye sees: as dark and as bright as the numbers are between those that stand for black and white."""
    if values.ndim < 3:
        return shown(values, side)
    factor, offset = (np.asarray(one).reshape(-1, *(1,) * (values.ndim - 1)) for one in pipeline.affine(len(values)))
    ends = np.stack((offset, offset + factor * pipeline.peak))
    low, high = float(ends.min()), float(ends.max())
    levels = np.clip((values - low) / max(high - low, 1e-12), 0, 1) * LEVELS
    return shown(np.rint(levels).astype(np.uint8), side)
