"""What goes to standard output, what to standard error, and what into files."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

from cnn_studio.cli.common import Failure
from cnn_studio.i18n import _


def print_text(text: str) -> None:
    """The answer of a command, for a person."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def print_json(document: Any) -> None:
    """The answer of a command, for a program: one JSON document."""
    import json

    plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    sys.stdout.write(json.dumps(document, ensure_ascii=plain, allow_nan=False, indent=2) + "\n")


def print_file(text: str) -> None:
    """The content of a file on standard output: redirected, it is what the file would hold, whatever the terminal."""
    stream = sys.stdout
    if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
        stream.reconfigure(encoding="utf-8", newline="\n")
    stream.write(text)


def message(text: str) -> None:
    """Words about the work."""
    print(text, file=sys.stderr, flush=True)


def complain(sentence: str, as_json: bool, status: int = 1) -> int:
    """Says why something was not done, to a person or to a program; the exit status."""
    if as_json:
        print_json({"error": sentence})
    else:
        message(_("cnn-studio: {sentence}").format(sentence=sentence))
    return status


def silence() -> None:
    """Standard output can take no more: what Python still holds for it must not raise again at the exit."""
    try:
        handle = sys.stdout.fileno()
    except (OSError, ValueError):  # captured by a test
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, handle)
    os.close(nowhere)


def write_file(path: str, data: bytes) -> None:
    """Puts bytes into a file, all or nothing, replacing what was there; into a device or pipe they just go.

    Raises Failure when that is not possible.
    """
    from pathlib import Path

    from cnn_studio.core.files import FileError, reason, write_atomically

    place = Path(path)
    try:
        if place.exists() and not place.is_file() and not place.is_dir():
            place.write_bytes(data)
        else:
            write_atomically(place, data)
    except FileError as error:
        raise Failure(_("{path} cannot be written: {reason}.").format(path=path, reason=error)) from error
    except OSError as error:
        raise Failure(_("{path} cannot be written: {reason}.").format(path=path, reason=reason(error))) from error


def width(without_terminal: int = 100) -> int:
    """Columns to write tables in: those of the terminal where there is one."""
    try:
        return max(60, os.get_terminal_size(sys.stdout.fileno()).columns)
    except (OSError, ValueError):
        return without_terminal
