"""Where a network runs: what is measured, remembered, looked at again, and how its pictures lie in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
import torch

from cnn_studio.engine import device
from cnn_studio.engine.device import Placement, measured, rethreaded
from cnn_studio.engine.session import Session
from tests.helpers.training import quick_plan, small_network, stripes

ONE, TWO = (Placement("cpu", "bf16", threads, "channels_last") for threads in (1, 2))


class Machine:
    """A machine with a clock of its own, on which steps take what they are told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.taken: list[Placement] = []
        monkeypatch.setattr("cnn_studio.engine.device.time.perf_counter", lambda: self.now)

    def steps(self, seconds: Mapping[Placement, float]) -> Callable[[Placement], Callable[[], None]]:
        def take(placement: Placement) -> None:
            self.taken.append(placement)
            self.now += seconds[placement]

        return lambda placement: lambda: take(placement)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


def test_the_quickest_is_chosen(machine: Machine) -> None:
    third = replace(ONE, precision="fp32")
    assert measured([ONE, TWO, third], machine.steps({ONE: 0.003, TWO: 0.002, third: 0.004})) == TWO
    assert machine.now < 2 * device.SECONDS


def test_a_placement_that_is_hopelessly_slow_is_tried_once(machine: Machine) -> None:
    assert measured([ONE, TWO], machine.steps({ONE: 0.001, TWO: 0.05})) == ONE
    assert machine.taken.count(TWO) == 1


def test_of_long_steps_one_is_taken(machine: Machine) -> None:
    assert measured([TWO, ONE], machine.steps({TWO: 5.0, ONE: 4.0})) == TWO
    assert machine.taken == [TWO]


def test_twice_the_threads_must_pay(machine: Machine) -> None:
    assert measured([TWO, ONE], machine.steps({TWO: 0.01, ONE: 0.0101})) == ONE
    assert measured([TWO, ONE], machine.steps({TWO: 0.01, ONE: 0.012})) == TWO


@pytest.mark.parametrize(
    ("known", "one", "two", "wanted"),
    [
        (TWO, 0.004, 0.004, TWO),
        (TWO, 0.002, 0.005, TWO),
        (TWO, 0.002, 0.02, ONE),
        (ONE, 0.004, 0.0035, ONE),
        (ONE, 0.004, 0.002, TWO),
    ],
)
def test_threads_follow_what_else_the_machine_does(
    machine: Machine, known: Placement, one: float, two: float, wanted: Placement
) -> None:
    choices = [TWO, ONE, replace(ONE, precision="fp32"), replace(TWO, memory_format="channels_first")]
    assert rethreaded(known, choices, machine.steps({ONE: one, TWO: two})) == wanted
    assert set(machine.taken) == {ONE, TWO}


def test_where_the_threads_are_fixed_nothing_is_measured_again(machine: Machine) -> None:
    assert rethreaded(TWO, [TWO, replace(TWO, precision="fp32")], machine.steps({})) == TWO
    assert not machine.taken


def test_automatic_placement_is_measured_once_and_remembered(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Placement] = []

    def time_of(placement: Placement, *_rest: Any) -> float:
        asked.append(placement)
        return float(placement.threads + len(placement.memory_format))

    monkeypatch.setattr(device, "_time_of", time_of)
    cache = tmp_path / "machine.json"
    plan = quick_plan(precision="auto", threads=0, memory_format="auto")
    first = Session(small_network(), plan, stripes(), cache=cache)
    before, tried = cache.read_bytes(), len(asked)
    assert (first.setup.placement.threads, first.setup.placement.memory_format) == (1, "channels_last")
    again = Session(small_network(), plan, stripes(), cache=cache)
    assert again.setup.placement == first.setup.placement
    assert cache.read_bytes() == before
    assert {replace(one, threads=1) for one in asked[tried:]} <= {first.setup.placement}
    cache.write_text("{nonsense")
    assert Session(small_network(), plan, stripes(), cache=cache).setup.placement == first.setup.placement
    assert cache.read_bytes() == before


def test_pictures_with_one_channel_are_marked_as_having_it_last() -> None:
    placement = Placement("cpu", "fp32", 1, "channels_last")
    for shape in ((2, 1, 5, 7), (2, 3, 5, 7), (1, 1, 1, 1), (2, 1, 4, 5, 7), (2, 1, 9)):
        batch = torch.rand(shape)
        arranged = placement.arranged(batch)
        assert torch.equal(arranged, batch)
        assert len(shape) == 3 or arranged.stride(1) == 1
    convolved = torch.nn.functional.conv2d(placement.arranged(torch.rand(2, 1, 5, 5)), torch.rand(4, 1, 3, 3))
    assert convolved.is_contiguous(memory_format=torch.channels_last)
