"""What a network means: shapes, parameters, cost and reach of every layer, kept up to date edit by edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from cnn_studio.core.graph import Graph, topological_order
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.layers.endpoints import Input
from cnn_studio.core.shapes import MAX_VALUES, Reach, Shape, ShapeError, Step, extend_reach, input_reach, merge_reach
from cnn_studio.core.words import Words
from cnn_studio.i18n import N_

BYTES = 4
"""Bytes of one value in single precision."""


class Facts(NamedTuple):
    """What is known of one node.

    Attributes:
        inputs: shapes that come in; empty when they are not known.
        shape: shape that goes out, or None when it cannot be known.
        reach: what part of the picture a unit sees, or None.
        parameters: numbers learned, or that would be if the layer were not frozen.
        trainable: numbers that training may change.
        macs: multiply-adds for one sample.
        error: why the layer does not fit, or None.
        window: what of its input a unit reads, see ``Layer.window``.
    """

    inputs: tuple[Shape, ...] = ()
    shape: Shape | None = None
    reach: Reach | None = None
    parameters: int = 0
    trainable: int = 0
    macs: int = 0
    error: ShapeError | None = None
    window: tuple[Step, ...] = ()

    @property
    def memory_forward(self) -> int:
        """Bytes that the output of one sample takes, in single precision."""
        return BYTES * self.shape.values if self.shape else 0

    @property
    def memory_training(self) -> int:
        """Bytes that the output of one sample and its gradient take while training."""
        return 2 * self.memory_forward


UNKNOWN = Facts()


@dataclass(frozen=True)
class Totals:
    """Sums over a network."""

    parameters: int = 0
    trainable: int = 0
    macs: int = 0
    values: int = 0

    @property
    def memory_forward(self) -> int:
        """Bytes of all outputs of one sample, in single precision."""
        return BYTES * self.values

    @property
    def memory_training(self) -> int:
        """Bytes of all outputs of one sample and their gradients."""
        return 2 * self.memory_forward

    def memory_of_run(self, batch: int, optimizer_copies: int = 2) -> int:
        """Bytes that training with this batch takes: activations, gradients, weights and the optimizer's copies."""
        return batch * self.memory_training + BYTES * self.parameters * (2 + optimizer_copies)


@dataclass(frozen=True)
class Report:
    """The analysis of one graph. ``changed`` are the nodes whose facts are not those of the report before.

    ``order`` gives every node a number greater than those of the nodes that feed it; ``cyclic`` are the nodes on a
    cycle or fed by one.
    """

    graph: Graph
    facts: Mapping[str, Facts]
    totals: Totals
    order: Mapping[str, float]
    cyclic: frozenset[str] = frozenset()
    changed: frozenset[str] = field(default=frozenset(), compare=False)

    def of(self, node_id: str) -> Facts:
        """Facts of one node."""
        return self.facts[node_id]

    def in_order(self) -> list[str]:
        """Ids such that every node comes after what feeds it; nodes on cycles last."""
        return sorted(self.graph.nodes, key=lambda node_id: self.order.get(node_id, float("inf")))

    def size_sums(self, node_id: str) -> tuple[Words, ...]:
        """The arithmetic of a node's output sizes."""
        facts = self.facts[node_id]
        return self.graph.nodes[node_id].layer.size_sums(*facts.inputs) if facts.shape else ()

    def parameter_sum(self, node_id: str) -> Words | None:
        """The arithmetic of a node's parameters."""
        facts = self.facts[node_id]
        return self.graph.nodes[node_id].layer.parameter_sum(*facts.inputs) if facts.shape else None


def facts_of(layer: Layer, inputs: tuple[Facts, ...]) -> Facts:
    """Facts of one layer fed by nodes of known facts. Never raises: what does not fit is an error in the facts."""
    fewest, most = layer.arity
    if not fewest <= len(inputs) <= most:
        return UNKNOWN if len(inputs) < fewest else Facts(error=too_many(layer, len(inputs)))
    shapes = []
    for facts in inputs:
        if facts.shape is None:
            return UNKNOWN
        shapes.append(facts.shape)
    try:
        shape = layer.output_shape(*shapes)
    except ShapeError as error:
        return Facts(tuple(shapes), error=error)
    if not inputs:
        return Facts((), shape, input_reach(shape.sizes))
    reach = inputs[0].reach if len(inputs) == 1 else merge_reach(tuple(facts.reach for facts in inputs if facts.reach))
    assert reach is not None  # a node with a shape has a reach
    parameters = layer.parameter_count(*shapes)
    if parameters > MAX_VALUES:
        return Facts(tuple(shapes), error=too_heavy(parameters))
    window = layer.window(*shapes)
    return Facts(
        tuple(shapes),
        shape,
        extend_reach(reach, window),
        parameters,
        parameters if layer.is_trainable else 0,
        layer.macs(*shapes),
        window=window,
    )


def _seeing_otherwise(facts: Facts, inputs: tuple[Facts, ...]) -> Facts | None:
    """The facts of a layer whose inputs see another part of the picture; None where more than that has changed."""
    if facts.shape is None or not inputs or tuple([one.shape for one in inputs]) != facts.inputs:
        return None
    reach = inputs[0].reach if len(inputs) == 1 else merge_reach(tuple([one.reach for one in inputs if one.reach]))
    assert reach is not None  # a node with a shape has a reach
    shapes, shape, _reach, parameters, trainable, macs, error, window = facts
    return Facts(shapes, shape, extend_reach(reach, window), parameters, trainable, macs, error, window)


def too_heavy(parameters: int) -> ShapeError:
    """The error of a layer whose weights no machine could hold."""
    return ShapeError(
        "too_many_parameters",
        N_("it would have {parameters} parameters, more than any machine can hold"),
        parameters=parameters,
    )


def too_many(layer: Layer, count: int) -> ShapeError:
    """The error of a layer with more inputs than it takes."""
    if isinstance(layer, Input):
        return ShapeError("too_many_inputs", N_("nothing can be connected into an Input"), count=count)
    return ShapeError("too_many_inputs", N_("it takes one input, and has {count}"), count=count)


def analyse(graph: Graph, before: Report | None = None) -> Report:
    """Shapes, counts and reach of every node; only what an edit can have changed is worked out again.

    Args:
        before: the report of the graph before the edit; without it everything is worked out.
    """
    if before is None:
        order_list, cyclic = topological_order(graph)
        order: Mapping[str, float] = {node_id: float(index) for index, node_id in enumerate(order_list)}
        return _work(graph, dict.fromkeys(graph.nodes, UNKNOWN), Totals(), order, frozenset(cyclic), set(graph.nodes))
    if graph is before.graph:
        return Report(graph, before.facts, before.totals, before.order, before.cyclic)
    old = before.graph
    dirty, gone = _differences(graph, old)
    facts = dict(before.facts)
    totals = before.totals
    for node_id in gone:
        totals = _added(totals, facts.pop(node_id), -1)
    order, cyclic_now = _order(graph, before, dirty)
    for node_id in dirty:
        facts.setdefault(node_id, UNKNOWN)
    for node_id in cyclic_now ^ before.cyclic:
        if node_id in graph.nodes:
            dirty.add(node_id)
    return _work(graph, facts, totals, order, cyclic_now, dirty)


def _differences(graph: Graph, old: Graph) -> tuple[set[str], set[str]]:
    """Nodes whose layer or inputs are not those of before, and nodes that are gone."""
    dirty: set[str] = set()
    gone: set[str] = set()
    if graph.nodes is not old.nodes:
        old_nodes = old.nodes
        for node_id, node in graph.nodes.items():
            other = old_nodes.get(node_id)
            if other is not node and (other is None or other.layer is not node.layer):
                dirty.add(node_id)
        gone = old_nodes.keys() - graph.nodes.keys() if old_nodes.keys() != graph.nodes.keys() else set()
    if graph.inputs is not old.inputs:
        old_inputs = old.inputs
        for node_id, sources in graph.inputs.items():
            if old_inputs.get(node_id, ()) != sources:
                dirty.add(node_id)
        dirty.update(old_inputs.keys() - graph.inputs.keys())
        dirty -= gone
    return dirty, gone


def _order(graph: Graph, before: Report, dirty: set[str]) -> tuple[Mapping[str, float], frozenset[str]]:
    """An order for the new graph, kept from before where the edit allows it."""
    if graph.inputs is before.graph.inputs and graph.nodes.keys() == before.graph.nodes.keys():
        return before.order, before.cyclic
    order = _patched_order(graph, before, dirty)
    if order is not None:
        return order, frozenset()
    order_list, cyclic = topological_order(graph)
    return {node_id: float(index) for index, node_id in enumerate(order_list)}, frozenset(cyclic)


def _patched_order(graph: Graph, before: Report, dirty: set[str]) -> Mapping[str, float] | None:
    """The old order with new nodes put between their neighbours, or None where that is not enough."""
    if before.cyclic:
        return None
    order = {node_id: place for node_id, place in before.order.items() if node_id in graph.nodes}
    for node_id in dirty:
        if node_id not in order:
            sources = [order.get(source) for source in graph.inputs_of(node_id)]
            targets = [order.get(target) for target in graph.outputs_of(node_id)]
            if None in sources or None in targets:  # several new nodes side by side
                return None
            low = max((place for place in sources if place is not None), default=-1.0)
            high = min((place for place in targets if place is not None), default=low + 2)
            order[node_id] = (low + high) / 2
    for node_id in dirty:
        place = order[node_id]
        if any(order[source] >= place for source in graph.inputs_of(node_id)):
            return None
        if any(order[target] <= place for target in graph.outputs_of(node_id)):
            return None
    return order


def _added(totals: Totals, facts: Facts, sign: int) -> Totals:
    return Totals(
        totals.parameters + sign * facts.parameters,
        totals.trainable + sign * facts.trainable,
        totals.macs + sign * facts.macs,
        totals.values + sign * (facts.shape.values if facts.shape else 0),
    )


def _work(  # noqa: PLR0917 - one step of analyse(), apart for its length only
    graph: Graph,
    facts: dict[str, Facts],
    totals: Totals,
    order: Mapping[str, float],
    cyclic: frozenset[str],
    dirty: set[str],
) -> Report:
    """Work out the dirty nodes and whatever follows from them, in order."""
    parameters, trainable, macs, values = totals.parameters, totals.trainable, totals.macs, totals.values
    changed = set()
    waiting = [(order[node_id], node_id) for node_id in dirty if node_id not in cyclic]
    heapify(waiting)
    seen = set(dirty)
    nodes, inputs, outputs = graph.nodes, graph.inputs, graph.outputs
    for node_id in dirty & cyclic:
        old = facts[node_id]
        parameters, trainable, macs = parameters - old.parameters, trainable - old.trainable, macs - old.macs
        values -= old.shape.values if old.shape else 0
        facts[node_id] = UNKNOWN
        changed.add(node_id)
    while waiting:
        node_id = heappop(waiting)[1]
        old = facts[node_id]
        feeding = tuple([facts[source] for source in inputs.get(node_id, ())])
        new = None if node_id in dirty else _seeing_otherwise(old, feeding)
        if new is None:
            new = facts_of(nodes[node_id].layer, feeding)
        if new == old and new.error is None:
            if node_id in dirty:
                changed.add(node_id)
            continue
        facts[node_id] = new
        changed.add(node_id)
        parameters += new.parameters - old.parameters
        trainable += new.trainable - old.trainable
        macs += new.macs - old.macs
        values += (new.shape.values if new.shape else 0) - (old.shape.values if old.shape else 0)
        if new.shape != old.shape or new.reach != old.reach:
            for target in outputs.get(node_id, ()):
                if target not in seen and target not in cyclic:
                    seen.add(target)
                    heappush(waiting, (order[target], target))
    return Report(graph, facts, Totals(parameters, trainable, macs, values), order, cyclic, frozenset(changed))
