"""Garbage is collected in the window's thread only.

Python looks for objects that hold only each other in whichever thread happens to make the next one, and ends what it
finds there. A widget that is ended in the thread of a training takes the program with it, so as soon as there may be
windows that search is switched off, and made here, between two events.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, QTimer

EVERY = 250
"""Milliseconds between two looks at how much there is."""
MANY = 50
"""Modules that were loaded since the last look: what they made is set aside without being looked through."""


class Sweeper(QObject):
    """Collects garbage as often as Python would, in the thread in which widgets are made. Nobody else does, for good.

    A library such as torch makes more objects than all the rest, and hardly any garbage. Those are set aside, or the
    window would stand still for a tenth of a second whenever everything is looked through.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._modules = len(sys.modules)
        often = QTimer(self)
        often.timeout.connect(self._look)
        often.start(EVERY)
        self._once = QTimer(self)
        self._once.setSingleShot(True)
        self._once.timeout.connect(_sweep_everything)

    def all_soon(self) -> None:
        """Something large has gone, such as a window: look through everything when there is a moment."""
        self._once.start(EVERY)

    def _look(self) -> None:
        before, self._modules = self._modules, len(sys.modules)
        gc.freeze() if self._modules > before + MANY else sweep()


def sweep() -> None:
    """Collect the generations of objects of which there are more than Python lets be."""
    due = [age for age, limit in enumerate(gc.get_threshold()) if 0 < limit < gc.get_count()[age]]
    if due:
        gc.collect(due[-1])


def _sweep_everything() -> None:
    """Also what was set aside, among which the window was."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
