"""Samples after each step of preprocessing, and varied as in training."""

import zipfile
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_studio.core.plans import augmentations, preparations
from cnn_studio.core.plans.augmentation import Shift
from cnn_studio.core.plans.preparation import Colour, Invert, Resize, Scale, Standardize
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets import sources
from cnn_studio.engine.datasets.base import first_readable
from cnn_studio.engine.datasets.fetched import take_from
from cnn_studio.engine.datasets.own import open_path
from cnn_studio.engine.preprocess import Pipeline, fitting_steps
from cnn_studio.engine.preview import stages, variations

PEAK = 255.0
SAMPLE = np.random.default_rng(0).integers(0, 256, (1, 12, 10), dtype=np.uint8)


def test_the_first_stage_is_the_sample_as_it_is_stored():
    only: Any = stages(SAMPLE, PEAK, (), 28)[0]
    assert np.array_equal(only.picture, SAMPLE[0])
    assert (only.shape, only.low, only.high) == (Shape(1, (12, 10)), SAMPLE.min(), SAMPLE.max())


def test_an_inverted_picture_is_seen_inverted_and_a_scaled_one_as_before():
    found: list[Any] = stages(SAMPLE, PEAK, (Scale(), Invert()), 28)
    before, scaled, inverted = found
    assert np.array_equal(scaled.picture, before.picture)
    assert scaled.high <= 1.0
    assert np.array_equal(inverted.picture, 255 - before.picture)


def test_a_step_that_cannot_be_is_said_and_ends_the_row():
    found = stages(SAMPLE, PEAK, (Scale(), Standardize(mean=(0.1, 0.2)), Invert()), 28)
    assert [stage.problem == "" for stage in found] == [True, True, False]
    assert "2 numbers" in found[-1].problem
    assert found[-1].picture is None


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from([Scale(), Invert(), Standardize(), Resize(sizes=(6, 7)), Colour(mode="colour")]), max_size=4
    )
)
def test_the_last_stage_is_what_enters_the_network(steps):
    import torch

    last = stages(SAMPLE, PEAK, steps, 28)[-1]
    pipeline = Pipeline(steps, PEAK)
    entering = pipeline.values(torch.from_numpy(pipeline.sample(SAMPLE).copy())[None])[0]
    assert last.shape == pipeline.output_shape(Shape(1, (12, 10)))
    assert (last.low, last.high) == pytest.approx((float(entering.min()), float(entering.max())))


@pytest.mark.parametrize("kind", list(augmentations))
@pytest.mark.parametrize("shape", [(1, 12, 10), (3, 16, 16), (1, 64), (1, 4, 9, 9)], ids=str)
def test_every_augmentation_of_every_kind_of_sample_can_be_looked_at(kind, shape):
    sample = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    pictures = variations(sample, PEAK, (Scale(),), (augmentations[kind](),), count=3, seed=0, side=28)
    assert len(pictures) == 4
    assert {(one.dtype, one.shape) for one in pictures} == {(np.dtype(np.uint8), pictures[0].shape)}


def test_the_same_seed_varies_in_the_same_way_and_another_in_another():
    def look(seed):
        return np.stack(variations(SAMPLE, PEAK, (Scale(),), (Shift(most=0.5),), count=4, seed=seed, side=28))

    assert np.array_equal(look(1), look(1))
    assert not np.array_equal(look(1), look(2))
    assert np.array_equal(look(1)[0], SAMPLE[0])


def test_without_augmentation_nothing_varies():
    pictures = variations(SAMPLE, PEAK, (), (), count=2, seed=0, side=28)
    assert all(np.array_equal(one, SAMPLE[0]) for one in pictures)


def test_every_step_of_preprocessing_can_be_looked_at():
    for kind in preparations:
        assert not stages(SAMPLE, PEAK, (preparations[kind](),), 28)[-1].problem


def real_colours(shared_data, tmp_path):
    """Some photos of the subset of CIFAR-10."""
    with zipfile.ZipFile(shared_data / "cifar10-subset" / "cifar10_subset_jpg.zip") as archive:
        archive.extractall(tmp_path, [name for name in archive.namelist() if name.endswith(("0.jpg", "1.jpg"))])
    return open_path(tmp_path)


def real_sounds(shared_data, tmp_path):
    source: Any = sources["spoken-digits"]
    take_from(source.files, shared_data / "fsdd", source.folder_in(tmp_path))
    return source.open(tmp_path)


def real_signs(shared_data, _tmp_path):
    return open_path(shared_data / "sign-digits-folder")


@pytest.mark.parametrize("real", [real_signs, real_colours, real_sounds], ids=lambda one: one.__name__)
def test_real_samples_are_brought_to_a_network_and_looked_at_on_the_way(shared_data, tmp_path, real):
    data = real(shared_data, tmp_path)
    stored = first_readable(data.train)
    wanted = Shape(1, (24,) * (stored.ndim - 1))
    steps = fitting_steps(data.train, wanted)
    found: list[Any] = stages(stored, data.train.peak, steps, 56)
    assert [stage.problem for stage in found] == [""] * (len(steps) + 1)
    assert found[-1].shape == wanted
    assert -1 <= found[-1].low < found[-1].high <= 1
    assert all(stage.picture.dtype == np.uint8 for stage in found)
    varied = variations(stored, data.train.peak, steps, (Shift(most=0.3),), count=3, seed=1, side=56)
    assert len({picture.tobytes() for picture in varied}) == 4
