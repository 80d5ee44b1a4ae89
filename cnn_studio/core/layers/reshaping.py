"""Layers that move values without computing: flatten, reshape, pad, crop, enlarge."""

from math import prod
from typing import ClassVar, Literal

from cnn_studio.core.calls import Arg, Call, call, changed, compact
from cnn_studio.core.fields import Size, choice, size
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Family, Layer, bounded, distinct_axes, dotted, per_axis, require_maps, size_text
from cnn_studio.core.layers.channels_last import channels_to_back, channels_to_front, cropping, zero_padding
from cnn_studio.core.shapes import WHOLE, Shape, ShapeError, Step
from cnn_studio.core.words import Words, say
from cnn_studio.i18n import N_


@layers.declare("flatten")
class Flatten(Layer):
    """Maps laid out in one row."""

    kind: ClassVar[str] = "flatten"
    label: ClassVar[str] = N_("Flatten")
    stem: ClassVar[str] = "flatten"
    family: ClassVar[Family] = Family.RESHAPING
    help: ClassVar[str] = N_("Lays all maps out in one row of numbers, as a dense layer needs them.")
    formula: ClassVar[str] = "h × w × c → h·w·c"

    def output_shape(self, *inputs: Shape) -> Shape:
        return Shape(inputs[0].values)

    def to_torch(self, *inputs: Shape) -> Call:
        return call("nn.Flatten")

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return (call("layers.Flatten"),)

    def size_sums(self, *inputs: Shape) -> tuple[Words, ...]:
        (shape,) = inputs
        factors = {f"f{index}": factor for index, factor in enumerate((*shape.sizes, shape.channels))}
        return (say("·".join(f"{{{name}}}" for name in factors) + " = {values}", **factors, values=shape.values),)


@layers.declare("reshape")
class Reshape(Layer):
    """The same values in another shape."""

    kind: ClassVar[str] = "reshape"
    label: ClassVar[str] = N_("Reshape")
    stem: ClassVar[str] = "reshape"
    family: ClassVar[Family] = Family.RESHAPING
    help: ClassVar[str] = N_("Takes the same values in another shape: channels first, then the sizes.")
    formula: ClassVar[str] = "c·h·w = c'·h'·w'"

    target: tuple[int, ...] = size(
        (1, 28, 28), N_("Shape"), ge=1, le=1_048_576, single=False, axes=(1, 4),
        help=N_("Channels, then the size of each axis; as many values as come in."),
    )  # fmt: skip

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        values = prod(self.target)
        if values != shape.values:
            raise ShapeError(
                "reshape",
                N_("its shape {target} holds {wanted} values, and {shape} brings {values}"),
                target=Shape(self.target[0], self.target[1:]), wanted=values, shape=shape, values=shape.values,
            )  # fmt: skip
        return Shape(self.target[0], self.target[1:])

    def window(self, *inputs: Shape) -> tuple[Step, ...]:
        return WHOLE

    def to_torch(self, *inputs: Shape) -> Call:
        return call("torch.reshape", Arg(0), (-1, *self.target))

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return (*channels_to_front(inputs[0]), *channels_to_back(self.output_shape(*inputs)))

    def describe(self, rank: int = 2) -> str:
        return f"→ {Shape(self.target[0], self.target[1:])}"


class Margins(Layer):
    """What layers that add or cut pixels at the borders have in common."""

    family: ClassVar[Family] = Family.RESHAPING

    before: Size = size(1, N_("Before"), ge=0, le=1024, unit="px", help=N_("Pixels at the top and left."))
    after: Size = size(1, N_("After"), ge=0, le=1024, unit="px", help=N_("Pixels at the bottom and right."))

    def margins(self, rank: int) -> list[tuple[int, int]]:
        """Pixels before and after each axis."""
        return list(
            zip(per_axis(self.before, rank, N_("Before")), per_axis(self.after, rank, N_("After")), strict=True)
        )

    def describe(self, rank: int = 2) -> str:
        return (
            size_text(self.before, 1)
            if self.before == self.after
            else f"{size_text(self.before, 1)} | {size_text(self.after, 1)}"
        )


@layers.declare("zero_padding")
class ZeroPadding(Margins):
    """A border of zeros."""

    kind: ClassVar[str] = "zero_padding"
    label: ClassVar[str] = N_("Zero padding")
    stem: ClassVar[str] = "pad"
    help: ClassVar[str] = N_("Puts a border of zeros around the maps.")
    formula: ClassVar[str] = "n' = n + a + b"

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        margins = self.margins(require_maps(shape))
        return bounded(Shape(shape.channels, tuple(n + a + b for n, (a, b) in zip(shape.sizes, margins, strict=True))))

    def window(self, *inputs: Shape) -> tuple[Step, ...]:
        return tuple(Step(-before, -before, 1) for before, _after in self.margins(len(inputs[0].sizes)))

    def to_torch(self, *inputs: Shape) -> Call:
        margins = self.margins(len(inputs[0].sizes))
        return call(f"nn.ZeroPad{len(margins)}d", tuple(n for pair in reversed(margins) for n in pair))

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return zero_padding(tuple(self.margins(len(inputs[0].sizes))))

    def size_sums(self, *inputs: Shape) -> tuple[Words, ...]:
        margins = self.margins(len(inputs[0].sizes))
        return distinct_axes(
            [
                say("{n} + {a} + {b} = {out}", n=n, a=a, b=b, out=n + a + b)
                for n, (a, b) in zip(inputs[0].sizes, margins, strict=True)
            ]
        )


@layers.declare("crop")
class Crop(Margins):
    """The borders cut away."""

    kind: ClassVar[str] = "crop"
    label: ClassVar[str] = N_("Crop")
    stem: ClassVar[str] = "crop"
    help: ClassVar[str] = N_("Cuts pixels away at the borders of the maps.")
    formula: ClassVar[str] = "n' = n - a - b"

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        out = []
        for n, (before, after) in zip(shape.sizes, self.margins(require_maps(shape)), strict=True):
            if n - before - after < 1:
                raise ShapeError(
                    "crop",
                    N_("it cuts {before} + {after} pixels from a map of {size}, and nothing is left"),
                    before=before, after=after, size=n, shape=shape,
                )  # fmt: skip
            out.append(n - before - after)
        return Shape(shape.channels, tuple(out))

    def window(self, *inputs: Shape) -> tuple[Step, ...]:
        return tuple(Step(before, before, 1) for before, _after in self.margins(len(inputs[0].sizes)))

    def to_torch(self, *inputs: Shape) -> Call:
        margins = self.margins(len(inputs[0].sizes))
        return call("F.pad", Arg(0), tuple(-n for pair in reversed(margins) for n in pair))

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return cropping(tuple(self.margins(len(inputs[0].sizes))))

    def size_sums(self, *inputs: Shape) -> tuple[Words, ...]:
        margins = self.margins(len(inputs[0].sizes))
        return distinct_axes(
            [
                say("{n} - {a} - {b} = {out}", n=n, a=a, b=b, out=n - a - b)
                for n, (a, b) in zip(inputs[0].sizes, margins, strict=True)
            ]
        )


def blend(factors: tuple[int, ...]) -> Call:
    """The Keras layer that enlarges pictures, blending between pixels."""
    return call("layers.UpSampling2D", compact(factors), interpolation="bilinear")


@layers.declare("upsample")
class Upsample(Layer):
    """Every pixel becomes several."""

    kind: ClassVar[str] = "upsample"
    label: ClassVar[str] = N_("Upsample")
    stem: ClassVar[str] = "upsample"
    family: ClassVar[Family] = Family.RESHAPING
    help: ClassVar[str] = N_("Enlarges the maps by a whole factor, repeating pixels or blending between them.")
    formula: ClassVar[str] = "n' = f · n"

    factor: Size = size(2, N_("Factor"), ge=1, le=64, help=N_("How many times larger the maps become."))
    mode: Literal["nearest", "linear"] = choice(
        "nearest", N_("Mode"), {"nearest": N_("repeat pixels"), "linear": N_("blend between pixels")}
    )

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        factors = per_axis(self.factor, require_maps(shape), N_("Factor"))
        return bounded(Shape(shape.channels, tuple(n * f for n, f in zip(shape.sizes, factors, strict=True))))

    def window(self, *inputs: Shape) -> tuple[Step, ...]:
        factors = per_axis(self.factor, len(inputs[0].sizes), N_("Factor"))
        if self.mode == "nearest":
            return tuple(Step((1 - f) / f, 0, 1 / f) for f in factors)
        return tuple(Step(0, 0, 1) if f == 1 else Step(-1.5 + 0.5 / f, 0.5 + 0.5 / f, 1 / f) for f in factors)

    def to_torch(self, *inputs: Shape) -> Call:
        rank = len(inputs[0].sizes)
        mode = "nearest" if self.mode == "nearest" else ("linear", "bilinear", "trilinear")[rank - 1]
        return call(
            "nn.Upsample",
            scale_factor=compact(per_axis(self.factor, rank, N_("Factor"))),
            **changed(mode=(mode, "nearest")),
        )

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        (shape,) = inputs
        rank = shape.rank
        factors = per_axis(self.factor, rank, N_("Factor"))
        if self.mode == "nearest":
            return (call(f"layers.UpSampling{rank}D", compact(factors)),)
        if rank == 2:
            return (blend(factors),)
        channels, out = shape.channels, self.output_shape(shape).sizes
        if rank == 1:  # as a picture one pixel high
            row = call("layers.Reshape", (1, *shape.sizes, channels))
            return (row, blend((1, *factors)), call("layers.Reshape", (*out, channels)))
        return (  # as two pictures: first along time and height, then along width
            call("layers.Reshape", (shape.sizes[0], shape.sizes[1], shape.sizes[2] * channels)),
            blend(factors[:2]),
            call("layers.Reshape", (out[0] * out[1], shape.sizes[2], channels)),
            blend((1, factors[2])),
            call("layers.Reshape", (*out, channels)),
        )

    def size_sums(self, *inputs: Shape) -> tuple[Words, ...]:
        factors = per_axis(self.factor, len(inputs[0].sizes), N_("Factor"))
        return distinct_axes(
            [say("{f}·{n} = {out}", f=f, n=n, out=f * n) for n, f in zip(inputs[0].sizes, factors, strict=True)]
        )

    def describe(self, rank: int = 2) -> str:
        return dotted(f"×{size_text(self.factor, 1)}")
