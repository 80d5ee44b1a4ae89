"""One's own data, good and bad: each refusal is one sentence that says what and where."""

from __future__ import annotations

import gzip
import struct
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets.base import DataError
from cnn_studio.engine.datasets.idx import read_idx
from cnn_studio.engine.datasets.own import open_path
from cnn_studio.engine.pictures import picture_of, read_picture
from cnn_studio.engine.sounds import read_sound

RANDOM = np.random.default_rng(5)


def save(path: Path, size: tuple[int, int] = (12, 10), mode: str = "RGB", **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    bands = {"RGB": 3, "RGBA": 4, "CMYK": 4, "LA": 2}.get(mode, 1)
    values = RANDOM.integers(0, 256, (size[1], size[0], bands), dtype=np.uint8)
    image = Image.fromarray(values[..., 0] if bands == 1 else values, "L" if bands == 1 else mode)
    (image.convert(mode) if image.mode != mode else image).save(path, **options)
    return path


def write_wav(path: Path, values: np.ndarray, rate: int = 8000, width: int = 2, channels: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as stream:
        stream.setnchannels(channels)
        stream.setsampwidth(width)
        stream.setframerate(rate)
        stream.writeframes(values.tobytes())
    return path


def write_idx(path: Path, array: np.ndarray) -> Path:
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    content = header + array.astype(np.uint8).tobytes()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


# -- folders of pictures -----------------------------------------------------------------------------------------------


def test_a_folder_of_any_mix_of_pictures(tmp_path: Path) -> None:
    save(tmp_path / "10" / "a.png", mode="P")
    save(tmp_path / "2" / "b.jpg", (30, 20))
    save(tmp_path / "2" / "c.png", mode="LA")
    save(tmp_path / "2" / "deep" / "d.tif", mode="CMYK")
    save(tmp_path / "cats" / "e.JPG")
    (tmp_path / "cats" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n nonsense")
    (tmp_path / "cats" / "notes.txt").write_text("not a picture")
    (tmp_path / "empty").mkdir()
    data = open_path(tmp_path)
    assert data.classes == ("2", "10", "cats")
    assert data.train.labels.tolist() == [0, 0, 0, 1, 2]
    assert data.train.shape is None
    assert [name for name, _why in data.skipped] == ["broken.png"]
    assert "broken.png" in data.skipped[0][1]
    assert data.train.name_of(0) == "2/b.jpg"


def test_folders_for_training_and_test(tmp_path: Path) -> None:
    for split in ("Train", "test"):
        for name in ("cat", "dog"):
            save(tmp_path / split / name / "1.png", mode="L")
    data = open_path(tmp_path)
    assert set(data.splits) == {"train", "test"}
    assert data.classes == ("cat", "dog")
    assert data.train.shape == Shape(1, (10, 12))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda _folder: None, "has no pictures or sounds in folders"),
        (lambda folder: save(folder / "loose.png"), "has no pictures or sounds in folders"),
        (lambda folder: save(folder / "only" / "a.png"), "has only one class with samples, “only”"),
    ],
)
def test_folders_that_cannot_be_trained_on(tmp_path: Path, make: Callable[[Path], Any], words: str) -> None:
    make(tmp_path)
    with pytest.raises(DataError, match=words):
        open_path(tmp_path)


def test_a_folder_of_damaged_pictures_only(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.png").write_bytes(b"")
    with pytest.raises(DataError, match="too few samples that can be read"):
        open_path(tmp_path)


def test_a_picture_that_vanished_is_named(tmp_path: Path) -> None:
    for name in "ab":
        save(tmp_path / name / "x.png")
    data = open_path(tmp_path)
    (tmp_path / "a" / "x.png").unlink()
    with pytest.raises(DataError, match=r"“x.png” cannot be read: there is no such file"):
        data.train.read(0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F"])
def test_every_mode_becomes_grey_or_colour_bytes(tmp_path: Path, mode: str) -> None:
    if mode in ("I;16", "I", "F"):
        values = RANDOM.integers(0, 65536, (6, 5)) / (65535 if mode == "F" else 1)
        kinds = {"I;16": np.uint16, "I": np.int32, "F": np.float32}
        path = tmp_path / "x.tif"
        Image.fromarray(values.astype(kinds[mode])).save(path)
        expected = np.rint(values * (255 if mode == "F" else 255 / 65535)).astype(np.uint8)
        assert np.abs(read_picture(path)[0].astype(int) - expected).max() <= 1
        return
    picture = read_picture(save(tmp_path / "x.tif", (5, 6), mode))
    assert picture.dtype == np.uint8
    assert picture.shape == ((1 if mode in ("1", "L", "LA", "P") else 3), 6, 5)


def test_a_photograph_taken_sideways_is_turned_upright(tmp_path: Path) -> None:
    image = Image.new("RGB", (8, 4))
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "x.jpg", exif=exif)
    assert read_picture(tmp_path / "x.jpg").shape == (3, 8, 4)


def test_transparent_parts_are_white() -> None:
    from io import BytesIO

    stream = BytesIO()
    Image.new("RGBA", (2, 2), (255, 0, 0, 0)).save(stream, "PNG")
    assert (picture_of(stream.getvalue(), "x.png") == 255).all()


def test_a_huge_picture_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "x.png")
    with pytest.raises(DataError, match=r"“x.png”"):
        read_picture(tmp_path / "x.png")


@settings(max_examples=150)
@given(st.data())
def test_damaged_pictures_give_a_picture_or_a_sentence(data: st.DataObject) -> None:
    from io import BytesIO

    stream = BytesIO()
    image = Image.fromarray(np.random.default_rng(1).integers(0, 256, (9, 9, 3), dtype=np.uint8))
    image.save(stream, data.draw(st.sampled_from(["PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM"])))
    content = bytearray(stream.getvalue())
    for _change in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))]
    try:
        assert picture_of(bytes(content), "x").dtype == np.uint8
    except DataError as error:
        assert "“x”" in str(error)  # noqa: PT017 - a sentence is one of two right outcomes
        assert "\n" not in str(error)  # noqa: PT017


# -- sounds --------------------------------------------------------------------------------------------------------------


def test_a_folder_of_sounds_of_any_rate_and_width(tmp_path: Path) -> None:
    tone = np.sin(np.arange(1600) / 5)
    write_wav(tmp_path / "a" / "x.wav", (tone * 32000).astype("<i2"))
    write_wav(tmp_path / "a" / "y.wav", ((tone + 1) * 127).astype(np.uint8), width=1)
    write_wav(tmp_path / "b" / "z.wav", np.repeat((tone * 2e9).astype("<i4"), 2), rate=16000, width=4, channels=2)
    (tmp_path / "b" / "broken.wav").write_bytes(b"RIFF....WAVE")
    data = open_path(tmp_path)
    assert data.medium == "sound"
    assert data.train.peak == 32768
    assert [data.train.read(index).shape for index in range(3)] == [(1, 1600), (1, 1600), (1, 800)]
    assert np.abs(data.train.read(0).astype(int) - data.train.read(1)).max() < 1100
    assert [name for name, _why in data.skipped] == ["broken.wav"]


def test_a_lower_rate_keeps_low_tones_and_drops_those_it_cannot_hold(tmp_path: Path) -> None:
    time = np.arange(16000) / 16000
    low, high = (
        read_sound(write_wav(tmp_path / f"{f}.wav", (np.sin(2 * np.pi * f * time) * 20000).astype("<i2"), 16000))
        for f in (440, 6000)
    )
    assert np.abs(low).max() > 19_000
    assert np.abs(high[:, 100:-100]).max() < 300
    assert low.shape == (1, 8000)


# -- arrays ----------------------------------------------------------------------------------------------------------------


def test_npz_with_and_without_test_samples(tmp_path: Path) -> None:
    pictures = RANDOM.integers(0, 256, (6, 5, 4, 3), dtype=np.uint8)
    np.savez(tmp_path / "a.npz", x_train=pictures, y_train=[0, 1] * 3, x_test=pictures[:2], y_test=[1, 0])
    data = open_path(tmp_path / "a.npz")
    assert data.train.shape == Shape(3, (5, 4))
    assert len(data.splits["test"]) == 2
    np.savez(tmp_path / "b.npz", x=pictures[..., 0] / 255, y=["cat", "dog"] * 3)
    data = open_path(tmp_path / "b.npz")
    assert data.classes == ("cat", "dog")
    assert data.train.shape == Shape(1, (5, 4))
    assert data.train.peak == 1.0


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"a": [1]}, "must hold samples as “x”"),
        ({"x": np.zeros((3, 2, 2)), "y": [0, 1]}, "has 2 labels for 3 pictures"),
        ({"x": np.full((2, 2, 2), np.nan), "y": [0, 1]}, "values that are not a number"),
        ({"x": np.zeros((2, 2, 2)), "y": [1, 1]}, "only one class"),
        ({"x": np.array(["a", "b"]), "y": [0, 1]}, "something else than numbers"),
    ],
)
def test_archives_that_cannot_be_trained_on(tmp_path: Path, arrays: dict[str, Any], words: str) -> None:
    np.savez(tmp_path / "x.npz", **arrays)
    with pytest.raises(DataError, match=words):
        open_path(tmp_path / "x.npz")


def test_an_archive_with_pickled_objects_runs_nothing(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", x=np.array([object()]), y=[0], allow_pickle=True)
    with pytest.raises(DataError, match="not a NumPy archive of plain numbers"):
        open_path(tmp_path / "x.npz")


def test_csv_of_pictures_and_of_numbers(tmp_path: Path) -> None:
    rows = ["label," + ",".join(f"p{n}" for n in range(784))]
    rows += [f"{label}," + ",".join(str(n % 256) for n in range(784)) for label in (3, 5, 3)]
    (tmp_path / "digits.csv").write_text("\n".join(rows))
    data = open_path(tmp_path / "digits.csv")
    assert data.train.shape == Shape(1, (28, 28))
    assert data.classes == ("3", "5")
    assert data.train.read(0)[0, 0, :3].tolist() == [0, 1, 2]
    (tmp_path / "iris.csv").write_text("width;height;clase\n1.5;2;a\n0.5;3;b\n")
    data = open_path(tmp_path / "iris.csv")
    assert data.train.shape == Shape(2)
    assert data.classes == ("a", "b")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no lines of samples"),
        ("label,a\n1,2\n0,3,4\n", "line 3: 3 columns and not 2"),
        ("label,a\n1,x\n0,3\n", "line 2, column 2: “x” is not a number"),
        ("label,a\n1,2\n1,3\n", "only one class"),
    ],
)
def test_tables_that_cannot_be_trained_on(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(DataError, match=words):
        open_path(tmp_path / "x.csv")


def test_idx_files_zipped_or_not(tmp_path: Path) -> None:
    pictures, labels = RANDOM.integers(0, 256, (9, 4, 3)), np.arange(9) % 3
    write_idx(tmp_path / "train-images-idx3-ubyte.gz", pictures)
    write_idx(tmp_path / "train-labels-idx1-ubyte.gz", labels)
    write_idx(tmp_path / "t10k-images-idx3-ubyte", pictures[:3])
    write_idx(tmp_path / "t10k-labels-idx1-ubyte", labels[:3])
    for path in (tmp_path, tmp_path / "train-images-idx3-ubyte.gz"):
        data = open_path(path)
        assert data.train.shape == Shape(1, (4, 3))
        np.testing.assert_array_equal(np.asarray(data.train.array), pictures[:, None])
        assert len(data.splits["test"]) == 3


@settings(max_examples=200)
@given(st.data())
def test_damaged_idx_files_give_an_array_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = write_idx(
        tmp_path_factory.mktemp("idx") / f"x{data.draw(st.sampled_from(['.gz', '']))}", np.arange(24).reshape(2, 3, 4)
    )
    content = bytearray(path.read_bytes())
    for _change in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        read_idx(path)
    except DataError as error:
        assert path.name in str(error)  # noqa: PT017 - a sentence is one of two right outcomes


@pytest.mark.parametrize("name", ["nowhere", "x.docx"])
def test_what_is_no_data_is_said(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if "." in name:
        path.write_text("text")
    with pytest.raises(DataError, match=r"there is no file or folder|of no kind that can be trained on"):
        open_path(path)
