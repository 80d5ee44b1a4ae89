"""What a run says of files, at the terminal."""

import wave

import numpy as np
import pytest
from PIL import Image

from cnn_studio.core.plans.plan import plan_to_json
from cnn_studio.core.project import Project, write_project
from tests.helpers.own_data import network_file, picture_folder, striped
from tests.helpers.training import chain, quick_plan


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


def test_a_line_for_each_file_with_the_likeliest_classes(cli, place):
    done = cli("predict", "run1", "photos/a/0000.png", "photos/c/0001.png")
    assert done.status == 0
    first, second = done.out.splitlines()
    assert first.startswith("photos/a/0000.png: a ")
    assert second.startswith("photos/c/0001.png: c ")
    assert first.count("%") == 3


@pytest.mark.parametrize("language", ["en", "es"])
def test_json_has_the_keys_that_were_promised(cli, place, language):
    (place / "bad.png").write_bytes(b"\x89PNG nonsense")
    done = cli("predict", "run1", "photos/a/0000.png", "bad.png", "gone.png", "--json", "--language", language)
    assert done.status == 0
    good, bad, gone = done.document
    assert good.keys() == {"file", "class", "probability", "probabilities"}
    assert list(good["probabilities"]) == ["a", "b", "c"]
    assert sum(good["probabilities"].values()) == pytest.approx(1)
    assert good["probability"] == good["probabilities"][good["class"]]
    assert bad.keys() == gone.keys() == {"file", "error"}
    assert gone["error"].endswith(".")


def test_when_no_file_can_be_read_the_status_says_so(cli, place):
    done = cli("predict", "run1", "gone.png", "photos", "net.cnnstudio")
    assert (done.status, done.out) == (1, "")
    assert done.err.splitlines() == [
        "cnn-studio: “gone.png” cannot be read: there is no such file or folder.",
        "cnn-studio: “photos” cannot be read: it is a folder, not a file.",
        "cnn-studio: “net.cnnstudio” is not a picture, or of a kind that is not known.",
    ]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "1", "CMYK", "I;16"])
def test_pictures_of_any_size_and_mode(cli, place, mode):
    large = np.kron(striped(1, 3, (8, 8), 5), np.ones((9, 9), np.uint8))
    image = Image.fromarray(large.astype(np.uint16) * 257) if mode == "I;16" else Image.fromarray(large).convert(mode)
    image.save(place / "x.tif")
    done = cli("predict", "run1", "x.tif")
    assert done.status == 0
    if mode != "1":
        assert done.out.startswith("x.tif: b ")


def test_a_drawing_is_prepared_and_empty_paper_is_said(cli, place):
    Image.new("L", (200, 300), 250).save(place / "empty.png")
    drawn = np.full((200, 300), 250, np.uint8)
    drawn[40:160, 140:160] = 20
    Image.fromarray(drawn).save(place / "one.png")
    done = cli("predict", "run1", "one.png", "empty.png", "--prepare", "drawing")
    assert done.status == 0
    assert done.out.startswith("one.png: ")
    assert done.err == "cnn-studio: Nothing is drawn there.\n"


def test_sound_is_no_picture(cli, place):
    with wave.open(str(place / "x.wav"), "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(8000)
        stream.writeframes(np.zeros(900, "<i2").tobytes())
    done = cli("predict", "run1", "x.wav")
    assert done.status == 1
    assert "The network takes 8×8×1, and this is 900×1 after the preprocessing." in done.err
    graph = chain(("input", {"channels": 1, "sizes": (800,)}), ("flatten", {}), ("dense", {"units": 2}), ("output", {}))
    write_project(Project(graph, "Ear", plan=plan_to_json(quick_plan())), place / "ear.cnnstudio")
    for name in "ab":
        (place / "sounds" / name).mkdir(parents=True)
        for number in range(3):
            (place / "sounds" / name / f"{number}.wav").write_bytes((place / "x.wav").read_bytes())
    assert cli("train", "ear.cnnstudio", "--data", "sounds", "--out", "ear").status == 0
    assert cli("predict", "ear", "x.wav").status == 0
    assert cli("predict", "ear", "photos/a/0000.png").status == 1


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ("predict run1", 2, "required"),
        ("predict nothing x.png", 1, "There is no run “nothing”"),
        ("predict net.cnnstudio x.png", 1, "This network has not been trained yet."),
        ("predict photos/a/0000.png x.png", 1, "0000.png: "),
        ("predict run1 x.png --prepare magic", 2, "invalid choice"),
    ],
)
def test_what_cannot_answer_is_said(cli, place, arguments, status, words):
    done = cli(*arguments.split())
    assert (done.status, done.out) == (status, "")
    assert words in done.err
    assert cli(*arguments.split(), "--json").document.keys() == {"error"}
