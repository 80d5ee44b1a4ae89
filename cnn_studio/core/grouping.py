"""Edits of groups, and of pieces of networks: fold, unfold, copy, paste. Pure functions, as in ``edits.py``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cnn_studio.core.edits import EditError, Point, node_of
from cnn_studio.core.graph import LONGEST_NAME, Graph, Group, groups_without
from cnn_studio.i18n import N_


def group(graph: Graph, node_ids: Iterable[str], name: str, *, folded: bool = False, block: str = "") -> Graph:
    """A new group around layers. They leave the groups they were in, unless those lie around all of them."""
    members = frozenset(node_ids)
    for node_id in members:
        node_of(graph, node_id)
    if not members:
        raise EditError(N_("choose at least one layer to make a group"))
    owners = {next(iter(graph.groups_around(node_id)), None) for node_id in members}
    parent = owners.pop() if len(owners) == 1 else None
    groups = groups_without(graph.groups, members, keep=parent.id if parent else "")
    group_id = graph.fresh_id("group")
    groups[group_id] = Group(group_id, name.strip() or group_id, members, folded, parent.id if parent else "", block)
    if parent:
        rest = replace(parent, members=parent.members - members)
        groups[parent.id] = rest
    return Graph(graph.nodes, graph.inputs, groups)


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
    if not name.strip():
        raise EditError(N_("a name cannot be empty"))
    changed = replace(_group(graph, group_id), name=name.strip()[:LONGEST_NAME])
    return replace(graph, groups={**graph.groups, group_id: changed})


def _group(graph: Graph, group_id: str) -> Group:
    found = graph.groups.get(group_id)
    if found is None:
        raise EditError(N_("there is no group “{id}” in this network"), id=group_id)
    return found


def piece(graph: Graph, node_ids: Iterable[str]) -> Graph:
    """Some layers with the connections between them and the groups that lie wholly among them."""
    chosen = frozenset(node_ids)
    nodes = {node_id: node for node_id, node in graph.nodes.items() if node_id in chosen}
    inputs = {
        target: tuple(source for source in sources if source in chosen)
        for target, sources in graph.inputs.items()
        if target in chosen
    }
    groups = {
        key: one for key, one in graph.groups.items() if all_members(graph, key) <= chosen and all_members(graph, key)
    }
    groups = {key: one if one.parent in groups else replace(one, parent="") for key, one in groups.items()}
    return Graph(nodes, {target: sources for target, sources in inputs.items() if sources}, groups)


def all_members(graph: Graph, group_id: str) -> frozenset[str]:
    """Members of a group and of the groups inside it."""
    found = set(graph.groups[group_id].members)
    for other in graph.groups.values():
        if other.parent == group_id:
            found |= all_members(graph, other.id)
    return frozenset(found)


def paste(graph: Graph, part: Graph, shift_by: Point = (0.0, 0.0)) -> tuple[Graph, dict[str, str]]:
    """The layers of another graph put into this one under ids and names that are free.

    Returns the new graph and, for each id of ``part`` (layers and groups), its id in the result.
    """
    new_ids: dict[str, str] = {}
    taken: set[str] = set()
    nodes = dict(graph.nodes)
    used = {*graph.nodes, *graph.groups, *graph.names}
    for node in part.nodes.values():
        free = node.id not in used and node.id not in taken
        new_ids[node.id] = node.id if free else graph.fresh_id(node.layer.stem, taken)
        name = node.name if node.name not in used and node.name not in taken else new_ids[node.id]
        taken |= {new_ids[node.id], name}
        nodes[new_ids[node.id]] = replace(
            node, id=new_ids[node.id], name=name, x=node.x + shift_by[0], y=node.y + shift_by[1]
        )
    for key in part.groups:
        new_ids[key] = key if key not in used and key not in taken else graph.fresh_id("group", taken)
        taken.add(new_ids[key])
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
