"""What the studio does about its own mistakes, and about its own sudden end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton

from cnn_studio.core import edits, error_log
from cnn_studio.core.layers import layers
from cnn_studio.core.recovery import Recovery
from cnn_studio.core.settings import folders
from cnn_studio.gui import keeping
from cnn_studio.gui.crash import Guard
from cnn_studio.gui.dialogs.about import About
from cnn_studio.gui.dialogs.crash import CrashReport

PROGRAM = """
import sys
from PySide6.QtWidgets import QApplication
from cnn_studio.core import edits
from cnn_studio.gui import keeping
from cnn_studio.gui.studio import Studio
keeping.PAUSE = 1
app = QApplication([])
window = Studio(app).new_window()
window.filing.open_starter("lenet5")
document = window.workspace.document
document.edit(edits.set_field(document.graph, "conv1", "filters", 9))
window.filing.keeper._told.connect(lambda trouble: print("kept", trouble, flush=True))
app.exec()
"""


def add_layer(window):
    graph = window.workspace.document.graph
    window.workspace.document.edit(edits.add(graph, layers["flatten"](), (0.0, 900.0)))


def failed(text):
    try:
        raise ValueError(text)
    except ValueError as error:
        return error


@pytest.fixture
def guard(studio, capsys):
    made = Guard(studio)
    made.stand()
    yield made
    made.leave()
    capsys.readouterr()


def answer(guard, error):
    guard.answer(type(error), error, error.__traceback__)


def copies():
    return list((folders().state / "recovery").glob("*.cnnstudio"))


def test_edits_are_kept_first_and_the_report_can_be_copied(guard, lenet, qtbot):
    add_layer(lenet)
    answer(guard, failed("a mistake"))
    assert len(copies()) == 1
    report = lenet.findChild(CrashReport)
    assert "a mistake" in report.findChild(QPlainTextEdit).toPlainText()
    qtbot.mouseClick(report.findChild(QPushButton, "dialog.crash.copy"), Qt.MouseButton.LeftButton)
    assert "a mistake" in QGuiApplication.clipboard().text()
    assert "CNN Studio" in QGuiApplication.clipboard().text()
    assert "a mistake" in error_log.log_file().read_text(encoding="utf-8")
    report.close()
    lenet.actions_["edit.undo"].trigger()
    assert not lenet.workspace.document.is_modified


def test_many_mistakes_make_one_dialog(guard, lenet):
    for text in ("one", "two", "two"):
        answer(guard, failed(text))
    reports = lenet.findChildren(CrashReport)
    assert len(reports) == 1
    shown = reports[0].findChild(QPlainTextEdit).toPlainText()
    assert shown.count("ValueError: one") == 1
    assert shown.count("ValueError: two") == 1
    reports[0].close()


def test_a_mistake_in_what_a_click_does_arrives_there(guard, lenet, qtbot, monkeypatch):
    monkeypatch.setattr(type(lenet.docks), "reset", lambda _self: 1 / 0)
    with qtbot.captureExceptions() as caught:  # which stands in for what Python does
        lenet.actions_["view.reset"].trigger()
    answer(guard, caught[0][1])
    assert "ZeroDivisionError" in lenet.findChild(CrashReport).findChild(QPlainTextEdit).toPlainText()
    lenet.findChild(CrashReport).close()


def test_no_folder_for_copies_is_admitted(guard, lenet, own_home):
    own_home.mkdir(exist_ok=True)
    (own_home / "state").rename(own_home / "aside")
    (own_home / "state").write_text("in the way", encoding="utf-8")
    add_layer(lenet)
    answer(guard, failed("a mistake"))
    labels = " ".join(label.text() for label in lenet.findChild(CrashReport).children() if hasattr(label, "text"))
    assert "No copy" in labels
    lenet.findChild(CrashReport).close()


def test_copies_that_cannot_be_written_are_said_once(lenet, own_home, qtbot, monkeypatch):
    monkeypatch.setattr(keeping, "PAUSE", 1)
    own_home.mkdir(exist_ok=True)
    (own_home / "state").write_text("in the way", encoding="utf-8")
    for _time in range(2):
        add_layer(lenet)
        qtbot.waitUntil(lambda: not lenet.filing.keeper._timer.isActive())
        lenet.filing.keeper._pool.waitForDone()
        qtbot.waitUntil(lambda: any(note.key == "copies" for note in lenet.notes.all()))
    assert len([note for note in lenet.notes.all() if note.key == "copies"]) == 1


def test_a_copy_goes_when_the_edit_is_undone_or_saved(lenet, qtbot, monkeypatch):
    monkeypatch.setattr(keeping, "PAUSE", 1)
    add_layer(lenet)
    qtbot.waitUntil(lambda: bool(copies()))
    lenet.workspace.document.undo()
    assert not copies()


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
def test_edits_of_a_killed_studio_come_back(studio, own_home, qtbot):
    environment = {**os.environ, "CNN_STUDIO_HOME": str(own_home), "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "kept"
        assert not Recovery(folders().state / "recovery").found(), "it still runs"
        other.send_signal(signal.SIGKILL)
    window = studio.new_window()
    with qtbot.waitSignal(window.filled):
        pass
    studio.offer_recovery(window)
    note = window.notes.all()[0]
    assert "LeNet-5" in note.text
    qtbot.mouseClick(note.buttons[0], Qt.MouseButton.LeftButton)
    document = window.workspace.document
    assert document.graph.nodes["conv1"].layer.filters == 9
    assert document.is_modified
    assert not window.is_welcoming
    assert len(copies()) == 1, "until it is saved"
    window.close_unasked()
    assert not copies()


def test_edits_that_nobody_wants_are_discarded(studio, window, qtbot):
    recovery = Recovery(folders().state / "recovery")
    recovery.keep("0" * 32, window.workspace.document.project, None, "old & new")
    note = next((folders().state / "recovery").glob("*.json"))
    note.write_text(note.read_text(encoding="utf-8").replace(str(os.getpid()), "999999999"), encoding="utf-8")
    studio.offer_recovery(window)
    assert "old & new" in window.notes.all()[0].text
    qtbot.mouseClick(window.notes.all()[0].buttons[1], Qt.MouseButton.LeftButton)
    assert not copies()


# -- where it is found -------------------------------------------------------------------------------------------------

CRASH = """
import faulthandler, sys
from PySide6.QtCore import QTimer
from cnn_studio.__main__ import main
from cnn_studio.gui.main_window import MainWindow
fill = MainWindow.fill
def filled(self):
    fill(self)
    QTimer.singleShot(0, self, END)
MainWindow.fill = filled
sys.exit(main([]))
"""


def ran(own_home, end):
    environment = {**os.environ, "CNN_STUDIO_HOME": str(own_home), "QT_QPA_PLATFORM": "offscreen"}
    code = CRASH.replace("END", end)
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False, timeout=60)


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
def test_a_crash_below_python_leaves_its_trace_with_day_and_version(own_home):
    done = ran(own_home, "lambda: faulthandler._sigsegv()")
    assert done.returncode == -signal.SIGSEGV
    trace = error_log.crash_file().read_text("utf-8")
    assert "Segmentation fault" in trace
    assert trace.startswith("20")
    assert "cnn-studio" in trace.splitlines()[0]
    assert ran(own_home, "self.close").returncode == 0
    assert error_log.crash_file().read_text("utf-8") == trace, "a start without a crash leaves nothing behind"


def test_a_start_without_a_crash_leaves_no_report(own_home):
    done = ran(own_home, "self.close")
    assert (done.returncode, done.stderr) == (0, b"")
    assert not error_log.crash_file().exists()


def test_logs_and_reports_are_a_click_away(guard, lenet, monkeypatch, qtbot):
    answer(guard, failed("a mistake"))
    lenet.findChild(CrashReport).close()
    opened = []

    def show(url):
        opened.append(url)
        return True

    monkeypatch.setattr("PySide6.QtGui.QDesktopServices.openUrl", show)
    lenet.actions_["help.logs"].trigger()
    folder = Path(opened[0].toLocalFile())
    assert opened[0].isLocalFile()
    assert {"errors.log", "crashes.log"} <= {path.name for path in folder.iterdir()}
    assert "a mistake" in (folder / "errors.log").read_text("utf-8")
    lenet.actions_["help.about"].trigger()
    about = lenet.findChild(About)
    assert str(folder) in about.findChild(QLabel, "dialog.about.logs").text()
    about.close()


def test_a_machine_without_a_file_manager_is_told_where(lenet, monkeypatch):
    monkeypatch.setattr("PySide6.QtGui.QDesktopServices.openUrl", lambda _url: False)
    lenet.actions_["help.logs"].trigger()
    assert str(error_log.log_file().parent) in lenet.toast.text
