"""Which learning rate suits a network: it is tried with rates that grow from far too small to far too large.

Leslie Smith's learning rate range test (2015, arXiv:1506.01186): one step with each rate, and the loss over the logarithm
of the rate tells where learning begins, where it is fastest and where it breaks down.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from itertools import count
from math import isfinite

import numpy as np
import torch

from cnn_studio.engine.control import Control
from cnn_studio.engine.datasets.base import Array
from cnn_studio.engine.metrics import Tally
from cnn_studio.engine.optim import make_optimizer
from cnn_studio.engine.randomness import ALONE
from cnn_studio.engine.session import DivergedError, Session

LOWEST, HIGHEST = 1e-6, 10.0
STEPS = 120
MEMORY = 0.9
"""Share of the smoothed loss that is kept at each step."""
DIVERGED = 4.0
"""The test ends where the smoothed loss is so many times its best."""
WARM = 10
"""Steps before divergence is looked for: the first losses jump about."""
FALL = 0.1
"""Share by which the loss must fall for a rate to be suggested."""


@dataclass(frozen=True)
class RangePoint:
    """One step of the test. ``loss`` is that of its batch, ``smoothed`` a running mean; neither is ever not a number."""

    rate: float
    loss: float
    smoothed: float


@dataclass(frozen=True)
class Suggestion:
    """What the test says.

    Attributes:
        rate: a good largest rate for a schedule, or None where the loss did not fall.
        steepest: where the smoothed loss falls fastest over the logarithm of the rate.
        lowest: where it is lowest; beyond it steps are too large.
    """

    rate: float | None
    steepest: float | None
    lowest: float | None


def range_test(
    session: Session, *, lowest: float = LOWEST, highest: float = HIGHEST, steps: int = STEPS
) -> Iterator[RangePoint]:
    """Try rates from ``lowest`` to ``highest`` in equal ratios, one step each, as the plan of a session would train.

    A copy of the network learns; the session and torch's random numbers stay as they are, and the same seed gives the
    same points. Ends early where learning breaks down, or where nobody asks for another point.
    """
    trial = _copied(session)
    setup = trial.setup
    ratio = (highest / lowest) ** (1 / max(1, steps - 1))
    mean, best = 0.0, float("inf")
    with setup.placement.threads_used(), closing(setup.train.each(setup.portions(count()))) as batches:
        for number in range(steps):
            rate = lowest * ratio**number
            with ALONE, _randomness_kept(setup.device):
                stored, labels = next(batches)
                try:
                    loss, _accuracy = trial.learn(stored, labels, rate)
                except DivergedError:
                    return
            trial.step += 1
            mean = MEMORY * mean + (1 - MEMORY) * loss
            smoothed = mean / (1 - MEMORY ** (number + 1))
            if not isfinite(smoothed):
                return
            yield RangePoint(rate, loss, smoothed)
            best = min(best, smoothed)
            if number > WARM and smoothed > DIVERGED * best:
                return


def _copied(session: Session) -> Session:
    """A session that takes the same steps on a network, an optimizer and counts of its own."""
    trial = copy.copy(session)
    setup = trial.setup = copy.copy(session.setup)
    setup.network = copy.deepcopy(session.setup.network).train()
    setup.optimizer = make_optimizer(session.plan.optimizer, session.plan.rate, setup.network.parameters())
    setup.averaged = None
    setup.scaler = torch.amp.GradScaler(setup.device.type, enabled=setup.placement.precision == "fp16")
    trial.control = Control()
    trial.tally = Tally(setup.classes, setup.device)
    trial.epoch = trial.batch = trial.step = 0
    return trial


def _randomness_kept(device: torch.device) -> AbstractContextManager[None]:
    return torch.random.fork_rng(devices=[device.index or 0] if device.type == "cuda" else [])


def suggestion(points: Sequence[RangePoint]) -> Suggestion:
    """The rate to train with: between where the loss falls fastest and where it is lowest.

    A tenth of the rate with the lowest loss, or more where it falls fastest beyond that, but at most a third of it: what
    a single step can bear is too much for many. Points whose loss is not a number are left out.
    """
    points = [point for point in points if isfinite(point.smoothed)]
    if len(points) < 3:
        return Suggestion(None, None, None)
    rates = np.array([point.rate for point in points])
    losses = np.array([point.smoothed for point in points])
    bottom = int(losses.argmin())
    start = float(np.median(losses[: max(3, len(losses) // 10)]))
    if bottom < 2 or losses[bottom] > (1 - FALL) * start:
        return Suggestion(None, None, None)
    slope = np.gradient(losses[: bottom + 1], np.log(rates[: bottom + 1]))
    steepest = float(rates[int(_smooth(slope).argmin())])
    lowest = float(rates[bottom])
    return Suggestion(rounded(min(max(steepest, lowest / 10), lowest / 3)), steepest, lowest)


def _smooth(values: Array) -> Array:
    """A running mean over five, shorter at the ends."""
    width = min(5, len(values))
    kernel = np.ones(width)
    return np.convolve(values, kernel, "same") / np.convolve(np.ones(len(values)), kernel, "same")


def rounded(rate: float) -> float:
    """A rate with the one digit that counts of such a number: 1, 2, 3, 5 or 7 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(rate))
    digit = min((1, 2, 3, 5, 7, 10), key=lambda one: abs(np.log(rate / (one * power))))
    return float(f"{digit * power:.1g}")
