"""Long lines made short, smoothed, and asked for the value at a place."""

from array import array

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_studio.gui.widgets.thinning import BLOCK, Growing, extent, is_well_within, nearest, smoothed, thinned


def test_every_peak_of_a_long_line_is_kept():
    x = np.arange(100_000.0)
    y = np.sin(x / 900)
    y[[777, 54_321]] = 9.0, -9.0
    few_x, few_y = thinned(x, y, 0, 99_999, 300)
    assert len(few_x) <= 2 * 301 + 300
    assert few_y.max() == 9.0
    assert few_y.min() == -9.0
    assert (np.diff(few_x) > 0).all()
    assert (y[few_x.astype(int)] == few_y).all()


@given(
    steps=st.lists(st.integers(0, 500), min_size=1, max_size=8),
    window=st.sampled_from([1, 3, 20, 200]),
    seed=st.integers(0, 99),
)
def test_a_line_kept_short_while_it_grows_is_the_whole_one_with_all_its_peaks(steps, window, seed):
    values = np.random.default_rng(seed).normal(size=sum(steps))
    values[seed : seed + 2] = np.nan
    growing, x, y = Growing(window), array("d"), array("d")
    for count in steps:
        y.extend(values[len(y) : len(y) + count])
        x.extend(range(len(x), len(y)))
        short_x, short_y = growing.line(x, y)
    whole = smoothed(np.array(y), window)
    places = short_x.astype(int)
    assert (np.diff(places) >= 0).all()
    assert short_y == pytest.approx(whole[places], nan_ok=True)
    assert len(places) <= 2 * (len(whole) // BLOCK) + BLOCK
    if np.isfinite(whole).any():
        assert np.nanmax(short_y) == pytest.approx(np.nanmax(whole))
        assert np.nanmin(short_y) == pytest.approx(np.nanmin(whole))


@pytest.mark.parametrize(
    ("wanted", "there", "stays"),
    [((0, 95), (0, 100), True), ((0, 101), (0, 100), False), ((0, 80), (0, 100), False), ((-1, 99), (0, 100), False)],
)
def test_a_stretch_that_is_nearly_full_stays(wanted, there, stays):
    assert is_well_within(wanted, there) is stays


def test_what_is_near_is_drawn_point_by_point():
    x = np.arange(100_000.0)
    few_x, _few_y = thinned(x, x, 500.5, 520.5, 300)
    assert few_x.tolist() == list(range(500, 522)), "one point on each side stays"


def test_values_that_are_no_numbers_hide_no_peak():
    x = np.arange(9_000.0)
    y = np.full(9_000, np.nan)
    y[4_000] = 3.0
    assert 3.0 in thinned(x, y, 0, 9_000, 100)[1]


@pytest.mark.parametrize("window", [1, 2, 5, 100])
def test_smoothing_is_the_mean_of_a_value_and_those_before_it(window):
    y = np.random.default_rng(0).random(60)
    wanted = [y[max(0, end - window + 1) : end + 1].mean() for end in range(60)]
    assert smoothed(y, window) == pytest.approx(wanted)


def test_one_value_that_is_no_number_does_not_spoil_the_rest():
    y = np.array([1.0, np.nan, 3.0, 5.0])
    assert smoothed(y, 2) == pytest.approx([1.0, 1.0, 3.0, 4.0])


def test_the_extent_leaves_out_what_cannot_be_shown():
    lines = [np.array([np.nan, 0.0, 4.0]), np.array([-1.0, np.inf, 0.5])]
    assert extent(lines) == (-1.0, 4.0)
    assert extent(lines, positive=True) == (0.5, 4.0)
    assert extent([]) == (0.0, 1.0)


def test_the_nearest_point_that_has_a_value():
    x, y = np.array([0.0, 1.0, 2.0]), np.array([1.0, np.nan, 3.0])
    assert nearest(x, y, 0.9) == 0
    assert nearest(x, y, 1.9) == 2
    assert nearest(x, y, 50) == 2
    assert nearest(np.array([]), np.array([]), 0) is None
