"""Residual blocks: what comes in is added to what the layers make of it."""

from __future__ import annotations

from typing import ClassVar

from cnn_studio.core.blocks import blocks
from cnn_studio.core.blocks.base import SOURCE, UNKNOWN_INPUT, Filtering, Fragment, Sketch
from cnn_studio.core.fields import number
from cnn_studio.core.layers.activation import ReLU
from cnn_studio.core.layers.base import Family
from cnn_studio.core.layers.merging import Add
from cnn_studio.core.shapes import Shape
from cnn_studio.i18n import N_


def _shortcut(sketch: Sketch, shape: Shape, filters: int, stride: int) -> str:
    """The way around: what came in, brought by a 1×1 convolution to the shape it is added to where that differs."""
    if stride == 1 and filters == shape.channels:
        return SOURCE
    return sketch.convolve("_skip", SOURCE, filters, 1, stride, relu=False)


@blocks.declare("residual")
class Residual(Filtering):
    """Two convolutions and a way around them (He et al. 2015, arXiv:1512.03385)."""

    kind: ClassVar[str] = "residual"
    label: ClassVar[str] = N_("Residual")
    stem: ClassVar[str] = "residual"
    family: ClassVar[Family] = Family.MERGING
    help: ClassVar[str] = N_(
        "Two convolutions, and a way around them: what came in is added to what they make of it. Very deep networks "
        "learn with it. Where the channels or the size change, a 1×1 convolution fits the way around."
    )

    def build(self, input_shape: Shape | None) -> Fragment:
        shape = input_shape or UNKNOWN_INPUT
        filters = self.filters_for(shape)
        sketch = Sketch()
        last = sketch.convolve("1", SOURCE, filters, self.kernel, self.stride)
        last = sketch.convolve("2", last, filters, self.kernel, relu=False)
        last = sketch.add(Add(), "add", last, _shortcut(sketch, shape, filters, self.stride))
        return sketch.finish(sketch.add(ReLU(), "relu2", last))


@blocks.declare("bottleneck")
class Bottleneck(Filtering):
    """A residual block that works on fewer channels (He et al. 2015, arXiv:1512.03385).

    The stride stands at the middle convolution, as reference implementations have it ("v1.5"); the paper has it at
    the first.
    """

    kind: ClassVar[str] = "bottleneck"
    label: ClassVar[str] = N_("Bottleneck")
    stem: ClassVar[str] = "bottleneck"
    family: ClassVar[Family] = Family.MERGING
    help: ClassVar[str] = N_(
        "A residual block that first brings the channels down with 1×1 kernels, filters, and brings them up again: "
        "deeper networks at the same cost."
    )

    reduction: int = number(
        4, N_("Reduction"), ge=1, le=256, help=N_("How many times fewer channels there are in the middle.")
    )

    def build(self, input_shape: Shape | None) -> Fragment:
        shape = input_shape or UNKNOWN_INPUT
        filters = self.filters_for(shape)
        middle = max(filters // self.reduction, 1)
        sketch = Sketch()
        last = sketch.convolve("1", SOURCE, middle)
        last = sketch.convolve("2", last, middle, self.kernel, self.stride)
        last = sketch.convolve("3", last, filters, relu=False)
        last = sketch.add(Add(), "add", last, _shortcut(sketch, shape, filters, self.stride))
        return sketch.finish(sketch.add(ReLU(), "relu3", last))


@blocks.declare("inverted_residual")
class InvertedResidual(Filtering):
    """A residual block that works on more channels, one by one (Sandler et al. 2018, arXiv:1801.04381).

    The paper's ReLU6 is a plain ReLU here.
    """

    kind: ClassVar[str] = "inverted_residual"
    label: ClassVar[str] = N_("Inverted residual")
    stem: ClassVar[str] = "inverted"
    family: ClassVar[Family] = Family.MERGING
    help: ClassVar[str] = N_(
        "Brings the channels up with 1×1 kernels, filters each by itself, and brings them down again without an "
        "activation; the way around joins the narrow ends. MobileNetV2 is made of it."
    )

    expansion: int = number(
        6, N_("Expansion"), ge=1, le=64, help=N_("How many times more channels there are in the middle.")
    )

    def build(self, input_shape: Shape | None) -> Fragment:
        shape = input_shape or UNKNOWN_INPUT
        filters = self.filters_for(shape)
        sketch = Sketch()
        last = SOURCE
        if self.expansion > 1:
            last = sketch.convolve("1", last, min(shape.channels * self.expansion, 65_536))
        last = sketch.depthwise("2", last, self.kernel, self.stride)
        last = sketch.convolve("3", last, filters, relu=False)
        if self.stride == 1 and filters == shape.channels:
            last = sketch.add(Add(), "add", last, SOURCE)
        return sketch.finish(last)
