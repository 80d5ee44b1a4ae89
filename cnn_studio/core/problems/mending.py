"""Edits that fixes are made of, and the texts of their buttons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from cnn_studio.core import edits
from cnn_studio.core.graph import Edge, Graph, Node
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.problems.base import Fix
from cnn_studio.core.problems.speech import Counted, Names, Path
from cnn_studio.core.words import Words, say
from cnn_studio.i18n import N_, ngettext


class Recipe(NamedTuple):
    """A layer to be made when a fix is carried out, so that a value out of bounds is refused as any edit is."""

    kind: str
    values: dict[str, Any]

    def make(self) -> Layer:
        """The layer. Raises EditError when it takes no such values."""
        return edits.changed_layer(layers[self.kind](), self.values)


def recipe(kind: str, **values: Any) -> Recipe:
    """A Recipe, written as the layer would be."""
    return Recipe(kind, values)


def insert(graph: Graph, source: str, target: str, *recipes: Recipe) -> Graph:
    """Layers put on a connection, one after the other."""
    for layer in [one.make() for one in recipes]:
        new_id = graph.fresh_id(layer.stem)
        graph = edits.insert_on_edge(graph, source, target, layer, node_id=new_id)
        source = new_id
    return graph


def inserting(code: str, source: str, target: str, *recipes: Recipe, label: Words) -> Fix:
    """A fix that puts layers on a connection."""
    return Fix(code, label, lambda graph: insert(graph, source, target, *recipes))


def adapting(code: str, label: Words, target: str, adapters: Mapping[str, Recipe]) -> Fix:
    """A fix that puts a layer between each of some sources and the node they feed."""

    def apply(graph: Graph) -> Graph:
        for source, adapter in adapters.items():
            graph = insert(graph, source, target, adapter)
        return graph

    return Fix(code, label, apply)


def setting(code: str, label: Words, node_ids: Iterable[str], **values: Any) -> Fix:
    """A fix that gives fields of some layers other values."""
    wanted = tuple(node_ids)
    return Fix(code, label, lambda graph: edits.set_fields(graph, wanted, values))


def removing(node: Node, code: str = "remove") -> Fix:
    """A fix that takes one layer out and closes the gap."""
    return Fix(code, say(N_("Remove {name}"), name=node.name), lambda graph: edits.remove(graph, (node.id,)))


def replacing(code: str, label: Words, node: Node, other: Recipe) -> Fix:
    """A fix that puts another layer in the place of one."""
    return Fix(code, label, lambda graph: exchange(graph, node.id, other.make()))


def exchange(graph: Graph, node_id: str, layer: Layer, *, name: str = "") -> Graph:
    """Another layer in the place of a node, under an id of its own, so that no weights are taken over."""
    node = edits.node_of(graph, node_id)
    new_id = graph.fresh_id(layer.stem)
    new = Node(new_id, layer, name or new_id, node.x, node.y, node.note)
    nodes = {new_id if key == node_id else key: new if key == node_id else one for key, one in graph.nodes.items()}
    inputs = {
        new_id if target == node_id else target: tuple(new_id if one == node_id else one for one in sources)
        for target, sources in graph.inputs.items()
    }
    groups = {
        key: replace(group, members=group.members - {node_id} | {new_id}) if node_id in group.members else group
        for key, group in graph.groups.items()
    }
    return Graph(nodes, inputs, groups)


def join(graph: Graph, target: str, layer: Layer) -> Graph:
    """All that feeds a node led through one merging layer in front of it."""
    sources = graph.inputs_of(target)
    places = [edits.node_of(graph, source) for source in (*sources, target)]
    middle = (sum(node.x for node in places) / len(places), sum(node.y for node in places) / len(places))
    new_id = graph.fresh_id(layer.stem)
    graph = edits.add(graph, layer, middle, node_id=new_id)
    return Graph(graph.nodes, {**graph.inputs, new_id: sources, target: (new_id,)}, graph.groups)


def keep_inputs(graph: Graph, target: str, sources: tuple[str, ...]) -> Graph:
    """A node fed by these only."""
    inputs = {**graph.inputs, target: sources}
    return Graph(graph.nodes, {node_id: feeding for node_id, feeding in inputs.items() if feeding}, graph.groups)


def skip(graph: Graph, passed: str, target: str) -> Graph:
    """A node fed by what feeds the layer before it; that layer is taken out when nothing else needs it."""
    if graph.outputs_of(passed) == (target,):
        return edits.remove(graph, (passed,))
    sources = graph.inputs_of(passed)
    return edits.reconnect(graph, Edge(passed, target), source=sources[0])


def cut(graph: Graph, edges: Iterable[tuple[str, str]]) -> Graph:
    """Without some connections."""
    for source, target in edges:
        graph = edits.disconnect(graph, source, target)
    return graph


def swap(graph: Graph, first: str, second: str) -> Graph:
    """Two layers, one feeding the other and nothing else, in the other order."""
    before, after = edits.node_of(graph, first), edits.node_of(graph, second)
    inputs = {
        target: tuple(first if one == second else one for one in sources) if target != first else sources
        for target, sources in graph.inputs.items()
    }
    inputs[second], inputs[first] = inputs[first], (second,)
    nodes = {
        **graph.nodes,
        first: replace(before, x=after.x, y=after.y),
        second: replace(after, x=before.x, y=before.y),
    }
    return Graph(nodes, inputs, graph.groups)


def named(nodes: Iterable[Node]) -> Names:
    """The names of some nodes, for a sentence."""
    return Names(tuple(node.name for node in nodes))


def connecting(source: Node, target: Node) -> Fix:
    """A fix that connects two layers."""
    label = say(N_("Connect {path}"), path=Path((source.name, target.name)))
    return Fix("connect", label, lambda graph: edits.connect(graph, source.id, target.id))


def removing_all(nodes: list[Node], first: Node) -> Fix:
    """A fix that takes out a layer and those that go with it, without closing the gap."""
    gone = [node.id for node in nodes]
    label = say(N_("Remove {name}"), name=first.name)
    if len(gone) > 1:
        more = Counted(len(gone) - 1, _more_layers)
        label = say(N_("Remove {name} and {more}"), name=first.name, more=more)
    return Fix("remove", label, lambda graph: edits.remove(graph, gone, heal=False))


def _more_layers(n: int) -> str:
    return ngettext("{n} more layer", "{n} more layers", n)


def pointwise(filters: int, stride: int | tuple[int, ...] = 1) -> Recipe:
    """The 1×1 convolution, which only changes the number of channels (and, with a stride, the sizes)."""
    return recipe("convolution", filters=filters, kernel=1, stride=stride)
