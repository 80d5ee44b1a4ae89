"""What the commands that train and predict share. Imported only when one of them is carried out: it loads torch."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from cnn_studio.cli.common import Failure
from cnn_studio.core.files import ProjectError
from cnn_studio.core.project import Project, read_project
from cnn_studio.core.starters import SAMPLE, open_sample
from cnn_studio.engine.control import Control
from cnn_studio.engine.finding import run_folder
from cnn_studio.engine.refusals import REFUSALS, sentence_of
from cnn_studio.engine.runs import Run, epoch_json, open_run


@contextmanager
def engine_failures() -> Iterator[None]:
    """What the engine refuses, as the failure of a command: one sentence that begins large and ends with a full stop."""
    try:
        yield
    except REFUSALS as error:
        sentence = str(error)
        raise Failure(f"{sentence}." if isinstance(error, ProjectError) else sentence_of(sentence)) from error


@contextmanager
def interrupts_stop(control: Control) -> Iterator[None]:
    """Ctrl+C once, or a request of the system to end, ends a run after its batch and keeps what was learned; twice, at
    once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        if control.stopping:
            raise KeyboardInterrupt
        control.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_json(run: Run) -> dict[str, Any]:
    """A run as ``train --json`` prints it."""
    with run.record() as record:
        epochs = record.epochs()
        device, precision, threads, _layout = record.get("placement") or ("", "", 0, "")
        state, seconds, message = record.get("state", ""), record.get("seconds"), record.get("message", "")
        best = record.best_epoch()
    judged = {event.epoch: (event.validation or event.train).accuracy for event in epochs}
    return {
        "run": str(run.folder),
        "state": state,
        "message": message,
        "epochs": [epoch_json(event) for event in epochs],
        "best": None if best is None else {"epoch": best, "accuracy": judged[best]},
        "seconds": seconds,
        "device": device,
        "precision": precision,
        "threads": threads,
    }


def trained_project(name: str) -> Project:
    """The network of a run, of a file that carries weights, or the sample. Raises RunError, ProjectError or DataError."""
    path = Path(name)
    if path.is_file():
        return read_project(path)
    if name == SAMPLE and not (run_folder() / name).exists():
        return open_sample()
    return open_run(name, run_folder()).project()
