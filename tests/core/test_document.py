"""The open document: steps, what is tried out, what is told, what is saved."""

import errno
import json
import os
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_studio.core import edits
from cnn_studio.core.analysis import analyse
from cnn_studio.core.context import DataFacts
from cnn_studio.core.document import Document
from cnn_studio.core.edits import EditError
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.convolution import Convolution
from cnn_studio.core.problems import diagnose
from cnn_studio.core.project import Project, ProjectError, read_project, to_bytes
from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import say
from tests.helpers.networks import MIXED, chain, networks
from tests.helpers.random_edits import random_edit

DIGITS = DataFacts("digits", Shape(1, (28, 28)), tuple("0123456789"))


def tensor(name: str, count: int) -> bytes:
    """Safetensors with one tensor."""
    header = json.dumps({name: {"dtype": "F32", "shape": [count], "data_offsets": [0, 4 * count]}}).encode()
    return len(header).to_bytes(8, "little") + header + bytes(4 * count)


def small() -> Graph:
    return chain(layers["input"](), Convolution(kernel=5), layers["output"]())


@pytest.fixture
def document():
    return Document(Project(small()))


@given(networks(MIXED), st.integers(0, 2**32).map(Random))
def test_undo_and_redo_lead_to_the_same_files(graph: Graph, rng: Random):
    document = Document(Project(graph))
    files = [to_bytes(document.project)]
    for _ in range(8):
        after = random_edit(rng, document.graph)
        before = document.undo_name, len(files)
        document.edit(after, merge=rng.choice(["", "", "", "drag"]))
        now = to_bytes(document.project)
        if rng.random() < 0.2:
            document.mark_saved()
        steps = len(document._past)
        del files[steps:]
        files.append(now)
        assert steps == len(files) - 1, before
    for expected in reversed(files[:-1]):
        assert document.undo()
        assert to_bytes(document.project) == expected
    assert document.undo_name is None
    assert not document.undo()
    for expected in files[1:]:
        assert document.redo()
        assert to_bytes(document.project) == expected
    assert document.redo_name is None
    assert not document.redo()
    assert document.report.facts.keys() == analyse(document.graph).facts.keys()
    assert document.report.totals == analyse(document.graph).totals


def test_steps_have_names(document):
    document.edit(edits.set_field(document.graph, "conv2", "kernel", 3))
    assert str(document.undo_name) == "conv2: Kernel 5 → 3"
    document.edit(edits.remove(document.graph, ["conv2"]), say("without it"))
    assert str(document.undo_name) == "without it"
    document.undo()
    assert str(document.redo_name) == "without it"
    document.redo()
    document.undo()
    document.edit(edits.add(document.graph, layers["relu"]()))
    assert document.redo_name is None


def test_a_drag_is_one_step(document):
    start = document.graph
    for x in (1, 2, 3):
        document.edit(edits.move(document.graph, {"conv2": (x, 0)}), merge="drag 1")
    document.edit(edits.move(document.graph, {"conv2": (9, 0)}), merge="drag 2")
    document.undo()
    assert document.graph.nodes["conv2"].x == 3
    document.edit(edits.move(document.graph, {"conv2": (4, 0)}), merge="drag 1")  # not after an undo
    document.undo()
    assert document.graph.nodes["conv2"].x == 3
    document.undo()
    assert document.graph is start


def test_a_drag_back_to_the_start_is_no_step(document):
    start = document.graph.nodes["conv2"]
    document.edit(edits.move(document.graph, {"conv2": (1, 0)}), merge="drag")
    document.edit(edits.move(document.graph, {"conv2": (start.x, start.y)}), merge="drag")
    assert document.undo_name is None
    assert not document.is_modified
    document.edit(edits.set_field(document.graph, "conv2", "kernel", 5))
    assert document.undo_name is None


def test_saving_ends_a_drag(document):
    document.edit(edits.move(document.graph, {"conv2": (1, 0)}), merge="drag")
    document.mark_saved()
    document.edit(edits.move(document.graph, {"conv2": (2, 0)}), merge="drag")
    document.undo()
    assert not document.is_modified


def test_what_is_typed_is_shown_before_it_is_a_step(document):
    told: list[Any] = []
    document.listen(told.append)
    start = document.graph
    document.preview(edits.set_field(document.graph, "conv2", "kernel", 1))
    document.preview(edits.set_field(document.graph, "conv2", "kernel", 11))
    assert document.is_previewing
    assert document.report.of("conv2").shape == Shape(32, (18, 18))
    assert document.project.graph is start
    assert not document.is_modified
    assert [change.preview for change in told] == [True, True]
    document.cancel()
    assert document.graph is start
    assert told[-1].changed == {"conv2"}
    document.cancel()
    assert len(told) == 3
    document.commit()
    assert document.undo_name is None
    document.preview(edits.set_field(document.graph, "conv2", "kernel", 11))
    document.commit()
    assert str(document.undo_name) == "conv2: Kernel 5 → 11"
    assert (told[-1].changed, told[-1].parts, told[-1].preview) == (frozenset(), {"history"}, False)
    document.preview(edits.set_field(document.graph, "conv2", "kernel", 7))
    document.undo()
    assert document.graph is start
    document.preview(edits.remove(document.graph, ["conv2"]))
    assert not document.undo()
    assert document.graph is start


def test_every_change_is_told_as_it_is(document):
    told: list[Any] = []
    stop = document.listen(told.append)
    before = document.graph
    document.edit(edits.insert_on_edge(before, "conv2", "output3", layers["relu"]()))
    change = told.pop()
    assert (change.before, change.after) == (before, document.graph)
    assert change.added == {"relu1"}
    assert change.changed == {"output3"}  # moved aside
    assert change.edges == {"relu1", "output3"}
    assert change.facts >= {"relu1"}
    document.undo()
    assert told.pop().removed == {"relu1"}
    stop()
    stop()
    document.redo()
    assert told == []


def test_the_diagnosis_follows(document):
    assert document.diagnosis is document.diagnosis
    document.edit(edits.set_field(document.graph, "conv2", "kernel", 99))
    assert any("conv2" in problem.nodes for problem in document.diagnosis.errors)
    document.undo()
    assert not any("conv2" in problem.nodes[:1] for problem in document.diagnosis.errors)
    document.set_data(DIGITS)
    whole = diagnose(document.report, document.context)
    assert [problem.key for problem in document.diagnosis.problems] == [problem.key for problem in whole.problems]


def test_the_project_around_the_network_is_edited_too(document):
    told: list[Any] = []
    document.listen(told.append)
    document.rename(" lenet ")
    document.set_story({"en": "It read cheques."})
    document.set_plan({"epochs": 5})
    document.set_plan({"epochs": 6}, say("more epochs"))
    document.set_data(DIGITS)
    assert (document.name, document.story, document.plan) == ("lenet", {"en": "It read cheques."}, {"epochs": 6})
    assert (document.data, document.context.data) == (DIGITS, DIGITS)
    assert [set(change.parts) - {"history"} for change in told] == [
        {"name"}, {"story"}, {"plan"}, {"plan"}, {"data", "context"}
    ]  # fmt: skip
    names = []
    while document.undo_name:
        names.append(str(document.undo_name))
        document.undo()
    assert names == [
        "data: digits", "more epochs", "change the training plan", "change the story", "rename the project to lenet"
    ]  # fmt: skip
    assert document.project == Project(small())
    assert document.context.data is None
    document.set_data(DIGITS)
    document.set_data(None)
    assert str(document.undo_name) == "no data"
    with pytest.raises(EditError, match="one line"):
        document.rename("a\nb")
    document.rename("")
    assert str(document.undo_name) == "no data"


def test_view_and_machine_are_no_steps(document):
    document.set_view({"zoom": 2})
    document.set_machine(8 * 2**30, 32)
    assert (document.view, document.context.memory, document.context.batch) == ({"zoom": 2}, 8 * 2**30, 32)
    assert document.undo_name is None
    assert not document.is_modified


def test_undo_does_not_lose_what_was_learned(document):
    document.edit(edits.set_field(document.graph, "conv2", "bias", False))
    document.mark_saved()
    weights = tensor("conv2.weight", 3)
    document.set_weights(weights)
    assert document.context.trained == {"conv2": {"weight": (3,)}}
    assert document.is_modified
    document.undo()
    assert document.weights == weights
    with pytest.raises(ProjectError):
        document.set_weights(b"nonsense")
    assert document.weights == weights


def test_saved_and_modified(document, tmp_path):
    path = tmp_path / "net.cnnstudio"
    with pytest.raises(ValueError, match="path"):
        document.save()
    document.edit(edits.rename(document.graph, "conv2", "first"))
    assert document.is_modified
    document.save(path)
    assert (document.is_modified, document.path) == (False, path)
    assert read_project(path) == document.project
    document.undo()
    assert document.is_modified
    document.redo()
    assert not document.is_modified
    document.mark_unsaved()
    assert document.is_modified
    document.save()
    again = Document.open(path)
    assert (again.project, again.path, again.is_modified) == (document.project, path, False)


def test_a_failed_saving_marks_nothing(document, tmp_path, monkeypatch):
    document.edit(edits.rename(document.graph, "conv2", "first"))

    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ProjectError, match="the disk is full"):
        document.save(tmp_path / "net.cnnstudio")
    assert document.is_modified
    assert document.path is None
    assert list(tmp_path.iterdir()) == []


def test_one_bad_listener_harms_nobody(document):
    told: list[Any] = []

    def bad(change):
        raise RuntimeError("bad")

    document.listen(bad)
    document.listen(told.append)
    with pytest.raises(ExceptionGroup) as caught:
        document.edit(edits.remove(document.graph, ["conv2"]))
    assert [str(error) for error in caught.value.exceptions] == ["bad"]
    assert len(told) == 1
    assert "conv2" not in document.graph.nodes
    assert document.report.graph is document.graph


def test_a_listener_may_edit(document):
    """Everybody hears of the first change before the second."""
    told: list[Any] = []

    def follow(change):
        if "relu1" in change.added:
            document.edit(edits.rename(document.graph, "relu1", "bend"))

    document.listen(follow)
    document.listen(lambda change: told.append((set(change.added), set(change.changed))))
    document.edit(edits.add(document.graph, layers["relu"]()))
    assert told == [({"relu1"}, set()), (set(), {"relu1"})]
    assert str(document.undo_name) == "rename relu1 to bend"
