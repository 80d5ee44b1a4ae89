"""What holds for every graph, whatever was done to it."""

import json
from collections import Counter

from cnn_studio.core.graph import FURTHEST, Graph, id_problem, name_problem
from cnn_studio.core.graph_json import graph_text, read_graph


def check_invariants(graph: Graph) -> None:
    """Connections, names and groups are as the rest of the program relies on."""
    assert all(key == node.id and id_problem(key) is None for key, node in graph.nodes.items())
    assert all(name_problem(node.name) is None for node in graph.nodes.values())
    assert max(Counter(node.name for node in graph.nodes.values()).values(), default=1) == 1
    assert all(abs(node.x) <= FURTHEST and abs(node.y) <= FURTHEST for node in graph.nodes.values())
    assert graph.inputs.keys() <= graph.nodes.keys()
    for sources in graph.inputs.values():
        assert sources
        assert graph.nodes.keys() >= set(sources)
        assert len(set(sources)) == len(sources)
    check_groups(graph)
    outputs = {source: set(targets) for source, targets in graph.outputs.items()}
    for source, target, port in graph.edges():
        outputs[source].remove(target)
        assert graph.inputs[target][port] == source
    assert not any(outputs.values())
    again = read_graph(json.loads(graph_text(graph)), "graph.json")
    assert again == graph
    assert graph_text(again) == graph_text(graph)


def check_groups(graph: Graph) -> None:
    """Groups hold layers that exist, each layer in one at most, and stand in one another without a cycle."""
    assert graph.groups.keys().isdisjoint(graph.nodes)
    members = [member for group in graph.groups.values() for member in group.members]
    assert graph.nodes.keys() >= set(members)
    assert len(set(members)) == len(members)
    parents = {group.parent for group in graph.groups.values()}
    for key, group in graph.groups.items():
        assert group.id == key
        assert name_problem(group.name) is None
        assert group.members or key in parents
        path = [key]
        while parent := graph.groups[path[-1]].parent:
            assert parent in graph.groups
            assert parent not in path
            path.append(parent)
