"""Cheaper convolutions: one kernel a channel, and that with a mixing of channels after it."""

from math import prod
from typing import ClassVar

from cnn_studio.core.calls import Call, call, changed
from cnn_studio.core.fields import MAX_AXES, number
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import (
    Family,
    Weight,
    bounded,
    per_axis,
)
from cnn_studio.core.layers.sliding import (
    HasFilters,
    SlidingLayer,
    product_sum,
)
from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import Words, say
from cnn_studio.i18n import N_, integer, ngettext


@layers.declare("depthwise_convolution")
class DepthwiseConvolution(SlidingLayer):
    """One kernel for each channel, channels kept apart."""

    kind: ClassVar[str] = "depthwise_convolution"
    label: ClassVar[str] = N_("Depthwise convolution")
    stem: ClassVar[str] = "depthwise"
    family: ClassVar[Family] = Family.FEATURES
    help: ClassVar[str] = N_("Filters every channel with kernels of its own, without mixing channels; cheap.")
    formula: ClassVar[str] = "y[c·m + q, i, j] = b + Σ w[c, q, u, v] · x[c, i·s + u - p, j·s + v - p]"

    multiplier: int = number(1, N_("Multiplier"), ge=1, le=1024, help=N_("Kernels for each channel."))

    def output_shape(self, *inputs: Shape) -> Shape:
        return bounded(Shape(inputs[0].channels * self.multiplier, self.slide(inputs[0])))

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        (shape,) = inputs
        prefix = self.convolution_prefix(shape)
        filters = shape.channels * self.multiplier
        weight = Weight(f"{prefix}weight", (filters, 1, *per_axis(self.kernel, len(shape.sizes), N_("Kernel"))))
        return (weight, Weight(f"{prefix}bias", (filters,))) if self.bias else (weight,)

    def macs(self, *inputs: Shape) -> int:
        kernel = per_axis(self.kernel, len(inputs[0].sizes), N_("Kernel"))
        return inputs[0].channels * self.multiplier * prod(self.slide(inputs[0])) * prod(kernel)

    def to_torch(self, *inputs: Shape) -> Call:
        channels = inputs[0].channels
        return self.torch_convolution(inputs[0], channels, channels * self.multiplier, channels, self.bias)

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        bias = (self.bias, True)
        if inputs[0].rank == MAX_AXES:
            channels = inputs[0].channels
            return self.keras_convolution(
                inputs[0], "Conv", channels * self.multiplier, groups=(channels, 1), use_bias=bias
            )
        return self.keras_convolution(
            inputs[0], "DepthwiseConv", plain=False, depth_multiplier=(self.multiplier, 1), use_bias=bias
        )

    def parameter_sum(self, *inputs: Shape) -> Words:
        kernel = per_axis(self.kernel, len(inputs[0].sizes), N_("Kernel"))
        filters = inputs[0].channels * self.multiplier
        return product_sum((*kernel, filters), filters if self.bias else None)

    def describe(self, rank: int = 2) -> str:
        return self.card(rank, "" if self.multiplier == 1 else f"{self.multiplier}×")


@layers.declare("separable_convolution")
class SeparableConvolution(SlidingLayer, HasFilters):
    """A depthwise convolution and a 1×1 convolution after it (Chollet 2017, arXiv:1610.02357)."""

    kind: ClassVar[str] = "separable_convolution"
    label: ClassVar[str] = N_("Separable convolution")
    stem: ClassVar[str] = "separable"
    family: ClassVar[Family] = Family.FEATURES
    help: ClassVar[str] = N_(
        "First filters every channel by itself, then mixes the channels with 1×1 kernels: nearly what a convolution "
        "does, with far fewer parameters."
    )
    formula: ClassVar[str] = "k·k·c·m + c·m·f ≪ k·k·c·f"

    multiplier: int = number(1, N_("Multiplier"), ge=1, le=1024, help=N_("Kernels for each channel."), advanced=True)

    def output_shape(self, *inputs: Shape) -> Shape:
        sizes = self.slide(inputs[0])
        bounded(Shape(inputs[0].channels * self.multiplier, sizes))
        return bounded(Shape(self.filters, sizes))

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        (shape,) = inputs
        rank = len(shape.sizes)
        middle = shape.channels * self.multiplier
        weights = (
            Weight(
                f"0.{self.convolution_prefix(shape)}weight", (middle, 1, *per_axis(self.kernel, rank, N_("Kernel")))
            ),
            Weight("1.weight", (self.filters, middle) + (1,) * rank),
        )
        return (*weights, Weight("1.bias", (self.filters,))) if self.bias else weights

    def macs(self, *inputs: Shape) -> int:
        kernel = per_axis(self.kernel, len(inputs[0].sizes), N_("Kernel"))
        middle = inputs[0].channels * self.multiplier
        return middle * prod(self.slide(inputs[0])) * (prod(kernel) + self.filters)

    def to_torch(self, *inputs: Shape) -> Call:
        (shape,) = inputs
        middle = shape.channels * self.multiplier
        return call(
            "nn.Sequential",
            self.torch_convolution(shape, shape.channels, middle, shape.channels, False),
            call(f"nn.Conv{len(shape.sizes)}d", middle, self.filters, 1, **changed(bias=(self.bias, True))),
        )

    def to_keras(self, *inputs: Shape) -> tuple[Call, ...]:
        bias = (self.bias, True)
        if inputs[0].rank == MAX_AXES:
            channels = inputs[0].channels
            return (
                *self.keras_convolution(
                    inputs[0], "Conv", channels * self.multiplier, groups=(channels, 1), use_bias=(False, True)
                ),
                call("layers.Conv3D", self.filters, 1, **changed(use_bias=bias)),
            )
        return self.keras_convolution(
            inputs[0], "SeparableConv", self.filters, plain=False, depth_multiplier=(self.multiplier, 1), use_bias=bias
        )

    def parameter_sum(self, *inputs: Shape) -> Words:
        kernel = per_axis(self.kernel, len(inputs[0].sizes), N_("Kernel"))
        middle = inputs[0].channels * self.multiplier
        return say(
            "{depthwise} + {pointwise} = {total}",
            depthwise=say("·".join(str(k) for k in kernel) + "·{middle}", middle=middle),
            pointwise=say(
                "{middle}·{filters}" + (" + {filters}" if self.bias else ""), middle=middle, filters=self.filters
            ),
            total=self.parameter_count(*inputs),
        )

    def describe(self, rank: int = 2) -> str:
        return self.card(rank, ngettext("{n} filter", "{n} filters", self.filters).format(n=integer(self.filters)))
