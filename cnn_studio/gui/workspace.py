"""What every panel receives: the document, the selection, the settings, the run, the data, the view into the network,
and the signals that tell of their changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cnn_studio.core.document import Change, Document
from cnn_studio.core.edits import EditError
from cnn_studio.core.graph import Edge, Graph
from cnn_studio.core.settings import Settings
from cnn_studio.core.words import Words, say
from cnn_studio.gui.choosing import Chooser
from cnn_studio.gui.comparing import Comparison
from cnn_studio.gui.drawn import Drawing
from cnn_studio.gui.fetching import Fetching
from cnn_studio.gui.judging import Judging
from cnn_studio.gui.look import Look, same_network
from cnn_studio.gui.rate_finding import RateFinding
from cnn_studio.gui.run_events import RunFacts
from cnn_studio.gui.run_list import RunList
from cnn_studio.gui.runner import Lane
from cnn_studio.gui.samples import Data
from cnn_studio.gui.sampling import Sampler
from cnn_studio.gui.training import IDLE, Training
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from cnn_studio.core.context import DataFacts
    from cnn_studio.core.plans.base import Preparation
    from cnn_studio.core.plans.plan import TrainingPlan
    from cnn_studio.engine.datasets.base import Dataset


DIGITS = "digits"
"""The data of a network without a plan."""


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
        workspace_requested(str): another of the workspaces on the rail is to be shown.
        panel_requested(str): a panel is to be shown.
        train_requested: begin a run with the network as it is.
        run_requested(Path): open the network of a run, with what came of it.
        continue_requested(Path): take up a run.
        sample_requested: open the network that has learned already, with the pad.

    Attributes:
        quick, slow: threads for what is answered at once (looking into a network, the pad), and for what takes its time
            (opening data, reading records).
        training, data, look: the run, the data that the plan names, and the view into the network.
        sampler: chooses the sample that is looked at.
        drawing: what is drawn on the pad, and what the network says of it.
        runs: all runs on disk.
        rates: the learning rate range test.
        chooser, fetching: choose the data, and fetch those that are not here.
        comparison: the runs whose curves are laid over one another.
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
    workspace_requested = Signal(str)
    sample_requested = Signal()
    train_requested = Signal()
    run_requested = Signal(object)
    continue_requested = Signal(object)
    panel_requested = Signal(str)

    def __init__(self, document: Document | None = None, settings: Settings | None = None) -> None:
        super().__init__()
        self.settings = settings or Settings()
        self._document = document or Document()
        self._stop = self._document.listen(self._heard)
        self._selection = Selection()
        self._ghost: Graph | None = None
        self._plan: tuple[object, TrainingPlan] | None = None
        self.quick, self.slow = Lane("looking", self), Lane("reading", self)
        self.training = Training(self)
        self.data = Data(self.slow, self)
        self.look = Look(self.quick, self.training, self)
        self.judging = Judging(self.look, self.data, self.slow, self)
        self.sampler = Sampler(self.data, self.look, self.quick, self)
        self.sampler.refused.connect(self.said)
        self.drawing = Drawing(self.look, self.quick, self)
        self.comparison = Comparison(self.quick, self)  # data that are opened would keep the slow one busy
        self.rates = RateFinding(self)
        self.chooser = Chooser(self, self)
        self.fetching = Fetching(self)
        self.runs = RunList(self.quick, self.training, self)
        self.runs.refused.connect(self.said)
        self.training.prepared.connect(self._prepared)
        self.training.learned.connect(self._learned)
        self._follow_document()

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
        self._follow_document()
        self.document_replaced.emit()
        self.selection_changed.emit()

    def open(self, path: Path) -> None:
        """Open a file in this window. Raises ProjectError; then everything stays as it was."""
        self.replace_document(Document.open(path))

    def _heard(self, change: Change) -> None:
        if change.removed or change.groups or change.edges:
            self._forget_gone()
        if "plan" in change.parts:
            self.data.follow(self.data_name)
        if change.parts != {"view"} and not change.preview:
            self.look.refresh_soon()
        self.changed.emit(change)

    def _follow_document(self) -> None:
        if self.training.state == IDLE:
            self.training.forget()
        self.data.follow(self.data_name)
        self.look.follow(self._document)

    def edit(self, function: Callable[[Graph], Graph], name: Words | None = None, *, merge: str = "") -> bool:
        """Carry out an edit as one step; a refusal is said to the person. Whether it was done."""
        try:
            self._document.edit(function(self._document.graph), name, merge=merge)
        except EditError as error:
            self.said.emit(str(error))
            return False
        return True

    # -- the plan ------------------------------------------------------------------------------------------------------

    @property
    def plan(self) -> TrainingPlan:
        """How the network is trained; one that cannot be read counts as none."""
        from cnn_studio.core.plans.plan import PlanError, TrainingPlan, plan_from_json

        stored = self._document.plan
        if self._plan is None or self._plan[0] is not stored:
            try:
                self._plan = stored, plan_from_json(stored or {})
            except PlanError:
                self._plan = stored, TrainingPlan()
        return self._plan[1]

    @property
    def data_name(self) -> str:
        """The data that the plan names. Asked for before the plan is needed: its kinds take a while to come."""
        named = (self._document.plan or {}).get("data")
        return named if isinstance(named, str) else DIGITS

    def set_plan(self, plan: TrainingPlan, name: Words | None = None, *, merge: str = "") -> None:
        """Train in another way from the next run on, as one step."""
        from cnn_studio.core.plans.plan import plan_to_json

        self._document.set_plan(plan_to_json(plan), name, merge=merge)

    def choose_data(
        self, name: str, facts: DataFacts | None, preparation: tuple[Preparation, ...] | None = None
    ) -> None:
        """Train on other data from the next run on, as one step. ``facts`` is None where they are not known yet.

        ``preparation`` brings their samples to the network, where other steps than before are needed for that.
        """
        from cnn_studio.core.plans.plan import plan_to_json

        plan = self.plan.model_copy(update={"data": name})
        if preparation is not None:
            plan = plan.model_copy(update={"preparation": preparation})
        self._document.set_training(
            facts, plan_to_json(plan), say(N_("data: {name}"), name=facts.name if facts else name)
        )

    def _prepared(self, data: Dataset) -> None:
        """A run begins: its data are open, and the network is told of them and of the preprocessing that they need."""
        self.data.take(data)
        run = self.training.run
        if run is None or not same_network(run.graph, self._document.graph) or self.plan.data != run.plan.data:
            return
        from cnn_studio.core.plans.plan import plan_to_json

        plan = self.plan.model_copy(update={"preparation": run.plan.preparation})
        stored = plan_to_json(plan)
        if run.data != self._document.data or stored != self._document.plan:
            name = run.data.name if run.data else run.plan.data
            self._document.set_training(run.data, stored, say(N_("train on {name}"), name=name))

    def _learned(self, run: RunFacts, weights: bytes) -> None:
        """What a run has learned belongs to the network, as long as that is the network that was trained."""
        if same_network(run.graph, self._document.graph):
            self._document.set_weights(weights)

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

    # -- the end -------------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """The window goes: a run ends and keeps what it learned, threads come to their end."""
        self.training.end()
        self.rates.end()
        self.fetching.end()
        self.look.end()
        self.quick.end()
        self.slow.end()
        self.runs.end()
