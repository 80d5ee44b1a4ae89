"""Small pictures of what every layer makes of a sample, in one walk through the network: they cost little to carry over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from torch import Tensor

from cnn_studio.engine.datasets.base import Array
from cnn_studio.engine.insight import probes
from cnn_studio.engine.insight.activations import walked
from cnn_studio.engine.insight.base import Probe, undisturbed, view_of
from cnn_studio.engine.insight.reducing import ends_of, levels, reduced
from cnn_studio.engine.predict import Predictor

if TYPE_CHECKING:
    from cnn_studio.engine.session import Session

TILES = 14
"""Maps of a layer that are shown."""
SIDE = 28
"""Pixels of the longer side of a map."""
UNITS = 64
"""Numbers of a vector that are shown; more are averaged."""
COLOURS = 3


@dataclass(frozen=True)
class Thumbnail:
    """What a layer made of a sample, small.

    Attributes:
        tiles: bytes: some maps (n, h, w), all between the same ends; a picture in colour (1, h, w, 3); or, of a vector,
            one row (1, 1, n).
        is_pixels: whether it is the picture itself, to be shown in greys.
        is_sound: whether its columns are moments and its rows channels, not places.
    """

    tiles: Array
    is_pixels: bool = False
    is_sound: bool = False


@dataclass(frozen=True, eq=False)
class Thumbnails(Probe):
    """A small picture for every layer.

    Attributes:
        sample: stored type, prepared: (channels, \\*sizes) as the network takes it.
        nodes: ids of the layers; all of them when empty.
    """

    name: ClassVar[str] = "thumbnails"

    sample: Array
    nodes: frozenset[str] = frozenset()

    def __call__(self, subject: Session | Predictor) -> Mapping[str, Thumbnail]:
        view = view_of(subject)
        entered = view.entered(self.sample[None])
        with undisturbed(view.network), torch.inference_mode():
            return {
                node: of_pixels(value[0]) if node == view.network.entry else of_value(value[0])
                for node, value in walked(view, entered)
                if not self.nodes or node in self.nodes
            }


def of_value(value: Tensor) -> Thumbnail:
    """A value (channels, \\*sizes), small; of video the frame in the middle, of sound all channels as one picture."""
    if value.ndim == 1 or value[0].numel() == 1:
        value, _blocks = reduced(value.reshape(1, -1), UNITS)
        return Thumbnail(levels(value[None], *ends_of(value)))
    if value.ndim == 2:
        value, _blocks = reduced(value[None], UNITS)
        return Thumbnail(levels(value, *ends_of(value)), is_sound=True)
    if value.ndim == 4:
        value = value[:, value.shape[1] // 2]
    chosen = torch.linspace(0, len(value) - 1, min(TILES, len(value)), device=value.device).round().long()
    tiles, _blocks = reduced(value[chosen], SIDE)
    return Thumbnail(levels(tiles, *ends_of(tiles)))


def of_pixels(value: Tensor) -> Thumbnail:
    """What enters a network, small: in colour where it has colours, a sound as it swings."""
    if value.ndim != 3 or value.shape[0] != COLOURS:
        return replace(of_value(value), is_pixels=value.ndim > 2)
    tiles, _blocks = reduced(value, SIDE)
    return Thumbnail(np.moveaxis(levels(tiles, *ends_of(tiles)), 0, -1)[None].copy(), is_pixels=True)


probes.register(Thumbnails.name, Thumbnails)
