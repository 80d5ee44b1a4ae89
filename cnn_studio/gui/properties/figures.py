"""The figures of layers, groups, connections and networks, as headings and lines."""

from __future__ import annotations

from collections.abc import Iterable

from cnn_studio.core.analysis import Report
from cnn_studio.core.graph import Edge
from cnn_studio.core.words import times
from cnn_studio.gui.properties.parts import Figure
from cnn_studio.i18n import _, data_size, integer, ngettext, percent


def layer_figures(report: Report, node_id: str) -> list[Figure]:
    """What goes in and out of one layer, the sums, and the cost."""
    facts, node = report.facts[node_id], report.graph.nodes[node_id]
    figures: list[Figure] = []
    if facts.inputs:
        heading = _("Input") if len(facts.inputs) == 1 else _("Inputs")
        figures.append((heading, [str(shape) for shape in facts.inputs[:4]] + ["…"] * (len(facts.inputs) > 4)))
    if facts.shape is None:
        return figures
    figures.append((_("Output"), [str(facts.shape)]))
    if sums := report.size_sums(node_id):
        figures.append((_("Size"), [str(line) for line in sums]))
    if facts.parameters:
        parameters = report.parameter_sum(node_id)
        share = _("{share} of all").format(share=percent(facts.parameters / report.totals.parameters))
        figures.append((_("Parameters"), [str(parameters) if parameters else integer(facts.parameters), share]))
        figures.append((_("Training"), [_("learns") if node.layer.is_trainable else _("frozen: stays as it is")]))
    if facts.macs:
        figures.append((_("Multiply-adds"), [integer(facts.macs)]))
    figures.append((_("Memory"), [_("{size} per sample").format(size=data_size(facts.memory_forward))]))
    if facts.reach and facts.reach.picture:
        figures.append((_("Sees"), [pixels(facts.reach.receptive_field)]))
    return figures


def pixels(sizes: tuple[int, ...]) -> str:
    """A part of a picture, in words."""
    if len(sizes) == 1:
        return ngettext("{n} value", "{n} values", sizes[0]).format(n=integer(sizes[0]))
    return _("{sizes} pixels").format(sizes=times(sizes))


def sum_figures(report: Report, node_ids: Iterable[str]) -> list[Figure]:
    """The cost of several layers together."""
    facts = [report.facts[node_id] for node_id in node_ids]
    parameters, trainable = sum(one.parameters for one in facts), sum(one.trainable for one in facts)
    lines = [integer(parameters)]
    if trainable != parameters:
        lines.append(_("{n} of them learn").format(n=integer(trainable)))
    return [
        (_("Parameters"), lines),
        (_("Multiply-adds"), [integer(sum(one.macs for one in facts))]),
        (_("Memory"), [_("{size} per sample").format(size=data_size(sum(one.memory_forward for one in facts)))]),
    ]


def edge_figures(report: Report, edge: Edge) -> list[Figure]:
    """What flows along a connection."""
    nodes, facts = report.graph.nodes, report.facts[edge.source]
    figures: list[Figure] = [(_("From"), [nodes[edge.source].name]), (_("To"), [nodes[edge.target].name])]
    count = len(report.graph.inputs_of(edge.target))
    if count > 1:
        figures.append((_("Place"), [_("input {n} of {count}").format(n=edge.port + 1, count=count)]))
    if facts.shape is None:
        return [*figures, (_("Shape"), [_("not known yet")])]
    return [
        *figures,
        (_("Shape"), [str(facts.shape)]),
        (_("Values"), [integer(facts.shape.values)]),
        (_("Memory"), [_("{size} per sample").format(size=data_size(facts.memory_forward))]),
    ]


def network_figures(report: Report) -> list[Figure]:
    """The sums over the whole network."""
    totals = report.totals
    parameters = [integer(totals.parameters)]
    if totals.trainable != totals.parameters:
        parameters.append(_("{n} of them learn").format(n=integer(totals.trainable)))
    return [
        (_("Layers"), [integer(len(report.graph.nodes))]),
        (_("Parameters"), parameters),
        (_("Multiply-adds"), [integer(totals.macs)]),
        (_("Memory"), [_("{size} per sample").format(size=data_size(totals.memory_forward))]),
    ]
