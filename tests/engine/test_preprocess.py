"""One pipeline: places, values, and what fits a network."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cnn_studio.core.plans.base import Preparation
from cnn_studio.core.plans.preparation import Colour, DrawnDigit, Invert, Resize, Scale, Standardize
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.batches import MemoryBatches, StreamedBatches
from cnn_studio.engine.datasets.base import ArraySamples, DataError
from cnn_studio.engine.places import recolour, resize
from cnn_studio.engine.preprocess import Pipeline, fitting_steps
from cnn_studio.engine.reading import Reader

RANDOM = np.random.default_rng(7)
VALUES = st.lists(
    st.sampled_from(
        [
            Invert(),
            Scale(),
            Standardize(mean=(0.25,), deviation=(0.5,)),
            Standardize(mean=(1, 2, 3), deviation=(2, 2, 4)),
        ]
    ),
    max_size=5,
)


def by_hand(steps: list[Preparation], values: np.ndarray) -> np.ndarray:
    peak = 255.0
    values = values.astype(float)
    for step in steps:
        if isinstance(step, Invert):
            values = peak - values
        elif isinstance(step, Scale):
            values, peak = values / peak, 1.0
        elif isinstance(step, Standardize):
            mean, deviation = (np.array(one).reshape(-1, 1, 1) for one in (step.mean, step.deviation))
            values = (values - mean) / deviation
    return values


@given(VALUES)
def test_one_factor_and_offset_do_what_the_steps_do_one_by_one(steps: list[Preparation]) -> None:
    pictures = RANDOM.integers(0, 256, (2, 3, 4, 5), dtype=np.uint8)
    result = Pipeline(steps, 255.0).values(torch.from_numpy(pictures.copy())).numpy()
    for picture, expected in zip(result, pictures, strict=True):
        np.testing.assert_allclose(picture, by_hand(steps, expected), rtol=1e-4, atol=1e-3)


def test_values_do_not_change_what_is_stored() -> None:
    stored = torch.ones(2, 1, 3, 3)
    Pipeline([Scale(), Invert()], 255.0).values(stored)
    assert (stored == 1).all()


def test_grey_is_what_pillow_calls_grey() -> None:
    picture = RANDOM.integers(0, 256, (3, 20, 30), dtype=np.uint8)
    pillow = np.asarray(Image.fromarray(picture.transpose(1, 2, 0)).convert("L"))
    assert np.abs(recolour(picture, "grey")[0].astype(int) - pillow).max() <= 1
    grey = picture[:1]
    assert (recolour(grey, "colour") == grey).all()
    assert recolour(grey, "colour").shape == (3, 20, 30)
    assert recolour(grey, "grey") is grey or (recolour(grey, "grey") == grey).all()


@given(
    st.tuples(*[st.integers(1, 40)] * 2),
    st.tuples(*[st.integers(1, 40)] * 2),
    st.sampled_from(["stretch", "fit", "crop"]),
)
def test_every_resize_gives_the_size_and_keeps_a_flat_picture_flat(
    before: tuple[int, int], after: tuple[int, int], method: str
) -> None:
    flat = np.full((1, *before), 77, np.uint8)
    out = resize(flat, after, method)
    assert out.shape == (1, *after)
    assert out.dtype == np.uint8
    assert (out == 77).all()


def test_fit_shows_everything_and_crop_fills_everything() -> None:
    wide = np.zeros((1, 20, 80), np.uint8)
    wide[:, 8:12] = 255
    fitted, cropped = resize(wide, (20, 20), "fit"), resize(wide, (20, 20), "crop")
    assert (fitted[0, :7] == 0).all()
    assert (fitted[0, 13:] == 0).all()
    assert 15 < fitted.astype(float).sum() / 255 < 25
    assert (cropped[0] == wide[0, :, 30:50]).all()


def test_sound_is_cut_or_filled_and_films_are_stretched() -> None:
    sound = np.arange(1, 11, dtype=np.int16)[None]
    assert resize(sound, (6,), "fit")[0].tolist() == [3, 4, 5, 6, 7, 8]
    assert resize(sound, (14,), "crop")[0].tolist() == [0, 0, *range(1, 11), 0, 0]
    assert resize(np.ones((1, 4, 6, 6), np.uint8), (8, 3, 3), "stretch").shape == (1, 8, 3, 3)
    with pytest.raises(DataError, match="“Size” has 2 numbers, and samples have 1 axes"):
        Pipeline([Resize(sizes=(3, 3))], 32768.0).sample(sound)


def test_numbers_for_another_number_of_channels_are_refused() -> None:
    with pytest.raises(DataError, match="has 3 numbers, and samples have 1 channels"):
        Pipeline([Standardize(mean=(1, 2, 3))], 255.0).values(torch.zeros(1, 1, 2, 2))


def test_a_drawing_is_centred_like_the_training_digits() -> None:
    picture = np.zeros((1, 60, 60), np.uint8)
    picture[:, 5:25, 40:44] = 255
    prepared = Pipeline([DrawnDigit()], 255.0).sample(picture)
    assert prepared.shape == (1, 28, 28)
    rows, columns = np.nonzero(prepared[0] > 127)
    assert 18 <= rows.max() - rows.min() + 1 <= 20
    assert abs(rows.mean() - 14) <= 1
    assert abs(columns.mean() - 14) <= 1


@pytest.mark.parametrize(
    ("stored", "wanted", "kinds"),
    [
        ((1, 28, 28), Shape(1, (28, 28)), [Scale]),
        ((1, 28, 28), Shape(1, (32, 32)), [Resize, Scale]),
        ((3, 100, 90), Shape(1, (28, 28)), [Colour, Resize, Scale]),
        ((1, 8, 8), Shape(3, (8, 8)), [Colour, Scale]),
        ((1, 500), Shape(1, (400,)), [Resize, Scale]),
    ],
)
def test_fitting_steps_bring_samples_to_the_network(stored: tuple[int, ...], wanted: Shape, kinds: list[type]) -> None:
    samples = ArraySamples(np.zeros((2, *stored), np.uint8), np.zeros(2))
    steps = fitting_steps(samples, wanted)
    assert [type(step) for step in steps] == kinds
    pipeline = Pipeline(steps, samples.peak)
    assert pipeline.sample(samples.read(0)).shape == (wanted.channels, *wanted.sizes)
    assert pipeline.output_shape(samples.shape) == wanted


def test_batches_from_memory_and_streamed_are_the_same() -> None:
    samples = ArraySamples(RANDOM.integers(0, 256, (23, 3, 9, 7), dtype=np.uint8), np.arange(23) % 4)
    pipeline = Pipeline([Colour(), Resize(sizes=(5, 5))], 255.0)
    order = torch.randperm(23, generator=torch.Generator().manual_seed(3))
    device = torch.device("cpu")
    memory = list(MemoryBatches(Reader(samples, pipeline), device).take(order, 4))
    streamed = list(StreamedBatches(Reader(samples, pipeline), device).take(order, 4))
    assert len(memory) == 6
    for one, other in zip(memory, streamed, strict=True):
        assert torch.equal(one[0], other[0])
        assert torch.equal(one[1], other[1])
    assert not list(MemoryBatches(Reader(samples, pipeline), device).take(order[:0], 4))


def test_leaving_a_stream_early_leaves_no_thread() -> None:
    samples = ArraySamples(np.zeros((40, 1, 4, 4), np.uint8), np.zeros(40))
    batches = StreamedBatches(Reader(samples, Pipeline([], 255.0)), torch.device("cpu")).take(torch.arange(40), 2)
    next(batches)
    batches.close()


def test_pictures_of_several_sizes_need_the_step_size() -> None:
    class Two(ArraySamples):
        def read(self, index: int) -> np.ndarray:
            return np.zeros((1, 3 + index, 3), np.uint8)

        @property
        def array(self) -> None:  # type: ignore[override]
            return None

    with pytest.raises(DataError, match="sample “1” is 4×3×1 and others are 3×3×1: add the step “Size”"):
        Reader(Two(np.zeros((2, 1, 3, 3), np.uint8), np.zeros(2)), Pipeline([], 255.0)).all()
