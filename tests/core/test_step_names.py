"""Steps of the history are called after what they did."""

import pytest

from cnn_studio import i18n
from cnn_studio.core import edits, grouping
from cnn_studio.core.graph import Edge, Graph
from cnn_studio.core.layers import layers
from cnn_studio.core.step_names import Difference, difference, name_of
from tests.helpers.networks import chain


def network() -> Graph:
    graph = chain(layers["input"](), layers["convolution"](), layers["convolution"](), layers["relu"]())
    graph = edits.connect(edits.connect(edits.add(graph, layers["add"]()), "conv2", "add1"), "conv3", "add1")
    return grouping.group(graph, ["conv2", "conv3"], "stem")


@pytest.mark.parametrize(
    ("edit", "name"),
    [
        (lambda g: edits.add(g, layers["relu"]()), "add relu1"),
        (lambda g: grouping.paste(g, network())[0], "add 5 layers"),
        (lambda g: edits.remove(g, ["conv2"]), "remove conv2"),
        (lambda g: edits.remove(g, ["conv2", "conv3"]), "remove 2 layers"),
        (lambda g: edits.remove(edits.add(g, layers["relu"]()), ["conv2"]), "replace layers"),
        (lambda g: edits.set_field(g, "conv2", "kernel", (3, 5)), "conv2: Kernel 3 → 3×5"),
        (lambda g: edits.set_field(g, "conv2", "bias", False), "conv2: Bias yes → no"),
        (lambda g: edits.set_fields(g, ["conv2"], {"kernel": 5, "filters": 6}), "change conv2"),
        (lambda g: edits.set_field(g, "conv2", "padding", "same"), "conv2: Padding valid → same"),
        (lambda g: edits.set_fields(g, ["conv2", "conv3"], {"kernel": 5}), "Kernel of 2 layers"),
        (lambda g: edits.set_fields(g, ["conv2", "conv3"], {"kernel": 5, "filters": 6}), "change 2 layers"),
        (lambda g: edits.set_layer(g, "relu4", layers["tanh"]()), "relu4: another kind"),
        (lambda g: edits.rename(g, "conv2", "first"), "rename conv2 to first"),
        (lambda g: edits.set_note(g, "conv2", "why?"), "note on conv2"),
        (lambda g: edits.move(g, {"conv2": (5, 5)}), "move conv2"),
        (lambda g: edits.shift(g, ["conv2", "conv3"], 5, 5), "move 2 layers"),
        (lambda g: edits.connect(g, "relu4", "add1"), "connect relu4 to add1"),
        (lambda g: edits.disconnect(g, "conv2", "add1"), "disconnect conv2 from add1"),
        (lambda g: edits.reconnect(g, Edge("conv2", "add1", 0), target="relu4"), "change connections"),
        (lambda g: edits.reorder_inputs(g, "add1", ("conv3", "conv2")), "order of the inputs of add1"),
        (lambda g: grouping.group(g, ["relu4"], "tail"), "group tail"),
        (lambda g: grouping.ungroup(g, "group1"), "ungroup stem"),
        (lambda g: grouping.fold(g, "group1", True), "fold stem"),
        (lambda g: grouping.rename_group(g, "group1", "head"), "rename stem to head"),
        (lambda g: Graph(g.nodes, g.inputs, grouping.group(g, ["conv2"], "in").groups), "group in"),
        (lambda g: g, "no change"),
    ],
)
def test_what_a_step_is_called(edit, name):
    graph = network()
    assert str(name_of(graph, edit(graph))) == name


def test_opening_a_group_and_leaving_it_have_names():
    graph = grouping.fold(network(), "group1", True)
    assert str(name_of(graph, grouping.fold(graph, "group1", False))) == "unfold stem"
    left = edits.remove(graph, ["conv2"])
    assert str(name_of(Graph(left.nodes, left.inputs, graph.groups), left)) == "change group stem"


def test_names_follow_the_language():
    graph = network()
    name = name_of(graph, edits.set_field(graph, "conv2", "kernel", 5))
    i18n.set_language("es")
    assert "3 → 5" in str(name)
    assert str(name) != "conv2: Kernel 3 → 5" or i18n._("Kernel") == "Kernel"


def test_no_difference_is_empty():
    graph = network()
    again = edits.move(graph, {"conv2": (graph.nodes["conv2"].x, graph.nodes["conv2"].y)})
    assert again is not graph
    assert difference(graph, again) == Difference() == difference(graph, graph)
