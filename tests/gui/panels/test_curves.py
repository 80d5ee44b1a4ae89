"""Curves: what a run tells, runs laid over one another, how they are drawn, and the files they go into."""

import csv

import numpy as np
import pytest

from cnn_studio.core.project import Project
from cnn_studio.engine.events import BatchEnded, EpochEnded, RunStarted, Scores
from cnn_studio.engine.preparing import facts_of
from cnn_studio.engine.recording import recorded
from cnn_studio.engine.runs import new_run
from cnn_studio.engine.session import Session
from cnn_studio.gui.panels.curves import FORMATS
from tests.helpers.training import quick_plan, small_network, stripes

STARTED = RunStarted(2, 10, 160, 20, 100, "cpu", "fp32", 1, "channels_first")


def batch(step):
    return BatchEnded(1 + (step - 1) // 10, (step - 1) % 10, step, 2.0 / step, min(1.0, step / 20), 0.01, 100.0)


def epoch(number):
    scores = Scores(1.0 / number, 0.5 + number / 10)
    return EpochEnded(number, 10 * number, scores, scores, 0.01, 1.0, True)


@pytest.fixture
def panel(open_panel, qtbot):
    shown = open_panel("curves", size=(900, 170))
    qtbot.waitUntil(lambda: not shown.workspace.quick.is_busy)
    return shown


def tell(panel, qtbot, steps=20):
    training = panel.workspace.training
    training._hear([STARTED, *map(batch, range(1, 11)), epoch(1), *map(batch, range(11, steps + 1)), epoch(2)])
    qtbot.waitUntil(lambda: len(panel.plots) == 3 and bool(panel.plots["loss"].lines), timeout=20_000)
    panel.settle()


@pytest.fixture
def run(tmp_path):
    def made(name, **fields):
        graph, data, plan = small_network(), stripes(), quick_plan(**fields)
        one = new_run(tmp_path, Project(graph, "small"), plan, facts_of(graph, data), path=tmp_path / name)
        for _event in recorded(Session(graph, plan, data), one):
            pass
        return one

    return made


def test_without_a_run_it_says_what_comes_here_and_offers_to_begin(panel, qtbot):
    assert "While the network learns" in panel.empty.text()
    with qtbot.waitSignal(panel.workspace.train_requested):
        panel.start.click()
    assert not panel.plots, "what draws is not loaded before there is something to draw"


def test_training_is_thin_and_validation_thick_in_one_hue(panel, qtbot):
    tell(panel, qtbot)
    for kind in ("loss", "accuracy"):
        thin, thick = panel.plots[kind].lines
        assert thin.color == thick.color
        assert thin.width < thick.width
    thin, thick = panel.plots["accuracy"].lines
    assert thin.x == pytest.approx(np.arange(1, 21) / 10)
    assert thin.y[-1] == 100.0
    assert thick.x.tolist() == [1.0, 2.0]
    assert thick.y == pytest.approx([60.0, 70.0])
    assert panel.plots["loss"]._axes["bottom"].labelText == "epoch"
    assert panel.plots["rate"].lines[0].y == pytest.approx([0.01] * 20)


def test_smoothing_takes_the_mean(panel, qtbot):
    tell(panel, qtbot)
    panel.smoothing.setValue(2)
    assert panel.window_words.text() == "mean of 5 batches"
    assert panel.plots["loss"].lines[0].y[-1] == pytest.approx(np.mean([2.0 / step for step in range(16, 21)]))


def test_the_cursor_stands_in_all_plots(panel, qtbot):
    tell(panel, qtbot)
    panel.plots["loss"].set_cursor(1.0)
    assert [plot.place for plot in panel.plots.values()] == [1.0] * 3
    assert panel.plots["accuracy"].accessibleDescription() == "training 50 %, validation 60 %"


def test_it_draws_no_more_often_than_its_share_of_the_time(panel, qtbot):
    tell(panel, qtbot)
    panel.plots["loss"].cost = 0.5
    panel.refresh()
    assert panel._pause >= 0.5 * 1000 / 0.05
    drawn: list[object] = []
    panel.plots["loss"].set_lines = lambda lines, **_how: drawn.append(lines)
    for step in range(21, 60):
        panel.workspace.training._hear([batch(step)])
    assert not drawn
    panel.settle()
    assert len(drawn) == 1


def test_unseen_it_does_nothing(panel, qtbot):
    tell(panel, qtbot)
    panel.hide()
    panel.workspace.training._hear([batch(21)])
    assert not panel._timer.isActive()
    panel.show()
    assert len(panel.plots["loss"].lines[0].x) == 21


def test_runs_are_laid_over_one_another(panel, qtbot, run):
    first, second = run("first"), run("second", rate=0.001)
    workspace = panel.workspace
    workspace.training.show(first.folder, workspace.slow)
    qtbot.waitUntil(lambda: workspace.training.run is not None)
    workspace.comparison.choose([first.folder, second.folder])
    qtbot.waitUntil(lambda: len(panel.plots) == 3 and len(panel.plots["loss"].lines) == 4, timeout=20_000)
    assert "first" in panel.names.text()
    assert "second" in panel.names.text()
    assert panel.plots["loss"].legend.text() == "", "there is no room for names above each plot"
    colors = {line.color.name() for line in panel.plots["loss"].lines}
    assert len(colors) == 2
    assert panel.alone.isVisible()
    panel.alone.click()
    assert len(panel.plots["loss"].lines) == 2
    assert "validation" in panel.plots["loss"].legend.text()
    assert not panel.names.isVisible()


def test_files(panel, qtbot, tmp_path, monkeypatch):
    tell(panel, qtbot)
    said: list[str] = []
    panel.workspace.said.connect(said.append)
    for kind in FORMATS:
        monkeypatch.setattr(
            "cnn_studio.gui.panels.curves.QFileDialog.getSaveFileName",
            lambda *_rest, kind=kind: (str(tmp_path / f"mine.{kind}"), ""),
        )
        panel.save(kind)
        qtbot.waitUntil(lambda kind=kind: f"The curves are in mine.{kind}" in said)
    assert (tmp_path / "mine.png").read_bytes().startswith(b"\x89PNG")
    drawing = (tmp_path / "mine.svg").read_text("utf-8")
    assert "<polyline" in drawing or "<path" in drawing
    assert "<image" not in drawing, "lines stay lines"
    rows = list(csv.DictReader((tmp_path / "mine.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 22
    assert float(rows[19]["batch_loss"]) == 0.1
    assert rows[-1]["epoch"] == "2"
    assert float(rows[-1]["validation_accuracy"]) == 0.7


def test_a_file_that_cannot_be_written_is_said(panel, qtbot, tmp_path, monkeypatch):
    tell(panel, qtbot)
    monkeypatch.setattr(
        "cnn_studio.gui.panels.curves.QFileDialog.getSaveFileName", lambda *_rest: (str(tmp_path / "no" / "a.csv"), "")
    )
    with qtbot.waitSignal(panel.workspace.said) as heard:
        panel.save("csv")
    assert "a.csv" in heard.args[0]


def test_narrow_the_plots_stand_below_one_another(panel, qtbot):
    tell(panel, qtbot)
    panel.resize(280, 640)
    qtbot.waitUntil(lambda: panel.plots["loss"].geometry().bottom() < panel.plots["accuracy"].geometry().top())
    assert panel.minimumSizeHint().width() <= 280


def test_a_run_of_hours_is_kept_short_while_it_is_seen_whole(panel, qtbot, monkeypatch):
    monkeypatch.setattr("cnn_studio.gui.curve_lines.LONG", 100)
    tell(panel, qtbot, steps=2000)
    training = panel.workspace.training
    monkeypatch.setattr(training, "state", "running")
    panel.refresh()
    assert len(panel.plots["loss"].lines[0].x) < 200
    assert panel.plots["loss"].lines[0].x[-1] == pytest.approx(panel.plots["rate"].lines[0].x[-1])
    panel.plots["loss"]._moved_by_hand(None)
    panel.refresh()
    assert len(panel.plots["loss"].lines[0].x) == 2000, "who looks closely sees every batch"
    panel.plots["loss"].show_all()
    monkeypatch.setattr(training, "state", "idle")
    panel.refresh()
    assert len(panel.plots["loss"].lines[0].x) == 2000
