"""IDX files, the format of MNIST: a header of sizes and raw bytes, gzipped or not (LeCun's description)."""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path

import numpy as np

from cnn_studio.engine.datasets.base import Array, DataError
from cnn_studio.i18n import N_

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
LARGEST = 8 * 2**30
"""Bytes that a file may unpack to; more is refused as damaged or hostile."""


def read_idx(path: Path) -> Array:
    """The array in an IDX file. Raises DataError naming the file when it is damaged or something else."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rb") if packed else path.open("rb") as stream:
            return _read(stream.read(LARGEST), path)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(N_("“{file}” is damaged: its compressed data break off or make no sense"), file=path.name) from error
    except OSError as error:
        raise DataError(N_("“{file}” cannot be read: {reason}"), file=str(path), reason=error.strerror or str(error)) from error


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
