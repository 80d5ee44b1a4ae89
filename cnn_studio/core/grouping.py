"""Edits of groups, and of pieces of networks: fold, unfold, copy, paste. Pure functions, as in ``edits.py``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count

from cnn_studio.core.edits import EditError, Point, node_of, shift
from cnn_studio.core.graph import DEEPEST_GROUP, Graph, Group, groups_without, name_problem
from cnn_studio.core.words import one_line
from cnn_studio.i18n import N_


def group(graph: Graph, node_ids: Iterable[str], name: str, *, folded: bool = False, block: str = "") -> Graph:
    """A new group around layers, inside the innermost group around all of them.

    Groups that lie wholly among the layers go into the new one; other groups lose the layers that are taken.
    """
    chosen = frozenset(node_ids)
    for node_id in chosen:
        node_of(graph, node_id)
    if not chosen:
        raise EditError(N_("choose at least one layer to make a group"))
    group_id = graph.fresh_id("group")
    name = name.strip() or group_id
    _check_name(name)
    parent = _innermost_around(graph, chosen)
    around = _path(graph, parent)
    inner = {key for key, members in all_members(graph).items() if members <= chosen and key not in around}
    inside = frozenset().union(*(graph.groups[key].members for key in inner))
    groups = {
        key: replace(one, parent=group_id) if key in inner and one.parent not in inner else one
        for key, one in graph.groups.items()
    }
    groups = groups_without(groups, chosen - inside, keep=parent)
    if parent:
        groups[parent] = replace(groups[parent], members=groups[parent].members - chosen)
    groups[group_id] = Group(group_id, name, chosen - inside, folded, parent, block)
    result = Graph(graph.nodes, graph.inputs, groups)
    if max(len(_path(result, key)) for key in groups) > DEEPEST_GROUP:
        raise EditError(N_("groups may be nested at most {limit} deep"), limit=DEEPEST_GROUP)
    return result


def _innermost_around(graph: Graph, node_ids: frozenset[str]) -> str:
    """Id of the smallest group that holds all of these layers, or ""."""
    every = all_members(graph)
    around = [one.id for one in graph.groups_around(next(iter(node_ids))) if node_ids <= every[one.id]]
    return around[0] if around else ""


def _path(graph: Graph, group_id: str) -> list[str]:
    """A group and those around it."""
    path = []
    while group_id:
        path.append(group_id)
        group_id = graph.groups[group_id].parent
    return path


def ungroup(graph: Graph, group_id: str) -> Graph:
    """The group taken away; its layers and inner groups go to the group around it."""
    gone = _group(graph, group_id)
    groups = {}
    for other in graph.groups.values():
        if other.id == group_id:
            continue
        if other.id == gone.parent:
            other = replace(other, members=other.members | gone.members)  # noqa: PLW2901
        if other.parent == group_id:
            other = replace(other, parent=gone.parent)  # noqa: PLW2901
        groups[other.id] = other
    return Graph(graph.nodes, graph.inputs, groups)


def fold(graph: Graph, group_id: str, folded: bool) -> Graph:
    """A group shown as one card, or opened."""
    return replace(graph, groups={**graph.groups, group_id: replace(_group(graph, group_id), folded=folded)})


def rename_group(graph: Graph, group_id: str, name: str) -> Graph:
    """Another name for a group."""
    _check_name(name.strip())
    changed = replace(_group(graph, group_id), name=name.strip())
    return replace(graph, groups={**graph.groups, group_id: changed})


def _check_name(name: str) -> None:
    problem = name_problem(name)
    if problem:
        raise EditError("{problem}", problem=problem)


def _group(graph: Graph, group_id: str) -> Group:
    found = graph.groups.get(group_id)
    if found is None:
        raise EditError(N_("there is no group “{id}” in this network"), id=one_line(group_id))
    return found


def piece(graph: Graph, node_ids: Iterable[str]) -> Graph:
    """Some layers with the connections between them and the groups that lie wholly among them."""
    chosen = frozenset(node_ids)
    nodes = {node_id: node for node_id, node in graph.nodes.items() if node_id in chosen}
    inputs = {
        target: kept
        for target, sources in graph.inputs.items()
        if target in chosen and (kept := tuple(source for source in sources if source in chosen))
    }
    every = all_members(graph)
    groups = {key: one for key, one in graph.groups.items() if every[key] <= chosen}
    groups = {key: one if one.parent in groups else replace(one, parent="") for key, one in groups.items()}
    return Graph(nodes, inputs, groups)


def all_members(graph: Graph) -> Mapping[str, frozenset[str]]:
    """For each group, its layers and those of the groups inside it."""
    found = {key: set(one.members) for key, one in graph.groups.items()}
    for key, one in graph.groups.items():
        for outer in _path(graph, key)[1:]:
            found[outer] |= one.members
    return {key: frozenset(members) for key, members in found.items()}


class _Fresh:
    """Words that neither graph uses: a stem and the next number that is free."""

    def __init__(self, *graphs: Graph) -> None:
        self.used = {word for graph in graphs for word in (*graph.nodes, *graph.groups, *graph.names)}
        self.numbers: dict[str, Iterator[int]] = {}

    def __call__(self, stem: str) -> str:
        numbers = self.numbers.setdefault(stem, count(1))
        return next(word for number in numbers if (word := f"{stem}{number}") not in self.used)


def paste(graph: Graph, part: Graph, shift_by: Point = (0.0, 0.0)) -> tuple[Graph, dict[str, str]]:
    """The layers of another graph put into this one; they keep ids and names that are free, and get others else.

    Returns the new graph and, for each id of ``part`` (layers and groups), its id in the result.
    """
    part = shift(part, part.nodes, *shift_by)
    fresh = _Fresh(graph, part)
    new_ids = {node.id: node.id if node.id not in graph.nodes and node.id not in graph.groups else fresh(node.layer.stem)
               for node in part.nodes.values()}  # fmt: skip
    for key in part.groups:
        new_ids[key] = key if key not in graph.nodes and key not in graph.groups else fresh("group")
    nodes = dict(graph.nodes)
    for node in part.nodes.values():
        own, name = new_ids[node.id], node.name
        if name in graph.names:
            name = own if own not in graph.names and own not in part.names else fresh(node.layer.stem)
        nodes[own] = replace(node, id=own, name=name)
    inputs = {new_ids[target]: tuple(new_ids[source] for source in sources) for target, sources in part.inputs.items()}
    groups = {
        new_ids[one.id]: replace(
            one,
            id=new_ids[one.id],
            members=frozenset(new_ids[member] for member in one.members),
            parent=new_ids.get(one.parent, ""),
        )
        for one in part.groups.values()
    }
    return Graph(nodes, {**graph.inputs, **inputs}, {**graph.groups, **groups}), new_ids
