"""A run written down while it happens."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cnn_studio.core.files import FileError
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.core.words import say
from cnn_studio.engine.events import BatchEnded, EpochEnded, Event, Noticed, RunEnded, RunStarted
from cnn_studio.engine.record import Record, RecordError
from cnn_studio.engine.runs import Run, node_weights
from cnn_studio.engine.session import Session
from cnn_studio.engine.tensors import tensor_bytes
from cnn_studio.i18n import N_

SAVE_EVERY = 30.0
"""Seconds after which a checkpoint is written even within an epoch."""


def recorded(session: Session, run: Run, plan: TrainingPlan | None = None) -> Iterator[Event]:
    """The events of a session, everything written down as it happens.

    What is in the database before a checkpoint is written may be ahead of it; taking up drops it and does it again.
    Raises RunError when another process trains here, RecordError when the database cannot be used; a disk that fails
    later ends the run with a sentence, not the program.

    Args:
        plan: what the run is to do from now on, where that differs from what it was to do.
    """
    with run.locked():
        if plan is not None:
            run.write_plan(plan)
        run.tidy()
        for sentence in run.set_damaged_record_aside():
            yield Noticed(str(sentence))
        with run.record() as record:
            record.truncate(session.epoch, session.step)
            record.set("state", "running")
            book = _Book(session, run, record)
            for event in session.events():
                try:
                    book.take(event)
                except FileError as error:
                    yield event
                    session.control.stop()
                    message = str(say(N_("the run cannot be saved: {problem}"), problem=error.words))
                    ended = RunEnded("failed", session.epoch, session.step, session.seconds, message, "disk")
                    book.write({"state": ended.reason, "message": ended.message, "seconds": ended.seconds})
                    yield ended
                    return
                yield from book.notices()
                yield event


class _Book:
    """Writes down one run. A database that fails for a while does not end the run: it is tried again."""

    def __init__(self, session: Session, run: Run, record: Record) -> None:
        self.session, self.run, self.record = session, run, record
        self.project = run.project()
        self.best = record.best_epoch()
        self.saved = time.monotonic()
        self._points: list[BatchEnded] = []
        self._epochs: list[EpochEnded] = []
        self._facts: dict[str, Any] = {}
        self._next_try = 0.0
        self._notices: list[str] = []

    def take(self, event: Event) -> None:
        """Write down what an event tells. Raises FileError when the weights cannot be saved."""
        if isinstance(event, RunStarted):
            placement = [event.device, event.precision, event.threads, event.memory_format]
            self.write({"placement": placement, "samples": [event.samples, event.validation_samples]})
        elif isinstance(event, BatchEnded):
            self._points.append(event)
            if time.monotonic() - self.saved > SAVE_EVERY:
                self.saved = time.monotonic()
                self.write()
                self.run.save_point(self.session.checkpoint())
        elif isinstance(event, EpochEnded):
            self._epoch(event)
        elif isinstance(event, RunEnded):
            self._next_try = 0.0
            self.write({"state": event.reason, "message": event.message, "seconds": event.seconds})
            if event.reason == "stopped" or self.session.between_steps:
                self._keep()

    def _epoch(self, event: EpochEnded) -> None:
        self.saved = time.monotonic()
        self._epochs.append(event)
        self.write()
        if event.best:
            self.best = event.epoch
        weights = node_weights(self.session.judged)
        self.run.save_snapshot(event.epoch, weights, () if self.best is None else (self.best,))
        if event.best:
            self.project = replace(self.project, weights=tensor_bytes(weights))
            self.run.write_network(self.project)
        self.run.save_point(self.session.checkpoint())

    def _keep(self) -> None:
        """Keep where the run stands; and what was learned, where no epoch has ended yet."""
        self.run.save_point(self.session.checkpoint())
        if not self.project.weights:
            self.run.write_network(replace(self.project, weights=tensor_bytes(node_weights(self.session.judged))))

    def write(self, facts: Mapping[str, Any] | None = None) -> None:
        """Put what happened into the database, or keep it for the next time."""
        self._facts |= facts or {}
        if time.monotonic() < self._next_try:
            return
        try:
            self.record.keep(self._points, self._epochs, self._facts)
        except RecordError as error:
            if not self._next_try:
                self._notices.append(str(error))
            self._next_try = time.monotonic() + SAVE_EVERY
            return
        self._points, self._epochs, self._facts, self._next_try = [], [], {}, 0.0

    def notices(self) -> Iterator[Event]:
        """What a person should hear of the writing."""
        while self._notices:
            yield Noticed(self._notices.pop(0))
