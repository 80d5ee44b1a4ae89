"""Runs that were deleted and can still be brought back: beside the others, where no list of runs finds them."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from cnn_studio.core.files import reason
from cnn_studio.engine.finding import RunError
from cnn_studio.engine.runs import Run
from cnn_studio.i18n import N_

TRASH = ".deleted"
"""The folder beside a run into which it is moved; a folder within one disk is moved at once, whatever its size."""
KEPT = 24 * 3600
"""Seconds after which what a program that was killed has left there is removed."""


def set_aside(run: Run) -> Path:
    """Move a run out of sight; where it is now. Raises RunError while a process trains there."""
    with run.locked():
        pass
    trash = run.folder.parent / TRASH
    try:
        trash.mkdir(exist_ok=True)
        place = _free(trash / run.name)
        os.utime(run.folder)  # from now on its age counts
        return run.folder.rename(place)
    except OSError as error:
        raise RunError(
            N_("the run “{run}” cannot be deleted: {problem}"), run=run.name, problem=reason(error)
        ) from None


def bring_back(place: Path, folder: Path) -> Path:
    """Put a run back where it was, under another name where that is taken meanwhile. Raises RunError."""
    try:
        back = place.rename(_free(folder))
    except OSError as error:
        raise RunError(
            N_("the run “{run}” cannot be brought back: {problem}"), run=folder.name, problem=reason(error)
        ) from None
    _tidy(place.parent)
    return back


def purge(place: Path) -> None:
    """Remove it for good."""
    shutil.rmtree(place, ignore_errors=True)
    _tidy(place.parent)


def purge_old(folder: Path) -> None:
    """Remove what was set aside among the runs of a folder long ago."""
    with suppress(OSError):
        for place in (folder / TRASH).iterdir():
            if time.time() - place.stat().st_mtime > KEPT:
                purge(place)


def _free(path: Path) -> Path:
    """The path, or the first like it with a number behind that is not taken."""
    number, found = 2, path
    while found.exists():
        found = path.with_name(f"{path.name}-{number}")
        number += 1
    return found


def _tidy(trash: Path) -> None:
    with suppress(OSError):
        trash.rmdir()  # only where it is empty
