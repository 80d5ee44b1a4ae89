"""A window used for a long time: training, pausing, other layers, samples, epochs and runs, at random. JSON lines.

    python benchmarks/soak.py [--minutes 60] [--seed 0] [--check]

Memory must stay flat once everything has been seen, and nothing may be left running in the end. README.md beside this
file explains the figures.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

EVERY = 400
"""Milliseconds between two things that the hand does."""
SETTLED = 0.25
"""Share of the time after which everything has been seen."""


class Hand:
    """Does one thing after another in a window, each drawn from the seed."""

    def __init__(self, window: Any, seed: int) -> None:
        self.window, self.workspace, self.training = window, window.workspace, window.workspace.training
        self.random = random.Random(seed)
        self.deeds: list[Callable[[], object]] = [
            self.start, self.pause, self.stop, self.resume, self.layer, self.layer, self.sample, self.sample, self.epoch,
            self.place, self.show_run, self.theme,
        ]  # fmt: skip

    def act(self) -> None:
        """One thing."""
        self.random.choice(self.deeds)()

    def start(self) -> None:
        if not self.training.is_live:
            self.window.conductor.start()

    def pause(self) -> None:
        self.window.conductor.pause_or_go_on()

    def stop(self) -> None:
        if self.random.random() < 0.15:
            self.window.conductor.stop()

    def resume(self) -> None:
        self.window.conductor.resume()

    def layer(self) -> None:
        nodes = sorted(self.workspace.document.graph.nodes)
        self.workspace.select(nodes=[self.random.choice(nodes)])

    def sample(self) -> None:
        data = self.workspace.data
        data.ensure()
        if data.splits:
            split = self.random.choice(sorted(data.splits))
            index = self.random.randrange(data.splits[split].count)
            data.sample(split, index, self.workspace.look.set_sample)

    def epoch(self) -> None:
        run = self.training.run
        choices = [None, *(run.snapshots if run is not None else ())]
        self.workspace.look.show_epoch(self.random.choice(choices))

    def place(self) -> None:
        self.window.show_workspace(self.random.choice(self.window.docks.workspaces()))

    def show_run(self) -> None:
        from cnn_studio.engine.finding import run_folder, run_folders

        found = run_folders(run_folder())
        if found and not self.training.is_live:
            self.training.show(self.random.choice(found[-5:]), self.workspace.slow)

    def theme(self) -> None:
        if self.random.random() < 0.1:
            self.window.studio.change_settings(theme=self.random.choice(["light", "dark"]))


def resident() -> int:
    """Bytes of memory in use by this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    raise OSError("the system does not tell how much memory is in use")


def soak(minutes: float, seed: int) -> dict[str, float]:
    """Use a window for so long; what was found."""
    from PySide6.QtCore import QCoreApplication, QEvent, QTimer
    from PySide6.QtWidgets import QApplication
    from shiboken6 import isValid

    from cnn_studio.gui.studio import Studio

    app = QApplication([])
    studio = Studio(app)
    window = studio.new_window()
    window.resize(1280, 720)
    window.open_starter("quick-digits")
    window.workspace.set_plan(window.workspace.plan.model_copy(update={"epochs": 40}))
    hand = Hand(window, seed)
    begun, memory = time.monotonic(), []

    def act() -> None:
        passed = time.monotonic() - begun
        memory.append((passed / (60 * minutes), resident()))
        if passed > 60 * minutes:
            timer.stop()
            window.close_unasked()
            app.quit()
        else:
            hand.act()

    timer = QTimer()
    timer.timeout.connect(act)
    timer.start(EVERY)
    app.exec()
    studio.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.unfreeze()  # what was set aside counts as well
    gc.collect()
    threads = [one.name for one in threading.enumerate() if one.name in ("training", "looking", "reading")]
    timers = [one for one in gc.get_objects() if type(one) is QTimer and isValid(one) and one.isActive()]
    settled = [size for share, size in memory if share > SETTLED]
    third = max(1, len(settled) // 3)
    early, late = sorted(settled[:third])[third // 2], sorted(settled[-third:])[third // 2]
    return {"growth": late / early - 1, "threads": len(threads), "timers": len(timers), "memory": late}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["CNN_STUDIO_HOME"] = home
        found = soak(options.minutes, options.seed)
    figures = [
        ("memory grows by", found["growth"], "", 0.05),
        ("threads left in the end", found["threads"], "", 0),
        ("timers left in the end", found["timers"], "", 0),
        ("memory in the end", found["memory"] / 2**20, "MiB", None),
    ]
    for name, value, unit, limit in figures:
        line = {"benchmark": f"{options.minutes:g} minutes of use: {name}", "value": round(value, 4), "unit": unit}
        print(json.dumps(line | ({} if limit is None else {"limit": limit})))
    return int(options.check and any(limit is not None and value > limit for _n, value, _u, limit in figures))


if __name__ == "__main__":
    sys.exit(main())
