"""Ink from photographs of pen on paper: made here, with all that a camera and a desk add."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets.base import DataError
from cnn_studio.engine.drawing import prepare, rasterize
from cnn_studio.engine.inputs import drawn_sample, sample_of
from cnn_studio.engine.paper import connected, ink_of

HEIGHT, WIDTH = 300, 400
Y, X = (axis.astype(np.float32) for axis in np.mgrid[0:HEIGHT, 0:WIDTH] / np.float32(HEIGHT))
DIGITS = {
    2: [[(20, 30), (45, 10), (75, 25), (70, 55), (15, 95), (80, 92)]],
    4: [[(60, 5), (15, 60), (90, 60)], [(62, 30), (60, 98)]],
    5: [[(70, 8), (30, 8), (25, 45), (60, 42), (75, 70), (50, 95), (20, 88)]],
}
PAPER, PEN = (0.92, 0.92, 0.92), (0.15, 0.15, 0.18)


def drawn(digit: int, width: float = 7.0, size: int = 150) -> np.ndarray:
    """The ink of a digit somewhere in the picture."""
    ink = np.zeros((HEIGHT, WIDTH), np.float32)
    strokes = [np.array(stroke, float) for stroke in DIGITS[digit]]
    ink[70 : 70 + size, 120 : 120 + size] = rasterize(strokes, (size, size), width, fit=12)
    return ink


def photograph(ink: np.ndarray, paper: tuple[float, ...] = PAPER, pen: tuple[float, ...] = PEN, *, light: Any = 1.0, noise: float = 0.015) -> np.ndarray:  # fmt: skip
    """A picture (3, h, w) of bytes of ink of one colour on another, under this light, by a camera with this noise."""
    ground, mark = (np.array(colour, np.float32)[:, None, None] for colour in (paper, pen))
    seen = (ground * (1 - ink) + mark * ink) * light
    picture: np.ndarray = np.clip((seen + np.random.default_rng(1).normal(0, noise, seen.shape)) * 255, 0, 255).astype(
        np.uint8
    )
    return picture


def likeness(picture: np.ndarray, ink: np.ndarray) -> float:
    """Cosine between what is read and what was drawn, both prepared as digits; a pixel's shift does not count."""
    got, wanted = drawn_sample(picture, Shape(1, (28, 28)))[0].astype(float), prepare(ink).astype(float)
    return max(
        float((moved * wanted).sum() / np.sqrt((moved**2).sum() * (wanted**2).sum()))
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
        for moved in [np.roll(got, (down, right), (0, 1))]
    )


SHADOW = 0.5 + 0.5 / (1 + np.exp(-60 * (X - 0.6 + 0.3 * Y)))
SCENES: dict[str, dict[str, Any]] = {
    "plain": {},
    "uneven light": {"light": 0.4 + 0.3 * X + 0.2 * Y},
    "dark corners": {"light": 1 - 0.6 * ((X - 0.66) ** 2 + (Y - 0.5) ** 2)},
    "the edge of a shadow across the digit": {"light": SHADOW},
    "grey paper": {"paper": (0.55, 0.55, 0.55)},
    "yellowish paper": {"paper": (0.92, 0.87, 0.72)},
    "blue pen": {"pen": (0.15, 0.25, 0.75)},
    "red pen": {"pen": (0.85, 0.2, 0.2)},
    "yellow marker": {"pen": (0.95, 0.85, 0.2)},
    "pencil": {"pen": (0.6, 0.6, 0.6)},
    "a poor camera": {"noise": 0.05},
    "white on black": {"paper": (0.08, 0.08, 0.08), "pen": (0.95, 0.95, 0.95)},
    "chalk": {"paper": (0.12, 0.25, 0.18), "pen": (0.85, 0.85, 0.85), "light": 0.6 + 0.3 * X},
    "a dark room": {"light": 0.3},
}  # fmt: skip


@pytest.mark.parametrize("digit", list(DIGITS))
@pytest.mark.parametrize("scene", list(SCENES))
def test_a_photographed_digit_is_read_as_it_was_drawn(scene: str, digit: int) -> None:
    ink = drawn(digit)
    assert likeness(photograph(ink, **SCENES[scene]), ink) > 0.9


@pytest.mark.parametrize("width", [3.0, 12.0, 24.0])
def test_thin_and_thick_pens(width: float) -> None:
    ink = drawn(2, width)
    assert likeness(photograph(ink, light=SHADOW), ink) > 0.85


def test_a_marker_broader_than_a_tenth_of_the_picture() -> None:
    ink = np.zeros((HEIGHT, WIDTH), np.float32)
    ink[40:260, 170:230] = 1
    assert likeness(photograph(ink, light=0.7 + 0.2 * X), ink) > 0.85


def test_rules_specks_and_the_table_are_no_ink() -> None:
    ink = drawn(4)
    picture = photograph(ink)
    picture[:, ::24] = picture[:, ::24] * 0.88
    assert likeness(picture, ink) > 0.9
    for y, x in ((30, 40), (250, 350), (20, 390)):
        picture[:, y : y + 3, x : x + 3] = 30
    assert likeness(picture, ink) > 0.9
    picture[:, :, :25] = 60
    picture[:, -20:] = 60
    assert likeness(picture, ink) > 0.9


def test_two_strokes_that_do_not_touch_are_both_ink() -> None:
    ink = drawn(4)
    ink[:, 190:200] = 0
    assert likeness(photograph(ink), ink) > 0.9


@pytest.mark.parametrize("turned", [False, True])
def test_a_drawing_of_a_screen_is_taken_exactly(turned: bool) -> None:
    ink = drawn(5)
    levels = np.rint(255 * (ink if turned else 1 - ink)).astype(np.uint8)[None]
    np.testing.assert_allclose(ink_of(levels), ink, atol=1 / 255)


def test_a_prepared_digit_is_left_as_it_is() -> None:
    digit = prepare(drawn(2))
    np.testing.assert_array_equal(drawn_sample(digit[None], Shape(1, (28, 28)))[0], digit)


@pytest.mark.parametrize("scene", list(SCENES))
def test_empty_paper_holds_no_digit(scene: str) -> None:
    picture = photograph(np.zeros((HEIGHT, WIDTH), np.float32), **SCENES[scene])
    with pytest.raises(DataError, match="nothing is drawn there"):
        drawn_sample(picture, Shape(1, (28, 28)))


def test_a_photograph_from_a_file(tmp_path: Path) -> None:
    ink = drawn(4)
    Image.fromarray(photograph(ink, light=SHADOW).transpose(1, 2, 0)).resize((1600, 1200)).save(tmp_path / "x.jpg")
    assert likeness(sample_of(tmp_path / "x.jpg"), ink) > 0.9


@settings(max_examples=60)
@given(st.integers(1, 70), st.integers(1, 70), st.sampled_from([1, 3]), st.integers(0, 2**31), st.booleans())
def test_any_picture_gives_ink_between_0_and_1(height: int, width: int, channels: int, seed: int, rough: bool) -> None:
    random = np.random.default_rng(seed)
    picture = random.integers(0, 256 if rough else 3, (channels, height, width), dtype=np.uint8)
    ink = ink_of(picture)
    assert ink.shape == (height, width)
    assert np.isfinite(ink).all()
    assert ink.min() >= 0
    assert ink.max() <= 1


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**31))
def test_connected_pieces_are_those_that_a_flood_reaches(height: int, width: int, seed: int) -> None:
    mask = np.random.default_rng(seed).random((height, width)) < 0.5
    pieces, count = connected(mask)
    assert ((pieces > 0) == mask).all()
    assert set(np.unique(pieces[mask])) == set(range(1, count + 1))
    for y, x in np.argwhere(mask):
        around = pieces[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2]
        assert set(around[around > 0].tolist()) == {int(pieces[y, x])}
