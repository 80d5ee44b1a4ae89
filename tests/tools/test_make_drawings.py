"""The sample drawings are those that the tool draws, and can be read."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from cnn_studio.core.shapes import Shape
from cnn_studio.core.starters import open_starter
from cnn_studio.engine.datasets.opening import open_data
from cnn_studio.engine.inputs import drawn_sample, sample_of
from cnn_studio.engine.predict import Predictor
from cnn_studio.engine.runs import node_weights
from cnn_studio.engine.session import Session
from tests.helpers.training import quick_plan
from tools.make_drawings import DIGITS, FOLDER, curve, photograph


def test_the_drawings_are_those_of_the_tool():
    assert sorted(path.name for path in FOLDER.iterdir()) == [f"{digit}.png" for digit in range(10)]
    for digit in (3, 8):
        kept = np.asarray(Image.open(FOLDER / f"{digit}.png").convert("RGB")).astype(int)
        assert np.abs(kept - photograph(DIGITS[digit], digit)).mean() < 4


def test_a_curve_goes_through_its_points():
    points = [(0, 0), (10, 5), (20, -5), (30, 0)]
    path = curve(points, 8)
    assert len(path) == 8 * 3 + 1
    np.testing.assert_allclose(path[::8], points)


def test_a_drawing_becomes_a_digit_as_the_data_have_them():
    for path in FOLDER.iterdir():
        sample = drawn_sample(sample_of(path), Shape(1, (28, 28)))
        assert sample.shape == (1, 28, 28)
        rows, _columns = np.nonzero(sample[0] > 60)
        assert 17 <= np.ptp(rows) <= 21
        assert sample[0, :, [0, -1]].max() == 0


@pytest.mark.long
def test_what_learned_the_bundled_digits_reads_every_drawing(tmp_path):
    graph, data = open_starter("quick-digits").graph, open_data("digits", tmp_path)
    session = Session(graph, quick_plan(epochs=2, batch_size=128, rate=0.015, validation=0.0), data)
    for _event in session.events():
        pass
    predictor = Predictor(graph, node_weights(session.judged), session.plan, data.classes)
    answers = {
        path.stem: predictor.answer(drawn_sample(sample_of(path), predictor.input_shape)).name
        for path in FOLDER.iterdir()
    }
    assert all(name == answer for name, answer in answers.items()), answers
