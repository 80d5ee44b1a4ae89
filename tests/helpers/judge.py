"""PyTorch as the judge of the shape engine: every layer of a network is run on the meta device beside our analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from cnn_studio.core.analysis import Facts, Report, analyse
from cnn_studio.core.calls import Call
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.shapes import Shape, ShapeError
from cnn_studio.engine.compile import CompileError, apply_function, build_module
from tests.helpers.networks import MIXED, Taste, random_network

BATCH = 2

LARGE = "torch would try; no machine holds so many numbers"
SAME_SHAPE = "torch repeats axes of size 1; a sum of different shapes is nearly always a mistake, and papers add equals"
ON_PURPOSE: Mapping[tuple[str, str], str] = {
    ("needs_vector", "dense"): "torch would apply it along the last axis alone, which is never what a beginner means",
    ("sizes_differ", "add"): SAME_SHAPE,
    ("channels_differ", "add"): SAME_SHAPE,
    ("ranks_differ", "add"): SAME_SHAPE,
    (
        "ranks_differ",
        "multiply",
    ): "torch would line up the last axes, so a vector would meet the width, not the channels",
    ("vector", "crop"): "torch has nothing to cut from a vector and passes it on; a person expects something to happen",
    ("crop", "crop"): "torch gives maps without a single pixel",
    ("shrinks_to_nothing", "transposed_convolution"): "torch gives maps without a single pixel",
    **{(code, kind): LARGE for kind in layers for code in ("too_large", "too_many_parameters")},
}
"""(code of the refusal, kind) -> why we refuse what torch takes. Anything else is a disagreement."""
LAX_ON_META = ("extra_size",)
"""Codes of refusals that torch shares on the CPU and forgets on the meta device."""

REFUSALS = (RuntimeError, ValueError, IndexError, TypeError, AssertionError)
"""What torch raises when a layer does not fit its input."""


class Verdict:
    """What torch says of one layer: the shape it gives, or the reason of its refusal."""

    def __init__(self, layer: Layer, shapes: tuple[Shape, ...], counter: FlopCounterMode, device: str = "meta") -> None:
        self.device = device
        self.shape: Shape | None = None
        self.refusal: Exception | None = None
        self.module: nn.Module | None = None
        self.macs = 0
        before = counter.get_total_flops()
        try:
            self.shape = self._run(layer.to_torch(*shapes), shapes)
        except (ShapeError, *REFUSALS) as error:
            self.refusal = error
        except CompileError as error:  # what torch has only for maps: there is no nn.Conv0d
            if "0d" not in str(error):
                raise
            self.refusal = error
        self.macs = (counter.get_total_flops() - before) // 2 // BATCH

    def _run(self, call: Call | None, shapes: tuple[Shape, ...]) -> Shape:
        inputs = tuple(torch.empty(BATCH, *shape_tuple(shape), device=self.device) for shape in shapes)
        if call is None:
            return shapes[0]
        if call.is_function:
            return shape_of(apply_function(call, inputs))
        with torch.device(self.device):
            self.module = build_module(call).train()
        return shape_of(self.module(*inputs))


def shape_tuple(shape: Shape) -> tuple[int, ...]:
    return (shape.channels, *shape.sizes)


def small(shape: Shape) -> Shape:
    """A shape that fits in memory and differs in nothing that a refusal in LAX_ON_META depends on."""
    return Shape(shape.channels, tuple(min(size, 8) for size in shape.sizes))


def shape_of(tensor: Tensor) -> Shape:
    batch, channels, *sizes = tensor.shape
    assert batch == BATCH
    return Shape(channels, tuple(sizes))


def disagreements(
    graph: Graph, report: Report | None = None, seen: dict[tuple[str, str], int] | None = None
) -> list[str]:
    """Every point in which torch and our analysis differ, one line each.

    Args:
        seen: counts, by (kind, "accepted" or the code of the refusal), what was compared.
    """
    report = report or analyse(graph)
    found = []
    with FlopCounterMode(display=False) as counter:
        for node_id, node in graph.nodes.items():
            facts = report.of(node_id)
            if node.layer.kind == "input" or (facts.shape is None and facts.error is None):
                continue
            if not node.layer.arity[0] <= len(facts.inputs) <= node.layer.arity[1]:
                continue
            if seen is not None:
                key = (node.layer.kind, facts.error.code if facts.error else "accepted")
                seen[key] = seen.get(key, 0) + 1
            where = f"{node.layer!r} on {[shape_tuple(shape) for shape in facts.inputs]}"
            found += [f"{where}: {line}" for line in compare(node.layer, facts, counter)]
    return found


def compare(layer: Layer, facts: Facts, counter: FlopCounterMode) -> Iterator[str]:
    """In what torch and our facts of one layer differ."""
    verdict = Verdict(layer, facts.inputs, counter)
    if facts.error is not None:
        if facts.error.code in LAX_ON_META and verdict.refusal is None:
            verdict = Verdict(layer, tuple(map(small, facts.inputs)), counter, "cpu")
        if verdict.refusal is None and (facts.error.code, layer.kind) not in ON_PURPOSE:
            yield f"we refuse ({facts.error.code}: {facts.error}), torch gives {verdict.shape}"
        return
    if verdict.refusal is not None:
        yield f"we give {facts.shape}, torch refuses: {type(verdict.refusal).__name__}: {verdict.refusal}"
        return
    pairs: dict[str, tuple[Any, Any]] = {
        "shape": (facts.shape, verdict.shape),
        "multiply-adds": (facts.macs, verdict.macs),
        **_weights(layer, facts, verdict.module),
    }
    for name, (ours, theirs) in pairs.items():
        if ours != theirs:
            yield f"{name}: ours {ours}, torch's {theirs}"


def _weights(layer: Layer, facts: Facts, module: nn.Module | None) -> dict[str, tuple[Any, Any]]:
    weights = layer.weights(*facts.inputs)
    learned: dict[str, Tensor] = {}
    state: dict[str, Any] = {}
    if module is not None:
        module.requires_grad_(layer.is_trainable)
        learned = dict(module.named_parameters())
        state = {name: value for name, value in module.state_dict().items() if "num_batches_tracked" not in name}
    trainable = sum(value.numel() for value in learned.values() if value.requires_grad)
    return {
        "parameters": (facts.parameters, sum(value.numel() for value in learned.values())),
        "trainable": (facts.trainable, trainable),
        "weights": (
            [(weight.name, weight.shape, weight.statistic) for weight in weights],
            [(name, tuple(value.shape), name not in learned) for name, value in state.items()],
        ),
    }


def campaign(seeds: range, taste: Taste = MIXED, seen: dict[tuple[str, str], int] | None = None) -> list[str]:
    """The disagreements over one random network for each seed, each line with its seed."""
    return [
        f"seed {seed}: {line}"
        for seed in seeds
        for line in disagreements(random_network(Random(seed), taste), seen=seen)
    ]
