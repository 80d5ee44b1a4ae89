"""Everything that a report tells, gathered before anything is written: the run's record, and the network asked anew."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import torch

from cnn_studio.core.analysis import Report, analyse
from cnn_studio.core.files import reason
from cnn_studio.core.plans.plan import TrainingPlan, plan_from_json
from cnn_studio.core.project import Project
from cnn_studio.core.words import Words, say
from cnn_studio.engine.datasets.base import TEST, VALIDATION, Array, DamagedError, DataError, Dataset, Samples, subset
from cnn_studio.engine.datasets.opening import open_data
from cnn_studio.engine.events import EpochEnded, Scores
from cnn_studio.engine.export import Progress, Trained, untold
from cnn_studio.engine.insight.activations import Activations
from cnn_studio.engine.judging import relabelled
from cnn_studio.engine.metrics import Tally
from cnn_studio.engine.predict import Answer, Predictor, predictor_of
from cnn_studio.engine.runs import RECORD, Run
from cnn_studio.engine.setup import parts_of
from cnn_studio.i18n import N_

MISTAKES = 24
TRIED = 20
"""Samples among which one is looked for that is told right."""
MOST_SAMPLES, FEWEST_SAMPLES = 10_000, 256
EXAMPLES, MOST_CLASSES = 18, 20
"""Samples shown of each class, and classes beyond which none are."""
BUDGET = 4_000_000_000_000
"""Multiply-adds that judging may take: a minute or two on a laptop."""


@dataclass(frozen=True)
class Mistake:
    """A sample that was taken for something else.

    Attributes:
        sample: as stored.
        truth, answer: numbers of classes.
        probability: how sure the network was of its answer.
        name: what a person would call the sample.
    """

    sample: Array
    truth: int
    answer: int
    probability: float
    name: str


@dataclass(frozen=True)
class Judged:
    """How the network does on samples that it did not learn from.

    Attributes:
        split: "test" or "validation".
        count, whole: samples that were looked at, and how many there are.
        mistakes: those that it was surest of, the worst first.
    """

    split: str
    count: int
    whole: int
    scores: Scores
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True)
class Example:
    """One sample on its way through the network.

    Attributes:
        sample: as stored.
        truth: number of its class.
        maps: what every layer makes of it, by node id.
    """

    sample: Array
    truth: int
    answer: Answer
    maps: Mapping[str, Array]


@dataclass(frozen=True)
class Past:
    """What the record of a run tells; empty for a network that comes from a file alone."""

    started: str = ""
    state: str = ""
    seconds: float | None = None
    note: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    placement: tuple[Any, ...] = ()
    epochs: tuple[EpochEnded, ...] = ()
    points: tuple[tuple[int, float, float, float], ...] = ()
    best: int | None = None


@dataclass(frozen=True)
class Story:
    """All facts of a report.

    Attributes:
        missing: why new samples tell nothing, where they do not.
        samples: a few of each class, as stored.
    """

    name: str
    project: Project
    plan: TrainingPlan
    report: Report
    predictor: Predictor
    past: Past
    data: Dataset | None = None
    missing: Words | None = None
    judged: Judged | None = None
    example: Example | None = None
    samples: tuple[tuple[Array, ...], ...] = ()


def gathered(trained: Trained, progress: Progress = untold) -> Story:
    """The facts of a trained network. Raises DataError when it has not been trained, FileError or RecordError for damage."""
    project = trained.project
    predictor = predictor_of(project)
    plan = plan_from_json(project.plan or {})
    past = past_of(trained)
    report = analyse(project.graph)
    story = Story(trained.name, project, plan, report, predictor, past)
    try:
        return _with_data(story, open_data(plan.data), progress)
    except DataError as error:
        return replace(story, missing=error.words)
    except OSError as error:
        return replace(story, missing=say(N_("the data cannot be read: {problem}"), problem=reason(error)))


def _with_data(story: Story, data: Dataset, progress: Progress) -> Story:
    """The story with what its data tell. Raises DataError or OSError."""
    story = replace(story, data=data, samples=_samples(data, story.plan))
    kept = kept_apart(data, story.plan)
    if kept is None:
        return replace(story, missing=say(N_("every sample was learned from, and none was kept apart to judge by")))
    split, whole = kept
    samples = relabelled(whole, data.classes, story.predictor.classes, data.name)
    looked = affordable(samples, story.report.totals.macs, story.plan.seed)
    judged = _judged(story.predictor, split, looked, len(whole), progress)
    return replace(story, judged=judged, example=_example(story.predictor, looked))


def past_of(trained: Trained) -> Past:
    """What the run's record holds. Raises RecordError when it is damaged."""
    if trained.folder is None or not (trained.folder / RECORD).is_file():
        return Past()
    with Run(trained.folder).record() as record:
        return Past(
            record.get("started", ""), record.get("state", ""), record.get("seconds"), record.get("note", ""),
            record.get("environment", {}), tuple(record.get("placement") or ()), tuple(record.epochs()),
            tuple(record.points()), record.best_epoch(),
        )  # fmt: skip


def kept_apart(data: Dataset, plan: TrainingPlan) -> tuple[str, Samples] | None:
    """The samples that the network did not learn from: the test samples, or those that judged the run."""
    if TEST in data.splits and len(data.splits[TEST]):
        return TEST, data.splits[TEST]
    _train, validation = parts_of(data, plan)
    return None if validation is None or not len(validation) else (VALIDATION, validation)


def affordable(samples: Samples, macs: int, seed: int) -> Samples:
    """As many samples as can be looked at in reasonable time."""
    count = min(MOST_SAMPLES, max(FEWEST_SAMPLES, BUDGET // max(1, macs)))
    return subset(samples, count, seed)


def _judged(predictor: Predictor, split: str, samples: Samples, whole: int, progress: Progress) -> Judged:
    tally = Tally(len(predictor.classes), torch.device("cpu"), judging=True)
    worst: list[tuple[float, int, int]] = []
    done = 0
    for labels, scores in predictor.answers(samples):
        tally.add(torch.nn.functional.cross_entropy(scores, labels).item(), scores, labels)
        highest, answers = torch.softmax(scores, 1).max(1)
        for place in (answers != labels).nonzero().flatten().tolist():
            entry = (float(highest[place]), -(done + place), int(answers[place]))
            heapq.heappushpop(worst, entry) if len(worst) >= MISTAKES else heapq.heappush(worst, entry)
        done += len(labels)
        progress(done, len(samples))
    mistakes = []
    for sure, index, answer in sorted(worst, reverse=True):
        with suppress(DamagedError):  # another sample stood in for it
            sample, truth = samples.read(-index), int(samples.labels[-index])
            mistakes.append(Mistake(sample, truth, answer, sure, samples.name_of(-index)))
    return Judged(split, len(samples), whole, tally.scores, tuple(mistakes))


def _example(predictor: Predictor, samples: Samples) -> Example | None:
    """The first sample that is told right, or the first of all, and what every layer makes of it."""
    found: Example | None = None
    for index in range(min(len(samples), TRIED)):
        with suppress(DamagedError):
            stored, truth = samples.read(index), int(samples.labels[index])
            answer = predictor.answer(stored)
            if found is None or answer.best == truth:
                found = Example(stored, truth, answer, {})
            if answer.best == truth:
                break
    if found is None:
        return None
    prepared = predictor.fitted(predictor.pipeline(found.sample).sample(found.sample))
    return replace(found, maps=Activations(prepared)(predictor).maps)


def _samples(data: Dataset, plan: TrainingPlan) -> tuple[tuple[Array, ...], ...]:
    """The first samples of every class that can be read, as stored; none where there are too many classes to show."""
    if len(data.classes) > MOST_CLASSES:
        return ()
    train, _validation = parts_of(data, plan)
    found: list[list[Array]] = [[] for _ in data.classes]
    for index, label in enumerate(train.labels.tolist()):
        if len(found[label]) < EXAMPLES:
            with suppress(DataError):
                found[label].append(train.read(index))
        elif all(len(own) >= EXAMPLES for own in found):
            break
    return tuple(map(tuple, found))
