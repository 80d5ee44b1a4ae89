"""The files in the person's own folder that keep the details of the studio's own mistakes and of crashes."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TextIO

from cnn_studio import __version__
from cnn_studio.core.settings import folders

LARGEST = 1_000_000
"""Bytes of the file; a longer one starts anew."""


def log_file() -> Path:
    """Where the details are kept."""
    return folders().state / "errors.log"


def crash_file() -> Path:
    """Where a crash below Python leaves its trace."""
    return folders().state / "crashes.log"


def open_crash_file() -> tuple[TextIO, int]:
    """The file for traces, with a line that says when and what began, and where that line stands. Raises OSError."""
    file = crash_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    anew = file.exists() and file.stat().st_size > LARGEST
    stream = file.open("w" if anew else "a", encoding="utf-8", errors="backslashreplace")
    try:
        start = stream.tell()
        stream.write(f"{_when()} cnn-studio {__version__}, Python {platform.python_version()}, {sys.platform}\n")
        stream.flush()
    except OSError:
        stream.close()
        raise
    return stream, start


def close_crash_file(stream: TextIO, start: int) -> None:
    """Nothing crashed: the file is as it was before. Another studio may have written into it meanwhile."""
    with suppress(OSError):
        end = stream.tell()
        if os.fstat(stream.fileno()).st_size == end:
            stream.truncate(start)
    stream.close()
    with suppress(OSError):
        if not start and not crash_file().stat().st_size:
            crash_file().unlink()


def _when() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def keep(error: BaseException) -> None:
    """Add the details of an error. Raises OSError."""
    file = log_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    anew = file.exists() and file.stat().st_size > LARGEST
    with file.open("w" if anew else "a", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(f"{_when()} cnn-studio {' '.join(sys.argv[1:])}\n")
        stream.writelines(traceback.format_exception(error))
        stream.write("\n")
