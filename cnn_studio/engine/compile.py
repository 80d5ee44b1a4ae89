"""A network that runs, made from a graph by carrying out the Calls of its layers.

Only what stands in the two tables below is ever called; nothing is executed as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from cnn_studio.core.analysis import Report, analyse
from cnn_studio.core.calls import Arg, Call
from cnn_studio.core.graph import Graph, identifiers
from cnn_studio.core.words import Words, say
from cnn_studio.engine.modules import GaussianNoise
from cnn_studio.i18n import N_

_BY_RANK = (
    "AdaptiveAvgPool", "AvgPool", "BatchNorm", "CircularPad", "Conv", "ConvTranspose", "Dropout", "InstanceNorm",
    "MaxPool", "ReflectionPad", "ReplicationPad", "ZeroPad",
)  # fmt: skip
_OTHERS = (
    "Dropout", "ELU", "Flatten", "GELU", "GroupNorm", "LayerNorm", "LeakyReLU", "Linear", "LocalResponseNorm", "PReLU",
    "ReLU", "Sequential", "SiLU", "Sigmoid", "Softmax", "Tanh", "Upsample",
)  # fmt: skip

MODULES: Mapping[str, Callable[..., nn.Module]] = {
    **{f"nn.{name}": getattr(nn, name) for name in _OTHERS},
    **{f"nn.{name}{rank}d": getattr(nn, f"{name}{rank}d") for name in _BY_RANK for rank in (1, 2, 3)},
    "GaussianNoise": GaussianNoise,
}
"""Constructors that a Call may name."""

FUNCTIONS: Mapping[str, Callable[..., Tensor]] = {
    "torch.add": torch.add,
    "torch.mul": torch.mul,
    "torch.cat": torch.cat,
    "torch.mean": torch.mean,
    "torch.amax": torch.amax,
    "torch.reshape": torch.reshape,
    "F.pad": functional.pad,
}
"""Functions that a Call may name."""


class CompileError(Exception):
    """A graph that cannot run; carries the sentence that says why."""

    def __init__(self, template: str, /, **values: Any) -> None:
        super().__init__(template)
        self.words: Words = say(template, **values)

    def __str__(self) -> str:
        return str(self.words)


def build_module(call: Call) -> nn.Module:
    """The module that a Call makes. Raises CompileError when it names what is not allowed."""
    make = MODULES.get(call.target)
    if make is None:
        raise CompileError(N_("“{target}” is not among the modules that a network may use"), target=call.target)
    return make(*(_made(value) for value in call.args), **{name: _made(value) for name, value in call.kwargs.items()})


def _made(value: Any) -> Any:
    return build_module(value) if isinstance(value, Call) else value


def check_function(call: Call) -> None:
    """Raises CompileError when a function of the inputs names what is not allowed."""
    for inner in call.calls():
        if inner.target not in FUNCTIONS:
            raise CompileError(N_("“{target}” is not among the functions that a network may use"), target=inner.target)


def apply_function(call: Call, inputs: tuple[Tensor, ...]) -> Tensor:
    """What a function Call gives for these inputs."""
    arguments = [_filled(value, inputs) for value in call.args]
    return FUNCTIONS[call.target](*arguments, **{name: _filled(value, inputs) for name, value in call.kwargs.items()})


def _filled(value: Any, inputs: tuple[Tensor, ...]) -> Any:
    if isinstance(value, Arg):
        return inputs[value.position]
    if isinstance(value, Call):
        return apply_function(value, inputs)
    if isinstance(value, tuple):
        return tuple(_filled(item, inputs) for item in value)
    return value


class Step(NamedTuple):
    """How one node is worked out.

    Attributes:
        module: name of the attribute that holds its module, or "".
        function: the Call to carry out when there is no module; None passes the input on.
        needed: whether the main answer depends on it (auxiliary outputs alone do not count).
        done: nodes whose values no later step asks for; empty where forward() must not forget them.
    """

    node: str
    sources: tuple[str, ...]
    module: str
    function: Call | None
    needed: bool
    done: tuple[str, ...] = ()


class Network(nn.Module):
    """A compiled graph. Made by ``compile_network``.

    ``forward(x)`` gives the Output's answer for a batch; while training a network with auxiliary outputs, a tuple of
    the main answer and theirs, in the order of the graph. ``names`` tells under which attribute a node's module stands.
    """

    def __init__(self, entry: str, answers: tuple[str, ...], steps: tuple[Step, ...]) -> None:
        super().__init__()
        self.entry = entry
        self.answers = answers
        self.steps = steps
        self.names = {step.node: step.module for step in steps if step.module}

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, ...]:
        """The answer for a batch, values that are no longer needed given back on the way."""
        answers = self.answers if self.training else self.answers[:1]
        values = {self.entry: x}
        for step in self.steps:
            if step.needed or self.training:
                values[step.node] = self._value(step, values)
                for node in step.done:
                    values.pop(node, None)
        found = tuple(values[answer] for answer in answers)
        return found if len(found) > 1 else found[0]

    def walk(self, x: Tensor) -> Iterator[tuple[str, Tensor]]:
        """Every node's id and value, in the order of the computation."""
        values = {self.entry: x}
        yield self.entry, x
        for step in self.steps:
            values[step.node] = self._value(step, values)
            yield step.node, values[step.node]

    def forward_all(self, x: Tensor) -> dict[str, Tensor]:
        """The value of every node for a batch, auxiliary branches included, by id."""
        return dict(self.walk(x))

    def module_of(self, node_id: str) -> nn.Module | None:
        """The module of a node, or None when it has none (a merge, for example)."""
        name = self.names.get(node_id)
        return None if name is None else self.get_submodule(name)

    def _value(self, step: Step, values: Mapping[str, Tensor]) -> Tensor:
        inputs = tuple(values[source] for source in step.sources)
        if step.module:
            return self._modules[step.module](*inputs)  # type: ignore[misc, no-any-return]
        return apply_function(step.function, inputs) if step.function else inputs[0]


def compile_network(
    graph: Graph, names: Mapping[str, str] | None = None, *, device: torch.device | str | None = None
) -> Network:
    """The module of a graph; what leads to no output is left out.

    Args:
        names: attribute for the module of each node id; ``identifiers(graph)`` when not given.
        device: where the weights are made; "meta" makes none.

    Raises:
        CompileError: the graph has a layer that does not fit, or not exactly one Input and one Output.
    """
    report = analyse(graph)
    order = _checked_order(graph, report)
    names = identifiers(graph) if names is None else names
    entry = graph.of_kind("input")[0].id
    main = graph.of_kind("output")[0].id
    answers = (main, *(node.id for node in graph.of_kind("auxiliary_output")))
    needed = graph.upstream(main) | {main}
    modules: dict[str, nn.Module] = {}
    steps = []
    with torch.device(device or "cpu"):
        for node_id in order:
            layer = graph.nodes[node_id].layer
            call = layer.to_torch(*report.of(node_id).inputs)
            function = call if call is not None and call.is_function else None
            module = names[node_id] if call is not None and function is None else ""
            if function is not None:
                check_function(function)
            if module and call is not None:
                modules[module] = build_module(call).requires_grad_(layer.is_trainable)
            steps.append(Step(node_id, graph.inputs_of(node_id), module, function, node_id in needed))
    network = Network(entry, answers, _with_ends(steps, answers))
    for name, made in modules.items():
        if hasattr(network, name):
            raise CompileError(N_("“{name}” cannot be the name of a module"), name=name)
        network.add_module(name, made)
    return network


def _checked_order(graph: Graph, report: Report) -> list[str]:
    """The nodes to work out, in order, without the Input. Raises CompileError with the first thing that is wrong."""
    order = report.in_order()
    for node_id in order:
        if (error := report.of(node_id).error) is not None:
            raise CompileError(N_("“{name}”: {problem}"), name=graph.nodes[node_id].name, problem=error.words)
    for kind, template in (
        ("input", N_("a network that runs has exactly one Input, and this one has {count}")),
        ("output", N_("a network that runs has exactly one Output, and this one has {count}")),
    ):
        if (count := len(graph.of_kind(kind))) != 1:
            raise CompileError(template, count=count)
    wanted: set[str] = set()
    for node in (*graph.of_kind("output"), *graph.of_kind("auxiliary_output")):
        wanted |= graph.upstream(node.id) | {node.id}
    for node_id in order:
        if node_id not in wanted:
            continue
        if node_id in report.cyclic:
            raise CompileError(N_("“{name}” is on a cycle or behind one"), name=graph.nodes[node_id].name)
        if report.of(node_id).shape is None:
            raise CompileError(N_("“{name}” lacks an input"), name=graph.nodes[node_id].name)
    return [node_id for node_id in order if node_id in wanted and graph.nodes[node_id].layer.arity[1] > 0]


def _with_ends(steps: list[Step], answers: tuple[str, ...]) -> tuple[Step, ...]:
    """The steps, each told which values no later one asks for."""
    last: dict[str, int] = {}
    for index, step in enumerate(steps):
        for source in step.sources:
            last[source] = index
    ends: dict[int, list[str]] = {}
    for node, index in last.items():
        if node not in answers:
            ends.setdefault(index, []).append(node)
    return tuple(step._replace(done=tuple(ends.get(index, ()))) for index, step in enumerate(steps))
