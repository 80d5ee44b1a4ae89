"""The order in which large libraries are loaded."""

from __future__ import annotations

import importlib
import sys


def before_qt() -> None:
    """Load torch where it could not be loaded once Qt is there: on Windows, whose error would be WinError 1114.

    Elsewhere it comes when it is needed, after the first picture of the window.
    """
    if sys.platform == "win32":
        importlib.import_module("torch")
