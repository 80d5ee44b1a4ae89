"""The analysis kept up to date edit by edit against the analysis from scratch, and its small parts."""

from collections.abc import Callable
from random import Random

import pytest

from cnn_studio.core import edits
from cnn_studio.core.analysis import UNKNOWN, Facts, Report, Totals, analyse, facts_of
from cnn_studio.core.edits import EditError
from cnn_studio.core.fields import specs
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.layers import layers
from cnn_studio.core.shapes import Shape
from tests.helpers.networks import MIXED, chain, joined, make, random_layer, random_network, random_value

SHAPE = Shape(4, (6, 6))


def comparable(facts: Facts) -> tuple:
    """Facts with the error as its code and its sentence, for errors are equal to themselves only."""
    return facts._replace(error=None), facts.error and (facts.error.code, str(facts.error))


def assert_same(report: Report, scratch: Report) -> None:
    assert report.graph is scratch.graph
    assert {key: comparable(facts) for key, facts in report.facts.items()} == {
        key: comparable(facts) for key, facts in scratch.facts.items()
    }
    assert report.totals == scratch.totals
    assert report.cyclic == scratch.cyclic
    assert sorted(report.in_order()) == sorted(report.graph.nodes)
    for target, sources in report.graph.inputs.items():
        if target not in report.cyclic:
            assert all(report.order[source] < report.order[target] for source in sources)


def some(rng: Random, graph: Graph) -> str:
    return rng.choice(list(graph.nodes))


def add(rng: Random, graph: Graph) -> Graph:
    return edits.add(graph, random_layer(rng, rng.choice(list(layers)), SHAPE, 0.1))


def add_after(rng: Random, graph: Graph) -> Graph:
    return edits.add_after(graph, some(rng, graph), random_layer(rng, rng.choice(list(layers)), SHAPE))


def connect(rng: Random, graph: Graph) -> Graph:
    return edits.connect(graph, some(rng, graph), some(rng, graph))


def disconnect(rng: Random, graph: Graph) -> Graph:
    edge = rng.choice(list(graph.edges()))
    return edits.disconnect(graph, edge.source, edge.target)


def insert(rng: Random, graph: Graph) -> Graph:
    edge = rng.choice(list(graph.edges()))
    return edits.insert_on_edge(
        graph, edge.source, edge.target, make(rng.choice(["relu", "convolution", "batch_norm"]))
    )


def remove(rng: Random, graph: Graph) -> Graph:
    gone = {some(rng, graph) for _ in range(rng.randint(1, 3))}
    return edits.remove(graph, gone, heal=rng.random() < 0.7)


def set_field(rng: Random, graph: Graph) -> Graph:
    node = graph.nodes[some(rng, graph)]
    fields = specs(type(node.layer))
    if not fields:
        return graph
    field = rng.choice(fields)
    return edits.set_field(graph, node.id, field.name, random_value(rng, field, SHAPE, 0.1))


def move(rng: Random, graph: Graph) -> Graph:
    return edits.move(graph, {some(rng, graph): (rng.random(), rng.random())})


def several(rng: Random, graph: Graph) -> Graph:
    for _ in range(3):
        graph = attempt(rng, graph)
    return graph


EDITS: list[Callable[[Random, Graph], Graph]] = [
    add, add_after, connect, connect, disconnect, insert, insert, remove, set_field, set_field, set_field, move,
]  # fmt: skip


def attempt(rng: Random, graph: Graph) -> Graph:
    """One edit at random; the graph as it was where the edit is refused or there is nothing to edit."""
    try:
        return rng.choice(EDITS)(rng, graph)
    except (EditError, IndexError):
        return graph


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_after_every_edit_the_analysis_is_that_from_scratch(start):
    cycles = 0
    for seed in range(start, start + 50):
        rng = Random(seed)
        graph = random_network(rng, MIXED)
        report = analyse(graph)
        for _ in range(40):
            before = report
            graph = (several if rng.random() < 0.2 else attempt)(rng, graph)
            report = analyse(graph, before)
            assert_same(report, analyse(graph))
            cycles += bool(report.cyclic)
            differing = {
                node_id
                for node_id, facts in report.facts.items()
                if comparable(facts) != comparable(before.facts.get(node_id, UNKNOWN))
            }
            assert differing <= report.changed <= graph.nodes.keys()
    assert cycles > 20


@pytest.mark.long
def test_after_every_edit_of_many_networks_the_analysis_is_that_from_scratch():
    for start in range(200, 3200, 50):
        test_after_every_edit_the_analysis_is_that_from_scratch(start)


def test_an_edit_works_out_only_what_follows_from_it():
    graph = chain(make("input"), *[make("convolution", filters=2) for _ in range(5)], make("output"))
    before = analyse(graph)
    assert before.changed == set(graph.nodes)
    wider = analyse(edits.set_field(graph, "conv4", "filters", 3), before)
    assert wider.changed == {"conv4", "conv5"}
    moved = analyse(edits.move(graph, {"conv4": (1.0, 1.0)}), before)
    assert moved.changed == set()
    assert moved.order is before.order
    assert analyse(graph, before).facts is before.facts
    padded = analyse(edits.set_field(graph, "conv2", "padding", 1), before)
    assert padded.changed == {"conv2", "conv3", "conv4", "conv5", "conv6", "output7"}


def test_a_new_layer_gets_a_place_between_its_neighbours_and_at_last_a_new_count():
    graph = chain(make("input"), make("relu"), make("output"))
    report = analyse(graph)
    for _ in range(80):
        graph = edits.insert_on_edge(graph, "input1", next(iter(graph.outputs_of("input1"))), make("relu"))
        report = analyse(graph, report)
    assert_same(report, analyse(graph))
    assert report.in_order()[0] == "input1"
    assert report.in_order()[-1] == "output3"


def test_a_cycle_makes_what_is_on_it_and_behind_it_unknown():
    graph = chain(make("input"), make("relu"), make("add"), make("relu"), make("output"))
    closed = edits.connect(graph, "relu4", "add3")
    report = analyse(closed, analyse(graph))
    assert report.cyclic == {"add3", "relu4", "output5"}
    assert report.of("relu4") == UNKNOWN
    assert report.of("relu2").shape == Shape(1, (28, 28))
    assert report.in_order()[:2] == ["input1", "relu2"]


def test_totals_are_sums_and_tell_what_memory_a_run_takes():
    graph = chain(
        make("input", channels=2, sizes=()), make("dense", units=3, frozen=True), make("dense", units=4), make("output")
    )
    report = analyse(graph)
    assert report.totals == Totals(parameters=9 + 16, trainable=16, macs=6 + 12, values=2 + 3 + 4 + 4)
    assert report.totals.memory_forward == 4 * 13
    assert report.totals.memory_training == 8 * 13
    assert report.totals.memory_of_run(10) == 10 * 8 * 13 + 4 * 25 * 4
    assert report.of("dense2").memory_forward == 12
    assert report.of("dense2").memory_training == 24
    assert UNKNOWN.memory_forward == 0


def test_the_sums_of_a_node():
    report = analyse(chain(make("input"), make("convolution", filters=6, kernel=5), make("relu"), make("dense")))
    assert [str(line) for line in report.size_sums("conv2")] == ["(28 + 2·0 - 5) / 1 + 1 = 24"]
    assert str(report.parameter_sum("conv2")) == "5·5·1·6 + 6 = 156"
    assert report.parameter_sum("relu3") is None
    assert report.size_sums("dense4") == ()
    assert report.parameter_sum("dense4") is None


@pytest.mark.parametrize(
    ("graph", "sentence"),
    [
        (joined(make("relu"), (3,), (3,)), "it takes one input, and has 2"),
        (joined(make("input"), (3,)), "nothing can be connected into an Input"),
    ],
)
def test_too_many_inputs_are_an_error(graph, sentence):
    error = analyse(graph).of("join").error
    assert error is not None
    assert error.code == "too_many_inputs"
    assert str(error) == sentence


def test_too_few_inputs_leave_a_layer_unknown():
    assert analyse(Graph({"relu": Node("relu", make("relu"), "relu")})).of("relu") == UNKNOWN
    assert analyse(joined(make("add"), (3,))).of("join") == UNKNOWN
    assert facts_of(make("relu"), (UNKNOWN,)) == UNKNOWN


def test_weights_beyond_any_machine_are_an_error():
    facts = analyse(joined(make("layer_norm"), (65_536, 4096, 4096))).of("join")
    assert facts.shape is None
    assert str(facts.error) == "it would have 2,199,023,255,552 parameters, more than any machine can hold"
