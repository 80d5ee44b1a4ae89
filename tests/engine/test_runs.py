"""Runs on disk: what is written, taken up, renamed, damaged, and killed."""

from __future__ import annotations

import errno
import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cnn_studio.core.context import DataFacts
from cnn_studio.core.project import Project
from cnn_studio.core.shapes import Shape
from cnn_studio.engine import recording as recording_module
from cnn_studio.engine.events import BatchEnded, EpochEnded, RunEnded
from cnn_studio.engine.finding import RunError
from cnn_studio.engine.predict import predictor_of
from cnn_studio.engine.record import RecordError
from cnn_studio.engine.recording import recorded
from cnn_studio.engine.runs import Run, new_run, open_run, runs_in, thinned
from cnn_studio.engine.session import Session
from cnn_studio.engine.tensors import tensors_of
from tests.helpers.training import quick_plan, small_network, stripes

FACTS = DataFacts("stripes", Shape(1, (8, 8)), tuple("abc"))


def started(folder: Path, **fields: Any) -> tuple[Run, Session]:
    plan = quick_plan(validation=0.2, **fields)
    run = new_run(folder, Project(small_network(), "Small net"), plan, FACTS)
    return run, Session(small_network(), plan, stripes())


def trained(folder: Path, **fields: Any) -> Run:
    run, session = started(folder, **fields)
    for _event in recorded(session, run):
        pass
    return run


def best_weights(run: Run) -> dict[str, torch.Tensor]:
    return tensors_of(run.project().weights)


def test_a_run_leaves_everything_that_is_needed_later(tmp_path: Path) -> None:
    run, session = started(tmp_path, epochs=4)
    events = list(recorded(session, run))
    ends = [event for event in events if isinstance(event, EpochEnded)]
    with run.record() as record:
        assert record.get("state") == "done"
        assert [event.train for event in record.epochs()] == [event.train for event in ends]
        assert record.epochs()[0].validation.confusion.sum() == 18  # type: ignore[union-attr]
        points = record.points()
        best = record.best_epoch()
    batches = [event for event in events if isinstance(event, BatchEnded)]
    assert points == [(event.step, event.loss, event.accuracy, event.rate) for event in batches]
    assert run.snapshots() == [1, 2, 3, 4]
    assert best is not None
    for name, tensor in best_weights(run).items():
        assert torch.equal(tensor, run.snapshot(best)[name])
    assert run.plan() == session.plan
    answer = predictor_of(run.project()).answer(stripes().train.read(0))
    assert answer.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert answer.classes == ("a", "b", "c")


def test_the_run_predicts_what_the_session_judged(tmp_path: Path) -> None:
    run = trained(tmp_path, epochs=3)
    samples = stripes().splits["test"]
    scores = predictor_of(run.project()).evaluate(samples)
    assert scores.accuracy > 0.8
    assert scores.confusion is not None
    assert scores.confusion.sum() == len(samples)


@pytest.mark.parametrize("moment", range(1, 12))
def test_a_run_left_at_any_event_is_taken_up_to_the_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    monkeypatch.setattr(recording_module, "SAVE_EVERY", 0.0 if moment % 2 else 1e9)
    whole = trained(tmp_path / "whole")
    run, session = started(tmp_path / "left")
    events = recorded(session, run)
    for _number, _event in zip(range(moment), events, strict=False):
        pass
    events.close()  # type: ignore[attr-defined]
    checkpoint = run.checkpoint() if run.has_checkpoint() else None
    rest = Session(small_network(), run.plan(), stripes(), resume=checkpoint)
    for _event in recorded(rest, run):
        pass
    assert run.project().weights == whole.project().weights
    with run.record() as record, whole.record() as other:
        assert [event.train for event in record.epochs()] == [event.train for event in other.epochs()]
        assert record.points() == other.points()


def test_stopping_within_the_first_epoch_keeps_what_was_learned(tmp_path: Path) -> None:
    run, session = started(tmp_path)
    for event in recorded(session, run):
        if isinstance(event, BatchEnded):
            session.control.stop()
    assert run.project().weights
    assert run.checkpoint().numbers["step"] == 1


def test_two_processes_cannot_train_one_run(tmp_path: Path) -> None:
    run, session = started(tmp_path)
    first = recorded(session, run)
    next(first)
    with pytest.raises(RunError, match=f"another process is training the run “{run.name}”"):
        next(recorded(Session(small_network(), quick_plan(), stripes()), run))
    for action in (run.delete, lambda: run.rename("other")):
        with pytest.raises(RunError, match="another process"):
            action()
    first.close()  # type: ignore[attr-defined]
    run.rename("other").delete()
    assert runs_in(tmp_path) == []


def test_a_full_disk_ends_the_run_with_a_sentence_and_keeps_what_was_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, session = started(tmp_path, epochs=3)
    real = os.replace
    count = 0

    def full(source: Any, target: Any) -> None:
        nonlocal count
        count += 1
        if count > 4:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", full)
    events = list(recorded(session, run))
    monkeypatch.setattr(os, "replace", real)
    ended = events[-1]
    assert isinstance(ended, RunEnded)
    assert ended.reason == "failed"
    assert ended.message == "the run cannot be saved: the disk is full"
    rest = Session(small_network(), run.plan(), stripes(), resume=run.checkpoint())
    list(recorded(rest, run))
    assert run.project().weights == trained(tmp_path / "whole", epochs=3).project().weights


def test_a_damaged_record_says_so_and_harms_no_other_run(tmp_path: Path) -> None:
    good, bad = trained(tmp_path), trained(tmp_path)
    for path in bad.folder.glob("record.sqlite3*"):
        path.write_bytes(b"this is no database" * 100)
    with pytest.raises(RecordError, match=f"the record of the run “{bad.name}” is damaged"), bad.record() as record:
        record.epochs()
    with good.record() as record:
        assert record.get("state") == "done"
    assert {run.name for run in runs_in(tmp_path)} == {good.name, bad.name}


def test_a_record_in_use_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cnn_studio.engine import record as record_module

    monkeypatch.setattr(record_module, "WAIT", 0.05)
    run = trained(tmp_path)
    other = sqlite3.connect(run.folder / "record.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(RecordError, match="in use by another process"), run.record() as record:
            record.set("note", "x")
    finally:
        other.close()


def test_a_damaged_checkpoint_is_named(tmp_path: Path) -> None:
    run = trained(tmp_path)
    path = run.folder / "checkpoint.safetensors"
    content = path.read_bytes()
    for broken in (b"", content[:50], content[:-7], b"\xff" * 64):
        path.write_bytes(broken)
        with pytest.raises(
            RunError, match=f"the checkpoint of the run “{run.name}” cannot be used: its weights are damaged"
        ):
            run.checkpoint()
    path.unlink()
    with pytest.raises(RunError, match="has no checkpoint"):
        run.checkpoint()


def test_runs_are_found_by_name_beginning_path_and_last(tmp_path: Path) -> None:
    first = trained(tmp_path).rename("alpha one")
    second = trained(tmp_path).rename("alpha two")
    third = new_run(tmp_path, Project(small_network()), quick_plan(), FACTS, path=tmp_path / "elsewhere" / "beta")
    assert open_run("alpha one", tmp_path).folder == first.folder
    assert open_run("alpha t", tmp_path).folder == second.folder
    assert open_run("last", tmp_path).folder == third.folder
    assert open_run("beta", tmp_path).folder == third.folder
    assert open_run(str(third.folder), tmp_path).folder == third.folder
    with pytest.raises(RunError, match="several runs begin with “alpha”: alpha one, alpha two"):
        open_run("alpha", tmp_path)
    with pytest.raises(RunError, match="there is no run “gamma”"):
        open_run("gamma", tmp_path)
    with pytest.raises(RunError, match="there is already a run “alpha two”"):
        first.rename("alpha two")
    for name in ("", "a/b", "..", "x" * 200, "con", "LPT1.old", "a\nb"):
        with pytest.raises(RunError, match="cannot be the name of a run"):
            first.rename(name)


def test_a_run_is_not_put_where_something_else_is(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("do not lose me")
    with pytest.raises(RunError, match="is not an empty folder"):
        new_run(tmp_path, Project(small_network()), quick_plan(), FACTS, path=tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "do not lose me"


@pytest.mark.parametrize("count", [1, 2, 5, 17])
def test_thinning_keeps_the_first_the_last_and_what_is_asked_for(count: int) -> None:
    epochs = list(range(1, count + 1))
    for most in range(2, 20):
        left = [epoch for epoch in epochs if epoch not in thinned(epochs, most, {7})]
        assert len(left) <= max(most, 3)
        assert {1, count} <= set(left)
        assert 7 in left or count < 7
    gaps = np.diff([epoch for epoch in range(1, 101) if epoch not in thinned(list(range(1, 101)), 12, set())])
    assert gaps.max() <= 4 * gaps.min()


# -- killed --------------------------------------------------------------------------------------------------------------

SCRIPT = """
import sys
from pathlib import Path
from cnn_studio.engine import recording, runs
from cnn_studio.engine.session import Session
from tests.helpers.training import small_network, stripes
recording.SAVE_EVERY = 0.0
run = runs.Run(Path(sys.argv[1]))
point = run.checkpoint() if run.has_checkpoint() else None
session = Session(small_network(), run.plan(), stripes(), resume=point)
for event in recording.recorded(session, run):
    print(session.step, flush=True)
"""


def killed_until_done(run: Run, kills: int, seed: int) -> int:
    """Train a run in processes that are killed at random moments, then let one finish; how many were killed."""
    chance = random.Random(seed)
    done = 0
    for _kill in range(kills):
        with subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(run.folder)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for _line in range(chance.randint(1, 6)):
                if not process.stdout.readline():
                    break
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                done += 1
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(run.folder)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return done


def check_kills(tmp_path: Path, kills: int, seed: int) -> None:
    whole = trained(tmp_path / "whole", epochs=3)
    run, _session = started(tmp_path / "killed", epochs=3)
    assert killed_until_done(run, kills, seed)
    assert run.project().weights == whole.project().weights
    with run.record() as record, whole.record() as other:
        assert record.points() == other.points()
        assert record.get("state") == "done"


def test_killed_and_taken_up_is_as_never_killed(tmp_path: Path) -> None:
    check_kills(tmp_path, 2, seed=1)


@pytest.mark.long
def test_killed_a_hundred_times(tmp_path: Path) -> None:
    for seed in range(25):
        check_kills(tmp_path / str(seed), 4, seed)
