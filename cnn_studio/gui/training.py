"""The run of one window: begun, steered, told of, and shown again when it is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from cnn_studio.core.project import Project
from cnn_studio.core.words import Words, say
from cnn_studio.engine.control import Control
from cnn_studio.gui.history import Clock, History
from cnn_studio.gui.run_events import (
    Failure,
    Headway,
    Learned,
    Loaded,
    Prepared,
    RunFacts,
    Snapshots,
    end_words,
    epoch_words,
    fresh_run,
    loaded_run,
    resumed_run,
)
from cnn_studio.gui.runner import Feed, Lane
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from cnn_studio.core.plans.plan import TrainingPlan
    from cnn_studio.engine.datasets.base import Dataset
    from cnn_studio.engine.events import BatchEnded, EpochEnded, ProbeAnswered, ProbeFailed, RunEnded, RunStarted

IDLE, PREPARING, RUNNING, PAUSED, STOPPING = "idle", "preparing", "running", "paused", "stopping"
"""States of a run: idle also when it is over."""


_Begin = Callable[[Control, Callable[[Any], None]], Iterator[Any]]


class Training(QObject):
    """One window's run.

    Attributes:
        drawn: while a run is prepared, the share of its data that is drawn; 0 where there is nothing to draw.

    Signals:
        state_changed: another of the states, or another run is shown.
        progressed: batches or epochs came; thirty times a second at most.
        epoch_ended(EpochEnded): an epoch is over.
        logged: the log has more lines.
        failed(Failure): a run could not begin, or ended before its time; ``failure`` keeps it.
        prepared(Dataset): the data of a run that begins were opened.
        learned(RunFacts, bytes): a run is over; its best weights as safetensors.
    """

    state_changed = Signal()
    progressed = Signal()
    epoch_ended = Signal(object)
    logged = Signal()
    failed = Signal(object)
    prepared = Signal(object)
    learned = Signal(object, bytes)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = IDLE
        self.run: RunFacts | None = None
        self.history = History()
        self.clock = Clock()
        self.failure: Failure | None = None
        self.control = Control()
        self.drawn = 0.0
        self._feed: Feed | None = None
        self._tickets: dict[int, tuple[Callable[[Any], object], Callable[[str], object] | None]] = {}

    # -- what a person may ask -----------------------------------------------------------------------------------------

    @property
    def is_live(self) -> bool:
        """Whether a run is in progress, also one that waits or is about to end."""
        return self.state != IDLE

    @property
    def is_answering(self) -> bool:
        """Whether questions to the run in progress are answered."""
        return self.state in (RUNNING, PAUSED)

    def start(self, project: Project, plan: TrainingPlan, dataset: Dataset | None, *, single: bool = False) -> None:
        """Begin a run with a network and a plan; ``dataset`` are its data where they are open already.

        With ``single`` it waits after one batch.
        """
        self._begin(lambda control, tell: fresh_run(project, plan, dataset, control, tell), single)

    def resume(self, folder: Path, dataset: Dataset | None = None, epochs: int | None = None) -> None:
        """Take up a run where it stands; ``epochs`` is how many it is to have in the end, where that changes."""

        self._begin(lambda control, _tell: resumed_run(folder, dataset, epochs, control), single=False, again=folder)

    def pause(self) -> None:
        """Wait after the batch in progress."""
        if self.state == RUNNING:
            self.control.pause()
            self._hurry()

    def go_on(self) -> None:
        """Go on after a pause."""
        if self.state == PAUSED:
            self.control.resume()
            self._hurry()

    def single_batch(self) -> None:
        """While it waits, one more batch."""
        if self.state == PAUSED:
            self.control.single_batch()
            self._hurry()

    def stop(self) -> None:
        """End after the batch in progress and keep what was learned."""
        if self.is_live and self.state != STOPPING:
            self.control.stop()
            self._enter(STOPPING)
            self._hurry()

    def _hurry(self) -> None:
        """A person waits for what comes next."""
        if self._feed is not None:
            self._feed.hurry()

    def set_rate_factor(self, factor: float) -> None:
        """Multiply the learning rate of the schedule from the next batch on."""
        if self.is_live:
            self.control.set_rate_factor(factor)

    def ask(
        self,
        question: Callable[[Any], Any],
        done: Callable[[Any], object],
        failed: Callable[[str], object] | None,
        *,
        soon: bool = True,
    ) -> None:
        """Put a question to the run in progress; it is called with the session between two batches.

        ``failed`` hears "" when the run ends before it answers. Without ``soon`` the answer comes with other news.
        """
        ticket = self.control.ask(question)
        self._tickets[ticket] = (done, failed)
        if soon:
            self._hurry()

    def wait(self, seconds: float) -> bool:
        """Wait for the end of a run that was told to stop, as when the window closes. Whether it came to an end."""
        return self._feed is None or self._feed.wait(seconds)

    def end(self, seconds: float = 30.0) -> None:
        """The window goes: stop, keep what was learned, and hear nothing more."""
        if self.is_live:
            self.control.stop()
        if self._feed is not None:
            self._feed.abandon()
            self._feed.wait(seconds)

    # -- a run that is over --------------------------------------------------------------------------------------------

    def show(self, folder: Path, lane: Lane, failed: Callable[[str], object] | None = None) -> None:
        """Show a run that is not in progress; its record is read in the other thread."""
        if not self.is_live:
            lane.ask("run", lambda: loaded_run(folder), self._show_loaded, failed)

    def forget(self) -> None:
        """Show no run."""
        if not self.is_live:
            self.run, self.history, self.failure = None, History(), None
            self.state_changed.emit()

    def renamed(self, folder: Path) -> None:
        """The folder of the run that is shown has another name now."""
        if self.run is not None:
            self.run = replace(self.run, folder=folder)
            self.state_changed.emit()

    def _show_loaded(self, loaded: Loaded) -> None:
        if self.is_live:
            return
        self.run, self.history, self.failure = loaded.run, loaded.history, None
        self.state_changed.emit()
        self.progressed.emit()
        self.logged.emit()

    # -- what comes from the training thread ---------------------------------------------------------------------------

    def _begin(self, begin: _Begin, single: bool, again: Path | None = None) -> None:
        if self.is_live:
            return
        control = self.control = Control()
        if single:
            control.single_batch()
        if again is None or self.run is None or self.run.folder != again:
            self.run, self.history = None, History()
        self.failure = None
        self.drawn = 0.0
        self._feed = Feed(lambda tell: begin(control, tell), "training", self)
        self._feed.came.connect(self._hear)
        self._feed.ended.connect(self._over)
        self._enter(PREPARING)
        self._feed.start()

    @cached_property
    def _hearers(self) -> dict[type, Callable[[Any], bool | None]]:
        """Who hears what; they say whether the curves change. Found with the first run: the events take a while to come."""
        from cnn_studio.engine import events

        return {
            events.BatchEnded: self._batch_ended,
            events.EpochEnded: self._epoch_ended,
            events.ProbeAnswered: self._answered,
            events.ProbeFailed: self._unanswered,
            events.Paused: lambda _event: self._waits(True),
            events.Resumed: lambda _event: self._waits(False),
            events.RunStarted: self._started,
            events.RunEnded: self._ended,
            events.Noticed: lambda event: self._log(event.message, "warning"),
            events.RateChanged: lambda event: self._log(say(N_("learning rate × {factor}"), factor=event.factor)),
            Headway: self._drawn,
            Prepared: self._prepared,
            Snapshots: self._kept,
            Learned: self._has_learned,
        }

    def _hear(self, events: list[Any]) -> None:
        progressed = False
        lines = len(self.history.log), self.history.log[-1] if self.history.log else None
        for event in events:
            hear = self._hearers.get(type(event))
            progressed |= hear is not None and bool(hear(event))
        if self.history.batch is not None:
            self.clock.reach(self.history.batch.step)
        if lines != (len(self.history.log), self.history.log[-1] if self.history.log else None):
            self.logged.emit()
        if progressed:
            self.progressed.emit()

    def _batch_ended(self, event: BatchEnded) -> bool:
        self.history.add_batch(event)
        return True

    def _epoch_ended(self, event: EpochEnded) -> bool:
        self.history.epochs.append(event)
        self.history.write(epoch_words(event), "epoch")
        self.epoch_ended.emit(event)
        return True

    def _log(self, words: Words | str, kind: str = "info") -> None:
        self.history.write(words, kind)

    def _waits(self, waits: bool) -> None:
        (self.clock.hold if waits else self.clock.go_on)()
        if self.state != STOPPING:
            self._enter(PAUSED if waits else RUNNING)

    def _drawn(self, event: Headway) -> bool:
        self.drawn = event.share
        return True

    def _prepared(self, event: Prepared) -> None:
        self.run = event.run
        self.prepared.emit(event.data)

    def _kept(self, event: Snapshots) -> bool:
        if self.run is not None:
            self.run = replace(self.run, snapshots=event.epochs)
        return True

    def _has_learned(self, event: Learned) -> None:
        if self.run is not None:
            self.learned.emit(self.run, event.weights)

    def _started(self, event: RunStarted) -> None:
        self.history.started = event
        if event.step:  # taken up: what came after the checkpoint is done again
            self.history.cut_back(event)
        self.clock.begin(event.step, event.epochs * event.batches)
        words = say(
            N_("{samples} samples to learn from and {judged} to judge by, on {device} with {threads} threads, {precision}"),
            samples=event.samples, judged=event.validation_samples, device=event.device.upper(), threads=event.threads,
            precision=event.precision,
        )  # fmt: skip
        self.history.write(words)
        if self.state == PREPARING:
            self._enter(RUNNING)

    def _ended(self, event: RunEnded) -> None:
        if self.run is not None:
            self.run = replace(self.run, finished=event.reason)
        self.clock.hold()
        words, kind = end_words(event)
        self.history.write(words, kind)
        if event.reason == "failed":
            self.failure = Failure(event.message, event.cause or "other")
        if self.state != STOPPING:
            self._enter(STOPPING)

    def _over(self, refusal: str) -> None:
        if refusal:
            self.failure = Failure(refusal, "start" if self.run is None else "other")
            self.history.write(refusal, "error")
            self.logged.emit()
        self._feed = None
        lost, self._tickets = list(self._tickets.values()), {}
        self._enter(IDLE)
        for _done, failed in lost:
            if failed is not None:
                failed("")
        if self.failure is not None:
            self.failed.emit(self.failure)

    def _answered(self, event: ProbeAnswered) -> None:
        done, _failed = self._tickets.pop(event.ticket, (None, None))
        if done is not None:
            done(event.answer)

    def _unanswered(self, event: ProbeFailed) -> None:
        _done, failed = self._tickets.pop(event.ticket, (None, None))
        if failed is not None:
            failed(event.reason)

    def _enter(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit()
