"""The learning rate range test of one window: carried out in a thread of its own, and told point by point."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QObject

from cnn_studio.core.project import Project
from cnn_studio.gui.errand import Errand

if TYPE_CHECKING:
    from cnn_studio.core.plans.plan import TrainingPlan
    from cnn_studio.engine.datasets.base import Dataset
    from cnn_studio.engine.range_test import RangePoint, Suggestion


class RateFinding(Errand):
    """Tries growing learning rates; given up, the step in progress is the last.

    Attributes:
        points: what came so far.
        suggestion: what they say, once the test is over; None before, and when it was broken off.
    """

    thread_name: ClassVar[str] = "rates"
    patience: ClassVar[float] = 5.0

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.points: list[RangePoint] = []
        self.suggestion: Suggestion | None = None

    def start(self, project: Project, plan: TrainingPlan, dataset: Dataset | None) -> None:
        """Try rates on a fresh copy of the network; ``dataset`` are the plan's data where they are open already."""
        if not self.is_running:
            self.points, self.suggestion = [], None
            self._begin(lambda given_up, _tell: _tried(project, plan, dataset, given_up))

    def forget(self) -> None:
        """Another network: what was found is of no use any more."""
        self.stop()
        if not self.is_running and (self.points or self.problem):
            self.points, self.suggestion, self.problem = [], None, ""
            self.changed.emit()

    def _heard(self, item: Any) -> None:
        if isinstance(item, _Found):
            self.suggestion = item.suggestion
        else:
            self.points.append(item)

    def _over(self) -> None:
        if self._given_up.is_set() and self.suggestion is None:
            self.points = []


# -- in the other thread -----------------------------------------------------------------------------------------------


class _Found:
    """What the points say."""

    def __init__(self, suggestion: Suggestion) -> None:
        self.suggestion = suggestion


def _tried(
    project: Project,
    plan: TrainingPlan,
    dataset: Dataset | None,
    given_up: threading.Event,
) -> Iterator[Any]:
    """Points, and what they say unless nobody wants to know any more."""
    from cnn_studio.engine.datasets.base import DataError
    from cnn_studio.engine.datasets.opening import open_data
    from cnn_studio.engine.preparing import fitted
    from cnn_studio.engine.range_test import range_test, suggestion
    from cnn_studio.engine.session import Session
    from cnn_studio.engine.starting import cache_file, first_error

    data = dataset if dataset is not None else open_data(plan.data)
    problem = first_error(project, data)
    if problem is not None:
        raise DataError("{problem}", problem=problem)
    session = Session(project.graph, fitted(plan, project.graph, data), data, cache=cache_file())
    points = []
    for point in range_test(session):
        points.append(point)
        yield point
        if given_up.is_set():
            return
    yield _Found(suggestion(points))
