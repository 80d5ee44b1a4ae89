"""What holds for the problems of any network, whatever was done to it."""

from collections import Counter
from random import Random
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_studio.core import edits
from cnn_studio.core.analysis import analyse
from cnn_studio.core.context import NOTHING, Context
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers.regularization import Dropout
from cnn_studio.core.problems import ERROR, Diagnosis, diagnose, impact
from cnn_studio.core.problems.trained import weight_shapes
from cnn_studio.core.shapes import Shape, ShapeError
from tests.core.problems.examples import DIGITS, EXAMPLES, after_entry, lenet, network, weights_of
from tests.helpers.networks import MIXED, SENSIBLE, make, networks, random_network
from tests.helpers.random_edits import edited

randoms = st.randoms(use_true_random=False)


def random_context(rng: Random, graph: Graph) -> Context:
    return rng.choice(
        [
            NOTHING,
            Context(trained=weights_of(graph)),
            Context(DIGITS, weights_of(graph), memory=200_000, batch=rng.choice([1, 64])),
        ]
    )


def seen(diagnosis: Diagnosis) -> list[str]:
    """Everything a person can see of a diagnosis; parallel branches may come in any order."""
    return sorted(
        repr((problem, [(fix.code, str(fix.label)) for fix in problem.fixes])) for problem in diagnosis.problems
    )


def check_edit_by_edit(rng: Random, graph: Graph, count: int) -> None:
    """Kept up to date edit by edit, a diagnosis is the one made from nothing."""
    context = random_context(rng, graph)
    report = analyse(graph)
    diagnosis = diagnose(report, context)
    for after in edited(rng, graph, count)[1:]:
        report = analyse(after, report)
        diagnosis = diagnose(report, context, diagnosis)
        fresh = diagnose(analyse(after), context)
        assert seen(diagnosis) == seen(fresh)
        assert sorted(diagnosis.by_node) == sorted(fresh.by_node)
        assert dict(diagnosis.scene.marks) == dict(fresh.scene.marks)


def check_errors(graph: Graph) -> None:
    """Each ShapeError is exactly one error at its node, and silent layers show no other error but a missing input."""
    report = analyse(graph)
    diagnosis = diagnose(report)
    shown = Counter((problem.nodes[0], problem.code) for problem in diagnosis.errors if problem.nodes)
    for node_id, facts in report.facts.items():
        if facts.error is not None:
            assert shown[node_id, facts.error.code] == 1
    structural = {"unconnected", "unreached", "few_inputs", "cycle", "several_inputs", "several_outputs"}
    for problem in diagnosis.problems:
        for node_id in problem.nodes[:1]:
            facts = report.facts[node_id]
            assert facts.shape is not None or facts.error is not None or problem.code in structural


def check_fixes(rng: Random, graph: Graph) -> None:
    """A fix does what it says: the problem goes away, and no layer fails that was well."""
    context = random_context(rng, graph)
    diagnosis = diagnose(analyse(graph), context)
    before = {problem.key for problem in diagnosis.problems}
    for problem in diagnosis.problems:
        labels = [str(fix.label) for fix in problem.fixes]
        assert len(set(labels)) == len(labels)
        for fix in problem.fixes:
            after = diagnose(analyse(fix.apply(graph)), context)
            assert problem.key not in {other.key for other in after.problems}
            for other in after.errors:
                known = diagnosis.report.facts.get(other.nodes[0]) if other.nodes else None
                assert other.key in before or (known is not None and known.shape is None)


def check_impact(rng: Random, graph: Graph) -> None:
    """The numbers of an impact are those of two analyses."""
    context = Context(trained=weights_of(graph))
    after = edited(rng, graph, 3)[-1]
    said = impact(diagnose(analyse(graph), context), after)
    old, new = analyse(graph), analyse(after)
    assert (said.parameters_before, said.parameters_after) == (old.totals.parameters, new.totals.parameters)
    differing = {key for key in old.facts.keys() & new.facts.keys() if old.facts[key].shape != new.facts[key].shape}
    assert {*said.reshaped, *said.settled} == differing
    lost = set()
    for node_id, weights in context.trained.items():
        facts = new.facts.get(node_id)
        if facts is None or (facts.shape and weight_shapes(after.nodes[node_id].layer, facts.inputs) != weights):
            lost.add(node_id)
    assert set(said.lost) == lost
    assert "{" not in str(said.words)


@given(randoms, networks(MIXED))
@settings(max_examples=60)
def test_edit_by_edit_as_from_nothing(rng, graph):
    check_edit_by_edit(rng, graph, 5)


@given(networks(MIXED))
def test_each_shape_error_is_one_problem(graph):
    check_errors(graph)


@given(randoms, networks(MIXED))
@settings(max_examples=60)
def test_fixes_mend(rng, graph):
    check_fixes(rng, graph)


@given(randoms, networks(SENSIBLE))
def test_impact_counts_right(rng, graph):
    check_impact(rng, graph)


@pytest.mark.long
def test_all_laws_over_many_networks():
    for seed in range(4000):
        rng = Random(seed)
        graph = random_network(rng, MIXED)
        check_errors(graph)
        check_fixes(rng, graph)
        check_impact(rng, graph)
        check_edit_by_edit(rng, graph, 8)
        check_errors(edited(rng, graph, 8)[-1])


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_edit_by_edit(name):
    _code, network, context = EXAMPLES[name]
    rng = Random(name)
    graph = network()
    report = analyse(graph)
    diagnosis = diagnose(report, context)
    for after in edited(rng, graph, 12)[1:]:
        report = analyse(after, report)
        diagnosis = diagnose(report, context, diagnosis)
        assert seen(diagnosis) == seen(diagnose(analyse(after), context))


def test_several_edits_may_pass_between_two_diagnoses():
    graph = lenet()
    report = analyse(graph)
    diagnosis = diagnose(report)
    for node_id in ("relu1", "relu2", "relu3"):
        graph = edits.remove(graph, [node_id])
        report = analyse(graph, report)
    assert seen(diagnose(report, NOTHING, diagnosis)) == seen(diagnose(analyse(graph)))
    assert [problem.code for problem in diagnose(report, NOTHING, diagnosis).problems] == ["no_activation"]


def test_another_context_is_looked_at_anew():
    diagnosis = diagnose(analyse(lenet()))
    assert diagnosis.problems == ()
    other = diagnose(diagnosis.report, Context(DIGITS), diagnosis)
    assert [problem.code for problem in other.errors] == ["input_sample"]
    assert other.warnings == ()
    assert other.context.data is DIGITS


def test_an_equal_context_is_the_same_one():
    diagnosis = diagnose(analyse(lenet(28)), Context(DIGITS, weights_of(lenet(28))))
    graph = edits.rename(lenet(28), "conv1", "first")
    again = diagnose(analyse(graph), Context(DIGITS, weights_of(lenet(28))), diagnosis)
    assert again.problems == ()


def test_problems_come_in_the_order_of_the_network_errors_first():
    graph = lenet(32, flatten=False)
    for node_id, layer in (("relu1", make("elu")), ("pool1", make("elu"))):
        graph = edits.set_layer(graph, node_id, layer)
    graph = edits.set_field(graph, "conv2", "groups", 4)
    found = diagnose(analyse(graph)).problems
    assert [(problem.severity == ERROR, problem.code) for problem in found] == [
        (True, "groups_input"),
        (False, "activation_twice"),
    ]


def test_a_problem_without_diagnosis_offers_nothing():
    problem = next(iter(diagnose(analyse(lenet(flatten=False))).local["dense1"]))
    assert problem.fixes == ()


def test_an_edit_that_is_refused_is_no_fix():
    """The smaller branch has more pixels than an adaptive pool can give, so that fix is not among those offered."""
    rows = (
        ("input1", make("input", channels=1, sizes=(3000,))),
        ("pool1", make("max_pool", size=2)),
        ("pool2", make("max_pool", size=(5,), stride=2), "input1"),
        ("add1", make("add")),
    )
    graph = network(*rows)
    graph = Graph(graph.nodes, {**graph.inputs, "add1": ("pool1", "pool2")})
    (problem,) = diagnose(analyse(graph)).of("add1")
    assert problem.diagnosis is not None
    proposed = [fix.code for fix in problem.propose(problem.diagnosis.scene)]
    assert "adaptive_pool" in proposed
    assert [fix.code for fix in problem.fixes] == [code for code in proposed if code != "adaptive_pool"]


class Choosy(Dropout):
    """A layer from elsewhere with a complaint of its own."""

    kind: ClassVar[str] = "choosy"

    def output_shape(self, *inputs: Shape) -> Shape:
        raise ShapeError("choosy", "it wants {wanted}, not {shape}", wanted="better", shape=inputs[0])


def test_a_complaint_without_a_rule_is_passed_on():
    graph = after_entry(("choosy1", Choosy()))
    (problem,) = diagnose(analyse(graph)).errors
    assert (problem.code, problem.message) == ("choosy", "choosy1: it wants better, not 26×26×8.")
    assert [str(fix.label) for fix in problem.fixes] == ["Remove choosy1"]
