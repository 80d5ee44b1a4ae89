"""Judging a trained network on data that may not be those it was trained on."""

from __future__ import annotations

import numpy as np

from cnn_studio.core.words import say
from cnn_studio.engine.datasets.base import TEST, TRAIN, VALIDATION, Chosen, DataError, Dataset, Samples
from cnn_studio.engine.events import Scores
from cnn_studio.engine.predict import Predictor
from cnn_studio.engine.setup import parts_of
from cnn_studio.i18n import N_


def judge(predictor: Predictor, data: Dataset, split: str | None = None, *, own: bool = False) -> tuple[str, Scores]:
    """The scores over a split: that asked for, or the test samples, else those that training did not learn from.

    The labels of the data are taken by the names of their classes, so that a set whose folders come in another order is
    judged rightly. Raises DataError for a class that the network does not know, and for a split that there is not.

    Args:
        own: the data are those of the training: samples that were kept apart there are kept apart here too.
    """
    splits = dict(data.splits)
    if own:
        splits[TRAIN], kept_apart = parts_of(data, predictor.plan)
        if kept_apart is not None:
            splits[VALIDATION] = kept_apart
    name = split or next(one for one in (TEST, VALIDATION, TRAIN) if one in splits)
    if name not in splits:
        there = ", ".join(str(say(one)) for one in splits)
        raise DataError(
            N_("“{data}” has no samples for “{split}”, only for {there}"), data=data.name, split=say(name), there=there
        )
    return name, predictor.evaluate(relabelled(splits[name], data.classes, predictor.classes, data.name))


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
