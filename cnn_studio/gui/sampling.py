"""Chooses the sample that is looked at: the first of the data at first, others one by one, at random, by class, or a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cnn_studio.gui.look import Look
from cnn_studio.gui.runner import Lane
from cnn_studio.gui.samples import DATA, FILE, READY, Data, Sample, sample_of
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnn_studio.engine.datasets.base import Array, Dataset

SPLITS = ("test", "validation", "train")
"""Where samples are taken from: what the network has not learned from, where there is such a part."""


class Sampler(QObject):
    """One window's choice of samples.

    Signals:
        class_changed: samples of another class, or of any, are stepped through.
        refused(str): why there is no such sample.
    """

    class_changed = Signal()
    refused = Signal(str)

    def __init__(self, data: Data, look: Look, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._data, self._look, self._lane = data, look, lane
        self.wanted = -1
        data.changed.connect(self._data_changed)

    @property
    def split(self) -> str:
        """The part of the data that is stepped through, or "" while they are not ready."""
        return next((name for name in SPLITS if name in self._data.splits), "")

    def step(self, by: int) -> None:
        """The sample so many places further, of the chosen class where one is chosen; behind the last comes the first."""
        sample, split = self._look.sample, self.split
        here = sample.index if sample is not None and sample.source == DATA and sample.split == split else -1
        self._take(lambda data: _beside(data, split, here, by, self.wanted))

    def random(self) -> None:
        """Any sample, of the chosen class where one is chosen."""
        split = self.split
        self._take(lambda data: _random(data, split, self.wanted))

    def choose_class(self, number: int) -> None:
        """From now on samples of this class; -1 for any. The present one stays where it is of them."""
        self.wanted = number
        self.class_changed.emit()
        sample, classes = self._look.sample, self._data.classes
        if number >= 0 and (sample is None or sample.source != DATA or sample.label != classes[number]):
            self.step(1)

    def open(self, path: Path) -> None:
        """A picture or a sound from a file."""
        self._lane.ask("sample", lambda: _from_file(path), self._look.set_sample, self.refused.emit)

    def _take(self, choose: Callable[[Dataset], Sample]) -> None:
        dataset = self._data.dataset
        if dataset is None or not self.split:
            return
        self._lane.ask("sample", lambda: choose(dataset), self._look.set_sample, self.refused.emit)

    def _data_changed(self) -> None:
        sample = self._look.sample
        own = sample is not None and sample.source != DATA
        if self._data.state != READY:
            self.wanted = -1
            if not own:
                self._look.set_sample(None)
        elif not own:
            self.step(1)


# -- in the other thread -----------------------------------------------------------------------------------------------


def _beside(dataset: Dataset, split: str, here: int, by: int, wanted: int) -> Sample:
    import numpy as np

    places = _places(dataset, split, wanted)
    passed = int(np.searchsorted(places, here, "right" if by > 0 else "left"))
    return sample_of(dataset, split, int(places[(passed + by - (by > 0)) % len(places)]))


def _random(dataset: Dataset, split: str, wanted: int) -> Sample:
    import numpy as np

    return sample_of(dataset, split, int(np.random.default_rng().choice(_places(dataset, split, wanted))))


def _places(dataset: Dataset, split: str, wanted: int) -> Array:
    """Numbers of the samples of a class, in order; of all for -1."""
    import numpy as np

    from cnn_studio.engine.datasets.base import DataError

    labels = dataset.splits[split].labels
    places: Array = np.flatnonzero(labels == wanted) if wanted >= 0 else np.arange(len(labels))
    if not len(places):
        raise DataError(
            N_("there is no sample of “{name}” here"), name=dataset.classes[wanted] if wanted >= 0 else split
        )
    return places


def _from_file(path: Path) -> Sample:
    from cnn_studio.engine import inputs

    return Sample(FILE, inputs.sample_of(path), path.name)
