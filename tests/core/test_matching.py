"""Names found by a few letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_studio.core.matching import fit, plain, ranked

NAMES = [
    ["Convolution", "Convolución"],
    ["Max-pooling"],
    ["Global average pooling"],
    ["Dense"],
    ["Depthwise convolution"],
]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("conv", 0),
        ("CONVOLUCION", 0),
        ("gap", 2),
        ("max pool", 1),
        ("pool max", 1),
        ("dw conv", 4),
        ("dns", 3),
        ("ooling", 1),
        ("average", 2),
    ],
)
def test_the_best_comes_first(typed, first):
    assert ranked(typed, NAMES)[0] == first


def test_nothing_typed_finds_all_in_order():
    assert ranked("", NAMES) == [0, 1, 2, 3, 4]
    assert ranked(" - ", NAMES) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("typed", ["xyz", "convolutionx", "dxe", "cccc", "poolingmax"])
def test_what_fits_nothing(typed):
    assert ranked(typed, NAMES) == []


def test_letters_may_be_scattered_but_not_far():
    assert fit("cvl", "convolution") is not None
    assert fit("ce", "c" + "x" * 40 + "e") is None
    assert fit("ab", "a xxxxxx ab") is not None


@given(st.text(max_size=12), st.text(max_size=30))
def test_any_text_is_taken(typed, name):
    assert plain(plain(name)) == plain(name)
    found = fit(typed, name)
    if plain(typed) == plain(name):
        assert found == (0, 0, 0)
