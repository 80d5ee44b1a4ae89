"""Which files of a folder can be read as samples, without decoding all of a large folder whenever it is opened.

What was found sound is remembered with the size and the time of change of the file. Of many files that nobody has
looked at before only the beginning and the end are read, which shows what was cut off on the way, by far the commonest
damage; what else is damaged is met, said and stood in for when a run comes to it (``engine/reading.py``).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from cnn_studio.core.files import FileError, read_file, write_atomically
from cnn_studio.core.settings import folders
from cnn_studio.engine.datasets.base import Array, DataError
from cnn_studio.engine.pictures import looks_whole

FEW = 2000
"""So many files that nobody has looked at before are decoded; of more, only the ends are looked at."""
WORTH_KEEPING = 500
"""From so many files on, what was found is remembered."""
LARGEST = 1 << 28
Known = dict[str, list[int]]


def reasons(folder: Path, files: Sequence[Path], read: Callable[[Path], Array]) -> list[str]:
    """Why each file cannot be read as a sample; "" for those that can. Damaged ones are looked at every time."""
    index = folders().cache / "files" / f"{sha256(os.fsencode(folder.resolve())).hexdigest()[:32]}.json"
    known = _load(index) if len(files) >= WORTH_KEEPING else {}
    marks = [_mark(path) for path in files]
    new = [number for number, path in enumerate(files) if known.get(str(path)) != marks[number]]
    light = len(new) > FEW
    found = [""] * len(files)

    def look(number: int) -> None:
        path = files[number]
        if light and path.suffix.lower() != ".wav" and looks_whole(path):
            return
        try:
            read(path)
        except DataError as error:
            found[number] = str(error)

    with ThreadPoolExecutor(max_workers=os.cpu_count(), thread_name_prefix="reading") as pool:
        list(pool.map(look, new))
    if len(files) >= WORTH_KEEPING and new:
        good = zip(files, marks, found, strict=True)
        _keep(index, {str(path): mark for path, mark, reason in good if mark and not reason})
    return found


def _mark(path: Path) -> list[int]:
    """Size and time of change; nothing where the file cannot be asked."""
    try:
        status = path.stat()
    except OSError:
        return []
    return [status.st_size, status.st_mtime_ns]


def _load(index: Path) -> Known:
    """What is remembered; a damaged file of it is as none."""
    with suppress(FileError, ValueError):
        known = json.loads(read_file(index, LARGEST))
        if isinstance(known, dict):
            return known
    return {}


def _keep(index: Path, known: Known) -> None:
    """Remember; a folder that cannot be written only means that it is looked at again."""
    with suppress(OSError, FileError):
        index.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(index, json.dumps(known, separators=(",", ":")).encode())
