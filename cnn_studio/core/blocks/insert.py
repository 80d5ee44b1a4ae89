"""Edits that drop a block into a network: pure functions, as in ``edits.py``."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from cnn_studio.core import edits
from cnn_studio.core.analysis import Report, analyse
from cnn_studio.core.arrange import CARD, FRAME, GAP, arrange, extent
from cnn_studio.core.blocks.base import Block, Fragment
from cnn_studio.core.edits import EditError, Point
from cnn_studio.core.graph import DEEPEST_GROUP, Graph, Group, Node, identifier, name_problem
from cnn_studio.core.grouping import paste
from cnn_studio.core.shapes import Shape
from cnn_studio.i18n import N_

LONGEST_STEM = 60
"""Letters of a group's id at most, so that the names of its layers, which begin with it, are not too long."""


class Placed(NamedTuple):
    """A network with a block in it: the id of its group, and of the layer whose output is the block's."""

    graph: Graph
    group: str
    exit: str


def insert_block(
    graph: Graph,
    block: Block,
    *,
    source: str = "",
    target: str = "",
    at: Point = (0.0, 0.0),
    name: str = "",
    folded: bool = True,
    report: Report | None = None,
) -> Placed:
    """A block as a group of layers: after ``source``, on the connection of ``source`` and ``target``, or alone.

    Args:
        at: centre of a block that stands alone; the others find their own place.
        name: of the group, and how the names of its layers begin; ``graph.fresh_id(block.stem)`` when not given.
        report: analysis of ``graph``, when there is one; it saves making it.
    """
    if target:
        first, second = edits.node_of(graph, source), edits.node_of(graph, target)
        if source not in graph.inputs_of(target):
            raise EditError(N_("“{source}” and “{target}” are not connected"), source=first.name, target=second.name)
    shape: Shape | None = None
    if source:
        edits.node_of(graph, source)
        shape = (report or analyse(graph)).of(source).shape
    name = name.strip() or graph.fresh_id(block.stem)
    problem = name_problem(name)
    if problem:
        raise EditError("{problem}", problem=problem)
    group_id = identifier(name, block.stem)[:LONGEST_STEM]
    fragment = _named(block.build(shape), group_id)
    places = arrange(fragment.graph)
    width, height = extent(places)
    part = Graph(
        {key: replace(node, x=places[key][0] - width / 2, y=places[key][1] - height / 2)
         for key, node in fragment.graph.nodes.items()},
        fragment.graph.inputs,
        {group_id: Group(group_id, name, frozenset(fragment.graph.nodes), folded, block=block.kind)},
    )  # fmt: skip
    if source:
        size = CARD if folded else (width + 2 * FRAME, height + 2 * FRAME)
        graph, at = _room(graph, source, target, size)
    graph, ids = paste(graph, part, at)
    placed = Placed(graph, ids[group_id], ids[fragment.exit])
    if not source:
        return placed
    return placed._replace(graph=_connected(placed, source, target, [ids[entry] for entry in fragment.entries]))


def _named(fragment: Fragment, name: str) -> Fragment:
    """The fragment with ids and names that begin with the group's."""
    nodes = fragment.graph.nodes
    new = {key: f"{name}_{key}" for key in nodes}
    graph = Graph(
        {new[key]: Node(new[key], node.layer, new[key]) for key, node in nodes.items()},
        {new[key]: tuple(new[one] for one in sources) for key, sources in fragment.graph.inputs.items()},
    )
    return Fragment(graph, tuple(new[entry] for entry in fragment.entries), new[fragment.exit])


def _room(graph: Graph, source: str, target: str, size: tuple[float, float]) -> tuple[Graph, Point]:
    """Where the block's centre goes, and the graph with what follows moved aside when there is no room."""
    first = graph.nodes[source]
    needed = [(size[axis] + CARD[axis]) / 2 + GAP[axis] for axis in (0, 1)]
    if not target:
        return graph, (first.x + needed[0], first.y)
    second = graph.nodes[target]
    span = (second.x - first.x, second.y - first.y)
    axis = 0 if abs(span[0]) >= abs(span[1]) else 1
    sign = -1.0 if span[axis] < 0 else 1.0
    missing = 2 * needed[axis] - abs(span[axis])
    if missing > 0:
        step = (sign * missing, 0.0) if axis == 0 else (0.0, sign * missing)
        graph = edits.shift(graph, {target} | graph.downstream(target) - {source}, *step)
        second = graph.nodes[target]
    return graph, ((first.x + second.x) / 2, (first.y + second.y) / 2)


def _connected(placed: Placed, source: str, target: str, entries: list[str]) -> Graph:
    """The block fed by the source, and feeding what the source fed on the chosen connection."""
    graph = placed.graph
    inputs = dict(graph.inputs)
    for entry in entries:
        inputs[entry] = (*inputs.get(entry, ()), source)
    groups = dict(graph.groups)
    if target:
        inputs[target] = tuple(placed.exit if one == source else one for one in inputs[target])
        around = graph.groups_around(target)
        common = next((one for one in graph.groups_around(source) if one in around), None)
        if common:
            if len(around) - around.index(common) >= DEEPEST_GROUP:
                raise EditError(N_("groups may be nested at most {limit} deep"), limit=DEEPEST_GROUP)
            groups[placed.group] = replace(groups[placed.group], parent=common.id)
    return Graph(graph.nodes, inputs, groups)
