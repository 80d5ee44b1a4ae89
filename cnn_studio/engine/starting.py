"""A session and the run that it is kept in: begun anew, or taken up where it stands. The command and the window begin here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cnn_studio.core.analysis import analyse
from cnn_studio.core.context import Context
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.core.problems import diagnose
from cnn_studio.core.project import Project
from cnn_studio.core.settings import folders
from cnn_studio.core.words import Words, say
from cnn_studio.engine.control import Control
from cnn_studio.engine.datasets.base import DataError, Dataset
from cnn_studio.engine.datasets.opening import open_data
from cnn_studio.engine.device import available_devices
from cnn_studio.engine.finding import RunError, run_folder
from cnn_studio.engine.preparing import facts_of, fitted
from cnn_studio.engine.record import RecordError
from cnn_studio.engine.runs import Run, new_run
from cnn_studio.engine.session import Session
from cnn_studio.i18n import N_

Tell = Callable[[Words], object]
"""Told what a person should know though nothing is wrong."""


def cache_file() -> Path:
    """Where measurements of this machine are kept."""
    return folders().cache / "placements.json"


# -- a new run ---------------------------------------------------------------------------------------------------------


def fresh(project: Project, plan: TrainingPlan, data: Dataset, control: Control | None = None) -> tuple[Session, Run]:
    """A session and the new folder that it will be kept in.

    The preprocessing is chosen where the plan's does not bring the data to the network. Raises DataError, CompileError,
    RunError or FileError.
    """
    problem = first_error(project, data)
    if problem is not None:
        raise DataError("{problem}", problem=problem)
    fitting = fitted(plan, project.graph, data)
    session = Session(project.graph, fitting, data, control, cache=cache_file())
    return session, kept(session, project)


def kept(session: Session, project: Project, path: Path | None = None) -> Run:
    """A new folder for what a session does, among all runs or at ``path``. Raises RunError or FileError."""
    graph = session.setup.graph
    named = Project(graph, project.name, project.story, view=project.view)
    return new_run(run_folder(), named, session.plan, facts_of(graph, session.setup.data), path=path)


def first_error(project: Project, data: Dataset) -> Words | str | None:
    """The first thing that keeps a network from learning these data."""
    errors = diagnose(analyse(project.graph), Context(data=facts_of(project.graph, data))).errors
    return errors[0].message if errors else None


# -- a run that goes on ------------------------------------------------------------------------------------------------


def resumed(
    run: Run, plan: TrainingPlan, data: Dataset | None = None, control: Control | None = None, tell: Tell | None = None
) -> tuple[Session, TrainingPlan]:
    """A session that goes on where a run stands, and what the run is to do from now on.

    Args:
        plan: what it is to do; see ``Run.plan``.
        data: those of the plan, where they are open already.

    Raises RunError, DataError and the like; the run stays as it was.
    """
    with run.locked():
        project = run.project()
        checkpoint = run.checkpoint() if run.has_checkpoint() else None
    data = data if data is not None else open_data(plan.data)
    known = project.data.classes if project.data else data.classes
    if data.classes != known:
        raise RunError(
            N_("“{data}” has the classes {classes}, and the run learned {known}: begin a new run for them"),
            data=data.name, classes=_few(data.classes), known=_few(known),
        )  # fmt: skip
    say_so = tell or (lambda _words: None)
    session = Session(
        project.graph, _as_before(plan, run, say_so), data, control, resume=checkpoint, cache=cache_file()
    )
    _tell_changed(session, run, say_so)
    return session, plan


def _few(names: tuple[str, ...]) -> str:
    return ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")


def _remembered(run: Run, name: str) -> Any:
    """A fact of the run's record; none where the record is damaged, which is told when the training begins."""
    try:
        with run.record() as record:
            return record.get(name)
    except RecordError as error:
        if not error.damaged:
            raise
        return None


def _as_before(plan: TrainingPlan, run: Run, tell: Tell) -> TrainingPlan:
    """The plan on the device, in the precision and with the threads that the run began with, where that is possible."""
    placement = _remembered(run, "placement")
    if not placement:
        return plan
    device, precision, threads, layout = placement
    if device not in available_devices():
        sentence = N_("The run began on {device}, which this machine does not have: it goes on where it can.")
        tell(say(sentence, device=device.upper()))
        return plan
    before = {"device": device, "precision": precision, "threads": threads, "memory_format": layout}
    chosen = {name: value for name, value in before.items() if getattr(plan, name) in ("auto", 0)}
    return plan.model_copy(update=chosen)


def _tell_changed(session: Session, run: Run, tell: Tell) -> None:
    """Say when there are other samples than when the run began."""
    before = _remembered(run, "samples")
    now = [len(session.setup.train), len(session.setup.validation or ())]
    if before is not None and before != now:
        sentence = N_("The data have changed since the run began: {now} samples to learn from instead of {before}.")
        tell(say(sentence, now=now[0], before=before[0]))
