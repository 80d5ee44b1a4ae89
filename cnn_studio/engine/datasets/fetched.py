"""Files fetched on request: from one of several addresses, checked by checksum, kept for the next time.

Nothing is fetched unless a person asks for it. Files already at hand are taken by the same checksums.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from cnn_studio.core.files import reason
from cnn_studio.core.words import say
from cnn_studio.engine.datasets.base import DataError
from cnn_studio.engine.datasets.source import Source
from cnn_studio.i18n import N_, _

TIMEOUT = 15.0
"""Seconds without a single byte after which an address is given up."""
PATIENCE, SLOWEST = 60.0, 1000
"""After so many seconds an address is given up that has not sent so many bytes a second."""
SLACK = 1 << 20
"""Bytes that may come beyond twice the announced size before an address is given up."""

Progress = Callable[[str, int, int], None]
"""Called with a file's name, the bytes that are there and the bytes there will be."""


class CancelledError(Exception):
    """The person changed their mind; nothing half-fetched is left."""


@dataclass(frozen=True)
class RemoteFile:
    """A file to fetch.

    Attributes:
        checksum: "sha256:..." or "md5:..." of the file, or "members:..." of what is in it.
        size: bytes, for people to know beforehand.
        addresses: where it may be had, the best first.
        also: names under which people have the same file.
        members: ending of the members that "members:..." is about.
    """

    name: str
    checksum: str
    size: int
    addresses: tuple[str, ...]
    also: tuple[str, ...] = ()
    members: str = ""


def is_right(path: Path, file: RemoteFile) -> bool:
    """Whether a file has the right checksum."""
    kind, _colon, wanted = file.checksum.partition(":")
    try:
        if kind == "members":
            return members_digest(path, file.members) == wanted
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, kind).hexdigest() == wanted
    except (OSError, zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error):
        return False


def members_digest(path: Path, ending: str) -> str:
    """SHA-256 over the members of a zip with this ending, in the order of their names without folders.

    For archives that their server packs anew now and then, so that the zip's own bytes say nothing.
    """
    digest = hashlib.sha256()
    with zipfile.ZipFile(path) as archive:
        named = {
            info.filename.rpartition("/")[2]: info for info in archive.infolist() if info.filename.endswith(ending)
        }
        for name in sorted(named):
            digest.update(name.encode() + b"\0" + archive.read(named[name]))
    return digest.hexdigest()


def missing(files: Sequence[RemoteFile], folder: Path) -> list[RemoteFile]:
    """Files that are not there. What is there was checked when it came."""
    return [file for file in files if not (folder / file.name).is_file()]


def take_from(files: Sequence[RemoteFile], source: Path, folder: Path) -> None:
    """Copy files that a person has already. Raises DataError naming those that are not there or are not the right ones."""
    if not source.is_dir():
        raise DataError(N_("“{folder}” is not a folder"), folder=str(source))
    for file in files:
        found = next(_candidates(source, file), None)
        if found is None:
            wrong = next((path for path in _named(source, file)), None)
            if wrong is not None:
                raise DataError(N_("“{file}” is not the file it should be: its checksum differs"), file=str(wrong))
            raise DataError(N_("“{folder}” has no file “{file}”"), folder=str(source), file=file.name)
        _install(folder, file, lambda target, found=found: shutil.copyfile(found, target))  # type: ignore[misc]


def _named(source: Path, file: RemoteFile) -> Iterator[Path]:
    wanted = {file.name, *file.also}
    for path in sorted(source.rglob("*")):
        if path.name in wanted and path.is_file():
            yield path


def _candidates(source: Path, file: RemoteFile) -> Iterator[Path]:
    return (path for path in _named(source, file) if is_right(path, file))


def _install(folder: Path, file: RemoteFile, write: Callable[[Path], object]) -> None:
    """Put a file into the folder, all or nothing."""
    part = folder / f".{file.name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write(part)
        part.replace(folder / file.name)
    except OSError as error:
        raise DataError(
            N_("“{file}” cannot be written: {reason}"), file=str(folder / file.name), reason=reason(error)
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def fetch(
    files: Sequence[RemoteFile],
    folder: Path,
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> None:
    """Fetch what is missing. Raises DataError when no address gives the right file, CancelledError when cancelled."""
    for file in files:
        if is_right(folder / file.name, file):
            continue
        failures: list[str] = []
        for address in file.addresses:
            try:
                _install(folder, file, _downloader(file, address, progress, cancelled))
                break
            except _AddressError as error:
                failures.append(str(error))
        else:
            raise DataError(
                N_("“{file}” could not be fetched ({reason}): check the network, or take it from a folder with --from"),
                file=file.name, reason="; ".join(failures),
            )  # fmt: skip


class _AddressError(Exception):
    """One address did not give the right file."""


class _Meter:
    """What pooch tells the progress to; refuses to go on when cancelled or when more comes than should."""

    def __init__(self, file: RemoteFile, progress: Progress | None, cancelled: threading.Event | None) -> None:
        self.total = file.size
        self._file, self._progress, self._cancelled = file, progress, cancelled
        self._count, self._begun = 0, time.monotonic()

    def update(self, count: int) -> None:
        """So many more bytes are there."""
        if self._cancelled is not None and self._cancelled.is_set():
            raise CancelledError
        self._count += count
        if self._count > 2 * self._file.size + SLACK:
            raise _AddressError(
                str(say(N_("it sends far more than the {size} bytes there should be"), size=self._file.size))
            )
        seconds = time.monotonic() - self._begun
        if seconds > PATIENCE and self._count < SLOWEST * seconds:
            raise _AddressError(_("it hardly sends anything"))
        if self._progress is not None:
            self._progress(self._file.name, self._count, self._file.size)

    def reset(self) -> None:
        """Called by pooch before it says that all is there."""
        self._count = 0

    def close(self) -> None:
        """Called by pooch at the end."""


def _downloader(
    file: RemoteFile, address: str, progress: Progress | None, cancelled: threading.Event | None
) -> Callable[[Path], None]:
    def write(target: Path) -> None:
        import pooch
        import requests
        from urllib3.exceptions import HTTPError

        host = urlsplit(address).netloc
        try:
            download = pooch.HTTPDownloader(progressbar=_Meter(file, progress, cancelled), timeout=TIMEOUT)
            download(address, str(target), None)
        except (requests.RequestException, HTTPError) as error:
            raise _AddressError(f"{host}: {type(error).__name__}") from None
        except _AddressError as error:
            raise _AddressError(f"{host}: {error}") from None
        if not is_right(target, file):
            why = _("the checksum of the file differs")
            raise _AddressError(f"{host}: {why}")

    return write


class FetchedSource(Source):
    """A data set made of files that are fetched once."""

    files: ClassVar[tuple[RemoteFile, ...]]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    def folder_in(self, folder: Path) -> Path:
        """Where its files are kept."""
        return folder / self.name

    def is_here(self, folder: Path) -> bool:
        return not missing(self.files, self.folder_in(folder))

    def check_here(self, folder: Path) -> None:
        """Raises DataError, with the command that helps, when something must be fetched first."""
        if not self.is_here(folder):
            raise DataError(
                N_("“{name}” is not on this machine yet: “cnn-studio data fetch {name}” fetches it"), name=self.name
            )
