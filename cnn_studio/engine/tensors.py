"""Tensors in files: safetensors, written so that a failure leaves the file that was there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import load, save
from torch import Tensor

from cnn_studio.core.files import FileError, read_file, write_atomically
from cnn_studio.i18n import N_

LARGEST = 64 * 2**30
NUMBERS = "numbers"


def tensor_bytes(tensors: Mapping[str, Tensor], numbers: Mapping[str, Any] | None = None) -> bytes:
    """Tensors, and plain numbers beside them, as safetensors."""
    metadata = None if numbers is None else {NUMBERS: json.dumps(dict(numbers))}
    return save({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, metadata)


def tensors_of(data: bytes) -> dict[str, Tensor]:
    """The tensors in safetensors bytes. Raises FileError when they are damaged."""
    try:
        return load(data)
    except (SafetensorError, ValueError, KeyError) as error:
        raise FileError(N_("its weights are damaged")) from error


def numbers_of(data: bytes) -> dict[str, Any]:
    """The plain numbers kept beside the tensors. Raises FileError when they are damaged."""
    try:
        length = int.from_bytes(data[:8], "little")
        numbers = json.loads(json.loads(data[8 : 8 + length])["__metadata__"][NUMBERS])
    except (ValueError, KeyError, TypeError) as error:
        raise FileError(N_("its weights are damaged")) from error
    if not isinstance(numbers, dict):
        raise FileError(N_("its weights are damaged"))
    return numbers


def write_tensors(path: Path, tensors: Mapping[str, Tensor], numbers: Mapping[str, Any] | None = None) -> None:
    """Write a file of tensors. Raises FileError; then the file is as it was before."""
    write_atomically(path, tensor_bytes(tensors, numbers))


def read_tensors(path: Path) -> tuple[dict[str, Tensor], bytes]:
    """The tensors of a file and its bytes. Raises FileError."""
    data = read_file(path, LARGEST)
    return tensors_of(data), data


def read_tensor(path: Path, name: str) -> Tensor | None:
    """One tensor of a file; None where there is no such file or tensor. Raises FileError when the file is damaged."""
    try:
        with safe_open(path, "pt") as file:
            return file.get_tensor(name).clone() if name in file.keys() else None  # noqa: SIM118 - no mapping
    except FileNotFoundError:
        return None
    except (SafetensorError, OSError) as error:
        raise FileError(N_("its weights are damaged")) from error
