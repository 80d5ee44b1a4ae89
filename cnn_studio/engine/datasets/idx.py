"""IDX files, the format of MNIST: a header of sizes and raw bytes, gzipped or not (LeCun's description)."""

from __future__ import annotations

import gzip
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from cnn_studio.core.files import reason
from cnn_studio.engine.datasets.base import Array, DataError
from cnn_studio.i18n import N_

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
LARGEST = 8 * 2**30
"""Bytes that a file may unpack to; more is refused as damaged or hostile."""


def read_idx(path: Path, member: str = "") -> Array:
    """The array in an IDX file, or in a member of a zip. Raises DataError naming the file when it is damaged or something else."""
    try:
        with _opened(path, member) as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with _opened(path, member) as raw:
            content = gzip.GzipFile(fileobj=raw).read(LARGEST) if packed else raw.read()
        return _read(content, path)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, KeyError, NotImplementedError) as error:
        raise DataError(
            N_("“{file}” is damaged: its compressed data break off or make no sense"), file=path.name
        ) from error
    except OSError as error:
        raise DataError(N_("“{file}” cannot be read: {reason}"), file=str(path), reason=reason(error)) from error


@contextmanager
def _opened(path: Path, member: str) -> Iterator[IO[bytes]]:
    """The file, or the member of that name, whatever its folder in the zip. KeyError when there is none."""
    if not member:
        with path.open("rb") as stream:
            yield stream
        return
    with zipfile.ZipFile(path) as archive:
        found = next((name for name in archive.namelist() if name.rpartition("/")[2] == member), member)
        with archive.open(found) as stream:
            yield stream


def _read(content: bytes, path: Path) -> Array:
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in TYPES or not 1 <= content[3] <= 5:
        raise DataError(N_("“{file}” is not an IDX file, the format of MNIST"), file=path.name)
    axes = content[3]
    header = 4 + 4 * axes
    if len(content) < header:
        raise DataError(N_("“{file}” breaks off in its header"), file=path.name)
    sizes = struct.unpack(f">{axes}I", content[4:header])
    dtype = np.dtype(TYPES[content[2]])
    wanted = dtype.itemsize
    for size in sizes:
        wanted *= size
    if len(content) - header != wanted:
        raise DataError(
            N_("“{file}” says it holds {wanted} bytes and holds {found}: it is cut off or damaged"),
            file=path.name, wanted=wanted, found=len(content) - header,
        )  # fmt: skip
    array = np.frombuffer(content, dtype, offset=header).reshape(sizes)
    return array.astype(dtype.newbyteorder("="))
