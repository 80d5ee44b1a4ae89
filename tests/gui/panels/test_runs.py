"""The panel of runs: found, sorted, told apart, and what can be done with them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from cnn_studio.engine.finding import run_folder
from cnn_studio.gui.run_model import COLUMNS, NAME, NOTE
from tests.gui.test_run_list import made


@pytest.fixture
def panel(open_panel, qtbot):
    made("first")
    made("second", rate=0.001, epochs=1)
    shown = open_panel("runs", size=(900, 200))
    qtbot.waitUntil(lambda: shown.model.rowCount() == 2, timeout=20_000)
    return shown


def names(panel):
    return [panel.sorted.index(row, NAME).data() for row in range(panel.sorted.rowCount())]


def choose(panel, *wanted):
    panel.table.clearSelection()
    for name in wanted:
        panel._choose({run_folder() / name})


def test_without_runs_it_says_what_comes_here(open_panel, qtbot):
    panel = open_panel("runs", size=(900, 200))
    qtbot.waitUntil(lambda: panel.head.text() == "Nothing was trained yet")
    assert "kept here" in panel.facts.text()
    assert not any(button.isEnabled() for button in panel.buttons.values())


def test_columns_are_sorted_by_what_they_say(panel):
    panel.table.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
    assert names(panel) == ["first", "second"]
    epochs = next(place for place, column in enumerate(COLUMNS) if column.heading == "Epochs")
    panel.table.sortByColumn(epochs, Qt.SortOrder.AscendingOrder)
    assert names(panel) == ["second", "first"]
    assert panel.sorted.index(0, epochs).data() == "1/1"


def test_words_are_searched_for(panel, qtbot):
    panel.search.setText("fir SMALL")
    assert names(panel) == ["first"]
    panel.search.setText("nowhere")
    assert names(panel) == []


def test_one_is_shown_by_enter(panel, qtbot):
    choose(panel, "first")
    assert panel.head.text() == "first"
    assert "best after epoch" in panel.facts.text()
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.workspace.training.run is not None)
    assert panel.workspace.training.run.name == "first"
    qtbot.waitUntil(lambda: panel.model.shown == run_folder() / "first")


def test_two_are_told_apart(panel, qtbot):
    choose(panel, "first", "second")
    qtbot.waitUntil(lambda: "Learning rate" in panel.facts.text())
    order = [run.name for run in panel.chosen]
    rates = {"first": "0.02", "second": "0.001"}
    assert f"Learning rate: {rates[order[0]]}  |  {rates[order[1]]}" in panel.facts.text()
    assert "The networks are the same." in panel.facts.text()
    assert not panel.buttons["show"].isEnabled()


def test_chosen_ones_are_compared_in_the_curves(panel, qtbot):
    choose(panel, "first", "second")
    with qtbot.waitSignal(panel.workspace.panel_requested) as heard:
        panel.buttons["compare"].click()
    assert heard.args == ["curves"]
    qtbot.waitUntil(lambda: len(panel.workspace.comparison.runs) == 2)


def test_a_name_is_edited_in_its_row(panel, qtbot):
    choose(panel, "first")
    panel.buttons["rename"].click()
    field = panel.table.findChild(QLineEdit)
    assert field.text() == "first"
    field.setText("the best")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "the best" in names(panel))
    assert (run_folder() / "the best").is_dir()


def test_a_note_is_edited_in_its_row(panel, qtbot):
    row = names(panel).index("first")
    panel.sorted.setData(panel.sorted.index(row, NOTE), "with dropout")
    qtbot.waitUntil(lambda: panel.sorted.index(row, NOTE).data() == "with dropout")
    panel.search.setText("dropout")
    assert names(panel) == ["first"]


def test_deleted_with_a_way_back(panel, qtbot):
    choose(panel, "first")
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(panel) == ["second"])
    assert panel.told.text() == "“first” is deleted."
    assert panel.undo.isVisible()
    panel.undo.click()
    qtbot.waitUntil(lambda: len(names(panel)) == 2)
    assert not panel.undo.isVisible()


def test_a_damaged_one_says_what_is_wrong_and_can_only_be_deleted(panel, qtbot):
    (run_folder() / "first" / "network.cnnstudio").write_bytes(b"nothing")
    panel.renew()
    qtbot.waitUntil(lambda: any(run.problem for run in panel.model.runs))
    choose(panel, "first")
    assert panel.facts.text()
    assert [key for key, button in panel.buttons.items() if button.isEnabled()] == ["delete"]


def test_open_and_go_on_are_asked_of_the_window(panel, qtbot):
    choose(panel, "second")
    for key, signal in (
        ("open", panel.workspace.run_requested), ("go_on", panel.workspace.continue_requested)
    ):  # fmt: skip
        with qtbot.waitSignal(signal) as heard:
            panel.buttons[key].click()
        assert heard.args == [run_folder() / "second"]


def test_the_window_opens_a_copy_of_its_network(window, qtbot, quick_data):
    run = made("mine")
    window.workspace.run_requested.emit(run.folder)
    training = window.workspace.training
    qtbot.waitUntil(lambda: training.run is not None, timeout=10_000)
    assert window.workspace.document.path is None, "saving does not write into the run"
    assert window.workspace.document.name == "small"
    assert window.docks.current == "train"


def test_the_window_goes_on_with_a_run_that_was_not_shown(window, qtbot, quick_data, monkeypatch):
    run, begun = made("mine"), []
    training = window.workspace.training
    monkeypatch.setattr(
        training, "resume", lambda folder, _data, epochs: begun.append((folder, epochs, len(training.history.epochs)))
    )
    window.workspace.continue_requested.emit(run.folder)
    qtbot.waitUntil(lambda: bool(begun), timeout=10_000)
    assert begun == [(run.folder, 4, 2)], "it gets as many epochs again, and what it has told so far is shown"
