"""A network as Keras builds it: one entry for each Keras layer, with its name, shape and parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from cnn_studio.core.calls import Call
from cnn_studio.core.export.flow import Flow, flow_of
from cnn_studio.core.export.keras_helpers import HELPERS
from cnn_studio.core.graph import Graph, identifiers
from cnn_studio.core.layers.base import Family, Weight
from cnn_studio.core.layers.channels_last import Pads, channels_to_front, last_sizes, same_in_both_orders
from cnn_studio.core.shapes import Shape, reach_of

BESIDE = (
    "Permute",
    "Reshape",
    "Rescaling",
    "ZeroPadding",
    "LowestPadding",
    "ContinuedPadding",
    "Cropping",
    "SpreadPixels",
    "MaxPooling",
)
"""Layers that may stand beside the one that a node is about; the later ones are likelier that one themselves."""

SUFFIXES = {
    "Permute": "order",
    "Reshape": "shape",
    "Rescaling": "scale",
    "ZeroPadding": "pad",
    "LowestPadding": "pad",
    "ContinuedPadding": "pad",
    "Cropping": "crop",
    "SpreadPixels": "spread",
    "MaxPooling": "stride",
    "Conv": "depthwise",
    "UpSampling": "blend",
}
"""What is added to a node's name for the layers beside the one that it is about."""


@dataclass(frozen=True, slots=True)
class KerasLayer:
    """One layer of the Keras model.

    Attributes:
        node_id: the node that it belongs to; several layers may belong to one.
        call: its constructor, with its name.
        inputs: names of the layers whose outputs it takes, in order.
        shape: of its output, channels first like everywhere.
        parameters: all numbers it holds, moving statistics among them.
        trainable: those that training changes.
    """

    name: str
    node_id: str
    call: Call
    inputs: tuple[str, ...]
    shape: Shape
    parameters: int = 0
    trainable: int = 0

    @property
    def class_name(self) -> str:
        """The class as Keras writes it in a summary."""
        return "InputLayer" if self.call.target == "keras.Input" else self.call.target.rpartition(".")[2]


@dataclass(frozen=True)
class KerasModel:
    """The layers in an order in which they can be built, and which of them begin and end the model.

    Attributes:
        answers: names of the layers that give the outputs, the auxiliary ones last.
        variables: for each node that makes a Keras layer, a Python name that hides nothing.
        made_by: for each node that computes, the name of the Keras layer that gives its value.
    """

    flow: Flow
    layers: tuple[KerasLayer, ...]
    answers: tuple[str, ...]
    variables: Mapping[str, str]
    made_by: Mapping[str, str]

    @property
    def inputs(self) -> tuple[KerasLayer, ...]:
        """The layers where samples enter."""
        return tuple(layer for layer in self.layers if layer.class_name == "InputLayer")

    @property
    def is_sequential(self) -> bool:
        """Whether every layer takes just what the one before it gives, and the last is the only answer."""
        names = [layer.name for layer in self.layers]
        return (
            len(names) > 1
            and self.answers == (names[-1],)
            and all(layer.inputs == (before,) for before, layer in zip(names, self.layers[1:], strict=False))
        )


def keras_model(graph: Graph) -> KerasModel:
    """The Keras model of a network. Raises ExportError when the network cannot run."""
    return _Builder(flow_of(graph)).model()


class _Builder:
    """Makes the layers of one node after another."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.names = identifiers(flow.graph)
        self.taken = {*self.names.values()}
        self.layers: list[KerasLayer] = []
        self.made_by: dict[str, str] = {}

    def model(self) -> KerasModel:
        flow = self.flow
        for node_id in flow.order:
            self._add(node_id)
        return KerasModel(
            flow,
            tuple(self.layers),
            tuple(self.made_by[node_id] for node_id in (*flow.answers, *flow.auxiliary)),
            self._variables(),
            self.made_by,
        )

    def _variables(self) -> dict[str, str]:
        used = set(self.names.values())
        found = {}
        for node_id in self.flow.order:
            name = self.names[node_id]
            found[node_id] = free_name(f"{name}_", used) if name in HELPERS else name
        return found

    def _add(self, node_id: str) -> None:
        layer, facts = self.flow.graph.nodes[node_id].layer, self.flow.report.facts[node_id]
        assert facts.shape is not None  # flow_of() refuses what has none
        if node_id in self.flow.inputs:
            self._append(
                node_id, Call("keras.Input", (last_sizes(facts.shape),)), self.names[node_id], (), facts.shape, ()
            )
            return
        inputs = tuple(self.made_by[source] for source in self.flow.sources[node_id])
        calls = layer.to_keras(*facts.inputs)
        if layer.kind == "flatten" and order_matters(self.flow, node_id):
            calls = (*channels_to_front(facts.inputs[0]), *calls)
        if not calls:  # a border of nothing
            self.made_by[node_id] = inputs[0]
            return
        main = max(range(len(calls)), key=lambda index: (_rank(calls[index]), index))
        weights = iter(self._weights(node_id, sum(_rank(call) == len(BESIDE) for call in calls)))
        shape = facts.inputs[0]
        for index, call in enumerate(calls):
            shape = facts.shape if index == len(calls) - 1 else shape_after(call, shape)
            own = next(weights) if _rank(call) == len(BESIDE) else ()
            name = self.names[node_id] if index == main else self._beside(node_id, call)
            self._append(node_id, call, name, inputs, shape, own)
            inputs = (name,)

    def _weights(self, node_id: str, count: int) -> list[tuple[Weight, ...]]:
        """The weights of a node shared out: two layers with weights are a depthwise one and what mixes its channels."""
        weights = self.flow.graph.nodes[node_id].layer.weights(*self.flow.report.facts[node_id].inputs)
        return [weights] if count < 2 else [weights[:1], weights[1:]]

    def _beside(self, node_id: str, call: Call) -> str:
        return free_name(f"{self.names[node_id]}_{SUFFIXES[_stem(call)]}", self.taken)

    def _append(  # noqa: PLR0917 - the fields of a layer
        self, node_id: str, call: Call, name: str, inputs: tuple[str, ...], shape: Shape, weights: tuple[Weight, ...]
    ) -> None:
        frozen = bool(weights) and not self.flow.graph.nodes[node_id].layer.is_trainable
        options = {**call.kwargs, **({"trainable": False} if frozen else {}), "name": name}
        learned = sum(prod(weight.shape) for weight in weights if not weight.statistic)
        self.layers.append(
            KerasLayer(
                name,
                node_id,
                Call(call.target, call.args, options),
                inputs,
                shape,
                sum(prod(weight.shape) for weight in weights),
                0 if frozen else learned,
            )
        )
        self.made_by[node_id] = name


def free_name(name: str, taken: set[str]) -> str:
    """The name, or with the smallest number that makes it new; it counts as taken from now on."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name}{number}", number + 1
    taken.add(free)
    return free


def _stem(call: Call) -> str:
    """The class without its rank: "layers.Conv2D" is "Conv"."""
    return re.sub(r"[123]D$", "", call.target.rpartition(".")[2])


def _rank(call: Call) -> int:
    """How likely a layer is the one that its node is about."""
    stem = _stem(call)
    return BESIDE.index(stem) if stem in BESIDE else len(BESIDE)


ORDER_KEPT = frozenset([Family.ACTIVATION, Family.REGULARIZATION])
ORDER_KEPT_KINDS = frozenset(["batch_norm", "layer_norm", "concatenate", "flatten"])


def order_matters(flow: Flow, flatten: str) -> bool:
    """Whether anything but the weights of dense layers depends on the order in which a Flatten lays its values out."""
    if same_in_both_orders(flow.report.facts[flatten].inputs[0]):
        return False
    waiting, seen = [flatten], {flatten}
    ends = {*flow.answers, *flow.auxiliary}
    while waiting:
        node_id = waiting.pop()
        if node_id in ends:
            return True
        for user in flow.users[node_id]:
            layer = flow.graph.nodes[user].layer
            if layer.kind == "dense" or user in seen:
                continue
            if layer.family not in ORDER_KEPT and layer.kind not in ORDER_KEPT_KINDS:
                return True
            seen.add(user)
            waiting.append(user)
    return False


def shape_after(call: Call, shape: Shape) -> Shape:
    """Shape that a layer gives which is not the last of its node."""
    stem, rank = _stem(call), shape.rank
    if stem in ("Reshape", "Permute"):
        sizes = call.args[0] if stem == "Reshape" else tuple(last_sizes(shape)[axis - 1] for axis in call.args[0])
        return Shape(sizes[-1], tuple(sizes[:-1]))
    if "Conv" in stem:
        return _convolved(call, stem, shape)
    if stem in ("ZeroPadding", "LowestPadding", "ContinuedPadding"):
        axes = [n + before + after for n, (before, after) in zip(shape.sizes, _pads(call.args[0], rank), strict=True)]
    elif stem == "SpreadPixels":
        axes = [(n - 1) * s + 1 for n, s in zip(shape.sizes, _axes(call.args[0], rank), strict=True)]
    elif stem == "UpSampling":
        axes = [n * f for n, f in zip(shape.sizes, _axes(call.args[0], rank), strict=True)]
    elif stem == "MaxPooling":  # of patches of one pixel, for its stride
        axes = [-(-n // s) for n, s in zip(shape.sizes, _axes(call.kwargs["strides"], rank), strict=True)]
    else:
        axes = list(shape.sizes)
    return Shape(shape.channels, tuple(axes))


def _convolved(call: Call, stem: str, shape: Shape) -> Shape:
    rank, options = shape.rank, call.kwargs
    kernel = _axes(call.args[0 if stem == "DepthwiseConv" else 1], rank)
    strides, dilations = _axes(options.get("strides", 1), rank), _axes(options.get("dilation_rate", 1), rank)
    channels = shape.channels * options.get("depth_multiplier", 1) if stem == "DepthwiseConv" else call.args[0]
    reaches = [reach_of(k, d) for k, d in zip(kernel, dilations, strict=True)]
    axes = list(zip(shape.sizes, reaches, strides, strict=True))
    if stem.endswith("Transpose"):
        return Shape(channels, tuple((n - 1) * s + max(reach, s) for n, reach, s in axes))
    if options.get("padding") == "same":
        return Shape(channels, tuple(-(-n // s) for n, _reach, s in axes))
    return Shape(channels, tuple((n - reach) // s + 1 for n, reach, s in axes))


def _axes(value: int | tuple[int, ...], rank: int) -> tuple[int, ...]:
    return (value,) * rank if isinstance(value, int) else value


def _pads(value: Any, rank: int) -> Pads:
    """What ``margins`` wrote shortly, in full."""
    if isinstance(value, int):
        return ((value, value),) * rank
    if rank == 1 and isinstance(value[0], int):
        return (value,)
    return tuple((pair, pair) if isinstance(pair, int) else pair for pair in value)
