"""The summary of any network, as a table and as JSON."""

import zipfile

import pytest

from cnn_studio import i18n
from cnn_studio.core import project
from cnn_studio.core.project import Project, read_project, write_project
from cnn_studio.core.starters import starter_names
from tests.helpers.networks import chain, make

LANGUAGES = list(i18n.languages())


def is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def check_document(document: dict) -> None:
    """The JSON of a summary has what the product promises, each of its type, and nothing else."""
    assert set(document) == {"name", "input", "layers", "parameters", "trainable_parameters", "macs", "problems"}
    assert isinstance(document["name"], str)
    assert all(is_number(number) for number in document["input"])
    for total in ("parameters", "trainable_parameters", "macs"):
        assert is_number(document[total])
    ids = set()
    codes = [problem["code"] for problem in document["problems"]]
    for layer in document["layers"]:
        assert list(layer) == ["id", "name", "kind", "output", "parameters", "macs", "receptive_field", "problems"]
        assert all(isinstance(layer[text], str) for text in ("id", "name", "kind"))
        for shape in ("output", "receptive_field"):
            assert layer[shape] is None or all(is_number(number) for number in layer[shape])
        assert is_number(layer["parameters"])
        assert is_number(layer["macs"])
        assert set(layer["problems"]) <= set(codes)
        ids.add(layer["id"])
    assert len(ids) == len(document["layers"])
    for problem in document["problems"]:
        assert list(problem) == ["code", "severity", "nodes", "message", "fixes"]
        assert problem["severity"] in ("error", "warning")
        assert set(problem["nodes"]) <= ids
        assert problem["message"]
        assert all(isinstance(fix, str) and fix for fix in problem["fixes"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", starter_names())
def test_every_starter_is_summarized(cli, name, language):
    text = cli("summary", name, "--language", language, "--notation", "first")
    assert (text.status, text.err) == (0, "")
    done = cli("summary", name, "--json", "--language", language)
    assert (done.status, done.err) == (0, "")
    document = done.document
    check_document(document)
    assert all(layer["output"] for layer in document["layers"])
    assert document["parameters"] == sum(layer["parameters"] for layer in document["layers"])
    assert not [problem for problem in document["problems"] if problem["severity"] == "error"]
    i18n.set_language(language)
    assert i18n.integer(document["parameters"]) in text.out


def test_lenet5_has_the_numbers_of_the_course(cli):
    document = cli("summary", "lenet5", "--json").document
    assert document["parameters"] == 61_706
    assert document["input"] == [1, 32, 32]
    assert "61,706" in cli("summary", "lenet5").out


def test_the_arithmetic_is_written_out(cli):
    done = cli("summary", "lenet5", "--sums")
    assert "(32 + 2·0 - 5) / 1 + 1 = 28" in done.out
    assert "5·5·1·6 + 6 = 156" in done.out
    assert "(32 + 2·0 - 5) / 1 + 1 = 28" not in cli("summary", "lenet5").out


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_network_is_summarized_and_told_what_is_wrong(cli, wrong, language):
    done = cli("summary", wrong, "--language", language)
    assert done.status == 0
    assert {"en": "1. Insert Flatten", "es": "1. Insertar "}[language] in done.out
    document = cli("summary", wrong, "--json", "--language", language).document
    check_document(document)
    assert [problem["code"] for problem in document["problems"]] == ["needs_vector"]
    assert document["layers"][-1]["output"] is None


def test_the_data_are_checked_when_they_are_told(cli, sound):
    assert "Problems" not in cli("summary", sound).out
    done = cli("summary", sound, "--sample", "32x32x3", "--classes", "7")
    assert "32×32×3" in done.out
    assert "7" in done.out
    first = cli("summary", sound, "--sample", "3x32x32", "--classes", "7", "--notation", "first")
    assert "3×32×32" in first.out
    assert "Problems: 2 errors" in done.out
    assert "Problems: 2 errors" in first.out


def test_the_memory_of_a_batch_is_checked(cli):
    assert "GB" not in cli("summary", "lenet5").out
    codes = [
        problem["code"]
        for problem in cli("summary", "vgg16", "--json", "--memory", "4", "--batch", "256").document["problems"]
    ]
    assert "memory" in codes


def test_the_look_of_keras_and_of_markdown(cli, wrong):
    assert "Total params: 61,706" in cli("summary", "lenet5", "--style", "keras").out
    assert "| --- |" in cli("summary", "lenet5", "--style", "markdown").out
    done = cli("summary", wrong, "--style", "keras")
    assert done.status == 1
    assert done.err.startswith("cnn-studio: Keras cannot summarize it:")


def test_a_project_is_called_by_its_name_or_its_file(cli, wrong, sound):
    assert cli("summary", wrong).out.startswith("Wrong\n")
    assert cli("summary", sound).out.startswith("sound\n")


def test_weights_that_do_not_fit_are_noticed(cli, tmp_path, monkeypatch):
    header = b'{"dense2.weight":{"dtype":"F32","shape":[2,9],"data_offsets":[0,72]}}'
    weights = len(header).to_bytes(8, "little") + header + bytes(72)
    graph = chain(make("input", channels=4, sizes=()), make("dense", units=2), make("output"))
    file = tmp_path / "n.cnnstudio"
    write_project(Project(graph, weights=weights), file)
    codes = [problem["code"] for problem in cli("summary", file, "--json").document["problems"]]
    assert [code for code in codes if "trained" in code]
    monkeypatch.setattr(project, "weight_shapes", lambda _data: None)  # a writer with other rules
    write_project(Project(graph, weights=weights[:-1]), file)
    monkeypatch.undo()
    done = cli("summary", file)
    assert done.status == 1
    assert done.err.count("\n") == 1
    assert "weights.safetensors" in done.err


# -- bad input --------------------------------------------------------------------------------------------------------


def bad_files(folder):
    """Name and file of each kind of damage."""
    write_project(Project(chain(make("input"), make("output"))), folder / "good.cnnstudio")
    good = (folder / "good.cnnstudio").read_bytes()
    yield "cut short", good[: len(good) // 2]
    yield "empty", b""
    yield "text", b"hello"
    yield "zeros", bytes(1000)
    with zipfile.ZipFile(folder / "other.zip", "w") as archive:
        archive.writestr("x.txt", "x")
    yield "another zip", (folder / "other.zip").read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_damaged_file_gets_one_sentence(cli, tmp_path, language):
    for name, content in bad_files(tmp_path):
        file = tmp_path / "damaged.cnnstudio"
        file.write_bytes(content)
        for command in (["summary", file], ["fix", file], ["export", file, "--to", "keras"]):
            done = cli(*command, "--language", language)
            assert (done.status, done.out) == (1, ""), name
            assert done.err.count("\n") == 1
            assert str(file) in done.err
            assert list(cli(*command, "--json").document) == ["error"]


def test_what_is_no_file_gets_one_sentence(cli, tmp_path):
    cases = {
        tmp_path: "folder",
        tmp_path / "missing.cnnstudio": "There is no file",
        "missing.cnnstudio": "There is no file",
        "lenet6": "There is no network “lenet6”; did you mean “lenet5”?",
        "LeNet5": "did you mean “lenet5”?",
        "zzzz": "`cnn-studio starters` lists those there are",
        "": "There is no network “”",
    }
    for net, said in cases.items():
        done = cli("summary", net)
        assert (done.status, done.out) == (1, "")
        assert said in done.err
        assert done.err.count("\n") == 1


def test_a_starter_goes_before_a_file_of_its_name(cli, tmp_path, monkeypatch, sound):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lenet5").write_bytes(sound.read_bytes())
    assert "61,706" in cli("summary", "lenet5").out
    assert "61,706" not in cli("summary", "./lenet5").out


def test_a_summary_changes_nothing(cli, wrong):
    before = wrong.read_bytes()
    cli("summary", wrong)
    assert wrong.read_bytes() == before
    assert read_project(wrong).name == "Wrong"
