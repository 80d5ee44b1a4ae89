"""What a figure shows: one entry for each layer or folded group, and who feeds whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cnn_studio.core.analysis import Report
from cnn_studio.core.arrange import middle_of
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers.base import Family
from cnn_studio.core.reading import reading_order
from cnn_studio.core.shapes import Shape
from cnn_studio.i18n import _, ngettext

COLOURS = {
    Family.INPUT: "#2aa198",
    Family.FEATURES: "#4c8dff",
    Family.POOLING: "#9a6cff",
    Family.ACTIVATION: "#e0a030",
    Family.NORMALIZATION: "#35b5d0",
    Family.REGULARIZATION: "#8a8f9c",
    Family.RESHAPING: "#58b368",
    Family.MERGING: "#e0679b",
    Family.DENSE: "#ef7d43",
    Family.OUTPUT: "#c25b4e",
}
GROUP_COLOUR = "#6b7080"
ERROR_COLOUR = "#e5484d"
INK, QUIET = "#1d1e22", "#55575f"
"""Colours of names and numbers, and of what is said beside them."""


@dataclass(eq=False)
class Entry:
    """Something drawn, in words, and where it stands: ``x``, ``y`` are where its line of flow has its middle.

    Attributes:
        width: of its place; ``up`` and ``down`` how far it reaches above and below its line.
        left, right: where edges end and begin, from the middle.
    """

    id: str
    members: tuple[str, ...]
    title: str
    kind: str
    settings: str
    shape: Shape | None
    colour: str
    family: Family | None = None
    wrong: bool = False
    layer_kind: str = ""
    absorbed: list[Entry] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    up: float = 0.0
    down: float = 0.0
    left: float = 0.0
    right: float = 0.0
    solid: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    @property
    def details(self) -> str:
        """The settings; what kind it is where it has none, or where they only repeat its shape."""
        repeated = self.shape is not None and self.settings == str(self.shape)
        return self.kind if repeated or not self.settings else self.settings

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of its place."""
        return self.x - self.width / 2, self.y - self.up, self.x + self.width / 2, self.y + self.down


@dataclass(eq=False)
class Scene:
    """The entries by id in reading order, the connections between them, and the frames of unfolded groups."""

    entries: dict[str, Entry]
    links: list[tuple[str, str]]
    frames: list[tuple[str, frozenset[str]]]

    def sources(self) -> dict[str, list[str]]:
        """For each entry those that feed it."""
        found: dict[str, list[str]] = {entry: [] for entry in self.entries}
        for source, target in self.links:
            found[target].append(source)
        return found

    def users(self) -> dict[str, list[str]]:
        """For each entry those that it feeds."""
        found: dict[str, list[str]] = {entry: [] for entry in self.entries}
        for source, target in self.links:
            found[source].append(target)
        return found


def scene_of(graph: Graph, report: Report) -> Scene:
    """Everything that is seen: folded groups are one entry, connections inside them are gone."""
    seen = {}
    for node_id in graph.nodes:
        group = graph.top_group_of(node_id)
        seen[node_id] = group.id if group else node_id
    members: dict[str, list[str]] = {}
    for node_id in reading_order(graph):
        members.setdefault(seen[node_id], []).append(node_id)
    entries = {entry_id: _entry(graph, report, entry_id, tuple(inside), seen) for entry_id, inside in members.items()}
    links = dict.fromkeys((seen[edge.source], seen[edge.target]) for edge in graph.edges())
    return Scene(entries, [link for link in links if link[0] != link[1]], _frames(graph, seen))


def _entry(graph: Graph, report: Report, entry_id: str, members: tuple[str, ...], seen: Mapping[str, str]) -> Entry:
    places = [graph.nodes[member] for member in members]
    x, y = middle_of((node.x, node.y) for node in places)
    wrong = any(report.facts[member].error is not None for member in members)
    if entry_id in graph.nodes:
        node, facts = graph.nodes[entry_id], report.facts[entry_id]
        settings = node.layer.describe(facts.inputs[0].rank if facts.inputs else 2)
        family = node.layer.family
        return Entry(
            entry_id, members, node.name, _(node.layer.label), settings, facts.shape, COLOURS[family], family, wrong,
            node.layer.kind, x=x, y=y,
        )  # fmt: skip
    group = graph.groups[entry_id]
    ends = [
        member
        for member in members
        if not graph.outputs_of(member) or any(seen[user] != entry_id for user in graph.outputs_of(member))
    ]
    count = ngettext("{n} layer", "{n} layers", len(members)).format(n=len(members))
    shape = report.facts[ends[-1]].shape if ends else None
    return Entry(entry_id, members, group.name, count, count, shape, GROUP_COLOUR, None, wrong, x=x, y=y)


def _frames(graph: Graph, seen: Mapping[str, str]) -> list[tuple[str, frozenset[str]]]:
    """Name and entries of each group that is not folded and stands in no other."""
    inside: dict[str, set[str]] = {}
    for node_id in graph.nodes:
        around = graph.groups_around(node_id)
        if around and not around[-1].folded:
            inside.setdefault(around[-1].id, set()).add(seen[node_id])
    return [(graph.groups[group_id].name, frozenset(entries)) for group_id, entries in inside.items()]
