"""CIFAR-10 and CIFAR-100 (Krizhevsky 2009), from the binary files: the other version holds pickles, which could run anything."""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import numpy as np

from cnn_studio.core.files import reason
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets import sources
from cnn_studio.engine.datasets.base import TEST, TRAIN, ArraySamples, DataError, Dataset
from cnn_studio.engine.datasets.fetched import FetchedSource, RemoteFile
from cnn_studio.engine.datasets.mnist_family import paired
from cnn_studio.i18n import N_

LARGEST_MEMBER = 400 * 2**20
PICTURE = 3 * 32 * 32

FINE_CLASSES = (
    "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel "
    "can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur "
    "dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion "
    "lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree "
    "pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea "
    "seal shark shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank "
    "telephone television tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm "
)


class Cifar(FetchedSource):
    """A tar of files with, for each picture, its label bytes and its 3,072 values, channels first."""

    sample: ClassVar[Shape] = Shape(3, (32, 32))
    counts: ClassVar[Mapping[str, int]] = {TRAIN: 50_000, TEST: 10_000}
    licence: ClassVar[str] = N_("free for teaching and research; cite Krizhevsky 2009")
    origin: ClassVar[str] = "Alex Krizhevsky, Vinod Nair, Geoffrey Hinton"
    members: ClassVar[Mapping[str, tuple[str, ...]]]
    label_bytes: ClassVar[int]

    def open(self, folder: Path) -> Dataset:
        self.check_here(folder)
        path = self.folder_in(folder) / self.files[0].name
        splits = {split: self._split(path, names) for split, names in self.members.items()}
        return Dataset(self.name, self.classes, splits, self.medium, self.licence, self.origin)

    def _split(self, path: Path, names: tuple[str, ...]) -> ArraySamples:
        rows = np.concatenate([self._rows(path, name) for name in names])
        pictures = rows[:, self.label_bytes :].reshape(-1, 3, 32, 32)
        return paired(pictures, rows[:, self.label_bytes - 1], path, len(self.classes))

    def _rows(self, path: Path, name: str) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
        """The records of one member, read without unpacking anything to the disk."""
        try:
            with tarfile.open(path, "r:gz") as archive:
                for member in archive:
                    if member.isfile() and member.name.rpartition("/")[2] == name and member.size <= LARGEST_MEMBER:
                        stream = archive.extractfile(member)
                        content = stream.read() if stream is not None else b""
                        return np.frombuffer(content, np.uint8).reshape(-1, self.label_bytes + PICTURE)
        except (tarfile.TarError, EOFError, zlib.error, ValueError) as error:
            raise DataError(
                N_("“{file}” is damaged: its compressed data break off or make no sense"), file=path.name
            ) from error
        except OSError as error:
            raise DataError(N_("“{file}” cannot be read: {reason}"), file=str(path), reason=reason(error)) from error
        raise DataError(N_("“{folder}” has no file “{file}”"), folder=path.name, file=name)


class Cifar10(Cifar):
    """Ten kinds of things."""

    name: ClassVar[str] = "cifar10"
    label: ClassVar[str] = "CIFAR-10"
    about: ClassVar[str] = N_("Photographs of ten kinds of animals and vehicles, 32×32 colour.")
    classes: ClassVar[tuple[str, ...]] = (
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    )  # fmt: skip
    members: ClassVar[Mapping[str, tuple[str, ...]]] = {
        TRAIN: tuple(f"data_batch_{number}.bin" for number in range(1, 6)),
        TEST: ("test_batch.bin",),
    }
    label_bytes: ClassVar[int] = 1
    files: ClassVar[tuple[RemoteFile, ...]] = (
        RemoteFile(
            "cifar-10-binary.tar.gz", "md5:c32a1d4ab5d03f1284b67883e8d87530", 170_052_171,
            ("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",),
        ),
    )  # fmt: skip


class Cifar100(Cifar):
    """A hundred kinds of things."""

    name: ClassVar[str] = "cifar100"
    label: ClassVar[str] = "CIFAR-100"
    about: ClassVar[str] = N_("Photographs of a hundred kinds of things, 32×32 colour.")
    classes: ClassVar[tuple[str, ...]] = tuple(FINE_CLASSES.split())
    members: ClassVar[Mapping[str, tuple[str, ...]]] = {TRAIN: ("train.bin",), TEST: ("test.bin",)}
    label_bytes: ClassVar[int] = 2
    files: ClassVar[tuple[RemoteFile, ...]] = (
        RemoteFile(
            "cifar-100-binary.tar.gz", "md5:03b5dce01913d631647c71ecec9e9cb8", 168_513_733,
            ("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",),
        ),
    )  # fmt: skip


for _source in (Cifar10, Cifar100):
    sources.register(_source.name, _source())
