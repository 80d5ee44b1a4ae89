"""The window, tried without a screen: it opens, is filled, a network is built in it, every panel is seen, it closes."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_studio.engine.self_test import Trial, TrialError, modules, registries, step, tried
from cnn_studio.gui.app import refusal
from cnn_studio.i18n import N_, integer, languages

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from cnn_studio.gui.main_window import MainWindow
    from cnn_studio.gui.studio import Studio

CHAIN = ("input", "convolution", "relu", "max_pool", "flatten", "dense", "softmax", "output")
"""The layers that are added one after the other, as a person would from the palette."""
PATIENCE = 60.0
"""Seconds to wait for the window."""


def window() -> Iterator[Trial]:
    """Try everything that needs Qt. QT_QPA_PLATFORM says on which screen."""
    if problem := refusal():
        yield Trial("window", problem)
        return
    yield from modules(window=True)
    yield registries(window=True)
    yield tried("icons", pictures)
    yield tried("window", used)


def pictures() -> str:
    """Every icon is drawn, and the files with those of Qt's own controls are there. Raises TrialError."""
    _application()
    from cnn_studio.gui import icons, theme

    sheets = "".join(theme.style_sheet(theme.palette(name)) for name in (theme.LIGHT, theme.DARK))
    missing = [name for name in re.findall(r"url\(\"?([^\")]+)", sheets) if not Path(name).is_file()]
    if missing:
        raise TrialError(N_("missing: {names}"), names=", ".join(missing))
    for name in icons.ICONS:
        with step(N_("drawing {name}"), name=name):
            icons.pixmap(name)
    return integer(len(icons.ICONS))


def used() -> str:
    """Use one window. Raises TrialError; an error inside Qt's events counts too."""
    app = _application()
    with _errors() as errors, _studio(app) as studio:
        with step(N_("opening the window")):
            main = studio.new_window()
            _until(lambda: main.canvas is not None)
        with step(N_("building a network")):
            build(main)
        for code in (*languages(), ""):
            studio.change_settings(language=code)
        for name in main.docks.workspaces():
            with step(N_("showing {name}"), name=name):
                main.show_workspace(name)
                app.processEvents()
        for name in main.docks.docks:
            with step(N_("showing {name}"), name=name):
                main.docks.panel(name)
        if main.grab().isNull():
            raise TrialError(N_("nothing is drawn"))
        panels = len(main.docks.docks)
        with step(N_("closing the window")):
            main.close_unasked()
            _until(lambda: not studio.windows)
    if errors:
        raise errors[0]
    return integer(panels)


def build(main: MainWindow) -> None:
    """Add layers one after the other. Raises TrialError."""
    from cnn_studio.gui.adding import add_entry

    main.new_network()
    for kind in CHAIN:
        if not add_entry(main.workspace, kind):
            raise TrialError(N_("“{kind}” cannot be added"), kind=kind)
    report = main.workspace.document.report
    if any(report.of(node_id).shape is None for node_id in report.in_order()):
        raise TrialError(N_("the layers do not fit each other"))


def _application() -> QApplication:
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication(["cnn-studio"])
    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    return app


@contextmanager
def _studio(app: QApplication) -> Iterator[Studio]:
    """A studio whose windows are gone in the end, whatever happened."""
    from PySide6.QtCore import QCoreApplication, QEvent

    from cnn_studio.gui.studio import Studio

    studio = Studio(app)
    try:
        yield studio
    finally:
        for window in list(studio.windows):
            window.close_unasked()
        studio.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextmanager
def _errors() -> Iterator[list[BaseException]]:
    """Collects what goes wrong inside the events of Qt, where nobody can catch it."""
    found: list[BaseException] = []
    before = sys.excepthook
    sys.excepthook = lambda _kind, error, _trace: found.append(error)
    try:
        yield found
    finally:
        sys.excepthook = before


def _until(condition: Callable[[], bool]) -> None:
    """Let the window work until something is so. Raises TrialError when it does not come."""
    from PySide6.QtCore import QCoreApplication, QEventLoop

    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TrialError(N_("it took longer than {n} seconds"), n=round(PATIENCE))
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
