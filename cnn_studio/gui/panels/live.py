"""Panels that follow a document: told of changes while they are in sight, brought up to date when they come into it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from cnn_studio.core.document import Change
from cnn_studio.gui.labels import retheme
from cnn_studio.gui.panels.base import Panel
from cnn_studio.gui.workspace import Workspace


class LivePanel(Panel):
    """Base of the panels that show something of the document.

    ``refresh`` shows everything anew; ``follow`` is told of a change while the panel is in sight. ``delay`` is how
    many milliseconds after the last change ``later`` is called, for what takes longer than a keystroke may.
    """

    delay = 0

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self._stale = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ring)
        workspace.changed.connect(self._changed)
        workspace.document_replaced.connect(self.renew)
        workspace.settings_changed.connect(self._settings_changed)

    def refresh(self) -> None:
        """Show everything anew."""

    def follow(self, change: Change) -> None:
        """Show a change; by default everything, a little later."""
        self.soon()

    def later(self) -> None:
        """What ``soon`` asked for."""
        self.refresh()

    def soon(self) -> None:
        """Call ``later`` when nothing has changed for ``delay`` milliseconds."""
        self._timer.start(self.delay)

    def settle(self) -> None:
        """Do now what is due later."""
        if self._timer.isActive():
            self._timer.stop()
            self._ring()

    def _ring(self) -> None:
        if self.isVisible():
            self.later()
        else:
            self._stale = True

    def renew(self) -> None:
        """Show everything anew, now or when the panel comes into sight."""
        if self.isVisible():
            self._stale = False
            self._timer.stop()
            self.refresh()
        else:
            self._stale = True

    def _changed(self, change: Change) -> None:
        if self.isVisible():
            self.follow(change)
        else:
            self._stale = True

    def _settings_changed(self) -> None:
        self.retranslate()
        retheme(self)
        self.renew()

    def set_behind(self, behind: bool) -> None:
        """Catch up when it comes to the front, rest when it goes behind another one."""
        super().set_behind(behind)
        if behind:
            self._rest()
        elif self._stale and self.isVisible():
            self.renew()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.renew()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._rest()

    def _rest(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._stale = True
