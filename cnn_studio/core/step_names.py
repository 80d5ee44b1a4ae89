"""What a step of the history is called: "conv1: kernel 5 → 3"."""

from __future__ import annotations

from typing import Any, NamedTuple

from cnn_studio.core.fields import specs
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.words import Words, say
from cnn_studio.i18n import N_


class Difference(NamedTuple):
    """What distinguishes two graphs.

    Attributes:
        added, removed, changed: ids of layers; changed are those with another layer, name, place or note.
        edges: ids of layers that are fed by others than before, or in another order.
        groups: ids of groups that came, went or are not as before.
    """

    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    edges: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()


def difference(before: Graph, after: Graph) -> Difference:
    """What an edit did. Parts that are shared are not looked at."""
    return Difference(
        frozenset(after.nodes.keys() - before.nodes.keys()) if after.nodes is not before.nodes else frozenset(),
        frozenset(before.nodes.keys() - after.nodes.keys()) if after.nodes is not before.nodes else frozenset(),
        _changed(before.nodes, after.nodes, both=True),
        _changed(before.inputs, after.inputs, both=False),
        _changed(before.groups, after.groups, both=False),
    )


def _changed(before: Any, after: Any, *, both: bool) -> frozenset[str]:
    """Keys whose values differ; with ``both`` only those that are in both mappings."""
    if before is after:
        return frozenset()
    found = set() if both else before.keys() ^ after.keys()
    for key, value in after.items():
        old = before.get(key)
        if old is not None and old is not value and old != value:
            found.add(key)
    return frozenset(found)


def name_of(before: Graph, after: Graph) -> Words:
    """A name for the step from one graph to another, by the most important thing that it did."""
    found = difference(before, after)
    if found.added or found.removed:
        return _came_or_went(before, after, found)
    if found.changed:
        return _changed_layers([(before.nodes[key], after.nodes[key]) for key in sorted(found.changed)])
    if found.edges:
        return _connections(before, after, sorted(found.edges))
    if found.groups:
        return _groups(before, after, sorted(found.groups))
    return say(N_("no change"))


def _came_or_went(before: Graph, after: Graph, found: Difference) -> Words:
    if found.added and found.removed:
        return say(N_("replace layers"))
    if len(found.added) == 1:
        return say(N_("add {name}"), name=after.nodes[min(found.added)].name)
    if found.added:
        return say(N_("add {count} layers"), count=len(found.added))
    if len(found.removed) == 1:
        return say(N_("remove {name}"), name=before.nodes[min(found.removed)].name)
    return say(N_("remove {count} layers"), count=len(found.removed))


def _changed_layers(pairs: list[tuple[Node, Node]]) -> Words:
    old, new = pairs[0]
    one = len(pairs) == 1
    if all(old.layer is new.layer or old.layer == new.layer for old, new in pairs):
        return _moved_or_renamed(pairs)
    if type(old.layer) is not type(new.layer):
        return say(N_("{name}: another kind"), name=new.name)
    fields = [
        field for field in specs(type(new.layer)) if getattr(old.layer, field.name) != getattr(new.layer, field.name)
    ]
    if one and len(fields) == 1:
        label, name = say(fields[0].label), fields[0].name
        return say(
            N_("{name}: {field} {old} → {new}"),
            name=new.name, field=label, old=getattr(old.layer, name), new=getattr(new.layer, name),
        )  # fmt: skip
    if one:
        return say(N_("change {name}"), name=new.name)
    if len(fields) == 1:
        return say(N_("{field} of {count} layers"), field=say(fields[0].label), count=len(pairs))
    return say(N_("change {count} layers"), count=len(pairs))


def _moved_or_renamed(pairs: list[tuple[Node, Node]]) -> Words:
    old, new = pairs[0]
    if len(pairs) > 1:
        return say(N_("move {count} layers"), count=len(pairs))
    if old.name != new.name:
        return say(N_("rename {old} to {new}"), old=old.name, new=new.name)
    if old.note != new.note:
        return say(N_("note on {name}"), name=new.name)
    return say(N_("move {name}"), name=new.name)


def _connections(before: Graph, after: Graph, targets: list[str]) -> Words:
    target = targets[0]
    came = [source for source in after.inputs_of(target) if source not in before.inputs_of(target)]
    went = [source for source in before.inputs_of(target) if source not in after.inputs_of(target)]
    if len(targets) > 1 or len(came) > 1 or len(went) > 1:
        return say(N_("change connections"))
    name = after.nodes[target].name
    if came:
        return say(N_("connect {source} to {target}"), source=after.nodes[came[0]].name, target=name)
    if went:
        return say(N_("disconnect {source} from {target}"), source=before.nodes[went[0]].name, target=name)
    return say(N_("order of the inputs of {name}"), name=name)


def _groups(before: Graph, after: Graph, ids: list[str]) -> Words:
    for group_id in ids:
        if group_id not in before.groups:
            return say(N_("group {name}"), name=after.groups[group_id].name)
        if group_id not in after.groups:
            return say(N_("ungroup {name}"), name=before.groups[group_id].name)
    old, new = before.groups[ids[0]], after.groups[ids[0]]
    if old.folded != new.folded:
        return say(N_("fold {name}") if new.folded else N_("unfold {name}"), name=new.name)
    if old.name != new.name:
        return say(N_("rename {old} to {new}"), old=old.name, new=new.name)
    return say(N_("change group {name}"), name=new.name)
