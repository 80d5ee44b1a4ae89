"""Weights and gradients: what is said of them, dead units, and how the weights have spread over the epochs of a run."""

import time
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from cnn_studio.core.project import Project
from cnn_studio.engine.insight.gradients import Gradients
from cnn_studio.engine.insight.some_samples import some_samples
from cnn_studio.engine.predict import fresh_predictor
from cnn_studio.engine.preparing import facts_of
from cnn_studio.engine.recording import recorded
from cnn_studio.engine.runs import new_run
from cnn_studio.engine.session import Session
from cnn_studio.gui import health, samples
from cnn_studio.gui.health import Health, verdicts
from cnn_studio.gui.layer_pictures import DEAD_SAMPLES
from cnn_studio.gui.look import LIVE
from tests.helpers.own_data import network_file, picture_folder
from tests.helpers.training import chain, quick_plan, small_network, stripes

NAMES = {"a": "conv1", "b": "conv2", "c": "dense", "r": "relu1"}


@pytest.fixture
def show(open_panel, monkeypatch, qtbot):
    def shown(network, data=None):
        data = data or stripes()
        monkeypatch.setattr(samples, "_opened", lambda _name: (data, samples._facts(data)))
        panel = open_panel("weights", network, (900, 260))
        answered(panel, qtbot)
        return panel

    return shown


def answered(panel, qtbot):
    workspace = panel.workspace
    panel.settle()
    qtbot.waitUntil(
        lambda: panel.health is not None and not workspace.quick.is_busy and not workspace.slow.is_busy, timeout=20_000
    )


@pytest.mark.parametrize(
    ("relative", "kind", "words"),
    [
        ({"a": 0.01, "b": 0.02, "c": 0.5}, "success", "similar size"),
        ({"a": 1e-7, "b": 1e-3, "c": 0.5}, "warning", "vanish"),
        ({"a": 5.0, "b": 1e-3, "c": 1e-4}, "warning", "times larger than that of dense"),
        ({"a": 0.1, "b": 300.0, "c": 0.5}, "error", "that of conv2 is 300 times"),
        ({"a": 0.1, "b": float("nan"), "c": 0.5}, "error", "conv2 is infinite"),
        ({"a": 0.0, "b": 0.0, "c": 0.0}, "warning", "are zero"),
    ],
)
def test_gradients_in_words(relative, kind, words):
    found = verdicts(Health(relative, {}), NAMES)
    assert [one.kind for one in found] == [kind]
    assert words in str(found[0].words)


def test_dead_units_in_words():
    found = verdicts(Health({"a": 0.1, "c": 0.1}, {"r": 0.75}), NAMES)
    assert "75.0 % of the units of relu1 are dead" in str(found[1].words)
    assert len(verdicts(Health({"a": 0.1, "c": 0.1}, {"r": 0.25}), NAMES)) == 1
    assert verdicts(Health({}, {}), NAMES) == []


def test_they_are_those_of_the_network(show):
    panel = show(small_network())
    asked = fresh_predictor(panel.workspace.document.project)
    pictures, labels = some_samples(asked, panel.workspace.data.dataset, DEAD_SAMPLES)
    step = max(1, len(pictures) // health.SAMPLES)
    sizes = Gradients(pictures[::step], labels[::step])(asked).relative
    conv = panel.workspace.document.graph.of_kind("convolution")[0]
    assert panel.health.relative[conv.id] == pytest.approx(sizes[f"{conv.id}.weight"], rel=1e-4)
    assert panel.gradients.names[0] == conv.name
    assert len(panel.dead.names) == 1
    assert "similar size" in panel.verdicts[2].text


def test_a_deep_network_of_sigmoids_vanishes(show):
    layers = [("dense", {"units": 12}), ("sigmoid", {})] * 8
    panel = show(chain(("input", {"channels": 1, "sizes": (8, 8)}), ("flatten", {}), *layers, ("dense", {"units": 3}), ("output", {})))  # fmt: skip
    assert "vanish" in panel.verdicts[1].text
    assert not panel.dead.isVisible(), "it has no ReLU"


def test_a_click_on_a_row_chooses_the_layer(show, qtbot):
    panel = show(small_network())
    qtbot.mouseClick(panel.gradients, Qt.MouseButton.LeftButton, pos=QPoint(10, 50))
    assert panel.workspace.selection.only_node == list(panel.health.relative)[2]


@pytest.fixture
def run(tmp_path):
    graph, data, plan = small_network(), stripes(), quick_plan(epochs=3)
    session = Session(graph, plan, data)
    made = new_run(tmp_path, Project(graph, "small"), plan, facts_of(graph, data), path=tmp_path / "run")
    for _event in recorded(session, made):
        pass
    return made


def test_the_weights_over_the_epochs_of_a_run(show, run, qtbot):
    panel: Any = show(small_network())
    assert not panel.over_time
    assert "grows with every epoch" in panel.spread.text()
    workspace = panel.workspace
    workspace.training.show(run.folder, workspace.slow)
    qtbot.waitUntil(lambda: panel.over_time is not None, timeout=20_000)
    assert panel.over_time.epochs == (0, 1, 2, 3)
    assert panel.spread.text().startswith("epoch 3: mean")
    place = panel.field._field()
    at = QPoint(round(place.left() + place.width() * 0.4), round(place.center().y()))
    qtbot.mouseClick(panel.field, Qt.MouseButton.LeftButton, pos=at)
    assert workspace.look.subject.epoch == 1
    answered(panel, qtbot)
    qtbot.waitUntil(lambda: panel.spread.text().startswith("epoch 1: mean"))
    before = panel.over_time
    dense = workspace.document.graph.of_kind("dense")[0].id
    workspace.select([dense])
    qtbot.waitUntil(lambda: panel.over_time is not before and panel.over_time is not None, timeout=20_000)
    kept = run.snapshot(2)[f"{dense}.weight"].numpy()
    assert panel.over_time.means[2] == pytest.approx(kept.mean(), abs=1e-6)
    assert np.isfinite(panel.over_time.shares).all()


def test_while_it_learns_gradients_are_asked_rarely(show, qtbot, monkeypatch):
    panel = show(small_network())
    asked = []
    monkeypatch.setattr(panel.workspace.look, "ask", lambda key, *_rest: asked.append(key))
    panel._asked_at = time.monotonic() + 3600  # however slow this machine is
    for _time in range(5):
        panel.workspace.look.pulse.emit()
        panel.settle()
    assert not asked
    panel._asked_at = 0.0
    panel.workspace.look.pulse.emit()
    panel.settle()
    assert asked == ["weights"]
    panel.health = panel.health._replace(seconds=1.0)
    panel._asked_at = 0.0
    panel.workspace.look.pulse.emit()
    panel.settle()
    assert asked == ["weights"], "dear ones wait for the end of an epoch"
    panel.workspace.training.epoch_ended.emit(None)
    panel.settle()
    assert asked == ["weights", "weights"]


def test_of_a_run_in_progress_they_are_asked_between_its_batches(window, qtbot, tmp_path):
    picture_folder(tmp_path / "pictures", count=20)
    plan = quick_plan(data=str(tmp_path / "pictures"), validation=0.2, epochs=100_000)
    window.open_file(network_file(tmp_path / "small.cnnstudio", plan=plan))
    window.show()
    window.show_workspace("inside")
    window.docks.docks["weights"].raise_()
    window.actions_["train.start"].trigger()
    qtbot.waitUntil(lambda: window.workspace.look.subject.kind == LIVE, timeout=30_000)
    window.show_workspace("inside")
    window.docks.docks["weights"].raise_()
    panel = window.docks.panel("weights")
    qtbot.waitUntil(lambda: panel.health is not None and panel.over_time is not None, timeout=30_000)
    before = panel.health
    qtbot.waitUntil(lambda: panel.health is not before, timeout=30_000)
    window.actions_["train.stop"].trigger()
    qtbot.waitUntil(lambda: not window.workspace.training.is_live, timeout=20_000)
