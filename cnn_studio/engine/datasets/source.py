"""A data set that has a name: what it is, what it takes, and how to open it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets.base import Dataset


class Source(ABC):
    """One data set known by name.

    Attributes:
        name: in plans and commands.
        label: name that people read, marked for translation where it is not a proper name.
        about: one sentence, marked for translation.
        medium: "picture", "sound" or "video".
        sample: shape of one sample as stored.
        classes: names of the classes, in the order of the labels.
        counts: samples in each split.
        licence, origin: who made it, and on what terms it may be used.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    about: ClassVar[str]
    medium: ClassVar[str] = "picture"
    sample: ClassVar[Shape]
    classes: ClassVar[tuple[str, ...]]
    counts: ClassVar[Mapping[str, int]]
    licence: ClassVar[str]
    origin: ClassVar[str]

    @property
    def size(self) -> int:
        """Bytes to fetch; 0 where nothing is."""
        return 0

    @abstractmethod
    def is_here(self, folder: Path) -> bool:
        """Whether it can be opened without fetching anything; ``folder`` holds what was fetched or generated before."""

    @abstractmethod
    def open(self, folder: Path) -> Dataset:
        """The samples. Raises DataError when they are not here or are damaged."""
