"""Training in the window beside the same engine without one: speed, waiting of the window, pause and stop. JSON lines.

    python benchmarks/live.py [--seconds 60] [--rounds 1] [--net quick-digits] [--check]

Needs MNIST (``../shared/data/mnist``, or where ``CNN_STUDIO_TEST_DATA`` says). Without a screen Qt's offscreen one is
used. README.md beside this file explains the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

SHARED = Path(os.environ.get("CNN_STUDIO_TEST_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
EPOCHS = 100_000
WARM = 5.0
"""Seconds of a run that are not counted: the first use of everything."""
TICK = 4
"""Milliseconds between two looks at the clock in the window's thread."""


def command(home: str, *words: str) -> None:
    """The studio's own command, quietly."""
    environment = {**os.environ, "CNN_STUDIO_HOME": home}
    subprocess.run([sys.executable, "-m", "cnn_studio", *words], check=True, env=environment, capture_output=True)


# -- the sides, each in a process of its own ---------------------------------------------------------------------------


def engine_side(net: str, seconds: float) -> dict[str, Any]:
    """The engine alone, its run recorded: samples a second."""
    from cnn_studio.core.starters import open_starter
    from cnn_studio.engine.datasets.opening import open_data
    from cnn_studio.engine.events import BatchEnded
    from cnn_studio.engine.recording import recorded
    from cnn_studio.engine.starting import fresh

    project = open_starter(net)
    session, run = fresh(project, plan_of(project), open_data("mnist"))
    begun, first = time.perf_counter(), None
    for event in recorded(session, run):
        if isinstance(event, BatchEnded):
            now = time.perf_counter()
            if first is None and now - begun > WARM:
                first = now, event.step
            if first is not None and now - begun > seconds:
                session.control.stop()
                return {"speed": (event.step - first[1]) * session.plan.batch_size / (now - first[0])}
    raise RuntimeError("the run ended before its time")


def plan_of(project: Any) -> Any:
    """The plan of a starter, on MNIST and without an end."""
    from cnn_studio.core.plans.plan import plan_from_json

    return plan_from_json(project.plan or {}).model_copy(update={"data": "mnist", "epochs": EPOCHS})


class Watched:
    """A window that trains while it is watched: curves, thumbnails, maps and kernels are in sight."""

    def __init__(self, net: str, seconds: float) -> None:
        from PySide6.QtCore import Qt, QTimer
        from PySide6.QtWidgets import QApplication

        from cnn_studio.gui.studio import Studio

        self.seconds = seconds
        self.later = QTimer.singleShot
        self.app = QApplication([])
        self.window = Studio(self.app).new_window()
        self.training = self.window.workspace.training
        self.gaps: list[float] = []
        self.found: dict[str, float] = {}
        self._last = self._asked = self._begun = 0.0
        self._first = 0
        self._clock = QTimer()
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._tick)
        self.training.state_changed.connect(self._changed)
        self.training.failed.connect(lambda failure: print(failure.words, file=sys.stderr))
        self._show(net)

    def _show(self, net: str) -> None:
        window, workspace = self.window, self.window.workspace
        window.resize(1280, 720)
        window.open_starter(net)
        window.show_workspace("train")
        workspace.set_plan(plan_of(workspace.document.project))
        for name in ("activations", "kernels"):
            if name in window.docks.docks:
                window.docks.docks[name].show()
        workspace.select(nodes=[workspace.document.graph.of_kind("convolution")[0].id])

    def run(self) -> dict[str, float]:
        """Train, pause, go on, stop; what was found."""
        self.window.conductor.start()
        self.app.exec()
        self.gaps.sort()
        return {**self.found, "p99": self.gaps[int(0.99 * len(self.gaps))], "longest": self.gaps[-1]}

    def _tick(self) -> None:
        now = time.perf_counter()
        if self._last:
            self.gaps.append(now - self._last)
        self._last = now

    def _changed(self) -> None:
        from cnn_studio.gui.training import IDLE, PAUSED, RUNNING

        now = time.perf_counter()
        if self.training.state == RUNNING and not self._begun:
            self._begun = now
            self.later(round(1000 * WARM), self._measure)
        elif self.training.state == PAUSED:
            self.found["pause"] = now - self._asked
            self.training.go_on()
            self.later(500, lambda: self._ask(self.training.stop))
        elif self.training.state == IDLE and self._begun:
            self.found["stop"] = now - self._asked
            self.window.close_unasked()
            self.app.quit()

    def _measure(self) -> None:
        self._begun, self._first = time.perf_counter(), int(self.training.history.steps[-1])
        self._clock.start(TICK)
        self.later(round(1000 * (self.seconds - WARM)), self._finish)

    def _finish(self) -> None:
        self._clock.stop()
        done = self.training.history.steps[-1] - self._first
        batch = self.window.workspace.plan.batch_size
        self.found["speed"] = done * batch / (time.perf_counter() - self._begun)
        self._ask(self.training.pause)

    def _ask(self, what: Callable[[], None]) -> None:
        self._asked = time.perf_counter()
        what()


# -- figures -----------------------------------------------------------------------------------------------------------


def side(name: str, home: str, net: str, seconds: float) -> dict[str, Any]:
    """What a side found, from a process of its own."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "CNN_STUDIO_HOME": home}
    words = [sys.executable, __file__, "--side", name, "--net", net, "--seconds", str(seconds)]
    done = subprocess.run(words, check=True, env=environment, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def figures(net: str, seconds: float, rounds: int) -> Iterator[tuple[str, float, str, float | None, str]]:
    """Name, value, unit, limit and kind of limit of every figure."""
    with tempfile.TemporaryDirectory() as home:
        command(home, "data", "fetch", "mnist", "--from", str(SHARED / "mnist"))
        pairs = [(side("engine", home, net, seconds), side("window", home, net, seconds)) for _round in range(rounds)]
    ratio = median(window["speed"] / engine["speed"] for engine, window in pairs)
    yield f"{net}: speed in the window / without one", ratio, "", 0.9, "at least"
    for key, name, limit in (
        ("p99", "the window answers within, 99 of 100", 0.016 + TICK / 1000),
        ("longest", "the window answers within, always", 0.1 + TICK / 1000),
        ("pause", "pause takes effect", 0.2),
        ("stop", "stop takes effect", 0.5),
    ):
        yield f"{net}: {name}", max(window[key] for _engine, window in pairs), "s", limit, "limit"
    yield f"{net}: samples a second in the window", median(w["speed"] for _e, w in pairs), "1/s", None, ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--net", default="quick-digits")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--side", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        seconds = options.seconds
        found = engine_side(options.net, seconds) if options.side == "engine" else Watched(options.net, seconds).run()
        print(json.dumps(found))
        return 0
    beyond = False
    for name, value, unit, limit, kind in figures(options.net, options.seconds, options.rounds):
        line = {"benchmark": name, "value": round(value, 4), "unit": unit}
        if limit is not None:
            line[kind] = limit
            beyond |= value < limit if kind == "at least" else value > limit
        print(json.dumps(line), flush=True)
    return int(options.check and beyond)


if __name__ == "__main__":
    sys.exit(main())
