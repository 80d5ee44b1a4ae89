"""What an edit would change, said before it is made."""

from cnn_studio import i18n
from cnn_studio.core import edits, grouping
from cnn_studio.core.analysis import analyse
from cnn_studio.core.context import Context
from cnn_studio.core.problems import diagnose, impact
from cnn_studio.core.problems.mending import exchange
from tests.core.problems.examples import ENTRY, lenet, network, weights_of
from tests.helpers.networks import make

LENET = lenet()
TRAINED = Context(trained=weights_of(LENET))


def said(graph, context=TRAINED, before=LENET):
    return str(impact(before, graph, context).words)


def test_nothing():
    assert said(LENET) == "no layer changes shape; still 61,706 parameters"
    assert said(edits.rename(LENET, "conv1", "first")) == "no layer changes shape; still 61,706 parameters"


def test_shapes_and_what_was_learned():
    changed = edits.set_field(LENET, "conv2", "filters", 8)
    found = impact(LENET, changed, TRAINED)
    assert found.reshaped == ("conv2", "relu2", "pool2", "flatten1")
    assert found.lost == ("conv2", "dense1")
    assert str(found.words) == (
        "4 layers change shape, 2 lose what they learned; 61,706 → 36,498 parameters; 1 new problem"
    )
    assert [problem.code for problem in found.new] == ["trained_weights"]


def test_without_weights_nothing_is_lost():
    assert said(edits.set_field(LENET, "conv2", "filters", 8), Context()) == (
        "4 layers change shape; 61,706 → 36,498 parameters"
    )


def test_one_layer():
    assert said(edits.set_field(LENET, "dense1", "bias", False)) == (
        "1 layer loses what it learned; 61,706 → 61,586 parameters; 1 new problem"
    )
    assert said(edits.set_field(LENET, "dense3", "units", 9)) == (
        "3 layers change shape, 1 loses what it learned; 61,706 → 61,621 parameters; 1 new problem"
    )


def test_deleting():
    found = impact(LENET, edits.remove(LENET, ["conv2", "pool2"]), TRAINED)
    assert found.lost == ("conv2", "dense1")
    assert "conv2" not in found.reshaped
    assert found.reshaped == ("relu2", "flatten1")


def test_a_layer_that_fails_loses_its_shape_but_not_yet_what_it_learned():
    found = impact(LENET, edits.remove(LENET, ["flatten1"]), TRAINED)
    assert found.lost == ()
    assert len(found.reshaped) == 7
    assert [problem.code for problem in found.new] == ["needs_vector"]
    assert str(found.words) == "7 layers change shape; 61,706 → 2,572 parameters; 1 new problem"


def test_mending_gives_shapes():
    found = impact(edits.remove(LENET, ["flatten1"]), LENET, TRAINED)
    assert [problem.code for problem in found.solved] == ["needs_vector"]
    assert str(found.words) == "7 layers get their shape; 2,572 → 61,706 parameters"


def test_what_was_hidden_is_not_counted_as_new():
    broken = edits.remove(edits.remove(LENET, ["flatten1"]), ["relu3"])
    found = impact(broken, edits.remove(LENET, ["relu3"]))
    assert found.new == ()


def test_graph_report_and_diagnosis_say_the_same():
    changed = edits.set_field(LENET, "conv1", "stride", 2)
    report = analyse(LENET)
    answers = [impact(one, changed, TRAINED) for one in (LENET, report)]
    answers.append(impact(diagnose(report, TRAINED), changed))
    assert answers[0] == answers[1] == answers[2]


def test_in_spanish():
    i18n.set_language("es")
    assert said(edits.set_field(LENET, "conv2", "filters", 8)) == (
        "4 capas cambian de forma, 2 pierden lo aprendido; 61 706 → 36 498 parámetros; 1 problema nuevo".replace(
            "1 706", "1\u202f706"
        )
        .replace("61 706", "61\u202f706")
        .replace("36 498", "36\u202f498")
    )


def test_exchanging_a_layer_keeps_its_place_and_its_groups():
    graph = grouping.group(network(*ENTRY), ["conv1", "relu1"], "start")
    after = exchange(graph, "conv1", make("batch_norm"))
    (group,) = after.groups.values()
    assert group.members == {"norm1", "relu1"}
    assert list(after.nodes) == ["input1", "norm1", "relu1"]
    assert after.inputs == {"norm1": ("input1",), "relu1": ("norm1",)}
    other = grouping.group(network(*ENTRY), ["relu1"], "end")
    assert exchange(other, "conv1", make("batch_norm")).groups == other.groups
