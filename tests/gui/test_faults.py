"""What goes wrong while a network learns in a window: one sentence, a way out, and nothing lost."""

import shutil
import threading
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch

from cnn_studio.core import edits
from cnn_studio.core.files import FileError
from cnn_studio.core.project import read_project, write_project
from cnn_studio.engine import setup
from cnn_studio.engine.optim import take_step
from cnn_studio.engine.runs import Run
from cnn_studio.engine.tensors import tensor_bytes, tensors_of
from cnn_studio.gui.samples import FILE, Sample
from cnn_studio.gui.training import IDLE, PAUSED, PREPARING, RUNNING, STOPPING
from tests.helpers.own_data import network_file, picture_folder
from tests.helpers.training import quick_plan

LONG = 100_000
SECONDS = 30_000
INSIDE = ("activations", "kernels", "weights")


@pytest.fixture
def learner(window, tmp_path):
    """A window with a small network, a folder of pictures that it learns from, and all that looks into it in sight."""

    def made(**fields):
        picture_folder(tmp_path / "pictures", count=20)
        plan = quick_plan(**{"data": str(tmp_path / "pictures"), "validation": 0.2, "epochs": LONG, **fields})
        window.open_file(network_file(tmp_path / "small.cnnstudio", plan=plan))
        window.resize(1280, 800)
        window.show()
        return window

    return made


def training(window):
    return window.workspace.training


def start(window, qtbot, epochs=1):
    window.conductor.start()
    qtbot.waitUntil(
        lambda: training(window).state == RUNNING and len(training(window).history.epochs) >= epochs, timeout=SECONDS
    )


def finish(window, qtbot):
    qtbot.waitUntil(lambda: training(window).state == IDLE, timeout=SECONDS)


def look_inside(window, qtbot):
    """Maps and kernels are in sight, of a sample and of the first convolution."""
    workspace = window.workspace
    window.show_workspace("inside")
    workspace.select(["conv1"])
    workspace.data.ensure()
    qtbot.waitUntil(lambda: workspace.look.sample is not None, timeout=SECONDS)
    settled(window, qtbot)


def settled(window, qtbot):
    workspace = window.workspace
    qtbot.waitUntil(lambda: not workspace.quick.is_busy and not workspace.slow.is_busy, timeout=SECONDS)


def note(window):
    return next(one for one in window.notes.all() if one.key == "training")


def press(window, text):
    next(button for button in note(window).buttons if button.text() == text).click()


def test_data_that_vanish_while_it_learns(learner, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "MEMORY_SHARE", 0.0)  # they are read as they are needed
    window = learner()
    start(window, qtbot)
    look_inside(window, qtbot)
    epochs = len(training(window).history.epochs)
    shutil.move(tmp_path / "pictures", tmp_path / "elsewhere")
    finish(window, qtbot)
    assert note(window).text.startswith("The training ended: ")
    assert note(window).text.endswith("What was learned is kept.")
    assert window.workspace.document.weights
    assert Run(training(window).run.folder).project().weights
    shutil.move(tmp_path / "elsewhere", tmp_path / "pictures")
    press(window, "Try to go on")
    qtbot.waitUntil(lambda: len(training(window).history.epochs) > epochs, timeout=SECONDS)
    window.conductor.stop()
    finish(window, qtbot)
    assert training(window).run.finished == "stopped"


def test_a_full_disk(learner, qtbot, monkeypatch):
    window = learner()
    start(window, qtbot)
    folder, save = training(window).run.folder, Run.save_point

    def refuse(*_about):
        raise FileError("“{file}” cannot be written: the disk is full", file="checkpoint")

    monkeypatch.setattr(Run, "save_point", refuse)
    finish(window, qtbot)
    assert training(window).failure.cause == "disk"
    assert "the disk is full" in note(window).text
    assert Run(folder).has_checkpoint(), "that of before"
    monkeypatch.setattr(Run, "save_point", save)
    press(window, "Try to go on")
    qtbot.waitUntil(lambda: training(window).state == RUNNING, timeout=SECONDS)
    window.conductor.stop()
    finish(window, qtbot)
    assert not window.notes.all()


def test_memory_that_is_exhausted_offers_smaller_batches(learner, qtbot, monkeypatch):
    window = learner()

    def refuse(*_about, **_more):
        raise torch.OutOfMemoryError("tried to allocate more than there is")

    monkeypatch.setattr("cnn_studio.engine.setup.take_step", refuse)
    window.conductor.start()
    finish(window, qtbot)
    assert training(window).failure.cause == "memory"
    monkeypatch.setattr("cnn_studio.engine.setup.take_step", take_step)
    press(window, "Train with batches of 8")
    qtbot.waitUntil(lambda: training(window).state == RUNNING, timeout=SECONDS)
    assert window.workspace.plan.batch_size == 8
    window.conductor.stop()
    finish(window, qtbot)


def test_memory_that_does_not_suffice_for_a_look_is_said_in_the_panel(learner, qtbot, monkeypatch):
    window = learner()

    def refuse(*_about, **_more):
        raise MemoryError

    monkeypatch.setattr("cnn_studio.engine.insight.layer_view.seen", refuse)
    start(window, qtbot)
    look_inside(window, qtbot)
    panel = window.docks.panel("activations")
    qtbot.waitUntil(lambda: "not enough memory" in panel._empty.text(), timeout=SECONDS)
    window.conductor.stop()
    finish(window, qtbot)
    assert training(window).run.finished == "stopped", "the run has nothing to do with it"


@pytest.mark.parametrize("strange", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_shown_all_the_same(window, qtbot, tmp_path, strange):
    picture_folder(tmp_path / "pictures", count=20)
    plan = quick_plan(data=str(tmp_path / "pictures"), validation=0.2)
    window.open_file(network_file(tmp_path / "small.cnnstudio", plan=plan))
    window.conductor.start()
    qtbot.waitUntil(lambda: bool(window.workspace.document.weights) and training(window).state == IDLE, timeout=SECONDS)
    window.filing.save()
    project = read_project(tmp_path / "small.cnnstudio")
    weights = tensors_of(project.weights)
    for weight in weights.values():
        weight.fill_(strange)
    spoiled = tmp_path / "spoiled.cnnstudio"
    write_project(replace(project, weights=tensor_bytes(weights)), spoiled)
    window.workspace.document.mark_saved()
    window.open_file(spoiled)
    window.resize(1280, 800)
    window.show()
    look_inside(window, qtbot)
    assert window.workspace.look.subject.kind == "project"
    for name in INSIDE:
        window.docks.bring(name)
        settled(window, qtbot)
        window.docks.panel(name).grab()
    window.grab()


def test_a_network_is_taken_apart_while_it_learns_and_is_looked_into(learner, qtbot):
    window = learner()
    start(window, qtbot)
    look_inside(window, qtbot)
    document = window.workspace.document
    for node in list(document.graph.nodes):
        window.workspace.select([node])
        settled(window, qtbot)
        document.edit(edits.remove(document.graph, [node]))
        window.grab()
    assert training(window).state == RUNNING
    while document.undo_name is not None:
        document.undo()
    window.workspace.select(["conv1"])
    window.conductor.stop()
    finish(window, qtbot)
    settled(window, qtbot)
    assert len(document.graph.nodes) > 5


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 40, 25), (1, 1, 1), (4, 8, 8), (1, 300)])
def test_a_sample_of_another_size_is_fitted_or_refused_in_a_sentence(learner, qtbot, shape):
    window = learner()
    start(window, qtbot)
    look_inside(window, qtbot)
    window.workspace.look.set_sample(Sample(FILE, np.full(shape, 200, np.uint8), "mine"))
    settled(window, qtbot)
    panel = window.docks.panel("activations")
    qtbot.waitUntil(lambda: len(panel.grid) == 4 or bool(panel._empty.text()), timeout=SECONDS)
    assert training(window).state == RUNNING
    window.conductor.stop()
    finish(window, qtbot)


@pytest.mark.parametrize("moment", [PREPARING, RUNNING, PAUSED, STOPPING, "epoch", IDLE])
def test_a_window_that_is_closed_at_any_moment_keeps_what_it_has(learner, qtbot, moment):
    window = learner()
    if moment == PREPARING:
        window.conductor.start()
    else:
        start(window, qtbot)
        look_inside(window, qtbot)
    steps = {PAUSED: training(window).pause, STOPPING: training(window).stop, IDLE: training(window).stop}
    steps.get(moment, partial(int))()
    if moment in (PAUSED, IDLE):
        qtbot.waitUntil(lambda: training(window).state == moment, timeout=SECONDS)
    if moment == "epoch":
        with qtbot.waitSignal(training(window).epoch_ended, timeout=SECONDS):
            pass
    run = training(window).run
    with qtbot.waitSignal(window.closed, timeout=SECONDS):
        window.close_unasked()
    assert not [thread for thread in threading.enumerate() if thread.name == "training"]
    if run is not None:
        assert Run(run.folder).has_checkpoint()
        assert Run(run.folder).project().weights
