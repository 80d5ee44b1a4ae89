"""Strokes become ink that does not depend on how thick, how large or where they were drawn."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_studio.core.shapes import Shape
from cnn_studio.engine.drawing import SIZE, prepare_steps
from cnn_studio.engine.inking import EDGE, SIDE, UNITS, Stroke, ink_picture, paper_ink
from cnn_studio.engine.inputs import drawn

DIGIT = Shape(1, (SIZE, SIZE))
SEVEN = ((0.0, 0.0), (0.25, 0.0), (0.5, 0.0), (0.6, 0.0), (0.45, 0.4), (0.3, 0.8), (0.25, 1.0))


def seven(size: float = 160, width: float = 18, place: tuple[float, float] = (60, 50), **fields) -> Stroke:
    return Stroke([(x * size + place[0], y * size + place[1], 1.0) for x, y in SEVEN], width, **fields)


def prepared(*strokes: Stroke, even: bool = True) -> Any:
    return drawn(ink_picture(strokes, even=even), DIGIT).sample[0].astype(float)


def test_a_picture_of_bytes_as_a_file_would_hold_it():
    picture = ink_picture([seven()])
    assert picture.shape == (1, SIDE + 2 * EDGE, SIDE + 2 * EDGE)
    assert picture.dtype == np.uint8
    assert picture.max() == 255
    assert not ink_picture([]).any()


@pytest.mark.parametrize("width", [4, 10, 30, 48])
def test_thin_and_thick_lines_look_alike(width):
    usual = prepared(seven())
    assert np.abs(prepared(seven(width=width)) - usual).mean() < 12
    away = np.abs(prepared(seven(width=width), even=False) - usual).mean()
    assert np.abs(prepared(seven(width=width)) - usual).mean() <= away + 1e-9


@pytest.mark.parametrize(("size", "place"), [(60, (20, 200)), (100, (160, 20)), (250, (40, 10))])
def test_small_large_and_off_centre_look_alike(size, place):
    assert np.abs(prepared(seven(size, place=place)) - prepared(seven())).mean() < 14


def test_a_dot_is_a_dot():
    dot = prepared(Stroke([(140, 140, 1.0)], 18))
    assert dot.max() == 255
    rows, columns = np.nonzero(dot)
    assert np.ptp(rows) == np.ptp(columns)


def test_what_was_rubbed_out_counts_no_more():
    cross = Stroke([(60, 60, 1.0), (220, 220, 1.0)], 18)
    far = Stroke([(262, 20, 1.0), (270, 30, 1.0)], 10)
    rubber = Stroke([(262, 20, 1.0), (270, 30, 1.0)], 40, erases=True)
    assert np.abs(prepared(cross, far, rubber) - prepared(cross)).mean() < 8
    gone = Stroke([(60, 60, 1.0), (220, 220, 1.0)], 60, erases=True)
    assert not ink_picture([cross, gone]).any()


def test_a_scribble_over_the_edge_is_no_photograph():
    random = np.random.default_rng(1)
    wild = Stroke([(*random.uniform(-400, 700, 2), 1.0) for _ in range(60)], 30)
    picture = ink_picture([wild])
    assert not picture[0, 0].any()
    assert not picture[0, :, -1].any()
    assert (picture[0, EDGE] > 0).any()


@settings(max_examples=40)
@given(st.lists(st.tuples(*[st.floats(allow_nan=True, allow_infinity=False)] * 2), max_size=8), st.floats(1, 60))
def test_anything_can_be_drawn(points, width):
    picture = ink_picture([Stroke([(x, y, 1.0) for x, y in points], width)])
    steps = prepare_steps(picture[0] / 255)
    assert steps.picture.shape == (SIZE, SIZE)


def test_paper_lies_below_the_strokes():
    photograph = np.full((3, 120, 200), 250, np.uint8)
    photograph[:, 30:90, 95:103] = 30
    ink = paper_ink(photograph)
    assert ink.shape == (SIDE, SIDE)
    assert 0.8 < ink.max() <= 1
    both = ink_picture([Stroke([(20, 140, 1.0), (260, 140, 1.0)], 12)], below=ink)
    assert np.count_nonzero(both) > np.count_nonzero(ink > 0.5)
    assert UNITS > SIDE
