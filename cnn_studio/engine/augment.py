"""Augmentation of whole batches, seeded: about what the plan declares, one function for each kind.

All functions take a batch of decimal numbers (n, channels, \\*sizes) in 0..1 (or around 0 after "mean and deviation")
and a generator on the same device, and give a batch of the same shape. Geometry is gathered into a single resampling.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import pi

import torch
from torch import Generator, Tensor
from torch.nn import functional

from cnn_studio.core.plans.augmentation import (
    Brightness,
    Elastic,
    Erase,
    Flip,
    Noise,
    RandomCrop,
    Rotate,
    Shear,
    Shift,
    Zoom,
)
from cnn_studio.core.plans.base import Augmentation

GEOMETRIC = (Shift, Rotate, Zoom, Shear)


class Augmenter:
    """The declared augmentations, ready for batches. Falsy when there is nothing to do."""

    def __init__(self, steps: Sequence[Augmentation]) -> None:
        self.steps = tuple(steps)

    def __bool__(self) -> bool:
        return bool(self.steps)

    def __call__(self, batch: Tensor, generator: Generator) -> Tensor:
        """A varied batch; the generator decides how."""
        geometric = [step for step in self.steps if isinstance(step, GEOMETRIC)]
        bends = [step for step in self.steps if isinstance(step, Elastic)]
        if batch.ndim == 4 and (geometric or bends):
            batch = resampled(batch, geometric, bends, generator)
        elif geometric:
            for step in geometric:
                if isinstance(step, Shift):
                    batch = rolled(batch, step, generator)
        for one in self.steps:
            function = FUNCTIONS.get(type(one))
            if function is not None:
                batch = function(batch, one, generator)
        return batch


def _uniform(shape: tuple[int, ...], most: float, like: Tensor, generator: Generator) -> Tensor:
    """Numbers between -most and most."""
    return (torch.rand(shape, generator=generator, device=like.device) * 2 - 1) * most


def _chosen(step: Augmentation, count: int, like: Tensor, generator: Generator) -> Tensor:
    """Which samples are varied: 1 or 0 for each."""
    return (torch.rand(count, generator=generator, device=like.device) < step.share).float()


def resampled(
    batch: Tensor, geometric: Sequence[Augmentation], bends: Sequence[Elastic], generator: Generator
) -> Tensor:
    """Pictures (n, c, h, w) shifted, turned, scaled, slanted and bent in one resampling; what enters is the border's zero."""
    n, _channels, height, width = batch.shape
    matrix = torch.eye(2, device=batch.device).repeat(n, 1, 1)
    offset = torch.zeros(n, 2, device=batch.device)
    for step in geometric:
        share = _chosen(step, n, batch, generator)
        if isinstance(step, Shift):
            offset = offset + _uniform((n, 2), 2 * step.most, batch, generator) * share[:, None]
        elif isinstance(step, Rotate):
            matrix = matrix @ _rotation(_uniform((n,), step.most * pi / 180, batch, generator) * share, height / width)
        elif isinstance(step, Zoom):
            scale = 1 / (1 + _uniform((n,), step.most, batch, generator) * share)
            matrix = matrix * scale[:, None, None]
        elif isinstance(step, Shear):
            slant = torch.tan(_uniform((n,), step.most * pi / 180, batch, generator) * share) * height / width
            shear = torch.eye(2, device=batch.device).repeat(n, 1, 1)
            shear[:, 0, 1] = slant
            matrix = matrix @ shear
    grid = functional.affine_grid(
        torch.cat((matrix, offset[:, :, None]), dim=2), [n, 1, height, width], align_corners=False
    )
    for bend in bends:
        grid = grid + displacement(batch, bend, generator)
    return functional.grid_sample(batch, grid.to(batch.dtype), align_corners=False, padding_mode="border")


def _rotation(angle: Tensor, aspect: float) -> Tensor:
    """Rotation matrices (n, 2, 2) in the coordinates of affine_grid, where a picture is 2 by 2 whatever its sizes."""
    cos, sin = torch.cos(angle), torch.sin(angle)
    return torch.stack((torch.stack((cos, -sin * aspect), 1), torch.stack((sin / aspect, cos), 1)), 1)


def displacement(batch: Tensor, bend: Elastic, generator: Generator) -> Tensor:
    """Smooth random displacements (n, h, w, 2) in the coordinates of affine_grid."""
    n, _channels, height, width = batch.shape
    rows, columns = max(2, round(height / bend.smoothness)), max(2, round(width / bend.smoothness))
    coarse = torch.randn((n, 2, rows, columns), generator=generator, device=batch.device)
    field = functional.interpolate(coarse, (height, width), mode="bicubic", align_corners=True)
    pixels = torch.tensor([2 / width, 2 / height], device=batch.device)
    share = _chosen(bend, n, batch, generator)
    return field.permute(0, 2, 3, 1) * pixels * bend.strength * share[:, None, None, None]


def rolled(batch: Tensor, step: Shift, generator: Generator) -> Tensor:
    """Sound moved in time, films within their pictures, each sample by steps of its own; what leaves returns at the other end."""
    for axis in (-1,) if batch.ndim == 3 else (-1, -2):
        n, length = len(batch), batch.shape[axis]
        share = _chosen(step, n, batch, generator)
        moves = (_uniform((n,), step.most * length, batch, generator) * share).round().long()
        index = (torch.arange(length, device=batch.device)[None] - moves[:, None]) % length
        view = [n, *(1,) * (batch.ndim - 1)]
        view[axis] = length
        batch = batch.gather(axis, index.view(view).expand_as(batch))
    return batch


def flipped(batch: Tensor, step: Augmentation, generator: Generator) -> Tensor:
    """Half of the chosen samples mirrored along the last axis, and along the one before it when asked for."""
    assert isinstance(step, Flip)
    axes = [-1, -2] if step.vertical and batch.ndim > 3 else [-1]
    for axis in axes:
        chosen = torch.rand(len(batch), generator=generator, device=batch.device) < step.share / 2
        batch = torch.where(chosen.view(-1, *(1,) * (batch.ndim - 1)), batch.flip(axis), batch)
    return batch


def cropped(batch: Tensor, step: Augmentation, generator: Generator) -> Tensor:
    """Moved by whole pixels up to the border, each sample by its own; zeros enter."""
    assert isinstance(step, RandomCrop)
    axes = batch.ndim - 2
    padded = functional.pad(batch, (step.border,) * (2 * axes))
    chosen = _chosen(step, len(batch), batch, generator).long()
    for axis in range(2, batch.ndim):
        starts = torch.randint(0, 2 * step.border + 1, (len(batch),), generator=generator, device=batch.device)
        starts = torch.where(chosen > 0, starts, step.border)
        index = starts[:, None] + torch.arange(batch.shape[axis], device=batch.device)[None]
        view = [len(batch), *(1,) * (batch.ndim - 1)]
        view[axis] = batch.shape[axis]
        shape = list(padded.shape)
        shape[axis] = batch.shape[axis]
        padded = padded.gather(axis, index.view(view).expand(shape))
    return padded


def brightened(batch: Tensor, step: Augmentation, generator: Generator) -> Tensor:
    """Lighter or darker and with another contrast, sample by sample."""
    assert isinstance(step, Brightness)
    view = (-1,) + (1,) * (batch.ndim - 1)
    share = _chosen(step, len(batch), batch, generator)
    contrast = 1 + _uniform((len(batch),), step.contrast, batch, generator) * share
    brightness = _uniform((len(batch),), step.brightness, batch, generator) * share
    mean = batch.mean(dim=tuple(range(1, batch.ndim)), keepdim=True)
    return (batch - mean) * contrast.view(view) + mean + brightness.view(view)


def noisy(batch: Tensor, step: Augmentation, generator: Generator) -> Tensor:
    """Normal noise added."""
    assert isinstance(step, Noise)
    noise = torch.randn(batch.shape, generator=generator, device=batch.device)
    share = _chosen(step, len(batch), batch, generator).view(-1, *(1,) * (batch.ndim - 1))
    return batch + noise * step.deviation * share


def erased(batch: Tensor, step: Augmentation, generator: Generator) -> Tensor:
    """A patch at a random place set to the sample's mean."""
    assert isinstance(step, Erase)
    n = len(batch)
    inside = _chosen(step, n, batch, generator).bool().view(-1, *(1,) * (batch.ndim - 1))
    for axis in range(2, batch.ndim):
        size = batch.shape[axis]
        length = max(1, round(size * step.size))
        start = (torch.rand(n, generator=generator, device=batch.device) * (size - length + 1)).long()
        places = torch.arange(size, device=batch.device)[None]
        mask = (places >= start[:, None]) & (places < start[:, None] + length)
        view = [n, *(1,) * (batch.ndim - 1)]
        view[axis] = size
        inside = inside & mask.view(view)
    return torch.where(inside, batch.mean(dim=tuple(range(1, batch.ndim)), keepdim=True), batch)


FUNCTIONS: dict[type[Augmentation], Callable[[Tensor, Augmentation, Generator], Tensor]] = {
    Flip: flipped,
    RandomCrop: cropped,
    Brightness: brightened,
    Noise: noisy,
    Erase: erased,
}
