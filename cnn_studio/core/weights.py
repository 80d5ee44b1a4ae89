"""What the weights of a project are called and how large they are, read from the header of their safetensors bytes."""

from __future__ import annotations

from math import prod
from typing import Any

from cnn_studio.core.context import WeightShapes
from cnn_studio.core.json_text import read_json, refuse
from cnn_studio.core.words import one_line
from cnn_studio.i18n import N_

WEIGHTS = "weights.safetensors"
LARGEST_HEADER = 16 * 2**20
MOST_TENSORS = 500_000
MOST_AXES = 8
BYTES_OF = {
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1,
    "U64": 8, "U32": 4, "U16": 2, "U8": 1, "BOOL": 1,
}  # fmt: skip
"""Bytes of one number of each type, by its name in the header."""


def weight_shapes(data: bytes) -> WeightShapes:
    """Shape of every tensor by node id and by its name inside the layer. No bytes: nothing. Raises ProjectError."""
    if not data:
        return {}
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > len(data) - 8:
        refuse(WEIGHTS, N_("not all of it is there"))
    if length > LARGEST_HEADER:
        refuse(WEIGHTS, N_("its header is larger than {limit} bytes"), limit=LARGEST_HEADER)
    header = read_json(data[8 : 8 + length], WEIGHTS)
    if not isinstance(header, dict) or len(header) > MOST_TENSORS:
        refuse(WEIGHTS, N_("it does not list its tensors"))
    left = len(data) - 8 - length
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    total = 0
    for key, entry in header.items():
        if key == "__metadata__":
            continue
        node_id, dot, rest = key.partition(".")
        if not (node_id and dot and rest):
            refuse(WEIGHTS, N_("the tensor “{name}” does not say which layer it belongs to"), name=one_line(key))
        found.setdefault(node_id, {})[rest] = _shape(key, entry, left)
        total += entry["data_offsets"][1] - entry["data_offsets"][0]
    if total != left:
        refuse(WEIGHTS, N_("its tensors take {total} bytes, but there are {left}"), total=total, left=left)
    return found


def _shape(key: str, entry: Any, left: int) -> tuple[int, ...]:
    """Shape of one tensor, whose place among the ``left`` bytes must be as large as it says."""
    entry = entry if isinstance(entry, dict) else {}
    shape, offsets, size = entry.get("shape"), entry.get("data_offsets"), BYTES_OF.get(str(entry.get("dtype")))
    if size is None or not _sizes(shape) or not _sizes(offsets) or len(shape) > MOST_AXES or len(offsets) != 2:
        refuse(WEIGHTS, N_("the tensor “{name}” is not described as it should be"), name=one_line(key))
    start, end = offsets
    if not start <= end <= left or end - start != size * prod(shape):
        refuse(WEIGHTS, N_("the tensor “{name}” is not as large as it should be"), name=one_line(key))
    return tuple(shape)


def _sizes(value: Any) -> bool:
    return isinstance(value, list) and all(type(number) is int and number >= 0 for number in value)
