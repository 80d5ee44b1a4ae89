"""A network as JSON, for files and for the clipboard; the one place where a stranger's text becomes a Graph."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from cnn_studio.core.fields import Model, explain
from cnn_studio.core.graph import (
    DEEPEST_GROUP,
    FURTHEST,
    LONGEST_NAME,
    LONGEST_NOTE,
    Graph,
    Group,
    Node,
    id_problem,
    name_problem,
)
from cnn_studio.core.json_text import refuse
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.unknown import Unknown
from cnn_studio.core.words import Words, one_line, say
from cnn_studio.i18n import N_

MOST_LAYERS = 100_000
MOST_CONNECTIONS = 1_000_000

Place = Words | str
M = TypeVar("M", bound=Model)


class _LayerEntry(Model):
    id: str
    kind: str
    name: str
    settings: dict[str, Any] = {}
    inputs: list[str] = []
    x: float = Field(0.0, ge=-FURTHEST, le=FURTHEST)
    y: float = Field(0.0, ge=-FURTHEST, le=FURTHEST)
    note: str = ""


class _GroupEntry(Model):
    id: str
    name: str
    members: list[str] = []
    folded: bool = False
    parent: str = ""
    block: str = ""


class _GraphEntry(Model):
    layers: list[Any] = []
    groups: list[Any] = []


# -- writing ----------------------------------------------------------------------------------------------------------


def graph_text(graph: Graph) -> str:
    """The JSON text of a graph, one line for each layer and group. Equal graphs in the same order give equal texts."""
    lines = [_line(_layer_entry(graph, node)) for node in graph.nodes.values()]
    groups = [_line(_group_entry(group)) for group in graph.groups.values()]
    return f'{{\n  "layers": {_listed(lines)},\n  "groups": {_listed(groups)}\n}}'


def _line(entry: Mapping[str, Any]) -> str:
    return "    " + json.dumps(entry, ensure_ascii=False, allow_nan=False)


def _listed(lines: list[str]) -> str:
    return "[\n" + ",\n".join(lines) + "\n  ]" if lines else "[]"


def _layer_entry(graph: Graph, node: Node) -> dict[str, Any]:
    layer = node.layer
    settings = {name: getattr(layer, name) for name in type(layer).model_fields}
    entry: dict[str, Any] = {"id": node.id, "kind": layer.kind, "name": node.name, "settings": settings}
    if isinstance(layer, Unknown):
        entry["kind"], entry["settings"] = layer.original, json.loads(layer.raw)
    entry["inputs"] = graph.inputs_of(node.id)
    entry["x"], entry["y"] = _short(node.x), _short(node.y)
    if node.note:
        entry["note"] = node.note
    return entry


def _short(value: float) -> float:
    """160.0 is written 160."""
    return int(value) if value == int(value) else value


def _group_entry(group: Group) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": group.id, "name": group.name, "members": sorted(group.members)}
    entry["folded"] = group.folded
    if group.parent:
        entry["parent"] = group.parent
    if group.block:
        entry["block"] = group.block
    return entry


# -- reading ----------------------------------------------------------------------------------------------------------


def read_graph(value: Any, place: Place) -> Graph:
    """The graph of a JSON value. Raises ProjectError naming the place and the layer for anything that does not hold.

    Mistakes of the network (a cycle, sizes that do not fit) are no mistakes of the file: they load.
    """
    whole = checked(_GraphEntry, value, place)
    if len(whole.layers) > MOST_LAYERS:
        refuse(place, N_("it has {count} layers, and at most {limit} are read"),
               count=len(whole.layers), limit=MOST_LAYERS)  # fmt: skip
    if len(whole.groups) > MOST_LAYERS:
        refuse(place, N_("it has {count} groups, and at most {limit} are read"),
               count=len(whole.groups), limit=MOST_LAYERS)  # fmt: skip
    nodes: dict[str, Node] = {}
    inputs: dict[str, tuple[str, ...]] = {}
    names: set[str] = set()
    for number, item in enumerate(whole.layers, 1):
        here = _named(place, N_("{place}, layer “{name}”"), N_("{place}, layer {number}"), item, number)
        entry = checked(_LayerEntry, item, here)
        _check_label(entry.id, entry.name, nodes, here)
        if entry.name in names:
            refuse(here, N_("another layer is already called “{name}”"), name=one_line(entry.name))
        if len(entry.note) > LONGEST_NOTE:
            refuse(here, N_("a note may have at most {limit} letters, and this one has {count}"),
                   limit=LONGEST_NOTE, count=len(entry.note))  # fmt: skip
        names.add(entry.name)
        layer = _layer(entry.kind, entry.settings, here)
        nodes[entry.id] = Node(entry.id, layer, entry.name, entry.x, entry.y, entry.note)
        if entry.inputs:
            inputs[entry.id] = tuple(entry.inputs)
    _check_inputs(nodes, inputs, place)
    return Graph(nodes, inputs, _groups(whole.groups, nodes, place))


def checked(model: type[M], value: Any, place: Place) -> M:
    """The value as the model has it. Raises ProjectError with the words of the first refusal."""
    if not isinstance(value, dict):
        refuse(place, N_("there must be an object in braces here"))
    try:
        return model.model_validate(value)
    except ValidationError as error:
        refuse(place, "{problem}", problem=explain(error, model)[0].words)


def _named(place: Place, by_name: str, by_number: str, item: Any, number: int) -> Words:
    """Where a layer or group stands, by its name if it has one."""
    if isinstance(item, dict):
        name = item.get("name", item.get("id"))
        if isinstance(name, str) and name.strip():
            return Words(by_name, {"place": place, "name": one_line(name)})
    return Words(by_number, {"place": place, "number": number})


def _check_label(own: str, name: str, taken: Mapping[str, Any], here: Place) -> None:
    """Id and name of a layer or a group must be such as an edit would have made."""
    problem = id_problem(own) or name_problem(name)
    if problem:
        refuse(here, "{problem}", problem=problem)
    if own in taken:
        refuse(here, N_("the id “{id}” is used twice"), id=one_line(own))


def _layer(kind: str, settings: dict[str, Any], here: Place) -> Layer:
    model = layers.get(kind)
    if model is not None:
        return checked(model, settings, here)
    problem = name_problem(kind)
    if problem:
        refuse(here, N_("there is no such kind of layer: {problem}"), problem=problem)
    return Unknown(original=kind, raw=json.dumps(settings, ensure_ascii=False))


def _check_inputs(nodes: Mapping[str, Node], inputs: Mapping[str, tuple[str, ...]], place: Place) -> None:
    if sum(map(len, inputs.values())) > MOST_CONNECTIONS:
        refuse(place, N_("it has more than {limit} connections"), limit=MOST_CONNECTIONS)
    for target, sources in inputs.items():
        if nodes.keys() >= set(sources) and len(set(sources)) == len(sources):
            continue
        here = say(N_("{place}, layer “{name}”"), place=place, name=one_line(nodes[target].name))
        for source in sources:
            if source not in nodes:
                refuse(here, N_("its input “{id}” does not exist"), id=one_line(source))
        refuse(here, N_("the same layer is connected into it twice"))


def _groups(items: list[Any], nodes: Mapping[str, Node], place: Place) -> dict[str, Group]:
    groups: dict[str, Group] = {}
    places: dict[str, Words] = {}
    owned: set[str] = set()
    for number, item in enumerate(items, 1):
        here = _named(place, N_("{place}, group “{name}”"), N_("{place}, group {number}"), item, number)
        entry = checked(_GroupEntry, item, here)
        _check_label(entry.id, entry.name, groups if entry.id in groups else nodes, here)
        members = frozenset(entry.members)
        for member in entry.members:
            if member not in nodes:
                refuse(here, N_("its layer “{id}” does not exist"), id=one_line(member))
        if len(members) < len(entry.members) or not owned.isdisjoint(members):
            twice = next(iter(owned & members), entry.members[0])
            refuse(here, N_("the layer “{name}” is in two groups, or twice in one"), name=one_line(nodes[twice].name))
        if len(entry.block) > LONGEST_NAME:
            refuse(here, N_("“{name}” cannot be a kind of block"), name=one_line(entry.block))
        owned |= members
        places[entry.id] = here
        groups[entry.id] = Group(entry.id, entry.name, members, entry.folded, entry.parent, entry.block)
    _check_parents(groups, places)
    return groups


def _check_parents(groups: Mapping[str, Group], places: Mapping[str, Words]) -> None:
    """The group around each exists, no group is inside itself, and none is without layers and inner groups."""
    depth: dict[str, int] = {"": 0}
    for start in groups:
        path: list[str] = []
        current = start
        while current not in depth:
            path.append(current)
            parent = groups[current].parent
            if parent and parent not in groups:
                refuse(places[current], N_("the group “{id}” around it does not exist"), id=one_line(parent))
            if parent in path[-DEEPEST_GROUP:]:
                refuse(places[current], N_("it is inside itself"))
            if len(path) > DEEPEST_GROUP:
                break
            current = parent
        base = depth.get(current, 0)
        for group_id in reversed(path):
            base = depth[group_id] = base + 1
            if base > DEEPEST_GROUP:
                refuse(places[group_id], N_("groups are nested more than {limit} deep"), limit=DEEPEST_GROUP)
    parents = {group.parent for group in groups.values()}
    for group_id, group in groups.items():
        if not group.members and group_id not in parents:
            refuse(places[group_id], N_("it has no layers"))
