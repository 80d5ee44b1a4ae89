"""Confusion and mistakes: what they count, what a cell and a picture lead to, and that they follow the epochs."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from cnn_studio.core.plans.plan import plan_to_json
from cnn_studio.engine.runs import Run
from cnn_studio.gui.training import IDLE
from tests.helpers.training import quick_plan, small_network

EPOCHS = 3


@pytest.fixture
def learned(open_panel, quick_data, qtbot):
    """``learned(name)`` shows a panel of a network that has learned a little."""

    def made(name):
        panel = open_panel(name, small_network(10, 28), size=(900, 300))
        workspace = panel.workspace
        workspace.document.set_plan(plan_to_json(quick_plan(data="stripes", validation=0.3, epochs=EPOCHS, rate=0.001)))
        workspace.training.start(workspace.document.project, workspace.plan, quick_data)
        qtbot.waitUntil(lambda: workspace.training.state == IDLE and workspace.training.run is not None, timeout=20_000)
        qtbot.waitUntil(lambda: not workspace.slow.is_busy and not workspace.quick.is_busy, timeout=20_000)
        return panel

    return made


def scores(panel, epoch):
    return panel.workspace.training.history.epochs[epoch - 1].validation


def settle(panel, qtbot):
    qtbot.waitUntil(lambda: not panel.workspace.slow.is_busy, timeout=20_000)


def total(panel):
    return sum(panel.grid.count(row, column) for row in range(10) for column in range(10))


def test_confusion_is_what_the_run_counted_after_the_epoch_looked_at(learned, qtbot):
    panel = learned("confusion")
    for epoch in (EPOCHS, 1, None):
        panel.workspace.look.show_epoch(epoch)
        wanted = scores(panel, epoch or EPOCHS).confusion
        assert [[panel.grid.count(r, c) for c in range(10)] for r in range(10)] == wanted.tolist()
        assert f"epoch {epoch or EPOCHS}" in panel.head.text()


def test_without_a_run_the_weights_are_asked(learned, qtbot):
    panel = learned("confusion")
    counted = total(panel)
    panel.workspace.training.forget()
    panel.workspace.look.refresh()
    settle(panel, qtbot)
    assert panel.head.text().startswith("Validation, ")
    assert total(panel) == counted


def test_a_cell_leads_to_its_pictures_by_mouse_and_by_keys(learned, qtbot):
    panel = learned("confusion")
    asked: list[Any] = []
    panel.workspace.panel_requested.connect(asked.append)
    place = panel.grid.cell(4, 7).center().toPoint()
    QTest.mouseClick(panel.grid, Qt.MouseButton.LeftButton, pos=place)
    assert (panel.workspace.judging.truth, panel.workspace.judging.answer) == (4, 7)
    panel.grid.setFocus()
    QTest.keyClick(panel.grid, Qt.Key.Key_Up)
    QTest.keyClick(panel.grid, Qt.Key.Key_Return)
    assert (panel.workspace.judging.truth, panel.workspace.judging.answer) == (3, 7)
    assert asked == ["mistakes", "mistakes"]
    assert panel.grid.at(QPoint(-5, 0)) == (-1, -1)
    assert "taken for" in panel.grid.accessibleDescription()


def test_mistakes_follow_the_epoch_that_is_looked_at(learned, qtbot):
    panel = learned("mistakes")
    for epoch in (1, EPOCHS):
        panel.workspace.look.show_epoch(epoch)
        settle(panel, qtbot)
        confusion = scores(panel, epoch).confusion
        wrong = int(confusion.sum() - confusion.trace())
        assert len(panel.workspace.judging.verdicts.places()) == wrong
        assert len(panel.grid) == wrong
        assert panel.head.text().startswith(f"{wrong} mistake")


def test_mistakes_of_chosen_classes_and_those_told_right(learned, qtbot):
    panel = learned("mistakes")
    found = panel.workspace.judging.verdicts
    panel.right.setChecked(True)
    settle(panel, qtbot)
    assert len(panel.grid) == len(found.truths)
    panel.workspace.judging.choose(2, -1)
    settle(panel, qtbot)
    assert len(panel.grid) == int((found.truths == 2).sum())
    assert panel.truth.currentText() == "c"


def test_a_picture_becomes_the_sample_that_is_looked_at(learned, qtbot):
    panel = learned("mistakes")
    panel.right.setChecked(True)
    settle(panel, qtbot)
    wanted: list[Any] = []
    panel.workspace.workspace_requested.connect(wanted.append)
    panel.grid.set_current(0)
    panel.grid.activated.emit(0)
    settle(panel, qtbot)
    found, place = panel.workspace.judging.verdicts, panel.places[0]
    assert panel.workspace.look.sample.label == found.classes[found.truths[place]]
    assert (panel.workspace.look.sample.stored == found.samples.read(place)).all()
    assert wanted == ["inside"]


def test_the_test_samples_judge_when_asked(learned, qtbot, quick_data):
    panel = learned("mistakes")
    panel.split.setCurrentIndex(1)
    panel.split.activated.emit(1)
    settle(panel, qtbot)
    assert len(panel.workspace.judging.verdicts.truths) == len(quick_data.splits["test"])
    assert Run(panel.workspace.training.run.folder).snapshots() == [1, 2, 3]


@pytest.mark.parametrize("name", ["confusion", "mistakes"])
def test_out_of_sight_nothing_is_asked(learned, qtbot, name):
    panel = learned(name)
    panel.hide()
    panel.workspace.training.forget()
    panel.workspace.judging._key = ()
    panel.workspace.look.refresh()
    assert panel.workspace.judging._key == ()


@pytest.mark.parametrize("name", ["confusion", "mistakes"])
def test_a_network_that_cannot_run_is_said(open_panel, name, quick_data):
    panel = open_panel(name, "lenet5", size=(900, 300))
    panel.workspace.edit(lambda graph: type(graph)())
    panel.workspace.look.refresh()
    panel.renew()
    assert panel.empty.text()
    assert panel.stack.currentIndex() == 0
