"""Runs: the events in their order, what steers them, and that a run taken up takes the very same steps."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from cnn_studio.core.plans import augmentations, optimizers, schedules
from cnn_studio.core.plans.plan import plan_to_json
from cnn_studio.core.project import Project
from cnn_studio.engine.checkpoint import Checkpoint
from cnn_studio.engine.control import Control
from cnn_studio.engine.datasets.base import ArraySamples, DataError, Dataset
from cnn_studio.engine.events import (
    BatchEnded,
    EpochEnded,
    Event,
    Paused,
    ProbeAnswered,
    ProbeFailed,
    RateChanged,
    RunEnded,
    RunStarted,
)
from cnn_studio.engine.predict import fresh_predictor
from cnn_studio.engine.session import Session, train
from tests.helpers.training import chain, part, quick_plan, small_network, stripes


def weights_of(session: Session) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in session.judged.state_dict().items()}


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def finished(*arguments: Any, **options: Any) -> tuple[Session, list[Event]]:
    session = Session(*arguments, **options)
    return session, list(session.events())


def test_a_run_tells_its_story_in_order() -> None:
    session, events = finished(small_network(), quick_plan(validation=0.2), stripes())
    kinds = [type(event).__name__ for event in events]
    batches = ["BatchEnded"] * session.setup.batch_count
    assert kinds == ["RunStarted", *batches, "EpochEnded", *batches, "EpochEnded", "RunEnded"]
    started, ended = events[0], events[-1]
    assert isinstance(started, RunStarted)
    assert (started.samples, started.validation_samples, started.epochs) == (72, 18, 2)
    assert isinstance(ended, RunEnded)
    assert (ended.reason, ended.epoch, ended.step) == ("done", 2, 2 * session.setup.batch_count)


def test_it_learns() -> None:
    _session, events = finished(small_network(), quick_plan(epochs=6, validation=0.3), stripes(180))
    last = [event for event in events if isinstance(event, EpochEnded)][-1]
    assert last.validation is not None
    assert last.validation.accuracy == 1.0
    assert last.validation.confusion is not None
    assert last.validation.confusion.sum() == 54


@pytest.mark.parametrize("name", list(optimizers))
@pytest.mark.parametrize("schedule", list(schedules))
def test_every_optimizer_and_schedule_lowers_the_loss(name: str, schedule: str) -> None:
    kind = optimizers[name]
    plan = quick_plan(
        epochs=4, validation=0.0, optimizer=kind(), rate=5 * kind.default_rate, schedule=schedules[schedule]()
    )
    _session, events = finished(small_network(), plan, stripes())
    losses = [event.train.loss for event in events if isinstance(event, EpochEnded)]
    assert losses[-1] < losses[0]


def test_the_same_seed_gives_the_same_weights_and_another_seed_others() -> None:
    plan = quick_plan(augmentation=(augmentations["shift"](), augmentations["noise"]()))
    first, _ = finished(small_network(), plan, stripes())
    again, _ = finished(small_network(), plan, stripes())
    other, _ = finished(small_network(), quick_plan(seed=1), stripes())
    assert same(weights_of(first), weights_of(again))
    assert not same(weights_of(first), weights_of(other))


def checkpoints(session: Session) -> Iterator[tuple[Checkpoint, int]]:
    for event in session.events():
        if isinstance(event, (BatchEnded, EpochEnded)):
            yield session.checkpoint(), session.step


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"averaging": 0.9},
        {"optimizer": "sgd", "schedule": "plateau"},
        {"optimizer": "adadelta", "class_weights": True, "clip": 0.5, "label_smoothing": 0.1},
        {"precision": "bf16", "memory_format": "channels_last"},
    ],
)
def test_a_run_taken_up_anywhere_ends_with_the_same_weights_to_the_bit(fields: dict[str, Any]) -> None:
    fields = dict(fields)
    if "optimizer" in fields:
        fields["optimizer"] = optimizers[fields["optimizer"]]()
    if "schedule" in fields:
        fields["schedule"] = part(schedules, fields["schedule"], patience=1)
    plan = quick_plan(augmentation=(augmentations["shift"](),), validation=0.2, **fields)
    whole = Session(small_network(), plan, stripes())
    points = list(checkpoints(whole))
    for point, step in points[::2]:
        rest = Session(small_network(), plan, stripes(), resume=point)
        assert rest.step == step
        events = list(rest.events())
        assert same(weights_of(rest), weights_of(whole)), step
        ends = [event for event in events if isinstance(event, EpochEnded)]
        assert all(end.train.confusion is not None and end.train.confusion.sum() == 72 for end in ends)


def test_pause_waits_answers_and_goes_on() -> None:
    control = Control()
    seen: list[Event] = []
    for event in train(small_network(), quick_plan(epochs=1), stripes(), control):
        seen.append(event)
        if isinstance(event, BatchEnded) and event.step == 1:
            control.pause()
        if isinstance(event, Paused) and event.step == 1:
            ticket = control.ask(lambda session: session.step)
        if isinstance(event, ProbeAnswered):
            assert (event.ticket, event.answer) == (ticket, 1)
            control.resume()
    kinds = [type(event).__name__ for event in seen[1:6]]
    assert kinds == ["BatchEnded", "Paused", "ProbeAnswered", "Resumed", "BatchEnded"]


def test_single_batches_while_paused() -> None:
    control = Control()
    control.pause()
    steps = []
    for event in train(small_network(), quick_plan(epochs=1), stripes(), control):
        if isinstance(event, Paused):
            steps.append(event.step)
            control.stop() if event.step == 2 else control.single_batch()
        if isinstance(event, RunEnded):
            assert event.reason == "stopped"
    assert steps == [0, 1, 2]


def test_stop_keeps_what_was_learned_and_can_be_taken_up() -> None:
    control = Control()
    whole, _ = finished(small_network(), quick_plan(), stripes())
    session = Session(small_network(), quick_plan(), stripes(), control)
    for event in session.events():
        if isinstance(event, BatchEnded) and event.step == 3:
            control.stop()
    assert session.step == 3
    rest = Session(small_network(), quick_plan(), stripes(), resume=session.checkpoint())
    list(rest.events())
    assert same(weights_of(rest), weights_of(whole))


def test_the_rate_can_be_changed_on_the_run() -> None:
    control = Control()
    rates = []
    changes = []
    for event in train(small_network(), quick_plan(epochs=1, schedule=schedules["constant"]()), stripes(), control):
        if isinstance(event, BatchEnded):
            rates.append(event.rate)
            if event.step == 2:
                control.set_rate_factor(0.5)
        changes += [event] if isinstance(event, RateChanged) else []
    assert rates[:2] == [0.02, 0.02]
    assert set(rates[2:]) == {0.01}
    assert [change.factor for change in changes] == [0.5]
    with pytest.raises(ValueError, match="0"):
        control.set_rate_factor(0)


def test_a_question_that_fails_does_not_end_the_run() -> None:
    control = Control()
    control.ask(lambda _session: 1 / 0)
    events = list(train(small_network(), quick_plan(epochs=1), stripes(), control))
    failed = [event for event in events if isinstance(event, ProbeFailed)]
    assert [event.reason for event in failed] == ["ZeroDivisionError: division by zero"]
    assert isinstance(events[-1], RunEnded)
    assert events[-1].reason == "done"


def test_what_is_refused_to_a_question_is_a_sentence() -> None:
    session = Session(small_network(), quick_plan(), stripes())

    def lacking(_session: Session) -> None:
        raise MemoryError

    session.control.ask(lacking)
    (failed,) = [event for event in session.events() if isinstance(event, ProbeFailed)]
    assert failed.reason.startswith("There was not enough memory")


def test_a_loss_that_is_no_number_ends_with_a_sentence() -> None:
    plan = quick_plan(rate=100.0, optimizer=part(optimizers, "sgd", momentum=0.0, nesterov=False), epochs=60)
    network = chain(
        ("input", {"channels": 1, "sizes": (8, 8)}), ("flatten", {}), ("dense", {"units": 64}), ("dense", {"units": 64}),
        ("dense", {"units": 3}), ("output", {}),
    )  # fmt: skip
    ended = list(train(network, plan, stripes()))[-1]
    assert isinstance(ended, RunEnded)
    assert ended.reason == "failed"
    assert "no longer a number" in ended.message
    assert "learning rate below" in ended.message


def test_early_stopping() -> None:
    plan = quick_plan(epochs=50, patience=2, rate=1e-9, validation=0.3)
    events = list(train(small_network(), plan, stripes()))
    ended = events[-1]
    assert isinstance(ended, RunEnded)
    assert ended.reason == "early"
    assert ended.epoch < 50
    assert "validation loss" in ended.message


def test_auxiliary_outputs_add_their_weighted_loss_while_training_only() -> None:
    graph = small_network()
    from cnn_studio.core import edits
    from cnn_studio.core.layers import layers

    graph = edits.add(graph, part(layers, "dense", units=3), node_id="side")
    graph = edits.connect(graph, "flatten1", "side")
    with_aux = edits.connect(
        edits.add(graph, part(layers, "auxiliary_output", weight=0.5), node_id="aux1"), "side", "aux1"
    )
    session, _ = finished(with_aux, quick_plan(), stripes())
    before = dict(Session(with_aux, quick_plan(), stripes()).network.state_dict())
    assert not torch.equal(before["side.weight"], session.network.state_dict()["side.weight"])
    assert session.setup.auxiliary_weights == [0.5]


@pytest.mark.parametrize(
    ("graph", "data", "words"),
    [
        (small_network(4), stripes(), "“output1” gives 4, and “stripes” has 3 classes"),
        (small_network(size=9), stripes(), "the network takes 9×9×1, and “stripes” gives 8×8×1"),
        (small_network(), Dataset("none", tuple("abc"), {"train": ArraySamples(np.zeros((0, 1, 8, 8), np.uint8), np.zeros(0))}), "“none” does not have a single sample to learn from"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_before_the_start(graph: Any, data: Dataset, words: str) -> None:
    with pytest.raises(DataError, match=words):
        Session(graph, quick_plan(), data)


def test_a_last_batch_of_one_sample_is_left_out() -> None:
    session, events = finished(small_network(), quick_plan(epochs=1, validation=0.0), stripes(33))
    assert [type(event).__name__ for event in events].count("BatchEnded") == 2
    assert session.setup.batch_count == 2


def test_training_does_not_import_the_compiler_of_torch() -> None:
    """It takes longer to import than the first epoch of a small network to learn."""
    script = (
        "import sys; from cnn_studio.engine.session import train;"
        "from tests.helpers.training import quick_plan, small_network, stripes;"
        "events = list(train(small_network(), quick_plan(averaging=0.9, clip=1.0), stripes()));"
        "assert events[-1].reason == 'done'; assert 'torch._dynamo' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", list(optimizers))
def test_a_step_is_that_of_torch(name: str) -> None:
    from cnn_studio.engine.optim import make_optimizer, take_step

    values = [torch.nn.Parameter(torch.randn(4, 3, generator=torch.Generator().manual_seed(1))) for _copy in range(2)]
    ours, theirs = (make_optimizer(optimizers[name](), 0.1, [value]) for value in values)
    for step in range(3):
        for value in values:
            value.grad = torch.randn(4, 3, generator=torch.Generator().manual_seed(step))
        take_step(ours)
        theirs.step()
    assert torch.equal(*values)


def test_networks_made_in_another_thread_do_not_disturb_the_random_numbers_of_a_run() -> None:
    plan = quick_plan(epochs=8)
    alone, _events = finished(small_network(), plan, stripes())
    project = Project(small_network(), "other", plan=plan_to_json(plan))
    ended, made = threading.Event(), 0

    def disturb() -> None:
        nonlocal made
        while not ended.is_set():
            fresh_predictor(project).answer(np.zeros((1, 8, 8), np.uint8))
            made += 1

    other = threading.Thread(target=disturb)
    other.start()
    try:
        disturbed, _events = finished(small_network(), plan, stripes())
    finally:
        ended.set()
        other.join()
    assert made
    assert same(weights_of(alone), weights_of(disturbed))
