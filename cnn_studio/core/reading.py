"""The order in which people read a network: one branch to its end before the next begins."""

from __future__ import annotations

from cnn_studio.core.graph import Graph, Group
from cnn_studio.core.layers.endpoints import Output


def group_path(graph: Graph, node_id: str) -> tuple[Group, ...]:
    """The groups around a node, the outermost first."""
    return tuple(reversed(graph.groups_around(node_id)))


def trunk_of(graph: Graph) -> frozenset[str]:
    """Ids of the nodes on which an Output depends, and of the Outputs; auxiliary ones are aside."""
    ends = [node_id for node_id, node in graph.nodes.items() if isinstance(node.layer, Output)]
    return frozenset(ends).union(*(graph.upstream(end) for end in ends))


def reading_order(graph: Graph) -> list[str]:
    """Every id after those that feed it; nodes on cycles, and behind one, last.

    Of what follows a layer, first comes what ends beside the trunk, then what stands in the layer's own groups; of two
    branches the short one first.
    """
    return _Reader(graph).order()


class _Reader:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.trunk = trunk_of(graph)
        self.missing = {node_id: len(set(graph.inputs_of(node_id))) for node_id in graph.nodes}

    def order(self) -> list[str]:
        starts = [node_id for node_id, count in self.missing.items() if count == 0]
        found: dict[str, None] = dict.fromkeys(start for start in starts if self.graph.nodes[start].layer.arity[1] == 0)
        stack = list(reversed(starts))
        while stack:
            node_id = stack.pop()
            found[node_id] = None
            stack.extend(reversed(self._released(node_id)))
        return [*found, *(node_id for node_id in self.graph.nodes if node_id not in found)]

    def _users(self, node_id: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.graph.outputs_of(node_id)))

    def _released(self, node_id: str) -> list[str]:
        """The users that have all their inputs now, in the order in which to read them."""
        ready = []
        for user in self._users(node_id):
            self.missing[user] -= 1
            if self.missing[user] == 0:
                ready.append(user)
        if len(ready) < 2:
            return ready
        own = group_path(self.graph, node_id)
        two = sum(user in self.trunk for user in ready) == 2
        return sorted(
            ready,
            key=lambda user: (
                user in self.trunk,
                group_path(self.graph, user)[: len(own)] != own,
                self._run(user) if two else 0,
            ),
        )

    def _run(self, node_id: str) -> int:
        """How many layers follow one another from here, up to the next merge or branching."""
        length = 1
        while len(users := self._users(node_id)) == 1 and len(self.graph.inputs_of(users[0])) == 1:
            node_id, length = users[0], length + 1
        return length
