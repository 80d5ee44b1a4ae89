"""What a run tells the window: facts besides the engine's events, the functions of the training thread, and words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnn_studio.core.context import DataFacts
from cnn_studio.core.graph import Graph
from cnn_studio.core.project import Project
from cnn_studio.core.words import Words, say
from cnn_studio.gui.history import History
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from cnn_studio.core.plans.plan import TrainingPlan
    from cnn_studio.engine.control import Control
    from cnn_studio.engine.datasets.base import Dataset
    from cnn_studio.engine.events import EpochEnded, RunEnded


@dataclass(frozen=True)
class RunFacts:
    """The run that is shown, whether it is in progress or over.

    Attributes:
        folder: where it is kept; its name is the name of the folder.
        graph: the network as it was when the run began.
        plan: what the run does.
        data: what the network was told of its data.
        snapshots: epochs whose weights are kept.
        finished: how it ended ("done", "stopped", "early", "failed", "" while it is in progress or was killed).
    """

    folder: Path
    graph: Graph
    plan: TrainingPlan
    data: DataFacts | None = None
    snapshots: tuple[int, ...] = ()
    finished: str = ""

    @property
    def name(self) -> str:
        """What the run is called."""
        return self.folder.name

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes."""
        return self.data.classes if self.data is not None else ()


@dataclass(frozen=True)
class Failure:
    """Why there is no run, or why it ended before its time. ``cause`` is that of RunEnded, or "start"."""

    words: Words | str
    cause: str = "start"


@dataclass(frozen=True)
class Prepared:
    """The first thing that comes from the training thread."""

    run: RunFacts
    data: Dataset


@dataclass(frozen=True)
class Headway:
    """Before a run begins: the share of its data that is drawn."""

    share: float


@dataclass(frozen=True)
class Snapshots:
    epochs: tuple[int, ...]


@dataclass(frozen=True)
class Learned:
    """The best weights of a run that is over, as safetensors."""

    weights: bytes


@dataclass
class Loaded:
    run: RunFacts
    history: History = field(default_factory=History)


# -- in other threads --------------------------------------------------------------------------------------------------


def fresh_run(
    project: Project, plan: TrainingPlan, dataset: Dataset | None, control: Control, tell: Callable[[Any], None]
) -> Iterator[Any]:
    """What a new run tells, its facts first; nothing where it is stopped while its data are drawn."""
    from cnn_studio.engine.headway import GivenUpError
    from cnn_studio.engine.preparing import facts_of
    from cnn_studio.engine.starting import fresh

    try:
        data = dataset if dataset is not None else _opened(plan.data, control, tell)
    except GivenUpError:
        return
    session, run = fresh(project, plan, data, control)
    graph = session.setup.graph
    yield Prepared(RunFacts(run.folder, graph, session.plan, facts_of(graph, data)), data)
    yield from told(session, run)


def resumed_run(folder: Path, dataset: Dataset | None, epochs: int | None, control: Control) -> Iterator[Any]:
    """What a run tells that is taken up; ``epochs`` is how many it is to have in the end, where that changes."""
    from cnn_studio.engine.events import Noticed
    from cnn_studio.engine.preparing import facts_of
    from cnn_studio.engine.runs import Run
    from cnn_studio.engine.starting import resumed

    run, notes = Run(folder), list[Words]()
    plan = run.plan()
    if epochs is not None:
        plan = plan.model_copy(update={"epochs": epochs})
    session, plan = resumed(run, plan, dataset, control, notes.append)
    graph, data = session.setup.graph, session.setup.data
    yield Prepared(RunFacts(folder, graph, session.plan, facts_of(graph, data), tuple(run.snapshots())), data)
    yield from (Noticed(str(note)) for note in notes)
    yield from told(session, run, plan)


def _opened(name: str, control: Control, tell: Callable[[Any], None]) -> Dataset:
    """The data of that name; how far they are is told. Raises DataError, GivenUpError when the run is stopped."""
    from cnn_studio.engine import headway
    from cnn_studio.engine.datasets.opening import open_data

    def heard(share: float) -> None:
        if control.stopping:
            raise headway.GivenUpError
        tell(Headway(share))

    with headway.heard_by(heard):
        return open_data(name)


def told(session: Any, run: Any, plan: TrainingPlan | None = None) -> Iterator[Any]:
    """The events of a run, which epochs are kept, and what was learned in the end."""
    from cnn_studio.engine.events import EpochEnded
    from cnn_studio.engine.recording import recorded

    for event in recorded(session, run, plan):
        yield event
        if isinstance(event, EpochEnded):
            yield Snapshots(tuple(run.snapshots()))
    weights = run.project().weights
    if weights:
        yield Learned(weights)


def loaded_run(folder: Path) -> Loaded:
    """A run as its record tells it. Raises RunError, ProjectError or RecordError."""
    from cnn_studio.engine.runs import Run

    run = Run(folder)
    project = run.project()
    with run.record() as record:
        history = History()
        history.add_points(record.points())
        history.epochs.extend(record.epochs())
        state, message = record.get("state", ""), record.get("message", "")
    for epoch in history.epochs:
        history.write(epoch_words(epoch), "epoch", at=0.0)
    if message:
        history.write(message, "error" if state == "failed" else "info", at=0.0)
    finished = state if state in ("done", "stopped", "early", "failed") else ""
    return Loaded(RunFacts(folder, project.graph, run.plan(), project.data, tuple(run.snapshots()), finished), history)


# -- words -------------------------------------------------------------------------------------------------------------


def epoch_words(event: EpochEnded) -> Words:
    train, judged = event.train, event.validation
    if judged is None:
        return say(
            N_("epoch {epoch}: loss {loss}, accuracy {accuracy} %"),
            epoch=event.epoch, loss=round(train.loss, 4), accuracy=round(100 * train.accuracy, 2),
        )  # fmt: skip
    return say(
        N_("epoch {epoch}: loss {loss}, accuracy {accuracy} %; validation: loss {loss2}, accuracy {accuracy2} %"),
        epoch=event.epoch, loss=round(train.loss, 4), accuracy=round(100 * train.accuracy, 2),
        loss2=round(judged.loss, 4), accuracy2=round(100 * judged.accuracy, 2),
    )  # fmt: skip


_ENDINGS = {
    "done": N_("the training is complete"),
    "stopped": N_("the training was stopped; what was learned is kept"),
    "early": N_("the training ended early: {message}"),
    "failed": N_("the training failed: {message}"),
}


def end_words(event: RunEnded) -> tuple[Words, str]:
    return say(_ENDINGS[event.reason], message=event.message), "error" if event.reason == "failed" else "info"
