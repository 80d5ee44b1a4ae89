"""What every panel is: a widget that shows part of a document and writes through edits."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from cnn_studio.gui.workspace import Workspace


class Panel(QWidget):
    """Base of the panels: a view that keeps no values, redraws from changes, and costs nothing while not in sight."""

    name: ClassVar[str]
    """Stable name, see ``Place``."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.setObjectName(f"panel.{self.name}")
        self._behind = False

    def set_behind(self, behind: bool) -> None:
        """Whether another panel stands before this one in the same place."""
        self._behind = behind

    def isVisible(self) -> bool:
        """Whether it can be seen: to Qt a panel behind the tab of another one is visible, and would go on working."""
        return super().isVisible() and not self._behind

    def retranslate(self) -> None:
        """Show every text anew in the language of the moment."""
