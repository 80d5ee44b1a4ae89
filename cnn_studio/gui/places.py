"""Where windows and panels were left, as Qt keeps it for the next start."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings


def kept_place(places: QSettings, name: str) -> QByteArray | None:
    """What was kept under a name; None where there is nothing, or nothing that this version can read."""
    try:
        value = places.value(name)
    except RuntimeError:  # damaged, or a kind of thing that only a later version knows
        return None
    return value if isinstance(value, QByteArray) else None
