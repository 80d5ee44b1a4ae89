"""The log: lines with their times, the latest in sight, copied as text."""

import time

import pytest
from PySide6.QtWidgets import QApplication

from cnn_studio.core.words import say
from cnn_studio.gui.history import LogLine
from cnn_studio.gui.panels.log import clock
from cnn_studio.i18n import N_
from tests.gui.panels.test_every_panel import speak


@pytest.fixture
def panel(open_panel):
    return open_panel("log", size=(600, 160))


def write(panel, *texts, kind="info"):
    for text in texts:
        panel.workspace.training._log(text, kind)
    panel.workspace.training.logged.emit()


def shown(panel):
    return [panel.model.index(row, 1).data() for row in range(panel.model.rowCount())]


def test_without_lines_it_says_what_comes_here(panel):
    assert panel.empty.isVisible()
    assert panel.empty.text() == "What happens in a run is written here, line by line."
    assert not panel.copy.isVisible()
    write(panel, "one")
    assert not panel.empty.isVisible()
    assert panel.copy.isVisible()


def test_lines_without_a_time_take_no_room_for_it(panel):
    panel.workspace.training.history.write("read from disk", at=0.0)
    panel.workspace.training.logged.emit()
    assert panel.table.isColumnHidden(0)
    write(panel, "now")
    assert not panel.table.isColumnHidden(0)


def test_lines_come_with_their_time(panel):
    write(panel, "one", "two")
    write(panel, "three", kind="warning")
    assert shown(panel) == ["one", "two", "three"]
    assert panel.model.index(0, 0).data() == time.strftime("%H:%M:%S", time.localtime(panel.model.lines[0].at))
    assert clock(LogLine(0.0, "info", "read from disk")) == ""


def test_the_latest_is_in_sight_unless_somebody_reads_above(panel):
    write(panel, *map(str, range(100)))
    bar = panel.table.verticalScrollBar()
    assert bar.value() == bar.maximum()
    bar.setValue(10)
    write(panel, "another")
    assert bar.value() == 10


def test_the_language_is_followed(panel):
    write(panel, say(N_("the training is complete")))
    speak(panel, "es")
    assert shown(panel) != ["the training is complete"]


def test_it_is_copied_as_text(panel):
    write(panel, "one", "two", "three")
    panel.copy.click()
    text = QApplication.clipboard().text()
    assert [line.split("  ")[1] for line in text.splitlines()] == ["one", "two", "three"]
    panel.table.selectRow(0)
    panel.copy.click()
    assert len(QApplication.clipboard().text().splitlines()) == 3, "one chosen line stands for none"
