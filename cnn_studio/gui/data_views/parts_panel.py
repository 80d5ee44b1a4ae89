"""A panel around a view of the plan's parts."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cnn_studio.core.document import Change
from cnn_studio.gui import theme
from cnn_studio.gui.data_views.parts_view import PartsView
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.workspace import Workspace


class PartsPanel(LivePanel):
    """Shows a view, which follows the document by itself, and scrolls it."""

    view_kind: ClassVar[type[PartsView]]
    workspaces: ClassVar[tuple[str, ...]] = ("data",)
    area: ClassVar[str] = "right"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.view = self.view_kind(workspace, f"{name}.view")
        inside = QWidget()
        inside.setObjectName("contents")
        stack = QVBoxLayout(inside)
        stack.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.PADDING)
        stack.addWidget(self.view)
        stack.addStretch(1)
        scroller = QScrollArea()
        scroller.setObjectName(f"{name}.scroll")
        scroller.setWidgetResizable(True)
        scroller.setFrameShape(QFrame.Shape.NoFrame)
        scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroller.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroller)
        self.retranslate()

    def follow(self, change: Change) -> None:
        """The view hears of changes itself."""

    def refresh(self) -> None:
        self.view.renew()

    def retranslate(self) -> None:
        self.view.retranslate()
