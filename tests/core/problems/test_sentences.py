"""Every problem in its exact words, English and Spanish, with what each of its fixes would change."""

import ast
from pathlib import Path

import pytest

from cnn_studio import i18n
from cnn_studio.core import layers as layers_folder
from cnn_studio.core.analysis import analyse
from cnn_studio.core.problems import Diagnosis, Problem, diagnose, impact
from cnn_studio.core.problems.base import misfits
from cnn_studio.core.words import set_notation
from tests.core.problems.examples import EXAMPLES, after_entry, branches, lenet
from tests.helpers.golden import check_golden
from tests.helpers.networks import make

WITHOUT_FIX = {"no classes", "dense part fed anew", "another kind under an old name"}


def diagnosis_of(name: str) -> Diagnosis:
    _code, network, context = EXAMPLES[name]
    return diagnose(analyse(network()), context)


def example(name: str) -> Problem:
    code = EXAMPLES[name][0]
    return next(problem for problem in diagnosis_of(name).problems if problem.code == code)


def described(name: str) -> list[str]:
    problem = example(name)
    assert problem.diagnosis is not None
    lines = [f"{problem.severity}: {problem.message}"]
    if problem.detail:
        lines.append(f"    {problem.detail}")
    for fix in problem.fixes:
        after = fix.apply(problem.diagnosis.report.graph)
        lines.append(f"    [{fix.label}] {impact(problem.diagnosis, after).words}")
    return lines


def test_every_sentence(request):
    lines = []
    for name in EXAMPLES:
        lines += [f"-- {name} ({EXAMPLES[name][0]})", *described(name)]
        i18n.set_language("es")
        lines += [*described(name), ""]
        i18n.set_language("en")
    check_golden(request, "problems.txt", "\n".join(lines))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_fix_mends(name):
    problem = example(name)
    diagnosis = problem.diagnosis
    assert diagnosis is not None
    graph = diagnosis.report.graph
    before = (dict(graph.nodes), dict(graph.inputs), dict(graph.groups))
    assert bool(problem.fixes) == (name not in WITHOUT_FIX)
    known = {other.key for other in diagnosis.problems}
    for fix in problem.fixes:
        after = diagnose(analyse(fix.apply(graph)), diagnosis.context)
        assert problem.key not in {other.key for other in after.problems}
        new = [other for other in after.errors if other.key not in known and graph.nodes]  # an empty one lacks all
        assert all(other.nodes and diagnosis.report.facts[other.nodes[0]].shape is None for other in new)
    assert before == (graph.nodes, graph.inputs, graph.groups)


@pytest.mark.parametrize("name", EXAMPLES)
def test_texts_are_sentences(name):
    for language in ("en", "es"):
        i18n.set_language(language)
        problem = example(name)
        for text in (problem.message, str(problem.detail or "A.")):
            assert text[0] == text[0].upper() or text.split()[0].strip(":") in EXAMPLES[name][1]().nodes
            assert text.endswith(".")
            assert "{" not in text
            assert "\n" not in text


def test_every_code_has_an_example():
    used = {"misfit"}
    folder = Path(str(misfits.package.replace(".", "/")))
    for path in (Path(__file__).resolve().parents[3] / folder).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem" and node.args:
                used |= {
                    constant.value
                    for constant in ast.walk(node.args[0])
                    if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
                }
    assert used - {"misfit"} == {code for code, _network, _context in EXAMPLES.values()}


def raised_codes() -> set[str]:
    """The codes of all ShapeErrors in the core."""
    core = Path(layers_folder.__file__).parents[1]
    found: set[str] = set()
    for path in core.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ShapeError":
                found |= {
                    constant.value
                    for constant in ast.walk(node.args[0])
                    if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
                }
    return found


def test_every_shape_error_has_words_of_its_own():
    codes = raised_codes()
    assert len(codes) > 15
    assert codes <= set(misfits)
    examples = {code for code, _network, _context in EXAMPLES.values()}
    assert codes <= examples


def test_missing_flatten_as_the_product_says_it():
    (problem,) = diagnose(analyse(lenet(flatten=False))).problems
    assert problem.nodes == ("dense1", "pool2")
    assert problem.message == "dense1 takes a row of numbers; pool2 gives maps of 5×5×16."
    assert str(problem.detail) == (
        "A dense layer connects to every value, so the maps must first be laid out in a row: 5·5·16 = 400 values."
    )
    flatten, average = problem.fixes
    assert (str(flatten.label), str(average.label)) == ("Insert Flatten", "Global average pooling instead")
    assert problem.diagnosis is not None
    graph = flatten.apply(problem.diagnosis.report.graph)
    assert analyse(graph).facts["dense1"].parameters == 48_120
    assert analyse(average.apply(problem.diagnosis.report.graph)).facts["dense1"].parameters == 2_040
    assert analyse(graph).totals.parameters == 61_706


def test_shapes_follow_the_notation():
    try:
        set_notation("first")
        problem = example("no Flatten")
        assert problem.message == "dense1 takes a row of numbers; pool2 gives maps of 16×5×5."
        assert str(problem.detail).endswith("16·5·5 = 400 values.")
    finally:
        set_notation("last")


def test_a_sentence_follows_the_language_of_the_reader():
    problem = example("no Flatten")
    assert problem.message.startswith("dense1 takes")
    i18n.set_language("es")
    assert problem.message == "dense1 recibe una fila de números; pool2 da mapas de 5×5×16."


def test_lenet_on_larger_pictures_says_both_products():
    problem = example("LeNet on larger pictures")
    assert problem.message == "dense1 was trained on 5·5·16 = 400 values and would now get 7·7·16 = 784."
    assert [fix.code for fix in problem.fixes] == ["adaptive_pool", "old_input", "global_pool"]


def test_names_in_a_row():
    many = [("dropout" + str(n), make("dropout"), "relu1") for n in range(6)]
    graph = after_entry(*many, ("pool1", make("max_pool"), *(row[0] for row in many)))
    problem = diagnose(analyse(graph)).of("pool1")[0]
    assert problem.message == "pool1 takes one input, and gets 6: dropout0, dropout1, dropout2 and 3 more."


def test_a_long_circle_is_cut_short():
    rows = [(f"relu{n}", make("relu"), *(["add1"] if n == 2 else [])) for n in range(2, 12)]
    graph = after_entry(("add1", make("add"), "relu1"), *rows)
    graph = type(graph)(graph.nodes, {**graph.inputs, "add1": ("relu1", "relu11")})
    (problem,) = (one for one in diagnose(analyse(graph)).problems if one.code == "cycle")
    assert problem.message == "These layers go round in a circle: add1 → relu2 → relu3 → relu4 → … → add1."


def test_three_branches_follow_the_majority():
    graph = branches(
        make("add"),
        (("dropout1", make("dropout"), "relu1"),),
        (
            ("conv2", make("convolution", filters=8, padding=1), "relu1"),
            ("conv3", make("convolution", filters=4, padding=1)),
        ),
    )
    graph = type(graph)(graph.nodes, {**graph.inputs, "join1": ("dropout1", "conv2", "conv3")})
    problem = diagnose(analyse(graph)).of("join1")[0]
    assert str(problem.fixes[0].label) == "1×1 convolution with 8 filters after conv3"
