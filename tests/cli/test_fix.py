"""Mending a network at the terminal."""

import pytest

from cnn_studio.cli import advice
from cnn_studio.core.project import read_project
from cnn_studio.core.starters import starter_names


def test_a_wrong_network_is_told_why_and_how_to_mend_it(cli, wrong):
    done = cli("fix", wrong)
    assert done.status == 0
    assert "7×7×16" in done.out
    assert "1. Insert Flatten" in done.out
    assert "3,616 → 11,466 parameters" in done.out
    assert f"cnn-studio fix {wrong} NUMBER -o FILE" in done.out


def test_it_speaks_spanish_too(cli, wrong):
    done = cli("fix", wrong, "--language", "es")
    assert "1. Insertar " in done.out
    assert f"cnn-studio fix {wrong} NÚMERO -o ARCHIVO" in done.out


def test_a_fix_writes_a_network_that_is_sound(cli, wrong, tmp_path):
    mended = tmp_path / "mended.cnnstudio"
    done = cli("fix", wrong, "1", "-o", mended)
    assert done.status == 0
    assert done.out.startswith("Insert Flatten: ")
    assert f"{mended} written: no problems" in done.out
    assert read_project(mended).name == "Wrong"
    assert cli("fix", mended).out == "Wrong: no problems\n"
    assert [node.layer.kind for node in read_project(wrong).graph.nodes.values()].count("flatten") == 0


def test_a_network_can_be_mended_in_its_own_file(cli, wrong):
    assert cli("fix", wrong, "1", "-o", wrong).status == 0
    assert cli("fix", wrong).out == "Wrong: no problems\n"


def test_a_fix_for_a_program(cli, wrong, tmp_path):
    (problem,) = cli("fix", wrong, "--json").document["problems"]
    assert problem["code"] == "needs_vector"
    assert problem["fixes"][0]["number"] == 1
    assert set(problem["fixes"][0]) == {"number", "label", "impact"}
    document = cli("fix", wrong, 1, "-o", tmp_path / "m.cnnstudio", "--json").document
    assert document["applied"] == "Insert Flatten"
    assert document["problems"] == []


def test_the_options_that_a_problem_was_found_with_are_repeated(cli, sound, tmp_path):
    options = ("--sample", "28x28x1", "--classes", "7", "--memory", "16", "--batch", "32")
    done = cli("fix", sound, *options)
    command = "NUMBER --sample 28x28x1 --classes 7 --batch 32 --memory 16 -o FILE"
    assert command in done.out
    assert "7 units" in done.out
    mended = tmp_path / "seven.cnnstudio"
    assert cli("fix", sound, 1, "-o", mended, *options).status == 0
    assert read_project(mended).graph.of_kind("dense")[0].layer.model_dump()["units"] == 7


@pytest.mark.parametrize(("arguments", "said"), [(["9"], "numbered from 1 to"), (["0"], "no whole number")])
def test_a_number_that_no_fix_has_is_refused(cli, wrong, tmp_path, arguments, said):
    file = tmp_path / "m.cnnstudio"
    done = cli("fix", wrong, *arguments, "-o", file)
    assert done.status in (1, 2)
    assert said in done.err
    assert not file.exists()


def test_where_nothing_is_wrong_there_is_nothing_to_apply(cli, sound, tmp_path):
    done = cli("fix", sound, 1, "-o", tmp_path / "m.cnnstudio")
    assert done == (1, "", "cnn-studio: There is no fix to apply.\n")


def test_the_notation_of_the_sample_is_repeated(cli, sound):
    done = cli("fix", sound, "--sample", "1x28x28", "--classes", "7", "--notation", "first")
    assert "--sample 1x28x28 --classes 7 --notation first -o FILE" in done.out


@pytest.mark.parametrize("arguments", [["1"], ["-o", "x.cnnstudio"]])
def test_number_and_file_go_together(cli, wrong, arguments):
    done = cli("fix", wrong, *arguments)
    assert done.status == 2
    assert "needs both its number and -o FILE" in done.err


def test_half_a_description_of_data_is_refused(cli, sound):
    for option in (["--sample", "28x28x1"], ["--classes", "10"]):
        done = cli("fix", sound, *option)
        assert done == (1, "", "cnn-studio: --sample and --classes describe the data together: give both.\n")


@pytest.mark.parametrize("name", starter_names())
def test_every_offer_keeps_what_it_says(cli, name):
    """On every starter with data of another size: each fix makes its problem go away."""
    from cnn_studio.core.context import Context, DataFacts
    from cnn_studio.core.shapes import Shape
    from cnn_studio.core.starters import open_starter

    graph = open_starter(name).graph
    (entry, *_others) = graph.of_kind("input")
    sizes = tuple(size + 3 for size in entry.layer.output_shape().sizes)
    context = Context(DataFacts("other", Shape(1, sizes), ("a", "b", "c")))
    diagnosis = advice.diagnosis_of(graph, context)
    assert diagnosis.problems
    for offer in advice.offers(diagnosis):
        left = advice.diagnosis_of(offer.graph, context)
        assert offer.problem.key not in {problem.key for problem in left.problems}
        assert len(left.errors) <= len(diagnosis.errors)
        assert str(offer.impact.words)
