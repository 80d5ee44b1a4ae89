"""Keras layers that several kinds need beside their own: margins, orders of axes, strides of their own.

Keras keeps the channels last; shapes and sizes here are ours, axis by axis, and need no turning.
"""

from math import prod

from cnn_studio.core.calls import Call, call, compact
from cnn_studio.core.shapes import Shape

Pads = tuple[tuple[int, int], ...]


def margins(pads: Pads) -> int | tuple[int, ...] | Pads:
    """Pixels before and after each axis, written as shortly as Keras takes them."""
    if all(before == after for before, after in pads):
        return compact(tuple(before for before, _after in pads))
    return pads[0] if len(pads) == 1 else pads  # a single axis: its pair


def zero_padding(pads: Pads) -> tuple[Call, ...]:
    """The layer that puts zeros around the maps; none where there is nothing to put."""
    return (call(f"layers.ZeroPadding{len(pads)}D", margins(pads)),) if any(map(any, pads)) else ()


def cropping(pads: Pads) -> tuple[Call, ...]:
    """The layer that cuts the borders away; none where there is nothing to cut."""
    return (call(f"layers.Cropping{len(pads)}D", margins(pads)),) if any(map(any, pads)) else ()


def every(strides: tuple[int, ...]) -> Call:
    """Only every so many pixels of each axis, for layers that cannot stride by themselves."""
    return call(f"layers.MaxPooling{len(strides)}D", 1, strides=compact(strides))


def last_sizes(shape: Shape) -> tuple[int, ...]:
    """The sizes in the order in which Keras holds them, without the batch."""
    return (*shape.sizes, shape.channels)


def same_in_both_orders(shape: Shape) -> bool:
    """Whether the values stand in one row alike, be the channels first or last."""
    return shape.channels == 1 or prod(shape.sizes) == 1


def channels_to_front(shape: Shape) -> tuple[Call, ...]:
    """The layer that brings the channels first, where that moves any value."""
    if same_in_both_orders(shape):
        return ()
    return (call("layers.Permute", (shape.rank + 1, *range(1, shape.rank + 1))),)


def channels_to_back(shape: Shape) -> tuple[Call, ...]:
    """The layers that make maps of this shape of values that stand channels first."""
    if same_in_both_orders(shape):
        return (call("layers.Reshape", last_sizes(shape)),)
    return (
        call("layers.Reshape", (shape.channels, *shape.sizes)),
        call("layers.Permute", (*range(2, shape.rank + 2), 1)),
    )
