"""Everything that can be put into a network: kinds of layers, blocks, starters; with the names by which it is found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from cnn_studio.core import matching
from cnn_studio.core.arrange import CARD
from cnn_studio.core.blocks import blocks
from cnn_studio.core.blocks.base import Fragment
from cnn_studio.core.graph import Graph, topological_order
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import FAMILY_LABELS, Family
from cnn_studio.core.starters import open_starter, starter_names
from cnn_studio.i18n import N_, _, in_language, language, languages

MIME = "application/x-cnn-studio-kind"
"""What is dragged from the palette: the key of an entry."""
BLOCK, STARTER = "block:", "starter:"
BLOCKS, STARTERS = N_("Blocks"), N_("Starters")


class Entry(NamedTuple):
    """One thing to put into a network.

    Attributes:
        key: kind of a layer, "block:" and the kind of a block, or "starter:" and the name of a starter.
        heading: under which it stands; label: what it is called; both marked for translation.
        family: whose colour it wears; None for a starter.
    """

    key: str
    heading: str
    label: str
    help: str
    formula: str
    icon: str
    family: Family | None


class Sketch(NamedTuple):
    """A network as a picture of dots: places and families of its layers, and which are connected."""

    dots: tuple[tuple[float, float, Family], ...]
    edges: tuple[tuple[int, int], ...]


@cache
def entries() -> tuple[Entry, ...]:
    """All of them, family by family, then blocks, then starters."""
    found = []
    for family in Family:
        heading = FAMILY_LABELS[family]
        for kind in layers.values():
            if kind.family is family:
                found += [Entry(kind.kind, heading, kind.label, kind.help, kind.formula, kind.kind, family)]
    found += [Entry(BLOCK + one.kind, BLOCKS, one.label, one.help, "", "block", one.family) for one in blocks.values()]
    starters = [Entry(STARTER + name, STARTERS, name, "", "", "starter", None) for name in starter_names()]
    return (*found, *starters)


@cache
def names_of(entry: Entry) -> tuple[str, ...]:
    """The names by which it is found, in every language, the label first."""
    if entry.heading == STARTERS:
        return (entry.label,)
    labels = [in_language(code, entry.label) for code in languages()]
    headings = [in_language(code, entry.heading) for code in languages()]
    return tuple(dict.fromkeys([*labels, entry.key.removeprefix(BLOCK).replace("_", " "), *headings]))


def found(text: str) -> list[Entry]:
    """What fits some letters, the best first; everything when there are none."""
    every = entries()
    if not text.strip():
        return list(every)
    return [every[index] for index in matching.ranked(text, [names_of(entry) for entry in every])]


@cache
def sketch(key: str) -> Sketch | None:
    """The picture of a block or a starter; None for a layer."""
    if key.startswith(STARTER):
        return _of_network(open_starter(key.removeprefix(STARTER)).graph)
    if key.startswith(BLOCK):
        return _of_block(blocks[key.removeprefix(BLOCK)]().build(None))
    return None


def _of_network(graph: Graph) -> Sketch:
    """Layers where they stand; those of a folded group are one dot in their middle."""
    tops = {node_id: graph.top_group_of(node_id) for node_id in graph.nodes}
    card = {node_id: top.id if top else node_id for node_id, top in tops.items()}
    members: dict[str, list[str]] = {}
    for node_id, one in card.items():
        members.setdefault(one, []).append(node_id)
    dots = []
    for one, inside in members.items():
        nodes = [graph.nodes[node_id] for node_id in inside]
        block = blocks.get(graph.groups[one].block) if one in graph.groups else None
        family = block.family if block else nodes[0].layer.family
        dots.append((sum(node.x for node in nodes) / len(nodes), sum(node.y for node in nodes) / len(nodes), family))
    order = {one: index for index, one in enumerate(members)}
    edges = {(order[card[edge.source]], order[card[edge.target]]) for edge in graph.edges()}
    return Sketch(tuple(dots), tuple(sorted(edge for edge in edges if edge[0] != edge[1])))


def _of_block(fragment: Fragment) -> Sketch:
    """Layers in columns, as far from the first dot, what feeds the block, as data go through others."""
    graph = fragment.graph
    depth: dict[str, int] = {}
    for node_id in topological_order(graph)[0]:
        depth[node_id] = 1 + max((depth[source] for source in graph.inputs_of(node_id)), default=0)
    columns: dict[int, list[str]] = {}
    for node_id in graph.nodes:
        columns.setdefault(depth[node_id], []).append(node_id)
    dots = [(0.0, 0.0, Family.INPUT)]
    order = {}
    for node_id in graph.nodes:
        column = columns[depth[node_id]]
        order[node_id] = len(dots)
        high = column.index(node_id) - (len(column) - 1) / 2 + (0.5 if len(column) % 2 and len(columns) > 1 else 0.0)
        dots.append((CARD[0] * depth[node_id], 2 * CARD[1] * high, graph.nodes[node_id].layer.family))
    edges = [(order[edge.source], order[edge.target]) for edge in graph.edges()]
    return Sketch(tuple(dots), (*((0, order[entry]) for entry in fragment.entries), *edges))


def help_of(entry: Entry) -> str:
    """What it does, in the language of the moment."""
    if not entry.key.startswith(STARTER):
        return _(entry.help)
    story = _story(entry.key.removeprefix(STARTER))
    return next((text for code, text in story if code == language()), story[0][1] if story else "")


@cache
def _story(name: str) -> Sequence[tuple[str, str]]:
    return tuple(open_starter(name).story.items())
