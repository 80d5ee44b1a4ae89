"""The pad and the command give the same answer, to the bit."""

import json

import numpy as np
import pytest
from PIL import Image

from cnn_studio.cli.main import run
from cnn_studio.core.project import Project, write_project
from cnn_studio.core.starters import open_sample, open_starter
from cnn_studio.engine.control import Control
from cnn_studio.engine.datasets.base import DataError
from cnn_studio.engine.drawing import Switches
from cnn_studio.engine.events import ProbeAnswered
from cnn_studio.engine.inking import Stroke
from cnn_studio.engine.insight.drawn import DrawingSeen
from cnn_studio.engine.predict import fresh_predictor, predictor_of
from cnn_studio.engine.session import Session
from tests.helpers.training import chain, quick_plan, small_network, stripes

THREE = [
    (95, 70, 1.0),
    (150, 55, 0.8),
    (190, 80, 1.0),
    (140, 130, 0.6),
    (195, 170, 1.0),
    (150, 230, 0.9),
    (85, 210, 1.0),
]
SHORT = [(60, 60, 1.0), (70, 66, 1.0)]


@pytest.fixture(scope="module")
def sample():
    return predictor_of(open_sample())


@pytest.mark.parametrize("even", [True, False])
@pytest.mark.parametrize("width", [5, 18, 40])
def test_the_command_reads_the_ink_as_the_pad_does(sample, tmp_path, capsys, even, width):
    question = DrawingSeen([Stroke(THREE, width), Stroke(SHORT, width, erases=True)], even=even)
    seen = question(sample)
    Image.fromarray(question.ink()[0]).save(tmp_path / "three.png")
    assert run(["predict", "sample", str(tmp_path / "three.png"), "--prepare", "drawing", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert list(told["probabilities"].values()) == [float(one) for one in seen.probabilities]
    assert tuple(told["probabilities"]) == seen.classes
    assert told["class"] == "3"


def test_a_photograph_is_read_as_its_file_is(sample, tmp_path, capsys):
    photograph = np.full((200, 160, 3), (235, 225, 205), np.uint8)
    photograph[40:160, 70:84] = (40, 50, 120)
    Image.fromarray(photograph).save(tmp_path / "one.png")
    seen = DrawingSeen(picture=photograph.transpose(2, 0, 1))(sample)
    assert run(["predict", "sample", str(tmp_path / "one.png"), "--prepare", "drawing", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert list(told["probabilities"].values()) == [float(one) for one in seen.probabilities]
    drawn_over = DrawingSeen([Stroke([(100, 60, 1.0), (180, 60, 1.0)], 16)], photograph.transpose(2, 0, 1))(sample)
    assert not np.array_equal(drawn_over.probabilities, seen.probabilities)


@pytest.mark.parametrize("name", ["lenet5", "mlp", "tiny-vgg", "tiny-resnet"])
def test_other_networks_get_what_they_take(name):
    predictor = fresh_predictor(open_starter(name))
    seen = DrawingSeen([Stroke(THREE, 18)])(predictor)
    wanted = predictor.input_shape
    assert seen.drawn.sample.shape == (wanted.channels, *wanted.sizes)
    assert len(seen.classes) == len(seen.probabilities)
    assert seen.probabilities.sum() == pytest.approx(1)


def test_networks_on_other_things_say_why_not():
    for name in ("tiny-sound", "tiny-video"):
        with pytest.raises(DataError, match="cannot be drawn"):
            DrawingSeen([Stroke(THREE, 18)])(fresh_predictor(open_starter(name)))


def test_an_empty_pad_is_said(sample):
    for strokes in ([], [Stroke(THREE, 18), Stroke(THREE, 60, erases=True)]):
        with pytest.raises(DataError, match="nothing is drawn"):
            DrawingSeen(strokes)(sample)


@pytest.mark.parametrize("step", ["bounding_box", "fit", "centre_of_mass", "value_scale"])
def test_each_step_can_be_left_out(sample, step):
    strokes = [Stroke([(x / 3 + 10, y / 3 + 10, 1.0) for x, y, _pressure in THREE], 18)]
    usual = DrawingSeen(strokes)(sample)
    without = DrawingSeen(strokes, on=Switches(**{step: False}))(sample)
    same = np.array_equal(without.drawn.sample, usual.drawn.sample)
    assert same == (step == "value_scale")  # full ink is full already


def test_classes_without_names_are_numbered():
    graph = chain(
        ("input", {"channels": 1, "sizes": (28, 28)}), ("flatten", {}), ("dense", {"units": 4}), ("output", {})
    )
    assert DrawingSeen([Stroke(THREE, 18)])(fresh_predictor(Project(graph))).classes == ("0", "1", "2", "3")


def test_a_run_in_progress_answers_too():
    control = Control()
    session = Session(small_network(), quick_plan(), stripes(), control)
    control.ask(DrawingSeen([Stroke(THREE, 18)]))
    (answer,) = [event.answer for event in session.events() if isinstance(event, ProbeAnswered)]
    assert answer.drawn.sample.shape == (1, 8, 8)
    assert len(answer.probabilities) == 3


def test_the_sample_is_a_file_like_any_other(tmp_path):
    write_project(open_sample(), tmp_path / "sample.cnnstudio")
    assert (tmp_path / "sample.cnnstudio").stat().st_size < 200_000
