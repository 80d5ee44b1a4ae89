"""What a program or library of Linux says of itself: the libraries that it is linked with, the C library it needs."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

MAGIC = b"\x7fELF\x02\x01"
"""The beginning of a file for a 64-bit machine that writes the low byte first: all that we build for."""
LOAD, DYNAMIC = 1, 2
END, NEEDED, NAMES = 0, 1, 5
_GLIBC = re.compile(rb"GLIBC_2\.(\d+)(?:\.\d+)?\0")
_PIECE = 2**24


class _Segment(NamedTuple):
    kind: int
    offset: int
    address: int
    size: int


def is_elf(path: Path) -> bool:
    """Whether it is such a file."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(len(MAGIC)) == MAGIC


def linked_with(path: Path) -> list[str]:
    """Names of the libraries that a file is linked with; none for any other file."""
    if not is_elf(path):
        return []
    with path.open("rb") as stream:
        segments = list(_segments(stream))
        entries = [entry for one in segments if one.kind == DYNAMIC for entry in _entries(stream, one)]
        table = next((value for tag, value in entries if tag == NAMES), None)
        if table is None:
            return []
        start = _offset(table, segments)
        return [_text(stream, start + value) for tag, value in entries if tag == NEEDED]


def newest_glibc(paths: Iterable[Path]) -> tuple[int, int]:
    """The version of the C library that these files need."""
    newest = 0
    for path in paths:
        with path.open("rb") as stream:
            before = b""
            while piece := stream.read(_PIECE):
                found = (int(number) for number in _GLIBC.findall(before + piece))
                newest = max(newest, *found, 0)
                before = piece[-32:]
    return 2, newest


def _segments(stream: BinaryIO) -> Iterator[_Segment]:
    stream.seek(32)
    (table,) = struct.unpack("<Q", stream.read(8))
    stream.seek(54)
    size, count = struct.unpack("<HH", stream.read(4))
    for number in range(count):
        stream.seek(table + number * size)
        kind, _flags, offset, address, _physical, length = struct.unpack("<IIQQQQ", stream.read(40))
        yield _Segment(kind, offset, address, length)


def _entries(stream: BinaryIO, segment: _Segment) -> Iterator[tuple[int, int]]:
    stream.seek(segment.offset)
    for tag, value in struct.iter_unpack("<qQ", stream.read(segment.size - segment.size % 16)):
        if tag == END:
            return
        yield tag, value


def _offset(address: int, segments: list[_Segment]) -> int:
    """Where in the file something stands that is at an address in memory."""
    for one in segments:
        if one.kind == LOAD and one.address <= address < one.address + one.size:
            return address - one.address + one.offset
    raise ValueError(address)


def _text(stream: BinaryIO, offset: int) -> str:
    stream.seek(offset)
    return stream.read(256).partition(b"\0")[0].decode("ascii")
