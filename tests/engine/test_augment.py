"""Augmentation: laws over the whole registry, and each kind by what it is for."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Generator, Tensor

from cnn_studio.core.plans import augmentations
from cnn_studio.core.plans.base import Augmentation
from cnn_studio.engine.augment import Augmenter

SHAPES = [(6, 1, 40), (6, 3, 12, 10), (4, 1, 5, 8, 9)]


def batch_of(shape: tuple[int, ...]) -> Tensor:
    return torch.rand(shape, generator=Generator().manual_seed(1))


def varied(batch: Tensor, *steps: Augmentation, seed: int = 0) -> Tensor:
    return Augmenter(steps)(batch.clone(), Generator().manual_seed(seed))


@pytest.mark.parametrize("kind", augmentations.values())
@pytest.mark.parametrize("shape", SHAPES)
def test_every_kind_keeps_the_shape_and_follows_the_seed(kind: type[Augmentation], shape: tuple[int, ...]) -> None:
    batch = batch_of(shape)
    once, again, other = (varied(batch, kind(), seed=seed) for seed in (3, 3, 4))
    assert once.shape == batch.shape
    assert torch.isfinite(once).all()
    assert torch.equal(once, again)
    picture = len(shape) == 4
    if picture or kind.kind in ("shift", "flip", "crop", "brightness", "noise", "erase"):
        assert not torch.equal(once, other)


@pytest.mark.parametrize("kind", augmentations.values())
@pytest.mark.parametrize("shape", SHAPES)
def test_a_share_of_nothing_changes_nothing(kind: type[Augmentation], shape: tuple[int, ...]) -> None:
    batch = batch_of(shape)
    torch.testing.assert_close(varied(batch, kind(share=0.0)), batch, atol=1e-5, rtol=0)


def one(kind: str, **fields: Any) -> Augmentation:
    return augmentations[kind](**fields)


def spot(size: int = 21) -> Tensor:
    picture = torch.zeros(64, 1, size, size)
    picture[:, :, size // 2, size // 2 + 4] = 1.0
    return picture


def centre_of(pictures: Tensor) -> Tensor:
    axis = torch.arange(pictures.shape[-1]).float()
    mass = pictures.sum((1, 2, 3))
    return torch.stack(((pictures.sum((1, 3)) * axis).sum(1) / mass, (pictures.sum((1, 2)) * axis).sum(1) / mass), 1)


def test_shift_moves_at_most_so_far() -> None:
    moved = centre_of(varied(spot(), one("shift", most=0.1))) - centre_of(spot())
    assert moved.abs().max() <= 2.1 + 1e-3
    assert moved.abs().max() > 1.5


def test_rotation_keeps_the_distance_from_the_middle() -> None:
    turned = centre_of(varied(spot(), one("rotate", most=90.0))) - 10
    torch.testing.assert_close(turned.norm(dim=1), torch.full((64,), 4.0), atol=0.2, rtol=0)
    assert turned[:, 0].abs().max() > 3


def test_zoom_changes_the_distance_from_the_middle_within_bounds() -> None:
    far = (centre_of(varied(spot(), one("zoom", most=0.25))) - 10)[:, 1]
    assert far.min() >= 4 * 0.75 - 0.2
    assert far.max() <= 4 * 1.25 + 0.2
    assert far.max() - far.min() > 1


def test_shear_moves_rows_against_one_another() -> None:
    column = torch.zeros(64, 1, 21, 21)
    column[:, :, :, 10] = 1.0
    sheared = varied(column, one("shear", most=30.0))
    tops, bottoms = sheared[:, 0, 2].argmax(1), sheared[:, 0, 18].argmax(1)
    assert (tops - bottoms).abs().max() > 4
    assert (sheared[:, 0, 10].argmax(1) == 10).all()


def test_elastic_bends_smoothly() -> None:
    ramp = torch.arange(28).float().expand(32, 1, 28, 28).clone()
    bent = varied(ramp, one("elastic", strength=2.0, smoothness=7.0))
    inside = bent[:, :, 6:-6, 6:-6]
    assert (inside - ramp[:, :, 6:-6, 6:-6]).abs().max() > 1
    assert inside.diff(dim=2).abs().max() < 2.5


def test_flip_mirrors_about_half() -> None:
    batch = batch_of((400, 1, 3, 4))
    mirrored = (varied(batch, one("flip")) == batch.flip(-1)).flatten(1).all(1)
    assert 140 < int(mirrored.sum()) < 260
    both = varied(batch, one("flip", vertical=True))
    assert (both == batch.flip(-2)).flatten(1).all(1).any()
    assert (both == batch.flip(-1).flip(-2)).flatten(1).all(1).any()


def test_crop_moves_by_whole_pixels() -> None:
    batch = batch_of((50, 1, 8, 8))
    cropped = varied(batch, one("crop", border=2))
    for picture, before in zip(cropped, batch, strict=True):
        values = set(picture.flatten().tolist()) - {0.0}
        assert values <= set(before.flatten().tolist())
        assert len(values) >= 36


def test_erase_covers_one_patch_with_the_mean() -> None:
    batch = batch_of((30, 2, 16, 16))
    erased = varied(batch, one("erase", size=0.25))
    changed = (erased != batch).any(1).flatten(1).sum(1)
    assert (changed == 16).all()


def test_brightness_and_noise_stay_within_their_strength() -> None:
    batch = batch_of((200, 1, 8, 8))
    brighter = varied(batch, one("brightness", brightness=0.1, contrast=0.0))
    difference = (brighter - batch).flatten(1)
    assert difference.std(1).max() < 1e-5
    assert 0.08 < difference.abs().max() <= 0.1 + 1e-6
    noise = varied(batch, one("noise", deviation=0.2)) - batch
    assert 0.19 < noise.std() < 0.21


def test_nothing_declared_is_false() -> None:
    assert not Augmenter(())
    assert Augmenter((one("flip"),))
