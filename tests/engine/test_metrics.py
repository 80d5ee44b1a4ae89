"""Scores against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnn_studio.engine.metrics import Tally, class_scores, confusion_counts

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60)


@given(PAIRS)
def test_counts_and_class_scores_follow_their_definitions(pairs: list[tuple[int, int]]) -> None:
    truth, answers = (torch.tensor(side) for side in zip(*pairs, strict=True))
    counts = confusion_counts(5, truth, answers).numpy()
    for row in range(5):
        for column in range(5):
            assert counts[row, column] == sum(pair == (row, column) for pair in pairs)
    for label, scores in enumerate(class_scores(counts)):
        answered = sum(answer == label for _truth, answer in pairs)
        there = sum(true == label for true, _answer in pairs)
        right = sum(pair == (label, label) for pair in pairs)
        assert scores.support == there
        assert scores.precision == pytest.approx(right / answered if answered else 0)
        assert scores.recall == pytest.approx(right / there if there else 0)
        assert scores.f1 == pytest.approx(2 * right / (answered + there) if right else 0)


def test_a_tally_is_the_same_however_the_samples_are_cut_into_batches() -> None:
    generator = torch.Generator().manual_seed(0)
    scores, truth = torch.randn(100, 8, generator=generator), torch.randint(0, 8, (100,), generator=generator)
    tallies = []
    for size in (100, 33, 7):
        tally = Tally(8, torch.device("cpu"))
        for part, labels in zip(scores.split(size), truth.split(size), strict=True):
            tally.add(torch.nn.functional.cross_entropy(part, labels).item(), part, labels)
        tallies.append((tally.accuracy, tally.top5, tally.confusion.tolist()))
        assert tally.loss == pytest.approx(torch.nn.functional.cross_entropy(scores, truth).item(), rel=1e-5)
    assert tallies[0] == tallies[1] == tallies[2]
    top5 = (scores.topk(5).indices == truth[:, None]).any(1).float().mean().item()
    assert tallies[0][1] == pytest.approx(top5)


def test_no_top_five_of_five_classes() -> None:
    assert Tally(5, torch.device("cpu")).top5 is None


def tallied(confidence: np.ndarray, right: np.ndarray) -> Tally:
    """Answers of so many samples between two classes, each as sure as told, those that were right and those that were not."""
    tally = Tally(2, torch.device("cpu"), judging=True)
    sure = torch.from_numpy(confidence)
    scores = torch.stack((torch.log(sure), torch.log1p(-sure)), 1)
    truth = torch.from_numpy((~right).astype(np.int64))
    for some, labels in zip(scores.split(1000), truth.split(1000), strict=True):
        tally.add(0.0, some, labels)
    return tally


def test_calibration_of_a_network_that_is_as_right_as_it_is_sure() -> None:
    random = np.random.default_rng(0)
    confidence = random.uniform(0.5, 1, 100_000)
    found = tallied(confidence, random.uniform(0, 1, 100_000) < confidence).scores.calibration
    assert found is not None
    assert found.error < 0.01
    assert found.counts.sum() == 100_000
    assert np.isnan(found.accuracy[:5]).all()
    assert np.allclose(found.confidence[5:], np.arange(0.55, 1, 0.1), atol=0.01)
    assert np.allclose(found.accuracy[5:], found.confidence[5:], atol=0.02)


def test_calibration_of_a_network_that_is_too_sure() -> None:
    found = tallied(np.full(100, 0.95), np.arange(100) < 50).scores.calibration
    assert found is not None
    assert found.error == pytest.approx(0.45, abs=1e-6)
    assert found.counts[9] == 100
    assert found.accuracy[9] == 0.5


def test_only_judging_counts_how_sure_a_network_is() -> None:
    assert Tally(3, torch.device("cpu")).scores.calibration is None
