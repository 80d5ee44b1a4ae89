"""Verdicts: every sample asked once, the surest mistakes first, and what PyTorch says of the same samples."""

from typing import Any

import numpy as np
import pytest
import torch

from cnn_studio.core.context import DataFacts
from cnn_studio.core.plans.plan import plan_to_json
from cnn_studio.core.project import Project
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets.base import ArraySamples, DataError, Dataset
from cnn_studio.engine.predict import fresh_predictor
from cnn_studio.engine.setup import parts_of
from cnn_studio.engine.shown import shown
from cnn_studio.engine.verdicts import verdicts
from tests.helpers.training import quick_plan, small_network, stripes


@pytest.fixture
def predictor():
    plan = quick_plan(validation=0.3)
    facts = DataFacts("stripes", Shape(1, (8, 8)), tuple("abc"))
    return fresh_predictor(Project(small_network(), "Small", data=facts, plan=plan_to_json(plan)))


@pytest.mark.parametrize("split", ["validation", "test"])
def test_they_are_what_the_network_answers(predictor, split):
    data = stripes()
    found = verdicts(predictor, data, split)
    samples = parts_of(data, predictor.plan)[1] if split == "validation" else data.splits["test"]
    assert samples is not None
    assert (found.split, found.whole) == (split, len(samples))
    for place in range(len(samples)):
        answer = predictor.answer(samples.read(place))
        assert found.truths[place] == samples.labels[place]
        assert found.answers[place] == answer.best
        assert found.sure[place] == pytest.approx(answer.probability, abs=1e-5)
        assert found.likely[place] == pytest.approx(answer.probabilities[samples.labels[place]], abs=1e-5)
    scores = predictor.evaluate(samples)
    assert (found.confusion == scores.confusion).all()


def test_mistakes_come_surest_first_and_of_the_classes_asked_for(predictor):
    found = verdicts(predictor, stripes(300))
    mistakes = found.places()
    assert set(mistakes) == set(np.flatnonzero(found.truths != found.answers))
    assert (np.diff(found.sure[mistakes]) <= 0).all()
    for truth in range(3):
        for answer in range(3):
            places = found.places(truth, answer, right=True)
            assert len(places) == found.confusion[truth, answer]
    assert len(found.places(right=True)) == len(found.truths)


def test_without_validation_the_test_samples_judge(predictor):
    predictor.plan = predictor.plan.model_copy(update={"validation": 0.0})
    assert verdicts(predictor, stripes()).split == "test"


def test_data_that_judge_nothing_and_data_of_others_are_refused(predictor):
    predictor.plan = predictor.plan.model_copy(update={"validation": 0.0})
    whole = stripes()
    with pytest.raises(DataError, match="nothing judges"):
        verdicts(predictor, Dataset("mine", whole.classes, {"train": whole.train}))
    with pytest.raises(DataError, match="does not know"):
        verdicts(predictor, Dataset("mine", tuple("xyz"), whole.splits))


SAMPLES: dict[str, tuple[Any, Any]] = {
    "grey": (np.zeros((1, 28, 28), np.uint8), (28, 28)),
    "colour": (np.zeros((3, 32, 20), np.uint8), (32, 20, 3)),
    "large": (np.zeros((3, 4000, 3000), np.uint8), None),
    "film": (np.zeros((1, 9, 16, 16), np.uint8), (16, 16)),
    "sound": (np.zeros((1, 8000), np.int16), (40, 40)),
    "row": (np.zeros((5,), np.float32), (40, 1)),
    "decimals": (np.linspace(-1, 1, 64, dtype=np.float32).reshape(1, 8, 8), (8, 8)),
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_kind_of_sample_can_be_seen(kind):
    stored, shape = SAMPLES[kind]
    picture = shown(stored, 40)
    assert picture.dtype == np.uint8
    assert max(picture.shape[:2]) < 160
    assert shape is None or picture.shape == shape


def test_greys_are_as_stored():
    stored = torch.randint(0, 255, (1, 28, 28), dtype=torch.uint8).numpy()
    assert (shown(stored, 40) == stored[0]).all()
    assert isinstance(ArraySamples(stored[None], np.zeros(1)).read(0), np.ndarray)
