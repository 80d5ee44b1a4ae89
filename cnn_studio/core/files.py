"""Reading and writing whole files, so that a failure leaves what was there and is told in one sentence."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from cnn_studio.core.words import Words, say
from cnn_studio.i18n import N_

UNFINISHED = ".saving-"
"""How the names of files begin that are being written; a process that was killed may leave one."""


class FileError(Exception):
    """A file that cannot be read or written; says why."""

    def __init__(self, template: str, /, **values: Any) -> None:
        super().__init__(template)
        self.words: Words = say(template, **values)

    def __str__(self) -> str:
        return str(self.words)


class ProjectError(FileError):
    """A project, or a piece of one, that cannot be read or written; says what and where."""


_REASONS = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.ENOTDIR: N_("there is no such file or folder"),
    errno.EISDIR: N_("it is a folder, not a file"),
    errno.EACCES: N_("there is no permission for it"),
    errno.EPERM: N_("there is no permission for it"),
    errno.EROFS: N_("the disk can only be read"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC: N_("the disk is full"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.ELOOP: N_("it is a link that leads nowhere"),
    errno.EINVAL: N_("the name is not allowed here"),
}

_PIPE = N_("it is a device or a pipe, not a file")


def reason(error: OSError) -> Words | str:
    """Why the system refused, in our words where we have them."""
    template = _REASONS.get(error.errno or 0)
    return say(template) if template else str(error.strerror or type(error).__name__)


def open_regular(path: Path) -> BinaryIO:
    """An ordinary file, opened for reading. Raises FileError for anything else, and never waits for a pipe."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        number = os.open(path, flags)
    except OSError as error:
        if os.path.isdir(path):  # noqa: PTH112 - never raises; Windows says of a folder that there is no permission
            raise FileError(_REASONS[errno.EISDIR]) from None
        raise FileError("{problem}", problem=reason(error)) from None
    except ValueError:  # a zero byte in the name
        raise FileError(_REASONS[errno.EINVAL]) from None
    mode = os.fstat(number).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(number, "rb")
    os.close(number)
    if stat.S_ISDIR(mode):
        raise FileError(_REASONS[errno.EISDIR])
    raise FileError(_PIPE)


def read_file(path: Path, limit: int) -> bytes:
    """All bytes of an ordinary file. Raises FileError, also when there are more than ``limit``."""
    with open_regular(path) as stream:
        try:
            there = min(limit, path.stat().st_size)  # reading sets aside all that is asked for
            data = stream.read(there + 1)
        except OSError as error:
            raise FileError("{problem}", problem=reason(error)) from None
    if len(data) > limit:
        raise FileError(N_("it is larger than {limit} bytes"), limit=limit)
    return data


def make_folder(folder: Path) -> None:
    """A folder of the studio's own, with those above it. Raises FileError; a file in the way is said by the writing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        return
    except OSError as error:
        raise FileError("{problem}", problem=reason(error)) from None


def write_atomically(path: Path, data: bytes) -> None:
    """The file with this content, or, on failure, as it was before. Raises FileError.

    A link is followed, so that the file it leads to is written. Permissions of an existing file are kept.
    """
    try:
        target = Path(os.path.realpath(path))
        if target.is_dir():
            raise FileError(_REASONS[errno.EISDIR])
        if target.exists() and not target.is_file():
            raise FileError(_PIPE)
        _replace(target, data)
    except OSError as error:
        raise FileError("{problem}", problem=reason(error)) from None
    except ValueError:  # a zero byte in the name
        raise FileError(_REASONS[errno.EINVAL]) from None


def _replace(target: Path, data: bytes) -> None:
    number, temporary = tempfile.mkstemp(prefix=UNFINISHED, suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(OSError):  # some file systems keep no permissions
            Path(temporary).chmod(_mode(target))
        os.replace(temporary, target)  # noqa: PTH105 - the tests put a failing one in its place
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
        raise
    _sync_folder(target.parent)


def _mode(target: Path) -> int:
    """Permissions of the file that is replaced, or those of a new one."""
    with suppress(OSError):
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a power cut, where the system knows how."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
