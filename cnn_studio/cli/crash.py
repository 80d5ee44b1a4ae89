"""What is said and kept when the studio itself makes a mistake."""

from __future__ import annotations

import sys
import traceback
from datetime import datetime
from pathlib import Path

from cnn_studio.core.files import reason
from cnn_studio.core.settings import folders
from cnn_studio.i18n import _

LARGEST = 1_000_000
"""Bytes of the file of errors; a longer one starts anew."""


def log_file() -> Path:
    """The file in the person's own folder that keeps the details of errors."""
    return folders().state / "errors.log"


def show(error: Exception) -> None:
    """Prints the details of an error."""
    traceback.print_exception(error, file=sys.stderr)


def sentence(error: Exception) -> str:
    """Keeps the details of an error in a file; what to tell the person."""
    kind = type(error).__name__
    file = log_file()
    try:
        _append(file, error)
    except OSError:
        return _("Something went wrong inside the studio ({kind}). CNN_STUDIO_DEBUG=1 shows the details.").format(
            kind=kind
        )
    return _("Something went wrong inside the studio ({kind}). The details are in {file}.").format(kind=kind, file=file)


def unprinted(error: OSError) -> str:
    """What to tell when standard output cannot take the answer."""
    return _("The answer could not be printed: {reason}.").format(reason=reason(error))


def _append(file: Path, error: Exception) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    anew = file.exists() and file.stat().st_size > LARGEST
    with file.open("w" if anew else "a", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(
            f"{datetime.now().astimezone().isoformat(timespec='seconds')} cnn-studio {' '.join(sys.argv[1:])}\n"
        )
        stream.writelines(traceback.format_exception(error))
        stream.write("\n")
