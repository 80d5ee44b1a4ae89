"""The properties of a group and of a connection."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem, QPushButton

from cnn_studio.core import grouping
from cnn_studio.core.blocks import blocks
from cnn_studio.core.edits import EditError
from cnn_studio.core.graph import Edge, Group
from cnn_studio.core.layers.base import Family
from cnn_studio.core.words import Words
from cnn_studio.gui.editing import fold
from cnn_studio.gui.icons import icon
from cnn_studio.gui.labels import SMALL, Text
from cnn_studio.gui.properties.figures import edge_figures, sum_figures
from cnn_studio.gui.properties.parts import Figures, NameField, Rule, View
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _, integer, ngettext

NODE = Qt.ItemDataRole.UserRole


class GroupView(View):
    """Name, members and cost of a group, and whether it is folded."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        super().__init__(workspace, f"{name}.group")
        self.group = ""
        self.name = NameField(f"{name}.group.name")
        self.name.bind(self._judge_name, self._keep_name)
        self.name.left.connect(self._name_left)
        self.kind = Text("secondary", SMALL, f"{name}.group.kind")
        self.folded = QCheckBox()
        self.folded.setObjectName(f"{name}.group.folded")
        self.figures = Figures(f"{name}.group.figures")
        self.head = Text("secondary", SMALL)
        self.members = QListWidget()
        self.members.setObjectName(f"{name}.group.members")
        self.members.setMinimumHeight(120)
        self.members.setStyleSheet("QListWidget { background: transparent; }")  # whatever the dock stands on
        self.members.setIconSize(QSize(16, 16))
        self.head.setBuddy(self.members)
        self.ungroup = QPushButton()
        self.ungroup.setObjectName(f"{name}.group.ungroup")
        for widget in (self.name, self.kind, self.folded, Rule(), self.figures, Rule(), self.head):
            self.box.addWidget(widget)
        self.box.addWidget(self.members, 1)
        self.box.addWidget(self.ungroup, 0, Qt.AlignmentFlag.AlignLeft)
        self.folded.clicked.connect(self._fold)
        self.members.itemActivated.connect(self._choose)
        self.members.itemClicked.connect(self._choose)
        self.ungroup.clicked.connect(self._ungroup)

    def choose(self, group: str) -> None:
        """Show this group."""
        self.group = group
        self.show_kept()
        self.show_figures()

    @property
    def _kept(self) -> Group | None:
        return self.workspace.document.project.graph.groups.get(self.group)

    def show_kept(self) -> None:
        group, graph = self._kept, self.workspace.document.project.graph
        if group is None:
            return
        block = blocks.get(group.block)
        self.name.show_name(group.name, "group", block.family if block else None)
        self.kind.setText(_(block.label) if block else _("Group"))
        self.folded.setChecked(group.folded)
        members = [node for node in graph.nodes.values() if node.id in group.members]
        inner = [one for one in graph.groups.values() if one.parent == group.id]
        self.head.setText(ngettext("{n} member", "{n} members", len(members) + len(inner)).format(
            n=integer(len(members) + len(inner))))  # fmt: skip
        self.members.clear()
        for one in inner:
            self._add(one.name, "group", None, one.id)
        for node in members:
            self._add(node.name, node.layer.kind, node.layer.family, node.id)

    def _add(self, name: str, picture: str, family: Family | None, key: str) -> None:
        item = QListWidgetItem(icon(picture, family), name)
        item.setData(NODE, key)
        self.members.addItem(item)

    def show_figures(self) -> None:
        document = self.workspace.document
        members = grouping.all_members(document.graph).get(self.group, frozenset())
        self.figures.show_figures(sum_figures(document.report, members))

    def finish(self) -> None:
        self.name.finish()

    def retranslate(self) -> None:
        self.folded.setText(_("Folded into one card"))
        self.folded.setToolTip(_("Show the group as one card on the canvas"))
        self.folded.setAccessibleName(_("Folded into one card"))
        self.members.setAccessibleName(_("Members of the group"))
        self.members.setToolTip(_("Choose a layer to see its properties"))
        self.ungroup.setText(_("Ungroup"))
        self.ungroup.setToolTip(_("Take the group away; its layers stay"))
        self.ungroup.setAccessibleName(_("Ungroup"))
        self.name.line.setAccessibleName(_("Name of the group"))
        self.name.line.setToolTip(_("Name of the group"))

    # -- edits --------------------------------------------------------------------------------------------------------

    def _fold(self, folded: bool) -> None:
        fold(self.workspace, [self.group], folded)

    def _ungroup(self) -> None:
        self.workspace.edit(lambda graph: grouping.ungroup(graph, self.group))

    def _choose(self, item: QListWidgetItem) -> None:
        key = item.data(NODE)
        if key in self.workspace.document.graph.groups:
            self.workspace.select(groups=[key])
        else:
            self.workspace.select([key], reveal=True)

    def _judge_name(self, text: str) -> Words | None:
        document = self.workspace.document
        try:
            document.preview(grouping.rename_group(document.project.graph, self.group, text))
        except EditError as error:
            self.withdraw()
            return error.words
        return None

    def _keep_name(self, text: str) -> None:
        self.workspace.edit(lambda graph: grouping.rename_group(graph, self.group, text))

    def _name_left(self) -> None:
        self.workspace.document.cancel()
        self.show_kept()


class EdgeView(View):
    """What flows along a connection."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        super().__init__(workspace, f"{name}.edge")
        self.edge: Edge | None = None
        self.title = Text("text", "title", f"{name}.edge.title")
        self.figures = Figures(f"{name}.edge.figures")
        for widget in (self.title, Rule(), self.figures):
            self.box.addWidget(widget)

    def choose(self, edge: Edge) -> None:
        """Show this connection."""
        self.edge = edge
        self.show_kept()
        self.show_figures()

    def show_kept(self) -> None:
        self.title.setText(_("Connection"))

    def show_figures(self) -> None:
        report = self.workspace.document.report
        if self.edge is not None and self.edge.source in report.graph.inputs_of(self.edge.target):
            self.figures.show_figures(edge_figures(report, self.edge))

    def retranslate(self) -> None:
        self.show_kept()
