"""Starts the window. Torch is not loaded here, and nothing else that the first picture can do without."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_studio.i18n import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def refusal() -> str:
    """Why no window may be opened with the libraries that are installed, or ""."""
    try:
        import PySide6
    except ImportError:
        return _("The window needs PySide6, which is not installed. `cnn-studio doctor` names the command that helps.")
    version = PySide6.__version__
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers >= (6, 12) and sys.version_info[:2] < (3, 12):
        return _(
            "PySide6 {version} makes Python {python} crash after some minutes, so the window does not open. "
            "`cnn-studio doctor` names the command that helps."
        ).format(version=version, python=".".join(map(str, sys.version_info[:2])))
    return ""


def start(path: Path | None = None, language: str = "") -> int:
    """Show the window, with a file in it when one is given, until it is closed; the exit status.

    ``language`` is spoken this time, whatever the settings say.
    """
    problem = refusal()
    if problem:
        print(problem, file=sys.stderr)
        return 1
    _name_files_as_qt_does()
    gc.disable()  # what is imported is no garbage; see garbage.py
    try:
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        print(
            _("The window cannot open: {reason}. `cnn-studio doctor` names the command that helps.").format(
                reason=error
            ),
            file=sys.stderr,
        )
        return 1
    _leave_sources_unread()
    app = QApplication.instance() or _application()
    if not _has_letters():
        print(
            _("This system has no fonts, so the window could not show a letter. `cnn-studio doctor` names the command that helps."),
            file=sys.stderr,
        )  # fmt: skip
        return 1
    return _run(app, path, language)


def _application() -> QApplication:
    """Qt, begun; without a screen that answers it ends the process, in one sentence instead of its own."""
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    said: list[str] = []

    def hear(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        said.append(text)
        if kind == QtMsgType.QtFatalMsg:
            where = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or "?"
            sentence = _("The window cannot open on the screen {display}. `cnn-studio doctor` names what is missing.")
            print(sentence.format(display=where), file=sys.stderr, flush=True)
            os._exit(1)  # what called this ends the process itself, with a picture of its memory

    before = qInstallMessageHandler(hear)
    try:
        return QApplication(["cnn-studio"])
    finally:
        qInstallMessageHandler(before)
        for text in said:
            print(text, file=sys.stderr)


def _has_letters() -> bool:
    """Whether there is a font."""
    from PySide6.QtGui import QFontInfo
    from PySide6.QtWidgets import QApplication

    return bool(QFontInfo(QApplication.font()).family())


def _name_files_as_qt_does() -> None:
    """Qt takes names of files for UTF-8 whatever the locale says. Where Python does not, it begins again and does."""
    if os.name != "posix":
        return
    if os.environ.get("LC_ALL") in ("C", "POSIX"):
        os.environ["LC_ALL"] = "C.UTF-8"  # Qt takes that one then, and complains
    if sys.getfilesystemencoding() != "utf-8" and os.environ.get("PYTHONUTF8") != "1":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _leave_sources_unread() -> None:
    """Spare the start a tenth of its time, and torch its own.

    After its first import PySide reads the source of every module that follows, for the word "PySide6", to know where
    methods may be named in another way (``from __feature__ import snake_case``). Nothing here names them so.
    """
    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda _module: False  # type: ignore[union-attr]


def _run(app: object, path: Path | None, language: str) -> int:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from cnn_studio.gui import icons, runner
    from cnn_studio.gui.crash import Guard
    from cnn_studio.gui.studio import Studio

    assert isinstance(app, QApplication)
    app.setApplicationName("cnn-studio")
    app.setApplicationDisplayName("CNN Studio")
    app.setOrganizationName("cnn-studio")
    app.setDesktopFileName("cnn-studio")
    app.setStyle("Fusion")
    studio = Studio(app, language)
    app.setWindowIcon(icons.icon("studio"))
    window = studio.new_window(waiting=path is not None)

    def go_on() -> None:
        if path is not None:
            window.open_file(path.absolute())
        studio.offer_recovery(window)
        gc.freeze()  # what is here now stays: no search for garbage looks through it again

    guard = Guard(studio)
    guard.stand()
    QTimer.singleShot(0, window, go_on)
    with suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    status = int(app.exec())
    guard.leave()
    if runner.is_working():
        _leave_at_once(status)
    return status


def _leave_at_once(status: int) -> None:
    """The end of the process, while threads that nobody waits for any more still compute.

    What Python does first at its end takes the ground from under them: the program would end in a crash.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status)
