"""Learned weights that no longer fit: who is to blame, and the way back."""

import pytest

from cnn_studio.core import edits
from cnn_studio.core.analysis import analyse
from cnn_studio.core.context import Context, WeightShapes
from cnn_studio.core.graph import Graph
from cnn_studio.core.problems import Diagnosis, diagnose
from tests.core.problems.examples import END, ENTRY, after_entry, conv, dense, lenet, network, picture, pool, weights_of
from tests.helpers.networks import make


def look(graph: Graph, trained: WeightShapes) -> Diagnosis:
    return diagnose(analyse(graph), Context(trained=trained))


def changed(graph: Graph, node_id: str, **values: object) -> Diagnosis:
    """What is said when fields of a layer change after training."""
    return look(edits.set_fields(graph, [node_id], values), weights_of(graph))


def trained_problems(diagnosis: Diagnosis) -> list[tuple[str, str]]:
    return [(problem.code, problem.nodes[0]) for problem in diagnosis.problems if problem.code.startswith("trained")]


def test_weights_that_fit_are_no_problem():
    assert look(lenet(), weights_of(lenet())).problems == ()


def test_only_the_layer_that_changed_is_blamed():
    graph = after_entry(("norm1", make("batch_norm")), ("conv2", conv(12)), ("prelu1", make("prelu")))
    diagnosis = changed(graph, "conv1", filters=9)
    assert trained_problems(diagnosis) == [("trained_weights", "conv1")]
    (problem,) = (one for one in diagnosis.problems if one.code == "trained_weights")
    assert [str(fix.label) for fix in problem.fixes] == ["conv1 as it was trained"]


def test_a_dense_layer_after_changed_channels_is_not_blamed():
    assert trained_problems(changed(lenet(), "conv2", filters=20)) == [("trained_weights", "conv2")]


def test_a_dense_layer_after_other_maps_is_blamed_even_beside_a_changed_kernel():
    assert trained_problems(changed(lenet(), "conv2", kernel=3)) == [
        ("trained_weights", "conv2"),
        ("trained_input", "dense1"),
    ]


@pytest.mark.parametrize(
    ("kind", "values", "change"),
    [
        ("dense", {"units": 20}, {"units": 30}),
        ("dense", {"units": 20}, {"bias": False}),
        ("convolution", {"filters": 20}, {"kernel": 5, "bias": False}),
        ("convolution", {"filters": 20, "kernel": (3, 1)}, {"filters": 30, "kernel": (1, 3)}),
        ("depthwise_convolution", {}, {"kernel": 5}),
        ("separable_convolution", {"filters": 20}, {"kernel": 5, "filters": 10}),
    ],
)
def test_a_layer_can_go_back_to_what_it_was_trained_as(kind, values, change):
    row = (("gap0", make("global_average_pool")),) if kind == "dense" else ()
    graph = network(*ENTRY, *row, ("layer1", make(kind, **values)), ("relu2", make("relu")), *(END[1:] if row else END))
    diagnosis = changed(graph, "layer1", **change)
    (problem,) = (one for one in diagnosis.problems if one.code == "trained_weights")
    assert problem.nodes == ("layer1",)
    assert [fix.code for fix in problem.fixes] == ["as_trained"]
    assert weights_of(problem.fixes[0].apply(diagnosis.report.graph)) == weights_of(graph)


@pytest.mark.parametrize(
    ("kind", "values", "old"),
    [
        ("convolution", {"filters": 8, "groups": 2}, {"weight": (8, 3, 3, 3), "bias": (8,)}),
        ("depthwise_convolution", {"multiplier": 2}, {"weight": (12, 1, 3, 3), "bias": (12,)}),
        ("separable_convolution", {"filters": 8}, {"0.weight": (6, 1, 3, 3), "1.weight": (8, 6, 1, 1), "1.bias": (8,)}),
        ("transposed_convolution", {"filters": 8}, {"weight": (6, 8, 2, 2), "bias": (8,)}),
    ],
)
def test_the_channels_that_came_in_can_come_back(kind, values, old):
    graph = after_entry(("layer1", make(kind, **values)), ("relu2", make("relu")))
    (problem,) = (one for one in look(graph, {"layer1": old}).problems if one.code == "trained_weights")
    assert [str(fix.label) for fix in problem.fixes] == ["6 filters in conv1"]


def test_units_that_came_in_can_come_back():
    graph = network(*ENTRY, END[0], ("dense1", dense(20)), ("prelu1", make("prelu")), *END[1:])
    (problem,) = (one for one in look(graph, {"prelu1": {"weight": (16,)}}).problems if one.code == "trained_weights")
    assert [str(fix.label) for fix in problem.fixes] == ["16 units in dense1"]


def test_weights_without_a_name_known_here_are_only_counted():
    diagnosis = look(lenet(), {"conv1": {"gain": (3, 2)}, "dense1": {"weight": (5,)}})
    assert [str(problem.words) for problem in diagnosis.problems] == [
        "What conv1 has learned (6 numbers) does not fit its new settings (156 numbers): it starts anew.",
        "What dense1 has learned (5 numbers) does not fit its new settings (48,120 numbers): it starts anew.",
    ]
    assert diagnosis.problems[0].fixes == ()


def other_picture(old: tuple[int, ...], new: tuple[int, ...]) -> Diagnosis:
    def net(sizes: tuple[int, ...]) -> Graph:
        return network(
            ("input1", picture(1, *sizes)), ("conv1", conv(4)), ("relu1", make("relu")), ("pool1", pool()),
            ("flatten1", make("flatten")), ("dense1", dense(20)), ("relu2", make("relu")), *END[1:],
        )  # fmt: skip

    return look(net(new), weights_of(net(old)))


@pytest.mark.parametrize(
    ("old", "new", "said", "fixes"),
    [
        ((18,), (22,), "8·4 = 32 values and would now get 10·4 = 40", ["adaptive_pool", "old_input", "global_pool"]),
        ((10, 10), (14, 14), "4·4·4 = 64 values and would now get 6·6·4 = 144", ["adaptive_pool", "old_input", "global_pool"]),
        ((10, 22), (14, 30), "160 values and would now get 6·14·4 = 336", ["adaptive_pool", "old_input", "global_pool"]),
        ((10, 22), (14, 14), "160 values and would now get 6·6·4 = 144", ["global_pool"]),
        ((10, 50), (14, 22), "384 values and would now get 6·10·4 = 240", ["global_pool"]),
        ((10, 10, 10), (12, 12, 12), "4·4·4·4 = 256 values and would now get 5·5·5·4 = 500", ["adaptive_pool", "old_input", "global_pool"]),
        ((10, 10, 10), (12, 12, 14), "256 values and would now get 5·5·6·4 = 600", ["global_pool"]),
    ],
)  # fmt: skip
def test_another_picture(old, new, said, fixes):
    (problem,) = (one for one in other_picture(old, new).problems if one.code == "trained_input")
    assert problem.message == f"dense1 was trained on {said}."
    assert [fix.code for fix in problem.fixes] == fixes


def test_a_number_of_values_that_no_maps_of_these_channels_have():
    graph = network(*ENTRY, ("flatten1", make("flatten")), *END[1:])
    diagnosis = look(graph, {"dense9": {"weight": (10, 1001), "bias": (10,)}})
    (problem,) = (one for one in diagnosis.problems if one.code == "trained_input")
    assert problem.message == "dense9 was trained on 1,001 values and would now get 26·26·8 = 5,408."


def test_the_old_picture_is_not_looked_for_behind_a_reshape():
    graph = network(
        ("input1", make("input", channels=100, sizes=())), ("reshape1", make("reshape", target=(4, 5, 5))),
        ("flatten1", make("flatten")), *END[1:],
    )  # fmt: skip
    (problem,) = look(graph, {"dense9": {"weight": (10, 64), "bias": (10,)}}).problems
    assert [fix.code for fix in problem.fixes] == ["adaptive_pool", "global_pool"]


def test_learning_anew_keeps_the_name_and_leaves_the_weights():
    graph = edits.rename(lenet(40), "dense1", "first dense")
    diagnosis = look(graph, weights_of(lenet(32)))
    (problem,) = (one for one in diagnosis.problems if one.code == "trained_input")
    mended = problem.fixes[2].apply(graph)
    assert "dense1" not in mended.nodes
    assert "first dense" in mended.names
    assert not mended.of_kind("flatten")


def test_another_kind_in_the_place_of_a_trained_layer():
    graph = after_entry(("add1", make("add"), "relu1", "conv1"))
    diagnosis = look(graph, {"add1": {"weight": (8, 8)}})
    (problem,) = (one for one in diagnosis.problems if one.code == "trained_weights")
    assert (
        problem.message
        == "What add1 has learned (64 numbers) does not fit its new settings (0 numbers): it starts anew."
    )
    assert problem.fixes == ()
