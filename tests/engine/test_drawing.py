"""Ink is prepared as the MNIST digits were, whatever was drawn, wherever and how large."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_studio.engine import drawing
from cnn_studio.engine.datasets.idx import read_idx
from cnn_studio.engine.drawing import BOX, MIDDLE, SIZE, Switches, bounding_box, prepare, prepare_many, rasterize

THREE = np.array(
    [[75, 55], [130, 40], [180, 65], [165, 110], [120, 130], [175, 145], [195, 190], [150, 230], [80, 215]]
)
PAD = (280, 280)


@st.composite
def drawings(draw: st.DrawFn) -> np.ndarray:
    """A few strokes somewhere on a pad."""
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    low, high = np.sort(random.uniform(45, 235, (2, 2)), axis=0)
    strokes = [random.uniform(low, high, (random.integers(1, 6), 2)) for _ in range(random.integers(1, 4))]
    return rasterize(strokes, PAD, random.uniform(10, 30))


few = settings(max_examples=30)


def _mass(picture: np.ndarray) -> tuple[float, float]:
    values = picture.astype(float)
    return (values.sum(1) @ np.arange(SIZE) / values.sum(), values.sum(0) @ np.arange(SIZE) / values.sum())


@few
@given(drawings())
def test_the_longer_side_is_twenty_pixels_and_the_mass_is_in_the_middle(ink):
    picture = prepare(ink)
    top, left, bottom, right = bounding_box(picture / 255)
    assert max(bottom - top, right - left) <= BOX
    assert max(bottom - top, right - left) >= BOX - 1
    for centre, low, high in zip(_mass(picture), (top, left), (bottom, right), strict=True):
        # Rounding to grey levels moves the centre by a trace; ink at the border may not be pushed out.
        assert abs(centre - MIDDLE) <= 0.52 or low == 0 or high == SIZE
    assert picture.max() == 255


@few
@given(drawings(), st.integers(-25, 25), st.integers(-25, 25))
def test_moving_the_drawing_changes_nothing(ink, down, right):
    assert (prepare(np.roll(ink, (down, right), axis=(0, 1))) == prepare(ink)).all()


@pytest.mark.parametrize("side", [140, 200, 420, 560, 1400, 2600])
def test_the_size_of_the_pad_hardly_matters(side):
    scale = side / 280
    usual = prepare(rasterize([THREE], PAD, 20)).astype(float)
    other = prepare(rasterize([THREE * scale], (side, side), 20 * scale)).astype(float)
    # Between two whole pixels a trace decides where the centre of mass is laid.
    shifts = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    assert min(np.abs(usual - np.roll(other, shift, axis=(0, 1))).mean() for shift in shifts) < 4


@few
@given(drawings())
def test_drawings_are_prepared_alike_alone_and_together(ink):
    assert (prepare_many(np.stack([ink, ink.T]))[0] == prepare(ink)).all()


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (28, 28), (5, 300)])
def test_without_ink_the_picture_stays_empty(size):
    assert prepare(np.zeros(size)).shape == (SIZE, SIZE)
    assert not prepare(np.zeros(size)).any()
    assert not prepare(np.full(size, np.nan)).any()


def test_the_digits_of_mnist_stay_as_they_are(shared_data):
    """What MNIST's makers prepared is already prepared: the same box, the same place."""
    images = read_idx(shared_data / "mnist" / "train-images-idx3-ubyte.gz")[:500].reshape(-1, SIZE, SIZE)
    change = np.abs(prepare_many(images.astype(np.float32) / 255).astype(int) - images).max(axis=(1, 2))
    assert (change <= 20).mean() > 0.99
    assert (change <= 2).mean() > 0.97


def test_empty_among_others_stays_empty():
    ink = np.stack([np.zeros(PAD, np.float32), rasterize([THREE], PAD, 20)])
    empty, full = prepare_many(ink)
    assert not empty.any()
    assert full.any()


@pytest.mark.parametrize("size", [(1, 1), (28, 28), (3, 500), (500, 3), (1, 2000)])
def test_ink_everywhere(size):
    picture = prepare(np.ones(size))
    assert picture.max() == 255
    top, left, bottom, right = bounding_box(picture / 255)
    assert max(bottom - top, right - left) == BOX


def test_a_dot_is_a_dot_in_the_middle():
    picture = prepare(rasterize([[[40, 200]]], PAD, 20))
    assert picture[14, 14] == 255
    assert bounding_box(picture / 255) == (4, 4, 24, 24)


def test_a_hundred_megapixels_are_reduced_first():
    ink = np.zeros((10_000, 10_000), np.float32)
    ink[2000:8000, 4000:5000] = 1
    picture = prepare(ink)
    assert bounding_box(picture / 255)[0::2] == (4, 24)
    assert (picture[5:23, 14] == 255).all()


def test_ink_outside_its_range_counts_as_none_or_full():
    ink = rasterize([THREE], PAD, 20)
    wild = np.where(ink > 0.5, 7.0, np.where(ink > 0, ink, -3.0))
    wild[0, 0] = np.nan
    assert np.abs(prepare(wild).astype(int) - prepare(np.where(ink > 0.5, 1.0, ink)).astype(int)).max() <= 1


def test_faint_ink_is_read_as_dark_ink():
    ink = rasterize([THREE], PAD, 20)
    assert np.abs(prepare(ink * 0.1).astype(int) - prepare(ink)).max() <= 1


def test_every_step_can_be_left_out():
    ink = np.zeros(PAD, np.float32)
    ink[30:130, 20:80] = 0.5
    every = {name: prepare(ink, Switches(**{name: False})) for name in Switches.__slots__}
    assert bounding_box(every["bounding_box"] / 255)[2] < 20  # stays above the middle until it is moved
    top, _, bottom, _ = bounding_box(every["fit"] / 255)
    assert bottom - top == SIZE
    assert every["value_scale"].max() == 128
    off_middle = rasterize([[[60, 60], [60, 200], [180, 200]]], PAD, 20)
    assert (prepare(off_middle) != prepare(off_middle, Switches(centre_of_mass=False))).any()
    nothing = prepare(ink, Switches(False, False, False, False))
    assert nothing.max() == 128
    assert bounding_box(nothing / 255) == (3, 2, 13, 8)


def test_the_steps_show_how_the_picture_came_about():
    ink = rasterize([THREE], PAD, 20)
    steps = drawing.prepare_steps(ink)
    top, left, bottom, right = steps.box
    assert (top, left) == pytest.approx((30, 65), abs=1)
    assert steps.cropped.shape == (bottom - top, right - left)
    assert steps.fitted.sum() == pytest.approx(steps.placed.sum())
    assert (steps.picture == prepare(ink)).all()


def test_a_wide_drawing_keeps_its_aspect():
    ink = np.zeros((400, 400), np.float32)
    ink[50:150, 20:370] = 1
    top, left, bottom, right = bounding_box(prepare(ink) / 255)
    assert right - left == BOX
    assert bottom - top == pytest.approx(BOX * 100 / 350, abs=1)


@few
@given(drawings())
def test_ink_is_within_its_range(ink):
    assert ink.dtype == np.float32
    assert ink.min() >= 0
    assert ink.max() <= 1


def test_the_ink_of_a_line_is_its_area():
    length, width = 100, 13
    ink = rasterize([[[50, 90], [50 + length, 90]]], (200, 200), width)
    assert ink.sum() == pytest.approx(length * width + np.pi * width**2 / 4, rel=0.02)
    assert ink[90, 100] == 1
    assert ink[90 - width, 100] == 0


def test_a_thin_pen_leaves_less_ink():
    thin, thick = (rasterize([THREE], PAD, width).sum() for width in (0.3, 0.6))
    assert thin == pytest.approx(thick / 2, rel=0.4)
    assert thin > 0


def test_pressure_makes_the_line_thin():
    pressed = rasterize([[[50, 50, 1], [200, 50, 1]]], PAD, 20)
    light = rasterize([[[50, 50, 0.1], [200, 50, 0.1]]], PAD, 20)
    growing = rasterize([[[50, 50, 0], [200, 50, 1]]], PAD, 20)
    assert light.sum() < 0.5 * pressed.sum()
    assert (growing[:, 60] > 0.5).sum() < (growing[:, 190] > 0.5).sum()


def test_more_points_on_the_same_line_change_nothing():
    few = rasterize([[[30, 40], [230, 210]]], PAD, 17)
    many = rasterize([np.linspace([30, 40], [230, 210], 90)], PAD, 17)
    assert np.abs(few - many).max() < 1e-3


def test_strokes_in_any_units_fill_the_picture():
    tiny = [np.array([[0.1, 0.001], [0.1003, 0.002]]), np.array([[0.1, 0.002], [0.1001, 0.0015]])]
    top, left, bottom, right = bounding_box(rasterize(tiny, (100, 60), 6, fit=10))
    assert (top, bottom) == pytest.approx((7, 93), abs=1)
    assert (left + right) / 2 == pytest.approx(30, abs=1)
    assert rasterize([[[5, 5]]], (100, 60), 6, fit=10)[50, 30] == 1


def test_strokes_beyond_the_canvas_leave_only_what_lies_on_it():
    ink = rasterize([[[-500, 140], [900, 140]], [[400, 400], [500, 500]]], PAD, 20)
    assert (ink[140] == 1).all()
    assert ink.sum() == pytest.approx(280 * 20, rel=0.01)


@pytest.mark.parametrize("strokes", [[], [np.zeros((0, 2))], [[[np.nan, 3]]], [[]]])
def test_no_strokes_no_ink(strokes):
    assert not rasterize(strokes, (50, 40), 5).any()
    assert rasterize(strokes, (50, 40), 5).shape == (50, 40)


def test_a_pen_wider_than_the_canvas():
    assert (rasterize([[[10, 10], [20, 20]]], (30, 30), 400) == 1).all()
