"""Networks of the papers that learn in the window with maps, kernels, weights and pictures in sight. JSON lines.

    python benchmarks/large.py [vgg11 resnet18 googlenet] [--seconds 40] [--check]

Each network learns small colour pictures (``../shared/data/cifar10-subset``, or where ``CNN_STUDIO_TEST_DATA`` says)
twice: watched, and with nothing in sight that looks into it. README.md beside this file explains the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.live import EPOCHS, SHARED, TICK, Watched
from benchmarks.soak import resident

ARCHIVE, PICTURES = SHARED / "cifar10-subset" / "cifar10_subset_jpg.zip", "pictures"
CLASSES = 10
NETS = {"vgg11": (32, 8), "resnet18": (32, 8), "googlenet": (96, 4)}
"""Side of the pictures, and samples of a batch that takes about a tenth of a second on two cores."""


def network(name: str) -> Path:
    """A file with the starter, for small pictures of ten classes, in the current folder."""
    from cnn_studio.core import edits
    from cnn_studio.core.plans.plan import TrainingPlan, plan_to_json
    from cnn_studio.core.project import Project, write_project
    from cnn_studio.core.starters import open_starter

    side, batch = NETS[name]
    graph = open_starter(name).graph
    graph = edits.set_field(graph, "input", "sizes", (side, side))
    for node in graph.of_kind("dense"):
        if node.layer.units == 1000:  # type: ignore[attr-defined]
            graph = edits.set_field(graph, node.id, "units", CLASSES)
    plan = TrainingPlan(data=str(Path(PICTURES).resolve()), epochs=EPOCHS, batch_size=batch, rate=0.001)
    path = Path(f"{name}.cnnstudio").resolve()
    write_project(Project(graph, name, plan=plan_to_json(plan)), path)
    return path


class Large(Watched):
    """A window with a large network; ``watched``: with everything in sight that looks into it."""

    def __init__(self, net: str, seconds: float, *, watched: bool) -> None:
        self._watched = watched
        super().__init__(net, seconds)
        self.training.failed.connect(lambda _failure: self.app.quit())

    def _show(self, net: str) -> None:
        window = self.window
        window.resize(1280, 800)
        window.open_file(network(net))
        if not self._watched:
            window.canvas.thumbnails.toggle()
            self.training.state_changed.connect(lambda: window.show_workspace("build"))
            return
        self.training.state_changed.connect(lambda: window.show_workspace("inside"))
        window.show_workspace("inside")
        window.docks.docks["weights"].setFloating(True)  # beside the kernels, not behind them
        window.workspace.select(nodes=[window.workspace.document.graph.of_kind("convolution")[0].id])

    def run(self) -> dict[str, float]:
        """What was found, and the memory of the process."""
        self.later(round(900 * self.seconds), lambda: self.found.update(memory=resident()))
        return super().run()


def side(net: str, home: str, seconds: float, words: list[str]) -> dict[str, Any]:
    """What a run found, in a process of its own."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "CNN_STUDIO_HOME": home}
    command = [sys.executable, __file__, net, "--seconds", str(seconds), "--side", *words]
    done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True, cwd=home)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def figures(net: str, seconds: float) -> Iterator[tuple[str, float, str, float | None, str]]:
    """Name, value, unit, limit and kind of limit of every figure."""
    with tempfile.TemporaryDirectory() as home:
        with zipfile.ZipFile(ARCHIVE) as archive:
            archive.extractall(Path(home) / PICTURES)
        alone, watched = (side(net, home, seconds, [how]) for how in ("alone", "watched"))
    yield "speed watched / with nothing in sight", watched["speed"] / alone["speed"], "", 0.85, "at least"
    yield "memory watched - with nothing in sight", (watched["memory"] - alone["memory"]) / 2**20, "MiB", 256.0, "limit"
    for key, name, limit in (
        ("p99", "the window answers within, 99 of 100", 0.033 + TICK / 1000),
        ("longest", "the window answers within, always", 0.1 + TICK / 1000),
        ("pause", "pause takes effect", 0.5),
    ):
        yield name, watched[key], "s", limit, "limit"
    yield "stop takes effect", watched["stop"], "s", None, ""
    yield "samples a second", watched["speed"], "1/s", None, ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("nets", nargs="*", default=list(NETS))
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--side", choices=("alone", "watched"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        print(json.dumps(Large(options.nets[0], options.seconds, watched=options.side == "watched").run()))
        return 0
    beyond = False
    for net in options.nets:
        for name, value, unit, limit, kind in figures(net, options.seconds):
            line = {"benchmark": f"{net}: {name}", "value": round(value, 4), "unit": unit}
            if limit is not None:
                line[kind] = limit
                beyond |= value < limit if kind == "at least" else value > limit
            print(json.dumps(line), flush=True)
    return int(options.check and beyond)


if __name__ == "__main__":
    sys.exit(main())
