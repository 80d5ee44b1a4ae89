"""Chooses the data of a network: they are opened in another thread, and the network is told of them in one step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from cnn_studio.core.context import DataFacts
from cnn_studio.core.document import Document
from cnn_studio.core.problems import Problem
from cnn_studio.core.shapes import Shape
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from cnn_studio.core.graph import Graph
    from cnn_studio.core.plans.base import Preparation
    from cnn_studio.core.plans.plan import TrainingPlan
    from cnn_studio.engine.datasets.base import Dataset
    from cnn_studio.gui.workspace import Workspace

ABOUT_DATA = frozenset({"input_sample", "units_classes", "output_maps"})
"""Problems of a network with its data."""


@dataclass(frozen=True, eq=False)
class Offer:
    """Data that were looked at.

    Attributes:
        own: shape of a sample as it is stored.
        preparation: the steps that bring it to the network, or those of the plan where none could.
    """

    name: str
    dataset: Dataset
    facts: DataFacts
    own: Shape
    preparation: tuple[Preparation, ...]


class Chooser(QObject):
    """Opens and chooses data for one window.

    Attributes:
        wanted: name of the data that are being opened, or "".
        problem: why the last ones could not be chosen, or "".

    Signals:
        changed: another of these.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.wanted = self.problem = ""

    def choose(self, name: str) -> None:
        """Open these data, and train on them from the next run on."""
        self.wanted, self.problem = name, ""
        self.changed.emit()
        document, plan = self._workspace.document, self._workspace.plan
        graph = document.graph
        opened = self._workspace.data.dataset if name == self._workspace.data.name else None
        self._workspace.slow.ask(
            "choose",
            lambda: _looked_at(name, opened, graph, plan),
            lambda offer: self._take(document, offer),
            self._refuse,
        )
        self._workspace.data.let_go()  # asked for anew by whoever shows them: behind those that were chosen

    def give_up(self) -> None:
        """Choose nothing: what is being opened is let go."""
        self._workspace.slow.drop("choose")
        self._over("")

    def _take(self, document: Document, offer: Offer) -> None:
        self._over("")
        if document is self._workspace.document:
            self._workspace.choose_data(offer.name, offer.facts, offer.preparation)
            self._workspace.data.take(offer.dataset)

    def _refuse(self, sentence: str) -> None:
        self._over(sentence)

    def _over(self, problem: str) -> None:
        self.wanted, self.problem = "", problem
        self.changed.emit()


def problems_with(document: Document) -> list[Problem]:
    """What is wrong between a network and its data."""
    return [problem for problem in document.diagnosis.problems if problem.code in ABOUT_DATA]


def can_be_brought(own: Shape, wanted: Shape) -> bool:
    """Whether preprocessing brings samples of one shape to another."""
    return own.rank == wanted.rank and (own.channels == wanted.channels or wanted.channels in (1, 3))


# -- in the other thread -----------------------------------------------------------------------------------------------


def _looked_at(name: str, opened: Dataset | None, graph: Graph, plan: TrainingPlan) -> Offer:
    from cnn_studio.engine.datasets.base import DataError, first_readable
    from cnn_studio.engine.datasets.opening import open_data
    from cnn_studio.engine.preparing import facts_of, fitted, network_input

    data: Any = opened if opened is not None else open_data(name)
    if not len(data.train):
        raise DataError(N_("“{data}” does not have a single sample to learn from"), data=data.name)
    stored = data.train.shape
    if stored is None:
        first = first_readable(data.train)
        stored = Shape(first.shape[0], tuple(first.shape[1:]))
    facts, wanted = facts_of(graph, data), network_input(graph)
    if wanted is None or not can_be_brought(stored, wanted):
        return Offer(name, data, replace(facts, sample=stored), stored, plan.preparation)
    return Offer(name, data, facts, stored, fitted(plan, graph, data).preparation)
