"""The everyday sequence of three layers, and channels that weigh themselves."""

from __future__ import annotations

from typing import ClassVar

from cnn_studio.core.blocks import blocks
from cnn_studio.core.blocks.base import SOURCE, UNKNOWN_INPUT, Block, Filtering, Fragment, Sketch
from cnn_studio.core.fields import number
from cnn_studio.core.layers.activation import Sigmoid
from cnn_studio.core.layers.base import Family
from cnn_studio.core.layers.merging import Multiply
from cnn_studio.core.layers.pooling import AdaptiveAveragePool
from cnn_studio.core.shapes import Shape
from cnn_studio.i18n import N_


@blocks.declare("conv_norm_relu")
class ConvNormReLU(Filtering):
    """Convolution, batch normalization and ReLU (Ioffe, Szegedy 2015, arXiv:1502.03167)."""

    kind: ClassVar[str] = "conv_norm_relu"
    label: ClassVar[str] = N_("Convolution, normalization, ReLU")
    stem: ClassVar[str] = "unit"
    family: ClassVar[Family] = Family.FEATURES
    help: ClassVar[str] = N_(
        "A convolution, its normalization and its activation: what most newer networks are made of."
    )

    def build(self, input_shape: Shape | None) -> Fragment:
        sketch = Sketch()
        filters = self.filters_for(input_shape or UNKNOWN_INPUT)
        return sketch.finish(sketch.convolve("", SOURCE, filters, self.kernel, self.stride))


@blocks.declare("squeeze_excite")
class SqueezeExcite(Block):
    """Each channel weighed by what all channels hold (Hu et al. 2017, arXiv:1709.01507)."""

    kind: ClassVar[str] = "squeeze_excite"
    label: ClassVar[str] = N_("Squeeze and excite")
    stem: ClassVar[str] = "excite"
    family: ClassVar[Family] = Family.MERGING
    help: ClassVar[str] = N_(
        "Takes the mean of each map, works out from all of them a weight between 0 and 1 for each, and multiplies: "
        "channels that matter for this picture are let through."
    )

    reduction: int = number(
        16, N_("Reduction"), ge=1, le=256, help=N_("How many times fewer channels there are in the middle.")
    )

    def build(self, input_shape: Shape | None) -> Fragment:
        channels = (input_shape or UNKNOWN_INPUT).channels
        sketch = Sketch()
        last = sketch.add(AdaptiveAveragePool(sizes=1), "squeeze", SOURCE)
        last = sketch.convolve("1", last, max(channels // self.reduction, 1), norm=False)
        last = sketch.convolve("2", last, channels, norm=False, relu=False)
        last = sketch.add(Sigmoid(), "sigmoid", last)
        return sketch.finish(sketch.add(Multiply(), "multiply", last, SOURCE))
