"""What a run will take: a step is timed on noise, large batches are reckoned from small ones."""

import time
from pathlib import Path

import pytest
import torch

from cnn_studio.core.graph import Graph
from cnn_studio.core.plans import preparations
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.engine import estimate, headway
from cnn_studio.engine.datasets.base import DataError
from cnn_studio.engine.estimate import step_seconds
from tests.helpers.training import part, small_network

TASKS = Path("/proc/self/task")
PLAN = TrainingPlan(device="cpu", precision="fp32", threads=1, memory_format="channels_first")


def test_a_step_is_timed_and_the_machine_is_remembered(tmp_path):
    seconds = step_seconds(small_network(), TrainingPlan(), tmp_path / "cache.json")
    assert 0 < seconds < 1
    assert (tmp_path / "cache.json").is_file()


def test_steps_on_places_are_left_out_as_the_noise_has_the_right_size():
    steps = (part(preparations, "size", sizes=(3, 3)), part(preparations, "scale"))
    assert step_seconds(small_network(), PLAN.model_copy(update={"preparation": steps})) > 0


def test_large_batches_of_heavy_networks_are_reckoned_from_small_ones(monkeypatch):
    asked = []

    def times(_graph, _plan, batches, _cache):
        asked.append(batches)
        return [0.1 + 0.01 * count for count in batches]

    monkeypatch.setattr(estimate, "_times", times)
    monkeypatch.setattr(estimate, "HEAVY", 1)
    seconds = step_seconds(small_network(), PLAN.model_copy(update={"batch_size": 64}))
    assert asked == [(2, 4)]
    assert seconds == pytest.approx(0.1 + 0.64)


def test_a_network_that_cannot_run_and_a_batch_without_room_are_refused(monkeypatch):
    with pytest.raises(DataError, match="cannot run"):
        step_seconds(Graph(), PLAN)
    from cnn_studio.engine import setup

    monkeypatch.setattr(setup, "free_memory", lambda: 1000)
    with pytest.raises(MemoryError):
        step_seconds(small_network(), PLAN)


def test_a_measurement_that_nobody_wants_any_more_ends():
    def hear(_share):
        raise headway.GivenUpError

    with headway.heard_by(hear), pytest.raises(headway.GivenUpError):
        step_seconds(small_network(), PLAN)


@pytest.mark.skipif(not TASKS.is_dir(), reason="the threads of a process are listed on Linux only")
def test_the_helpers_of_torch_end_with_the_measurement():
    torch.ones(8) @ torch.ones(8)
    before = set(TASKS.iterdir())
    step_seconds(small_network(), PLAN.model_copy(update={"threads": 2, "batch_size": 256}))
    end = time.monotonic() + 5
    while left := set(TASKS.iterdir()) - before:  # the system takes a moment until a thread that has ended is gone
        assert time.monotonic() < end, left
