"""Garbage is collected in the window's thread only.

Python looks for objects that hold only each other in whichever thread happens to make the next one, and ends what it
finds there. A widget that is ended in the thread of a training takes the program with it, so as soon as there may be
windows that search is switched off, and made here, between two events.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY = 250
"""Milliseconds between two looks at how much there is."""


class Sweeper(QObject):
    """Collects garbage as often as Python would, in the thread in which widgets are made. Nobody else does, for good."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        often = QTimer(self)
        often.timeout.connect(sweep)
        often.start(EVERY)
        self._once = QTimer(self)
        self._once.setSingleShot(True)
        self._once.timeout.connect(gc.collect)

    def all_soon(self) -> None:
        """Something large has gone, such as a window: look through everything when there is a moment."""
        self._once.start(EVERY)


def sweep() -> None:
    """Collect the generations of objects of which there are more than Python lets be."""
    due = [age for age, limit in enumerate(gc.get_threshold()) if 0 < limit < gc.get_count()[age]]
    if due:
        gc.collect(due[-1])
