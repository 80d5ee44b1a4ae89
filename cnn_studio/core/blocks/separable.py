"""Convolutions taken apart: by channel, and by axis."""

from __future__ import annotations

from typing import ClassVar

from cnn_studio.core.blocks import blocks
from cnn_studio.core.blocks.base import SOURCE, UNKNOWN_INPUT, Filtering, Fragment, Sketch
from cnn_studio.core.layers.activation import ReLU
from cnn_studio.core.layers.base import Family
from cnn_studio.core.layers.convolution import Convolution
from cnn_studio.core.shapes import Shape
from cnn_studio.i18n import N_


@blocks.declare("depthwise_separable")
class DepthwiseSeparable(Filtering):
    """Depthwise and 1×1 convolution, each with normalization and ReLU (Howard et al. 2017, arXiv:1704.04861)."""

    kind: ClassVar[str] = "depthwise_separable"
    label: ClassVar[str] = N_("Depthwise separable")
    stem: ClassVar[str] = "separable"
    family: ClassVar[Family] = Family.FEATURES
    help: ClassVar[str] = N_(
        "Filters every channel by itself, then mixes the channels with 1×1 kernels, each with normalization and "
        "ReLU: eight to nine times cheaper than a 3×3 convolution. MobileNet is made of it."
    )

    def build(self, input_shape: Shape | None) -> Fragment:
        sketch = Sketch()
        last = sketch.depthwise("1", SOURCE, self.kernel, self.stride)
        return sketch.finish(sketch.convolve("2", last, self.filters_for(input_shape or UNKNOWN_INPUT)))


@blocks.declare("spatially_separable")
class SpatiallySeparable(Filtering):
    """A k×1 and a 1×k convolution instead of a k×k one (Szegedy et al. 2015, arXiv:1512.00567).

    As in the paper, there is an activation after each part.
    """

    kind: ClassVar[str] = "spatially_separable"
    label: ClassVar[str] = N_("Spatially separable")
    stem: ClassVar[str] = "spatial"
    family: ClassVar[Family] = Family.FEATURES
    help: ClassVar[str] = N_(
        "A tall, narrow kernel and then a flat, wide one instead of a square one: k + k products instead of k · k."
    )

    def build(self, input_shape: Shape | None) -> Fragment:
        shape = input_shape or UNKNOWN_INPUT
        rank = max(shape.rank, 1)
        sketch = Sketch()
        last = SOURCE
        for axis in range(rank):
            kernel = tuple(self.kernel if other == axis else 1 for other in range(rank))
            stride = tuple(self.stride if other == axis else 1 for other in range(rank))
            layer = Convolution(filters=self.filters_for(shape), kernel=kernel, stride=stride, padding="same")
            last = sketch.add(layer, f"conv{axis + 1}", last)
            last = sketch.add(ReLU(), f"relu{axis + 1}", last)
        return sketch.finish(last)
