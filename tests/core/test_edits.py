"""Edits keep a graph whole, and do what their names say."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_studio.core import edits
from cnn_studio.core.analysis import analyse
from cnn_studio.core.edits import EditError
from cnn_studio.core.graph import Edge, Graph, topological_order
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.convolution import Convolution
from cnn_studio.core.layers.dense import Dense
from tests.helpers.invariants import check_invariants
from tests.helpers.networks import MIXED, SENSIBLE, chain, networks
from tests.helpers.random_edits import edited

CHANCE = st.integers(0, 2**32).map(Random)


def lenet() -> Graph:
    return chain(
        layers["input"](),
        Convolution(filters=6, kernel=5),
        layers["relu"](),
        layers["max_pool"](),
        layers["flatten"](),
        Dense(units=10),
        layers["output"](),
    )


def ids(graph: Graph) -> list[str]:
    return list(graph.nodes)


@given(networks(MIXED), CHANCE)
def test_whatever_is_done_the_graph_stays_whole(graph: Graph, rng: Random):
    for state in edited(rng, graph, 12):
        check_invariants(state)


@given(networks(MIXED), CHANCE)
def test_the_analysis_follows_every_edit(graph: Graph, rng: Random):
    report = None
    for state in edited(rng, graph, 10):
        report = analyse(state, report)
        whole = analyse(state)
        assert report.facts.keys() == whole.facts.keys()
        assert all(
            report.facts[key]._replace(error=None) == whole.facts[key]._replace(error=None)
            and repr(report.facts[key].error) == repr(whole.facts[key].error)
            for key in whole.facts
        )
        assert report.totals == whole.totals


@given(networks(SENSIBLE), CHANCE)
def test_removing_heals_the_chain(graph: Graph, rng: Random):
    """Whatever could be reached before is reached after, as long as both ends stay and no single input is contested."""
    gone = set(rng.sample(ids(graph), rng.randint(0, len(graph.nodes) - 1)))
    after = edits.remove(graph, gone)
    check_invariants(after)
    for start in after.nodes:
        for end in graph.downstream(start) - gone:
            on_the_way = (graph.downstream(start) & graph.upstream(end)) | {end}
            if all(len(graph.inputs_of(one)) <= 1 for one in on_the_way):
                assert end in after.downstream(start)
        assert after.downstream(start) <= graph.downstream(start)


def test_removing_from_a_chain_connects_its_neighbours():
    graph = edits.remove(lenet(), ["conv2", "relu3"])
    assert graph.inputs_of("pool4") == ("input1",)
    assert edits.remove(lenet(), ["relu3"], heal=False).inputs_of("pool4") == ()


def test_removing_a_branch_leaves_the_rest_of_a_merge():
    graph = edits.add(lenet(), layers["add"](), node_id="sum")
    for source in ("input1", "conv2", "relu3"):
        graph = edits.connect(graph, source, "sum")
    after = edits.remove(graph, ["relu3"])
    assert after.inputs_of("sum") == ("input1", "conv2")  # conv2, which fed relu3, is there once


def test_removing_a_diamond_leaves_its_source_once():
    graph = chain(layers["relu"](), layers["relu"]())
    for name in ("left", "right"):
        graph = edits.connect(edits.add(graph, layers["tanh"](), node_id=name), "relu2", name)
    for name in ("sum", "sum2"):
        graph = edits.add(graph, layers["add"](), node_id=name)
    for source, target in (("left", "sum"), ("right", "sum"), ("sum", "sum2"), ("relu1", "sum2")):
        graph = edits.connect(graph, source, target)
    assert edits.remove(graph, ["sum", "left", "right", "relu2"]).inputs_of("sum2") == ("relu1",)
    assert edits.remove(graph, ["sum", "left", "right"]).inputs_of("sum2") == ("relu2", "relu1")


def test_removing_never_makes_a_layer_feed_itself():
    graph = chain(layers["add"](), layers["relu"](), layers["relu"]())
    graph = edits.connect(graph, "relu3", "add1")
    graph = edits.remove(graph, ["relu2", "relu3"])
    assert graph.inputs == {}
    assert list(graph.nodes) == ["add1"]


@given(networks(MIXED), CHANCE)
def test_inserting_on_a_connection_keeps_what_it_joined(graph: Graph, rng: Random):
    edge = rng.choice(list(graph.edges()))
    fresh = graph.fresh_id("relu")
    after = edits.insert_on_edge(graph, edge.source, edge.target, layers["relu"]())
    check_invariants(after)
    assert after.inputs_of(fresh) == (edge.source,)
    assert after.inputs_of(edge.target)[edge.port] == fresh
    assert len(after.inputs_of(edge.target)) == len(graph.inputs_of(edge.target))
    assert edits.remove(after, [fresh]).inputs == graph.inputs
    assert not topological_order(after)[1]


@pytest.mark.parametrize(("dx", "dy"), [(200, 0), (-200, 0), (0, 200), (0, -200), (10, 10)])
def test_inserting_makes_room(dx, dy):
    graph = edits.move(
        chain(layers["relu"](), layers["relu"](), layers["relu"]()), {"relu1": (0, 0), "relu2": (dx, dy)}
    )
    after = edits.insert_on_edge(graph, "relu1", "relu2", layers["tanh"]())
    first, middle, last = (after.nodes[key] for key in ("relu1", "tanh1", "relu2"))
    assert (middle.x, middle.y) == ((first.x + last.x) / 2, (first.y + last.y) / 2)
    assert max(abs(last.x - first.x), abs(last.y - first.y)) >= edits.SPACING
    moved = (last.x - dx, last.y - dy)
    third = after.nodes["relu3"], graph.nodes["relu3"]
    assert (third[0].x - third[1].x, third[0].y - third[1].y) == moved


def test_inserting_where_there_is_room_moves_nothing():
    graph = edits.move(chain(layers["relu"](), layers["relu"]()), {"relu1": (0, 0), "relu2": (2000, 0)})
    after = edits.insert_on_edge(graph, "relu1", "relu2", layers["tanh"]())
    assert after.nodes["relu2"].x == 2000


def test_a_new_layer_after_another_is_fed_by_it():
    graph = edits.add_after(lenet(), "conv2", layers["batch_norm"](), name="norm")
    assert graph.nodes["norm1"].name == "norm"
    assert graph.inputs_of("norm1") == ("conv2",)
    assert graph.nodes["norm1"].x == graph.nodes["conv2"].x + edits.SPACING


def test_a_single_input_is_replaced_and_a_merge_gets_one_more():
    graph = edits.connect(lenet(), "input1", "relu3")
    assert graph.inputs_of("relu3") == ("input1",)
    graph = edits.add(graph, layers["concatenate"](), node_id="both")
    for source, port in (("conv2", None), ("relu3", 0), ("input1", 1)):
        graph = edits.connect(graph, source, "both", port)
    assert graph.inputs_of("both") == ("relu3", "input1", "conv2")
    assert edits.reorder_inputs(graph, "both", ("conv2", "relu3", "input1")).inputs_of("both")[0] == "conv2"
    taken = edits.reconnect(graph, Edge("input1", "both", 1), source="pool4")
    assert taken.inputs_of("both") == ("relu3", "pool4", "conv2")
    moved = edits.reconnect(graph, Edge("input1", "both", 1), target="dense6")
    assert (moved.inputs_of("both"), moved.inputs_of("dense6")) == (("relu3", "conv2"), ("input1",))
    assert edits.reconnect(graph, Edge("input1", "both", 1)) is graph


def test_fields_change_together_or_not_at_all():
    graph = edits.set_fields(lenet(), ["conv2"], {"kernel": 3, "filters": 8})
    assert graph.nodes["conv2"].layer == Convolution(kernel=3, filters=8)
    with pytest.raises(EditError, match=r"^there is no field called “kernel” here$"):
        edits.set_fields(lenet(), ["conv2", "dense6"], {"kernel": 3})


def test_layers_stand_in_line():
    graph = edits.move(lenet(), {"input1": (0, 0), "conv2": (10, 7), "relu3": (50, 20)})
    three = ["input1", "conv2", "relu3"]
    assert {edits.align(graph, three, "row").nodes[key].y for key in three} == {9}
    assert {edits.align(graph, three, "column").nodes[key].x for key in three} == {20}
    assert [edits.align(graph, three, "spread_row").nodes[key].x for key in three] == [0, 25, 50]
    assert [edits.align(graph, three, "spread_column").nodes[key].y for key in three] == [0, 10, 20]
    assert edits.align(graph, three[:1], "row") is graph
    with pytest.raises(ValueError, match="diagonal"):
        edits.align(graph, three, "diagonal")


def test_places_beyond_the_canvas_are_its_edge():
    graph = edits.move(lenet(), {"conv2": (1e300, -float("inf"))})
    assert (graph.nodes["conv2"].x, graph.nodes["conv2"].y) == (1e7, -1e7)


def test_a_note_is_kept_and_half_a_character_is_not():
    assert edits.set_note(lenet(), "conv2", "why 5?\nask").nodes["conv2"].note == "why 5?\nask"
    assert edits.set_note(lenet(), "conv2", "\ud800!").nodes["conv2"].note == "?!"


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda g: edits.node_of(g, "conv9"), "there is no layer “conv9” in this network"),
        (lambda g: edits.add(g, layers["relu"](), node_id="conv2"), "there is already a layer “conv2” in this network"),
        (lambda g: edits.add(g, layers["relu"](), node_id="for"), "“for” cannot be an id: it must be a name as Python has them"),
        (lambda g: edits.add(g, layers["relu"](), name="conv2"), "another layer is already called “conv2”"),
        (lambda g: edits.rename(g, "conv2", " "), "a name cannot be empty"),
        (lambda g: edits.rename(g, "conv2", "x" * 90), "a name may have at most 80 letters, and this one has 90"),
        (lambda g: edits.rename(g, "conv2", "a\nb"), "a name must stand on one line, without control characters"),
        (lambda g: edits.rename(g, "conv2", "relu3"), "another layer is already called “relu3”"),
        (lambda g: edits.set_note(g, "conv2", "x" * 10_001), "a note may have at most 10,000 letters, and this one has 10,001"),
        (lambda g: edits.set_field(g, "conv2", "kernel", 0), "Kernel must be at least 1, but it is 0"),
        (lambda g: edits.connect(g, "conv2", "conv2"), "“conv2” cannot feed itself"),
        (lambda g: edits.connect(g, "conv2", "input1"), "nothing can be connected into the Input “input1”"),
        (lambda g: edits.connect(g, "input1", "conv2"), "“input1” and “conv2” are already connected"),
        (lambda g: edits.disconnect(g, "input1", "relu3"), "“input1” and “relu3” are not connected"),
        (lambda g: edits.insert_on_edge(g, "input1", "relu3", layers["relu"]()), "“input1” and “relu3” are not connected"),
        (lambda g: edits.insert_on_edge(g, "input1", "conv2", layers["input"]()), "an Input cannot stand between two layers"),
        (lambda g: edits.reorder_inputs(g, "conv2", ("relu3",)), "these are not the inputs of “conv2”"),
        (lambda g: edits.move(g, {"conv2": (float("nan"), 0)}), "a layer cannot stand nowhere"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(edit, sentence):
    with pytest.raises(EditError) as caught:
        edit(lenet())
    assert str(caught.value) == sentence
