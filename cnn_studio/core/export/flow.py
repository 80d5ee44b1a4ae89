"""A network in reading order: what is written down first, and which variable holds each value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from cnn_studio.core.analysis import Report, analyse
from cnn_studio.core.export import ExportError
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.layers.endpoints import AuxiliaryOutput, Input, Output
from cnn_studio.core.reading import reading_order, trunk_of
from cnn_studio.i18n import N_

MAIN = "x"
"""The variable that the trunk of a network is written with; no layer is ever called so."""


def wanted_nodes(graph: Graph) -> frozenset[str]:
    """Ids of the nodes on which an Output or an auxiliary one depends; what else is drawn is not exported."""
    ends = [node.id for node in graph.nodes.values() if isinstance(node.layer, (Output, AuxiliaryOutput))]
    return frozenset(ends).union(*(graph.upstream(end) for end in ends))


def sound_report(graph: Graph) -> Report:
    """The report of a network that can run. Raises ExportError naming the layer that is wrong."""
    report = analyse(graph)
    for node_id in report.in_order():
        error = report.facts[node_id].error
        if error is not None:
            raise ExportError(N_("“{name}” does not fit: {reason}"), name=graph.nodes[node_id].name, reason=error.words)
    for kind, sentence in (
        (Input.kind, N_("the network has no Input")),
        (Output.kind, N_("the network has no Output")),
    ):
        if not graph.of_kind(kind):
            raise ExportError(sentence)
    wanted = wanted_nodes(graph)
    for node_id in report.in_order():
        node = graph.nodes[node_id]
        if node_id in wanted and len(graph.inputs_of(node_id)) < node.layer.arity[0]:
            raise ExportError(N_("“{name}” lacks an input"), name=node.name)
        if node_id in wanted & report.cyclic and node_id in graph.downstream(node_id):
            raise ExportError(N_("“{name}” stands on a cycle: its output comes back to it"), name=node.name)
    return report


@dataclass(frozen=True)
class Flow:
    """A network that can run, seen as the lines of a program.

    Outputs compute nothing: a value is followed through them to the layer that makes it.
    """

    graph: Graph
    report: Report

    def source_of(self, node_id: str) -> str:
        """The node that makes the value found at a node."""
        while isinstance(self.graph.nodes[node_id].layer, (Output, AuxiliaryOutput)):
            (node_id,) = self.graph.inputs_of(node_id)
        return node_id

    @cached_property
    def sources(self) -> Mapping[str, tuple[str, ...]]:
        """For each node that computes and leads to an answer, the nodes that make its inputs."""
        wanted = wanted_nodes(self.graph).union(self.inputs)
        return {
            node_id: tuple(self.source_of(source) for source in self.graph.inputs_of(node_id))
            for node_id, node in self.graph.nodes.items()
            if node_id in wanted and not isinstance(node.layer, (Output, AuxiliaryOutput))
        }

    @cached_property
    def users(self) -> Mapping[str, tuple[str, ...]]:
        """For each node that computes, the nodes that take its value, each once."""
        found: dict[str, list[str]] = {node_id: [] for node_id in self.sources}
        for target, sources in self.sources.items():
            for source in dict.fromkeys(sources):
                found[source].append(target)
        return {node_id: tuple(targets) for node_id, targets in found.items()}

    def _ends(self, kind: type[Output | AuxiliaryOutput]) -> list[Node]:
        return [node for node in self.graph.nodes.values() if isinstance(node.layer, kind)]

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Ids of the Inputs, in order."""
        return tuple(node_id for node_id, node in self.graph.nodes.items() if isinstance(node.layer, Input))

    @cached_property
    def answers(self) -> tuple[str, ...]:
        """Ids of the nodes whose values are the answers, one for each Output."""
        return tuple(self.source_of(node.id) for node in self._ends(Output))

    @cached_property
    def auxiliary(self) -> tuple[str, ...]:
        """Ids of the nodes whose values are the auxiliary answers."""
        return tuple(self.source_of(node.id) for node in self._ends(AuxiliaryOutput))

    @cached_property
    def trunk(self) -> frozenset[str]:
        """Ids of the nodes on which an answer depends, auxiliary ones left aside."""
        return trunk_of(self.graph)

    @cached_property
    def parameters(self) -> int:
        """Numbers learned by the layers that lead to an answer."""
        return sum(self.report.facts[node_id].parameters for node_id in self.sources)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Ids of the nodes that compute, Inputs first, as people read them."""
        return tuple(node_id for node_id in reading_order(self.graph) if node_id in self.sources)

    def branches(self, node_id: str) -> list[str]:
        """The users that carry on the trunk and take this value alone (not merges)."""
        return [user for user in self.users[node_id] if user in self.trunk and len(self.sources[user]) == 1]


@dataclass(frozen=True)
class Line:
    """One value worked out: the node, the variables that take it, and the variables it is made from."""

    node_id: str
    targets: tuple[str, ...]
    arguments: tuple[str, ...]


def flow_of(graph: Graph) -> Flow:
    """The flow of a network. Raises ExportError when it cannot run."""
    return Flow(graph, sound_report(graph))


@dataclass(frozen=True)
class Script:
    """The lines of ``forward``: its parameters, its lines in order, and the variables that hold the answers."""

    parameters: tuple[str, ...]
    lines: tuple[Line, ...]
    answers: tuple[str, ...]
    auxiliary: tuple[str, ...]


def script_of(flow: Flow, names: Mapping[str, str]) -> Script:
    """Give every value a variable: the trunk is written with ``x``, what lives beside it with its layer's name.

    A value that is taken up again by a merge further on (a skip connection) gets both: ``x = relu1 = ...``.
    """
    return _Namer(flow, names).script()


class _Namer:
    """Walks the order once and keeps track of which values are still needed, and which one ``x`` holds."""

    def __init__(self, flow: Flow, names: Mapping[str, str]) -> None:
        self.flow = flow
        self.names = names
        ends = (*flow.answers, *flow.auxiliary)
        self.pending = {node_id: len(users) + ends.count(node_id) for node_id, users in flow.users.items()}
        self.kept: set[str] = set()
        self.held = ""

    def script(self) -> Script:
        flow = self.flow
        lines: list[Line] = []
        single = len(flow.inputs) == 1
        if single:
            (self.held,) = flow.inputs
            if self._is_skipped(self.held):
                self.kept.add(self.held)
                lines.append(Line(self.held, (self.names[self.held],), (MAIN,)))
        else:
            self.kept.update(flow.inputs)
        lines.extend(self._line(node_id) for node_id in flow.order if node_id not in flow.inputs)
        return Script(
            (MAIN,) if single else tuple(self.names[node_id] for node_id in flow.inputs),
            tuple(lines),
            tuple(self._variable(node_id) for node_id in flow.answers),
            tuple(self._variable(node_id) for node_id in flow.auxiliary),
        )

    def _variable(self, node_id: str) -> str:
        return MAIN if node_id == self.held else self.names[node_id]

    def _line(self, node_id: str) -> Line:
        sources = self.flow.sources[node_id]
        arguments = tuple(self._variable(source) for source in sources)
        for source in set(sources):
            self.pending[source] -= 1
        if not self._takes_main(node_id):
            self.kept.add(node_id)
            return Line(node_id, (self.names[node_id],), arguments)
        self.held = node_id
        if not self._is_skipped(node_id):
            return Line(node_id, (MAIN,), arguments)
        self.kept.add(node_id)
        return Line(node_id, (MAIN, self.names[node_id]), arguments)

    def _takes_main(self, node_id: str) -> bool:
        """Whether a value goes into ``x``: what is there must be needed no more, and be continued by this one."""
        if node_id not in self.flow.trunk:
            return False
        if self.held and self.pending[self.held] and self.held not in self.kept:
            return False
        sources = self.flow.sources[node_id]
        if len(sources) > 1 or not self.held:
            return True
        return sources[0] == self.held and len(self.flow.branches(self.held)) < 3

    def _is_skipped(self, node_id: str) -> bool:
        """Whether exactly one layer continues this value while merges further on take it again."""
        branches = self.flow.branches(node_id)
        merges = [user for user in self.flow.users[node_id] if user in self.flow.trunk and user not in branches]
        is_answer = node_id in (*self.flow.answers, *self.flow.auxiliary)
        return len(branches) == 1 and (bool(merges) or is_answer)
