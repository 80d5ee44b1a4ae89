"""The weights of one layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnn_studio.core.graph import Graph
from cnn_studio.engine.datasets.base import Array, DataError
from cnn_studio.engine.insight import probes
from cnn_studio.engine.insight.base import Probe, copied, view_of
from cnn_studio.engine.predict import Predictor
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from cnn_studio.engine.session import Session

COLOURS = 3
POINTWISE = ("normalization", "regularization")
"""Families whose layers leave colours what they are."""


@dataclass(frozen=True)
class KernelWeights:
    """The weights of a layer as torch stores them.

    Attributes:
        tensors: by their name inside the layer. A convolution's "weight" is (filters, channels / groups, \\*kernel), a
            transposed one's (channels, filters / groups, \\*kernel), a dense layer's (units, inputs).
        colour: whether the second axis of "weight" is red, green, blue of the picture.
    """

    tensors: Mapping[str, Array]
    colour: bool


@dataclass(frozen=True)
class Kernels(Probe):
    """The weights of a layer.

    Attributes:
        node: its id.
    """

    name: ClassVar[str] = "kernels"

    node: str

    def __call__(self, subject: Session | Predictor) -> KernelWeights:
        view = view_of(subject)
        module = view.network.module_of(self.node)
        tensors = {} if module is None else {name: copied(tensor) for name, tensor in module.named_parameters()}
        if not tensors:
            raise DataError(N_("“{name}” has no weights"), name=self.node)
        weight = tensors.get("weight")
        three = weight is not None and weight.ndim == 4 and weight.shape[1] == COLOURS
        return KernelWeights(tensors, three and sees_colours(view.graph, self.node))


def sees_colours(graph: Graph, node_id: str) -> bool:
    """Whether what enters a layer is the picture itself, in red, green and blue."""
    sources = graph.inputs_of(node_id)
    while len(sources) == 1:
        layer = graph.nodes[sources[0]].layer
        if layer.kind == "input":
            return layer.output_shape().channels == COLOURS
        if layer.family.value not in POINTWISE:
            return False
        sources = graph.inputs_of(sources[0])
    return False


probes.register(Kernels.name, Kernels)
