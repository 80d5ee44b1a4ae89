"""The start of the real program."""

import os
import subprocess
import sys

import PySide6
import pytest

from cnn_studio.gui import app
from cnn_studio.gui.studio import Studio
from cnn_studio.i18n import language

PROGRAM = """
import linecache
import sys
from PySide6.QtCore import QTimer
from cnn_studio.__main__ import main
from cnn_studio.gui import main_window
fill = main_window.MainWindow.fill
def filled(self):
    try:
        fill(self)
    except Exception:
        self.close()
        raise
    QTimer.singleShot(0, self, lambda: (print(self.windowTitle(), "torch" in sys.modules), self.close()))
main_window.MainWindow.fill = filled
sys.exit(main(sys.argv[1:]))
"""


def start(tmp_path, *arguments, code=PROGRAM, **variables):
    environment = {**os.environ, "CNN_STUDIO_HOME": str(tmp_path / "home"), "QT_QPA_PLATFORM": "offscreen", **variables}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_the_window_opens_without_torch_and_closes(tmp_path):
    done = start(tmp_path)
    assert (done.returncode, done.stdout) == (0, "CNN Studio False\n"), done.stderr


def test_a_thread_that_still_computes_does_not_end_in_a_crash(tmp_path):
    code = PROGRAM.replace(
        "sys.exit(main(",
        """
import atexit, threading
from cnn_studio.gui import runner
runner.PATIENCE = 0.1
atexit.register(lambda: print("Python ends"))
fill_first = main_window.MainWindow.fill
def busy(self):
    begun = threading.Event()
    self.workspace.slow.ask("long", lambda: begun.set() or threading.Event().wait(), print)
    begun.wait(20)
    fill_first(self)
main_window.MainWindow.fill = busy
sys.exit(main(""",
    )
    done = start(tmp_path, code=code)
    assert (done.returncode, done.stdout) == (0, "CNN Studio False\n"), done.stderr


def test_a_version_of_qt_that_crashes_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(PySide6, "__version__", "6.12.0")
    monkeypatch.setattr(sys, "version_info", (3, 11, 2))
    assert app.start() == 1
    assert "6.12.0" in capsys.readouterr().err


@pytest.mark.parametrize("version", ["6.8.3", "6.11.3"])
def test_versions_that_go_together_are_not(monkeypatch, version):
    monkeypatch.setattr(PySide6, "__version__", version)
    assert app.refusal() == ""


def test_missing_qt_is_said(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "PySide6", None)
    assert app.start() == 1
    assert "doctor" in capsys.readouterr().err


def test_qt_that_cannot_be_loaded_is_said(tmp_path):
    code = "import sys; sys.modules['PySide6.QtWidgets'] = None; from cnn_studio.gui import app; sys.exit(app.start())"
    done = start(tmp_path, code=code)
    assert done.returncode == 1
    assert "doctor" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_language_asked_for_at_the_start_is_spoken_and_not_kept(qapp, own_home):
    made = Studio(qapp, "es")
    assert language() == "es"
    assert made.settings.language == "es"
    made.remember(own_home / "net.cnnstudio")
    made.write_now()
    again = Studio(qapp)
    assert again.settings.language == ""
    assert again.settings.recent
    made.change_settings(theme="dark")
    assert Studio(qapp).settings.language == ""
    made.change_settings(language="es")
    assert Studio(qapp).settings.language == "es"
    for one in qapp.children():
        if isinstance(one, Studio):
            one.deleteLater()


def test_the_start_reads_no_sources(tmp_path):
    """PySide would read the source of every module, those of torch among them."""
    told = 'print(self.windowTitle(), "torch" in sys.modules)'
    assert told in PROGRAM
    read = 'print([name for name in linecache.cache if "canvas" in name])'
    done = start(tmp_path, code=PROGRAM.replace(told, read))
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
