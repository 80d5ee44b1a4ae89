"""The file in the person's own folder that keeps the details of the studio's own mistakes."""

from __future__ import annotations

import sys
import traceback
from datetime import datetime
from pathlib import Path

from cnn_studio.core.settings import folders

LARGEST = 1_000_000
"""Bytes of the file; a longer one starts anew."""


def log_file() -> Path:
    """Where the details are kept."""
    return folders().state / "errors.log"


def keep(error: BaseException) -> None:
    """Add the details of an error. Raises OSError."""
    file = log_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    anew = file.exists() and file.stat().st_size > LARGEST
    with file.open("w" if anew else "a", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(
            f"{datetime.now().astimezone().isoformat(timespec='seconds')} cnn-studio {' '.join(sys.argv[1:])}\n"
        )
        stream.writelines(traceback.format_exception(error))
        stream.write("\n")
