"""What a network answers on every sample that judges it: which are mistaken, for what, and how sure it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from cnn_studio.core.analysis import analyse
from cnn_studio.engine.datasets.base import TEST, VALIDATION, Array, DataError, Dataset, Samples
from cnn_studio.engine.judging import relabelled
from cnn_studio.engine.predict import Predictor
from cnn_studio.engine.report.gather import affordable
from cnn_studio.engine.setup import parts_of
from cnn_studio.i18n import N_


@dataclass(frozen=True, eq=False)
class Verdicts:
    """Answers on a split, sample by sample.

    Attributes:
        split: "validation" or "test"; whole: samples that it has, of which as many were asked as can be afforded.
        samples: those that were asked.
        classes: names of the classes.
        truths, answers: true and answered class of each (n,).
        sure: probability of the answer (n,); likely: of the truth (n,).
    """

    split: str
    whole: int
    samples: Samples
    classes: tuple[str, ...]
    truths: Array
    answers: Array
    sure: Array
    likely: Array

    @property
    def confusion(self) -> Array:
        """Counts (classes, classes): rows the truths, columns the answers."""
        n = len(self.classes)
        counts: Array = np.bincount(self.truths * n + self.answers, minlength=n * n).reshape(n, n)
        return counts

    def places(self, truth: int = -1, answer: int = -1, *, right: bool = False) -> Array:
        """Numbers of the samples, the surest first: the mistaken ones, or with ``right`` all; of these classes, -1 for any."""
        chosen = np.ones(len(self.truths), bool) if right else self.truths != self.answers
        if truth >= 0:
            chosen &= self.truths == truth
        if answer >= 0:
            chosen &= self.answers == answer
        (found,) = np.nonzero(chosen)
        order: Array = found[np.argsort(-self.sure[found], kind="stable")]
        return order


def verdicts(predictor: Predictor, data: Dataset, split: str = VALIDATION) -> Verdicts:
    """Ask a network about the samples that judged its run, or about the test samples; where there are none of the one,
    about the others. Raises DataError where there are neither, or where the data are not those of the network."""
    name, samples = _judging(predictor, data, split)
    asked = affordable(
        relabelled(samples, data.classes, predictor.classes, data.name),
        analyse(predictor.graph).totals.macs,
        predictor.plan.seed,
    )
    truths, answers, sure, likely = [], [], [], []
    for labels, scores in predictor.answers(asked):
        probabilities = torch.softmax(scores, 1)
        highest, best = probabilities.max(1)
        truths.append(labels)
        answers.append(best)
        sure.append(highest)
        likely.append(probabilities.gather(1, labels[:, None])[:, 0])
    together = [torch.cat(parts).numpy() for parts in (truths, answers, sure, likely)]
    return Verdicts(name, len(samples), asked, predictor.classes, *together)


def _judging(predictor: Predictor, data: Dataset, split: str) -> tuple[str, Samples]:
    _train, validation = parts_of(data, predictor.plan)
    found = {VALIDATION: validation, TEST: data.splits.get(TEST)}
    for name in (split, *found):
        samples = found[name]
        if samples is not None and len(samples):
            return name, samples
    raise DataError(
        N_("nothing judges the network: keep a share of “{data}” for validation in the plan"), data=data.name
    )
