"""Layers that join branches."""

from typing import ClassVar

from cnn_studio.core.calls import Arg, Call, call
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import ANY, Family, Layer, bounded
from cnn_studio.core.shapes import Shape, ShapeError
from cnn_studio.core.words import Words, say
from cnn_studio.i18n import N_


class Merge(Layer):
    """What the layers that join two or more branches have in common."""

    family: ClassVar[Family] = Family.MERGING
    arity: ClassVar[tuple[int, int]] = (2, ANY)

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return (call(f"layers.{type(self).__name__}"),)


def folded(function: str, count: int) -> Call:
    """A function of two carried out over many inputs, from the left."""
    result = call(function, Arg(0), Arg(1))
    for index in range(2, count):
        result = call(function, result, Arg(index))
    return result


def check_ranks(inputs: tuple[Shape, ...]) -> None:
    """Raises ShapeError when maps are to be joined with a vector, or pictures with sound."""
    for shape in inputs[1:]:
        if len(shape.sizes) != len(inputs[0].sizes):
            raise ShapeError(
                "ranks_differ",
                N_("it gets {first} and {second}, which do not have the same number of axes"),
                first=inputs[0], second=shape,
            )  # fmt: skip


@layers.declare("add")
class Add(Merge):
    """The sum of its inputs, value by value: what makes a network residual."""

    kind: ClassVar[str] = "add"
    label: ClassVar[str] = N_("Add")
    stem: ClassVar[str] = "add"
    help: ClassVar[str] = N_(
        "Adds its inputs value by value; they must have the same shape. Residual networks are built with it."
    )
    formula: ClassVar[str] = "y = x₁ + x₂"

    def output_shape(self, *inputs: Shape) -> Shape:
        check_ranks(inputs)
        first = inputs[0]
        for shape in inputs[1:]:
            if shape == first:
                continue
            if shape.sizes != first.sizes:
                raise ShapeError(
                    "sizes_differ",
                    N_("it cannot add {first} and {second}: the sizes differ"),
                    first=first,
                    second=shape,
                )
            raise ShapeError(
                "channels_differ",
                N_("it cannot add {first} and {second}: {a} channels and {b}"),
                first=first, second=shape, a=first.channels, b=shape.channels,
            )  # fmt: skip
        return first

    def to_torch(self, *inputs: Shape) -> Call:
        return folded("torch.add", len(inputs))


@layers.declare("multiply")
class Multiply(Merge):
    """The product of its inputs, value by value; an axis of size 1 is repeated."""

    kind: ClassVar[str] = "multiply"
    label: ClassVar[str] = N_("Multiply")
    stem: ClassVar[str] = "multiply"
    help: ClassVar[str] = N_(
        "Multiplies its inputs value by value; a size of 1 is repeated, so that one number can weigh a whole map."
    )
    formula: ClassVar[str] = "y = x₁ · x₂"

    def output_shape(self, *inputs: Shape) -> Shape:
        check_ranks(inputs)
        out = [1] * (1 + len(inputs[0].sizes))
        for shape in inputs:
            for axis, size in enumerate((shape.channels, *shape.sizes)):
                if size != 1 and out[axis] not in (1, size):
                    raise ShapeError(
                        "sizes_differ" if axis else "channels_differ",
                        N_("it cannot multiply {first} and {second}: {a} is neither {b} nor 1"),
                        first=inputs[0], second=shape, a=out[axis], b=size,
                    )  # fmt: skip
                out[axis] = max(out[axis], size)
        return bounded(Shape(out[0], tuple(out[1:])))

    def to_torch(self, *inputs: Shape) -> Call:
        return folded("torch.mul", len(inputs))


@layers.declare("concatenate")
class Concatenate(Merge):
    """The channels of all its inputs, one after the other."""

    kind: ClassVar[str] = "concatenate"
    label: ClassVar[str] = N_("Concatenate")
    stem: ClassVar[str] = "concat"
    help: ClassVar[str] = N_(
        "Puts the channels of its inputs one after the other; their sizes must agree. Inception modules end with it."
    )
    formula: ClassVar[str] = "c = c₁ + c₂ + …"

    def output_shape(self, *inputs: Shape) -> Shape:
        check_ranks(inputs)
        for shape in inputs[1:]:
            if shape.sizes != inputs[0].sizes:
                raise ShapeError(
                    "sizes_differ",
                    N_("it cannot join {first} and {second}: the sizes differ"),
                    first=inputs[0], second=shape,
                )  # fmt: skip
        return bounded(Shape(sum(shape.channels for shape in inputs), inputs[0].sizes))

    def to_torch(self, *inputs: Shape) -> Call:
        return call("torch.cat", tuple(Arg(index) for index in range(len(inputs))), dim=1)

    def size_sums(self, *inputs: Shape) -> tuple[Words, ...]:
        channels = {f"c{index}": shape.channels for index, shape in enumerate(inputs)}
        return (
            say(
                " + ".join(f"{{{name}}}" for name in channels) + " = {total}", **channels, total=sum(channels.values())
            ),
        )
