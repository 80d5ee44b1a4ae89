"""A day with the studio, in a process of its own: it is started, a network is opened, changed, trained, looked into, drawn
for, saved, exported, and the window closed. What came of it is printed, one JSON document a line.

    python -m tests.helpers.day FOLDER [--offline] [--refuse NUMBER FOLDER]

``--offline`` forbids every connection to another machine, ``--refuse`` lets the system refuse to write under a folder,
as a disk does that is full or can only be read.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
"""Seconds for one thing to happen, on a machine that is busy."""
TICK = 10

attempts: list[str] = []
"""Connections that were tried though they were forbidden."""


# -- what the process may not do ---------------------------------------------------------------------------------------


def forbid_network() -> None:
    """From now on no connection to another machine; the screen's own stays possible."""

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
            attempts.append(f"{event} {arguments[:1]}")
            raise PermissionError(f"{event} is forbidden here")
        if event in ("socket.connect", "socket.bind", "socket.sendto") and isinstance(arguments[1], tuple):
            attempts.append(f"{event} {arguments[1]}")
            raise PermissionError(f"{event} is forbidden here")

    sys.addaudithook(hear)


def refuse_to_write(number: int, folder: str) -> None:
    """From now on nothing can be written under a folder; the system says the same reason each time."""
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event in ("os.mkdir", "os.rename", "sqlite3.connect") or (event == "open" and arguments[2] & writing)
        if writes and isinstance(arguments[0], (str, os.PathLike)) and str(arguments[0]).startswith(folder):
            raise OSError(number, os.strerror(number), str(arguments[0]))

    sys.addaudithook(hear)


def without_network() -> list[str]:
    """What stands before a command so that it has no network at all, where this machine allows that."""
    command = ["unshare", "--map-root-user", "--net"]
    if not shutil.which(command[0]):
        return []
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)
    return command if tried.returncode == 0 else []


# -- the day -----------------------------------------------------------------------------------------------------------


def tell(**facts: Any) -> None:
    """Print what came of a step."""
    print(json.dumps(facts, ensure_ascii=True), flush=True)


def steps(window: Any, folder: Path) -> Iterator[Callable[[], object]]:
    """What a person does; each step ends with what is waited for before the next."""
    from PySide6.QtWidgets import QFileDialog

    from cnn_studio.core import edits
    from cnn_studio.gui.tour_steps import draw_seven

    workspace = window.workspace
    window.studio.open_starter("quick-digits", window)
    window.studio.change_settings(notation="last")
    document = workspace.document
    document.edit(edits.set_field(document.graph, "conv1", "filters", 8))
    fixed = {"precision": "fp32", "threads": 1, "device": "cpu", "memory_format": "channels_first"}
    workspace.set_plan(workspace.plan.model_copy(update={"subset": 200, "epochs": 1, **fixed}))
    yield lambda: True
    window.conductor.start()
    training = workspace.training
    yield lambda: training.state == "idle" and (training.run is not None or training.failure is not None)
    tell(trained=len(training.history.epochs), failure=str(training.failure.words) if training.failure else "")
    window.show_workspace("inside")
    workspace.select(["conv1"])
    yield lambda: not workspace.quick.is_busy
    window.show_workspace("draw")
    draw_seven(window)
    yield lambda: workspace.drawing.seen is not None or workspace.drawing.problem
    tell(drawn=workspace.drawing.seen is not None, problem=str(workspace.drawing.problem))
    for key, name in (("file.save", "ñandú 1.cnnstudio"), ("file.export.pytorch", "código.py")):
        path = str(folder / name)
        setattr(QFileDialog, "getSaveFileName", lambda *_arguments, path=path: (path, ""))  # noqa: B010 - a person
        window.actions_[key].trigger()
        yield lambda: True
        tell(wrote=name, there=os.path.exists(os.fsencode(path)))  # noqa: PTH110 - whatever the locale says
    tell(modified=document.is_modified, notes=[note.text for note in window.notes.all()], toast=window.toast.text)
    tell(ratio=window.devicePixelRatioF(), recent=len(window.workspace.settings.recent))


def spend(window: Any, folder: Path) -> None:
    """Go through the day, from event to event, then close."""
    from PySide6.QtCore import QTimer

    day, rounds = steps(window, folder), [0]
    waiting: list[Callable[[], object]] = [lambda: True]
    timer = QTimer(window)

    def tick() -> None:
        rounds[0] += 1
        if not waiting[0]() and rounds[0] < PATIENCE * 1000 / TICK:
            return
        try:
            waiting[0] = next(day)
        except BaseException as error:
            timer.stop()
            window.close_unasked()
            if not isinstance(error, StopIteration):
                raise

    timer.timeout.connect(tick)
    timer.start(TICK)


def main() -> int:
    """The whole day; the exit status of the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--offline", action="store_true")
    parser.add_argument("--refuse", nargs=2)
    options = parser.parse_args()

    from cnn_studio.__main__ import main as studio
    from cnn_studio.engine.datasets.digits import Digits
    from cnn_studio.gui.main_window import MainWindow

    Digits.counts = {"train": 400, "test": 100}
    if options.offline:
        forbid_network()
    if options.refuse:
        refuse_to_write(int(options.refuse[0]), options.refuse[1])
    fill: Callable[[Any], None] = MainWindow.fill
    begun: list[bool] = []

    def filled(window: Any) -> None:
        fill(window)
        if not begun:
            begun.append(True)
            spend(window, options.folder)

    setattr(MainWindow, "fill", filled)  # noqa: B010 - in place of the method
    status = studio([])
    tell(status=status, attempts=attempts)
    return status


if __name__ == "__main__":
    sys.exit(main())
