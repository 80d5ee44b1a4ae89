"""Every starter does the whole of its work once: two steps of training, an answer, a file, every export.

Large networks look at smaller samples: what is tried is whether it works, not what it learns. Importing this loads
torch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import as_file, files
from inspect import signature
from pathlib import Path

import numpy as np

from cnn_studio.core import edits
from cnn_studio.core.analysis import analyse
from cnn_studio.core.context import Context
from cnn_studio.core.export import exporters
from cnn_studio.core.graph import Graph
from cnn_studio.core.plans.plan import TrainingPlan, plan_to_json
from cnn_studio.core.problems import diagnose
from cnn_studio.core.project import Project, read_project, write_project
from cnn_studio.core.starters import open_sample, open_starter, starter_names
from cnn_studio.core.words import say
from cnn_studio.engine import starting
from cnn_studio.engine.datasets.base import TEST, TRAIN, Array, ArraySamples, Dataset
from cnn_studio.engine.events import BatchEnded, RunEnded
from cnn_studio.engine.export import Trained, trained_exporters, untold
from cnn_studio.engine.inputs import drawn_sample, sample_of
from cnn_studio.engine.predict import predictor_of
from cnn_studio.engine.preparing import facts_of
from cnn_studio.engine.recording import recorded
from cnn_studio.engine.runs import Run, node_weights
from cnn_studio.engine.self_test import Trial, TrialError, step, tried
from cnn_studio.engine.session import Session
from cnn_studio.engine.tensors import tensor_bytes
from cnn_studio.i18n import N_, integer

QUICK = ("quick-digits", "tiny-sound", "tiny-video")
"""One starter for each kind of sample."""
BATCH, STEPS = 4, 2
FEWER = (8, 6, 4, 3, 2)
"""By how much the sides of samples may be divided, the most first."""
LIGHT = 20_000_000
"""Multiply-adds of a network that looks at samples of its full size."""
READ_WELL = 9
"""How many of the ten bundled drawings the bundled network must read, at least."""


def starters(folder: Path, *, quick: bool) -> Iterator[Trial]:
    """Try every starter, or a few; files are written into the folder."""
    for name in QUICK if quick else starter_names():
        yield tried(name, lambda name=name: starter(name, folder))  # type: ignore[misc]


def starter(name: str, folder: Path) -> str:
    """Try one of them. Raises TrialError."""
    with step(N_("opening it")):
        project = open_starter(name)
        graph = smaller(project.graph)
        data = noise(graph)
    with step(N_("compiling it")):
        session = Session(graph, plan(data), data)
    with step(N_("training it")):
        run = learn(session, replace(project, graph=graph), folder, kept=name in QUICK)
        trained = run.project() if run else with_weights(project, session)
    sample = data.train.read(0)
    with step(N_("predicting with it")):
        before = predictor_of(trained).answer(sample).probabilities
        if not np.isfinite(before).all():
            raise TrialError(N_("the answer is no number"))
    file = folder / f"{name}.cnnstudio"
    with step(N_("saving it")):
        write_project(trained, file)
        again = read_project(file)
        if not np.array_equal(before, predictor_of(again).answer(sample).probabilities):
            raise TrialError(N_("what was saved answers otherwise"))
    file.unlink()
    export(Trained(again, name, run.folder if run else None))
    return str(graph.of_kind("input")[0].layer.output_shape())


def smaller(graph: Graph) -> Graph:
    """The network for the smallest samples that it can take, unless it is a light one."""
    if analyse(graph).totals.macs < LIGHT:
        return graph
    (entry,) = graph.of_kind("input")
    sizes = entry.layer.output_shape().sizes
    for divisor in FEWER:
        tried_sizes = tuple(max(1, side // divisor) for side in sizes)
        found = edits.set_field(graph, entry.id, "sizes", tried_sizes)
        if not diagnose(analyse(found), Context()).errors:
            return found
    return graph


def noise(graph: Graph) -> Dataset:
    """As many samples of noise as two steps need, with all classes that the network tells apart."""
    shape = graph.of_kind("input")[0].layer.output_shape()
    answer = analyse(graph).of(graph.of_kind("output")[0].id).shape
    assert answer is not None
    random = np.random.default_rng(0)
    count = BATCH * STEPS
    array: Array = random.integers(0, 256, (count, shape.channels, *shape.sizes), dtype=np.uint8)
    samples = ArraySamples(array, np.arange(count) % answer.channels)
    return Dataset("noise", tuple(map(str, range(answer.channels))), {TRAIN: samples, TEST: samples})


def plan(data: Dataset) -> TrainingPlan:
    """One epoch of two steps; nothing is measured first."""
    return TrainingPlan(
        data=data.name, epochs=1, batch_size=BATCH, validation=0.0, device="cpu", precision="fp32", threads=1,
        memory_format="channels_first",
    )  # fmt: skip


def learn(session: Session, project: Project, folder: Path, *, kept: bool) -> Run | None:
    """Take the steps; with ``kept`` the run is recorded as any other. Raises TrialError."""
    run = starting.kept(session, project, folder / f"{project.name}-run") if kept else None
    taken, ended = 0, None
    for event in recorded(session, run) if run else session.events():
        taken += isinstance(event, BatchEnded)
        ended = event if isinstance(event, RunEnded) else ended
    if ended is None or ended.reason != "done":
        raise TrialError("{problem}", problem=ended.message if ended else "")
    if taken != STEPS:
        raise TrialError(N_("{n} steps instead of {wanted}"), n=taken, wanted=STEPS)
    return run


def with_weights(project: Project, session: Session) -> Project:
    """The project with what the session has learned."""
    weights = tensor_bytes(node_weights(session.judged))
    return Project(
        session.setup.graph, project.name, project.story, facts_of(session.setup.graph, session.setup.data),
        plan=plan_to_json(session.plan), weights=weights,
    )  # fmt: skip


def export(trained: Trained) -> None:
    """Write it in every form there is. Raises TrialError."""
    for exporter in exporters.values():
        with step(N_("writing it as {form}"), form=say(exporter.label)):
            options = {"title": trained.name} if "title" in signature(exporter.function).parameters else {}
            text = exporter.function(trained.project.graph, **options)
            if exporter.suffix == ".py":
                compile(text, exporter.name, "exec")
    for form in trained_exporters.values():
        if trained.folder is not None or form.name != "report":  # a report tells of a run
            with step(N_("writing it as {form}"), form=say(form.label)):
                form.function(trained, untold)


def sample() -> str:
    """The network that has learned already reads the drawings that come with it. Raises TrialError."""
    predictor = predictor_of(open_sample())
    right = 0
    for digit in range(10):
        with as_file(files("cnn_studio") / "resources" / "drawings" / f"{digit}.png") as file:
            drawing = drawn_sample(sample_of(file), predictor.input_shape)
        right += predictor.answer(drawing).name == str(digit)
    if right < READ_WELL:
        raise TrialError(N_("only {n} of 10 drawings were read"), n=right)
    return f"{integer(right)}/10"
