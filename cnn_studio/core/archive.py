"""Zip archives from strangers, read with limits, and archives of ours, written so that equal contents are equal bytes."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Collection, Mapping
from io import BytesIO
from typing import BinaryIO, NoReturn

from cnn_studio.core.files import ProjectError
from cnn_studio.core.words import one_line
from cnn_studio.i18n import N_

MOST_MEMBERS = 1000
MOST_BYTES = 2_000_000_000
"""Bytes of all members together, at most."""
LONGEST_MEMBER_NAME = 200
LARGEST_DIRECTORY = 1_048_576
SUSPICIOUS_RATIO = 150
"""Ordinary texts shrink 5 to 50 times; a member that grows more than this, and is large, is a bomb."""
SMALL = 8 * 2**20

_BLOCK = 1_048_576
_PART = re.compile(r"[\w.\-+ ()]*[\w\-+()]\Z")
_END, _END64 = b"PK\x05\x06", b"PK\x06\x07"
_END_LENGTH, _LONGEST_COMMENT = 22, 65_535
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)


def write_members(members: Mapping[str, bytes], stored: Collection[str] = ()) -> bytes:
    """A zip of these members in their order; ``stored`` are not compressed. Raises ProjectError when it grows too large."""
    total = 0
    for name, data in members.items():
        total += len(data)
        _check_name(name)
    if total > MOST_BYTES:
        raise ProjectError(N_("it is larger than {limit} bytes"), limit=MOST_BYTES)
    if len(members) > MOST_MEMBERS:
        raise ProjectError(N_("it has more than {limit} members"), limit=MOST_MEMBERS)
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _FIXED_DATE)
            info.create_system = 3  # the same bytes on every system
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return stream.getvalue()


def read_members(stream: BinaryIO, limits: Mapping[str, int]) -> dict[str, bytes]:
    """Every member of a zip by name. Raises ProjectError; sizes are counted while reading, headers are not trusted.

    Args:
        limits: how many bytes some members may hold; all together may hold ``MOST_BYTES``.
    """
    length = _check_end(stream)
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(stream) as archive:
            for info in archive.infolist():
                if info.is_dir() and info.file_size == 0:
                    continue
                _check_member(info, found)
                limit = min(left, limits.get(info.filename, left))
                found[info.filename] = _content(archive, info, limit, length)
                left -= len(found[info.filename])
    except ProjectError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, IndexError, OverflowError):
        _damaged()
    except (RuntimeError, NotImplementedError, UnicodeError, zipfile.LargeZipFile):
        _damaged()
    return found


def _damaged() -> NoReturn:
    raise ProjectError(N_("the file is damaged, or not all of it is there")) from None


def _check_end(stream: BinaryIO) -> int:
    """Length of the file; refuses what is no zip, and a directory too large to be looked at."""
    length = stream.seek(0, 2)
    stream.seek(max(0, length - _END_LENGTH - _LONGEST_COMMENT - 20))
    tail = stream.read()
    stream.seek(0)
    start = stream.read(4)
    place = tail.rfind(_END)
    if length == 0:
        raise ProjectError(N_("the file is empty"))
    if place < 0 or len(tail) - place < _END_LENGTH:
        if start[:2] == b"PK":
            _damaged()
        raise ProjectError(N_("it is not a project of CNN Studio"))
    count = int.from_bytes(tail[place + 10 : place + 12], "little")
    size = int.from_bytes(tail[place + 12 : place + 16], "little")
    if count > MOST_MEMBERS or size > LARGEST_DIRECTORY or _END64 in tail[max(0, place - 20) : place]:
        raise ProjectError(N_("it has more than {limit} members"), limit=MOST_MEMBERS)
    return length


def _check_member(info: zipfile.ZipInfo, found: Mapping[str, bytes]) -> None:
    _check_name(info.orig_filename)
    if len(found) >= MOST_MEMBERS:
        raise ProjectError(N_("it has more than {limit} members"), limit=MOST_MEMBERS)
    if info.filename in found:
        raise ProjectError(N_("it holds “{name}” twice"), name=one_line(info.filename))
    if info.flag_bits & 0x1:
        raise ProjectError(N_("“{name}” in it is encrypted"), name=one_line(info.filename))
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ProjectError(
            N_("“{name}” in it is compressed in a way that is not read here"), name=one_line(info.filename)
        )


def _check_name(name: str) -> None:
    """Nothing is ever unpacked; but a kept member must harm nobody who unpacks the file by hand."""
    if len(name) > LONGEST_MEMBER_NAME or not all(_PART.match(part) for part in name.split("/")):
        raise ProjectError(N_("it holds a member with the name “{name}”, which is not allowed"), name=one_line(name))


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int, length: int) -> bytes:
    """All bytes of a member, counted while they come."""
    blocks: list[bytes] = []
    count = 0
    with archive.open(info) as member:
        while block := member.read(_BLOCK):
            count += len(block)
            if count > limit:
                raise ProjectError(N_("“{name}” in it is larger than {limit} bytes"), name=info.filename, limit=limit)
            if count > SMALL and count > SUSPICIOUS_RATIO * length:
                raise ProjectError(N_("“{name}” in it unpacks to far more than the file holds"), name=info.filename)
            blocks.append(block)
    return b"".join(blocks)
