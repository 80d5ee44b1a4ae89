"""The time machine: the kept epochs of a run are looked back at by slider, by keys and by playing them."""

import pytest
from PySide6.QtCore import Qt

from cnn_studio.core.project import Project
from cnn_studio.engine.preparing import facts_of
from cnn_studio.engine.recording import recorded
from cnn_studio.engine.runs import new_run
from cnn_studio.engine.session import Session
from cnn_studio.gui import samples, time_bar
from cnn_studio.gui.look import LIVE, SNAPSHOT
from tests.helpers.own_data import network_file, picture_folder
from tests.helpers.training import quick_plan, small_network, stripes

LONG = 100_000


@pytest.fixture
def run(tmp_path):
    graph, data, plan = small_network(), stripes(), quick_plan(epochs=4, validation=0.2)
    session = Session(graph, plan, data)
    made = new_run(tmp_path, Project(graph, "small"), plan, facts_of(graph, data), path=tmp_path / "run")
    for _event in recorded(session, made):
        pass
    return made


@pytest.fixture
def shown(window, tmp_path, run, qtbot, monkeypatch):
    """A window that shows a run of four epochs."""
    data = stripes()
    monkeypatch.setattr(samples, "_opened", lambda _name: (data, samples._facts(data)))
    window.open_file(network_file(tmp_path / "small.cnnstudio"))
    window.show()
    workspace = window.workspace
    workspace.training.show(run.folder, workspace.slow)
    qtbot.waitUntil(lambda: workspace.training.run is not None)
    return window


def epoch_of(window):
    subject = window.workspace.look.subject
    assert subject.kind == SNAPSHOT
    return subject.epoch


def test_without_a_run_there_is_no_bar(window, tmp_path):
    window.open_file(network_file(tmp_path / "small.cnnstudio"))
    window.show()
    assert not window.time.isVisible()


def test_the_slider_looks_back_and_a_button_leads_to_the_latest(shown, qtbot):
    bar = shown.time
    assert bar.isVisible()
    assert bar.epochs == [1, 2, 3, 4]
    assert bar.epoch.text() == "epoch 4 of 4"
    assert not bar.latest.isEnabled()
    bar.slider.setValue(1)
    assert epoch_of(shown) == 2
    assert bar.epoch.text() == "epoch 2 of 4"
    assert "%" in bar.scores.text()
    bar.slider.setFocus()
    qtbot.keyClick(bar.slider, Qt.Key.Key_Left)
    assert epoch_of(shown) == 1
    qtbot.mouseClick(bar.latest, Qt.MouseButton.LeftButton)
    assert epoch_of(shown) == 4
    assert shown.workspace.look.chosen_epoch is None


def test_in_spanish_too_the_scores_are_not_cut(shown, studio, qtbot):
    shown.resize(1280, 720)
    studio.change_settings(language="es")
    bar = shown.time
    best = shown.workspace.training.history.best.epoch
    bar.slider.setValue(best - 1)
    assert bar.scores.text().endswith("la mejor hasta ahora")
    qtbot.waitUntil(lambda: bar.scores.width() >= bar.scores.sizeHint().width())


def test_what_is_looked_at_follows(shown, qtbot):
    workspace = shown.workspace
    workspace.data.ensure()
    qtbot.waitUntil(lambda: bool(shown.canvas.thumbnails._pictures), timeout=20_000)
    kernels = shown.docks.panel("kernels")
    shown.show_workspace("inside")
    qtbot.waitUntil(lambda: kernels.view is not None, timeout=20_000)
    before, picture = kernels.view.values.copy(), shown.canvas.thumbnails._pictures
    shown.time.slider.setValue(0)
    qtbot.waitUntil(lambda: not workspace.quick.is_busy, timeout=20_000)
    assert (kernels.view.values != before).any()
    assert shown.canvas.thumbnails._pictures is not picture


def test_the_epochs_can_be_played_and_stopped(shown, qtbot, monkeypatch):
    monkeypatch.setattr(time_bar, "BEAT", 1)
    bar, seen = shown.time, []
    bar._timer.setInterval(1)
    shown.workspace.look.changed.connect(lambda: seen.append(shown.workspace.look.subject.epoch))
    qtbot.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not bar._timer.isActive(), timeout=20_000)
    assert seen == [1, 2, 3, 4]
    bar._timer.setInterval(10_000)
    bar.toggle()
    assert epoch_of(shown) == 1
    bar.toggle()
    assert not bar._timer.isActive()


def test_while_it_learns_the_last_place_is_now(window, qtbot, tmp_path):
    picture_folder(tmp_path / "pictures", count=20)
    plan = quick_plan(data=str(tmp_path / "pictures"), validation=0.2, epochs=LONG)
    window.open_file(network_file(tmp_path / "small.cnnstudio", plan=plan))
    window.show()
    window.actions_["train.start"].trigger()
    bar, look = window.time, window.workspace.look
    qtbot.waitUntil(lambda: len(bar.epochs) > 2, timeout=30_000)
    assert bar.epochs[-1] is None
    assert look.subject.kind == LIVE
    bar.slider.setValue(0)
    assert epoch_of(window) == bar.epochs[0]
    count = len(bar.epochs)
    qtbot.waitUntil(lambda: len(bar.epochs) > count, timeout=30_000)
    assert bar.slider.value() == bar.epochs.index(look.chosen_epoch), "it stays at the epoch"
    bar.latest.click()
    assert look.subject.kind == LIVE
    assert bar.epoch.text() == "now, learning"
    window.actions_["train.stop"].trigger()
    qtbot.waitUntil(lambda: not window.workspace.training.is_live, timeout=20_000)
    assert bar.epochs[-1] is not None
