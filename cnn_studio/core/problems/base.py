"""What a problem is, what mends it, and the registries of the rules that find problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from cnn_studio.core.analysis import Facts, Report
from cnn_studio.core.context import Context
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.kinds import Registry
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.layers.endpoints import Input
from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import Words

if TYPE_CHECKING:
    from cnn_studio.core.problems.diagnosis import Diagnosis

Severity = Literal["error", "warning"]
ERROR: Severity = "error"
"""The network cannot be trained as it is drawn."""
WARNING: Severity = "warning"
"""It can, but something is probably not meant."""

MOST_FIXES = 4


@dataclass(frozen=True)
class Fix:
    """An edit that mends a problem.

    Attributes:
        label: text of its button, "Insert Flatten".
        apply: the edit; pure, for the graph in which the problem was found.
    """

    code: str
    label: Words
    apply: Callable[[Graph], Graph] = field(compare=False)


class Scene(NamedTuple):
    """All that a rule may look at.

    ``marks`` gives the kind of every node that is an Input, an Output, an auxiliary Output or a dense layer.
    """

    report: Report
    context: Context
    marks: Mapping[str, str]

    @property
    def graph(self) -> Graph:
        """The network."""
        return self.report.graph

    def marked(self, kind: str) -> list[Node]:
        """The nodes of one of the marked kinds, in the order of the graph."""
        found = [node_id for node_id, mark in self.marks.items() if mark == kind]
        nodes = self.report.graph.nodes
        if len(found) > 1:
            wanted = set(found)
            found = [node_id for node_id in nodes if node_id in wanted]
        return [nodes[node_id] for node_id in found]

    def sources(self, node: Node) -> list[Node]:
        """The nodes that feed a node, in order."""
        nodes = self.report.graph.nodes
        return [nodes[source] for source in self.report.graph.inputs_of(node.id)]

    def source(self, node: Node) -> Node:
        """The node that feeds a node with one input."""
        graph = self.report.graph
        return graph.nodes[graph.inputs[node.id][0]]

    def entries(self) -> list[tuple[Node, Shape]]:
        """The Inputs with what they ask for, even where it is refused."""
        return [(node, Shape(node.layer.channels, node.layer.sizes))
                for node in self.marked("input") if isinstance(node.layer, Input)]  # fmt: skip

    def facts(self, node: Node) -> Facts:
        """What is known of a node."""
        return self.report.facts[node.id]

    def shape(self, node: Node) -> Shape:
        """Output shape of a node that has one."""
        shape = self.report.facts[node.id].shape
        assert shape is not None
        return shape

    def back(self, node: Node) -> Iterator[Node]:
        """The nodes before a node, the nearest first, as long as each has one input."""
        graph = self.report.graph
        seen = {node.id}
        while len(sources := graph.inputs_of(node.id)) == 1 and sources[0] not in seen:
            node = graph.nodes[sources[0]]
            seen.add(node.id)
            yield node

    def before(self, node: Node, through: frozenset[str]) -> Node | None:
        """The nearest node before a node whose kind is not one of ``through``."""
        graph = self.report.graph
        nodes, inputs = graph.nodes, graph.inputs
        while True:
            sources = inputs.get(node.id, ())
            if len(sources) != 1:
                return None
            node = nodes[sources[0]]
            if node.layer.kind not in through:
                return node


Propose = Callable[[Scene], Iterable[Fix]]


def nothing(scene: Scene) -> Iterable[Fix]:  # noqa: ARG001 - a Propose
    """No edit mends it."""
    return ()


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        code: what kind of problem it is; never changes once released.
        nodes: ids of the layers concerned; the first is the one that shows it.
        words: one sentence with the layers, their shapes and the sum.
        detail: one sentence more, why it is so.
        propose: edits that may mend it, for the network as it is then.
        diagnosis: the one it belongs to.
    """

    code: str
    severity: Severity
    nodes: tuple[str, ...]
    words: Words
    detail: Words | None = None
    propose: Propose = field(default=nothing, compare=False, repr=False)
    diagnosis: Diagnosis | None = field(default=None, compare=False, repr=False)

    @property
    def message(self) -> str:
        """The sentence in the reader's language."""
        return str(self.words)

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """What makes it the same problem after an edit."""
        return self.code, self.nodes

    @cached_property
    def fixes(self) -> tuple[Fix, ...]:
        """The edits that mend it, tried out: each makes it go away and no other layer fail. Worked out when asked."""
        if self.diagnosis is None:
            return ()
        whole: list[Fix] = []
        partly: list[Fix] = []
        for fix in self.propose(self.diagnosis.scene):
            if len(whole) == MOST_FIXES:
                break
            if all(str(fix.label) != str(other.label) for other in (*whole, *partly)):
                success = self.diagnosis.mends(self, fix)
                if success is not None:
                    (whole if success else partly).append(fix)
        return tuple(whole or partly[:MOST_FIXES])


LocalRule = Callable[[Scene, Node, Facts], Problem | None]
"""Looks at one layer that fits, and at what stands before it."""

GlobalRule = Callable[[Scene], Iterable[Problem]]
"""Looks at the network as a whole; must cost next to nothing."""

PACKAGE = "cnn_studio.core.problems"

misfits: Registry[LocalRule] = Registry(PACKAGE)
"""By the code of a ShapeError, what is said of it."""
global_rules: Registry[GlobalRule] = Registry(PACKAGE)
habits: Registry[tuple[LocalRule, tuple[type[Layer], ...]]] = Registry(PACKAGE)
"""Rules for single layers, each with the kinds (or bases of kinds) that it looks at."""


def habit(name: str, *kinds: type[Layer]) -> Callable[[LocalRule], LocalRule]:
    """Declares a rule for layers of some kinds."""

    def declare(rule: LocalRule) -> LocalRule:
        habits.register(name, (rule, kinds))
        return rule

    return declare


def numbers(facts: Facts) -> dict[str, Any]:
    """The numbers of a layer's ShapeError."""
    assert facts.error is not None
    return facts.error.values


KEEPS_CHANNELS = frozenset(
    [
        "relu", "leaky_relu", "prelu", "elu", "gelu", "silu", "sigmoid", "tanh", "softmax", "batch_norm", "layer_norm",
        "group_norm", "instance_norm", "local_response_norm", "dropout", "spatial_dropout", "gaussian_noise",
        "max_pool", "average_pool", "global_average_pool", "global_max_pool", "adaptive_average_pool", "zero_padding",
        "crop", "upsample",
    ]
)  # fmt: skip
"""Kinds that give as many channels as they take."""

AT_ONE_PLACE = KEEPS_CHANNELS - {
    "max_pool", "average_pool", "global_average_pool", "global_max_pool", "adaptive_average_pool", "crop", "upsample",
}  # fmt: skip
"""Kinds whose units see as far as those before them."""
