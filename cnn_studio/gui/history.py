"""What a run has told so far, as its curves, its log and its bar of progress show it."""

from __future__ import annotations

import time
from array import array
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cnn_studio.core.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnn_studio.engine.events import BatchEnded, EpochEnded, RunStarted
    from cnn_studio.gui.widgets.thinning import Growing

MOST_LINES = 5000
"""Lines of the log that are kept."""


def _numbers() -> array[float]:
    return array("d")


@dataclass(frozen=True)
class LogLine:
    """Something that happened. ``kind`` is "info", "epoch", "warning" or "error"; ``at`` seconds since 1970."""

    at: float
    kind: str
    words: Words | str


@dataclass
class History:
    """Numbers of one run.

    Attributes:
        steps, losses, accuracies, rates: of every batch, in the order of the steps.
        epochs: the epochs that have ended.
        started: what the run said at its beginning, or None.
        batch: the latest batch, or None.
        log: what happened, in words.
        kept_short: curves that are being drawn while they grow, by their name and the batches of which they are means.
    """

    steps: array[float] = field(default_factory=_numbers)
    losses: array[float] = field(default_factory=_numbers)
    accuracies: array[float] = field(default_factory=_numbers)
    rates: array[float] = field(default_factory=_numbers)
    epochs: list[EpochEnded] = field(default_factory=list)
    started: RunStarted | None = None
    batch: BatchEnded | None = None
    log: deque[LogLine] = field(default_factory=lambda: deque(maxlen=MOST_LINES))
    kept_short: dict[tuple[str, int], Growing] = field(default_factory=dict)

    def add_batch(self, event: BatchEnded) -> None:
        """One more step."""
        self.add_point(event.step, event.loss, event.accuracy, event.rate)
        self.batch = event

    def add_point(self, step: int, loss: float, accuracy: float, rate: float) -> None:
        """The numbers of a step."""
        self.steps.append(step)
        self.losses.append(loss)
        self.accuracies.append(accuracy)
        self.rates.append(rate)

    def add_points(self, points: Iterable[tuple[int, float, float, float]]) -> None:
        """The numbers of many steps: step, loss, accuracy, learning rate."""
        for point in points:
            self.add_point(*point)

    def cut_back(self, event: RunStarted) -> None:
        """Forget what came after the place at which a run is taken up: it will be done again."""
        while self.steps and self.steps[-1] > event.step:
            for numbers in (self.steps, self.losses, self.accuracies, self.rates):
                numbers.pop()
        while self.epochs and self.epochs[-1].epoch > event.epoch:
            self.epochs.pop()
        self.kept_short.clear()

    def write(self, words: Words | str, kind: str = "info", at: float | None = None) -> LogLine:
        """One more line of the log."""
        line = LogLine(time.time() if at is None else at, kind, words)
        self.log.append(line)
        return line

    @property
    def best(self) -> EpochEnded | None:
        """The last epoch that was better than all before it."""
        return next((epoch for epoch in reversed(self.epochs) if epoch.best), None)


class Clock:
    """How long a run has computed and how long it will take, pauses left out."""

    def __init__(self) -> None:
        self._passed = 0.0
        self._since: float | None = None
        self._first_step = 0
        self._step = 0
        self._total = 1

    def begin(self, step: int, total: int) -> None:
        """A run of ``total`` steps begins to compute at ``step``."""
        self._passed, self._since = 0.0, time.monotonic()
        self._first_step = self._step = step
        self._total = max(1, total)

    def reach(self, step: int) -> None:
        """So many steps are done."""
        self._step = step

    def hold(self) -> None:
        """It waits."""
        if self._since is not None:
            self._passed += time.monotonic() - self._since
            self._since = None

    def go_on(self) -> None:
        """It computes again."""
        if self._since is None:
            self._since = time.monotonic()

    @property
    def passed(self) -> float:
        """Seconds of computing since it began here."""
        return self._passed + (time.monotonic() - self._since if self._since is not None else 0.0)

    @property
    def share(self) -> float:
        """Share of all its steps that is done."""
        return min(1.0, self._step / self._total)

    @property
    def left(self) -> float | None:
        """Seconds that it will still compute, or None before that can be told."""
        done = self._step - self._first_step
        return self.passed / done * (self._total - self._step) if done > 0 else None
