"""Judging a run at the terminal."""

import shutil

import numpy as np
import pytest
from PIL import Image

from cnn_studio.engine.runs import Run
from tests.helpers.own_data import network_file, npz_file, picture_folder, striped

KEYS = {"samples", "loss", "accuracy", "classes", "confusion"}


@pytest.fixture
def place(tmp_path, monkeypatch, cli):
    """A folder with a run trained on pictures in folders."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    network_file(folder / "net.cnnstudio")
    picture_folder(folder / "photos", count=20)
    assert cli("train", "net.cnnstudio", "--data", "photos", "--epochs", 6, "--out", "run1").status == 0
    return folder


@pytest.mark.parametrize("language", ["en", "es"])
def test_json_has_the_keys_that_were_promised(cli, place, language):
    done = cli("evaluate", "run1", "--json", "--language", language)
    assert done.status == 0
    document = done.document
    assert document.keys() - KEYS == {"top5", "calibration"}
    assert sum(one["samples"] for one in document["calibration"]["bins"]) == 6
    assert [one.keys() for one in document["classes"]] == [{"name", "precision", "recall", "f1", "support"}] * 3
    assert [one["name"] for one in document["classes"]] == ["a", "b", "c"]
    assert np.sum(document["confusion"]) == document["samples"] == 6
    assert document["accuracy"] == np.trace(document["confusion"]) / 6


def test_without_test_samples_those_that_were_kept_apart_judge(cli, place):
    done = cli("evaluate", "run1")
    assert done.out.startswith("6 samples of photos (validation): ")
    with Run(place / "run1").record() as record:
        best = record.epochs()[(record.best_epoch() or 0) - 1].validation
    assert best is not None
    assert cli("evaluate", "run1", "--json").document["loss"] == pytest.approx(best.loss, abs=1e-5)
    assert cli("evaluate", "run1", "--split", "train", "--json").document["samples"] == 54
    assert cli("evaluate", "run1", "--data", "photos", "--json").document["samples"] == 6


def test_other_data_are_judged_whole_and_fitted_in_size(cli, place):
    picture_folder(place / "large", size=(20, 20), channels=3)
    done = cli("evaluate", "run1", "--data", "large")
    assert done.status == 0
    assert done.out.startswith("24 samples of large (train): ")


def test_test_samples_come_first(cli, place):
    npz_file(place / "x.npz", tested=True)
    cli("train", "net.cnnstudio", "--data", "x.npz", "--out", "run2")
    assert cli("evaluate", "run2").out.startswith("15 samples of x (test): ")


def test_classes_are_told_by_their_names(cli, place):
    """A folder with fewer classes, sorted otherwise, is judged by what its folders are called."""
    for old, new in (("c", "0c"), ("b", "b")):
        shutil.copytree(place / "photos" / old, place / "some" / new)
    unknown = cli("evaluate", "run1", "--data", "some")
    assert unknown.status == 1
    assert unknown.err == "cnn-studio: “some” has the class “0c”, which the network does not know.\n"
    (place / "some" / "0c").rename(place / "some" / "c")
    document = cli("evaluate", "run1", "--data", "some", "--json").document
    assert [one["support"] for one in document["classes"]] == [0, 20, 20]
    assert document["accuracy"] > 0.9
    assert "b" in cli("evaluate", "run1", "--data", "some").out


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ("evaluate", 2, "required"),
        ("evaluate nothing", 1, "There is no run “nothing”; “cnn-studio runs list” shows those there are."),
        ("evaluate net.cnnstudio", 1, "This network has not been trained yet."),
        ("evaluate run1 --split test", 1, "“photos” has no samples for “test”, only for train, validation."),
        ("evaluate run1 --split other", 2, "invalid choice"),
        ("evaluate run1 --data nowhere", 1, "There are no data called “nowhere”"),
    ],
)
def test_what_cannot_be_judged_is_said(cli, place, arguments, status, words):
    done = cli(*arguments.split())
    assert (done.status, done.out) == (status, "")
    assert words in done.err
    assert cli(*arguments.split(), "--json").document.keys() == {"error"}


def test_a_run_whose_record_is_damaged_can_still_be_judged(cli, place):
    for path in (place / "run1").glob("record.sqlite3*"):
        path.write_bytes(b"this is no database" * 100)
    assert cli("evaluate", "run1").status == 0


def test_a_damaged_network_file_is_named(cli, place):
    (place / "run1" / "network.cnnstudio").write_bytes(b"PK nonsense")
    done = cli("evaluate", "run1")
    assert done.status == 1
    assert "network.cnnstudio" in done.err
    assert done.err.count("\n") == 1


def test_a_damaged_picture_among_the_data_is_left_out(cli, place):
    (place / "photos" / "a" / "0003.png").write_bytes(b"")
    Image.fromarray(striped(0, 3, (8, 8), 99)).save(place / "photos" / "a" / "new.png")
    done = cli("evaluate", "run1")
    assert done.status == 0
    assert "1 file was left out:" in done.err
