"""The plan: edits are steps, presets, what a run will take, and a learning rate found by trying."""

import pytest

from cnn_studio.core import edits
from cnn_studio.core.plans.optimizer import SGD
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.core.plans.presets import PRESETS
from cnn_studio.gui.panels import plan as plan_module
from cnn_studio.gui.samples import READY
from tests.helpers.training import small_network, stripes

SECONDS = 20_000


@pytest.fixture
def small_data(monkeypatch):
    """Data of any name are small pictures, opened at once."""
    from cnn_studio.gui import samples

    data = stripes()
    monkeypatch.setattr(samples, "_opened", lambda _name: (data, samples._facts(data)))
    return data


@pytest.fixture
def panel(open_panel, small_data, qtbot):
    shown = open_panel("plan", small_network())
    qtbot.waitUntil(lambda: shown.workspace.data.state == READY, timeout=SECONDS)
    return shown


def typed(panel, field, text):
    row = panel.form.rows[field]
    box = row.editor.controls()[0]
    box.setFocus()
    box.lineEdit().selectAll()
    box.lineEdit().insert(text)
    row.editor.finished.emit(False)


def test_what_is_typed_is_one_step_of_the_document(panel):
    typed(panel, "epochs", "12")
    assert panel.workspace.plan.epochs == 12
    panel.workspace.document.undo()
    assert panel.workspace.plan == TrainingPlan()
    assert panel.form.rows["epochs"].editor.value() == 5


def test_what_cannot_be_is_said_at_the_field_and_not_kept(panel):
    typed(panel, "batch_size", "0")
    assert "at least 1" in panel.form.rows["batch_size"].problem.text
    assert panel.workspace.document.plan is None


def test_the_data_have_a_panel_of_their_own_and_rare_fields_are_folded(panel):
    assert "data" not in {*panel.form.rows, *panel.rare.rows}
    assert {"device", "precision", "threads", "label_smoothing", "clip", "averaging", "class_weights"} <= {
        *panel.rare.rows
    }
    assert not panel.rare.rows["device"].editor.isVisible()


@pytest.mark.parametrize("preset", PRESETS, ids=lambda one: one.name)
def test_a_preset_is_one_step_and_stands_out_while_it_holds(panel, preset):
    panel.presets[preset.name].click()
    assert preset.holds_in(panel.workspace.plan)
    assert [name for name, button in panel.presets.items() if button.isChecked()] == [preset.name]
    typed(panel, "epochs", "77")
    assert not any(button.isChecked() for button in panel.presets.values())
    panel.workspace.document.undo()
    panel.workspace.document.undo()
    assert panel.workspace.plan == TrainingPlan()


def test_another_optimizer_brings_its_own_rate_and_fields(panel):
    panel.optimizer.kind.committed.emit({"kind": "sgd"}, "")
    assert panel.workspace.plan.optimizer == SGD()
    assert panel.workspace.plan.rate == SGD.default_rate
    panel.optimizer.form.committed.emit({"momentum": 0.5}, "")
    assert panel.workspace.plan.optimizer == SGD(momentum=0.5)
    panel.schedule.kind.committed.emit({"kind": "step"}, "")
    assert panel.workspace.plan.schedule.kind == "step"
    assert "every" in panel.schedule.form.rows


def test_what_a_run_takes_is_measured_in_another_thread_and_follows_the_epochs(panel, qtbot):
    qtbot.waitUntil(lambda: "about" in panel.figures.texts().get("Time", ""), timeout=SECONDS)
    texts = panel.figures.texts()
    assert texts["Parameters"] == str(panel.workspace.document.report.totals.parameters)
    assert "samples/s" in texts["Speed"]
    typed(panel, "epochs", "100000")
    assert panel.figures.texts()["Time"] not in (texts["Time"], "being measured …")


def test_nothing_is_measured_out_of_sight(panel, monkeypatch, qtbot):
    qtbot.waitUntil(lambda: not panel.workspace.slow.is_busy, timeout=SECONDS)
    asked = []
    monkeypatch.setattr(panel.estimator, "measure", lambda *rest: asked.append(rest))
    panel.hide()
    panel.workspace.set_plan(TrainingPlan(batch_size=7))
    assert not asked
    panel.show()
    assert len(asked) == 1


def test_a_run_does_not_wait_for_a_measurement(panel, monkeypatch):
    given_up = []
    monkeypatch.setattr(panel.estimator, "drop", lambda: given_up.append(1))
    monkeypatch.setattr(type(panel.workspace.training), "is_live", True)
    panel.workspace.training.state_changed.emit()
    assert given_up


def test_the_figures_follow_the_network(panel):
    before = panel.figures.texts()["Parameters"]
    panel.workspace.edit(lambda graph: edits.set_field(graph, "conv1", "filters", 9))
    panel.settle()
    assert panel.figures.texts()["Parameters"] != before


def test_a_network_that_cannot_run_is_said(open_panel, small_data):
    shown = open_panel("plan", small_network(size=1))
    assert shown.problem.text == "The network cannot be trained yet: look at its problems."
    assert not shown.figures.texts()
    assert not shown.rate.search.isEnabled()


def test_a_learning_rate_is_found_by_trying_and_used(panel, qtbot):
    before = panel.workspace.plan.rate
    panel.rate.search.click()
    assert panel.rate.search.text() == "Stop the test"
    qtbot.waitUntil(lambda: not panel.workspace.rates.is_running, timeout=SECONDS)
    found = panel.workspace.rates.suggestion.rate
    assert len(panel.rate.curve.rates) == len(panel.workspace.rates.points) > 30
    assert panel.rate.curve.suggested == found
    panel.rate.use.click()
    assert panel.workspace.plan.rate == found != before
    panel.workspace.document.undo()
    assert panel.workspace.plan.rate == before


def test_the_test_can_be_broken_off_and_what_it_cannot_do_is_said(panel, qtbot, monkeypatch):
    rates = panel.workspace.rates
    panel.rate.search.click()
    panel.rate.search.click()
    qtbot.waitUntil(lambda: not rates.is_running, timeout=SECONDS)
    assert rates.suggestion is None
    assert not rates.points
    assert not panel.rate.use.isVisible()
    monkeypatch.setattr(panel.workspace.data, "dataset", stripes(classes=2))
    panel.rate.search.click()
    qtbot.waitUntil(lambda: not rates.is_running, timeout=SECONDS)
    assert "2 classes" in panel.rate.problem.text


def test_steps_are_named_after_what_they_change():
    assert str(plan_module._changed("Seed")) == "plan: Seed"
