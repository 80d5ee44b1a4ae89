"""Fixes that mend the whole of a mistake, and what else a person reads about them."""

from cnn_studio import i18n
from cnn_studio.core.analysis import analyse
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.problems import Problem, diagnose, impact
from cnn_studio.core.problems.speech import Names
from tests.core.problems.examples import conv, dense, network, picture, pool
from tests.helpers.networks import make

END = (("relu", make("relu")), ("flatten9", make("flatten")), ("dense9", dense()), ("out", make("output")))


def problem_of(graph: Graph, code: str) -> Problem:
    return next(one for one in diagnose(analyse(graph)).problems if one.code == code)


def mended(graph: Graph, code: str, label: str) -> Graph:
    fixes = {str(fix.label): fix for fix in problem_of(graph, code).fixes}
    return fixes[label].apply(graph)


def error_codes(graph: Graph) -> list[str]:
    return [problem.code for problem in diagnose(analyse(graph)).errors]


def flat_too_early(searching: Layer, *between: tuple[str, Layer]) -> Graph:
    return network(
        ("in", picture()), ("flatten", make("flatten")), ("search", searching), *between, ("dense", dense()),
        ("out", make("output")),
    )  # fmt: skip


def test_flatten_before_a_convolution_moves_behind_it():
    for searching in (conv(), pool()):
        graph = mended(flat_too_early(searching, ("relu", make("relu"))), "vector", "Flatten only before dense")
        assert error_codes(graph) == []
        kinds = [graph.nodes[one].layer.kind for one in analyse(graph).in_order()]
        assert kinds == ["input", searching.kind, "relu", "flatten", "dense", "output"]


def test_flatten_stays_away_where_maps_become_a_row_anyway():
    graph = flat_too_early(conv(), ("gap", make("global_average_pool")))
    assert error_codes(mended(graph, "vector", "Feed it from in")) == []
    circle = network(
        ("in", picture()), ("flatten", make("flatten")), ("search", conv()), ("a", make("relu"), "search", "b"),
        ("b", make("relu")), ("dense", dense(), "flatten"), ("out", make("output")),
    )  # fmt: skip
    assert "Flatten only before dense" not in [str(fix.label) for fix in problem_of(circle, "vector").fixes]


def test_row_becomes_a_square_map():
    def labels(units: int) -> list[str]:
        graph = network(
            ("in", picture()), ("flatten", make("flatten")), ("first", dense(units)), ("relu1", make("relu")),
            ("search", conv(kernel=1)), *END,
        )  # fmt: skip
        return [str(fix.label) for fix in problem_of(graph, "vector").fixes]

    assert labels(100) == ["Reshape to 10×10×1", "Reshape to 1×1×100"]
    assert labels(99) == ["Reshape to 1×1×99"]
    assert labels(1) == ["Reshape to 1×1×1"]


def halved(*long: tuple[str, Layer]) -> Graph:
    return network(
        ("in", picture()), ("a", conv(padding="same", stride=2)), ("b", conv(padding="same"), "in"), *long,
        ("add", make("add"), "a", long[-1][0] if long else "b"), *END,
    )  # fmt: skip


def test_stride_of_the_larger_branch():
    for wrong in (halved(), halved(("norm", make("batch_norm")), ("bend", make("relu")))):
        graph = mended(wrong, "sizes_differ", "Stride 2 in b")
        assert error_codes(graph) == []
        assert getattr(graph.nodes["b"].layer, "stride") == 2  # noqa: B009 - a field of this kind of layer


def test_no_stride_where_others_read_the_branch():
    graph = halved(("bend", make("relu")))
    shared = Graph(graph.nodes, {**graph.inputs, "flatten9": ("bend",)}, graph.groups)
    for other in (shared, halved(("pool", pool(3, 1, padding=1)))):
        labels = [str(fix.label) for fix in problem_of(other, "sizes_differ").fixes]
        assert labels
        assert "Stride 2 in b" not in labels


def test_warnings_hidden_behind_an_error_are_not_new():
    graph = network(("in", picture()), ("conv", conv()), ("relu", make("relu")), ("dense", dense(100)),
                    ("relu2", make("relu")), ("dense2", dense()), ("out", make("output")))  # fmt: skip
    flat = mended(graph, "needs_vector", "Insert Flatten")
    assert {problem.code for problem in diagnose(analyse(flat)).warnings} == {"dense_share", "receptive_field"}
    assert impact(graph, flat).new == ()


def test_spanish_says_e_before_i():
    i18n.set_language("es")
    assert str(Names(("conv1", "input"))) == "conv1 e input"
    assert str(Names(("conv1", "relu", "Higgs"))) == "conv1, relu e Higgs"
    assert str(Names(("a", "hielo"))) == "a y hielo"
    assert str(Names(("input", "conv1"))) == "input y conv1"
    i18n.set_language("en")
    assert str(Names(("conv1", "input"))) == "conv1 and input"


def test_torn_chain_is_one_problem():
    graph = network(
        ("in", picture()), ("conv", conv()), ("relu", make("relu")), ("flatten", make("flatten")), ("dense", dense()),
        ("out", make("output"), ""),
    )  # fmt: skip
    found = diagnose(analyse(graph)).problems
    assert [(problem.code, problem.nodes) for problem in found] == [("unconnected", ("out",))]
    assert str(found[0].fixes[0].label) == "Connect dense → out"
