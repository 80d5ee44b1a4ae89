"""Predictors of runs, of their epochs, and of networks that have learned nothing yet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from cnn_studio.core.context import DataFacts
from cnn_studio.core.plans.plan import plan_to_json
from cnn_studio.core.project import Project
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets.base import DataError
from cnn_studio.engine.events import EpochEnded
from cnn_studio.engine.predict import Predictor, fitted_sample, fresh_predictor, predictor_of_epoch
from cnn_studio.engine.recording import recorded
from cnn_studio.engine.runs import node_weights
from cnn_studio.engine.session import Session
from cnn_studio.engine.starting import kept
from tests.helpers.training import quick_plan, small_network, stripes


def same(predictor: Predictor, weights: dict[str, torch.Tensor]) -> bool:
    state = predictor.network.state_dict()
    return all(torch.equal(state[name], weight.float()) for name, weight in weights.items())


def test_a_network_that_learned_nothing_answers_with_the_weights_that_training_starts_from() -> None:
    session = Session(small_network(), quick_plan(seed=5), stripes())
    facts = DataFacts("stripes", Shape(1, (8, 8)), ("a", "b", "c"))
    fresh = fresh_predictor(Project(small_network(), plan=plan_to_json(quick_plan(seed=5)), data=facts))
    assert same(fresh, node_weights(session.network))
    assert fresh.answer(np.zeros((1, 8, 8), np.uint8)).name in facts.classes


def test_the_predictor_of_an_epoch_has_the_weights_of_that_epoch(tmp_path: Path) -> None:
    session = Session(small_network(), quick_plan(epochs=3, validation=0.3), stripes())
    run = kept(session, Project(small_network()), tmp_path / "run")
    after = [
        {name: weight.clone() for name, weight in node_weights(session.judged).items()}
        for event in recorded(session, run)
        if isinstance(event, EpochEnded)
    ]
    assert len(after) == 3
    for epoch, weights in enumerate(after, start=1):
        assert same(predictor_of_epoch(run, epoch), weights)


def test_a_predictor_keeps_weights_of_its_own() -> None:
    session = Session(small_network(), quick_plan(), stripes())
    weights = node_weights(session.network)
    predictor = Predictor(small_network(), weights, quick_plan(), ("a", "b", "c"))
    before = predictor.answer(np.ones((1, 8, 8), np.uint8)).probabilities
    for weight in weights.values():
        weight.zero_()
    assert np.array_equal(predictor.answer(np.ones((1, 8, 8), np.uint8)).probabilities, before)
    assert not any(tensor.is_meta for tensor in (*predictor.network.parameters(), *predictor.network.buffers()))


def test_a_predictor_tells_how_many_bytes_its_weights_are() -> None:
    weights = node_weights(Session(small_network(), quick_plan(), stripes()).network)
    predictor = Predictor(small_network(), weights, quick_plan(), ("a", "b", "c"))
    floats = sum(weight.numel() for weight in weights.values() if weight.is_floating_point())
    assert 0 <= predictor.size - 4 * floats <= 8  # and perhaps how many batches a normalization has seen


def test_what_a_person_brings_is_fitted_and_another_kind_refused() -> None:
    assert fitted_sample(np.zeros((3, 20, 40), np.uint8), Shape(1, (8, 8))).shape == (1, 8, 8)
    assert fitted_sample(np.zeros((1, 5, 5), np.uint8), Shape(3, (8, 8))).shape == (3, 8, 8)
    with pytest.raises(DataError, match="the network takes 8×8×1, and this is 100×1"):
        fitted_sample(np.zeros((1, 100), np.float32), Shape(1, (8, 8)))
