"""Zip files as nobody should write them."""

import io
import json
import zipfile
from typing import Any


def zipped(members: dict[str, Any] | list[tuple[str, Any]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip; members may stand twice, and anything but bytes becomes JSON."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, value in members.items() if isinstance(members, dict) else members:
            archive.writestr(zipfile.ZipInfo(name), as_bytes(value), compression)
    return stream.getvalue()


def as_bytes(value: Any) -> bytes:
    """The value itself, or its JSON."""
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()
