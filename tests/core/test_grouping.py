"""Groups, pieces and pasting."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_studio.core import edits, grouping
from cnn_studio.core.edits import EditError
from cnn_studio.core.graph import DEEPEST_GROUP, Graph
from cnn_studio.core.layers import layers
from tests.helpers.invariants import check_invariants
from tests.helpers.networks import MIXED, chain, networks
from tests.helpers.random_edits import edited

CHANCE = st.integers(0, 2**32).map(Random)


def five() -> Graph:
    """relu1 to relu5, one after the other."""
    return chain(*(layers["relu"]() for _ in range(5)))


def members(graph: Graph) -> dict[str, set[str]]:
    return {key: set(group.members) for key, group in graph.groups.items()}


def test_a_group_holds_its_layers():
    graph = grouping.group(five(), ["relu1", "relu2"], " stem ", folded=True, block="residual")
    (group,) = graph.groups.values()
    assert (group.id, group.name, group.folded, group.block) == ("group1", "stem", True, "residual")
    check_invariants(graph)
    assert graph.top_group_of("relu1") == group
    assert graph.top_group_of("relu3") is None
    assert grouping.group(five(), ["relu1"], "").groups["group1"].name == "group1"


def test_a_group_among_the_layers_of_another_stands_inside_it():
    graph = grouping.group(five(), ["relu1", "relu2", "relu3"], "outer")
    graph = grouping.group(graph, ["relu1", "relu2"], "inner")
    assert members(graph) == {"group1": {"relu3"}, "group2": {"relu1", "relu2"}}
    assert graph.groups["group2"].parent == "group1"
    graph = grouping.group(graph, ["relu3"], "rest")
    assert members(graph)["group1"] == set()  # it holds two groups, and stays
    check_invariants(graph)


def test_groups_among_the_layers_go_into_the_new_one():
    graph = grouping.group(five(), ["relu1", "relu2"], "inner")
    graph = grouping.group(graph, ["relu1", "relu2", "relu3"], "outer")
    assert members(graph) == {"group1": {"relu1", "relu2"}, "group2": {"relu3"}}
    assert graph.groups["group1"].parent == "group2"


def test_a_group_across_two_lies_in_what_is_around_both():
    graph = grouping.group(five(), ["relu1", "relu2", "relu3", "relu4"], "outer")
    graph = grouping.group(graph, ["relu1", "relu2"], "first")
    graph = grouping.group(graph, ["relu2", "relu3"], "across")
    assert members(graph) == {"group1": {"relu4"}, "group2": {"relu1"}, "group3": {"relu2", "relu3"}}
    assert graph.groups["group3"].parent == "group1"


def test_a_group_left_without_layers_vanishes():
    graph = grouping.group(five(), ["relu1"], "one")
    graph = grouping.group(graph, ["relu2"], "two")
    assert edits.remove(graph, ["relu1"]).groups.keys() == {"group2"}


def test_ungrouping_hands_everything_outwards():
    graph = grouping.group(five(), ["relu1", "relu2", "relu3"], "outer")
    graph = grouping.group(graph, ["relu1", "relu2"], "middle")
    graph = grouping.group(graph, ["relu1"], "inner")
    graph = grouping.ungroup(graph, "group2")
    assert members(graph) == {"group1": {"relu2", "relu3"}, "group3": {"relu1"}}
    assert graph.groups["group3"].parent == "group1"
    assert grouping.ungroup(graph, "group1").groups["group3"].parent == ""


def test_groups_fold_and_change_their_names():
    graph = grouping.group(five(), ["relu1"], "one")
    assert grouping.fold(graph, "group1", True).groups["group1"].folded
    assert grouping.rename_group(graph, "group1", " two ").groups["group1"].name == "two"


def test_a_layer_put_between_two_of_a_group_joins_it():
    graph = grouping.group(five(), ["relu1", "relu2", "relu3"], "outer")
    graph = grouping.group(graph, ["relu1", "relu2"], "inner")
    within = edits.insert_on_edge(graph, "relu1", "relu2", layers["tanh"]())
    assert "tanh1" in within.groups["group2"].members
    across = edits.insert_on_edge(graph, "relu2", "relu3", layers["tanh"]())
    assert "tanh1" in across.groups["group1"].members
    outside = edits.insert_on_edge(graph, "relu3", "relu4", layers["tanh"]())
    assert outside.groups == graph.groups


def test_what_cannot_be_done_is_said():
    deep = five()
    for _ in range(DEEPEST_GROUP):
        deep = grouping.group(deep, ["relu1"], "")
    check_invariants(deep)
    cases = [
        (lambda: grouping.group(five(), [], "none"), "choose at least one layer to make a group"),
        (lambda: grouping.group(five(), ["conv1"], "none"), "there is no layer “conv1” in this network"),
        (lambda: grouping.ungroup(five(), "group1"), "there is no group “group1” in this network"),
        (lambda: grouping.rename_group(five(), "group1", ""), "a name cannot be empty"),
        (lambda: grouping.group(deep, ["relu1"], ""), "groups may be nested at most 100 deep"),
        (lambda: grouping.group(deep, ["relu1", "relu2"], ""), "groups may be nested at most 100 deep"),
        (lambda: grouping.group(five(), ["relu1"], "a\rb"), "a name must stand on one line, without control characters"),
    ]  # fmt: skip
    for edit, sentence in cases:
        with pytest.raises(EditError) as caught:
            edit()
        assert str(caught.value) == sentence


@settings(max_examples=50)
@given(networks(MIXED), CHANCE)
def test_what_is_pasted_never_collides(graph: Graph, rng: Random):
    graph = edited(rng, graph, 12)[-1]
    chosen = rng.sample(list(graph.nodes), rng.randint(0, len(graph.nodes)))
    part = grouping.piece(graph, chosen)
    check_invariants(part)
    other = edited(rng, graph, 8)[-1]
    result, ids = grouping.paste(other, part, (10, 20))
    check_invariants(result)
    assert ids.keys() == {*part.nodes, *part.groups}
    assert len(result.nodes) == len(other.nodes) + len(part.nodes)
    assert all(result.nodes[key] is node for key, node in other.nodes.items())
    assert all(result.nodes[ids[key]].layer is node.layer for key, node in part.nodes.items())
    assert {(ids[a], ids[b], port) for a, b, port in part.edges()} == {
        edge for edge in result.edges() if edge.target not in other.nodes
    }
    assert grouping.paste(Graph(), part)[0] == part


def test_pasting_twice_counts_on():
    graph = grouping.group(five(), ["relu1", "relu2"], "pair")
    graph = edits.rename(graph, "relu1", "first")
    part = grouping.piece(graph, ["relu1", "relu2", "relu3"])
    once, ids = grouping.paste(graph, part)
    assert ids == {"relu1": "relu6", "relu2": "relu7", "relu3": "relu8", "group1": "group2"}
    assert [once.nodes[key].name for key in ("relu6", "relu7")] == ["relu6", "relu7"]
    twice, ids = grouping.paste(once, part)
    assert ids["relu3"] == "relu11"
    assert twice.inputs_of("relu11") == ("relu10",)
    check_invariants(twice)


def test_names_that_are_ids_elsewhere():
    """Ids and names are told apart: what only looks taken stays."""
    graph = edits.rename(edits.rename(five(), "relu1", "a"), "relu2", "relu1")
    part = edits.rename(edits.rename(five(), "relu2", "b"), "relu1", "relu2")
    assert grouping.paste(Graph(), part)[0] == part
    result, ids = grouping.paste(graph, part)
    check_invariants(result)
    alone = edits.add(Graph(), layers["relu"](), node_id="other", name="relu1")
    result, ids = grouping.paste(edits.rename(five(), "relu1", "other"), edits.rename(alone, "other", "relu2"))
    assert (ids["other"], result.nodes["other"].name) == ("other", "relu6")


def test_a_piece_keeps_only_what_lies_wholly_in_it():
    graph = grouping.group(five(), ["relu1", "relu2", "relu3"], "outer")
    graph = grouping.group(graph, ["relu1", "relu2"], "inner")
    part = grouping.piece(graph, ["relu1", "relu2", "nothing"])
    assert part.inputs == {"relu2": ("relu1",)}
    assert [(group.id, group.parent) for group in part.groups.values()] == [("group2", "")]
