"""Colour maps: their ends, their order, and values that are no numbers."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_studio.colormaps import TABLES, coloured, indices, range_of


def lightness(colours: np.ndarray) -> np.ndarray:
    """How light colours look: L* of CIELAB."""
    linear = np.where(colours <= 10.31, colours / 255 / 12.92, ((colours / 255 + 0.055) / 1.055) ** 2.4)
    y = linear @ [0.2126, 0.7152, 0.0722]
    return np.where(y > 0.008856, 116 * np.cbrt(y) - 16, 903.3 * y)


@pytest.mark.parametrize("name", ["viridis", "grey"])
def test_maps_of_amounts_grow_lighter_from_end_to_end(name: str) -> None:
    steps = np.diff(lightness(TABLES[name].astype(float)))
    assert (steps > -0.35).all()  # bytes are round numbers
    assert lightness(TABLES[name].astype(float))[[0, -1]] == pytest.approx(
        [15, 91] if name == "viridis" else [0, 100], abs=2
    )


def test_the_map_of_signs_is_neutral_in_the_middle_and_as_dark_at_both_ends() -> None:
    light = lightness(TABLES["signs"].astype(float))
    assert np.ptp(TABLES["signs"][127:129].astype(int), axis=1).max() <= 4
    assert (np.diff(light[:127]) > -0.35).all()
    assert (np.diff(light[129:]) < 0.35).all()
    assert light[0] == pytest.approx(light[-1], abs=6)


def test_values_between_the_listed_colours_are_interpolated() -> None:
    assert TABLES["viridis"].shape == (256, 3)
    assert TABLES["viridis"][[0, 128, 255]].tolist() == [[68, 1, 84], [33, 145, 140], [253, 231, 37]]


def test_places_in_a_table() -> None:
    values = np.array([[-1.0, 0.0, 1.0], [9.0, np.nan, -np.inf]])
    assert indices(values, -1, 1).tolist() == [[0, 128, 255], [255, 0, 0]]
    assert indices(np.full(3, 2.0), 2.0, 2.0).tolist() == [0, 0, 0]


def test_ranges() -> None:
    values = np.array([-0.5, 0.25, np.nan, np.inf])
    assert range_of(values) == (-0.5, 0.25)
    assert range_of(values, "signs") == (-0.5, 0.5)
    assert range_of(np.array([np.nan])) == (0.0, 0.0)
    assert coloured(np.array([-2.0, 0.0, 2.0]), "signs")[1].tolist() == TABLES["signs"][128].tolist()
