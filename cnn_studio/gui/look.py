"""What the window looks into: which weights, and one sample that goes through them.

Weights are those of the run in progress, of one of its kept epochs, those that the project carries, or, before anything
was learned, the start weights. Questions are functions of a Session or a Predictor; they are carried out where the
weights are: between two batches in the training thread, else in a lane of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMetaMethod, QObject, QTimer, Signal

from cnn_studio.core.graph import Graph
from cnn_studio.core.words import Words, say
from cnn_studio.gui.runner import Failed, Lane
from cnn_studio.gui.samples import Sample
from cnn_studio.gui.training import IDLE, PAUSED, RUNNING, Training
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from cnn_studio.core.document import Document
    from cnn_studio.engine.predict import Predictor

Question = Callable[[Any], Any]
"""Called with the Session or Predictor that has the weights."""
Done = Callable[[Any], object]

LIVE, SNAPSHOT, PROJECT, START, NOTHING = "live", "snapshot", "project", "start", "nothing"
PAUSE = 150
"""Milliseconds between an edit and another look into the network."""
PULSE = 330
"""Milliseconds between two looks at weights that are learning, at least."""
SHARE = 0.04
"""Share of the training's time that all questions together may take."""
KEPT, KEPT_BYTES = 3, 256 * 2**20
"""Predictors that are kept ready, and bytes of their weights together; the one in use may be larger."""


@dataclass(frozen=True)
class Subject:
    """Which weights are looked at.

    Attributes:
        kind: one of the five above.
        graph: their network, or None where there are none.
        epoch: of a snapshot; otherwise 0.
        key: what tells one set of weights from another.
    """

    kind: str = NOTHING
    graph: Graph | None = None
    epoch: int = 0
    key: tuple[Any, ...] = ()

    @property
    def words(self) -> Words:
        """What a person would call them."""
        return say(_NAMES[self.kind], epoch=self.epoch)


_NAMES = {
    LIVE: N_("weights that are learning now"),
    SNAPSHOT: N_("weights after epoch {epoch}"),
    PROJECT: N_("weights of this network"),
    START: N_("start weights, nothing learned yet"),
    NOTHING: N_("the network cannot run yet"),
}


def same_network(one: Graph, other: Graph) -> bool:
    """Whether two graphs have the same layers and connections, wherever they stand on the canvas."""
    if one is other:
        return True
    return (
        one.inputs == other.inputs
        and one.nodes.keys() == other.nodes.keys()
        and all(node.layer == other.nodes[node_id].layer for node_id, node in one.nodes.items())
    )


class Look(QObject):
    """One window's view into a network.

    Signals:
        changed: other weights or another sample: what is shown is to be asked anew.
        sample_changed: another sample, or none; ``changed`` follows.
        pulse: the same, as the weights that are looked at have learned more; the less often the dearer the questions.
    """

    changed = Signal()
    sample_changed = Signal()
    pulse = Signal()

    def __init__(self, lane: Lane, training: Training, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane, self._training = lane, training
        self._document: Document | None = None
        self.sample: Sample | None = None
        self.subject = Subject()
        self._chosen: int | None = None
        self._predictors: dict[tuple[Any, ...], Predictor] = {}
        self._asked: dict[str, tuple[Question, Done, Failed | None] | None] = {}
        self._cost = 0.0
        self._beating = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._beat)
        self._stale = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        training.state_changed.connect(self._state_changed)
        training.epoch_ended.connect(lambda _event: self.refresh())
        training.progressed.connect(self._progressed)

    # -- what is looked at ---------------------------------------------------------------------------------------------

    def follow(self, document: Document) -> None:
        """Another document."""
        self._document = document
        self._chosen = None
        self.refresh()

    def set_sample(self, sample: Sample | None) -> None:
        """Look at another sample."""
        if sample is not self.sample:
            self.sample = sample
            self.sample_changed.emit()
            self.changed.emit()

    def show_epoch(self, epoch: int | None) -> None:
        """Look at the weights after an epoch of the run that is shown; None for the latest."""
        if epoch != self._chosen:
            self._chosen = epoch
            self.refresh()

    @property
    def chosen_epoch(self) -> int | None:
        """The epoch that a person chose to look back at, or None."""
        return self._chosen

    def refresh_soon(self) -> None:
        """The network was edited: find out in a moment which weights are looked at, where anybody looks."""
        self._stale = True
        if self.isSignalConnected(QMetaMethod.fromSignal(self.changed)):
            self._soon.start(PAUSE)

    def refresh(self) -> None:
        """Find out anew which weights are looked at."""
        self._stale = False
        self._soon.stop()
        subject = self._find()
        if subject.key != self.subject.key or subject.kind != self.subject.kind:
            self.subject = subject
            self._asked.clear()
            self.changed.emit()

    def _find(self) -> Subject:
        run = self._training.run
        if run is not None:
            if self._chosen is not None and self._chosen in run.snapshots:
                return self._snapshot(self._chosen)
            if self._training.is_answering:
                return Subject(LIVE, run.graph, 0, (LIVE, str(run.folder)))
            if run.snapshots:
                return self._snapshot(run.snapshots[-1])
        document = self._document
        if document is None or not document.graph.nodes or document.diagnosis.errors:
            return Subject()
        if document.weights and document.context.trained is not None:
            return Subject(PROJECT, document.graph, 0, (PROJECT, id(document.weights), _shape_of(document.graph)))
        return Subject(START, document.graph, 0, (START, _shape_of(document.graph)))

    def _snapshot(self, epoch: int) -> Subject:
        run = self._training.run
        assert run is not None
        return Subject(SNAPSHOT, run.graph, epoch, (SNAPSHOT, str(run.folder), epoch))

    # -- questions -----------------------------------------------------------------------------------------------------

    def ask(self, key: str, question: Question, done: Done, failed: Failed | None = None) -> None:
        """Ask the weights that are looked at. Of questions of one key only the latest waits.

        ``failed`` hears a sentence; or "" where the run ended before it answered, and ``changed`` follows.
        """
        if self._stale:
            self.refresh()
        if self.subject.kind == NOTHING:
            if failed is not None:
                failed(str(self.subject.words))
        elif self.subject.kind == LIVE:
            if key in self._asked:
                self._asked[key] = question, done, failed
            else:
                self._ask_run(key, question, done, failed)
        else:
            subject = self.subject
            maker = self._maker(subject)
            self._lane.ask(key, lambda: question(self._predictor(subject.key, maker)), done, failed)

    def settled(self) -> tuple[tuple[Any, ...], Callable[[], Predictor]] | None:
        """Weights that stand still: what tells them from others, and what makes a predictor of them in another thread.

        Those that are looked at; or, while they learn, those of the last epoch that is kept. None where there are none.
        """
        if self._stale:
            self.refresh()
        subject, run = self.subject, self._training.run
        if subject.kind == LIVE:
            if run is None or not run.snapshots:
                return None
            subject = self._snapshot(run.snapshots[-1])
        if subject.kind == NOTHING:
            return None
        return subject.key, self._maker(subject)

    def ask_about_sample(
        self, key: str, make: Callable[[Any], Question], done: Done, failed: Failed | None = None
    ) -> None:
        """Ask about the sample; ``make`` is called, in the other thread, with the prepared sample and gives the question."""
        sample = self.sample
        if sample is None:
            return

        def question(subject: Any) -> Any:
            from cnn_studio.engine.insight.base import prepared

            return make(prepared(subject, sample.stored))(subject)

        self.ask(key, question, done, failed)

    def _ask_run(self, key: str, question: Question, done: Done, failed: Failed | None) -> None:
        self._asked[key] = None

        def timed(session: Any) -> Any:
            begun = time.perf_counter()
            return question(session), time.perf_counter() - begun

        def answered(found: tuple[Any, float]) -> None:
            answer, seconds = found
            self._cost += seconds
            self._next(key)
            done(answer)

        def refused(sentence: str) -> None:
            self._next(key)
            if failed is not None:
                failed(sentence)

        self._training.ask(timed, answered, refused, soon=not self._beating)

    def _next(self, key: str) -> None:
        """The question that waited for the answer to the one before is asked now."""
        waiting = self._asked.pop(key, None)
        if waiting is not None and self.subject.kind == LIVE and self._training.is_answering:
            self._ask_run(key, *waiting)

    # -- weights that learn --------------------------------------------------------------------------------------------

    def _state_changed(self) -> None:
        if self._training.state in (RUNNING, PAUSED, IDLE):
            self.refresh()
        if self._training.state == PAUSED:
            self.pulse.emit()

    def _progressed(self) -> None:
        if self.subject.kind == LIVE and not self._timer.isActive() and not self._asked:
            self._timer.start(max(PULSE, int(1000 * self._cost / SHARE)))
            self._cost = 0.0

    def _beat(self) -> None:
        if self.subject.kind == LIVE:
            self._beating = True
            self.pulse.emit()
            self._beating = False

    def end(self) -> None:
        """The window goes."""
        self._timer.stop()
        self._soon.stop()

    # -- in the lane ---------------------------------------------------------------------------------------------------

    def _maker(self, subject: Subject) -> Callable[[], Predictor]:
        document, run = self._document, self._training.run
        assert document is not None
        project = document.project
        if subject.kind == SNAPSHOT and run is not None:
            folder, epoch = run.folder, subject.epoch
            return lambda: _predictor_of_epoch(folder, epoch)
        if subject.kind == PROJECT:
            return lambda: _predictor_of_project(project)
        return lambda: _fresh_predictor(project)

    def _predictor(self, key: tuple[Any, ...], make: Callable[[], Predictor]) -> Predictor:
        """The predictor for these weights; used by the lane's thread alone."""
        from cnn_studio.engine.cores import use_one_core

        use_one_core()
        found = self._predictors.pop(key, None)
        if found is None:
            found = make()
        self._predictors[key] = found
        while len(self._predictors) > KEPT or (len(self._predictors) > 1 and self._kept_bytes() > KEPT_BYTES):
            self._predictors.pop(next(iter(self._predictors)))
        return found

    def _kept_bytes(self) -> int:
        return sum(one.size for one in self._predictors.values())


def _shape_of(graph: Graph) -> tuple[Any, ...]:
    return tuple(graph.inputs.items()), tuple((node_id, node.layer) for node_id, node in graph.nodes.items())


def _predictor_of_epoch(folder: Path, epoch: int) -> Predictor:
    from cnn_studio.engine.predict import predictor_of_epoch
    from cnn_studio.engine.runs import Run

    return predictor_of_epoch(Run(folder), epoch)


def _predictor_of_project(project: Any) -> Predictor:
    from cnn_studio.engine.predict import predictor_of

    return predictor_of(project)


def _fresh_predictor(project: Any) -> Predictor:
    from cnn_studio.engine.predict import fresh_predictor

    return fresh_predictor(project)
