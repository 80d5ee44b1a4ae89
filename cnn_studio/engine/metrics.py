"""Scores from counts: one matrix of counts per evaluation, and everything else follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from cnn_studio.engine.events import Scores

Array = np.ndarray[Any, np.dtype[Any]]


def confusion_counts(classes: int, truth: Tensor, answers: Tensor) -> Tensor:
    """How often each true class (rows) was answered as each class (columns); (classes, classes), int64."""
    return torch.bincount(truth * classes + answers, minlength=classes * classes).view(classes, classes)


@dataclass(frozen=True)
class ClassScores:
    """Scores of one class; 0 where a division by nothing would be needed."""

    precision: float
    recall: float
    f1: float
    support: int


def class_scores(confusion: Array) -> list[ClassScores]:
    """Precision, recall, F1 and number of samples of each class."""
    right = np.diag(confusion).astype(float)
    answered, support = confusion.sum(0).astype(float), confusion.sum(1).astype(float)
    precision = np.divide(right, answered, out=np.zeros_like(right), where=answered > 0)
    recall = np.divide(right, support, out=np.zeros_like(right), where=support > 0)
    both = precision + recall
    f1 = np.divide(2 * precision * recall, both, out=np.zeros_like(right), where=both > 0)
    return [
        ClassScores(float(p), float(r), float(f), int(s))
        for p, r, f, s in zip(precision, recall, f1, support, strict=True)
    ]


BINS = 10
"""Bins of confidence in which calibration is told."""


@dataclass(frozen=True)
class Calibration:
    """How sure a network is against how often it is right, in bins of confidence.

    Attributes:
        confidence, accuracy: means of each bin; NaN where it is empty.
        counts: samples in each bin.
        error: expected calibration error (Naeini et al. 2015; Guo et al. 2017, arXiv:1706.04599).
    """

    confidence: Array
    accuracy: Array
    counts: Array
    error: float


def _calibrated(counts: Array, sure: Array, right: Array) -> Calibration:
    """Calibration from sums over each bin: of samples, of their confidence, of those told right."""
    none = np.full(len(counts), np.nan)
    confidence, accuracy = (np.divide(sums, counts, out=none.copy(), where=counts > 0) for sums in (sure, right))
    error = float(np.abs(sure - right).sum() / max(counts.sum(), 1))
    return Calibration(confidence, accuracy, counts.astype(np.int64), error)


AT_ONCE = 16
"""Batches whose answers are counted together: counting a few numbers costs as much as counting many."""


class Tally:
    """Loss and answers of a stretch of batches, summed where the network runs and read once.

    Args:
        judging: count how sure the network is, too; this is not kept in a checkpoint.
    """

    def __init__(self, classes: int, device: torch.device, *, judging: bool = False) -> None:
        self.classes = classes
        self.samples = 0
        self._loss = 0.0
        self._top5 = torch.zeros((), dtype=torch.int64, device=device)
        self._counts = torch.zeros((classes, classes), dtype=torch.int64, device=device)
        self._sure = torch.zeros((3, BINS), dtype=torch.float64, device=device) if judging else None
        self._waiting: list[tuple[Tensor, Tensor]] = []

    def add(self, loss: float, scores: Tensor, truth: Tensor) -> None:
        """One batch: its mean loss, its scores (batch, classes) and its true classes (batch)."""
        self.samples += len(truth)
        self._loss += loss * len(truth)
        self._waiting.append((scores.detach(), truth))
        if len(self._waiting) >= AT_ONCE:
            self._count()

    def _count(self) -> None:
        if not self._waiting:
            return
        scores = torch.cat([scores for scores, _truth in self._waiting])
        truth = torch.cat([truth for _scores, truth in self._waiting])
        self._waiting.clear()
        answers = scores.argmax(1)
        self._counts += confusion_counts(self.classes, truth, answers)
        if self.classes > 5:
            top = scores.topk(5, dim=1).indices
            self._top5 += (top == truth[:, None]).sum()
        if self._sure is not None:
            highest = torch.softmax(scores.float(), 1).amax(1).double().nan_to_num_(0.0)  # weights may be no numbers
            place = (highest * BINS).long().clamp_(max=BINS - 1)
            for sums, each in zip(self._sure, (torch.ones_like(highest), highest, answers == truth), strict=True):
                sums.index_add_(0, place, each.double())

    @property
    def loss(self) -> float:
        """Mean loss."""
        return self._loss / max(self.samples, 1)

    @property
    def accuracy(self) -> float:
        """Share told right."""
        self._count()
        return float(self._counts.diagonal().sum()) / max(self.samples, 1)

    @property
    def top5(self) -> float | None:
        """Share whose class is among the five most likely; None with five classes or fewer."""
        self._count()
        return float(self._top5) / max(self.samples, 1) if self.classes > 5 else None

    @property
    def confusion(self) -> Array:
        """Counts so far: (classes, classes)."""
        self._count()
        return self._counts.cpu().numpy()

    @property
    def scores(self) -> Scores:
        """Everything counted so far."""
        self._count()
        calibrated = None if self._sure is None else _calibrated(*self._sure.cpu().numpy())
        return Scores(self.loss, self.accuracy, self.top5, self.confusion, calibrated)

    def state(self) -> dict[str, Tensor]:
        """Everything counted, to be kept in a checkpoint."""
        self._count()
        return {"loss": torch.tensor(self._loss, dtype=torch.float64), "top5": self._top5, "counts": self._counts}

    def load(self, state: dict[str, Tensor]) -> None:
        """Go on counting from a checkpoint."""
        self._waiting.clear()
        self._loss = float(state["loss"])
        self._top5, self._counts = (state[name].to(self._counts.device) for name in ("top5", "counts"))
        self.samples = int(self._counts.sum())
