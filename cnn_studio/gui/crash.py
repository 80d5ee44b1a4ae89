"""When the studio itself makes a mistake: edits are kept first, then it is said, and the studio goes on."""

from __future__ import annotations

import faulthandler
import platform
import sys
import traceback
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from PySide6.QtCore import qVersion

from cnn_studio import __version__
from cnn_studio.core import error_log
from cnn_studio.gui.dialogs.crash import CrashReport

if TYPE_CHECKING:
    from cnn_studio.gui.studio import Studio

MOST_SHOWN = 20
"""Different mistakes of one session that are shown; all are kept in the log."""


class Guard:
    """Takes the place of Python's own answer to an exception that nobody caught."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._seen: set[str] = set()
        self._busy = False
        self._stream: TextIO | None = None
        self._start = 0
        self._before = sys.excepthook

    def stand(self) -> None:
        """Begin; crashes below Python leave their trace in a file."""
        sys.excepthook = self.answer
        with suppress(OSError):
            self._stream, self._start = error_log.open_crash_file()
            faulthandler.enable(self._stream)

    def leave(self) -> None:
        """End."""
        sys.excepthook = self._before
        if self._stream is not None:
            faulthandler.disable()
            error_log.close_crash_file(self._stream, self._start)
            self._stream = None

    def answer(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Keep copies of all edits and the details, then say so; never raises."""
        if issubclass(kind, KeyboardInterrupt):
            self._studio.quit()
            return
        traceback.print_exception(kind, error, trace)
        with suppress(OSError):
            error_log.keep(error)
        report = report_of(error)
        if report in self._seen or len(self._seen) >= MOST_SHOWN or self._busy:
            return
        self._seen.add(report)
        self._busy = True  # a mistake in what follows is kept in the log, and no more
        try:
            self._show(report, self._studio.keep_all())
        finally:
            self._busy = False

    def _show(self, report: str, kept: bool) -> None:
        if not self._studio.windows:
            return
        window = self._studio.windows[-1]
        shown = window.findChild(CrashReport)
        if shown is not None:
            shown.add(report)
        else:
            CrashReport(window, report, kept, str(error_log.log_file())).open()


def report_of(error: BaseException) -> str:
    """What helps to mend a mistake: where it happened, and on what."""
    system = f"CNN Studio {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
    return f"{system}\n\n{''.join(traceback.format_exception(error))}"
