"""The learning rate range test of one window: carried out in a thread of its own, and told point by point."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from cnn_studio.core.project import Project
from cnn_studio.gui.runner import Feed

if TYPE_CHECKING:
    from cnn_studio.core.plans.plan import TrainingPlan
    from cnn_studio.engine.datasets.base import Dataset
    from cnn_studio.engine.range_test import RangePoint, Suggestion

PATIENCE = 5.0
"""Seconds that the end of a window waits for the step in progress."""


class RateFinding(QObject):
    """Tries growing learning rates.

    Attributes:
        points: what came so far.
        suggestion: what they say, once the test is over; None before, and when it was broken off.
        problem: why it could not be done, or "".

    Signals:
        changed: more points, or another state.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.points: list[RangePoint] = []
        self.suggestion: Suggestion | None = None
        self.problem = ""
        self._feed: Feed | None = None
        self._given_up = threading.Event()

    @property
    def is_running(self) -> bool:
        """Whether rates are being tried."""
        return self._feed is not None

    def start(self, project: Project, plan: TrainingPlan, dataset: Dataset | None) -> None:
        """Try rates on a fresh copy of the network; ``dataset`` are the plan's data where they are open already."""
        if self._feed is not None:
            return
        self.points, self.suggestion, self.problem = [], None, ""
        given_up = self._given_up = threading.Event()
        self._feed = Feed(lambda tell: _tried(project, plan, dataset, given_up, tell), "rates", self)
        self._feed.came.connect(self._came)
        self._feed.ended.connect(self._ended)
        self._feed.start()
        self.changed.emit()

    def stop(self) -> None:
        """Enough: the step in progress is the last."""
        self._given_up.set()

    def forget(self) -> None:
        """Another network: what was found is of no use any more."""
        self.stop()
        if self._feed is None and (self.points or self.problem):
            self.points, self.suggestion, self.problem = [], None, ""
            self.changed.emit()

    def end(self) -> None:
        """The window goes."""
        self.stop()
        if self._feed is not None:
            self._feed.abandon()
            self._feed.wait(PATIENCE)

    def _came(self, items: list[Any]) -> None:
        for item in items:
            if isinstance(item, _Found):
                self.suggestion = item.suggestion
            else:
                self.points.append(item)
        self.changed.emit()

    def _ended(self, problem: str) -> None:
        self._feed, self.problem = None, problem
        if self._given_up.is_set() and self.suggestion is None:
            self.points = []
        self.changed.emit()


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
    _tell: Callable[[Any], None],
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
