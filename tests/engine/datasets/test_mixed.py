"""Sets that are mixed have the classes and samples of all."""

import numpy as np
import pytest
from PIL import Image

from cnn_studio.core.settings import folders
from cnn_studio.engine.datasets.base import ArraySamples, DataError, Dataset
from cnn_studio.engine.datasets.drawings import add_drawing, drawings_of, export_drawings
from cnn_studio.engine.datasets.mixed import mixed
from cnn_studio.engine.datasets.opening import open_data
from tests.helpers.own_data import picture_folder
from tests.helpers.training import stripes


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CNN_STUDIO_HOME", str(tmp_path / "home"))


def small(name: str, classes: tuple[str, ...], value: int, *, splits: tuple[str, ...] = ("train",)) -> Dataset:
    labels = np.arange(2 * len(classes)) % len(classes)
    pictures = np.full((len(labels), 1, 8, 8), value, np.uint8)
    return Dataset(name, classes, {split: ArraySamples(pictures, labels) for split in splits})


def test_classes_of_one_name_are_one():
    both = mixed([small("one", ("a", "b"), 1), small("two", ("b", "c"), 2)])
    assert both.name == "one + two"
    assert both.classes == ("a", "b", "c")
    assert both.train.labels.tolist() == [0, 1, 0, 1, 1, 2, 1, 2]
    assert [int(both.train.read(index).max()) for index in range(8)] == [1] * 4 + [2] * 4
    assert both.train.shape is not None
    assert both.train.name_of(5) == "1"


def test_a_split_that_one_lacks_is_left_out():
    both = mixed([small("one", ("a", "b"), 1, splits=("train", "test")), small("two", ("c", "d"), 2)])
    assert set(both.splits) == {"train"}
    all_ = mixed([small(name, ("a", "b"), 1, splits=("train", "test")) for name in ("one", "two")])
    assert set(all_.splits) == {"train", "test"}


def test_other_kinds_are_refused():
    sound = Dataset("sound", ("a", "b"), {"train": ArraySamples(np.zeros((2, 1, 9), np.int16), np.arange(2))}, "sound")
    with pytest.raises(DataError, match="cannot be mixed"):
        mixed([small("one", ("a", "b"), 1), sound])


def test_by_name(tmp_path):
    picture_folder(tmp_path / "photos", count=3)
    for label in ("x", "y"):
        for _time in range(2):
            add_drawing("mine", label, np.full((1, 8, 8), 200, np.uint8))
    both = open_data(f"{tmp_path / 'photos'} + mine")
    assert both.classes[-2:] == ("x", "y")
    assert len(both.train) == len(open_data("mine").train) + len(open_data(str(tmp_path / "photos")).train)
    with pytest.raises(DataError, match="no data called"):
        open_data("mine + nothing")


def test_drawings_are_looked_through_and_exported(tmp_path):
    for value in (40, 80):
        add_drawing("mine", "x", np.full((1, 8, 8), value, np.uint8))
    (folders().data / "drawings" / "mine" / "x" / "9.png").write_bytes(b"no picture")
    found = drawings_of("mine", "x")
    assert sorted(int(picture.max()) for _path, picture in found) == [40, 80]
    first, second = export_drawings("mine", tmp_path), export_drawings("mine", tmp_path)
    assert (first.name, second.name) == ("mine", "mine 2")
    with Image.open(found[0][0]) as kept:
        assert kept.size == (8, 8)
    assert len(list((first / "x").glob("*.png"))) == 3
    with pytest.raises(DataError, match="cannot be written"):
        export_drawings("mine", found[0][0])


def test_stripes_can_be_mixed_with_themselves():
    data = stripes()
    assert len(mixed([data, data]).train) == 2 * len(data.train)
