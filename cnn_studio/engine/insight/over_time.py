"""How the weights of a layer were spread after each epoch of a run, read from the epochs that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from cnn_studio.core.graph import Graph
from cnn_studio.engine.datasets.base import Array, DataError
from cnn_studio.engine.insight.kernel_view import start_weights
from cnn_studio.engine.insight.layer_view import histogram
from cnn_studio.engine.insight.reducing import ends_of
from cnn_studio.engine.runs import Run
from cnn_studio.i18n import N_

MOST_EPOCHS = 60
"""Epochs that are looked at; of more, some spread evenly."""
BINS = 48


@dataclass(frozen=True)
class WeightsOverTime:
    """A tensor of a layer after some epochs.

    Attributes:
        epochs: which ones; 0 is the start.
        edges: values between the parts of the histograms (bins + 1).
        shares: of the weights, in each part (epochs, bins).
        means, deviations: of the weights (epochs).
        strange: how many weights are infinite or not a number (epochs).
    """

    epochs: tuple[int, ...]
    edges: Array
    shares: Array
    means: Array
    deviations: Array
    strange: tuple[int, ...]


def weights_over_time(folder: Path, graph: Graph, seed: int, tensor: str, epochs: Sequence[int]) -> WeightsOverTime:
    """A tensor ("conv1.weight") at the start of a run and after its epochs. Raises FileError or DataError."""
    run = Run(folder)
    found: dict[int, torch.Tensor] = {}
    node, _point, inside = tensor.partition(".")
    start = start_weights(graph, seed, node, inside)
    if start is not None:
        found[0] = torch.from_numpy(start)
    for epoch in spread(epochs, MOST_EPOCHS):
        weights = run.snapshot_tensor(epoch, tensor)
        if weights is not None:
            found[epoch] = weights.float()
    if not found:
        raise DataError(N_("no epoch of this run was kept"))
    ends = [ends_of(weights) for weights in found.values()]
    low, high = min(end.low for end in ends), max(end.high for end in ends)
    shares, means, deviations, strange = [], [], [], []
    for weights in found.values():
        finite = weights[torch.isfinite(weights)]
        heights, edges = histogram(finite, low, high, BINS)
        shares.append(heights / max(1, finite.numel()))
        means.append(float(finite.mean()) if finite.numel() else 0.0)
        deviations.append(float(finite.std(correction=0)) if finite.numel() else 0.0)
        strange.append(weights.numel() - finite.numel())
    return WeightsOverTime(tuple(found), edges, np.stack(shares), np.array(means), np.array(deviations), tuple(strange))


def spread(epochs: Sequence[int], most: int) -> list[int]:
    """At most so many of them, evenly, with the first and the last."""
    if len(epochs) <= most:
        return list(epochs)
    places = np.linspace(0, len(epochs) - 1, most).round().astype(int)
    return [epochs[place] for place in dict.fromkeys(places.tolist())]
