"""Large tensors made small enough to be shown: averaged by whole blocks, and brought to bytes between two ends."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from cnn_studio.engine.datasets.base import Array

_POOLS = {1: functional.avg_pool1d, 2: functional.avg_pool2d, 3: functional.avg_pool3d}
LEVELS = 255


def reduced(maps: Tensor, most: int) -> tuple[Tensor, tuple[int, ...]]:
    """Maps (n, \\*sizes) averaged down to at most ``most`` along each axis, and how many values are one along each."""
    blocks = tuple(-(-size // most) for size in maps.shape[1:])
    maps = maps.float()
    if all(block == 1 for block in blocks) or len(blocks) not in _POOLS:
        return maps, blocks
    return _POOLS[len(blocks)](maps[None], blocks, ceil_mode=True)[0], blocks


class Ends(NamedTuple):
    """The values between which something lies; of those that are no numbers nothing is known."""

    low: float
    high: float


def ends_of(values: Tensor) -> Ends:
    """The least and the greatest of the finite values; 0 and 0 where there are none."""
    whole = torch.isfinite(values)
    finite = values if bool(whole.all()) else values[whole]
    if not finite.numel():
        return Ends(0.0, 0.0)
    low, high = torch.aminmax(finite)
    return Ends(float(low), float(high))


def levels(values: Tensor, low: float | Tensor, high: float | Tensor) -> Array:
    """Bytes of the same shape: 0 at ``low``, 255 at ``high``; what is no number is low, and so is all where both are equal."""
    spread = torch.as_tensor(high - low, dtype=torch.float32, device=values.device)
    share = torch.where(spread > 0, (values - low) / torch.where(spread > 0, spread, 1.0), 0.0)
    share = torch.nan_to_num(share, nan=0.0, posinf=1.0, neginf=0.0)
    return (share.clamp(0, 1) * LEVELS).round().to(torch.uint8).cpu().numpy().copy()
