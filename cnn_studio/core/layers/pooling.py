"""Pooling: one number for each patch of a map."""

from typing import Any, ClassVar

from cnn_studio.core import fields
from cnn_studio.core.calls import Arg, Call, call, changed, compact
from cnn_studio.core.fields import Size
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import (
    PADDING,
    STRIDE,
    Family,
    Layer,
    bounded,
    distinct_axes,
    dotted,
    per_axis,
    require_maps,
    setting,
    size_text,
)
from cnn_studio.core.layers.channels_last import Pads, zero_padding
from cnn_studio.core.shapes import WHOLE, Shape, ShapeError, Step, pool_size, same_padding
from cnn_studio.core.words import Words, say
from cnn_studio.i18n import N_


class PoolingLayer(Layer):
    """What the pools that slide a window over each map have in common."""

    family: ClassVar[Family] = Family.POOLING

    size: Size = fields.size(2, N_("Size"), ge=1, le=1024, unit="px", help=N_("Height and width of the patch."))
    stride: Size = fields.size(
        2,
        N_("Stride"),
        ge=1,
        le=1024,
        unit="px",
        help=N_("Steps between patches; smaller than the size, they overlap."),
    )
    padding: Size = fields.size(
        0, N_("Padding"), ge=0, le=512, unit="px", help=N_("Pixels added on each side."), advanced=True
    )
    ceil: bool = fields.flag(
        False, N_("Keep the rest"), help=N_("Let a last, partial patch count (ceil mode)."), advanced=True
    )

    def axes(self, rank: int) -> list[tuple[int, int, int]]:
        """Size, stride and padding of each axis."""
        return list(
            zip(
                per_axis(self.size, rank, N_("Size")),
                per_axis(self.stride, rank, N_("Stride")),
                per_axis(self.padding, rank, N_("Padding")),
                strict=True,
            )
        )

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        out = []
        for n, (k, s, p) in zip(shape.sizes, self.axes(require_maps(shape)), strict=True):
            if 2 * p > k:
                raise ShapeError(
                    "pool_padding",
                    N_("its padding {padding} is more than half its size {window}"),
                    padding=p, window=k,
                )  # fmt: skip
            result = pool_size(n, k, s, p, self.ceil)
            if n + 2 * p < k and not (self.ceil and result > 0):
                raise ShapeError(
                    "kernel_too_large",
                    N_("its window covers {reach} pixels, and the map with its padding has only {padded} "
                       "({size} + {before} + {after})"),
                    reach=k, padded=n + 2 * p, size=n, before=p, after=p, kernel=k, dilation=1, shape=shape,
                )  # fmt: skip
            out.append(result)
        return bounded(Shape(shape.channels, tuple(out)))

    def window(self, *inputs: Shape) -> tuple[Step, ...]:
        return tuple([Step(-p, k - 1 - p, s) for k, s, p in self.axes(len(inputs[0].sizes))])

    def size_sums(self, *inputs: Shape) -> tuple[Words, ...]:
        rows = []
        for n, (k, s, p) in zip(inputs[0].sizes, self.axes(len(inputs[0].sizes)), strict=True):
            left, right = ("", "") if (n + 2 * p - k) % s == 0 else ("⌈", "⌉") if self.ceil else ("⌊", "⌋")
            out = pool_size(n, k, s, p, self.ceil)
            template = f"{left}({{n}} + 2·{{p}} - {{k}}) / {{s}}{right} + 1 = {{out}}"
            if self.ceil and out != -(-(n + 2 * p - k) // s) + 1:
                template = N_("⌈({n} + 2·{p} - {k}) / {s}⌉ = {out}, as a patch may not begin beyond the map")
            rows.append(say(template, n=n, p=p, k=k, s=s, out=out))
        return distinct_axes(rows)

    def to_torch(self, *inputs: Shape) -> Call:
        rank = len(inputs[0].sizes)
        kernel, stride, padding = (compact(values) for values in zip(*self.axes(rank), strict=True))
        arguments = changed(
            stride=(stride, kernel), padding=(padding, 0), ceil_mode=(self.ceil, False), **self.own_arguments()
        )
        return call(f"nn.{self.torch_name}{rank}d", kernel, **arguments)

    def reads(self, shape: Shape) -> Pads:
        """Pixels read before and after each axis, whether or not padding was asked for there."""
        out = self.output_shape(shape).sizes
        return tuple(
            [
                (p, max((m - 1) * s + k - n - p, 0))
                for n, m, (k, s, p) in zip(shape.sizes, out, self.axes(len(out)), strict=True)
            ]
        )

    def keras_pool(self, shape: Shape, **options: Any) -> Call:
        """``layers.MaxPooling2D`` and the like."""
        sizes, strides, _paddings = (compact(values) for values in zip(*self.axes(shape.rank), strict=True))
        return call(f"layers.{self.keras_name}{shape.rank}D", sizes, **changed(strides=(strides, sizes)), **options)

    torch_name: ClassVar[str]
    keras_name: ClassVar[str]

    def own_arguments(self) -> dict[str, tuple[object, object]]:
        """Arguments of one kind of pool only, each with PyTorch's default."""
        return {}

    def describe(self, rank: int = 2) -> str:
        stride = "" if self.stride == self.size else setting(STRIDE, self.stride)
        padding = "" if self.padding == 0 else setting(PADDING, self.padding)
        return dotted(size_text(self.size, rank), stride, padding)


@layers.declare("max_pool")
class MaxPool(PoolingLayer):
    """The largest value of each patch."""

    kind: ClassVar[str] = "max_pool"
    label: ClassVar[str] = N_("Max-pooling")
    stem: ClassVar[str] = "pool"
    torch_name: ClassVar[str] = "MaxPool"
    keras_name: ClassVar[str] = "MaxPooling"
    help: ClassVar[str] = N_(
        "Keeps the largest value of each patch: smaller maps that still say what was found, less where."
    )
    formula: ClassVar[str] = "y[c, i, j] = max x[c, i·s + u - p, j·s + v - p]"

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        (shape,) = inputs
        reads = self.reads(shape)
        if not any(map(any, reads)):
            return (self.keras_pool(shape),)
        same = [same_padding(n, k, s, 1) for n, (k, s, _p) in zip(shape.sizes, self.axes(shape.rank), strict=True)]
        whole = [-(-n // s) for n, (_k, s, _p) in zip(shape.sizes, self.axes(shape.rank), strict=True)]
        if reads == tuple(same) and self.output_shape(shape).sizes == tuple(whole):
            return (self.keras_pool(shape, padding="same"),)
        return (call("LowestPadding", reads), self.keras_pool(shape))


@layers.declare("average_pool")
class AveragePool(PoolingLayer):
    """The mean of each patch."""

    kind: ClassVar[str] = "average_pool"
    label: ClassVar[str] = N_("Average pooling")
    stem: ClassVar[str] = "pool"
    torch_name: ClassVar[str] = "AvgPool"
    keras_name: ClassVar[str] = "AveragePooling"
    help: ClassVar[str] = N_("Keeps the mean of each patch: smaller, smoother maps.")
    formula: ClassVar[str] = "y[c, i, j] = 1/k² · Σ x[c, i·s + u - p, j·s + v - p]"

    count_padding: bool = fields.flag(
        True, N_("Count the padding"), help=N_("Whether added zeros count in the mean."), advanced=True
    )

    def output_shape(self, *inputs: Shape) -> Shape:
        out = super().output_shape(*inputs)
        (shape,) = inputs
        if len(shape.sizes) == 3:
            for n, (k, _s, _p) in zip(shape.sizes, self.axes(3), strict=True):
                if k > n:
                    raise ShapeError(
                        "window_beyond_map",
                        N_("its window covers {reach} pixels, and the map has only {size}: in three dimensions PyTorch "
                           "takes no mean beyond the map, padded or not"),
                        reach=k, size=n, shape=shape,
                    )  # fmt: skip
        return out

    def own_arguments(self) -> dict[str, tuple[object, object]]:
        return {"count_include_pad": (self.count_padding, True)}

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        (shape,) = inputs
        reads = self.reads(shape)
        axes = self.axes(shape.rank)
        counted = tuple(
            [
                (p, min(p, after)) if self.count_padding else (0, 0)
                for (_, after), (_k, _s, p) in zip(reads, axes, strict=True)
            ]
        )
        if counted == reads:
            return (*zero_padding(reads), self.keras_pool(shape))
        sizes, strides, _paddings = (compact(values) for values in zip(*axes, strict=True))
        return (call("PartialAveragePooling", sizes, strides, reads, counted),)


class GlobalPool(Layer):
    """What the pools over whole maps have in common: maps in, a vector out."""

    family: ClassVar[Family] = Family.POOLING
    torch_function: ClassVar[str]
    keras_name: ClassVar[str]

    def output_shape(self, *inputs: Shape) -> Shape:
        require_maps(inputs[0])
        return Shape(inputs[0].channels)

    def window(self, *inputs: Shape) -> tuple[Step, ...]:
        return WHOLE

    def to_torch(self, *inputs: Shape) -> Call:
        axes = tuple(range(2, 2 + len(inputs[0].sizes)))
        return call(self.torch_function, Arg(0), dim=axes)

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return (call(f"layers.{self.keras_name}{inputs[0].rank}D"),)


@layers.declare("global_average_pool")
class GlobalAveragePool(GlobalPool):
    """The mean of each whole map (Lin, Chen, Yan 2013, arXiv:1312.4400)."""

    kind: ClassVar[str] = "global_average_pool"
    label: ClassVar[str] = N_("Global average pooling")
    stem: ClassVar[str] = "gap"
    torch_function: ClassVar[str] = "torch.mean"
    keras_name: ClassVar[str] = "GlobalAveragePooling"
    help: ClassVar[str] = N_("One number for each map, its mean: takes pictures of any size and needs no parameters.")
    formula: ClassVar[str] = "y[c] = 1/(h·w) · Σ x[c, i, j]"


@layers.declare("global_max_pool")
class GlobalMaxPool(GlobalPool):
    """The largest value of each whole map."""

    kind: ClassVar[str] = "global_max_pool"
    label: ClassVar[str] = N_("Global max-pooling")
    stem: ClassVar[str] = "gmp"
    torch_function: ClassVar[str] = "torch.amax"
    keras_name: ClassVar[str] = "GlobalMaxPooling"
    help: ClassVar[str] = N_(
        "One number for each map, its largest value: whether a pattern is anywhere in the picture."
    )
    formula: ClassVar[str] = "y[c] = max x[c, i, j]"


@layers.declare("adaptive_average_pool")
class AdaptiveAveragePool(Layer):
    """Means over as many patches as asked for, whatever the size of the maps."""

    kind: ClassVar[str] = "adaptive_average_pool"
    label: ClassVar[str] = N_("Adaptive average pooling")
    stem: ClassVar[str] = "pool"
    family: ClassVar[Family] = Family.POOLING
    help: ClassVar[str] = N_(
        "Divides each map into a fixed number of patches and keeps their means, whatever its size."
    )
    formula: ClassVar[str] = "y[c, i] = mean x[c, ⌊i·n/m⌋ … ⌈(i + 1)·n/m⌉ - 1]"

    sizes: Size = fields.size(
        1, N_("Output size"), ge=1, le=1024, unit="px", help=N_("Height and width of the output.")
    )

    def output_shape(self, *inputs: Shape) -> Shape:
        rank = require_maps(inputs[0])
        return bounded(Shape(inputs[0].channels, per_axis(self.sizes, rank, N_("Output size"))))

    def window(self, *inputs: Shape) -> tuple[Step, ...]:
        out = per_axis(self.sizes, len(inputs[0].sizes), N_("Output size"))
        if all(m == 1 for m in out):
            return WHOLE
        return tuple(
            Step(0, n / m - 1, n / m) if n % m == 0 else Step(1 / m - 1, n / m - 1 / m, n / m)
            for n, m in zip(inputs[0].sizes, out, strict=True)
        )

    def to_torch(self, *inputs: Shape) -> Call:
        rank = len(inputs[0].sizes)
        return call(f"nn.AdaptiveAvgPool{rank}d", compact(per_axis(self.sizes, rank, N_("Output size"))))

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        (shape,) = inputs
        out = per_axis(self.sizes, shape.rank, N_("Output size"))
        if all(n % m == 0 for n, m in zip(shape.sizes, out, strict=True)):
            patches = tuple([n // m for n, m in zip(shape.sizes, out, strict=True)])
            return (call(f"layers.AveragePooling{shape.rank}D", compact(patches)),)
        return (call(f"layers.AdaptiveAveragePooling{shape.rank}D", compact(out)),)

    def describe(self, rank: int = 2) -> str:
        return f"→ {size_text(self.sizes, rank)}"
