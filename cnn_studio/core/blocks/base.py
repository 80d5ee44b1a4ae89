"""What every kind of block says about itself, and how its layers are drawn."""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple

from cnn_studio.core import edits
from cnn_studio.core.fields import Model, flag, number
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers.activation import ReLU
from cnn_studio.core.layers.base import Family, Layer
from cnn_studio.core.layers.convolution import Convolution
from cnn_studio.core.layers.normalization import BatchNorm
from cnn_studio.core.layers.separable import DepthwiseConvolution
from cnn_studio.core.shapes import Shape
from cnn_studio.i18n import N_

SOURCE = ""
"""Among the sources of a layer inside a block: what feeds the block."""

UNKNOWN_INPUT = Shape(64, (32, 32))
"""What a block expects when nothing is known of what feeds it."""

MOST_FILTERS = 65_536


class Fragment(NamedTuple):
    """The layers of a block, not yet in a network.

    Attributes:
        entries: ids of the layers that what feeds the block must feed, as their last input.
        exit: id of the layer whose output is the block's.
    """

    graph: Graph
    entries: tuple[str, ...]
    exit: str


class Block(Model):
    """Base of the kinds of block."""

    kind: ClassVar[str]
    """Name in files; never changes once released."""
    label: ClassVar[str]
    """Name that people read, marked for translation."""
    stem: ClassVar[str]
    """What new groups of this kind are called: "residual" gives residual1, residual2, ..."""
    family: ClassVar[Family]
    """The family whose colour the folded card wears."""
    help: ClassVar[str]
    """What it does, in one or two sentences, marked for translation."""

    def build(self, input_shape: Shape | None) -> Fragment:
        """Its layers for this input; None when the input is not known. Never raises: what does not fit shows later."""
        raise NotImplementedError


FILTERS_HELP = N_("How many maps come out; 0 for as many as come in.")
STRIDE_HELP = N_("How many pixels the kernel moves at each step; 2 halves the map.")


class Filtering(Block):
    """Base of the blocks that have a number of filters, a kernel and a stride."""

    filters: int = number(0, N_("Filters"), ge=0, le=MOST_FILTERS, help=FILTERS_HELP)
    kernel: int = number(3, N_("Kernel"), ge=1, le=31, unit="px", help=N_("Size of the patch that each filter sees."))
    stride: int = number(1, N_("Stride"), ge=1, le=16, unit="px", help=STRIDE_HELP)

    def filters_for(self, shape: Shape) -> int:
        """How many maps come out."""
        return self.filters or shape.channels


class OptionalNorm(Block):
    """Base of the blocks that may have batch normalization after each convolution."""

    norm: bool = flag(False, N_("Batch normalization"), help=N_("After each convolution, before its activation."))


def keeping(kernel: int) -> int | Literal["same"]:
    """The padding with which a kernel makes maps of ``ceil(size / stride)``, whatever the size."""
    return kernel // 2 if kernel % 2 else "same"


class Sketch:
    """A fragment while it is being drawn. Every method gives the id of the last layer it drew."""

    def __init__(self) -> None:
        self.graph = Graph()
        self.entries: list[str] = []

    def add(self, layer: Layer, name: str, *sources: str) -> str:
        """One layer, fed by others or by SOURCE."""
        self.graph = edits.add(self.graph, layer, node_id=name)
        for source in sources:
            if source == SOURCE:
                self.entries.append(name)
            else:
                self.graph = edits.connect(self.graph, source, name)
        return name

    def convolve(
        self, tag: str, source: str, filters: int, kernel: int = 1, stride: int = 1, *, norm: bool = True, relu: bool = True
    ) -> str:  # fmt: skip
        """A convolution that keeps the size (but for the stride), with normalization and activation."""
        layer = Convolution(filters=filters, kernel=kernel, stride=stride, padding=keeping(kernel), bias=not norm)
        return self._finish(tag, self.add(layer, f"conv{tag}", source), norm, relu)

    def depthwise(self, tag: str, source: str, kernel: int, stride: int) -> str:
        """A depthwise convolution that keeps the size (but for the stride), normalization and ReLU."""
        layer = DepthwiseConvolution(kernel=kernel, stride=stride, padding=keeping(kernel), bias=False)
        return self._finish(tag, self.add(layer, f"depthwise{tag}", source), True, True)

    def _finish(self, tag: str, last: str, norm: bool, relu: bool) -> str:
        if norm:
            last = self.add(BatchNorm(), f"norm{tag}", last)
        return self.add(ReLU(), f"relu{tag}", last) if relu else last

    def finish(self, last: str) -> Fragment:
        """The fragment whose output is that of ``last``."""
        return Fragment(self.graph, tuple(self.entries), last)
