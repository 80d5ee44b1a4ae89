"""Judging a trained network on data that may not be those it was trained on."""

from __future__ import annotations

import numpy as np

from cnn_studio.core.project import Project
from cnn_studio.engine.datasets.base import TEST, TRAIN, VALIDATION, Chosen, DataError, Dataset, Samples
from cnn_studio.engine.events import Scores
from cnn_studio.engine.predict import predictor_of
from cnn_studio.i18n import N_


def judge(project: Project, data: Dataset, split: str | None = None) -> tuple[str, Scores]:
    """The scores over a split: that asked for, or the test samples where there are any. Raises DataError.

    The labels of the data are taken by the names of their classes, so that a set whose folders come in another order is
    judged rightly; a class that the network does not know is refused.
    """
    predictor = predictor_of(project)
    name = split or next(one for one in (TEST, VALIDATION, TRAIN) if one in data.splits)
    if name not in data.splits:
        raise DataError(N_("“{data}” has no samples for “{split}”"), data=data.name, split=name)
    return name, predictor.evaluate(relabelled(data.splits[name], data.classes, predictor.classes, data.name))


def relabelled(samples: Samples, classes: tuple[str, ...], wanted: tuple[str, ...], name: str) -> Samples:
    """The samples with the labels that a network gives to the same classes. Raises DataError for a class it does not know."""
    if classes == wanted:
        return samples
    unknown = [one for one in classes if one not in wanted]
    if unknown:
        raise DataError(
            N_("“{data}” has the class “{name}”, which the network does not know"), data=name, name=unknown[0]
        )
    table = np.array([wanted.index(one) for one in classes])
    chosen = Chosen(samples, np.arange(len(samples)))
    chosen.labels = table[samples.labels]
    return chosen
