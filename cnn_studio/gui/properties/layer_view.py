"""The properties of one or several layers."""

from __future__ import annotations

from typing import Any

from cnn_studio.core import edits
from cnn_studio.core.edits import EditError
from cnn_studio.core.graph import Node
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.words import Words
from cnn_studio.gui.forms import Form
from cnn_studio.gui.labels import SMALL, Message, Text
from cnn_studio.gui.properties.figures import layer_figures, sum_figures
from cnn_studio.gui.properties.parts import Figures, NameField, NoteField, Rule, View
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _, integer, ngettext


class LayerView(View):
    """Name, kind and form of the chosen layers; below them the sums, and the note of a single one."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        super().__init__(workspace, f"{name}.layer")
        self.nodes: tuple[str, ...] = ()
        self.name = NameField(f"{name}.name")
        self.name.bind(self._judge_name, self._keep_name)
        self.name.left.connect(self._name_left)
        self.title = Text("text", "title", f"{name}.title")
        self.kind = Text("secondary", SMALL, f"{name}.kind")
        self.form = Form(name)
        self.misfit = Message("error", f"{name}.misfit")
        self.figures = Figures(f"{name}.figures")
        self.note_head = Text("secondary", SMALL)
        self.note = NoteField(f"{name}.note")
        self.note_head.setBuddy(self.note)
        self.rules = Rule(), Rule()
        for widget in (self.name, self.title, self.kind, self.form, self.rules[0], self.misfit, self.figures,
                       self.rules[1], self.note_head, self.note):  # fmt: skip
            self.box.addWidget(widget)
        self.form.tried.connect(self._try)
        self.form.committed.connect(self._keep)
        self.form.withdrawn.connect(self.withdraw)
        self.note.written.connect(self._keep_note)

    def choose(self, nodes: tuple[str, ...]) -> None:
        """Show these layers."""
        self.nodes = nodes
        self.show_kept()
        self.show_figures()

    @property
    def _kept(self) -> list[Node]:
        graph = self.workspace.document.project.graph
        return [graph.nodes[node_id] for node_id in self.nodes if node_id in graph.nodes]

    def show_kept(self) -> None:
        nodes = self._kept
        if not nodes:
            return
        single = len(nodes) == 1
        first = nodes[0]
        self.name.setVisible(single)
        self.title.setVisible(not single)
        for widget in (self.note_head, self.note, self.rules[1]):
            widget.setVisible(single)
        if single:
            self.name.show_name(first.name, first.layer.kind, first.layer.family)
            self.note.show_note(first.note)
        self.title.setText(ngettext("{n} layer", "{n} layers", len(nodes)).format(n=integer(len(nodes))))
        self.kind.setText(_kinds([node.layer for node in nodes]))
        facts = self.workspace.document.report.facts.get(first.id)
        axes = facts.inputs[0].rank if facts and facts.inputs and facts.inputs[0].rank else 2
        self.form.show_models([node.layer for node in nodes], axes)
        self.form.setVisible(bool(self.form.rows))
        self.rules[0].setVisible(bool(self.form.rows))

    def show_figures(self) -> None:
        report = self.workspace.document.report
        nodes = [node_id for node_id in self.nodes if node_id in report.facts]
        if len(nodes) == 1:
            error = report.facts[nodes[0]].error
            sentence = str(error) if error else ""
            self.misfit.say(sentence[:1].upper() + sentence[1:])
            self.figures.show_figures(layer_figures(report, nodes[0]))
        elif nodes:
            self.misfit.say("")
            self.figures.show_figures(sum_figures(report, nodes))

    def finish(self) -> None:
        self.name.finish()
        self.form.finish()
        self.note.finish()

    def retranslate(self) -> None:
        self.form.retranslate()
        self.note_head.setText(_("Note"))
        self.note.setPlaceholderText(_("Something to remember about this layer"))
        self.note.setAccessibleName(_("Note"))
        self.note.setToolTip(_("Free text that is saved with the layer"))
        self.name.line.setAccessibleName(_("Name of the layer"))
        self.name.line.setToolTip(_("Name of the layer"))

    # -- edits --------------------------------------------------------------------------------------------------------

    def _present(self) -> list[str]:
        """The chosen layers that are still there: some may go while one types."""
        graph = self.workspace.document.project.graph
        return [node_id for node_id in self.nodes if node_id in graph.nodes]

    def _try(self, values: dict[str, Any]) -> None:
        document = self.workspace.document
        document.preview(edits.set_fields(document.project.graph, self._present(), values))

    def _keep(self, values: dict[str, Any], key: str) -> None:
        nodes = self._present()
        self.workspace.edit(lambda graph: edits.set_fields(graph, nodes, values), merge=key)

    def _judge_name(self, text: str) -> Words | None:
        document = self.workspace.document
        try:
            document.preview(edits.rename(document.project.graph, self.nodes[0], text))
        except EditError as error:
            self.withdraw()
            return error.words
        return None

    def _keep_name(self, text: str) -> None:
        present = self._present()
        if present:
            self.workspace.edit(lambda graph: edits.rename(graph, present[0], text))

    def _name_left(self) -> None:
        self.workspace.document.cancel()
        self.show_kept()

    def _keep_note(self, text: str) -> None:
        present = self._present()
        if present:
            self.workspace.edit(lambda graph: edits.set_note(graph, present[0], text))
            self.show_kept()


def _kinds(layers: list[Layer]) -> str:
    """The kinds of some layers, each once."""
    names = list(dict.fromkeys(_(layer.label) for layer in layers))
    return ", ".join(names[:4]) + (" …" if len(names) > 4 else "")
