"""Some samples of a data set, prepared for a network that has no run to take them from."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from cnn_studio.engine.datasets.base import TRAIN, VALIDATION, Array, DamagedError, Dataset
from cnn_studio.engine.insight.base import prepared
from cnn_studio.engine.predict import Predictor

if TYPE_CHECKING:
    from cnn_studio.engine.session import Session


def some_samples(subject: Session | Predictor, dataset: Dataset, count: int) -> tuple[Array, Array]:
    """Prepared samples (n, channels, \\*sizes), spread over a split, and their labels (n).

    Raises DataError where the network cannot take them, or none can be read.
    """
    samples = dataset.splits.get(VALIDATION) or dataset.splits[TRAIN]
    pictures, labels = [], []
    for index in np.linspace(0, len(samples) - 1, min(count, len(samples))).round().astype(int).tolist():
        with suppress(DamagedError):
            pictures.append(prepared(subject, samples.read(index)))
            labels.append(samples.labels[index])
    return np.stack(pictures), np.array(labels)
