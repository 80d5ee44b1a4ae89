"""The data set of one window: opened in another thread, and asked for samples there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import Words
from cnn_studio.gui.runner import Failed, Lane
from cnn_studio.i18n import N_, _

if TYPE_CHECKING:
    from cnn_studio.engine.datasets.base import Array, Dataset

NONE, OPENING, READY, REFUSED = "none", "opening", "ready", "refused"
"""States of the data."""

DATA, PAD, FILE = "data", "pad", "file"
"""Where a sample is from."""

SPLITS = {"test": N_("test"), "validation": N_("validation"), "train": N_("training")}
"""Names of the parts of the data."""


@dataclass(frozen=True, eq=False)
class Sample:
    """One sample that is looked at.

    Attributes:
        source: where it is from.
        stored: as it is stored, before the preprocessing: (channels, \\*sizes).
        title: what a person would call it.
        label: name of its class, or "" where nobody knows.
        split, index: which one of the data, where it is of them.
    """

    source: str
    stored: Array
    title: Words | str
    label: str = ""
    split: str = ""
    index: int = -1

    @property
    def name(self) -> str:
        """What tells it from all others: its part of the data and its title there."""
        split = _(SPLITS.get(self.split, self.split))
        return f"{split} {self.title}" if split else str(self.title)


@dataclass(frozen=True)
class SplitFacts:
    """One split: how many samples, of each class in order, and their shape where all have the same."""

    count: int
    by_class: tuple[int, ...]
    shape: Shape | None


@dataclass(frozen=True)
class SourceFacts:
    """A data set that is known by name, see ``engine.datasets.source.Source``; ``size`` bytes are to be fetched."""

    name: str
    label: str
    about: str
    medium: str
    sample: Shape
    classes: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    licence: str
    origin: str
    size: int
    is_here: bool


class Data(QObject):
    """The data set that the plan of a window names.

    Signals:
        changed: another state, or other data.
        listed: the sets known by name were looked up; see ``sources``.
        progressed: while they are opened, more of them is there; see ``share``.
    """

    changed = Signal()
    listed = Signal()
    progressed = Signal()

    def __init__(self, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self.name = ""
        self.state = NONE
        self.dataset: Dataset | None = None
        self.splits: dict[str, SplitFacts] = {}
        self.problem: str = ""
        self.share = 0.0
        self._with_run = False
        self.sources: Sequence[SourceFacts] = ()

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, once the data are ready."""
        return self.dataset.classes if self.dataset is not None else ()

    def follow(self, name: str) -> None:
        """Other data are named; those of before are let go. Nothing is opened until somebody asks."""
        if name != self.name:
            self.name = name
            self._lane.drop("data")
            self._set(NONE)

    def ensure(self) -> None:
        """Open the data where that has not been tried."""
        if self.state == NONE and self.name:
            self._set(OPENING)
            name = self.name
            self._lane.ask("data", lambda: _opened(name), self._take, self._refuse, self._heard)

    def again(self) -> None:
        """Open them anew, as after they were fetched or a folder was mended."""
        self._lane.drop("data")
        self._set(NONE)
        self.ensure()

    def leave_to_run(self) -> None:
        """A run that begins opens them: they are not opened a second time beside it; see ``take`` and ``no_run``."""
        if self.state in (NONE, OPENING):
            self._lane.drop("data")
            self._set(OPENING)
            self._with_run = True

    def no_run(self) -> None:
        """The run ended before it had opened them."""
        if self._with_run:
            self._set(NONE)

    def let_go(self) -> None:
        """Open them no further, as others are wanted; they are opened when somebody asks again."""
        if self.state == OPENING:
            self._lane.drop("data")
            self._set(NONE)

    def take(self, dataset: Dataset) -> None:
        """These were opened elsewhere, by a run that began."""
        if self.state != READY:
            self._lane.drop("data")
            self._set(OPENING)
            self._lane.ask("data", lambda: (dataset, _facts(dataset)), self._take, self._refuse)

    def list_sources(self) -> None:
        """Look up which sets are known by name, and whether they are here."""
        self._lane.ask("sources", _sources, self._listed)

    def sample(
        self,
        split: str,
        index: int,
        done: Callable[[Sample], object],
        failed: Failed | None = None,
        key: str = "sample",
    ) -> None:
        """Read one sample, in the other thread."""
        dataset = self.dataset
        if dataset is not None:
            self._lane.ask(key, lambda: sample_of(dataset, split, index), done, failed)

    def work(
        self, key: str, work: Callable[[Dataset], Any], done: Callable[[Any], object], failed: Failed | None = None
    ) -> None:
        """Do something with the data in the other thread; nothing happens while they are not ready."""
        dataset = self.dataset
        if dataset is not None:
            self._lane.ask(key, lambda: work(dataset), done, failed)

    def _take(self, found: tuple[Dataset, dict[str, SplitFacts]]) -> None:
        dataset, splits = found
        self._set(READY, dataset, splits)

    def _refuse(self, sentence: str) -> None:
        self._set(REFUSED, problem=sentence)

    def _heard(self, share: float) -> None:
        self.share = share
        self.progressed.emit()

    def _listed(self, found: Sequence[SourceFacts]) -> None:
        self.sources = found
        self.listed.emit()

    def _set(
        self,
        state: str,
        dataset: Dataset | None = None,
        splits: dict[str, SplitFacts] | None = None,
        problem: str = "",
    ) -> None:
        if state == self.state == NONE:
            return
        self.state, self.dataset, self.splits, self.problem = state, dataset, splits or {}, problem
        self.share, self._with_run = 0.0, False
        self.changed.emit()


# -- in the other thread -----------------------------------------------------------------------------------------------


def _opened(name: str) -> tuple[Dataset, dict[str, SplitFacts]]:
    from cnn_studio.engine.datasets.opening import open_data

    dataset = open_data(name)
    return dataset, _facts(dataset)


def _facts(dataset: Dataset) -> dict[str, SplitFacts]:
    import numpy as np

    found = {}
    for name, samples in dataset.splits.items():
        counts = np.bincount(samples.labels, minlength=len(dataset.classes))
        found[name] = SplitFacts(len(samples), tuple(int(count) for count in counts), samples.shape)
    return found


def sample_of(dataset: Dataset, split: str, index: int) -> Sample:
    """One sample of a split. Raises DataError when it cannot be read."""
    samples = dataset.splits[split]
    label = dataset.classes[int(samples.labels[index])]
    return Sample(DATA, samples.read(index), samples.name_of(index), label, split, index)


def _sources() -> list[SourceFacts]:
    from cnn_studio.engine.datasets import sources
    from cnn_studio.engine.datasets.opening import data_folder

    folder = data_folder()
    return [
        SourceFacts(
            source.name, source.label, source.about, source.medium, source.sample, tuple(source.classes),
            tuple(source.counts.items()), source.licence, source.origin, source.size, source.is_here(folder),
        )
        for source in sources.values()
    ]  # fmt: skip
