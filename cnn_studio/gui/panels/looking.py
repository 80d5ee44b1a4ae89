"""Panels that show what goes on inside a network: they ask while they are in sight, of the layer that is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from cnn_studio.core.document import Change
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers.base import Family
from cnn_studio.gui import theme
from cnn_studio.gui.editing import chosen_nodes
from cnn_studio.gui.labels import Text
from cnn_studio.gui.look import NOTHING
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _

FIRST = (Family.FEATURES, Family.DENSE)
"""Families whose first layer is shown where none was chosen, the better one first."""


class LookPanel(LivePanel):
    """Base of these panels. ``ask`` asks, and shows what is answered; the rest is why nothing can be shown.

    Attributes:
        node: id of the layer that is shown, or "".
        body: what the panel shows where there is something to show.
        of_layer: whether it shows one layer and nothing besides.
    """

    of_layer = True

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.node = ""
        self.body = QWidget()
        self._empty = Text("secondary", name=f"{self.objectName()}.empty")
        self._offer = QPushButton()
        self._offer.setObjectName(f"{self.objectName()}.offer")
        self._offer.clicked.connect(lambda: workspace.workspace_requested.emit("data"))
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(theme.PADDING, theme.GROUP_GAP, theme.PADDING, theme.PADDING)
        inner.setSpacing(theme.PADDING)
        inner.addWidget(self._empty)
        inner.addWidget(self._offer, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(page)
        self._stack.addWidget(self.body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        workspace.look.changed.connect(self.renew)
        workspace.look.pulse.connect(self._pulse)
        workspace.selection_changed.connect(self.renew)

    # -- what is asked -------------------------------------------------------------------------------------------------

    @property
    def graph(self) -> Graph | None:
        """The network that is looked into; None where there is none that runs."""
        return self.workspace.look.subject.graph

    def ask(self) -> None:
        """Ask about what is shown; called when it changed, and while it learns."""

    def follow(self, change: Change) -> None:
        """Names may be others; what is computed is told by the view into the network."""
        if change.parts != {"view"}:
            self.soon()

    def refresh(self) -> None:
        """Show the layer that is chosen."""
        graph = self.graph
        if graph is None or self.workspace.look.subject.kind == NOTHING:
            self.say(str(self.workspace.look.subject.words))
            return
        self.node = self._chosen(graph)
        if self.of_layer and self.node not in graph.nodes:
            self.say(_("The network that is looked into has no “{name}”: train again.").format(name=self.layer_name()))
            return
        self.ask()

    def hears(self, listener: Callable[[Any], object]) -> Callable[[Any], object]:
        """The listener, told only while the panel is in sight; what it misses is asked again when it comes into it."""

        def told(answer: Any) -> None:
            if not isValid(self):
                return
            if self.isVisible():
                listener(answer)
            else:
                self._stale = True

        return told

    def _pulse(self) -> None:
        graph = self.graph
        if self.isVisible() and graph is not None and (self.node in graph.nodes or not self.of_layer):
            self.ask()

    def _chosen(self, graph: Graph) -> str:
        """The layer that is chosen, or else the one that was shown, or else the first that learns."""
        chosen = chosen_nodes(self.workspace)
        if chosen:
            return chosen[-1]
        if self.node in graph.nodes:
            return self.node
        for family in FIRST:
            for node_id, node in graph.nodes.items():
                if node.layer.family == family:
                    return node_id
        return next(iter(graph.nodes), "")

    def layer_name(self) -> str:
        """What the layer that is shown is called, now or when the run began."""
        for graph in (self.workspace.document.graph, self.graph):
            if graph is not None and self.node in graph.nodes:
                return graph.nodes[self.node].name
        return ""

    # -- what is shown -------------------------------------------------------------------------------------------------

    def say(self, sentence: str, *, offer: bool = False) -> None:
        """Say why nothing is shown; with an offer to choose data."""
        if not sentence:
            return
        self._empty.setText(sentence)
        self._offer.setVisible(offer)
        self._stack.setCurrentIndex(0)

    def show_body(self) -> None:
        """Show what there is."""
        self._stack.setCurrentIndex(1)

    @property
    def is_telling(self) -> bool:
        """Whether a sentence stands in place of what is shown."""
        return self._stack.currentIndex() == 0

    def retranslate(self) -> None:
        self._offer.setText(_("Choose data"))
        self._offer.setToolTip(_("Go to the workspace in which the data are chosen"))
        self._offer.setAccessibleName(_("Choose data"))
