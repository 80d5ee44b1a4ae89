"""Data sets at the terminal."""

import shutil

import numpy as np
import pytest
from PIL import Image

from cnn_studio.engine.datasets import sources
from cnn_studio.engine.datasets.drawings import add_drawing
from cnn_studio.engine.datasets.opening import data_folder
from tests.helpers.own_data import npz_file, picture_folder


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder of one's own to work in, with pictures."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    picture_folder(folder / "photos")
    (folder / "photos" / "a" / "bad.png").write_bytes(b"nonsense")
    return folder


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_list(cli, language):
    done = cli("data", "list", "--language", language)
    assert (done.status, done.err) == (0, "")
    for name in sources:
        assert f"\n{name} " in done.out
    for one in cli("data", "list", "--json").document:
        assert one.keys() == {
            "name", "label", "about", "medium", "sample", "classes", "counts", "download", "here", "licence", "origin"
        }  # fmt: skip
        assert one["here"] is (one["download"] == 0)


@pytest.mark.parametrize("language", ["en", "es"])
def test_drawings_of_ones_own_are_listed_and_known_by_name(cli, language):
    for label in "ab":
        for _drawing in range(2):
            add_drawing("garabatos", label, np.zeros((1, 28, 28), np.uint8))
    words = {"en": "Drawings of your own, 4 in all.", "es": "Dibujos propios, 4 en total."}
    assert words[language] in cli("data", "list", "--language", language).out
    assert cli("data", "list", "--json").document[-1]["counts"] == {"train": 4}
    assert cli("data", "info", "garabatos", "--json").document["splits"]["train"]["classes"] == {"a": 2, "b": 2}


def test_what_is_in_a_folder(cli, place):
    done = cli("data", "info", "photos")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("photos: 8×8×1\n")
    assert "Left out:\n  “bad.png” is not a picture, or of a kind that is not known" in done.out
    document = cli("data", "info", "photos", "--json").document
    assert document.keys() == {"name", "medium", "classes", "sample", "splits", "licence", "source", "skipped"}
    assert document["splits"] == {"train": {"samples": 24, "classes": {"a": 8, "b": 8, "c": 8}}}
    assert [one["file"] for one in document["skipped"]] == ["bad.png"]


def test_a_sheet_of_samples(cli, place):
    assert cli("data", "info", npz_file(place / "x.npz"), "--sheet", "sheet.png").status == 0
    with Image.open(place / "sheet.png") as sheet:
        assert sheet.size == (640, 120)
    done = cli("data", "info", "photos", "--sheet", "nowhere/sheet.png")
    assert done.status == 1
    assert done.err == "cnn-studio: nowhere/sheet.png cannot be written: there is no such file or folder.\n"


def test_files_at_hand_are_taken_by_their_checksums(cli, place, shared_data):
    done = cli("data", "fetch", "mnist", "--from", shared_data / "mnist")
    assert done.status == 0
    assert cli("data", "fetch", "mnist", "--from", shared_data / "mnist", "--json").document["here"] is True
    info = cli("data", "info", "mnist", "--json").document
    assert {name: split["samples"] for name, split in info["splits"].items()} == {"train": 60_000, "test": 10_000}


def test_files_with_another_checksum_are_refused_and_nothing_is_left(cli, place, shared_data):
    shutil.copytree(shared_data / "mnist", place / "mnist")
    labels = place / "mnist" / "train-labels-idx1-ubyte.gz"
    labels.chmod(0o644)
    labels.write_bytes(labels.read_bytes()[:-100])
    done = cli("data", "fetch", "mnist", "--from", "mnist")
    assert done.status == 1
    assert "train-labels-idx1-ubyte.gz” is not the file it should be: its checksum differs." in done.err
    assert not list(data_folder().rglob("*.part"))
    assert cli("train", "quick-digits", "--data", "mnist").status == 1


def test_a_fetched_set_that_was_damaged_later_is_named(cli, place, shared_data):
    cli("data", "fetch", "mnist", "--from", shared_data / "mnist")
    (data_folder() / "mnist" / "train-images-idx3-ubyte.gz").write_bytes(b"\x1f\x8b nonsense")
    done = cli("data", "info", "mnist")
    assert done.status == 1
    assert "“train-images-idx3-ubyte.gz” is damaged" in done.err
    assert "cnn-studio data fetch mnist" in done.err
    assert cli("data", "fetch", "mnist", "--from", shared_data / "mnist").status == 0
    assert cli("data", "info", "mnist").status == 0


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ("data", 2, "required"),
        ("data dance", 2, "invalid choice"),
        ("data info", 2, "Name a data set, or a folder or file of your own."),
        ("data list mnist", 2, "“list” takes no name."),
        ("data info nowhere", 1, "There are no data called “nowhere”"),
        ("data info mnist", 1, "“mnist” is not on this machine yet"),
        ("data info empty", 1, "“empty” has no pictures or sounds in folders"),
        ("data info one", 1, "“one” has only one class with samples, “a”"),
        ("data info single", 1, "“single” has only one class with samples, “a”"),
        ("data fetch photos", 1, "There is no data set “photos” to fetch"),
        ("data fetch mnist --from nowhere", 1, "“nowhere” is not a folder."),
        ("data fetch mnist --from photos", 1, "“photos” has no file “train-images-idx3-ubyte.gz”."),
    ],
)
def test_what_cannot_be_done_is_said(cli, place, arguments, status, words):
    (place / "empty").mkdir()
    picture_folder(place / "one", "a")
    picture_folder(place / "single", "a", 1)
    done = cli(*arguments.split())
    assert (done.status, done.out) == (status, "")
    assert words in done.err
    assert cli(*arguments.split(), "--json").document.keys() == {"error"}
    assert cli(*arguments.split(), "--language", "es").status == status


def test_without_a_network_the_addresses_that_were_tried_are_named(cli, place, monkeypatch):
    import requests

    def refused(*_arguments, **_options):
        raise requests.ConnectionError

    monkeypatch.setattr(requests.Session, "request", refused)
    done = cli("data", "fetch", "mnist")
    assert done.status == 1
    assert "could not be fetched (" in done.err
    assert "check the network, or take it from a folder with --from." in done.err
