"""The list of runs at the terminal."""

import shutil

import pytest

from cnn_studio.engine.finding import run_folder
from tests.helpers.own_data import network_file, npz_file


@pytest.fixture
def place(tmp_path, monkeypatch, cli):
    """A folder with two runs, "first" and "second"."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    network_file(folder / "net.cnnstudio")
    npz_file(folder / "x.npz")
    for name, epochs in (("first", 1), ("second", 2)):
        assert cli("train", "net.cnnstudio", "--data", "x.npz", "--epochs", epochs).status == 0
        assert cli("runs", "rename", "last", name).status == 0
    return folder


def test_before_the_first_run_a_beginning_is_shown(cli):
    done = cli("runs", "list")
    assert (done.status, done.err) == (0, "")
    assert "cnn-studio train quick-digits" in done.out
    assert cli("runs", "list", "--json").document == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_list(cli, place, language):
    done = cli("runs", "list", "--language", language)
    assert done.err == ""
    header, first, second = done.out.splitlines()
    assert header.startswith("Run" if language == "en" else "Entrenamiento")
    assert first.startswith("first")
    assert "2/2" in second
    one = cli("runs", "list", "--json").document[1]
    assert one.keys() == {
        "name", "folder", "state", "started", "data", "epochs", "planned", "best", "seconds", "note"
    }  # fmt: skip
    assert (one["name"], one["state"], one["epochs"]) == ("second", "done", 2)


def test_show_and_compare(cli, place):
    assert cli("runs", "show", "second").out.count("\n") == 4
    document = cli("runs", "show", "second", "--json").document
    assert document["plan"]["epochs"] == 2
    assert len(document["run"]["epochs"]) == 2
    compared = cli("runs", "compare", "first", "second")
    assert compared.out.splitlines()[-1].split() == ["Epochs", "1", "2"]
    assert len(cli("runs", "compare", "first", "second", "--json").document) == 2
    assert "The plans are the same." in cli("runs", "compare", "first", "first").out


def test_a_note_is_kept_and_shown(cli, place):
    assert cli("runs", "note", "first", "with", "ñandúes").status == 0
    assert "with ñandúes" in cli("runs", "show", "first").out


def test_delete_takes_all_or_none(cli, place):
    done = cli("runs", "delete", "first", "nothing")
    assert done.status == 1
    assert len(cli("runs", "list", "--json").document) == 2
    assert cli("runs", "delete", "first", "--json").document == ["first"]
    assert not (run_folder() / "first").exists()


def test_a_damaged_run_hides_no_other(cli, place):
    (run_folder() / "first" / "record.sqlite3").write_bytes(b"this is no database" * 100)
    (run_folder() / "second" / "network.cnnstudio").write_bytes(b"nonsense")
    for arguments in (("list",), ("list", "--language", "es")):
        done = cli("runs", *arguments)
        assert done.status == 0
        assert len(done.out.splitlines()) == 3
    facts = cli("runs", "list", "--json").document
    assert all(one.keys() == {"name", "folder", "error"} for one in facts)
    shown = cli("runs", "show", "first")
    assert shown.status == 1
    assert shown.err.count("\n") == 1
    assert cli("runs", "delete", "first", "second").status == 0


def test_a_copied_run_can_be_used_from_where_it_lies(cli, place):
    shutil.copytree(run_folder() / "second", place / "copy of second")
    assert cli("runs", "show", "copy of second").status == 0
    assert cli("evaluate", place / "copy of second").status == 0
    assert cli("train", "--resume", "copy of second", "--epochs", 3).status == 0


def test_runs_of_one_name_in_two_places_are_told_apart_by_their_paths(cli, place):
    for folder in ("one", "two"):
        assert cli("train", "net.cnnstudio", "--data", "x.npz", "--out", f"{folder}/same").status == 0
    done = cli("runs", "delete", "same")
    assert done.status == 1
    assert "Several runs are called “same”: " in done.err
    assert cli("runs", "delete", "one/same").status == 0
    assert cli("runs", "rename", "same", "other").status == 0
    assert cli("runs", "show", "other").status == 0


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ("runs", 2, "required"),
        ("runs dance", 2, "invalid choice"),
        ("runs list first", 2, "“list” takes no names."),
        ("runs show", 2, "“show” needs the name of one run."),
        ("runs compare first", 2, "“compare” needs the names of at least two runs."),
        ("runs rename first", 2, "“rename” needs a run and its new name."),
        ("runs delete", 2, "“delete” needs the names of runs."),
        ("runs note first", 2, "“note” needs a run and the words to keep with it."),
        ("runs show nothing", 1, "There is no run “nothing”"),
        ("runs rename first second", 1, "There is already a run “second”."),
        ("runs rename first a/b", 1, "“a/b” cannot be the name of a run"),
    ],
)
def test_what_cannot_be_done_is_said(cli, place, arguments, status, words):
    done = cli(*arguments.split())
    assert (done.status, done.out) == (status, "")
    assert words in done.err
    assert cli(*arguments.split(), "--json").document.keys() == {"error"}
    assert cli(*arguments.split(), "--language", "es").status == status
