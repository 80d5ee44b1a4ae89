"""What a run will take on this machine: a few of its steps are taken on noise, and timed."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import torch

from cnn_studio.core.analysis import analyse
from cnn_studio.core.graph import Graph
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.core.plans.preparation import Colour, DrawnDigit, Resize
from cnn_studio.engine import headway
from cnn_studio.engine.cores import with_all_cores
from cnn_studio.engine.datasets.base import ArraySamples, DataError, Dataset
from cnn_studio.engine.device import candidates, device_of
from cnn_studio.engine.preparing import network_input
from cnn_studio.engine.session import Session
from cnn_studio.engine.setup import check_memory
from cnn_studio.i18n import N_

SECONDS = 0.4
"""About how long steps are timed for, after one that warms up."""
HEAVY = 1_500_000_000
"""Multiply-adds of a step from which on smaller batches are timed, and the time of a whole one is reckoned from them."""
FEWEST = 2
"""Samples of a batch: the deviation of a single one says nothing to a batch normalization."""


def step_seconds(graph: Graph, plan: TrainingPlan, cache: Path | None = None) -> float:
    """Seconds that one step of a plan takes on this machine, as a rule.

    Device, precision and threads are chosen as a run would choose them, and kept in ``cache`` for it. Raises DataError
    or CompileError when the network cannot run, MemoryError when a batch has no room.
    """
    return with_all_cores(lambda: _step_seconds(graph, plan, cache))


def _step_seconds(graph: Graph, plan: TrainingPlan, cache: Path | None) -> float:
    totals = analyse(graph).totals
    check_memory(totals, plan.batch_size, device_of(plan))
    few = max(FEWEST, HEAVY // max(1, totals.macs))
    if plan.batch_size <= 2 * few:
        return _times(graph, plan, (plan.batch_size,), cache)[0]
    one, two = _times(graph, _placed(graph, plan), (few, 2 * few), cache)
    return one + max(0.0, two - one) / few * (plan.batch_size - few)


def _placed(graph: Graph, plan: TrainingPlan) -> TrainingPlan:
    """The plan where it most likely runs best: to measure that takes many steps, and these are long."""
    shape = network_input(graph)
    likely = candidates(plan, shape.rank if shape else 0)[0]
    return plan.model_copy(
        update={
            "device": likely.device, "precision": likely.precision, "threads": likely.threads,
            "memory_format": likely.memory_format,
        }
    )  # fmt: skip


def _times(graph: Graph, plan: TrainingPlan, batches: tuple[int, ...], cache: Path | None) -> list[float]:
    """Seconds of a step with each of these numbers of samples."""
    steps = tuple(step for step in plan.preparation if not isinstance(step, (Colour, DrawnDigit, Resize)))
    update = {"subset": 0, "validation": 0.0, "preparation": steps, "batch_size": batches[-1]}
    data = _noise(graph, batches[-1])
    session = Session(graph, plan.model_copy(update=update), data, cache=cache)
    session.setup.network.train()
    with session.setup.placement.threads_used():
        return [_time(session, count, SECONDS / len(batches)) for count in batches]


def _noise(graph: Graph, count: int) -> Dataset:
    """As many samples of noise as the network takes them, with a label each. Raises DataError where there is no network."""
    shape, outputs = network_input(graph), graph.of_kind("output")
    answer = analyse(graph).of(outputs[0].id).shape if outputs else None
    if shape is None or answer is None:
        raise DataError(N_("the network cannot run yet"))
    noise = np.random.default_rng(0).integers(0, 256, (count, shape.channels, *shape.sizes), dtype=np.uint8)
    labels = np.arange(count) % answer.channels
    return Dataset("noise", tuple(map(str, range(answer.channels))), {"train": ArraySamples(noise, labels)})


def _time(session: Session, count: int, seconds: float) -> float:
    """How long a step with so many samples takes where nothing else is in the way: one in four is quicker."""
    stored, labels = next(session.setup.train.take(torch.arange(count), count))
    times: list[float] = []
    end = time.perf_counter() + seconds
    while True:
        headway.tell(0, 1)  # nobody may want to know any more
        begun = time.perf_counter()
        session.learn(stored, labels, 0.0)
        now = time.perf_counter()
        times.append(now - begun)
        if len(times) > 1 and now > end:  # the first one warms up, and something else may have been in the way of it
            return min(times) if len(times) == 2 else float(np.percentile(times[1:], 25))
