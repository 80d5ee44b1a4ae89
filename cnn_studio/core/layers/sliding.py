"""What the convolutions have in common: sliding a kernel, padding, counting, and the sums written out."""

from math import prod
from typing import Any, Literal

from cnn_studio.core.calls import Call, call, changed, compact
from cnn_studio.core.fields import Size, choice, flag, number, size
from cnn_studio.core.layers.base import (
    DILATION,
    PADDING,
    STRIDE,
    WeightedLayer,
    bounded,
    distinct_axes,
    dotted,
    per_axis,
    require_maps,
    setting,
    size_text,
)
from cnn_studio.core.layers.channels_last import every, zero_padding
from cnn_studio.core.shapes import Shape, ShapeError, Step, reach_of, same_padding, window_size
from cnn_studio.core.words import Words, say
from cnn_studio.i18n import N_, _

PADDING_WORDS = {"valid": N_("valid (none)"), "same": N_("same (keeps the size)")}
PADDING_MODES = {
    "zeros": N_("zeros"),
    "reflect": N_("reflect"),
    "replicate": N_("replicate"),
    "circular": N_("circular"),
}
PAD_MODULES = {"zeros": "Zero", "reflect": "Reflection", "replicate": "Replication", "circular": "Circular"}
PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]

FILTERS_HELP = N_("How many different patterns the layer looks for; each gives one map.")
KERNEL_HELP = N_("Height and width of the patch that each filter looks at.")
STRIDE_HELP = N_("How many pixels the kernel moves at each step; 2 halves the map.")
PADDING_HELP = N_("Pixels added around the map: a number, or “same” to keep its size.")
DILATION_HELP = N_("Distance between the kernel's taps; 2 leaves one pixel out between each.")
BIAS_HELP = N_("One number for each filter, added to every position.")

Pads = tuple[tuple[int, int], ...]


class HasFilters(WeightedLayer):
    """A layer that makes a chosen number of maps."""

    filters: int = number(32, N_("Filters"), ge=1, le=65_536, help=FILTERS_HELP)


class SlidingLayer(WeightedLayer):
    """What the convolutions that slide a kernel over their input have in common."""

    kernel: Size = size(3, N_("Kernel"), ge=1, le=1024, unit="px", help=KERNEL_HELP)
    stride: Size = size(1, N_("Stride"), ge=1, le=1024, unit="px", help=STRIDE_HELP)
    padding: Size | Literal["same", "valid"] = size(
        "valid", N_("Padding"), ge=0, le=1024, unit="px", words=PADDING_WORDS, help=PADDING_HELP
    )
    dilation: Size = size(1, N_("Dilation"), ge=1, le=1024, help=DILATION_HELP, advanced=True)
    padding_mode: PaddingMode = choice(
        "zeros", N_("Padding mode"), PADDING_MODES, help=N_("What the added pixels hold."), advanced=True
    )
    bias: bool = flag(True, N_("Bias"), help=BIAS_HELP, advanced=True)

    def geometry(self, rank: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        """Kernel, stride and dilation of each axis."""
        return (
            per_axis(self.kernel, rank, N_("Kernel")),
            per_axis(self.stride, rank, N_("Stride")),
            per_axis(self.dilation, rank, N_("Dilation")),
        )

    def pads(self, shape: Shape) -> Pads:
        """Pixels added before and after each axis."""
        rank = len(shape.sizes)
        padding = self.padding
        if padding == "valid":
            return ((0, 0),) * rank
        if padding == "same":
            kernel, stride, dilation = self.geometry(rank)
            return tuple(
                [same_padding(n, k, s, d) for n, k, s, d in zip(shape.sizes, kernel, stride, dilation, strict=True)]
            )
        return tuple([(p, p) for p in per_axis(padding, rank, N_("Padding"))])

    def slide(self, shape: Shape) -> tuple[int, ...]:
        """Sizes of the maps after sliding the kernel over ``shape``. Raises ShapeError when it does not fit."""
        rank = require_maps(shape)
        kernel, stride, dilation = self.geometry(rank)
        pads = self.pads(shape)
        out = []
        for n, k, s, d, (before, after) in zip(shape.sizes, kernel, stride, dilation, pads, strict=True):
            if n + before + after < d * (k - 1) + 1:
                raise ShapeError(
                    "kernel_too_large",
                    N_("its kernel covers {reach} pixels, and the map with its padding has only {padded} "
                       "({size} + {before} + {after})"),
                    reach=reach_of(k, d), padded=n + before + after, size=n, before=before, after=after, kernel=k,
                    dilation=d, shape=shape,
                )  # fmt: skip
            out.append((n + before + after - d * (k - 1) - 1) // s + 1)
        if self.padding_mode != "zeros":
            check_padding_mode(self.padding_mode, shape, pads)
        if self.padding != "valid":
            bounded(Shape(shape.channels, tuple([n + a + b for n, (a, b) in zip(shape.sizes, pads, strict=True)])))
        return tuple(out)

    def window(self, *inputs: Shape) -> tuple[Step, ...]:
        kernel, stride, dilation = self.geometry(len(inputs[0].sizes))
        return tuple(
            [
                Step(-before, d * (k - 1) - before, s)
                for k, s, d, (before, _after) in zip(kernel, stride, dilation, self.pads(inputs[0]), strict=True)
            ]
        )

    def size_sums(self, *inputs: Shape) -> tuple[Words, ...]:
        kernel, stride, dilation = self.geometry(len(inputs[0].sizes))
        axes = zip(inputs[0].sizes, kernel, stride, dilation, self.pads(inputs[0]), strict=True)
        return distinct_axes([slide_sum(n, k, s, d, pads) for n, k, s, d, pads in axes])

    def torch_convolution(self, shape: Shape, channels: int, filters: int, groups: int, bias: bool) -> Call:
        """``nn.Conv1d/2d/3d`` on the shape; what it cannot pad by itself is padded by a module before it."""
        rank = len(shape.sizes)
        kernel, stride, dilation = self.geometry(rank)
        pads = self.pads(shape)
        outside = any(before != after for before, after in pads)
        convolution = call(
            f"nn.Conv{rank}d",
            channels,
            filters,
            compact(kernel),
            **changed(
                stride=(compact(stride), 1),
                padding=(0 if outside else compact(tuple(before for before, _after in pads)), 0),
                dilation=(compact(dilation), 1),
                groups=(groups, 1),
                bias=(bias, True),
                padding_mode=("zeros" if outside else self.padding_mode, "zeros"),
            ),
        )
        if not outside:
            return convolution
        flat = tuple(n for pair in reversed(pads) for n in pair)
        return call("nn.Sequential", call(f"nn.{PAD_MODULES[self.padding_mode]}Pad{rank}d", flat), convolution)

    def keras_convolution(
        self, shape: Shape, name: str, *arguments: int, plain: bool = True, **options: Any
    ) -> tuple[Call, ...]:
        """``layers.<name>1D/2D/3D`` on the shape with layers around it for what it cannot do by itself.

        Args:
            arguments: what stands before the kernel's size.
            plain: whether it may stride differently along its axes.
        """
        rank = len(shape.sizes)
        kernel, stride, dilation = self.geometry(rank)
        apart = max(stride) > 1 and (max(dilation) > 1 or not (plain or len(set(stride)) == 1))
        own_stride = (1,) * rank if apart else stride
        pads = self.pads(shape)
        before, word = self._keras_padding(shape, pads, own_stride)
        convolution = call(
            f"layers.{name}{rank}D",
            *arguments,
            compact(kernel),
            **changed(
                strides=(compact(own_stride), 1),
                padding=(word, "valid"),
                dilation_rate=(compact(dilation), 1),
                **options,
            ),
        )
        return (*before, convolution, *((every(stride),) if apart else ()))

    def _keras_padding(self, shape: Shape, pads: Pads, stride: tuple[int, ...]) -> tuple[tuple[Call, ...], str]:
        """The layers before a Keras convolution of this stride, and its own word for padding."""
        if self.padding_mode != "zeros":
            return ((call("ContinuedPadding", pads, self.padding_mode),) if any(map(any, pads)) else ()), "valid"
        kernel, _stride, dilation = self.geometry(len(pads))
        same = tuple(
            [same_padding(n, k, s, d) for n, k, s, d in zip(shape.sizes, kernel, stride, dilation, strict=True)]
        )
        wanted = self.padding == "same" or (max(stride) == 1 and any(map(any, pads)))
        return ((), "same") if wanted and pads == same else (zero_padding(pads), "valid")

    def convolution_prefix(self, shape: Shape) -> str:
        """Prefix of the weights' names: the convolution stands second when a padding module is needed."""
        return "1." if any(before != after for before, after in self.pads(shape)) else ""

    def card(self, rank: int, amount: str) -> str:
        """The settings on a card: kernel, amount, and whatever differs from the plain case."""
        stride = "" if self.stride == 1 else setting(STRIDE, self.stride)
        padding = "" if self.padding in ("valid", 0) else _("same") if self.padding == "same" else (
            setting(PADDING, self.padding)  # type: ignore[arg-type]
        )  # fmt: skip
        dilation = "" if self.dilation == 1 else setting(DILATION, self.dilation)
        return dotted(size_text(self.kernel, rank), amount, stride, padding, dilation)


def slide_sum(n: int, kernel: int, stride: int, dilation: int, pads: tuple[int, int]) -> Words:
    """The arithmetic of one axis: "(28 + 2·0 - 5) / 1 + 1 = 24", rounded down where it does not divide."""
    before, after = pads
    reach = reach_of(kernel, dilation)
    out = window_size(n, kernel, stride, before + after, dilation)
    exact = (n + before + after - reach) % stride == 0
    padding = say("2·{p}", p=before) if before == after else say("{p} + {q}", p=before, q=after)
    covered = say("{k}", k=kernel) if dilation == 1 else say("({d}·({k} - 1) + 1)", d=dilation, k=kernel)
    template = (
        "({n} + {padding} - {covered}) / {s} + 1 = {out}"
        if exact
        else "⌊({n} + {padding} - {covered}) / {s}⌋ + 1 = {out}"
    )
    return say(template, n=n, padding=padding, covered=covered, s=stride, out=out)


def product_sum(factors: tuple[int, ...], bias: int | None) -> Words:
    """The arithmetic of weights: "5·5·1·6 + 6 = 156"."""
    values = {f"f{index}": factor for index, factor in enumerate(factors)}
    product = "·".join(f"{{{name}}}" for name in values)
    if bias is None:
        return say(product + " = {total}", **values, total=prod(factors))
    return say(product + " + {bias} = {total}", **values, bias=bias, total=prod(factors) + bias)


def check_padding_mode(mode: str, shape: Shape, pads: Pads) -> None:
    """Raises ShapeError when the map is too small to be continued by itself."""
    for n, (before, after) in zip(shape.sizes, pads, strict=True):
        pad = max(before, after)
        if (mode == "reflect" and pad >= n) or (mode == "circular" and pad > n):
            raise ShapeError(
                "padding_mode",
                N_("its map has {size} pixels along one axis, too few to be continued by {pad} in the mode “{mode}”"),
                size=n, pad=pad, mode=say(PADDING_MODES[mode]), shape=shape,
            )  # fmt: skip
