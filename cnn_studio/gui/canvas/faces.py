"""What a card says: name, settings, shape, parameters and problems of a layer or a folded group, as texts."""

from __future__ import annotations

from typing import NamedTuple

from cnn_studio.core.analysis import Report
from cnn_studio.core.blocks import blocks
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers.base import FAMILY_LABELS, Family
from cnn_studio.core.problems import ERROR, Diagnosis
from cnn_studio.core.shapes import Shape
from cnn_studio.gui.canvas.scene import Card
from cnn_studio.i18n import _, count_short, integer, ngettext, percent


class Face(NamedTuple):
    """The texts of one card. ``brief`` is the title where there is little room, ``fits`` is False where the layer cannot take what it is given."""

    title: str
    brief: str
    detail: str
    shape: str
    parameters: str
    short: str
    note: str
    family: Family
    icon: str
    errors: int
    warnings: int
    fits: bool


def face_of(card: Card, report: Report, diagnosis: Diagnosis) -> Face:
    """What a card says."""
    problems = [problem for one in card.members for problem in diagnosis.of(one)]
    errors = sum(problem.severity == ERROR for problem in problems)
    counts = errors, len(problems) - errors
    if card.is_group:
        return _group_face(card, report, counts)
    node, facts = report.graph.nodes[card.key], report.facts[card.key]
    layer = node.layer
    rank = facts.inputs[0].rank if facts.inputs else facts.shape.rank if facts.shape else 2
    return Face(
        node.name,
        _own_part(card.key, report),
        layer.describe(rank) or _(layer.label),
        str(facts.shape) if facts.shape else _("does not fit") if facts.error else "–",
        integer(facts.parameters) if facts.parameters else "",
        count_short(facts.parameters),
        node.note.strip().partition("\n")[0],
        layer.family,
        layer.kind,
        *counts,
        facts.error is None,
    )


def _own_part(node_id: str, report: Report) -> str:
    """A layer's name without that of the group in whose frame it stands, as "conv1" for "block2_1_conv1"."""
    name = report.graph.nodes[node_id].name
    around = report.graph.groups_around(node_id) if report.graph.groups else []
    return name.removeprefix(f"{around[0].name}_") if around else name


def _group_face(card: Card, report: Report, counts: tuple[int, int]) -> Face:
    group = report.graph.groups[card.key]
    block = blocks.get(group.block) if group.block else None
    number = len(card.members)
    layers = ngettext("{count} layer", "{count} layers", number).format(count=integer(number))
    shape = group_shape(card, report)
    parameters = sum(report.facts[one].parameters for one in card.members)
    fits = all(report.facts[one].error is None for one in card.members)
    return Face(
        group.name,
        group.name,
        f"{_(block.label)} · {layers}" if block else layers,
        str(shape) if shape else _("does not fit") if not fits else "–",
        integer(parameters) if parameters else "",
        count_short(parameters),
        "",
        block.family if block else Family.FEATURES,
        "block",
        *counts,
        fits,
    )


def share_of(card: Card, report: Report) -> float:
    """The share of all parameters that a layer or a folded group has."""
    own = sum(report.facts[one].parameters for one in card.members)
    return own / report.totals.parameters if own else 0.0


def group_shape(card: Card, report: Report) -> Shape | None:
    """What a folded group gives: the shape of its only layer that feeds others, or that feeds none."""
    node = exit_of(card, report.graph)
    return report.facts[node].shape if node else None


def exit_of(card: Card, graph: Graph) -> str:
    """The layer that gives what a card gives: the first that feeds others outside, or that feeds none; "" for none."""
    inside = set(card.members)
    exits = [one for one in card.members if not inside.issuperset(graph.outputs_of(one))]
    exits = exits or [one for one in card.members if not graph.outputs_of(one)]
    return exits[0] if exits else ""


def spoken(card: Card, face: Face, report: Report, diagnosis: Diagnosis) -> str:
    """A card in words, for those who hear it: kind, settings, shape, what it is connected to, problems."""
    graph = report.graph
    kind = _(FAMILY_LABELS[face.family]) if card.is_group else _(graph.nodes[card.key].layer.label)
    parts = [kind, face.detail if face.detail != kind else ""]
    parts.append(_("output {shape}").format(shape=face.shape))
    if face.parameters:
        share = percent(share_of(card, report))
        parts.append(_("{count} parameters, {share} of all").format(count=face.parameters, share=share))
    names = [graph.nodes[one].name for one in graph.inputs_of(card.key)]
    if names:
        parts.append(_("fed by {layers}").format(layers=", ".join(names)))
    names = [graph.nodes[one].name for one in graph.outputs_of(card.key)]
    if names:
        parts.append(_("feeds {layers}").format(layers=", ".join(names)))
    parts += [problem.message for one in card.members for problem in diagnosis.of(one)]
    if face.note:
        parts.append(face.note)
    return "; ".join(part for part in parts if part)
