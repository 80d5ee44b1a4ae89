"""The learning rate range test: what it tries, when it ends, what it suggests, and that it leaves everything alone."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from cnn_studio.core.plans import augmentations, optimizers
from cnn_studio.engine.events import EpochEnded
from cnn_studio.engine.range_test import RangePoint, Suggestion, range_test, rounded, suggestion
from cnn_studio.engine.session import Session
from tests.helpers.training import quick_plan, small_network, stripes


def session(**fields: Any) -> Session:
    return Session(small_network(), quick_plan(**fields), stripes(180))


def test_rates_grow_in_equal_ratios_and_the_losses_are_smoothed() -> None:
    points = list(range_test(session(), lowest=1e-5, highest=1e-2, steps=7))
    assert [point.rate for point in points] == pytest.approx([1e-5 * 10 ** (number / 2) for number in range(7)])
    assert points[0].smoothed == pytest.approx(points[0].loss)
    spread = np.std([point.loss for point in points])
    assert np.std([point.smoothed for point in points]) < spread


@pytest.mark.parametrize("fields", [{}, {"averaging": 0.9}, {"precision": "bf16", "memory_format": "channels_last"}])
def test_the_session_and_random_numbers_stay_as_they_were(fields: dict[str, Any]) -> None:
    tested, alone = session(epochs=1, **fields), session(epochs=1, **fields)
    torch.manual_seed(3)
    before = torch.get_rng_state()
    points = list(range_test(tested))
    assert torch.equal(torch.get_rng_state(), before)
    assert (tested.step, tested.epoch, tested.tally.samples) == (0, 0, 0)
    for one in (tested, alone):
        list(one.events())
    weights = alone.judged.state_dict()
    assert all(torch.equal(weights[name], tensor) for name, tensor in tested.judged.state_dict().items())
    assert points == list(range_test(session(epochs=1, **fields)))


def test_another_seed_tries_other_batches() -> None:
    one, other = (list(range_test(session(seed=seed), steps=5)) for seed in (0, 1))
    assert [point.loss for point in one] != [point.loss for point in other]


@pytest.mark.parametrize("name", ["sgd", "adamw"])
def test_it_ends_where_learning_breaks_down_and_what_it_suggests_trains(name: str) -> None:
    fields = {"optimizer": optimizers[name](), "augmentation": (augmentations["shift"](),)}
    points = list(range_test(session(**fields), highest=1e4, steps=200))
    assert len(points) < 200
    assert all(math.isfinite(point.loss) for point in points)
    found = suggestion(points)
    assert found.rate is not None
    assert found.lowest is not None
    assert found.rate <= found.lowest
    run = session(rate=found.rate, epochs=8, validation=0.3, optimizer=optimizers[name]())
    last = [event for event in run.events() if isinstance(event, EpochEnded)][-1]
    assert last.validation is not None
    assert last.validation.accuracy == 1.0


def test_a_loss_that_is_no_number_ends_it() -> None:
    tested = session()
    points = []
    for point in range_test(tested):
        points.append(point)
        assert math.isfinite(point.smoothed)
    tested.setup.loss = lambda scores, _labels: scores.sum() * float("nan")
    assert list(range_test(tested)) == []


# -- the suggestion ----------------------------------------------------------------------------------------------------


def curve(*losses: float) -> list[RangePoint]:
    rates = np.geomspace(1e-5, 10, len(losses))
    return [RangePoint(float(rate), loss, loss) for rate, loss in zip(rates, losses, strict=True)]


def valley(bottom: float, fall: float, width: float) -> list[RangePoint]:
    """Flat at 2, falling around ``fall``, lowest around ``bottom``, then rising steeply."""
    logs = np.log10(np.geomspace(1e-6, 10, 150))
    losses = 2 - 1.5 / (1 + np.exp(-(logs - math.log10(fall)) / width)) + np.exp(4 * (logs - math.log10(bottom))) / 4
    return [RangePoint(float(10**log), float(loss), float(loss)) for log, loss in zip(logs, losses, strict=True)]


@pytest.mark.parametrize("fall", [1e-4, 1e-3, 1e-2])
@pytest.mark.parametrize("wide", [10, 100, 300])
def test_the_suggestion_lies_where_the_loss_falls(fall: float, wide: float) -> None:
    found = suggestion(valley(fall * wide, fall, 0.2))
    assert found.rate is not None
    assert found.steepest == pytest.approx(fall, rel=0.5)
    assert fall / 2 <= found.rate <= fall * wide / 2


def test_noise_and_numbers_that_are_none_do_not_lead_it_astray() -> None:
    clean = valley(0.1, 1e-3, 0.2)
    random = np.random.default_rng(0)
    noisy = [RangePoint(p.rate, p.loss, p.smoothed + random.normal(0, 0.02)) for p in clean]
    holes = [RangePoint(p.rate, math.nan, math.nan) if i % 7 == 3 else p for i, p in enumerate(noisy)]
    rates = [suggestion(points).rate for points in (clean, noisy, holes, [*noisy, RangePoint(20, math.inf, math.inf)])]
    assert all(rate is not None and 0.0005 <= rate <= 0.003 for rate in rates), rates


def test_there_is_no_suggestion_where_the_loss_does_not_fall() -> None:
    nothing = Suggestion(None, None, None)
    for points in ([], curve(2.0, 1.0), curve(*[2.0] * 30), curve(*np.linspace(2, 9, 30)), curve(*[math.nan] * 30)):
        assert suggestion(points) == nothing


@pytest.mark.parametrize(("rate", "short"), [(0.0042, 0.005), (1.1e-4, 1e-4), (0.96, 1.0), (2.4, 2.0), (6.2e-6, 7e-6)])
def test_rates_are_said_with_one_digit(rate: float, short: float) -> None:
    assert rounded(rate) == short
