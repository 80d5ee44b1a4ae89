"""Edits: pure functions from a graph to a graph.

Undo keeps the old value; nothing here has an inverse. What cannot be done raises EditError with a
sentence, and the graph stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import isnan
from typing import Any

from pydantic import ValidationError

from cnn_studio.core.fields import explain
from cnn_studio.core.graph import FURTHEST, LONGEST_NOTE, Edge, Graph, Node, groups_without, id_problem, name_problem
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.words import Words, one_line, say
from cnn_studio.i18n import N_

Point = tuple[float, float]
SPACING = 204.0
"""Points between the centres of neighbouring layers, where nothing better is known."""


class EditError(Exception):
    """An edit that cannot be done; says why."""

    def __init__(self, template: str, /, **values: Any) -> None:
        super().__init__(template)
        self.words: Words = say(template, **values)

    def __str__(self) -> str:
        return str(self.words)


def node_of(graph: Graph, node_id: str) -> Node:
    """The node of that id. Raises EditError when there is none."""
    node = graph.nodes.get(node_id)
    if node is None:
        raise EditError(N_("there is no layer “{id}” in this network"), id=one_line(node_id))
    return node


def _with_inputs(graph: Graph, inputs: Mapping[str, tuple[str, ...]]) -> Graph:
    return Graph(graph.nodes, {target: sources for target, sources in inputs.items() if sources}, graph.groups)


def _with_node(graph: Graph, node: Node) -> Graph:
    return graph.with_nodes({**graph.nodes, node.id: node})


# -- layers -----------------------------------------------------------------------------------------------------------


def add(graph: Graph, layer: Layer, at: Point = (0.0, 0.0), *, node_id: str = "", name: str = "") -> Graph:
    """A new layer, not connected. Without ``node_id`` it gets ``graph.fresh_id(layer.stem)``, known beforehand."""
    node_id = node_id or graph.fresh_id(layer.stem)
    if node_id in graph.nodes or node_id in graph.groups:
        raise EditError(N_("there is already a layer “{id}” in this network"), id=one_line(node_id))
    problem = id_problem(node_id)
    if problem:
        raise EditError("{problem}", problem=problem)
    name = name.strip() or node_id
    _check_name(graph, name)
    return Graph({**graph.nodes, node_id: Node(node_id, layer, name, *_place(*at))}, graph.inputs, graph.groups)


def add_after(graph: Graph, source: str, layer: Layer, *, node_id: str = "", name: str = "") -> Graph:
    """A new layer to the right of ``source``, fed by it."""
    before = node_of(graph, source)
    node_id = node_id or graph.fresh_id(layer.stem)
    return connect(add(graph, layer, (before.x + SPACING, before.y), node_id=node_id, name=name), source, node_id)


def insert_on_edge(graph: Graph, source: str, target: str, layer: Layer, *, node_id: str = "") -> Graph:
    """A new layer in the middle of a connection; what follows it moves aside when there is no room."""
    _check_connected(graph, source, target)
    if layer.arity[1] == 0:
        raise EditError(N_("an Input cannot stand between two layers"))
    node_id = node_id or graph.fresh_id(layer.stem)
    first, second = graph.nodes[source], graph.nodes[target]
    width, height = second.x - first.x, second.y - first.y
    at_end = width < 0 and height > 0  # the next row begins here: the new layer ends this one
    if not at_end and max(abs(width), abs(height)) < 2 * SPACING:
        sideways = abs(width) >= abs(height)
        step = (SPACING if width >= 0 else -SPACING, 0.0) if sideways else (0.0, SPACING if height >= 0 else -SPACING)
        graph = shift(graph, {target} | graph.downstream(target), *step)
        first, second = graph.nodes[source], graph.nodes[target]
    at = (first.x + SPACING, first.y) if at_end else ((first.x + second.x) / 2, (first.y + second.y) / 2)
    graph = add(graph, layer, at, node_id=node_id)
    sources = tuple(node_id if one == source else one for one in graph.inputs[target])
    graph = _with_inputs(graph, {**graph.inputs, node_id: (source,), target: sources})
    return _joining_groups(graph, node_id, source, target)


def _joining_groups(graph: Graph, node_id: str, source: str, target: str) -> Graph:
    """A layer put between two layers joins the innermost group around both."""
    around_target = graph.groups_around(target)
    common = next((group for group in graph.groups_around(source) if group in around_target), None)
    if common is None:
        return graph
    grown = replace(common, members=common.members | {node_id})
    return replace(graph, groups={**graph.groups, common.id: grown})


def set_layer(graph: Graph, node_id: str, layer: Layer) -> Graph:
    """Another layer at the same place."""
    return _with_node(graph, replace(node_of(graph, node_id), layer=layer))


def set_field(graph: Graph, node_id: str, field: str, value: Any) -> Graph:
    """One field of a layer. Raises EditError with the words of the field's bounds when the value is refused."""
    return set_fields(graph, (node_id,), {field: value})


def set_fields(graph: Graph, node_ids: Iterable[str], values: Mapping[str, Any]) -> Graph:
    """The same fields of several layers at once, all or none."""
    nodes = dict(graph.nodes)
    for node_id in node_ids:
        node = node_of(graph, node_id)
        nodes[node_id] = replace(node, layer=changed_layer(node.layer, values))
    return graph.with_nodes(nodes)


def changed_layer(layer: Layer, values: Mapping[str, Any]) -> Layer:
    """The layer with other values in some fields. Raises EditError when one is refused."""
    kind = type(layer)
    current = {name: getattr(layer, name) for name in kind.model_fields}
    try:
        return kind.model_validate({**current, **values})
    except ValidationError as error:
        raise EditError("{problem}", problem=explain(error, kind)[0].words) from None


def _check_name(graph: Graph, name: str, own: str = "") -> None:
    problem = name_problem(name)
    if problem:
        raise EditError("{problem}", problem=problem)
    if any(node.name == name and node.id != own for node in graph.nodes.values()):
        raise EditError(N_("another layer is already called “{name}”"), name=name)


def rename(graph: Graph, node_id: str, name: str) -> Graph:
    """Another name for a layer."""
    node = node_of(graph, node_id)
    _check_name(graph, name.strip(), node_id)
    return _with_node(graph, replace(node, name=name.strip()))


def set_note(graph: Graph, node_id: str, note: str) -> Graph:
    """A person's remark on a layer."""
    if len(note) > LONGEST_NOTE:
        raise EditError(N_("a note may have at most {limit} letters, and this one has {count}"),
                        limit=LONGEST_NOTE, count=len(note))  # fmt: skip
    whole = note.encode("utf-8", "replace").decode("utf-8")  # half a character could not be saved
    return _with_node(graph, replace(node_of(graph, node_id), note=whole))


def remove(graph: Graph, node_ids: Iterable[str], *, heal: bool = True) -> Graph:
    """Without these layers. Healing connects what fed them to what they fed."""
    gone = set(node_ids)
    for node_id in gone:
        node_of(graph, node_id)
    inputs: dict[str, tuple[str, ...]] = {}
    for target, sources in graph.inputs.items():
        if target in gone:
            continue
        if gone.isdisjoint(sources):
            inputs[target] = sources
            continue
        most = graph.nodes[target].layer.arity[1]
        kept: list[str] = []
        for source in sources:
            replacing = [source] if source not in gone else _survivors(graph, source, gone) if heal else []
            if most == 1:
                replacing = replacing[:1]
            kept += [one for one in replacing if one not in kept and one != target]
        if kept:
            inputs[target] = tuple(kept)
    nodes = {node_id: node for node_id, node in graph.nodes.items() if node_id not in gone}
    return Graph(nodes, inputs, groups_without(graph.groups, gone))


def _survivors(graph: Graph, node_id: str, gone: set[str]) -> list[str]:
    """The nearest nodes upstream of a removed one that stay, in the order of its inputs."""
    found: list[str] = []
    seen: set[str] = set()
    waiting = [node_id]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        if current not in gone:
            found.append(current)
        else:
            waiting.extend(reversed(graph.inputs_of(current)))
    return found


# -- connections ------------------------------------------------------------------------------------------------------


def connect(graph: Graph, source: str, target: str, port: int | None = None) -> Graph:
    """A connection. A target that takes one input lets go of its old one; others get one more (at ``port``)."""
    first, second = node_of(graph, source), node_of(graph, target)
    if source == target:
        raise EditError(N_("“{name}” cannot feed itself"), name=first.name)
    most = second.layer.arity[1]
    if most == 0:
        raise EditError(N_("nothing can be connected into the Input “{name}”"), name=second.name)
    sources = graph.inputs_of(target)
    if source in sources:
        raise EditError(N_("“{source}” and “{target}” are already connected"), source=first.name, target=second.name)
    if most == 1:
        sources = (source,)
    else:
        place = len(sources) if port is None else max(0, min(port, len(sources)))
        sources = (*sources[:place], source, *sources[place:])
    return _with_inputs(graph, {**graph.inputs, target: sources})


def disconnect(graph: Graph, source: str, target: str) -> Graph:
    """Without one connection."""
    _check_connected(graph, source, target)
    left = tuple(one for one in graph.inputs[target] if one != source)
    return _with_inputs(graph, {**graph.inputs, target: left})


def _check_connected(graph: Graph, source: str, target: str) -> None:
    first, second = node_of(graph, source), node_of(graph, target)
    if source not in graph.inputs_of(target):
        raise EditError(N_("“{source}” and “{target}” are not connected"), source=first.name, target=second.name)


def reconnect(graph: Graph, edge: Edge, *, source: str = "", target: str = "") -> Graph:
    """One end of a connection taken to another layer; its place among the inputs is kept where it can be."""
    new_source, new_target = source or edge.source, target or edge.target
    if (new_source, new_target) == (edge.source, edge.target):
        return graph
    port = edge.port if new_target == edge.target else None
    return connect(disconnect(graph, edge.source, edge.target), new_source, new_target, port)


def reorder_inputs(graph: Graph, target: str, sources: tuple[str, ...]) -> Graph:
    """The same inputs in another order (it matters to Concatenate)."""
    node = node_of(graph, target)
    if sorted(sources) != sorted(graph.inputs_of(target)):
        raise EditError(N_("these are not the inputs of “{name}”"), name=node.name)
    return _with_inputs(graph, {**graph.inputs, target: sources})


# -- places -----------------------------------------------------------------------------------------------------------


def move(graph: Graph, places: Mapping[str, Point]) -> Graph:
    """Layers at other places."""
    nodes = dict(graph.nodes)
    for node_id, (x, y) in places.items():
        x, y = _place(x, y)  # noqa: PLW2901
        nodes[node_id] = replace(node_of(graph, node_id), x=x, y=y)
    return graph.with_nodes(nodes)


def _place(x: float, y: float) -> Point:
    """The nearest place that the canvas has."""
    if isnan(x) or isnan(y):
        raise EditError(N_("a layer cannot stand nowhere"))
    return max(-FURTHEST, min(float(x), FURTHEST)), max(-FURTHEST, min(float(y), FURTHEST))


def shift(graph: Graph, node_ids: Iterable[str], dx: float, dy: float) -> Graph:
    """Layers moved together."""
    places = {}
    for node_id in node_ids:
        node = node_of(graph, node_id)
        places[node_id] = (node.x + dx, node.y + dy)
    return move(graph, places)


def align(graph: Graph, node_ids: Iterable[str], how: str) -> Graph:
    """Layers in a line ("row", "column") or at equal distances ("spread_row", "spread_column")."""
    nodes = [node_of(graph, node_id) for node_id in node_ids]
    if len(nodes) < 2:
        return graph
    if how == "row":
        middle = sum(node.y for node in nodes) / len(nodes)
        return move(graph, {node.id: (node.x, middle) for node in nodes})
    if how == "column":
        middle = sum(node.x for node in nodes) / len(nodes)
        return move(graph, {node.id: (middle, node.y) for node in nodes})
    if how == "spread_row":
        nodes.sort(key=lambda node: node.x)
        step = (nodes[-1].x - nodes[0].x) / (len(nodes) - 1)
        return move(graph, {node.id: (nodes[0].x + index * step, node.y) for index, node in enumerate(nodes)})
    if how == "spread_column":
        nodes.sort(key=lambda node: node.y)
        step = (nodes[-1].y - nodes[0].y) / (len(nodes) - 1)
        return move(graph, {node.id: (node.x, nodes[0].y + index * step) for index, node in enumerate(nodes)})
    raise ValueError(how)
