"""The weights of one layer, ready to be shown: one input channel of the filters, as they are or as they have changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor, nn

from cnn_studio.core.analysis import analyse
from cnn_studio.core.graph import Graph
from cnn_studio.engine.datasets.base import Array, DataError
from cnn_studio.engine.heads import scoring_graph
from cnn_studio.engine.insight import probes
from cnn_studio.engine.insight.base import Probe, copied, view_of
from cnn_studio.engine.insight.kernels import COLOURS, sees_colours
from cnn_studio.engine.insight.reducing import ends_of, levels, reduced
from cnn_studio.engine.predict import Predictor
from cnn_studio.engine.setup import started_network
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from cnn_studio.engine.session import Session

MOST_FILTERS = 256
"""Filters that are given at once."""
SIDE = 64
"""Values along each axis of a filter that are given; more are averaged by whole blocks."""
MOST_REFERENCE = 4_000_000
"""Weights of a layer beyond which its change is not worked out."""
MOST_STARTED = 30_000_000
"""Weights of a network beyond which its start is not computed anew."""

PLANE, COLOUR, MATRIX = "plane", "colour", "matrix"
"""What one picture is: one input channel of a filter; a filter in the picture's colours; all that a unit is given."""


@dataclass(frozen=True)
class KernelView:
    """Weights of a layer.

    Attributes:
        names: the tensors of the layer that can be shown, and their shapes.
        name: the one that is given.
        kind: what each picture is, of the three above.
        filters: how many there are in all; ``channels``: how many input channels can be chosen from.
        order: numbers of the filters that are given, in their order.
        values: (n, h, w), or (n, h, w, 3) of colour; ``levels`` the same as bytes, zero in the middle.
        most: the value that the upper end of the bytes stands for; the lower is its negative.
        norms: square root of the sum of squares of each filter that is given, over all its channels.
        change: norm of the change divided by that of the start; None where they are shown as they are.
        frames: of a filter over time, how many pictures stand beside one another in each.
    """

    names: Mapping[str, tuple[int, ...]]
    name: str
    kind: str
    filters: int
    channels: int
    order: Array
    values: Array
    levels: Array
    most: float
    norms: Array
    change: float | None
    frames: int = 1


@dataclass(frozen=True, eq=False)
class KernelViews(Probe):
    """Weights of a layer.

    Attributes:
        node: its id.
        tensor: name of a tensor in the layer; the first that can be shown where it has none of that name.
        channel: which input channel.
        by_norm: the strongest filter first; else in their own order.
        reference: the tensor as it was at the start: the change since then is given.
    """

    name: ClassVar[str] = "kernel_view"

    node: str
    tensor: str = "weight"
    channel: int = 0
    by_norm: bool = False
    reference: Array | None = None

    def __call__(self, subject: Session | Predictor) -> KernelView:
        view = view_of(subject)
        module = view.network.module_of(self.node)
        named = {} if module is None else tensors_of_module(module)
        if module is None or not named:
            drawn = view.graph.nodes.get(self.node)
            raise DataError(N_("“{name}” learns no kernels"), name=drawn.name if drawn else self.node)
        name = self.tensor if self.tensor in named else next(iter(named))
        weight, change = self._changed(named[name].detach().float())
        owner = module.get_submodule(name.rpartition(".")[0])
        if isinstance(owner, (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)) and owner.groups == 1:
            weight = weight.transpose(0, 1)
        first = name == next(iter(named))
        planes, kind, channels = self._planes(view.graph, weight, first=first)
        norms = weight.reshape(len(weight), -1).norm(dim=1) if kind != MATRIX else weight.norm()[None]
        order = torch.argsort(-norms, stable=True) if self.by_norm else torch.arange(len(norms), device=norms.device)
        order = order[:MOST_FILTERS]
        chosen, frames = _flat(planes[order], kind)
        low, high = ends_of(weight)
        most = max(-low, high)
        return KernelView(
            {key: tuple(one.shape) for key, one in named.items()}, name, kind, len(weight), channels,
            order.cpu().numpy().copy(), copied(chosen), levels(chosen, -most, most), most, copied(norms[order]), change, frames,
        )  # fmt: skip

    def _changed(self, weight: Tensor) -> tuple[Tensor, float | None]:
        """What has changed since the start, and by how much; the weights as they are where that is not asked."""
        if self.reference is None or self.reference.shape != tuple(weight.shape):
            return weight, None
        start = torch.from_numpy(self.reference).to(weight.device)
        change = weight - start
        return change, float(change.norm() / start.norm().clamp_min(1e-30))

    def _planes(self, graph: Graph, weight: Tensor, *, first: bool) -> tuple[Tensor, str, int]:
        """Pictures of all filters, what each is, and how many channels there are to choose from."""
        if first and weight.ndim == 4 and weight.shape[1] == COLOURS and sees_colours(graph, self.node):
            return weight.permute(0, 2, 3, 1), COLOUR, 1
        if weight[0, 0].numel() == 1 and weight.ndim > 2:  # each pixel by itself: what matters is which channel
            return weight.reshape(1, len(weight), -1), MATRIX, 1
        if weight.ndim == 2:
            entering = flattened(graph, self.node)
            if entering is not None and entering[0] * entering[1] * entering[2] == weight.shape[1]:
                weight = weight.reshape(len(weight), *entering)
            else:
                return weight[None], MATRIX, 1
        if weight.ndim == 3:  # of sound: channels below one another
            return weight, PLANE, 1
        channel = min(max(self.channel, 0), weight.shape[1] - 1)
        return weight[:, channel], PLANE, int(weight.shape[1])


def _flat(chosen: Tensor, kind: str) -> tuple[Tensor, int]:
    """Pictures (n, h, w) of a size that is shown, and how many frames stand beside one another in each."""
    if kind == COLOUR:
        return chosen, 1
    if kind == MATRIX:
        return reduced(chosen, 2 * SIDE)[0], 1
    frames = chosen.shape[1] if chosen.ndim == 4 else 1
    if chosen.ndim == 4:
        parts = [nn.functional.pad(frame, (0, 1)) for frame in chosen.unbind(1)]
        chosen = torch.cat(parts, 2)[..., :-1]
    return reduced(chosen, SIDE)[0], frames


def tensors_of_module(module: nn.Module) -> dict[str, Tensor]:
    """The tensors of a layer that have pictures: those with at least two axes."""
    return {name: tensor for name, tensor in module.named_parameters() if tensor.ndim > 1}


def flattened(graph: Graph, node_id: str) -> tuple[int, int, int] | None:
    """The maps (channels, height, width) that a dense layer is given one after another; None where they are no maps."""
    sources = graph.inputs_of(node_id)
    report = analyse(graph)
    while len(sources) == 1:
        layer = graph.nodes[sources[0]].layer
        if layer.kind == "flatten":
            shape = report.of(sources[0]).inputs[0]
            return (shape.channels, *shape.sizes) if shape.rank == 2 and min(shape.sizes) > 1 else None  # type: ignore[return-value]
        if layer.family.value not in ("activation", "regularization", "normalization"):
            return None
        sources = graph.inputs_of(sources[0])
    return None


def start_weights(graph: Graph, seed: int, node: str, tensor: str) -> Array | None:
    """A tensor of a layer as it was before anything was learned; None where that would take too much."""
    if analyse(graph).totals.parameters > MOST_STARTED:
        return None
    module = started_network(scoring_graph(graph), seed).module_of(node)
    found = None if module is None else dict(module.named_parameters()).get(tensor)
    if found is None or found.numel() > MOST_REFERENCE:
        return None
    return copied(found)


probes.register(KernelViews.name, KernelViews)
