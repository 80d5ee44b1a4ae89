"""Project files: what is saved is what is opened, and bad ones get one sentence."""

import errno
import json
import os
import zipfile
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_studio.core import project
from cnn_studio.core.graph import Graph
from cnn_studio.core.project import Project, ProjectError, from_bytes, read_project, to_bytes, write_project
from tests.helpers.invariants import check_invariants
from tests.helpers.networks import MIXED, networks
from tests.helpers.project_files import full, parts, sentence, small
from tests.helpers.random_edits import edited
from tests.helpers.zips import zipped

ROOT = Path(__file__).resolve().parents[1]
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip
OBJECTS = st.dictionaries(st.text("abc", max_size=3), PLAIN, max_size=4)


# -- what is saved is what is opened ----------------------------------------------------------------------------------


@given(networks(MIXED), st.integers(0, 2**32).map(Random), OBJECTS, st.none() | OBJECTS)
def test_what_is_saved_is_opened(graph, rng, view, plan):
    saved = Project(edited(rng, graph, 6)[-1], "", {}, None, view, plan)
    data = to_bytes(saved)
    again = from_bytes(data)
    check_invariants(again.graph)
    assert again == saved
    assert to_bytes(again) == data


def test_everything_is_kept(tmp_path):
    path = tmp_path / "ñ net.cnnstudio"
    write_project(full(), path)
    assert read_project(path) == full()
    assert path.read_bytes() == to_bytes(full()) == to_bytes(read_project(path))
    assert list(tmp_path.iterdir()) == [path]
    assert from_bytes(to_bytes(Project(Graph()))) == Project(Graph())


def test_equal_projects_are_equal_files():
    one = Project(small(), "", {"en": "a", "es": "b"}, None, {"a": 1, "b": {"c": 1, "d": 2}})
    other = Project(small(), "", {"es": "b", "en": "a"}, None, {"b": {"d": 2, "c": 1}, "a": 1})
    assert to_bytes(one) == to_bytes(other)


def test_the_file_can_be_read_by_people(tmp_path):
    path = tmp_path / "a.cnnstudio"
    write_project(full(), path)
    with zipfile.ZipFile(path) as file:
        assert file.namelist() == [
            "project.json", "graph.json", "plan.json", "view.json", "weights.safetensors", "runs/1 (a).txt"
        ]  # fmt: skip
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert '\n  "name": "lenet",\n' in file.read("project.json").decode()
        assert "\n    {" in file.read("graph.json").decode()


@pytest.mark.parametrize("path", sorted((ROOT / "old_projects").glob("*.cnnstudio")), ids=lambda path: path.stem)
def test_old_files_open_for_ever(path):
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    found = read_project(path)
    check_invariants(found.graph)
    assert {
        "name": found.name,
        "story": dict(found.story),
        "classes": list(found.data.classes) if found.data else None,
        "kinds": [node.layer.kind for node in found.graph.nodes.values()],
        "connections": [list(edge) for edge in found.graph.edges()],
        "groups": {key: sorted(group.members) for key, group in found.graph.groups.items()},
        "convolution": {name: getattr(found.graph.nodes["conv1"].layer, name) for name in expected["convolution"]},
        "view": dict(found.view),
        "plan": found.plan,
        "weights": len(found.weights),
        "extra": sorted(found.extra),
    } == expected


def test_an_older_format_is_brought_to_the_newest(monkeypatch):
    """Twice: first cards become layers, then the place of each becomes x and y."""

    def layers_for_cards(old):
        graph = old["graph.json"]
        return {**old, "graph.json": {"layers": graph["cards"], "groups": []}}

    def x_and_y(old):
        entries = [dict(entry) for entry in old["graph.json"]["layers"]]
        for entry in entries:
            entry["x"], entry["y"] = entry.pop("at")
        return {**old, "graph.json": {**old["graph.json"], "layers": entries}}

    first = {"cards": [{"id": "relu1", "kind": "relu", "name": "relu1", "at": [3, 4]}]}
    second = {"layers": first["cards"]}
    monkeypatch.setattr(project, "MIGRATIONS", [layers_for_cards, x_and_y])
    for number, graph in ((1, first), (2, second), (3, {"layers": [{**first["cards"][0], "at": ...}]})):
        if number == 3:
            graph = {"layers": [{"id": "relu1", "kind": "relu", "name": "relu1", "x": 3, "y": 4}]}  # noqa: PLW2901
        found = from_bytes(zipped(parts(project={"format": number}, graph=graph)))
        assert (found.graph.nodes["relu1"].x, found.graph.nodes["relu1"].y) == (3, 4)
    with zipfile.ZipFile(BytesIO(to_bytes(found))) as file:
        assert json.loads(file.read("project.json"))["format"] == 3
    assert "newer version" in sentence(zipped(parts(project={"format": 4})))


# -- mistakes of the network are no mistakes of the file --------------------------------------------------------------


@pytest.mark.parametrize(
    "entries",
    [
        [("relu", "a", ["b"]), ("relu", "b", ["a"])],
        [("relu", "a", ["a"])],
        [("relu", "a", []), ("relu", "b", []), ("relu", "c", ["a", "b"])],
        [("relu", "a", []), ("input", "b", ["a"])],
        [("add", "a", [])],
        [("teleport", "a", []), ("dense", "b", ["a"])],
        [],
    ],
)
def test_networks_that_do_not_work_open(entries):
    graph = {"layers": [{"id": name, "kind": kind, "name": name, "inputs": inputs} for kind, name, inputs in entries]}
    found = from_bytes(zipped(parts(graph=graph)))
    assert [node.id for node in found.graph.nodes.values()] == [name for _kind, name, _inputs in entries]
    assert from_bytes(to_bytes(found)) == found


# -- places -----------------------------------------------------------------------------------------------------------


def test_the_file_is_named(tmp_path):
    cases = {
        tmp_path / "gone.cnnstudio": "there is no such file or folder",
        tmp_path: "it is a folder, not a file",
    }
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        cases[tmp_path / "pipe"] = "it is a device or a pipe, not a file"
    for path, problem in cases.items():
        with pytest.raises(ProjectError) as caught:
            read_project(path)
        assert str(caught.value) == f"{path}: {problem}"
    with pytest.raises(ProjectError) as caught:
        write_project(full(), tmp_path / "gone" / "a.cnnstudio")
    assert str(caught.value) == f"{tmp_path / 'gone' / 'a.cnnstudio'}: there is no such file or folder"


def test_a_disk_that_fails_while_reading(tmp_path, monkeypatch):
    path = tmp_path / "a.cnnstudio"
    write_project(full(), path)

    def broken(*_args):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(project, "read_members", broken)
    with pytest.raises(ProjectError) as caught:
        read_project(path)
    assert str(caught.value) == f"{path}: Input/output error"


@pytest.mark.parametrize("step", ["os.replace", "os.fsync", "os.fdopen", "tempfile.mkstemp"])
def test_a_failed_saving_leaves_the_old_file(tmp_path, monkeypatch, step):
    path = tmp_path / "a.cnnstudio"
    write_project(full(), path)
    before = path.read_bytes()

    def full_disk(*_args, **_more):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"cnn_studio.core.files.{step}", full_disk)
    with pytest.raises(ProjectError, match=r"the disk is full$"):
        write_project(Project(small()), path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
