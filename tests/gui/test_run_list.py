"""All runs of a window: read, named, noted, deleted and brought back, shown and gone on with."""

import pytest

from cnn_studio.core.project import Project
from cnn_studio.core.settings import folders
from cnn_studio.engine import overview
from cnn_studio.engine.finding import run_folder
from cnn_studio.engine.preparing import facts_of
from cnn_studio.engine.recording import recorded
from cnn_studio.engine.runs import Run, new_run
from cnn_studio.engine.session import Session
from cnn_studio.engine.trash import TRASH
from cnn_studio.gui.workspace import Workspace
from tests.helpers.training import quick_plan, small_network, stripes


def made(name, **fields):
    """A run on disk that is over."""
    graph, data, plan = small_network(), stripes(), quick_plan(**fields)
    run = new_run(run_folder(), Project(graph, "small"), plan, facts_of(graph, data), path=run_folder() / name)
    for _event in recorded(Session(graph, plan, data), run):
        pass
    return run


@pytest.fixture
def workspace(qapp):
    made_ = Workspace()
    yield made_
    made_.end()


@pytest.fixture
def runs(workspace, qtbot):
    for name in ("first", "second"):
        made(name)
    read(workspace.runs, qtbot)
    return workspace.runs


def read(runs, qtbot):
    with qtbot.waitSignal(runs.changed, timeout=20_000):
        runs.read()


def names(runs):
    return [run.name for run in runs.runs]


def test_the_latest_comes_first(runs):
    assert names(runs) == ["second", "first"]
    assert folders().data in runs.runs[0].folder.parents


def test_what_has_not_changed_is_not_read_again(runs, qtbot, monkeypatch):
    seen = []
    whole = overview.overview_of

    def counted(run):
        seen.append(run.name)
        return whole(run)

    monkeypatch.setattr(overview, "overview_of", counted)
    read(runs, qtbot)
    assert seen == []
    with Run(run_folder() / "first").record() as record:
        record.set("note", "mine")
    read(runs, qtbot)
    assert seen == ["first"]


def test_another_name(runs, qtbot, workspace):
    folder = run_folder() / "first"
    workspace.training.show(folder, workspace.slow)
    qtbot.waitUntil(lambda: workspace.training.run is not None)
    with qtbot.waitSignal(runs.changed):
        runs.rename(folder, "the best")
    assert sorted(names(runs)) == ["second", "the best"]
    assert workspace.training.run.name == "the best"


def test_a_name_that_cannot_be_one_is_refused(runs, qtbot):
    with qtbot.waitSignal(runs.refused) as heard:
        runs.rename(run_folder() / "first", "second")
    assert "already" in heard.args[0]


def test_a_note(runs, qtbot):
    with qtbot.waitSignal(runs.changed):
        runs.note(run_folder() / "first", "ñandúes")
    assert {run.name: run.note for run in runs.runs} == {"first": "ñandúes", "second": ""}


def test_deleted_and_brought_back(runs, qtbot, workspace):
    folder = run_folder() / "first"
    workspace.training.show(folder, workspace.slow)
    qtbot.waitUntil(lambda: workspace.training.run is not None)
    with qtbot.waitSignal(runs.changed):
        runs.delete([folder])
    assert names(runs) == ["second"]
    assert workspace.training.run is None
    with qtbot.waitSignal(runs.changed):
        runs.bring_back()
    assert sorted(names(runs)) == ["first", "second"]
    assert not runs.gone


def test_several_come_back_one_after_the_other(runs, qtbot):
    runs.delete([run_folder() / "first", run_folder() / "second"])
    qtbot.waitUntil(lambda: len(runs.gone) == 2 and not runs.runs)
    runs.bring_back()
    qtbot.waitUntil(lambda: names(runs) == ["second"])


def test_when_the_window_goes_they_are_gone_for_good(qapp, qtbot):
    run, workspace = made("only"), Workspace()
    workspace.runs.delete([run.folder])
    qtbot.waitUntil(lambda: bool(workspace.runs.gone))
    assert (run_folder() / TRASH).exists()
    workspace.end()
    assert not (run_folder() / TRASH).exists()


def test_a_run_that_learns_elsewhere_is_not_deleted(runs, qtbot):
    run = Run(run_folder() / "first")
    with run.locked(), qtbot.waitSignal(runs.refused) as heard:
        runs.delete([run.folder])
    assert "Another process" in heard.args[0]
    assert run.folder.exists()


def test_it_says_when_a_run_is_shown(runs, qtbot):
    folder = run_folder() / "first"
    for _again in range(2):  # once read from disk, once there already
        with qtbot.waitSignal(runs.shown) as heard:
            runs.show(folder)
        assert heard.args == [folder]
