"""How long a run of this network would take on this machine: measured once, in the other thread, and remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cnn_studio.core.graph import Graph
from cnn_studio.gui.look import same_network
from cnn_studio.gui.runner import Lane
from cnn_studio.gui.samples import READY, Data

if TYPE_CHECKING:
    from cnn_studio.core.plans.plan import TrainingPlan

KEPT = 8
"""Measurements that are remembered."""


class Estimator(QObject):
    """Measures steps.

    Signals:
        measured: another measurement is there, or why there is none.
    """

    measured = Signal()

    def __init__(self, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._kept: list[tuple[Graph, TrainingPlan, float | str]] = []
        self._asked: tuple[Graph, TrainingPlan] | None = None

    def step(self, graph: Graph, plan: TrainingPlan) -> float | str | None:
        """Seconds of a step, or why they cannot be known, or None as long as nothing was measured."""
        wanted = _timing(plan)
        for known, timing, found in self._kept:
            if timing == wanted and same_network(known, graph):
                return found
        return None

    def measure(self, graph: Graph, plan: TrainingPlan) -> None:
        """Measure a step, unless that is known or being done already."""
        wanted = _timing(plan)
        if self.step(graph, plan) is not None:
            return
        if self._asked is not None and self._asked[1] == wanted and same_network(self._asked[0], graph):
            return
        self._asked = graph, wanted
        take = self._taker(graph, wanted)
        self._lane.ask("estimate", lambda: _measured(graph, wanted), take, take)

    def drop(self) -> None:
        """Nobody looks any more: what is not begun is not done."""
        self._asked = None
        self._lane.drop("estimate")

    def _taker(self, graph: Graph, timing: TrainingPlan) -> Callable[[float | str], None]:
        def take(found: float | str) -> None:
            self._kept = [*self._kept[1 - KEPT :], (graph, timing, found)]
            self._asked = None
            self.measured.emit()

        return take


def _timing(plan: TrainingPlan) -> TrainingPlan:
    """The plan with only what the time of a step depends on."""
    return plan.model_copy(
        update={
            "data": "", "epochs": 1, "subset": 0, "validation": 0.0, "rate": 0.001, "patience": 0, "seed": 0,
            "class_weights": False, "label_smoothing": 0.0, "schedule": _plain_schedule(),
        }
    )  # fmt: skip


def _plain_schedule() -> object:
    from cnn_studio.core.plans.schedule import Constant

    return Constant()


def samples_of(data: Data) -> tuple[int, int | None] | None:
    """Samples to learn from, and those of a validation split where the data have one; None while they are not known."""
    if data.state == READY:
        judged = data.splits.get("validation")
        return data.splits["train"].count, judged.count if judged is not None else None
    return None


def _measured(graph: Graph, plan: TrainingPlan) -> float:
    from cnn_studio.engine.estimate import step_seconds
    from cnn_studio.engine.starting import cache_file

    return step_seconds(graph, plan, cache_file())
