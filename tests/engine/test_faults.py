"""What can go wrong while a run goes on: a sentence says what and what to do, and what was learned is kept."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cnn_studio.core.context import DataFacts
from cnn_studio.core.files import FileError
from cnn_studio.core.plans import preparations
from cnn_studio.core.project import Project
from cnn_studio.core.shapes import Shape
from cnn_studio.engine import batches as batches_module
from cnn_studio.engine import record as record_module
from cnn_studio.engine import recording, setup
from cnn_studio.engine.datasets.base import ArraySamples, DataError, Dataset
from cnn_studio.engine.datasets.own import open_path
from cnn_studio.engine.device import Placement, measured
from cnn_studio.engine.events import BatchEnded, EpochEnded, Event, Noticed, RunEnded
from cnn_studio.engine.finding import RunError
from cnn_studio.engine.record import Record, RecordError
from cnn_studio.engine.recording import recorded
from cnn_studio.engine.runs import Run, new_run, runs_in
from cnn_studio.engine.session import Session
from cnn_studio.engine.tensors import tensors_of
from tests.helpers.own_data import picture_folder
from tests.helpers.training import part, quick_plan, small_network, stripes

FACTS = DataFacts("stripes", Shape(1, (8, 8)), tuple("abc"))


def begun(folder: Path, data: Dataset | None = None, **fields: Any) -> tuple[Run, Session]:
    plan = quick_plan(validation=0.2, **fields)
    session = Session(small_network(), plan, data or stripes())
    return new_run(folder, Project(small_network(), "Small net"), plan, FACTS), session


def ended(events: list[Event]) -> RunEnded:
    last = events[-1]
    assert isinstance(last, RunEnded)
    return last


def gone_on(run: Run, data: Dataset | None = None, **changes: Any) -> list[Event]:
    """Take a run up where it stands."""
    point = run.checkpoint() if run.has_checkpoint() else None
    return list(
        recorded(Session(small_network(), run.plan().model_copy(update=changes), data or stripes(), resume=point), run)
    )


def failing_once(real: Callable[..., Any], error: Exception, number: int) -> Callable[..., Any]:
    """The function, that raises when it is called for the so-many-eth time."""
    count = 0

    def call(*arguments: Any, **options: Any) -> Any:
        nonlocal count
        count += 1
        if count == number:
            raise error
        return real(*arguments, **options)

    return call


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    """The weights of three epochs that nothing went wrong in."""
    run, session = begun(tmp_path / "whole", epochs=3)
    list(recorded(session, run))
    return run.project().weights


# -- data ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is so small that everything is read from disk when it is needed."""
    monkeypatch.setattr(setup, "MEMORY_SHARE", 0.0)
    monkeypatch.setattr(batches_module, "AHEAD", 1)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return picture_folder(tmp_path / "photos", count=20)


def during(events: Iterator[Event], step: int, do: Callable[[], Any]) -> list[Event]:
    """All events, something being done after one of the steps."""
    seen = []
    for event in events:
        seen.append(event)
        if isinstance(event, BatchEnded) and event.step == step:
            do()
    return seen


def test_a_picture_damaged_during_a_run_is_stood_in_for_and_named_once(
    tmp_path: Path, photos: Path, streamed: None
) -> None:
    run, session = begun(tmp_path / "runs", open_path(photos), epochs=4)
    events = during(recorded(session, run), 4, lambda: (photos / "b" / "0003.png").write_bytes(b"nonsense"))
    assert ended(events).reason == "done"
    notices = [event.message for event in events if isinstance(event, Noticed)]
    assert notices == [
        "“0003.png” is not a picture, or of a kind that is not known; another of its class stands in for it"
    ]


def test_damaged_pictures_give_the_same_batches_streamed_in_memory_and_taken_up(
    tmp_path: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = open_path(photos)
    for name in ("a/0000", "a/0001", "b/0019", "c/0007"):
        (photos / f"{name}.png").write_bytes(b"nonsense")
    run, session = begun(tmp_path / "memory", data, epochs=3)
    list(recorded(session, run))
    monkeypatch.setattr(setup, "MEMORY_SHARE", 0.0)
    again, session = begun(tmp_path / "streamed", data, epochs=3)
    events = recorded(session, again)
    for event in events:
        if isinstance(event, BatchEnded) and event.step == 4:
            session.control.stop()
    gone_on(again, data)
    assert again.project().weights == run.project().weights


def test_where_no_picture_can_be_read_any_more_the_run_ends(tmp_path: Path, photos: Path, streamed: None) -> None:
    run, session = begun(tmp_path / "runs", open_path(photos), epochs=4)

    def spoil() -> None:
        for path in photos.rglob("*.png"):
            path.write_bytes(b"nonsense")

    last = ended(during(recorded(session, run), 4, spoil))
    assert last.reason == "failed"
    assert re.fullmatch(r"“\d+.png” is not a picture, or of a kind that is not known", last.message)


def test_data_that_vanish_end_the_run_with_their_name_and_it_goes_on_when_they_are_back(
    tmp_path: Path, photos: Path, streamed: None
) -> None:
    data = open_path(photos)
    whole_run, session = begun(tmp_path / "whole", data, epochs=4)
    list(recorded(session, whole_run))
    run, session = begun(tmp_path / "runs", data, epochs=4)
    away = tmp_path / "away"
    last = ended(during(recorded(session, run), 5, lambda: photos.rename(away)))
    assert last.reason == "failed"
    assert re.fullmatch(r"“\d+.png” cannot be read: there is no such file or folder", last.message)
    assert run.checkpoint().numbers["step"] == last.step >= 5
    assert tensors_of(run.project().weights)
    away.rename(photos)
    assert ended(gone_on(run, data)).reason == "done"
    assert run.project().weights == whole_run.project().weights


def test_in_memory_data_may_vanish_unnoticed(tmp_path: Path, photos: Path) -> None:
    run, session = begun(tmp_path / "runs", open_path(photos))
    assert ended(during(recorded(session, run), 1, lambda: shutil.rmtree(photos))).reason == "done"


def test_a_class_all_of_whose_pictures_are_damaged(tmp_path: Path, photos: Path) -> None:
    data = open_path(photos)
    for path in (photos / "a").iterdir():
        path.write_bytes(b"nonsense")
    with pytest.raises(DataError, match=r"“\d+.png” is not a picture"):
        Session(small_network(), quick_plan(), data)


def test_values_that_preprocessing_makes_no_numbers_of_are_told_from_a_diverging_loss(tmp_path: Path) -> None:
    huge = np.full((30, 1, 8, 8), 3e38, np.float32)
    data = Dataset("huge", tuple("abc"), {"train": ArraySamples(huge, np.arange(30) % 3)})
    steps = (part(preparations, "standardize", mean=(0.0,), deviation=(1e-3,)),)
    last = ended(list(Session(small_network(), quick_plan(preparation=steps), data).events()))
    assert (last.reason, last.cause) == ("failed", "data")
    assert last.message == ("in epoch 1, batch 1 the preprocessing made values that are no numbers: look at its steps")


# -- memory --------------------------------------------------------------------------------------------------------------

OUT_OF_MEMORY = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    MemoryError(),
    RuntimeError(
        "[enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate memory: you tried to allocate"
    ),
]


@pytest.mark.parametrize("error", OUT_OF_MEMORY, ids=["cuda", "python", "cpu"])
def test_out_of_memory_says_what_to_do_and_keeps_the_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, whole: bytes
) -> None:
    monkeypatch.setattr(recording, "SAVE_EVERY", 0.0)
    run, session = begun(tmp_path / "runs", epochs=3)
    monkeypatch.setattr(Session, "learn", failing_once(Session.learn, error, 8))
    last = ended(list(recorded(session, run)))
    assert (last.reason, last.cause) == ("failed", "memory")
    assert last.message == "there was not enough memory for batches of 16: choose a smaller batch size"
    assert run.checkpoint().numbers["step"] == 7
    assert ended(gone_on(run)).reason == "done"
    assert run.project().weights == whole


@pytest.mark.parametrize("error", OUT_OF_MEMORY, ids=["cuda", "python", "cpu"])
def test_out_of_memory_before_the_first_step(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(setup, "batches_of", failing_once(batches_module.batches_of, error, 1))
    with pytest.raises(DataError, match="not enough memory for batches of 16: choose a smaller batch size"):
        Session(small_network(), quick_plan(), stripes())


def test_a_batch_that_the_machine_cannot_hold_is_refused_before_the_system_ends_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(setup, "free_memory", lambda: 4_000)
    with pytest.raises(DataError, match="not enough memory for batches of 16: choose a smaller batch size"):
        Session(small_network(), quick_plan(), stripes())
    monkeypatch.setattr(setup, "free_memory", lambda: None)
    Session(small_network(), quick_plan(), stripes())


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="Linux tells how much memory is free")
def test_the_free_memory_is_a_part_of_all_memory() -> None:
    free = setup.free_memory()
    assert free is not None
    assert free > 1 << 20


def test_other_errors_before_the_first_step_are_not_taken_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "batches_of", failing_once(batches_module.batches_of, RuntimeError("odd"), 1))
    with pytest.raises(RuntimeError, match="odd"):
        Session(small_network(), quick_plan(), stripes())


def test_a_placement_without_memory_for_a_step_is_not_chosen() -> None:
    small, large = Placement("cpu", "fp32", 1, "channels_first"), Placement("cpu", "fp32", 1, "channels_last")

    def step(placement: Placement) -> Callable[[], None]:
        if placement == large:
            raise OUT_OF_MEMORY[0]
        return lambda: None

    assert measured([large, small], step, 0.01) == small

    def odd(_placement: Placement) -> Callable[[], None]:
        raise RuntimeError("odd")

    with pytest.raises(RuntimeError, match="odd"):
        measured([large, small], odd, 0.01)


def test_an_error_that_nobody_foresaw_ends_with_its_first_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for error, words, cause in (
        (RuntimeError("first line\nsecond line"), "the run could not go on: first line", "other"),
        (RuntimeError(), "the run could not go on: RuntimeError", "other"),
        (OSError(errno.ENOSPC, "No space left on device"), "the run could not go on: the disk is full", "disk"),
    ):
        monkeypatch.setattr(Session, "learn", failing_once(Session.learn, error, 2))
        last = ended(list(Session(small_network(), quick_plan(), stripes()).events()))
        assert (last.message, last.cause) == (words, cause)


# -- disk ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_a_disk_that_is_full_at_any_save_ends_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, whole: bytes
) -> None:
    run, session = begun(tmp_path / "runs", epochs=3)
    full = OSError(errno.ENOSPC, "No space left on device")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", failing_once(os.replace, full, number))
        last = ended(list(recorded(session, run)))
    assert last.reason == "failed"
    assert re.fullmatch(r"the run cannot be saved: (.*network.cnnstudio: )?the disk is full", last.message)
    with run.record() as record:
        assert (record.get("state"), record.get("message")) == ("failed", last.message)
    assert ended(gone_on(run)).reason == "done"
    assert run.project().weights == whole
    assert not list(run.folder.rglob(".saving-*"))


@pytest.mark.parametrize("what", ["network", "record"])
def test_a_disk_that_is_full_at_the_start_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def full(*_arguments: Any, **_options: Any) -> None:
        if what == "network":
            raise OSError(errno.ENOSPC, "No space left on device")
        raise RecordError("the record cannot be written")

    monkeypatch.setattr(os if what == "network" else Record, "replace" if what == "network" else "keep", full)
    kind = FileError if what == "network" else RecordError
    with pytest.raises(kind, match="the disk is full" if what == "network" else "cannot be written"):
        new_run(tmp_path / "runs", Project(small_network(), "Net"), quick_plan(), FACTS)
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "there is no permission for it"),
        (OSError(errno.EROFS, "Read-only file system"), "the disk can only be read"),
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
    ],
)
def test_a_folder_that_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str
) -> None:
    monkeypatch.setattr(Path, "mkdir", failing_once(Path.mkdir, error, 1))
    with pytest.raises(RunError, match=f"the folder “.*” cannot be made: {words}"):
        new_run(tmp_path / "runs", Project(small_network()), quick_plan(), FACTS)


def test_a_path_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(RunError, match="cannot be made: "):
        new_run(tmp_path / "runs", Project(small_network()), quick_plan(), FACTS)
    with pytest.raises(RunError, match="cannot be made: "):
        new_run(tmp_path, Project(small_network()), quick_plan(), FACTS, path=tmp_path / "runs" / "mine")
    assert runs_in(tmp_path / "runs") == []


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only an administrator can become another user")
def test_a_run_in_a_folder_that_can_only_be_read_can_be_looked_at(tmp_path: Path) -> None:
    run, session = begun(tmp_path / "runs")
    list(recorded(session, run))
    for path in (tmp_path, *tmp_path.parents, *tmp_path.rglob("*")):
        if str(path).startswith("/tmp/"):
            path.chmod(0o755 if path.is_dir() else 0o644)
    os.seteuid(65534)
    try:
        with run.record() as record:
            assert record.get("state") == "done"
            assert len(record.epochs()) == 2
        with pytest.raises(RecordError, match=r"cannot be read or written \(attempt to write a readonly database\)"):
            gone_on(run, epochs=3)
        with pytest.raises(RunError, match="cannot be deleted: there is no permission for it"):
            run.delete()
        with pytest.raises(RunError, match="cannot be renamed: there is no permission for it"):
            run.rename("other")
    finally:
        os.seteuid(0)
    assert run.project().weights


# -- the database of a run -------------------------------------------------------------------------------------------------


def sqlite_error(code: int, text: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


class Fragile:
    """A connection that fails at some of its statements."""

    def __init__(self, connection: sqlite3.Connection, failures: Callable[[str], Exception | None]) -> None:
        self._connection, self._failures = connection, failures

    def execute(self, statement: str, *values: Any) -> Any:
        if error := self._failures(statement):
            raise error
        return self._connection.execute(statement, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        (sqlite3.SQLITE_BUSY, "database is locked", "is in use by another process: close that, or try again later"),
        (sqlite3.SQLITE_IOERR, "disk I/O error", "cannot be read or written (disk I/O error): look at the disk"),
        (sqlite3.SQLITE_FULL, "database or disk is full", "cannot be written: the disk is full"),
        (sqlite3.SQLITE_CORRUPT, "database disk image is malformed", "is damaged (database disk image is malformed)"),
    ],
)
def test_a_database_that_fails_for_a_while_ends_no_run(  # noqa: PLR0917
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, text: str, words: str, whole: bytes
) -> None:
    monkeypatch.setattr(recording, "SAVE_EVERY", 0.0)
    run, session = begun(tmp_path / "runs", epochs=3)
    begins = 0

    def failures(statement: str) -> Exception | None:
        nonlocal begins
        begins += statement == "BEGIN IMMEDIATE"
        return sqlite_error(code, text) if statement == "COMMIT" and 4 <= begins <= 9 else None

    real = Record._opened
    monkeypatch.setattr(Record, "_opened", lambda self: Fragile(real(self), failures))
    events = list(recorded(session, run))
    assert ended(events).reason == "done"
    notices = [event.message for event in events if isinstance(event, Noticed)]
    assert len(notices) == 1
    assert words in notices[0]
    assert run.project().weights == whole
    with run.record() as record:
        assert len(record.epochs()) == 3
        assert len(record.points()) == ended(events).step
        assert record.get("state") == "done"


def test_a_database_that_is_locked_at_the_start_leaves_the_run_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_module, "WAIT", 0.05)
    run, session = begun(tmp_path / "runs")
    other = sqlite3.connect(run.folder / "record.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    before = run.project()
    with pytest.raises(RecordError, match="is in use by another process: close that, or try again later"):
        next(recorded(session, run))
    other.close()
    assert run.project() == before
    assert ended(list(recorded(session, run))).reason == "done"


@pytest.mark.parametrize("damage", ["nonsense", "cut", "value", "table"])
def test_a_damaged_database_is_set_aside_when_the_run_goes_on(tmp_path: Path, damage: str, whole: bytes) -> None:
    other, session = begun(tmp_path / "runs", epochs=1)
    list(recorded(session, other))
    run, session = begun(tmp_path / "runs", epochs=3)
    for event in recorded(session, run):
        if isinstance(event, BatchEnded) and event.step == 6:
            session.control.stop()
    path = run.folder / "record.sqlite3"
    if damage == "nonsense":
        path.write_bytes(b"this is no database" * 100)
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    else:
        connection = sqlite3.connect(path)
        connection.execute(
            "UPDATE facts SET value = '{'" if damage == "value" else "ALTER TABLE points RENAME step TO x"
        )
        connection.commit()
        connection.close()
    events = gone_on(run)
    assert ended(events).reason == "done"
    assert run.project().weights == whole
    notices = [event.message for event in events if isinstance(event, Noticed)]
    assert notices == [
        f"the record of the run “{run.name}” was damaged and is kept as record.sqlite3.damaged: a new one begins here"
    ]
    assert (run.folder / "record.sqlite3.damaged").is_file()
    with other.record() as record:
        assert (record.get("state"), len(record.epochs())) == ("done", 1)


def test_a_best_epoch_that_the_record_no_longer_knows_stays_the_best(tmp_path: Path) -> None:
    run, session = begun(tmp_path / "runs", epochs=4)
    list(recorded(session, run))
    best = run.project().weights
    for path in run.folder.glob("record.sqlite3*"):
        path.unlink()
    events = gone_on(run, epochs=5)
    better = [event for event in events if isinstance(event, EpochEnded) and event.best]
    assert (run.project().weights == best) is not bool(better)
