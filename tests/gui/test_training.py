"""A run in a window: begun, paused, stopped, continued, closed; what stands in the way is said with a way out."""

import shutil
import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cnn_studio.core import edits
from cnn_studio.core.layers import layers
from cnn_studio.core.plans import optimizers
from cnn_studio.core.project import Project
from cnn_studio.engine.runs import Run
from cnn_studio.gui.dialogs.closing import CloseQuestion, StopQuestion
from cnn_studio.gui.look import LIVE, SNAPSHOT, START
from cnn_studio.gui.samples import OPENING, READY
from cnn_studio.gui.training import IDLE, PAUSED, PREPARING
from tests.helpers.own_data import network_file, picture_folder
from tests.helpers.training import part, quick_plan, small_network

LONG = 100_000
"""Epochs of a run that a test ends itself."""


@pytest.fixture
def learner(window, tmp_path):
    """A window with a small network and a folder of pictures that it learns from."""

    def made(**fields):
        folder = tmp_path / "pictures"
        if not folder.exists():
            picture_folder(folder, count=20)
        plan = quick_plan(**{"data": str(folder), "validation": 0.2, **fields})
        window.open_file(network_file(tmp_path / "small.cnnstudio", plan=plan))
        return window

    return made


def training(window):
    return window.workspace.training


def start(window, qtbot):
    window.actions_["train.start"].trigger()
    qtbot.waitUntil(lambda: training(window).state not in (PREPARING, IDLE) or over(window), timeout=20_000)


def over(window):
    """A short run may begin and end between two looks."""
    return training(window).state == IDLE and training(window).run is not None


def finish(window, qtbot):
    qtbot.waitUntil(lambda: training(window).state == IDLE, timeout=20_000)


def note(window):
    return next(one for one in window.notes.all() if one.key == "training")


def threads_of(name):
    return [thread for thread in threading.enumerate() if thread.name == name]


def test_a_run_is_told_kept_and_leaves_its_weights_to_the_network(learner, qtbot):
    window = learner()
    assert window.workspace.look.subject.kind == START
    window.actions_["train.start"].trigger()
    assert training(window).is_live
    finish(window, qtbot)
    run, history = training(window).run, training(window).history
    assert run.finished == "done"
    assert len(history.epochs) == 2
    assert list(history.steps) == list(range(1, len(history.steps) + 1))
    assert [event.epoch for event in Run(run.folder).record().epochs()] == [1, 2]
    assert window.workspace.document.weights == Run(run.folder).project().weights
    assert window.workspace.document.data.classes == ("a", "b", "c")
    assert window.workspace.look.subject.kind == SNAPSHOT
    assert training(window).clock.share == 1
    assert not threads_of("training")


def test_undoing_edits_does_not_lose_what_was_learned(learner, qtbot):
    window = learner()
    start(window, qtbot)
    finish(window, qtbot)
    weights = window.workspace.document.weights
    while window.workspace.document.undo():
        pass
    assert window.workspace.document.weights == weights


def test_it_waits_goes_on_and_takes_single_batches(learner, qtbot):
    window = learner(epochs=LONG)
    start(window, qtbot)
    window.actions_["train.pause"].trigger()
    qtbot.waitUntil(lambda: training(window).state == PAUSED)
    steps = len(training(window).history.steps)
    window.actions_["train.step"].trigger()
    qtbot.waitUntil(lambda: len(training(window).history.steps) == steps + 1)
    assert training(window).state == PAUSED
    window.actions_["train.pause"].trigger()
    qtbot.waitUntil(lambda: len(training(window).history.steps) > steps + 3)
    window.actions_["train.stop"].trigger()
    finish(window, qtbot)
    assert training(window).run.finished == "stopped"


def test_one_batch_begins_a_run_that_waits(learner, qtbot):
    window = learner()
    window.actions_["train.step"].trigger()
    qtbot.waitUntil(lambda: training(window).state == PAUSED, timeout=20_000)
    assert len(training(window).history.steps) == 1
    window.actions_["train.pause"].trigger()
    finish(window, qtbot)
    assert len(training(window).history.epochs) == 2


def test_a_run_is_continued_with_as_many_epochs_again(learner, qtbot):
    window = learner()
    start(window, qtbot)
    finish(window, qtbot)
    folder = training(window).run.folder
    window.actions_["train.resume"].trigger()
    qtbot.waitUntil(lambda: len(training(window).history.epochs) == 4, timeout=20_000)
    finish(window, qtbot)
    assert training(window).run.folder == folder
    assert [event.epoch for event in training(window).history.epochs] == [1, 2, 3, 4]
    assert len(set(training(window).history.steps)) == len(training(window).history.steps)


def test_a_stopped_run_goes_on_where_it_stood(learner, qtbot):
    window = learner(epochs=LONG)
    start(window, qtbot)
    qtbot.waitUntil(lambda: len(training(window).history.epochs) >= 2)
    window.actions_["train.stop"].trigger()
    finish(window, qtbot)
    steps = len(training(window).history.steps)
    window.actions_["train.resume"].trigger()
    qtbot.waitUntil(lambda: len(training(window).history.steps) > steps + 2, timeout=20_000)
    window.actions_["train.stop"].trigger()
    finish(window, qtbot)
    assert list(training(window).history.steps) == list(range(1, len(training(window).history.steps) + 1))


def test_questions_are_answered_between_batches_and_while_it_waits(learner, qtbot):
    window = learner(epochs=LONG)
    start(window, qtbot)
    assert window.workspace.look.subject.kind == LIVE
    answers: list[Any] = []
    for _again in ("running", "paused"):
        window.workspace.look.ask("step", lambda session: session.step, answers.append)
        qtbot.waitUntil(lambda: bool(answers))
        assert answers.pop() > 0
        window.actions_["train.pause"].trigger()
        qtbot.waitUntil(lambda: training(window).state == PAUSED)
    window.actions_["train.stop"].trigger()
    finish(window, qtbot)


def test_a_question_that_is_not_answered_any_more_is_told_so(learner, qtbot):
    window = learner(epochs=LONG)
    start(window, qtbot)
    lost = []
    window.actions_["train.stop"].trigger()
    training(window).ask(lambda session: session.step, lambda _step: lost.append("answer"), lost.append)
    finish(window, qtbot)
    assert lost in ([""], ["answer"])


# -- edits meanwhile ---------------------------------------------------------------------------------------------------


def test_an_edited_network_does_not_get_the_weights_and_the_person_is_told_once(learner, qtbot):
    window = learner(epochs=LONG)
    start(window, qtbot)
    said: list[Any] = []
    window.workspace.said.connect(said.append)
    for units in (7, 9):
        window.workspace.edit(lambda graph, units=units: edits.set_fields(graph, ["dense1"], {"units": units}))
    window.actions_["train.stop"].trigger()
    finish(window, qtbot)
    assert said == ["The run goes on with the network as it was; train again to try the edited one."]
    assert window.workspace.document.weights == b""
    assert Run(training(window).run.folder).project().weights


# -- what stands in the way --------------------------------------------------------------------------------------------


def test_a_network_that_does_not_fit_is_not_trained(lenet, qtbot):
    lenet.workspace.edit(lambda graph: edits.remove(graph, ["flatten"]))
    lenet.actions_["train.start"].trigger()
    assert not training(lenet).is_live
    assert note(lenet).text.startswith("The network cannot be trained yet. ")
    note(lenet).buttons[0].click()
    assert lenet.docks.current == "build"


def test_data_that_are_gone_are_said_with_a_way_out(learner, qtbot, tmp_path):
    window = learner()
    shutil.rmtree(tmp_path / "pictures")
    window.actions_["train.start"].trigger()
    finish(window, qtbot)
    assert note(window).text.startswith("The training could not begin. ")
    assert "pictures" in note(window).text
    picture_folder(tmp_path / "pictures", count=20)
    next(button for button in note(window).buttons if button.text() == "Try again").click()
    qtbot.waitUntil(
        lambda: training(window).run is not None and training(window).run.finished == "done", timeout=20_000
    )


def test_a_loss_that_is_no_number_offers_a_smaller_rate(learner, qtbot):
    window = learner(rate=100.0, epochs=LONG, optimizer=part(optimizers, "sgd", weight_decay=1.0))
    window.actions_["train.start"].trigger()
    finish(window, qtbot)
    assert training(window).failure.cause == "diverged"
    next(one for one in note(window).buttons if "30" in one.text()).click()
    assert window.workspace.plan.rate == 30
    assert training(window).is_live
    window.actions_["train.stop"].trigger()
    finish(window, qtbot)


# -- closing -----------------------------------------------------------------------------------------------------------


def test_closing_asks_stops_and_keeps(learner, qtbot):
    window = learner(epochs=LONG)
    start(window, qtbot)
    qtbot.waitUntil(lambda: len(training(window).history.epochs) >= 1)
    folder = training(window).run.folder
    window.workspace.document.mark_saved()
    window.close()
    assert not window.isHidden()
    question = window.findChild(StopQuestion)
    question.reject()
    assert training(window).is_live
    window.close()
    window.findChild(StopQuestion).stop.emit()
    qtbot.waitUntil(
        lambda: window.findChild(CloseQuestion) is not None, timeout=20_000
    )  # what it learned is not in the file
    with qtbot.waitSignal(window.closed):
        window.findChild(CloseQuestion).discard.emit()
    assert Run(folder).has_checkpoint()
    assert not threads_of("training")


def test_closing_unasked_keeps_what_was_learned(learner, qtbot):
    window = learner(epochs=LONG)
    start(window, qtbot)
    qtbot.waitUntil(lambda: len(training(window).history.epochs) >= 1)
    folder = training(window).run.folder
    window.conductor.stop_and_close()
    window.workspace.document.mark_saved()
    qtbot.waitUntil(lambda: training(window).state == IDLE, timeout=20_000)
    assert Run(folder).project().weights


# -- a run that is over ------------------------------------------------------------------------------------------------


def test_a_run_of_before_is_shown_as_it_was(learner, qtbot):
    window = learner()
    start(window, qtbot)
    finish(window, qtbot)
    shown = training(window)
    folder, losses, epochs = shown.run.folder, list(shown.history.losses), list(shown.history.epochs)
    shown.forget()
    assert shown.run is None
    shown.show(folder, window.workspace.slow)
    qtbot.waitUntil(lambda: shown.run is not None)
    assert np.allclose(shown.history.losses, losses)
    assert [event.epoch for event in shown.history.epochs] == [event.epoch for event in epochs]
    kept: Any = shown.run
    assert kept.snapshots == (1, 2)
    answers: list[Any] = []
    window.workspace.look.show_epoch(1)
    window.workspace.look.ask("weights", lambda predictor: sorted(predictor.classes), answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [["a", "b", "c"]]


def test_a_run_without_its_files_is_refused_in_a_sentence(window, qtbot, tmp_path):
    window.new_network()
    told: list[Any] = []
    training(window).show(tmp_path / "nothing", window.workspace.slow, told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].endswith(".")


def test_start_weights_follow_the_seed(window, qtbot):
    from cnn_studio.engine.predict import fresh_predictor

    window.filing.show(type(window.workspace.document)(Project(small_network(), "Small")))
    window.show_network()
    assert window.workspace.look.subject.kind == START
    answers: list[Any] = []
    window.workspace.look.ask("w", lambda predictor: predictor.network.state_dict(), answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    judge = fresh_predictor(replace(window.workspace.document.project)).network.state_dict()
    assert all((judge[name] == value).all() for name, value in answers[0].items())
    window.workspace.edit(lambda graph: edits.add(graph, layers["flatten"](), (0.0, 900.0)))


def test_drawing_the_data_is_told_and_can_be_given_up(window, qtbot, tmp_path):
    window.open_starter("quick-digits")
    window.actions_["train.start"].trigger()
    qtbot.waitUntil(lambda: 0 < training(window).drawn < 1, timeout=20_000)
    qtbot.waitUntil(lambda: window.tool_bar.run.facts.text().startswith("drawing the data: "))
    window.actions_["train.stop"].trigger()
    finish(window, qtbot)
    assert training(window).run is None
    assert not window.notes.all()
    assert not window.workspace.data._with_run


def test_data_that_a_run_opens_are_not_opened_beside_it(learner, qtbot):
    window = learner()
    data = window.workspace.data
    data.ensure()
    window.actions_["train.start"].trigger()
    assert data.state == OPENING
    data.ensure()
    finish(window, qtbot)
    qtbot.waitUntil(lambda: data.state == READY)
    assert data.classes == ("a", "b", "c")
