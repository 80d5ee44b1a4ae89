"""What one layer makes of a sample, ready to be shown: reduced, brought to bytes, with what describes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from torch import Tensor

from cnn_studio.engine.datasets.base import Array, DataError
from cnn_studio.engine.insight import probes
from cnn_studio.engine.insight.activations import walked
from cnn_studio.engine.insight.base import BINS, Probe, copied, undisturbed, view_of
from cnn_studio.engine.insight.reducing import ends_of, levels, reduced
from cnn_studio.engine.predict import Predictor
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from cnn_studio.engine.session import Session

MOST_MAPS = 256
"""Maps that are given at once."""
MOST_UNITS = 1024
"""Numbers of a vector that are given at once."""
SIDE = {0: 1, 1: 512, 2: 64, 3: 32}
"""Values along each axis of a map that are given, by the number of axes; more are averaged by whole blocks."""


@dataclass(frozen=True)
class LayerView:
    """What a layer made of a sample.

    Attributes:
        shape: (channels, \\*sizes) of the whole.
        first: number of the first map, or unit of a vector, that is given.
        values: those that are given: (n, \\*sizes) averaged by ``blocks``, or (n,) of a vector.
        levels: the same as bytes between ``lows`` and ``highs`` (n); these are all alike where the scale is shared.
        blocks: how many values are averaged into one, along each axis.
        low, high: the least and the greatest value of the whole.
        silent: for each that is given, whether it is zero everywhere.
        silent_count: how many of the whole are.
        zeros: share of the values that are exactly zero.
        mean: of all values.
        strange: how many are infinite or not a number.
        heights, edges: histogram of the whole.
    """

    shape: tuple[int, ...]
    first: int
    values: Array
    levels: Array
    lows: Array
    highs: Array
    blocks: tuple[int, ...]
    low: float
    high: float
    silent: Array
    silent_count: int
    zeros: float
    mean: float
    strange: int
    heights: Array
    edges: Array


@dataclass(frozen=True, eq=False)
class LayerViews(Probe):
    """What a layer makes of a sample.

    Attributes:
        sample: stored type, prepared: (channels, \\*sizes) as the network takes it.
        node: id of the layer.
        first: number of the first map to give.
        shared: all maps between the same ends; else each between its own.
    """

    name: ClassVar[str] = "layer_view"

    sample: Array
    node: str
    first: int = 0
    shared: bool = True

    def __call__(self, subject: Session | Predictor) -> LayerView:
        view = view_of(subject)
        entered = view.entered(self.sample[None])
        with undisturbed(view.network), torch.inference_mode():
            for node, value in walked(view, entered):
                if node == self.node:
                    return seen(value[0].float(), self.first, shared=self.shared)
        raise DataError(N_("the network has no layer “{name}” that leads to its answer"), name=self.node)


def seen(value: Tensor, first: int = 0, *, shared: bool = True) -> LayerView:
    """A value (channels, \\*sizes) as it is shown."""
    count, axes = value.shape[0], value.ndim - 1
    most = MOST_MAPS if axes else MOST_UNITS
    first = max(0, min(first, (count - 1) // most * most))
    finite = torch.isfinite(value)
    strange = value.numel() - int(finite.sum())
    ends = ends_of(value)
    flat = value.reshape(count, -1)
    silent = (flat == 0).all(1)
    some, blocks = reduced(value[first : first + most], SIDE[axes])
    lows, highs = _ends(some, shared=shared or not axes, low=ends.low, high=ends.high)
    shape = (-1,) + (1,) * axes
    heights, edges = histogram(value[finite] if strange else flat.reshape(-1), ends.low, ends.high)
    return LayerView(
        tuple(value.shape), first, copied(some), levels(some, lows.reshape(shape), highs.reshape(shape)),
        copied(lows), copied(highs), blocks, ends.low, ends.high, silent[first : first + most].cpu().numpy().copy(),
        int(silent.sum()), float((value == 0).float().mean()), float(value[finite].mean()) if strange < value.numel() else 0.0,
        strange, heights, edges,
    )  # fmt: skip


def _ends(maps: Tensor, *, shared: bool, low: float, high: float) -> tuple[Tensor, Tensor]:
    """Between which values each map is shown."""
    if shared:
        return maps.new_full((len(maps),), low), maps.new_full((len(maps),), high)
    flat = torch.nan_to_num(maps.reshape(len(maps), -1), nan=low, posinf=high, neginf=low)
    return flat.amin(1), flat.amax(1)


def histogram(values: Tensor, low: float, high: float, bins: int = BINS) -> tuple[Array, Array]:
    """How many values lie in each of so many parts, and where the parts end."""
    margin = max(abs(low), abs(high), 1e-30) * 1e-6 if low == high else 0.0
    low, high = low - margin, high + margin
    heights = torch.histc(values.float().cpu(), bins, low, high) if values.numel() else torch.zeros(bins)
    return heights.numpy().astype(np.int64), np.linspace(low, high, bins + 1)


probes.register(LayerViews.name, LayerViews)
