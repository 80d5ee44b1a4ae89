"""The problems of a network, kept up to date edit by edit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import chain
from typing import Any

from cnn_studio.core.analysis import Report, analyse
from cnn_studio.core.context import NOTHING, Context
from cnn_studio.core.edits import EditError
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers.base import Family, Layer
from cnn_studio.core.problems.base import (
    ERROR,
    Fix,
    LocalRule,
    Problem,
    Scene,
    global_rules,
    habits,
    misfits,
)
from cnn_studio.core.problems.fit import misfit
from cnn_studio.core.problems.structure import dead_end, lacking
from cnn_studio.core.problems.trained import trained_otherwise

MARKED = frozenset(["input", "output", "auxiliary_output", "dense"])
ENDS = (Family.INPUT, Family.OUTPUT)

ANCHORS = frozenset(
    [
        "convolution",
        "transposed_convolution",
        "depthwise_convolution",
        "separable_convolution",
        "dense",
        "add",
        "multiply",
        "concatenate",
    ]
)
"""No rule looks further back than to one of these."""


@dataclass(frozen=True)
class Diagnosis:
    """Every problem of a network.

    Attributes:
        scene: what it was made from.
        local: what was found at each node that has something.
        overall: what was found in the network as a whole.
    """

    scene: Scene
    local: Mapping[str, tuple[Problem, ...]] = field(repr=False)
    overall: tuple[Problem, ...] = field(repr=False)

    @property
    def report(self) -> Report:
        """The analysis it was made from."""
        return self.scene.report

    @property
    def context(self) -> Context:
        """The data, weights and machine it was made for."""
        return self.scene.context

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Errors, then warnings, each in the order of the network."""
        codes = {problem.code for problem in (*self.overall, *chain.from_iterable(self.local.values()))}
        silent = {silenced for code in codes for silenced in SILENCES.get(code, ())}
        found = [replace(problem, diagnosis=self) for problem in self.overall]
        for problems in self.local.values():
            found += [replace(problem, diagnosis=self) for problem in problems if problem.code not in silent]
        order = self.scene.report.order
        last = float("inf")

        def place(problem: Problem) -> tuple[bool, float, tuple[str, ...], str]:
            first = order.get(problem.nodes[0], last) if problem.nodes else -1.0
            return problem.severity != ERROR, first, problem.nodes, problem.code

        return tuple(sorted(found, key=place))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps the network from being trained."""
        return tuple(problem for problem in self.problems if problem.severity == ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is probably not meant."""
        return tuple(problem for problem in self.problems if problem.severity != ERROR)

    @cached_property
    def by_node(self) -> Mapping[str, tuple[Problem, ...]]:
        """For each node that shows problems, those problems."""
        found: dict[str, list[Problem]] = {}
        for problem in self.problems:
            if problem.nodes:
                found.setdefault(problem.nodes[0], []).append(problem)
        return {node_id: tuple(problems) for node_id, problems in found.items()}

    def of(self, node_id: str) -> tuple[Problem, ...]:
        """The problems that one node shows."""
        return self.by_node.get(node_id, ())

    def mends(self, problem: Problem, fix: Fix) -> bool | None:
        """Whether an edit makes a problem go away: True, False when its layer then fails for another reason.

        None when it does not, when it cannot be done, or when another layer fails that was well before.
        """
        try:
            graph = fix.apply(self.scene.graph)
        except EditError:
            return None
        after = diagnose(analyse(graph, self.scene.report), self.scene.context, self)
        if any(other.key == problem.key for other in after.problems) or any(self.makes(one) for one in after.errors):
            return None
        return not any(other.nodes[:1] == problem.nodes[:1] for other in after.errors if other.nodes)

    def makes(self, other: Problem) -> bool:
        """Whether a problem after an edit was made by it, rather than there before or hidden behind another."""
        if other.key in self._keys:
            return False
        if any(code in SILENCES for code, _nodes in self._keys) and (
            other.severity != ERROR or not self.scene.graph.nodes
        ):
            return False
        if other.severity != ERROR and other.code in global_rules and self.errors:
            return False
        if not other.nodes:
            return True
        facts = self.scene.report.facts.get(other.nodes[0])
        return facts is None or facts.shape is not None

    @cached_property
    def _keys(self) -> frozenset[tuple[str, tuple[str, ...]]]:
        return frozenset(problem.key for problem in self.problems)


SILENCES = {
    "empty": (),
    "no_input": ("unconnected", "unreached"),
    "no_output": ("dead_end",),
    "unconnected": ("dead_end",),
    "unreached": ("dead_end",),
    "few_inputs": ("dead_end",),
}
"""Problems that follow from another one."""


def diagnose(report: Report, context: Context = NOTHING, before: Diagnosis | None = None) -> Diagnosis:
    """Every problem of a network; only what an edit can have changed is looked at again.

    Args:
        before: the diagnosis before the edit; without it, or for another context, everything is looked at.
    """
    graph = report.graph
    if before is None or not (context is before.context or context == before.context):
        marks = {node_id: node.layer.kind for node_id, node in graph.nodes.items() if node.layer.kind in MARKED}
        scene = Scene(report, context, marks)
        return Diagnosis(scene, _look(scene, graph.nodes), _look_over(scene))
    dirty, gone = _dirty(report, before.report)
    marks = dict(before.scene.marks)
    local = dict(before.local)
    for node_id in gone:
        marks.pop(node_id, None)
        local.pop(node_id, None)
    for node_id in dirty:
        local.pop(node_id, None)
        kind = graph.nodes[node_id].layer.kind
        if kind in MARKED:
            marks[node_id] = kind
        else:
            marks.pop(node_id, None)
    scene = Scene(report, context, marks)
    local.update(_look(scene, dirty))
    return Diagnosis(scene, local, _look_over(scene))


def _look(scene: Scene, node_ids: Iterable[str]) -> dict[str, tuple[Problem, ...]]:
    """What the rules for single layers find at some nodes."""
    found: dict[str, tuple[Problem, ...]] = {}
    report = scene.report
    graph, all_facts, trained = report.graph, report.facts, scene.context.trained
    nodes, outputs = graph.nodes, graph.outputs
    for node_id in node_ids:
        node, facts = nodes[node_id], all_facts[node_id]
        layer = node.layer
        if facts.shape is None:
            problem = misfit(scene, node, facts) if facts.error else lacking(scene, node)
            if problem is not None:
                found[node_id] = (problem,)
            continue
        here = [problem for rule in rules_for(type(layer)) if (problem := rule(scene, node, facts)) is not None]
        if node_id not in outputs and layer.family not in ENDS:
            here.append(dead_end(node))
        if node_id in trained and (problem := trained_otherwise(scene, node, facts)) is not None:
            here.append(problem)
        if here:
            found[node_id] = tuple(here)
    return found


def _look_over(scene: Scene) -> tuple[Problem, ...]:
    return tuple([problem for rule in _global_rules() for problem in rule(scene)])


@cache
def _global_rules() -> tuple[Any, ...]:
    assert len(misfits)  # discovers the folder
    return tuple(global_rules.values())


@cache
def rules_for(kind: type[Layer]) -> tuple[LocalRule, ...]:
    """The rules that look at layers of a kind."""
    return tuple(rule for rule, kinds in habits.values() if issubclass(kind, kinds))


def _dirty(report: Report, old: Report) -> tuple[set[str], set[str]]:
    """The nodes at which something else may be found than before, and those that are gone."""
    graph, before = report.graph, old.graph
    dirty, gone = _differing(report.facts, old.facts)
    nodes, _gone = _differing(graph.nodes, before.nodes)
    for node_id in nodes:
        node, other = graph.nodes[node_id], before.nodes.get(node_id)
        if other is None or node.layer is not other.layer or node.name != other.name:
            dirty.add(node_id)
    connected, cut = _differing(graph.inputs, before.inputs)
    for target in connected | cut:
        for source in {*graph.inputs_of(target), *before.inputs_of(target)}:
            dirty.add(source)
            dirty.update(graph.outputs_of(source))
    dirty |= connected | cut
    dirty &= graph.nodes.keys()
    if len(dirty) < len(graph.nodes):
        _follow(graph, dirty)
    return dirty, gone


def _differing(new: Mapping[str, Any], old: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """Keys whose value is not the very one of before, and keys that are gone."""
    if new is old:
        return set(), set()
    get = old.get
    differing = {key for key, value in new.items() if get(key) is not value}
    added = sum(1 for key in differing if key not in old)
    return differing, set() if len(new) - added == len(old) else set(old.keys() - new.keys())


def _follow(graph: Graph, dirty: set[str]) -> None:
    """Adds the nodes from which a rule that looks back can see one of those given."""
    nodes, outputs = graph.nodes, graph.outputs
    waiting = list(dirty)
    while waiting:
        for target in outputs.get(waiting.pop(), ()):
            if target not in dirty:
                dirty.add(target)
                if nodes[target].layer.kind not in ANCHORS:
                    waiting.append(target)
