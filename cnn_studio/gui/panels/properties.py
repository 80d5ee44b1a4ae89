"""The panel of properties: what is chosen, its settings as a form, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnn_studio.core import grouping
from cnn_studio.core.document import Change
from cnn_studio.gui import theme
from cnn_studio.gui.labels import retheme
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.properties.layer_view import LayerView
from cnn_studio.gui.properties.network_view import NetworkView
from cnn_studio.gui.properties.parts import View
from cnn_studio.gui.widgets.scroller import Scroller
from cnn_studio.gui.workspace import Selection, Workspace

if TYPE_CHECKING:
    from cnn_studio.gui.properties.other_views import EdgeView, GroupView

V = TypeVar("V", bound=View)


@panels.declare("properties")
class PropertiesPanel(LivePanel):
    """Shows one view: of layers, a group, a connection, or the whole network when nothing is chosen."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.views: list[View] = []
        inside = QWidget()
        inside.setObjectName("contents")
        self._stack = QVBoxLayout(inside)
        self._stack.setContentsMargins(theme.PADDING, theme.PADDING, theme.UNIT, theme.PADDING)
        self._stack.addStretch(1)
        self.scroller = Scroller(f"{name}.scroll", inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.scroller)
        workspace.selection_changed.connect(self._selected)
        workspace.edit_requested.connect(self.take_keyboard)
        self.shown: View = self.network
        self.shown.show()

    @cached_property
    def layers(self) -> LayerView:
        """That of layers. Each view is made when something of its kind is first chosen."""
        return self._made(LayerView)

    @cached_property
    def group(self) -> GroupView:
        """That of a group."""
        from cnn_studio.gui.properties.other_views import GroupView

        return self._made(GroupView)

    @cached_property
    def edge(self) -> EdgeView:
        """That of a connection."""
        from cnn_studio.gui.properties.other_views import EdgeView

        return self._made(EdgeView)

    @cached_property
    def network(self) -> NetworkView:
        """That of the whole network."""
        return self._made(NetworkView)

    def _made(self, kind: Callable[[Workspace, str], V]) -> V:
        view = kind(self.workspace, self.objectName())
        view.hide()
        view.retranslate()
        self._stack.insertWidget(self._stack.count() - 1, view)
        self.views.append(view)
        return view

    def take_keyboard(self) -> None:
        """Let the keyboard be in the first field of what is chosen."""
        roots = (self.shown.form, self.shown) if isinstance(self.shown, LayerView) else (self.shown,)
        for root in roots:
            for field in root.findChildren(QWidget):
                if field.isVisible() and field.isEnabled() and field.focusPolicy() == Qt.FocusPolicy.StrongFocus:
                    field.setFocus(Qt.FocusReason.OtherFocusReason)
                    return

    def retranslate(self) -> None:
        for view in self.views:
            view.retranslate()

    def refresh(self) -> None:
        self._choose(self.workspace.selection)

    def follow(self, change: Change) -> None:
        if not change.preview and not self.shown.is_withdrawing:
            self.shown.show_kept()
        if change.before is not change.after or change.parts - {"view", "saved", "history"}:
            self.shown.show_figures()

    def _selected(self) -> None:
        self.shown.finish()
        self.renew()

    def _choose(self, chosen: Selection) -> None:
        graph = self.workspace.document.graph
        nodes, groups, edges = chosen.nodes, chosen.groups & graph.groups.keys(), chosen.edges
        if len(groups) == 1 and not nodes:
            self._show(self.group)
            self.group.choose(next(iter(groups)))
        elif nodes or groups:
            members = grouping.all_members(graph) if groups else {}
            every = nodes.union(*(members[one] for one in groups)) & graph.nodes.keys()
            self._show(self.layers)
            self.layers.choose(tuple(node_id for node_id in graph.nodes if node_id in every))
        elif edges:
            self._show(self.edge)
            self.edge.choose(min(edges))
        else:
            self._show(self.network)
            self.network.show_kept()
            self.network.show_figures()

    def _show(self, view: View) -> None:
        if view is not self.shown:
            self.shown = view
            for one in self.views:
                one.setVisible(one is view)
            self.scroller.verticalScrollBar().setValue(0)
            retheme(view)
