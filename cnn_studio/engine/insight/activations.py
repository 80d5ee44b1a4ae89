"""What every layer makes of one sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor

from cnn_studio.engine.datasets.base import Array, DataError
from cnn_studio.engine.insight import probes
from cnn_studio.engine.insight.base import Probe, View, copied, undisturbed, view_of
from cnn_studio.engine.predict import Predictor
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from cnn_studio.engine.session import Session


@dataclass(frozen=True)
class ActivationMaps:
    """What layers made of a sample.

    Attributes:
        maps: for each node asked for its value, (channels, \\*sizes), or (n,) for a vector.
    """

    maps: Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class Activations(Probe):
    """All maps of chosen layers for one sample.

    Attributes:
        sample: stored type, prepared: (channels, \\*sizes) as the network takes it.
        nodes: ids of the layers; all of them when empty.
    """

    name: ClassVar[str] = "activations"

    sample: Array
    nodes: tuple[str, ...] = ()

    def __call__(self, subject: Session | Predictor) -> ActivationMaps:
        view = view_of(subject)
        entered = view.entered(self.sample[None])
        wanted = set(self.nodes)
        with undisturbed(view.network), torch.inference_mode():
            found = {node: copied(value[0]) for node, value in walked(view, entered) if not wanted or node in wanted}
        for node in self.nodes:
            if node not in found:
                raise DataError(N_("the network has no layer “{name}” that leads to its answer"), name=node)
        return ActivationMaps(found)


def walked(view: View, entered: Tensor) -> Iterator[tuple[str, Tensor]]:
    """The value of every layer as drawn: where training leaves out a last Softmax, what it would give."""
    network, graph = view.network, view.graph
    present = {network.entry, *(step.node for step in network.steps)}
    gone = {node.id for node in graph.of_kind("softmax") if node.id not in present}
    behind = {target: source for source in gone for target in graph.outputs_of(source)}
    for node, value in network.walk(entered):
        if node in behind:
            probabilities = torch.softmax(value.float(), 1)
            yield behind[node], probabilities
            yield node, probabilities
        else:
            yield node, value


probes.register(Activations.name, Activations)
