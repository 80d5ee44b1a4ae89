"""The window under test: a folder of its own for settings, and nothing left behind by any test."""

import gc
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QThreadPool, QTimer, QtMsgType
from PySide6.QtWidgets import QApplication

from cnn_studio.core import words
from cnn_studio.gui import language, theme
from cnn_studio.gui.studio import Studio

HARMLESS = ("This plugin does not support", "Populating font family aliases took")
"""Beginnings of what Qt says about the offscreen screen."""


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """Settings, copies and logs of a test go into a folder of its own; layers are drawn where they end up."""
    home = tmp_path / "home"
    monkeypatch.setenv("CNN_STUDIO_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def clean_application(qapp, qtlog, own_home) -> Iterator[None]:
    """A test starts with a light theme in English and ends without widgets, timers, jobs or warnings of Qt."""
    theme.set_theme("light")
    theme.set_still(True)
    theme.apply(qapp)
    before = set(map(id, QApplication.topLevelWidgets()))
    yield
    shown = [widget for widget in QApplication.topLevelWidgets() if id(widget) not in before and widget.isVisible()]
    names = [f"{type(widget).__name__} {widget.objectName()}" for widget in shown]
    for widget in shown:
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    running = [timer for timer in _objects(QTimer) if timer.isActive()]
    for timer in running:
        timer.stop()
    language.apply(qapp, "en")
    words.set_notation("last")
    QApplication.clipboard().clear()
    assert QThreadPool.globalInstance().waitForDone(2000), "jobs left running"
    assert not names, f"widgets left open: {names}"
    assert not running, f"timers left running: {[timer.objectName() or timer.parent() for timer in running]}"
    bad = [
        record.message
        for record in qtlog.records
        if record.type not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not record.message.startswith(HARMLESS)
    ]
    assert not bad, f"Qt complained: {bad}"


def _objects(kind):
    """Every living object of a class of Qt."""
    return [thing for thing in gc.get_objects() if issubclass(type(thing), kind) and shiboken6.isValid(thing)]


@pytest.fixture
def studio(qapp) -> Iterator[Studio]:
    """A studio without windows; those that are open in the end are closed without a question."""
    made = Studio(qapp)
    yield made
    for window in list(made.windows):
        window.close_unasked()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(studio, qtbot):
    """A window of its own with the welcome page, filled."""
    made = studio.new_window()
    with qtbot.waitSignal(made.filled):
        pass
    return made


@pytest.fixture
def lenet(window):
    """A window that shows LeNet-5."""
    window.open_starter("lenet5")
    return window


@pytest.fixture
def chosen_file(monkeypatch):
    """Answers the system's questions for a file: put the path in the list."""
    paths: list[str] = []
    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(
            f"PySide6.QtWidgets.QFileDialog.{name}", lambda *_rest: (str(paths[-1]) if paths else "", "")
        )
    return paths
