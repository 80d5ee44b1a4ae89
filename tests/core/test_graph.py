"""Graphs: neighbours, names, groups, order; and names for code."""

import keyword
import re
from dataclasses import FrozenInstanceError, replace
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnn_studio.core.graph import (
    LONGEST_NAME,
    RESERVED,
    Edge,
    Graph,
    Group,
    Node,
    groups_without,
    id_problem,
    identifier,
    identifiers,
    name_problem,
    topological_order,
)
from cnn_studio.core.layers import layers
from tests.helpers.networks import chain, joined, make, networks, random_network


@pytest.fixture
def branched() -> Graph:
    """in -> a -> (b, c) -> sum -> out; b in a folded group inside another group."""
    ids = {"in": "input", "a": "relu", "b": "relu", "c": "tanh", "sum": "add", "out": "output"}
    nodes = {node_id: Node(node_id, make(kind), node_id) for node_id, kind in ids.items()}
    groups = {
        "outer": Group("outer", "Outer", frozenset({"c"})),
        "inner": Group("inner", "Inner", frozenset({"b"}), folded=True, parent="outer"),
    }
    return Graph(nodes, {"a": ("in",), "b": ("a",), "c": ("a",), "sum": ("b", "c"), "out": ("sum",)}, groups)


def test_neighbours(branched):
    assert branched.inputs_of("sum") == ("b", "c")
    assert branched.inputs_of("in") == ()
    assert branched.outputs_of("a") == ("b", "c")
    assert branched.outputs_of("out") == ()
    assert Edge("c", "sum", 1) in list(branched.edges())
    assert len(list(branched.edges())) == 6
    assert branched.upstream("b") == {"in", "a"}
    assert branched.downstream("b") == {"sum", "out"}
    assert branched.upstream("in") == set()


def test_nodes_by_kind_and_name(branched):
    assert [node.id for node in branched.of_kind("relu")] == ["a", "b"]
    assert branched.names == {"in", "a", "b", "c", "sum", "out"}


def test_a_fresh_id_is_nobodys_id_name_or_group():
    graph = chain(make("input"), make("convolution"))
    assert graph.fresh_id("conv") == "conv1"
    assert graph.fresh_id("conv", ["conv1"]) == "conv3"
    named = graph.with_nodes({**graph.nodes, "conv2": replace(graph.nodes["conv2"], name="conv1")})
    assert named.fresh_id("conv") == "conv3"
    assert Graph(graph.nodes, graph.inputs, {"conv1": Group("conv1", "g", frozenset())}).fresh_id("conv") == "conv3"


def test_other_nodes_over_the_same_connections_share_what_is_derived(branched):
    assert branched.outputs is branched.with_nodes(dict(branched.nodes)).outputs
    assert "outputs" not in chain(make("input"), make("relu")).with_nodes({}).__dict__


def test_graphs_are_values(branched):
    with pytest.raises(FrozenInstanceError):
        branched.nodes = {}


def test_groups_around_a_node(branched):
    assert [group.id for group in branched.groups_around("b")] == ["inner", "outer"]
    assert branched.groups_around("in") == []
    assert branched.top_group_of("b").id == "inner"
    assert branched.top_group_of("c") is None
    looped = replace(branched, groups={"g": Group("g", "g", frozenset({"a"}), parent="g")})
    assert [group.id for group in looped.groups_around("a")] == ["g"]


def test_groups_that_lose_their_last_layer_vanish(branched):
    assert groups_without(branched.groups, {"a"}) == branched.groups
    assert set(groups_without(branched.groups, {"b"})) == {"outer"}
    assert set(groups_without(branched.groups, {"c"})) == {"outer", "inner"}
    assert groups_without(branched.groups, {"b", "c"}) == {}
    kept = groups_without(branched.groups, {"b", "c"}, keep="inner")
    assert kept["inner"].members == {"b"}


@given(networks())
def test_the_order_puts_every_node_behind_what_feeds_it(graph):
    order, cyclic = topological_order(graph)
    assert sorted(order) == sorted(graph.nodes)
    assert cyclic == set()
    places = {node_id: place for place, node_id in enumerate(order)}
    assert all(places[edge.source] < places[edge.target] for edge in graph.edges())


def test_what_is_on_a_cycle_or_behind_one_has_no_place():
    graph = chain(make("input"), make("add"), make("relu"), make("output"))
    order, cyclic = topological_order(replace(graph, inputs={**graph.inputs, "add2": ("input1", "relu3")}))
    assert order == ["input1"]
    assert cyclic == {"add2", "relu3", "output4"}


# -- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("conv1", "conv1"),
        ("  Conv 1 ", "Conv_1"),
        ("3x3 reduce", "conv_3x3_reduce"),
        ("--", "conv"),
        ("forward", "forward_"),
        ("class", "class_"),
        ("__init__", "init"),
        ("añadir", "a_adir"),
        ("卷积", "conv"),
    ],
)
def test_names_for_code_are_close_to_those_of_people(name, expected):
    assert identifier(name, "conv") == expected


@given(
    st.lists(st.one_of(st.text(max_size=12), st.sampled_from(sorted(RESERVED))), min_size=1, max_size=12, unique=True)
)
@example(["a b", "a-b", "a_b_2", "a_b"])
def test_every_node_gets_a_name_of_its_own_that_python_takes(names):
    nodes = {f"n{index}": Node(f"n{index}", make("relu"), name) for index, name in enumerate(names)}
    found = identifiers(Graph(nodes))
    assert list(found) == list(nodes)
    assert len(set(found.values())) == len(found)
    for name in found.values():
        assert re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII)
        assert name not in RESERVED
        assert not keyword.iskeyword(name)


@pytest.mark.parametrize("kind", layers)
def test_the_stems_of_the_kinds_are_names_for_code(kind):
    assert identifier(layers[kind].stem, "x") == layers[kind].stem


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (" ", "a name cannot be empty"),
        ("x" * 81, f"a name may have at most {LONGEST_NAME} letters, and this one has 81"),
        ("a\nb", "a name must stand on one line, without control characters"),
    ],
)
def test_names_that_nothing_can_have(name, sentence):
    assert str(name_problem(name)) == sentence
    assert name_problem("Conv 3×3") is None


@pytest.mark.parametrize("node_id", ["", "1a", "a b", "class", "a" * 81, "a\n", "é"])
def test_ids_that_nothing_can_have(node_id):
    assert "cannot be an id" in str(id_problem(node_id))
    assert id_problem("conv1") is None


def test_random_networks_are_the_same_for_the_same_seed():
    assert random_network(Random(5)) == random_network(Random(5))
    assert set(joined(make("add"), (1,), (2,)).nodes) == {"input0", "input1", "join"}
