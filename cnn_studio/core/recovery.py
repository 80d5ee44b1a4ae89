"""Copies of edits that were not saved, so that a crash loses little."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from pydantic import Field

from cnn_studio.core.fields import Model
from cnn_studio.core.files import FileError, make_folder, read_file, write_atomically
from cnn_studio.core.graph_json import checked
from cnn_studio.core.json_text import read_json, write_json
from cnn_studio.core.project import SUFFIX, Project, read_project, write_project

LARGEST_NOTE = 65_536
_KEY = re.compile(r"[0-9a-f]{32}\Z")


class _Note(Model):
    """What is written beside a copy."""

    original: str = ""
    name: str = ""
    time: float = Field(ge=0.0, le=1e11)
    process: int = Field(ge=0)


class Copy(NamedTuple):
    """A document that can be recovered.

    Attributes:
        key: names the copy.
        original: the file it was opened from or saved to, or None.
        name: what the document was called.
        time: when the copy was made.
    """

    key: str
    original: Path | None
    name: str
    time: datetime


def new_key() -> str:
    """A name for the copies of one open document."""
    return uuid4().hex


class Recovery:
    """The copies in one folder, two files each: the project, and a note of where it came from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, key: str, project: Project, original: Path | None = None, name: str = "") -> None:
        """Replace the copy of that key. Raises FileError when it cannot be written; the older copy stays."""
        make_folder(self.folder)
        note = {
            "original": str(original or ""), "name": name or project.name,
            "time": datetime.now(UTC).timestamp(), "process": os.getpid(),
        }  # fmt: skip
        write_atomically(self._note(key), write_json(note, "note"))  # first: a copy without its note is never found
        write_project(project, self._project(key))

    def discard(self, key: str) -> None:
        """Forget the copy, after a clean save or when nobody wants it."""
        for path in (self._note(key), self._project(key)):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def found(self) -> list[Copy]:
        """Copies of documents that are no longer open, the latest first. What is damaged is left out; never raises."""
        copies = []
        with suppress(OSError):
            for path in self.folder.glob(f"*{SUFFIX}"):
                copy = self._copy(path.stem)
                if copy is not None:
                    copies.append(copy)
        return sorted(copies, key=lambda copy: copy.time, reverse=True)

    def read(self, copy: Copy) -> Project:
        """The project of a copy. Raises ProjectError."""
        return read_project(self._project(copy.key))

    def _copy(self, key: str) -> Copy | None:
        if not _KEY.match(key):
            return None
        try:
            note = checked(_Note, read_json(read_file(self._note(key), LARGEST_NOTE), "note"), "note")
        except FileError:
            return None
        if is_running(note.process):
            return None
        return Copy(key, Path(note.original) if note.original else None, note.name,
                    datetime.fromtimestamp(note.time, UTC))  # fmt: skip

    def _project(self, key: str) -> Path:
        return self.folder / f"{key}{SUFFIX}"

    def _note(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def is_running(process: int) -> bool:
    """Whether that process lives. Where the system cannot be asked without harm, only our own is known to."""
    if process == os.getpid():
        return True
    if sys.platform == "win32" or process <= 0:
        return False
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
