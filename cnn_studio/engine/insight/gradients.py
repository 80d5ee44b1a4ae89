"""How strongly a batch would change each layer: gradients that vanish or explode show here first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor, nn

from cnn_studio.engine.compile import Network
from cnn_studio.engine.datasets.base import Array
from cnn_studio.engine.insight import probes
from cnn_studio.engine.insight.base import Probe, Statistics, statistics_of, undisturbed, view_of
from cnn_studio.engine.predict import Predictor

if TYPE_CHECKING:
    from cnn_studio.engine.session import Session

BATCH = 64
FEWEST = 2


@dataclass(frozen=True)
class GradientSizes:
    """The gradient of the loss of a batch.

    Attributes:
        loss: of the batch.
        layers: for each node that the loss depends on, the root mean square of the gradient by its output.
        weights: for each weight that is trained, named by node id and its name in the layer, its gradient.
        relative: the norm of that gradient divided by the norm of the weight; infinite for weights that are all zero.
    """

    loss: float
    layers: Mapping[str, float]
    weights: Mapping[str, Statistics]
    relative: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Gradients(Probe):
    """The gradients of a batch, as training would see them; no step is taken.

    Attributes:
        samples: prepared samples (n, channels, \\*sizes) of the stored type; the first that judge the run when None.
        labels: their classes (n).
    """

    name: ClassVar[str] = "gradients"

    samples: Array | None = None
    labels: Array | None = None

    def __call__(self, subject: Session | Predictor) -> GradientSizes:
        view = view_of(subject)
        if self.samples is None or self.labels is None:
            stored, labels = view.samples(BATCH)
            entered = view.values(stored)
        else:
            entered = view.entered(self.samples)
            labels = torch.from_numpy(self.labels.astype("int64")).to(view.device)
        network = view.learning
        # A batch of one has no deviation for a batch normalization to learn from: then as in evaluation.
        with undisturbed(network, training=len(entered) >= FEWEST), torch.enable_grad():
            parameters = {name: weight for name, weight in network.named_parameters() if weight.requires_grad}
            values = _values(network, entered)
            answers = [values[node].float() for node in network.answers]
            loss = view.loss(answers[0], tuple(answers[1:]), labels)
            nodes = [node for node, value in values.items() if value.requires_grad]
            wanted = [*parameters.values(), *(values[node] for node in nodes)]
            found = torch.autograd.grad(loss, wanted, allow_unused=True) if wanted else ()
        return _sizes(loss, parameters, nodes, found)


def _values(network: Network, entered: Tensor) -> dict[str, Tensor]:
    """The value of every node, running statistics kept as they are."""
    buffers = {f"network.{name}": buffer.clone() for name, buffer in network.named_buffers()}
    values: dict[str, Tensor] = torch.func.functional_call(_Walk(network), buffers, (entered,))
    return values


class _Walk(nn.Module):
    """Gives the value of every node instead of the answer."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, entered: Tensor) -> dict[str, Tensor]:
        return self.network.forward_all(entered)


def _sizes(
    loss: Tensor, parameters: Mapping[str, Tensor], nodes: list[str], found: tuple[Tensor | None, ...]
) -> GradientSizes:
    weights, relative = {}, {}
    for (name, weight), gradient in zip(parameters.items(), found[: len(parameters)], strict=True):
        if gradient is not None:
            weights[name] = statistics_of(gradient)
            norm = weight.detach().norm().item()
            relative[name] = weights[name].norm / norm if norm else float("inf")
    layers = {
        node: gradient.float().square().mean().sqrt().item()
        for node, gradient in zip(nodes, found[len(parameters) :], strict=True)
        if gradient is not None
    }
    return GradientSizes(loss.item(), layers, weights, relative)


probes.register(Gradients.name, Gradients)
