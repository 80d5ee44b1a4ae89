"""What a graph tells of itself."""

from cnn_studio.core import edits
from cnn_studio.core.graph import Graph, identifier, identifiers, topological_order
from cnn_studio.core.layers import layers
from tests.helpers.networks import chain


def three() -> Graph:
    return chain(layers["input"](), layers["relu"](), layers["relu"]())


def test_neighbours_near_and_far():
    graph = three()
    assert graph.inputs_of("input1") == graph.outputs_of("relu3") == ()
    assert graph.outputs_of("input1") == ("relu2",)
    assert graph.downstream("input1") == {"relu2", "relu3"}
    assert graph.upstream("relu3") == {"input1", "relu2"}
    assert [node.id for node in graph.of_kind("relu")] == ["relu2", "relu3"]
    assert graph.fresh_id("relu") == "relu1"
    assert graph.fresh_id("relu", ["relu1"]) == "relu4"


def test_what_no_order_can_place():
    graph = edits.connect(three(), "relu3", "relu2")
    assert topological_order(graph) == (["input1"], {"relu2", "relu3"})
    assert topological_order(three()) == (["input1", "relu2", "relu3"], set())


def test_outputs_come_in_the_order_of_the_layers():
    """As they do after saving and opening, whatever the order in which they were connected."""
    graph = edits.disconnect(three(), "relu2", "relu3")
    graph = edits.connect(edits.disconnect(graph, "input1", "relu2"), "input1", "relu3")
    graph = edits.connect(graph, "input1", "relu2")
    assert graph.outputs_of("input1") == ("relu2", "relu3")


def test_names_become_identifiers():
    assert identifier(" my first layer! ", "conv") == "my_first_layer"
    assert identifier("卷积", "conv") == "conv"
    assert identifier("3x3", "conv") == "conv_3x3"
    assert identifier("forward", "conv") == "forward_"
    graph = edits.rename(edits.rename(three(), "relu2", "a-b"), "relu3", "a b")
    assert identifiers(graph) == {"input1": "input1", "relu2": "a_b", "relu3": "a_b_2"}
