"""The convolution, and its transposed relative."""

from math import prod
from typing import ClassVar

from cnn_studio.core.calls import Call, call, changed, compact
from cnn_studio.core.fields import Size, flag, number, size
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import (
    STRIDE,
    Family,
    Weight,
    bounded,
    check_groups,
    distinct_axes,
    dotted,
    per_axis,
    require_maps,
    setting,
    size_text,
)
from cnn_studio.core.layers.channels_last import cropping, zero_padding
from cnn_studio.core.layers.sliding import (
    BIAS_HELP,
    DILATION_HELP,
    KERNEL_HELP,
    HasFilters,
    SlidingLayer,
    product_sum,
)
from cnn_studio.core.shapes import Shape, ShapeError, Step, reach_of, transposed_size
from cnn_studio.core.words import Words, say
from cnn_studio.i18n import N_, _, integer, ngettext


@layers.declare("convolution")
class Convolution(SlidingLayer, HasFilters):
    """Slides learned kernels over the maps: 1-D on sound, 2-D on pictures, 3-D on video."""

    kind: ClassVar[str] = "convolution"
    label: ClassVar[str] = N_("Convolution")
    stem: ClassVar[str] = "conv"
    family: ClassVar[Family] = Family.FEATURES
    help: ClassVar[str] = N_(
        "Slides small learned kernels over the maps. Each kernel gives one new map that is bright wherever its "
        "pattern is found, in whatever part of the picture."
    )
    formula: ClassVar[str] = "y[f, i, j] = b[f] + Σ w[f, c, u, v] · x[c, i·s + u - p, j·s + v - p]"

    groups: int = number(
        1, N_("Groups"), ge=1, le=65_536, help=N_("Splits the channels into groups that do not see each other."),
        advanced=True,
    )  # fmt: skip

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        sizes = self.slide(shape)
        if self.groups != 1:
            check_groups(self.groups, shape)
            check_filters(self.groups, self.filters)
        return bounded(Shape(self.filters, sizes))

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        (shape,) = inputs
        prefix = self.convolution_prefix(shape)
        kernel = per_axis(self.kernel, len(shape.sizes), N_("Kernel"))
        weight = Weight(f"{prefix}weight", (self.filters, shape.channels // self.groups, *kernel))
        return (weight, Weight(f"{prefix}bias", (self.filters,))) if self.bias else (weight,)

    def parameter_count(self, *inputs: Shape) -> int:
        kernel = per_axis(self.kernel, len(inputs[0].sizes), N_("Kernel"))
        return self.filters * (inputs[0].channels // self.groups * prod(kernel) + self.bias)

    def macs(self, *inputs: Shape) -> int:
        kernel = per_axis(self.kernel, len(inputs[0].sizes), N_("Kernel"))
        return self.filters * prod(self.slide(inputs[0])) * (inputs[0].channels // self.groups) * prod(kernel)

    def to_torch(self, *inputs: Shape) -> Call:
        (shape,) = inputs
        return self.torch_convolution(shape, shape.channels, self.filters, self.groups, self.bias)

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        return self.keras_convolution(
            inputs[0], "Conv", self.filters, groups=(self.groups, 1), use_bias=(self.bias, True)
        )

    def parameter_sum(self, *inputs: Shape) -> Words:
        kernel = per_axis(self.kernel, len(inputs[0].sizes), N_("Kernel"))
        return product_sum(
            (*kernel, inputs[0].channels // self.groups, self.filters), self.filters if self.bias else None
        )

    def describe(self, rank: int = 2) -> str:
        amount = ngettext("{n} filter", "{n} filters", self.filters).format(n=integer(self.filters))
        groups = "" if self.groups == 1 else _("{n} groups").format(n=integer(self.groups))
        return dotted(self.card(rank, amount), groups)


@layers.declare("transposed_convolution")
class TransposedConvolution(HasFilters):
    """The backward pass of a convolution used forward: spreads each value over a patch, enlarging the maps."""

    kind: ClassVar[str] = "transposed_convolution"
    label: ClassVar[str] = N_("Transposed convolution")
    stem: ClassVar[str] = "deconv"
    family: ClassVar[Family] = Family.FEATURES
    help: ClassVar[str] = N_(
        "Spreads every value over a patch weighted by a learned kernel; with a stride of 2 the maps double in size."
    )
    formula: ClassVar[str] = "n' = (n - 1)·s - 2·p + d·(k - 1) + 1 + e"

    kernel: Size = size(2, N_("Kernel"), ge=1, le=1024, unit="px", help=KERNEL_HELP)
    stride: Size = size(2, N_("Stride"), ge=1, le=1024, unit="px", help=N_("How many times larger the maps become."))
    padding: Size = size(0, N_("Padding"), ge=0, le=1024, unit="px", help=N_("Pixels cut away from each side."))
    extra: Size = size(
        0, N_("Extra size"), ge=0, le=1024, unit="px", help=N_("Pixels added at the end of each axis."), advanced=True
    )
    dilation: Size = size(1, N_("Dilation"), ge=1, le=1024, help=DILATION_HELP, advanced=True)
    groups: int = number(
        1, N_("Groups"), ge=1, le=65_536, help=N_("Splits the channels into groups that do not see each other."),
        advanced=True,
    )  # fmt: skip
    bias: bool = flag(True, N_("Bias"), help=BIAS_HELP, advanced=True)

    def axes(self, rank: int) -> list[tuple[int, int, int, int, int]]:
        """Kernel, stride, padding, extra size and dilation of each axis."""
        return list(
            zip(
                per_axis(self.kernel, rank, N_("Kernel")),
                per_axis(self.stride, rank, N_("Stride")),
                per_axis(self.padding, rank, N_("Padding")),
                per_axis(self.extra, rank, N_("Extra size")),
                per_axis(self.dilation, rank, N_("Dilation")),
                strict=True,
            )
        )

    def output_shape(self, *inputs: Shape) -> Shape:
        (shape,) = inputs
        out = []
        for n, (k, s, p, e, d) in zip(shape.sizes, self.axes(require_maps(shape)), strict=True):
            if e >= max(s, d):
                raise ShapeError(
                    "extra_size",
                    N_("its extra size {extra} must be smaller than the stride {stride} or the dilation {dilation}"),
                    extra=e, stride=s, dilation=d,
                )  # fmt: skip
            size = transposed_size(n, k, s, padding=p, extra=e, dilation=d)
            if size < 1:
                raise ShapeError(
                    "shrinks_to_nothing",
                    N_("its padding {padding} cuts everything away: ({size} - 1)·{stride} - 2·{padding} + {reach} + {extra} "
                       "= {result}"),
                    padding=p, size=n, stride=s, reach=reach_of(k, d), extra=e, result=size, shape=shape,
                )  # fmt: skip
            out.append(size)
        check_groups(self.groups, shape)
        check_filters(self.groups, self.filters)
        return bounded(Shape(self.filters, tuple(out)))

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        kernel = per_axis(self.kernel, len(inputs[0].sizes), N_("Kernel"))
        weight = Weight("weight", (inputs[0].channels, self.filters // self.groups, *kernel))
        return (weight, Weight("bias", (self.filters,))) if self.bias else (weight,)

    def macs(self, *inputs: Shape) -> int:
        kernel = per_axis(self.kernel, len(inputs[0].sizes), N_("Kernel"))
        return inputs[0].values * (self.filters // self.groups) * prod(kernel)

    def window(self, *inputs: Shape) -> tuple[Step, ...]:
        return tuple(Step((p - d * (k - 1)) / s, p / s, 1 / s) for k, s, p, _e, d in self.axes(len(inputs[0].sizes)))

    def to_torch(self, *inputs: Shape) -> Call:
        rank = len(inputs[0].sizes)
        kernel, stride, padding, extra, dilation = (compact(values) for values in zip(*self.axes(rank), strict=True))
        return call(
            f"nn.ConvTranspose{rank}d", inputs[0].channels, self.filters, kernel,
            **changed(
                stride=(stride, 1), padding=(padding, 0), output_padding=(extra, 0), groups=(self.groups, 1),
                bias=(self.bias, True), dilation=(dilation, 1),
            ),
        )  # fmt: skip

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        axes = self.axes(len(inputs[0].sizes))
        strides = tuple(s for _k, s, _p, _e, _d in axes)
        dilations = tuple(d for _k, _s, _p, _e, d in axes)
        if all(d == 1 and s <= k and 2 * p == k - s and e == 0 for k, s, p, e, d in axes):
            return (self._keras_transposed(strides, dilations, "same"),)
        apart = max(strides) > 1 and max(dilations) > 1
        own = (1,) * len(axes) if apart else strides
        rows, crops = [], []  # zeros after the input, and what is cut from the output, which Keras makes uncut
        for (k, _s, p, e, d), s in zip(axes, own, strict=True):
            uncut = max(s - reach_of(k, d), 0)  # pixels that hold the bias alone, at the end
            more = -(-max(e - p - uncut, 0) // s)
            rows.append((0, more))
            crops.append((p, p - e + uncut + more * s))
        return (
            *((call("SpreadPixels", compact(strides)),) if apart else ()),
            *zero_padding(tuple(rows)),
            self._keras_transposed(own, dilations, "valid"),
            *cropping(tuple(crops)),
        )

    def _keras_transposed(self, strides: tuple[int, ...], dilations: tuple[int, ...], padding: str) -> Call:
        rank = len(strides)
        target = f"layers.Conv{rank}DTranspose" if self.groups == 1 else "GroupedConvTranspose"
        arguments = (self.filters, compact(per_axis(self.kernel, rank, N_("Kernel"))))
        return call(
            target, *arguments, *(() if self.groups == 1 else (self.groups,)),
            **changed(
                strides=(compact(strides), 1), padding=(padding, "valid"), dilation_rate=(compact(dilations), 1),
                use_bias=(self.bias, True),
            ),
        )  # fmt: skip

    def size_sums(self, *inputs: Shape) -> tuple[Words, ...]:
        rows = []
        for n, (k, s, p, e, d) in zip(inputs[0].sizes, self.axes(len(inputs[0].sizes)), strict=True):
            rows.append(
                say("({n} - 1)·{s} - 2·{p} + {reach} + {e} = {out}", n=n, s=s, p=p, reach=reach_of(k, d), e=e,
                    out=transposed_size(n, k, s, padding=p, extra=e, dilation=d))
            )  # fmt: skip
        return distinct_axes(rows)

    def parameter_sum(self, *inputs: Shape) -> Words:
        kernel = per_axis(self.kernel, len(inputs[0].sizes), N_("Kernel"))
        factors = (*kernel, inputs[0].channels, self.filters // self.groups)
        return product_sum(factors, self.filters if self.bias else None)

    def describe(self, rank: int = 2) -> str:
        amount = ngettext("{n} filter", "{n} filters", self.filters).format(n=integer(self.filters))
        stride = "" if self.stride == 1 else setting(STRIDE, self.stride)
        return dotted(size_text(self.kernel, rank), amount, stride)


def check_filters(groups: int, filters: int) -> None:
    """Raises ShapeError when the groups do not divide the filters."""
    if filters % groups:
        raise ShapeError(
            "groups_filters",
            N_("its {groups} groups do not divide its {filters} filters: {filters} / {groups} leaves {rest}"),
            groups=groups,
            filters=filters,
            rest=filters % groups,
        )
