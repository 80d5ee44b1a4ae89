"""What a network answers: scores while training, probabilities afterwards."""

from __future__ import annotations

from cnn_studio.core import edits
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers.activation import Softmax


def scoring_graph(graph: Graph) -> Graph:
    """The same network without the Softmax right before its outputs.

    The loss is computed from what stands before a Softmax (log-softmax of the scores is exact where the logarithm of a
    rounded probability is not); probabilities are the softmax of the same scores. Softmax owns no weights, so the
    networks of both graphs take the same ones.
    """
    ends = [*graph.of_kind("output"), *graph.of_kind("auxiliary_output")]
    last = {source for end in ends for source in graph.inputs_of(end.id)}
    gone = [
        node_id
        for node_id in last
        if isinstance(graph.nodes[node_id].layer, Softmax)
        and set(graph.outputs_of(node_id)) <= {end.id for end in ends}
    ]
    return edits.remove(graph, gone)
