"""MNIST and the sets that took its place and format: Fashion-MNIST, KMNIST, EMNIST letters and digits."""

from __future__ import annotations

import string
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets import sources
from cnn_studio.engine.datasets.base import TEST, TRAIN, ArraySamples, DataError, Dataset
from cnn_studio.engine.datasets.fetched import FetchedSource, RemoteFile
from cnn_studio.engine.datasets.idx import read_idx
from cnn_studio.i18n import N_

DIGITS = tuple(string.digits)


class IdxSource(FetchedSource):
    """Two pairs of IDX files: pictures and labels to learn from, and to be judged by."""

    sample: ClassVar[Shape] = Shape(1, (28, 28))
    counts: ClassVar[Mapping[str, int]] = {TRAIN: 60_000, TEST: 10_000}

    def open(self, folder: Path) -> Dataset:
        self.check_here(folder)
        place = self.folder_in(folder)
        train, test = (self._split(place, *pair) for pair in (self.files[:2], self.files[2:]))
        return Dataset(self.name, self.classes, {TRAIN: train, TEST: test}, self.medium, self.licence, self.origin)

    def _split(self, place: Path, pictures: RemoteFile, labels: RemoteFile) -> ArraySamples:
        return paired(
            read_idx(place / pictures.name), read_idx(place / labels.name), place / labels.name, len(self.classes)
        )


def paired(pictures: object, labels: object, file: Path, classes: int) -> ArraySamples:
    """Pictures (n, h, w) and labels (n) as samples. Raises DataError when they do not belong together."""
    import numpy as np

    pictures, labels = np.asarray(pictures), np.asarray(labels)
    if labels.ndim != 1 or pictures.ndim < 2 or len(labels) != len(pictures):
        raise DataError(
            N_("“{file}” has {labels} labels for {pictures} pictures"),
            file=file.name, labels=labels.size, pictures=len(pictures),
        )  # fmt: skip
    if len(labels) and not 0 <= labels.min() <= labels.max() < classes:
        wrong = int(labels.max() if labels.max() >= classes else labels.min())
        raise DataError(
            N_("“{file}” has the label {label}, and there are only {classes} classes"),
            file=file.name,
            label=wrong,
            classes=classes,
        )
    return ArraySamples(pictures[:, None] if pictures.ndim == 3 else pictures, labels)


def _four(prefixes: tuple[str, ...], *files: tuple[str, str, int]) -> tuple[RemoteFile, ...]:
    """The four files of a set: name, checksum and size of each, under every address."""
    return tuple(
        RemoteFile(name, checksum, size, tuple(prefix + name for prefix in prefixes), (name.replace(".gz", ""),))
        for name, checksum, size in files
    )


class Mnist(IdxSource):
    """LeCun, Cortes and Burges 1998."""

    name: ClassVar[str] = "mnist"
    label: ClassVar[str] = "MNIST"
    about: ClassVar[str] = N_("Handwritten digits of American clerks and pupils, 28×28 grey.")
    classes: ClassVar[tuple[str, ...]] = DIGITS
    licence: ClassVar[str] = "CC BY-SA 3.0"
    origin: ClassVar[str] = "Yann LeCun, Corinna Cortes, Christopher Burges"
    files: ClassVar[tuple[RemoteFile, ...]] = _four(
        (
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
        (
            "train-images-idx3-ubyte.gz",
            "sha256:440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            9_912_422,
        ),
        (
            "train-labels-idx1-ubyte.gz",
            "sha256:3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            28_881,
        ),
        (
            "t10k-images-idx3-ubyte.gz",
            "sha256:8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            1_648_877,
        ),
        ("t10k-labels-idx1-ubyte.gz", "sha256:f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6", 4_542),
    )


class FashionMnist(IdxSource):
    """Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747."""

    name: ClassVar[str] = "fashion-mnist"
    label: ClassVar[str] = "Fashion-MNIST"
    about: ClassVar[str] = N_("Pieces of clothing, 28×28 grey; as large as MNIST and harder.")
    classes: ClassVar[tuple[str, ...]] = (
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    )  # fmt: skip
    licence: ClassVar[str] = "MIT"
    origin: ClassVar[str] = "Zalando SE"
    files: ClassVar[tuple[RemoteFile, ...]] = _four(
        (
            "https://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        ),
        (
            "train-images-idx3-ubyte.gz",
            "sha256:3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            26_421_880,
        ),
        (
            "train-labels-idx1-ubyte.gz",
            "sha256:a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            29_515,
        ),
        (
            "t10k-images-idx3-ubyte.gz",
            "sha256:346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            4_422_102,
        ),
        ("t10k-labels-idx1-ubyte.gz", "sha256:67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", 5_148),
    )


class Kmnist(IdxSource):
    """Clanuwat et al. 2018, arXiv:1812.01718."""

    name: ClassVar[str] = "kmnist"
    label: ClassVar[str] = "KMNIST"
    about: ClassVar[str] = N_("Ten letters of old Japanese books, 28×28 grey.")
    classes: ClassVar[tuple[str, ...]] = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
    licence: ClassVar[str] = "CC BY-SA 4.0"
    origin: ClassVar[str] = "ROIS-DS Center for Open Data in the Humanities"
    files: ClassVar[tuple[RemoteFile, ...]] = _four(
        ("https://codh.rois.ac.jp/kmnist/dataset/kmnist/", "http://codh.rois.ac.jp/kmnist/dataset/kmnist/"),
        ("train-images-idx3-ubyte.gz", "md5:bdb82020997e1d708af4cf47b453dcf7", 18_165_135),
        ("train-labels-idx1-ubyte.gz", "md5:e144d726b3acfaa3e44228e80efcd344", 29_497),
        ("t10k-images-idx3-ubyte.gz", "md5:5c965bf0a639b31b8f53240b1b52f4d7", 3_041_136),
        ("t10k-labels-idx1-ubyte.gz", "md5:7320c461ea6c1c855c0b718fb2a4b134", 5_120),
    )


class Emnist(FetchedSource):
    """Cohen et al. 2017, arXiv:1702.05373. Its pictures lie on their side in the files and are turned upright."""

    medium: ClassVar[str] = "picture"
    sample: ClassVar[Shape] = Shape(1, (28, 28))
    licence: ClassVar[str] = N_("public domain")
    origin: ClassVar[str] = "NIST"
    files: ClassVar[tuple[RemoteFile, ...]] = (
        RemoteFile(
            "gzip.zip", "md5:58c8d27c78d21e728a6bc7b3cc06412e", 561_753_746,
            ("https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",), ("emnist.zip", "emnist-gzip.zip"),
        ),
    )  # fmt: skip
    part: ClassVar[str]
    first: ClassVar[int] = 0
    """Label of the first class."""

    def folder_in(self, folder: Path) -> Path:
        return folder / "emnist"

    def open(self, folder: Path) -> Dataset:
        self.check_here(folder)
        archive = self.folder_in(folder) / self.files[0].name
        splits = {split: self._split(archive, split) for split in (TRAIN, TEST)}
        return Dataset(self.name, self.classes, splits, self.medium, self.licence, self.origin)

    def _split(self, archive: Path, split: str) -> ArraySamples:
        stem = f"emnist-{self.part}-{split}"
        pictures = read_idx(archive, f"{stem}-images-idx3-ubyte.gz").transpose(0, 2, 1)
        labels = read_idx(archive, f"{stem}-labels-idx1-ubyte.gz").astype(int) - self.first
        return paired(pictures, labels, archive, len(self.classes))


class EmnistLetters(Emnist):
    """The letters, large and small together."""

    name: ClassVar[str] = "emnist-letters"
    label: ClassVar[str] = "EMNIST Letters"
    about: ClassVar[str] = N_("Handwritten letters of the Latin alphabet, large and small alike, 28×28 grey.")
    classes: ClassVar[tuple[str, ...]] = tuple(string.ascii_uppercase)
    counts: ClassVar[Mapping[str, int]] = {TRAIN: 124_800, TEST: 20_800}
    part: ClassVar[str] = "letters"
    first: ClassVar[int] = 1


class EmnistBalanced(Emnist):
    """Digits and letters, those that look alike large and small counted once."""

    name: ClassVar[str] = "emnist"
    label: ClassVar[str] = "EMNIST"
    about: ClassVar[str] = N_("Handwritten digits and letters, 47 classes with as many samples each, 28×28 grey.")
    classes: ClassVar[tuple[str, ...]] = (*DIGITS, *string.ascii_uppercase, *"abdefghnqrt")
    counts: ClassVar[Mapping[str, int]] = {TRAIN: 112_800, TEST: 18_800}
    part: ClassVar[str] = "balanced"


for _source in (Mnist, FashionMnist, Kmnist, EmnistBalanced, EmnistLetters):
    sources.register(_source.name, _source())
