"""What is done to samples before they enter the network: steps of preprocessing, and variation while it trains."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cnn_studio.core.document import Change
from cnn_studio.gui.columns import fill_with_column
from cnn_studio.gui.data_views.augmenting import AugmentationView
from cnn_studio.gui.data_views.preparing import PreparationView
from cnn_studio.gui.labels import STRONG, Text
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.properties.parts import Rule
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _


@panels.declare("preparation")
class PreparationPanel(LivePanel):
    """Holds the two views, which follow the document by themselves."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.views = PreparationView(workspace, f"{name}.steps"), AugmentationView(workspace, f"{name}.varied")
        self.heads = Text("text", STRONG), Text("text", STRONG)
        fill_with_column(self, (self.heads[0], self.views[0], Rule(), self.heads[1], self.views[1]))
        self.retranslate()

    def follow(self, change: Change) -> None:
        """The views hear of changes themselves."""

    def refresh(self) -> None:
        for view in self.views:
            view.renew()

    def retranslate(self) -> None:
        for head, view in zip(self.heads, self.views, strict=True):
            head.setText(_(view.step))
            view.retranslate()
