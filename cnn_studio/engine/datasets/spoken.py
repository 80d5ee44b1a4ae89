"""The Free Spoken Digit Dataset: 3,000 recordings of ten digits by six people."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import numpy as np

from cnn_studio.core.files import reason
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets import sources
from cnn_studio.engine.datasets.base import TEST, TRAIN, Array, DataError, Dataset, Samples
from cnn_studio.engine.datasets.fetched import FetchedSource, RemoteFile
from cnn_studio.engine.datasets.mnist_family import DIGITS
from cnn_studio.engine.sounds import sound_of
from cnn_studio.i18n import N_

COMMIT = "26eb9aaf76e81b692f806f9140c2d2777410d7a1"
TEST_RECORDINGS = 5
"""The first recordings of each digit by each person are for the test, as its authors have it."""


class Sounds(Samples):
    """Sounds of several lengths that lie in memory."""

    def __init__(self, sounds: list[Array], labels: Array, names: list[str]) -> None:
        self._sounds, self.labels, self._names = sounds, labels.astype(np.int64), names
        self.peak = 32768.0

    def read(self, index: int) -> Array:
        return self._sounds[index]

    @property
    def shape(self) -> Shape | None:
        lengths = {sound.shape for sound in self._sounds}
        return Shape(1, lengths.pop()[1:]) if len(lengths) == 1 else None

    def name_of(self, index: int) -> str:
        return self._names[index]


class SpokenDigits(FetchedSource):
    """Zero to nine in English."""

    name: ClassVar[str] = "spoken-digits"
    label: ClassVar[str] = N_("Spoken digits")
    about: ClassVar[str] = N_("Zero to nine said in English by six people, 8 kHz.")
    medium: ClassVar[str] = "sound"
    sample: ClassVar[Shape] = Shape(1, (8000,))
    classes: ClassVar[tuple[str, ...]] = DIGITS
    counts: ClassVar[Mapping[str, int]] = {TRAIN: 2_700, TEST: 300}
    licence: ClassVar[str] = "CC BY-SA 4.0"
    origin: ClassVar[str] = "Zohar Jackson and others, Free Spoken Digit Dataset"
    files: ClassVar[tuple[RemoteFile, ...]] = (
        RemoteFile(
            "spoken-digits.zip",
            "members:6b1a8e30f4df78a933fe25cf1ca0140c8c6f169c0a83649a15b70a5ae7407014",
            16_157_653,
            (
                f"https://github.com/Jakobovski/free-spoken-digit-dataset/archive/{COMMIT}.zip",
                f"https://codeload.github.com/Jakobovski/free-spoken-digit-dataset/zip/{COMMIT}",
            ),
            (
                "fsdd_recordings.zip",
                "master.zip",
                "free-spoken-digit-dataset-master.zip",
                f"free-spoken-digit-dataset-{COMMIT}.zip",
            ),
            ".wav",
        ),
    )

    def open(self, folder: Path) -> Dataset:
        self.check_here(folder)
        path = self.folder_in(folder) / self.files[0].name
        try:
            with zipfile.ZipFile(path) as archive:
                named = {
                    name.rpartition("/")[2]: archive.read(name) for name in archive.namelist() if name.endswith(".wav")
                }
        except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
            raise DataError(
                N_("“{file}” is damaged: its compressed data break off or make no sense"), file=path.name
            ) from error
        except OSError as error:
            raise DataError(N_("“{file}” cannot be read: {reason}"), file=str(path), reason=reason(error)) from error
        parts: dict[str, list[str]] = {TRAIN: [], TEST: []}
        for name in sorted(named):
            number = int(Path(name).stem.rpartition("_")[2])
            parts[TEST if number < TEST_RECORDINGS else TRAIN].append(name)
        splits = {
            split: Sounds(
                [sound_of(named[name], name) for name in names], np.array([int(name[0]) for name in names]), names
            )
            for split, names in parts.items()
        }
        return Dataset(self.name, self.classes, splits, self.medium, self.licence, self.origin)


sources.register(SpokenDigits.name, SpokenDigits())
