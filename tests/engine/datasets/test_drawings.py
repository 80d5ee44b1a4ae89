"""Drawings that a person saves: kept, counted, taken back, and trained on like any other set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn_studio.engine.datasets.base import DataError
from cnn_studio.engine.datasets.drawings import add_drawing, drawings_folder, drawn_counts, drawn_sets, remove_drawing
from cnn_studio.engine.datasets.opening import open_data
from cnn_studio.engine.events import RunEnded
from cnn_studio.engine.session import train
from tests.helpers.training import quick_plan, small_network, stripes


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CNN_STUDIO_HOME", str(tmp_path))
    return tmp_path


def test_drawings_are_a_data_set_that_trains() -> None:
    assert drawn_sets() == []
    data = stripes(30)
    for picture, label in zip(data.train.array[::-1], data.train.labels[::-1], strict=True):  # type: ignore[index]
        add_drawing("mis dibujos", "abc"[label], picture)
    assert drawn_sets() == ["mis dibujos"]
    assert drawn_counts("mis dibujos") == {"a": 10, "b": 10, "c": 10}
    opened = open_data("mis dibujos")
    assert opened.classes == ("a", "b", "c")
    stored = {samples.read(n).tobytes() for samples in (opened.train,) for n in range(30)}
    assert stored == {picture.tobytes() for picture in data.train.array}  # type: ignore[union-attr]
    last = list(train(small_network(), quick_plan(validation=0.0), opened))[-1]
    assert isinstance(last, RunEnded)
    assert last.reason == "done"


def test_drawings_keep_the_order_in_which_they_were_made_and_can_be_taken_back() -> None:
    paths = [add_drawing("one", "x", np.full((1, 4, 4), n, np.uint8)) for n in range(3)]
    assert sorted(paths, key=lambda path: path.name[:13]) == paths
    remove_drawing(paths[1])
    remove_drawing(paths[1])
    assert drawn_counts("one") == {"x": 2}
    for path in (paths[0], paths[2]):
        remove_drawing(path)
    assert drawn_sets() == []


def test_drawings_in_colour() -> None:
    picture = np.zeros((3, 5, 6), np.uint8)
    picture[1] = 200
    with Image.open(add_drawing("one", "x", picture)) as image:
        assert np.array_equal(np.asarray(image).transpose(2, 0, 1), picture)


@pytest.mark.parametrize("name", ["", "..", "a/b", "a\\b", " a", "a.", "con\nvert", "x" * 61, "a:b", "__x", ".hidden"])
def test_names_that_some_system_would_not_take_are_refused(name: str) -> None:
    for names in ((name, "x"), ("set", name)):
        with pytest.raises(DataError, match="cannot be a name here: take up to 60 letters"):
            add_drawing(*names, np.zeros((1, 4, 4), np.uint8))
    assert not drawings_folder().exists()


def test_names_that_mean_something_else_are_refused() -> None:
    with pytest.raises(DataError, match="“mnist” is the name of a set that the studio knows"):
        add_drawing("mnist", "x", np.zeros((1, 4, 4), np.uint8))
    with pytest.raises(DataError, match="“Test” is what a folder of a split is called"):
        add_drawing("mine", "Test", np.zeros((1, 4, 4), np.uint8))


def test_a_place_that_cannot_be_written_is_named(home: Path) -> None:
    (home / "data").write_bytes(b"")
    with pytest.raises(DataError, match="cannot be written"):
        add_drawing("mine", "x", np.zeros((1, 4, 4), np.uint8))
    assert drawn_sets() == []


def test_a_name_that_was_mistyped_is_guessed() -> None:
    add_drawing("garabatos", "x", np.zeros((1, 4, 4), np.uint8))
    with pytest.raises(DataError, match="did you mean “garabatos”"):
        open_data("garabato")
    with pytest.raises(DataError, match="only one class"):
        open_data("garabatos")
