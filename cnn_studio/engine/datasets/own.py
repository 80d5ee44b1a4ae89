"""One's own data: a folder of pictures or sounds a class, IDX, NPZ and CSV files."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from cnn_studio.core.files import FileError, read_file
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets.base import TEST, TRAIN, VALIDATION, Array, DamagedError, DataError, Dataset, Samples
from cnn_studio.engine.datasets.idx import read_idx
from cnn_studio.engine.datasets.looking import reasons
from cnn_studio.engine.datasets.mnist_family import paired
from cnn_studio.engine.pictures import SUFFIXES, read_picture
from cnn_studio.engine.sounds import read_sound
from cnn_studio.i18n import N_

SPLIT_FOLDERS = {
    "train": TRAIN, "training": TRAIN, "entrenamiento": TRAIN,
    "test": TEST, "testing": TEST, "prueba": TEST,
    "validation": VALIDATION, "valid": VALIDATION, "val": VALIDATION, "validacion": VALIDATION, "validación": VALIDATION,
}  # fmt: skip
"""Names of folders that hold a split rather than a class."""
LARGEST_FILE = 4 * 2**30
MOST_CLASSES = 10_000


class FileSamples(Samples):
    """Samples that each lie in a file of their own, read when asked for."""

    def __init__(self, files: Sequence[Path], labels: Array, read: Callable[[Path], Array], peak: float) -> None:
        self._files = [str(path) for path in files]  # a path takes four times the room of its text
        self.labels = labels.astype(np.int64)
        self.peak = peak
        self._read = read
        self._shape: Shape | None = None
        self._asked = False

    def read(self, index: int) -> Array:
        return self._read(Path(self._files[index]))

    @property
    def shape(self) -> Shape | None:
        if not self._asked:
            self._asked = True
            self._shape = self._common_shape()
        return self._shape

    def _common_shape(self) -> Shape | None:
        """The shape of a few samples spread over the set, if it is the same; those that differ later are said when met."""
        found = set()
        for index in np.linspace(0, len(self) - 1, min(len(self), 16)).astype(int):
            with suppress(DamagedError):
                found.add(self.read(int(index)).shape)
        return Shape(*_split_shape(found.pop())) if len(found) == 1 else None

    def name_of(self, index: int) -> str:
        path = Path(self._files[index])
        return f"{path.parent.name}/{path.name}"


def _split_shape(shape: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    return shape[0], shape[1:]


# -- folders -----------------------------------------------------------------------------------------------------------


def open_folder(folder: Path) -> Dataset:
    """A folder with a folder for each class, or with such folders for training and test; pictures or sounds.

    Damaged files are left out and listed. Raises DataError when there are no classes, only one, or too few samples.
    """
    parts = {SPLIT_FOLDERS[path.name.lower()]: path for path in _folders(folder) if path.name.lower() in SPLIT_FOLDERS}
    if TRAIN not in parts:
        parts = {TRAIN: folder}
    names = sorted({path.name for place in parts.values() for path in _folders(place)}, key=_natural)
    listed = {split: _listed(place, names) for split, place in parts.items()}
    if sum(len(files) for files in listed[TRAIN]) == 0:
        raise DataError(
            N_("“{folder}” has no pictures or sounds in folders: put those of each class into a folder with its name"),
            folder=str(folder),
        )
    names, listed = _without_empty(names, listed)
    if len(names) < 2:
        raise DataError(
            N_("“{folder}” has only one class with samples, “{name}”: there must be at least two to tell apart"),
            folder=str(folder), name=names[0],
        )  # fmt: skip
    if len(names) > MOST_CLASSES:
        raise DataError(
            N_("“{folder}” has {count} classes, more than {most}"),
            folder=str(folder),
            count=len(names),
            most=MOST_CLASSES,
        )
    sounds = sum(path.suffix.lower() == ".wav" for files in listed[TRAIN] for path in files)
    is_sound = 2 * sounds > sum(len(files) for files in listed[TRAIN])
    splits, skipped = {}, []
    for split, files in listed.items():
        splits[split], bad = _samples(parts[split], files, is_sound)
        skipped += bad
    if len(splits[TRAIN]) < 2:
        raise DataError(N_("“{folder}” has too few samples that can be read"), folder=str(folder))
    return Dataset(folder.name, tuple(names), splits, "sound" if is_sound else "picture", "", str(folder), skipped)


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "__")))
    except OSError as error:
        raise DataError(
            N_("“{folder}” cannot be read: {reason}"), folder=str(folder), reason=error.strerror or ""
        ) from None


def _natural(name: str) -> tuple[int, int, str]:
    """Numbers before words, 2 before 10."""
    return (0, int(name), name) if name.removeprefix("-").isdecimal() else (1, 0, name)


def _listed(folder: Path, names: Sequence[str]) -> list[list[Path]]:
    """The files of each class, sorted."""
    return [
        sorted(path for path in (folder / name).rglob("*") if _is_sample(path)) if (folder / name).is_dir() else []
        for name in names
    ]


def _is_sample(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES | {".wav"} and not path.name.startswith(".") and path.is_file()


def _without_empty(
    names: Sequence[str], listed: dict[str, list[list[Path]]]
) -> tuple[list[str], dict[str, list[list[Path]]]]:
    kept = [index for index, files in enumerate(listed[TRAIN]) if files]
    return [names[index] for index in kept], {
        split: [files[index] for index in kept] for split, files in listed.items()
    }


def _samples(folder: Path, files: list[list[Path]], is_sound: bool) -> tuple[FileSamples, list[tuple[str, str]]]:
    """The files that can be read as samples, and the others with the reason."""
    read = read_sound if is_sound else read_picture
    every = [
        (path, label)
        for label, paths in enumerate(files)
        for path in paths
        if (path.suffix.lower() == ".wav") == is_sound
    ]
    other = [path for paths in files for path in paths if (path.suffix.lower() == ".wav") != is_sound]
    skipped = [(path.name, str(DataError(N_("it is not of the kind of the others")))) for path in other]
    why = reasons(folder, [path for path, _label in every], read)
    good = [pair for pair, reason in zip(every, why, strict=True) if not reason]
    skipped += [(pair[0].name, reason) for pair, reason in zip(every, why, strict=True) if reason]
    labels = np.array([label for _path, label in good], dtype=np.int64)
    return FileSamples([path for path, _label in good], labels, read, 32768.0 if is_sound else 255.0), skipped


# -- single files --------------------------------------------------------------------------------------------------------


def open_npz(path: Path) -> Dataset:
    """A NumPy archive with x/y or images/labels, and x_test/y_test if there are any. Raises DataError."""
    try:
        with np.load(io.BytesIO(_content(path)), allow_pickle=False) as stored:
            arrays = {name.lower(): stored[name] for name in stored.files}
    except MemoryError:
        raise DataError(N_("“{file}” does not fit into memory"), file=path.name) from None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            N_("“{file}” is not a NumPy archive of plain numbers, or it is damaged"), file=path.name
        ) from error
    splits = {}
    for split, endings in {
        TRAIN: ("", "_train", "train"),
        TEST: ("_test", "test"),
        VALIDATION: ("_val", "_validation"),
    }.items():
        pair = _pair(arrays, endings)
        if pair is not None:
            splits[split] = pair
    if TRAIN not in splits:
        raise DataError(
            N_(
                "“{file}” must hold samples as “x” (or “x_train”, “images”) and classes as “y” (or “y_train”, “labels”)"
            ),
            file=path.name,
        )
    return _from_arrays(path, splits)


def _pair(arrays: dict[str, Array], endings: Iterable[str]) -> tuple[Array, Array] | None:
    for ending in endings:
        for samples, labels in (("x", "y"), ("images", "labels"), ("data", "target"), ("data", "labels")):
            names = (
                [f"{samples}{ending}", f"{ending.strip('_')}_{samples}"],
                [f"{labels}{ending}", f"{ending.strip('_')}_{labels}"],
            )
            found = [next((arrays[name] for name in options if name in arrays), None) for options in names]
            if found[0] is not None and found[1] is not None:
                return found[0], found[1]
    return None


def open_csv(path: Path) -> Dataset:
    """A table with a line for each sample: its class, then its values (or a last column “label”). Raises DataError.

    Rows of 784 values are pictures of 28×28, of 3072 of 32×32 in colour; other squares are grey pictures; the rest are
    rows of numbers.
    """
    try:
        text = _content(path).decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=_delimiter(text)) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(N_("“{file}” is not a table of text in UTF-8"), file=path.name) from error
    if len(rows) < 2:
        raise DataError(N_("“{file}” has no lines of samples"), file=path.name)
    header = [cell.strip().lower() for cell in rows[0]] if not _is_number(rows[0][-1]) else []
    named = next((header.index(name) for name in ("label", "class", "clase", "etiqueta", "y") if name in header), 0)
    body = rows[1:] if header else rows
    width = len(rows[0])
    for number, row in enumerate(body, start=1 + len(rows) - len(body)):
        if len(row) != width:
            raise DataError(
                N_("“{file}”, line {line}: {found} columns and not {wanted}"),
                file=path.name,
                line=number,
                found=len(row),
                wanted=width,
            )
    table = np.array(body, dtype=object)
    labels = table[:, named].astype(str)
    try:
        values = np.delete(table, named, axis=1).astype(float)
    except ValueError:
        raise _no_number(path, body, 1 + len(rows) - len(body), named) from None
    return _from_arrays(path, {TRAIN: (_as_pictures(values), np.array([label.strip() for label in labels]))})


def _no_number(path: Path, body: list[list[str]], first: int, named: int) -> DataError:
    """What to say of the first value that is no number; the lines begin with number ``first``."""
    line, column, value = next(
        (line, column, cell)
        for line, row in enumerate(body, start=first)
        for column, cell in enumerate(row)
        if column != named and not _is_number(cell)
    )
    return DataError(
        N_("“{file}”, line {line}, column {column}: “{value}” is not a number"),
        file=path.name, line=line, column=column + 1, value=value[:40],
    )  # fmt: skip


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _as_pictures(values: Array) -> Array:
    count, width = values.shape
    if values.size and (values == np.rint(values)).all() and values.min() >= 0 and 1 < values.max() <= 255:
        values = values.astype(np.uint8)
    if width == 3072:
        return values.reshape(count, 3, 32, 32)
    side = round(width**0.5)
    return values.reshape(count, 1, side, side) if side * side == width and side >= 8 else values


def _from_arrays(path: Path, pairs: dict[str, tuple[Array, Array]]) -> Dataset:
    pairs = {split: (samples, _as_names(labels, path)) for split, (samples, labels) in pairs.items()}
    names = sorted({str(label) for _samples, labels in pairs.values() for label in labels}, key=_natural)
    if len(names) < 2:
        raise DataError(N_("“{file}” has only one class: there must be at least two to tell apart"), file=path.name)
    if len(names) > MOST_CLASSES:
        raise DataError(
            N_("“{file}” has {count} classes, more than {most}"), file=path.name, count=len(names), most=MOST_CLASSES
        )
    number = {name: index for index, name in enumerate(names)}
    splits = {}
    for split, (samples, labels) in pairs.items():
        coded = np.array([number[str(label)] for label in labels])
        splits[split] = paired(_channels_first(_plain(samples, path)), coded, path, len(names))
    return Dataset(path.stem, tuple(names), splits, "picture", "", str(path))


def _as_names(labels: Array, path: Path) -> Array:
    """One label for each sample, decimal numbers and rows of 0 and 1 as the numbers they stand for. Raises DataError."""
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    one_each = labels.ndim == 2 and labels.dtype.kind in "uifb" and np.array_equal(labels.sum(1), np.ones(len(labels)))
    if one_each and np.isin(labels, (0, 1)).all():
        labels = labels.argmax(1)
    if labels.ndim != 1:
        raise DataError(N_("“{file}” must hold one class for each sample as labels"), file=path.name)
    if labels.dtype.kind == "f":
        if not (np.isfinite(labels) & (labels == np.rint(labels))).all():
            raise DataError(N_("“{file}” has labels that are not whole numbers or names"), file=path.name)
        labels = labels.astype(np.int64)
    return labels


def _plain(samples: Array, path: Path) -> Array:
    """Numbers as bytes, 16-bit or single precision. Raises DataError for anything else and for what is no number."""
    if samples.dtype.kind not in "uifb":
        raise DataError(N_("“{file}” holds something else than numbers"), file=path.name)
    if samples.dtype in (np.uint8, np.int16):
        return samples
    if samples.dtype.kind in "uib" and samples.size and samples.min() >= 0 and samples.max() <= 255:
        return samples.astype(np.uint8)
    with np.errstate(over="ignore"):  # what single precision cannot hold becomes infinite, and is refused with the rest
        numbers = samples.astype(np.float32)
    if not np.isfinite(numbers).all():
        raise DataError(N_("“{file}” has values that are not a number (NaN or infinite)"), file=path.name)
    return numbers


def _channels_first(samples: Array) -> Array:
    if samples.ndim == 4 and samples.shape[-1] in (1, 3) and samples.shape[1] not in (1, 3):
        return np.ascontiguousarray(samples.transpose(0, 3, 1, 2))
    if samples.ndim == 2:
        return samples
    return samples[:, None] if samples.ndim == 3 else samples


def open_idx(path: Path) -> Dataset:
    """A folder with IDX files, or one of a pair. Raises DataError."""
    folder = path if path.is_dir() else path.parent
    splits: dict[str, tuple[Array, Array]] = {}
    for pictures in sorted(folder.glob("*idx[234]-ubyte*")):
        stem = pictures.name.partition("idx")[0]
        labels = next(iter(sorted(folder.glob(f"{stem.replace('images', 'labels')}idx1-ubyte*"))), None)
        if labels is not None:
            split = TEST if stem.startswith(("t10k", "test")) else TRAIN
            splits[split] = (read_idx(pictures), read_idx(labels))
    if TRAIN not in splits and splits:
        splits = {TRAIN: next(iter(splits.values()))}
    if not splits:
        raise DataError(N_("“{folder}” has no pair of IDX files, pictures and labels"), folder=str(folder))
    return _from_arrays(folder, splits)


def _content(path: Path) -> bytes:
    try:
        return read_file(path, LARGEST_FILE)
    except FileError as error:
        raise DataError(N_("“{file}” cannot be read: {reason}"), file=str(path), reason=error.words) from None


def open_path(path: Path) -> Dataset:
    """One's own data, by what the path leads to. Raises DataError."""
    if path.is_dir():
        return open_idx(path) if any(path.glob("*idx[1234]-ubyte*")) else open_folder(path)
    if not path.exists():
        raise DataError(N_("there is no file or folder “{path}”"), path=str(path))
    suffix = path.suffix.lower()
    if suffix == ".npz":
        return open_npz(path)
    if suffix in (".csv", ".tsv", ".txt"):
        return open_csv(path)
    if "ubyte" in path.name or suffix in (".idx", ".gz"):
        return open_idx(path)
    raise DataError(
        N_("“{file}” is of no kind that can be trained on: a folder a class, IDX, NPZ, CSV or WAV"), file=path.name
    )
