"""A widget that hears every movement of the mouse, also those that come between two frames."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget


class AllMovements(QWidget):
    """Base of what is drawn on: while one of them is in sight, Qt puts no movements together."""

    _seen: ClassVar[set[int]] = set()

    def showEvent(self, event: QShowEvent) -> None:
        """In sight."""
        AllMovements._seen.add(id(self))
        _put_together(False)

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight."""
        AllMovements._seen.discard(id(self))
        _put_together(not AllMovements._seen)


def _put_together(on: bool) -> None:
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, on)
