"""Shapes and the arithmetic of sliding windows; torch's own modules judge the formulas elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_studio import i18n
from cnn_studio.core import words
from cnn_studio.core.shapes import (
    Shape,
    ShapeError,
    pool_size,
    reach_of,
    same_padding,
    transposed_size,
    window_size,
)

SIZES, KERNELS, STRIDES, DILATIONS = st.integers(1, 200), st.integers(1, 9), st.integers(1, 5), st.integers(1, 4)


@pytest.fixture
def channels_first():
    words.set_notation(words.CHANNELS_FIRST)
    yield
    words.set_notation(words.CHANNELS_LAST)


def test_a_shape_counts_its_axes_and_values():
    assert (Shape(6, (28, 20)).rank, Shape(6, (28, 20)).values) == (2, 3360)
    assert (Shape(10).rank, Shape(10).values) == (0, 10)


def test_a_shape_is_written_as_the_courses_write_it():
    assert str(Shape(3, (1024, 28))) == "1,024×28×3"
    assert str(Shape(10)) == "10"


def test_or_as_torch_writes_it(channels_first):
    assert str(Shape(3, (32, 28))) == "3×32×28"


def test_an_error_carries_its_numbers_and_speaks_the_language_of_the_moment():
    error = ShapeError(
        "sizes_differ", "it cannot add {first} and {second}: the sizes differ", first=Shape(1, (2,)), second=9
    )
    assert error.code == "sizes_differ"
    assert error.values == {"first": Shape(1, (2,)), "second": 9}
    assert str(error) == str(error.words) == "it cannot add 2×1 and 9: the sizes differ"
    i18n.set_language("es")
    assert error.words.template == "it cannot add {first} and {second}: the sizes differ"


@given(SIZES, KERNELS, STRIDES, DILATIONS, st.integers(0, 8))
def test_windows_are_counted_one_by_one(size, kernel, stride, dilation, padding):
    reach = 1 + (kernel - 1) * dilation
    assert reach_of(kernel, dilation) == reach
    starts = [start for start in range(0, size + padding, stride) if start + reach <= size + padding]
    assert max(window_size(size, kernel, stride, padding, dilation), 0) == len(starts)


@given(SIZES, KERNELS, STRIDES, st.booleans(), st.data())
def test_pools_are_counted_one_by_one(size, kernel, stride, ceil, data):
    padding = data.draw(st.integers(0, kernel // 2))
    full = [start for start in range(-padding, size + padding, stride) if start + kernel <= size + padding]
    partial = [start for start in range(-padding, size, stride) if start < size and start not in full]
    expected = len(full)
    if ceil and (size + 2 * padding - kernel) % stride:
        expected = len(full) + bool(partial)
    if size + 2 * padding >= kernel:
        assert pool_size(size, kernel, stride, padding, ceil) == expected


@given(SIZES, KERNELS, STRIDES, DILATIONS)
def test_same_padding_gives_the_size_divided_by_the_stride(size, kernel, stride, dilation):
    before, after = same_padding(size, kernel, stride, dilation)
    assert 0 <= before <= after <= before + 1
    assert window_size(size, kernel, stride, before + after, dilation) == -(-size // stride)
    if before + after:  # and with one pixel less it would not
        assert window_size(size, kernel, stride, before + after - 1, dilation) < -(-size // stride)


@given(SIZES, KERNELS, STRIDES, DILATIONS, st.integers(0, 3))
def test_a_transposed_convolution_takes_back_what_a_convolution_does(size, kernel, stride, dilation, padding):
    out = window_size(size, kernel, stride, 2 * padding, dilation)
    if out > 0:
        extra = size - transposed_size(out, kernel, stride, padding=padding, extra=0, dilation=dilation)
        assert 0 <= extra < stride
        assert transposed_size(out, kernel, stride, padding=padding, extra=extra, dilation=dilation) == size
