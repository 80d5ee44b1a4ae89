"""Drawings that a person made and labelled: each set a folder of pictures a class, which trains like any other."""

from __future__ import annotations

import secrets
import time
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from shutil import copyfile

import numpy as np
from PIL import Image

from cnn_studio.core.files import FileError, reason, write_atomically
from cnn_studio.core.settings import folders
from cnn_studio.engine.datasets import sources
from cnn_studio.engine.datasets.base import Array, DataError
from cnn_studio.engine.datasets.own import SPLIT_FOLDERS
from cnn_studio.engine.pictures import read_picture
from cnn_studio.i18n import N_

LONGEST = 60
"""Characters of the name of a set or of a class."""
_REFUSED = frozenset('/\\:*?"<>|')
"""What some system does not take in the name of a folder."""


def drawings_folder() -> Path:
    """Where the sets lie, one folder each."""
    return folders().data / "drawings"


def drawn_sets() -> list[str]:
    """The names of the sets that have drawings, in alphabetical order."""
    try:
        places = sorted(path for path in drawings_folder().iterdir() if path.is_dir())
    except OSError:
        return []
    return [path.name for path in places if any(path.glob("*/*.png"))]


def drawn_counts(name: str) -> dict[str, int]:
    """How many drawings a set has of each class; none where there is no such set."""
    found: dict[str, int] = {}
    for path in sorted((drawings_folder() / name).glob("*/*.png")):
        found[path.parent.name] = found.get(path.parent.name, 0) + 1
    return found


def add_drawing(name: str, label: str, picture: Array) -> Path:
    """Save a drawing, as bytes (1, h, w) or (3, h, w), to a set and a class of it, which need not be there before.

    Raises DataError when they cannot be called so, or the drawing cannot be written.
    """
    _check(name)
    _check(label)
    if name in sources:
        raise DataError(N_("“{name}” is the name of a set that the studio knows: choose another for yours"), name=name)
    if label.lower() in SPLIT_FOLDERS:
        raise DataError(N_("“{name}” is what a folder of a split is called: choose another name"), name=label)
    stream = BytesIO()
    Image.fromarray(np.ascontiguousarray(picture.transpose(1, 2, 0).squeeze())).save(stream, "PNG", optimize=True)
    # The time keeps them in the order in which they were made, the rest apart when two windows save at once.
    path = drawings_folder() / name / label / f"{time.time_ns() // 1_000_000:013d}-{secrets.token_hex(2)}.png"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, stream.getvalue())
    except OSError as error:
        raise DataError(
            N_("“{file}” cannot be written: {reason}"), file=str(path.parent), reason=reason(error)
        ) from None
    except FileError as error:
        raise DataError(N_("“{file}” cannot be written: {reason}"), file=str(path), reason=error.words) from None
    return path


def drawings_of(name: str, label: str) -> list[tuple[Path, Array]]:
    """The drawings of a class, the latest first; those that cannot be read are left out."""
    found = []
    for path in sorted((drawings_folder() / name / label).glob("*.png"), reverse=True):
        with suppress(DataError):
            found.append((path, read_picture(path)))
    return found


def export_drawings(name: str, place: Path) -> Path:
    """Copy a set into a folder there: a folder of PNG for each class. Raises DataError when it cannot be written."""
    target = place / name
    number = 2
    while target.exists():
        target, number = place / f"{name} {number}", number + 1
    try:
        for path in sorted((drawings_folder() / name).glob("*/*.png")):
            (target / path.parent.name).mkdir(parents=True, exist_ok=True)
            copyfile(path, target / path.parent.name / path.name)
    except OSError as error:
        raise DataError(N_("“{file}” cannot be written: {reason}"), file=str(target), reason=reason(error)) from None
    return target


def remove_drawing(path: Path) -> None:
    """Take a drawing back. One that is gone already is none. Raises DataError when it cannot be removed."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(N_("“{file}” cannot be removed: {reason}"), file=str(path), reason=reason(error)) from None


def _check(name: str) -> None:
    """Raises DataError for what cannot be the name of a folder on every system."""
    plain = name.isprintable() and not _REFUSED & set(name) and name == name.strip(" .") and not name.startswith("__")
    if not plain or not 0 < len(name) <= LONGEST:
        raise DataError(
            N_("“{name}” cannot be a name here: take up to {most} letters, digits and spaces"), name=name, most=LONGEST
        )
