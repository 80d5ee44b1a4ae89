"""Runs in one line, how they differ, and runs that were deleted and come back."""

import os
import time

import pytest

from cnn_studio.core import edits
from cnn_studio.core.project import Project
from cnn_studio.engine.finding import RunError, run_folders
from cnn_studio.engine.overview import network_differences, overview_of, plan_differences
from cnn_studio.engine.preparing import facts_of
from cnn_studio.engine.recording import recorded
from cnn_studio.engine.runs import Run, new_run
from cnn_studio.engine.session import Session
from cnn_studio.engine.trash import KEPT, TRASH, bring_back, purge, purge_old, set_aside
from tests.helpers.training import quick_plan, small_network, stripes


@pytest.fixture
def run(tmp_path):
    graph, data, plan = small_network(), stripes(), quick_plan()
    made = new_run(tmp_path, Project(graph, "small"), plan, facts_of(graph, data), path=tmp_path / "mine")
    for _event in recorded(Session(graph, plan, data), made):
        pass
    return made


def test_a_run_in_one_line(run):
    with run.record() as record:
        record.set("note", "the first")
        ended = record.epochs()
    found = overview_of(run)
    assert (found.name, found.network, found.data, found.state) == ("mine", "small", "digits", "done")
    assert (found.epochs, found.planned, found.note) == (2, 2, "the first")
    assert found.accuracy == max(event.validation.accuracy for event in ended if event.validation)
    assert found.seconds is not None
    assert found.seconds > 0
    assert found.started
    assert not found.problem


def test_a_damaged_run_says_what_is_wrong(run):
    (run.folder / "network.cnnstudio").write_bytes(b"nothing")
    found = overview_of(run)
    assert found.problem
    assert found.name == "mine"


def test_plans_are_compared_field_by_field():
    one, other = quick_plan(), quick_plan(rate=0.1, class_weights=True)
    assert plan_differences([one, other]) == [("Learning rate", "0.02", "0.1"), ("Balance the classes", "no", "yes")]
    assert plan_differences([one, one]) == []


def test_networks_are_compared_layer_by_layer():
    one = small_network()
    other = edits.remove(edits.set_field(one, "conv1", "filters", 9), ["dropout1"])
    found = {name: (left, right) for name, left, right in network_differences(one, other)}
    assert found["conv1"] == ("Convolution 3×3 · 4 filters", "Convolution 3×3 · 9 filters")
    assert found["dropout1"][1] == "–"
    assert found["flatten1"] == ("after dropout1", "after relu1")
    assert network_differences(one, one) == []


def test_what_is_deleted_comes_back_whole(run, tmp_path):
    files = {path.name for path in run.folder.rglob("*")}
    place = set_aside(run)
    assert run_folders(tmp_path) == []
    back = bring_back(place, run.folder)
    assert back == run.folder
    assert {path.name for path in back.rglob("*")} == files
    assert not (tmp_path / TRASH).exists()


def test_a_name_that_is_taken_meanwhile_gets_a_number(run, tmp_path):
    place = set_aside(run)
    run.folder.mkdir()
    assert bring_back(place, run.folder).name == "mine-2"


def test_while_it_trains_it_is_not_deleted(run):
    with run.locked(), pytest.raises(RunError, match="another process"):
        set_aside(Run(run.folder))
    assert run.folder.exists()


def test_gone_for_good(run, tmp_path):
    purge(set_aside(run))
    assert not list(tmp_path.iterdir())


def test_what_was_left_behind_long_ago_is_removed(run, tmp_path):
    place = set_aside(run)
    purge_old(tmp_path)
    assert place.exists()
    old = time.time() - KEPT - 60
    os.utime(place, (old, old))
    purge_old(tmp_path)
    assert not (tmp_path / TRASH).exists()
