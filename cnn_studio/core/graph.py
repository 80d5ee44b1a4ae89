"""A network as drawn: an immutable value.

Every layer has one output. What flows where is said at the receiving end: ``inputs`` gives for
each node the ids of the nodes that feed it, in order. Edits (``edits.py``) make new graphs; parts
that did not change are shared, so that a difference can be found by identity.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from cnn_studio.core.layers.base import Layer
from cnn_studio.core.words import UNFIT, Words, one_line, say
from cnn_studio.i18n import N_

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
LONGEST_NAME = 80
LONGEST_NOTE = 10_000
DEEPEST_GROUP = 100
"""Groups inside one another, at most."""
FURTHEST = 1e7
"""Points from the origin of the canvas, at most."""


class Edge(NamedTuple):
    """A connection; ``port`` is its place among the inputs of its target."""

    source: str
    target: str
    port: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """A layer at its place on the canvas.

    Attributes:
        id: stable identifier, also a valid Python name; weights are kept under it.
        name: what people call it; unique within a graph.
        x, y: centre on the canvas, in points.
        note: free text of the person who drew it.
    """

    id: str
    layer: Layer
    name: str
    x: float = 0.0
    y: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes that belong together and can fold into one card.

    Attributes:
        parent: id of the group around this one, or "".
        block: kind of the block it was dropped as, or "".
    """

    id: str
    name: str
    members: frozenset[str]
    folded: bool = False
    parent: str = ""
    block: str = ""


@dataclass(frozen=True)
class Graph:
    """Nodes by id, the inputs of each node that has any, and groups by id. Treat the mappings as immutable."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    inputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)

    @cached_property
    def outputs(self) -> Mapping[str, tuple[str, ...]]:
        """For each node that feeds others, their ids in the order of the nodes."""
        found: dict[str, list[str]] = {}
        for target in self.nodes:
            for source in self.inputs.get(target, ()):
                found.setdefault(source, []).append(target)
        return {source: tuple(targets) for source, targets in found.items()}

    def inputs_of(self, node_id: str) -> tuple[str, ...]:
        """Ids of the nodes that feed a node, in order."""
        return self.inputs.get(node_id, ())

    def outputs_of(self, node_id: str) -> tuple[str, ...]:
        """Ids of the nodes that a node feeds."""
        return self.outputs.get(node_id, ())

    def edges(self) -> Iterator[Edge]:
        """Every connection."""
        for target, sources in self.inputs.items():
            for port, source in enumerate(sources):
                yield Edge(source, target, port)

    def of_kind(self, kind: str) -> list[Node]:
        """The nodes of one kind, in order."""
        return [node for node in self.nodes.values() if node.layer.kind == kind]

    @cached_property
    def names(self) -> frozenset[str]:
        """All names in use."""
        return frozenset(node.name for node in self.nodes.values())

    def fresh_id(self, stem: str, taken: Iterable[str] = ()) -> str:
        """An id (and name) not in use: the stem and the smallest free number."""
        used = {*self.nodes, *self.groups, *self.names, *taken}
        number = 1
        while f"{stem}{number}" in used:
            number += 1
        return f"{stem}{number}"

    def with_nodes(self, nodes: Mapping[str, Node]) -> Graph:
        """The same connections and groups over other nodes (same ids)."""
        graph = replace(self, nodes=nodes)
        if "outputs" in self.__dict__:  # connections did not change: neither did what is derived from them
            graph.__dict__["outputs"] = self.__dict__["outputs"]
        return graph

    def upstream(self, node_id: str) -> set[str]:
        """Ids of all nodes from which this one can be reached."""
        return _reachable(node_id, self.inputs)

    def downstream(self, node_id: str) -> set[str]:
        """Ids of all nodes that can be reached from this one."""
        return _reachable(node_id, self.outputs)

    def top_group_of(self, node_id: str) -> Group | None:
        """The outermost folded group that a node stands in, or None when the node itself is seen."""
        found = None
        for group in self.groups_around(node_id):
            if group.folded:
                found = group
        return found

    def groups_around(self, node_id: str) -> list[Group]:
        """The groups that a node stands in, the innermost first."""
        own = next((group for group in self.groups.values() if node_id in group.members), None)
        around: list[Group] = []
        while own is not None and own not in around:
            around.append(own)
            own = self.groups.get(own.parent)
        return around


def _reachable(start: str, neighbours: Mapping[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    waiting = list(neighbours.get(start, ()))
    while waiting:
        node_id = waiting.pop()
        if node_id not in found:
            found.add(node_id)
            waiting.extend(neighbours.get(node_id, ()))
    return found


def topological_order(graph: Graph) -> tuple[list[str], set[str]]:
    """Ids such that every node comes after what feeds it, and the ids that no order can place (cycles and after)."""
    missing = {node_id: len(graph.inputs.get(node_id, ())) for node_id in graph.nodes}
    order = [node_id for node_id, count in missing.items() if count == 0]
    outputs = graph.outputs
    for node_id in order:  # grows while it is walked
        for target in outputs.get(node_id, ()):
            missing[target] -= 1
            if missing[target] == 0:
                order.append(target)
    return order, {node_id for node_id, count in missing.items() if count > 0}


def identifiers(graph: Graph) -> dict[str, str]:
    """A Python name for each node, made from what people call it; used by the exporters and for saved weights."""
    taken: set[str] = set()
    result: dict[str, str] = {}
    for node in graph.nodes.values():
        base = identifier(node.name, node.layer.stem)
        name, number = base, 2
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name)
        result[node.id] = name
    return result


RESERVED = frozenset(
    [
        *keyword.kwlist,
        *["match", "case", "type", "self", "torch", "nn", "F", "x", "keras", "layers", "models", "inputs", "outputs"],
        # what a torch module has already
        *[
            "T_destination",
            "add_module",
            "apply",
            "bfloat16",
            "buffers",
            "call_super_init",
            "children",
            "compile",
            "cpu",
            "cuda",
            "double",
            "dump_patches",
            "eval",
            "extra_repr",
            "float",
            "forward",
            "get_buffer",
            "get_extra_state",
            "get_parameter",
            "get_submodule",
            "half",
            "ipu",
            "load_state_dict",
            "modules",
            "mtia",
            "named_buffers",
            "named_children",
            "named_modules",
            "named_parameters",
            "parameters",
            "register_backward_hook",
            "register_buffer",
            "register_forward_hook",
            "register_forward_pre_hook",
            "register_full_backward_hook",
            "register_full_backward_pre_hook",
            "register_load_state_dict_post_hook",
            "register_load_state_dict_pre_hook",
            "register_module",
            "register_parameter",
            "register_state_dict_post_hook",
            "register_state_dict_pre_hook",
            "requires_grad_",
            "set_extra_state",
            "set_submodule",
            "share_memory",
            "state_dict",
            "to",
            "to_empty",
            "train",
            "training",
            "xpu",
            "zero_grad",
        ],
        # what our running networks add (engine/compile.py)
        *["answers", "entry", "forward_all", "module_of", "names", "steps", "walk"],
    ]
)
"""Words that cannot name a layer's module in code."""


def name_problem(name: str) -> Words | None:
    """Why a layer or a group cannot be called so, or None when it can."""
    if not name.strip():
        return say(N_("a name cannot be empty"))
    if len(name) > LONGEST_NAME:
        return say(N_("a name may have at most {limit} letters, and this one has {count}"),
                   limit=LONGEST_NAME, count=len(name))  # fmt: skip
    if UNFIT.search(name):
        return say(N_("a name must stand on one line, without control characters"))
    return None


def id_problem(node_id: str) -> Words | None:
    """Why nothing can have that id, or None when it can: it must be a name that Python allows."""
    if IDENTIFIER.match(node_id) and len(node_id) <= LONGEST_NAME and not keyword.iskeyword(node_id):
        return None
    return say(N_("“{id}” cannot be an id: it must be a name as Python has them"), id=one_line(node_id))


def identifier(name: str, fallback: str) -> str:
    """A Python name as close as possible to what a person wrote."""
    plain = re.sub(r"[^A-Za-z0-9]+", "_", name.strip()).strip("_")
    if not plain:
        plain = fallback
    if plain[0].isdigit():
        plain = f"{fallback}_{plain}"
    return f"{plain}_" if plain in RESERVED else plain


def groups_without(groups: Mapping[str, Group], gone: Iterable[str], keep: str = "") -> dict[str, Group]:
    """Groups after layers have left them; groups left without layers or inner groups vanish."""
    gone = frozenset(gone)
    left = {
        group.id: group
        if group.members.isdisjoint(gone) or group.id == keep
        else replace(group, members=group.members - gone)
        for group in groups.values()
    }
    while True:
        parents = {group.parent for group in left.values()}
        empty = [
            group.id for group in left.values() if not group.members and group.id not in parents and group.id != keep
        ]
        if not empty:
            return left
        for group_id in empty:
            del left[group_id]
