"""Random edits of any kind, each one either done or refused with a sentence."""

from random import Random
from typing import Any

from cnn_studio.core import edits, grouping
from cnn_studio.core.edits import EditError
from cnn_studio.core.fields import specs
from cnn_studio.core.graph import Edge, Graph
from cnn_studio.core.layers import layers
from cnn_studio.core.shapes import Shape
from tests.helpers.networks import random_input, random_layer, random_value

NAMES = ["conv1", "a", " b ", "", "two\nlines", "x" * 81, "ñandú", "dense1", "group1"]
MAPS = Shape(4, (12, 12))


def _some(rng: Random, ids: list[str], most: int = 6) -> list[str]:
    return rng.sample(ids, min(len(ids), rng.randint(0, most)))


def _layer(rng: Random) -> Any:
    kind = rng.choice(list(layers))
    return random_input(rng) if kind == "input" else random_layer(rng, kind, MAPS, 0.1)


def _point(rng: Random) -> tuple[float, float]:
    return rng.choice([(0.0, 0.0), (rng.uniform(-500, 500), rng.uniform(-500, 500)), (1e30, -1e30), (float("nan"), 0)])


def _field(rng: Random, graph: Graph, node_id: str) -> Graph:
    fields = specs(type(edits.node_of(graph, node_id).layer))
    if not fields:
        return edits.set_field(graph, node_id, "no_such_field", 1)
    field = rng.choice(fields)
    value = rng.choice([random_value(rng, field, MAPS, 0.5), 0, -1, 10**12, "same", None, True, [1, 2, 3, 4]])
    return edits.set_field(graph, node_id, field.name, value)


def random_edit(rng: Random, graph: Graph) -> Graph:
    """One edit of the graph; the same graph when the edit was refused."""
    ids = [*graph.nodes, "nothing"]
    one, other = rng.choice(ids), rng.choice(ids)
    group = rng.choice([*graph.groups, "nothing"])
    edge = rng.choice([*graph.edges(), Edge(one, other)])
    choices = [
        lambda: edits.add(graph, _layer(rng), _point(rng), name=rng.choice(["", "", *NAMES])),
        lambda: edits.add(graph, _layer(rng), node_id=rng.choice([one, "free", "class", "a b"])),
        lambda: edits.add_after(graph, one, _layer(rng)),
        lambda: edits.insert_on_edge(graph, edge.source, edge.target, _layer(rng)),
        lambda: edits.set_layer(graph, one, _layer(rng)),
        lambda: _field(rng, graph, one),
        lambda: edits.set_fields(graph, _some(rng, ids), {"kernel": rng.randint(-1, 5)}),
        lambda: edits.rename(graph, one, rng.choice(NAMES)),
        lambda: edits.set_note(graph, one, rng.choice(["", "line\nline", "half \ud800", "x" * 10_001])),
        lambda: edits.remove(graph, _some(rng, ids), heal=rng.random() < 0.7),
        lambda: edits.connect(graph, one, other, rng.choice([None, 0, 1, 99])),
        lambda: edits.connect(graph, one, other),
        lambda: edits.disconnect(graph, edge.source, edge.target),
        lambda: edits.reconnect(graph, edge, source=rng.choice(["", one]), target=rng.choice(["", other])),
        lambda: edits.reorder_inputs(graph, one, graph.inputs_of(one)[::-1]),
        lambda: edits.reorder_inputs(graph, one, (other,)),
        lambda: edits.move(graph, {key: _point(rng) for key in _some(rng, ids)}),
        lambda: edits.shift(graph, _some(rng, ids), *_point(rng)),
        lambda: edits.align(graph, _some(rng, ids), rng.choice(["row", "column", "spread_row", "spread_column"])),
        lambda: grouping.group(graph, _some(rng, ids), rng.choice(NAMES), folded=rng.random() < 0.5),
        lambda: grouping.group(graph, _some(rng, ids[:4], 4), ""),
        lambda: grouping.ungroup(graph, group),
        lambda: grouping.fold(graph, group, rng.random() < 0.5),
        lambda: grouping.rename_group(graph, group, rng.choice(NAMES)),
        lambda: grouping.paste(graph, grouping.piece(graph, _some(rng, ids)), _point(rng))[0],
    ]
    try:
        return rng.choice(choices)()
    except EditError as error:
        if "\n" in str(error):
            raise AssertionError(f"not one line: {error}") from error
        return graph


def edited(rng: Random, graph: Graph, count: int) -> list[Graph]:
    """The graph and what becomes of it, edit by edit, without those that were refused."""
    states = [graph]
    for _ in range(count):
        after = random_edit(rng, states[-1])
        if after is not states[-1]:
            states.append(after)
    return states
