"""How strongly a batch would change each layer: gradients that vanish or explode show here first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor, nn

from cnn_studio.engine.compile import Network
from cnn_studio.engine.datasets.base import Array
from cnn_studio.engine.insight import probes
from cnn_studio.engine.insight.base import Probe, Statistics, View, statistics_of, undisturbed, view_of
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
        loss, parameters, nodes, found = _backward(view_of(subject), self.samples, self.labels, nodes=True)
        return _sizes(loss, parameters, nodes, found)


@dataclass(frozen=True, eq=False)
class GradientNorms(Probe):
    """The same for the weights alone, and of each no more than its norm: cheap beside the step that it looks at.

    Gives for each weight that is trained the norm of its gradient divided by its own, as ``GradientSizes.relative``; no
    number where the gradient has one that is not finite.

    Attributes:
        samples, labels: as for Gradients.
    """

    name: ClassVar[str] = "gradient_norms"

    samples: Array | None = None
    labels: Array | None = None

    def __call__(self, subject: Session | Predictor) -> Mapping[str, float]:
        _loss, parameters, _nodes, found = _backward(view_of(subject), self.samples, self.labels, nodes=False)
        norms = {}
        for (name, weight), gradient in zip(parameters.items(), found, strict=True):
            if gradient is not None:
                size, own = gradient.float().norm().item(), weight.detach().float().norm().item()
                norms[name] = float("nan") if not isfinite(size) else size / own if own else float("inf")
        return norms


def _backward(
    view: View, samples: Array | None, labels: Array | None, *, nodes: bool
) -> tuple[Tensor, Mapping[str, Tensor], list[str], tuple[Tensor | None, ...]]:
    """The loss of a batch, the weights that are trained, the nodes that it depends on where they are wanted, and the
    gradients by all these."""
    if samples is None or labels is None:
        stored, wanted_labels = view.samples(min(BATCH, view.at_once))
        entered = view.values(stored)
    else:
        entered = view.entered(samples)
        wanted_labels = torch.from_numpy(labels.astype("int64")).to(view.device)
    network = view.learning
    # A batch of one has no deviation for a batch normalization to learn from: then as in evaluation.
    with undisturbed(network, training=len(entered) >= FEWEST), torch.enable_grad():
        parameters = {name: weight for name, weight in network.named_parameters() if weight.requires_grad}
        values = _values(network, entered)
        answers = [values[node].float() for node in network.answers]
        loss = view.loss(answers[0], tuple(answers[1:]), wanted_labels)
        reached = [node for node, value in values.items() if value.requires_grad] if nodes else []
        wanted = [*parameters.values(), *(values[node] for node in reached)]
        found = torch.autograd.grad(loss, wanted, allow_unused=True) if wanted else ()
    return loss, parameters, reached, found


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
probes.register(GradientNorms.name, GradientNorms)
