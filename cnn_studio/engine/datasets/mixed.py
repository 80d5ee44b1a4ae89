"""Several sets as one: "digits + my letters" has the classes and the samples of both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnn_studio.core.plans.plan import JOINT
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets.base import TRAIN, Array, DataError, Dataset, Samples
from cnn_studio.i18n import N_


class Joined(Samples):
    """The samples of several splits, one after the other."""

    def __init__(self, parts: Sequence[Samples], labels: Array) -> None:
        self.parts = list(parts)
        self.labels = labels.astype(np.int64)
        self.peak = parts[0].peak
        self._first = np.cumsum([0, *(len(part) for part in parts)])

    def _place(self, index: int) -> tuple[Samples, int]:
        number = int(np.searchsorted(self._first, index, side="right")) - 1
        return self.parts[number], index - int(self._first[number])

    def read(self, index: int) -> Array:
        part, place = self._place(index)
        return part.read(place)

    @property
    def shape(self) -> Shape | None:
        shapes = {part.shape for part in self.parts}
        return shapes.pop() if len(shapes) == 1 else None

    def name_of(self, index: int) -> str:
        part, place = self._place(index)
        return part.name_of(place)


def mixed(sets: Sequence[Dataset]) -> Dataset:
    """One set of all the samples; classes of the same name are one. Raises DataError for samples of different kinds.

    A split that some of them do not have is left out: it would say nothing of the others' classes.
    """
    first = sets[0]
    for other in sets[1:]:
        if other.medium != first.medium or other.train.peak != first.train.peak:
            raise DataError(
                N_("“{one}” and “{other}” cannot be mixed: their samples are of different kinds"),
                one=first.name, other=other.name,
            )  # fmt: skip
    classes = tuple(dict.fromkeys(name for one in sets for name in one.classes))
    number = {name: index for index, name in enumerate(classes)}
    splits = {}
    for split in first.splits:
        if all(split in one.splits for one in sets):
            labels = [np.array([number[name] for name in one.classes])[one.splits[split].labels] for one in sets]
            splits[split] = Joined([one.splits[split] for one in sets], np.concatenate(labels))
    assert TRAIN in splits
    return Dataset(
        JOINT.join(one.name for one in sets),
        classes,
        splits,
        first.medium,
        ", ".join(dict.fromkeys(one.licence for one in sets if one.licence)),
        ", ".join(dict.fromkeys(one.source for one in sets if one.source)),
        [pair for one in sets for pair in one.skipped],
    )
