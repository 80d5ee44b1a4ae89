"""What every panel receives: the document, the selection, the settings, and the signals that tell of their changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cnn_studio.core.document import Change, Document
from cnn_studio.core.edits import EditError
from cnn_studio.core.graph import Edge, Graph
from cnn_studio.core.settings import Settings
from cnn_studio.core.words import Words


@dataclass(frozen=True)
class Selection:
    """What is chosen: layers, groups (folded ones stand for their layers) and connections, by id."""

    nodes: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    edges: frozenset[Edge] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.groups or self.edges)

    @property
    def only_node(self) -> str | None:
        """The id of the layer when exactly one is chosen and nothing else."""
        return next(iter(self.nodes)) if len(self.nodes) == 1 and not self.groups and not self.edges else None


class Workspace(QObject):
    """One window's state. It is a messenger: nothing is decided here.

    Signals:
        document_replaced: another document was opened; everything is to be shown anew.
        changed(Change): the document changed, see ``core.document.Change``.
        selection_changed: another selection.
        hovered(str): the layer under the pointer or the keyboard's focus on the canvas, "" for none.
        settings_changed: language, theme or notation changed; texts and colours are to be shown anew.
        said(str): a sentence for the person, to be shown in place and to vanish by itself.
        ghost_changed: another fix or edit is tried out on the canvas before it is applied.
        center_requested(list of node ids): bring these into view.
        starter_requested(str): open a copy of a starter in this window, after the usual question about unsaved edits.
        edit_requested: the person wants to edit what is chosen: the properties take the keyboard.
    """

    document_replaced = Signal()
    changed = Signal(object)
    selection_changed = Signal()
    hovered = Signal(str)
    settings_changed = Signal()
    said = Signal(str)
    ghost_changed = Signal()
    center_requested = Signal(object)
    starter_requested = Signal(str)
    edit_requested = Signal()

    def __init__(self, document: Document | None = None, settings: Settings | None = None) -> None:
        super().__init__()
        self.settings = settings or Settings()
        self._document = document or Document()
        self._stop = self._document.listen(self._heard)
        self._selection = Selection()
        self._ghost: Graph | None = None

    # -- the document --------------------------------------------------------------------------------------------------

    @property
    def document(self) -> Document:
        """The document of this window."""
        return self._document

    def replace_document(self, document: Document) -> None:
        """Show another document."""
        self._stop()
        self._document = document
        self._stop = document.listen(self._heard)
        self._selection = Selection()
        self._ghost = None
        self.document_replaced.emit()
        self.selection_changed.emit()

    def open(self, path: Path) -> None:
        """Open a file in this window. Raises ProjectError; then everything stays as it was."""
        self.replace_document(Document.open(path))

    def _heard(self, change: Change) -> None:
        if change.removed or change.groups or change.edges:
            self._forget_gone()
        self.changed.emit(change)

    def edit(self, function: Callable[[Graph], Graph], name: Words | None = None, *, merge: str = "") -> bool:
        """Carry out an edit as one step; a refusal is said to the person. Whether it was done."""
        try:
            self._document.edit(function(self._document.graph), name, merge=merge)
        except EditError as error:
            self.said.emit(str(error))
            return False
        return True

    # -- the selection -------------------------------------------------------------------------------------------------

    @property
    def selection(self) -> Selection:
        """What is chosen."""
        return self._selection

    def select(
        self, nodes: Iterable[str] = (), groups: Iterable[str] = (), edges: Iterable[Edge] = (), *, reveal: bool = False
    ) -> None:
        """Choose exactly these; ``reveal`` also brings them into view."""
        chosen = Selection(frozenset(nodes), frozenset(groups), frozenset(edges))
        if chosen != self._selection:
            self._selection = chosen
            self.selection_changed.emit()
        if reveal and chosen.nodes:
            self.center_requested.emit(sorted(chosen.nodes))

    def _forget_gone(self) -> None:
        graph = self._document.graph
        edges = frozenset(edge for edge in self._selection.edges if edge.source in graph.inputs_of(edge.target))
        nodes, groups = self._selection.nodes & graph.nodes.keys(), self._selection.groups & graph.groups.keys()
        self.select(nodes, groups, edges)

    # -- trying out ----------------------------------------------------------------------------------------------------

    @property
    def ghost(self) -> Graph | None:
        """A network that is shown faintly over the present one before a fix is applied, or None."""
        return self._ghost

    def show_ghost(self, graph: Graph | None) -> None:
        """Show what a fix would do, or no longer."""
        if graph is not self._ghost:
            self._ghost = graph
            self.ghost_changed.emit()

    # -- settings ------------------------------------------------------------------------------------------------------

    def set_settings(self, settings: Settings) -> None:
        """Other settings; texts and colours follow."""
        self.settings = settings
        self.settings_changed.emit()
