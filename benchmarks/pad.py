"""The pad: how soon it answers, and how well the sample network reads what is drawn. One JSON line for each figure.

    python benchmarks/pad.py [--events 400] [--digits 1000] [--only latency|reading] [--check]

Latency is measured in the real window (Qt's offscreen screen where there is no other): from a movement of the mouse to
bars and pictures on the canvas painted anew. For reading, test digits of MNIST (``../shared/data/mnist``, or where
``CNN_STUDIO_TEST_DATA`` says) are traced into pen strokes and played onto the pad as mouse events at several sizes,
places and widths. README.md beside this file explains the figures.
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
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SHARED = Path(os.environ.get("CNN_STUDIO_TEST_DATA") or ROOT.parent / "shared" / "data")
WARM = 40
"""Events that are not counted: the first use of everything."""
PAUSE = 0.008
"""Seconds between two events, as a mouse tells them."""
WAYS: dict[str, dict[str, Any]] = {
    "as usual": {"size": 170, "width": 18},
    "small": {"size": 60, "width": 18},
    "large": {"size": 262, "width": 18},
    "off-centre": {"size": 100, "width": 18, "place": (-75, 70)},
    "thin": {"size": 170, "width": 6},
    "thick": {"size": 170, "width": 36},
}
"""Longer side of the digit and width of the pen in units of the pad, which has 280, and how far from its middle."""
LIMITS = {"sample": 0.016, "lenet5": 0.033, "training": 0.050}
READ, WITHIN = 95.0, 1.0

Figure = tuple[str, float, str, float | None, str]


def opened() -> Any:
    """The program, with a window."""
    from PySide6.QtWidgets import QApplication

    from cnn_studio.gui.studio import Studio

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    return Studio(app)


def window_with(studio: Any, net: str) -> Any:
    """A window with the pad and a network."""
    window = studio.new_window()
    window.resize(1280, 720)
    window.open_sample()
    if net != "sample":
        from cnn_studio.core.document import Document
        from cnn_studio.core.starters import open_starter

        window.filing.show(Document(open_starter(net)))
        for name in ("activations", "kernels"):
            window.docks.docks[name].show()
    return window


def until(done: Callable[[], bool], seconds: float = 60.0) -> None:
    """Let the window work until something is so; between two events the thread rests, as it does in the program."""
    from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

    clock = QTimer()
    clock.start(100)  # what is waited for may come without an event
    end = time.perf_counter() + seconds
    while not done():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.perf_counter() > end:
            raise RuntimeError("waited in vain")


def rest(seconds: float) -> None:
    """Let the window work for so long."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(max(0, round(1000 * seconds)), loop.quit)
    loop.exec()


class Mouse:
    """A mouse over the pad of a window."""

    def __init__(self, window: Any) -> None:
        self.window = window
        self.pad = window.docks.panel("pad").pad

    def send(self, kind: str, x: float, y: float) -> None:
        """One event at a place in units, on a whole pixel as a mouse has it."""
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        place = QPointF(self.pad.to_widget(x, y).toPoint())
        types = {"press": QEvent.Type.MouseButtonPress, "move": QEvent.Type.MouseMove}
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        changed, held = (none if kind == "move" else left), (none if kind == "release" else left)
        event = QMouseEvent(
            types.get(kind, QEvent.Type.MouseButtonRelease), place, self.pad.mapToGlobal(place), changed, held,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(self.pad, event)

    def play(self, strokes: list[Any]) -> None:
        """Draw strokes."""
        for stroke in strokes:
            self.send("press", *stroke[0])
            for x, y in stroke[1:]:
                self.send("move", x, y)
            self.send("release", *stroke[-1])

    def answer(self) -> int:
        """Which class what was drawn is said to be."""
        drawing = self.window.workspace.drawing
        until(lambda: not drawing.is_waiting)
        return -1 if drawing.seen is None else int(drawing.seen.probabilities.argmax())


# -- latency -----------------------------------------------------------------------------------------------------------


def latencies(net: str, events: int, *, training: bool) -> dict[str, list[float]]:
    """Seconds from each movement to everything painted anew, and of processor time for it, sorted."""
    from PySide6.QtCore import QCoreApplication

    studio = opened()
    window = window_with(studio, net)
    learner = studio_training(studio) if training else None
    mouse, workspace = Mouse(window), window.workspace
    until(lambda: not workspace.quick.is_busy)
    found: dict[str, list[float]] = {"wall": [], "processor": []}
    for number in range(events + WARM):
        if number % 100 == 0:
            if number:
                mouse.send("release", *place(number - 1))
                mouse.pad.clear()
            mouse.send("press", *place(number))
            continue
        begun, used = time.perf_counter(), time.process_time()
        mouse.send("move", *place(number))
        until(lambda: not workspace.drawing.is_waiting and not workspace.quick.is_busy)
        QCoreApplication.processEvents()  # what is to be painted
        if number >= WARM:
            found["wall"].append(time.perf_counter() - begun)
            found["processor"].append(time.process_time() - used)
        rest(begun + PAUSE - time.perf_counter())
    mouse.send("release", *place(0))
    for one in (learner, window):
        if one is not None:
            one.workspace.training.stop()
            until(lambda one=one: not one.workspace.training.is_live)  # type: ignore[misc]
            one.close_unasked()
    return {name: sorted(values) for name, values in found.items()}


def place(number: int) -> tuple[float, float]:
    """A point of a long curve."""
    turn = (number % 100) / 100 * 2 * np.pi
    return 140 + 70 * np.sin(turn) + 4 * (number % 7), 140 - 95 * np.cos(1.5 * turn)


def studio_training(studio: Any) -> Any:
    """Another window, which trains."""
    from cnn_studio.gui.training import RUNNING

    window = studio.new_window()
    window.open_starter("quick-digits")
    workspace = window.workspace
    workspace.set_plan(workspace.plan.model_copy(update={"epochs": 1000}))
    window.conductor.start()
    until(lambda: workspace.training.state == RUNNING, 300)
    return window


# -- reading -----------------------------------------------------------------------------------------------------------


def traced(count: int) -> tuple[list[list[Any]], Any]:
    """Strokes of test digits, around 0, their longer side 1; and what they are."""
    from benchmarks.tracing import strokes_of
    from cnn_studio.engine.datasets.idx import read_idx

    folder = SHARED / "mnist"
    pictures = read_idx(folder / "t10k-images-idx3-ubyte.gz").reshape(-1, 28, 28)[:count]
    labels = read_idx(folder / "t10k-labels-idx1-ubyte.gz")[:count]
    found = []
    for picture in pictures:
        strokes = strokes_of(picture)
        every = np.concatenate(strokes)
        middle, size = (every.min(0) + every.max(0)) / 2, max(float(np.ptp(every, axis=0).max()), 1e-6)
        found.append([(stroke - middle) / size for stroke in strokes])
    return found, labels


def read(digits: int) -> dict[str, float]:
    """Percent of the digits that are read, by the way in which they are drawn."""
    studio = opened()
    window = window_with(studio, "sample")
    mouse = Mouse(window)
    strokes, labels = traced(digits)
    found = {}
    for name, way in WAYS.items():
        panel, right = window.docks.panel("pad"), 0
        panel.width_slider.setValue(way["width"])
        middle = np.array([140, 140]) + way.get("place", (0, 0))
        for some, label in zip(strokes, labels, strict=True):
            mouse.play([stroke * way["size"] + middle for stroke in some])
            right += mouse.answer() == label
            mouse.pad.clear()
        found[name] = 100 * right / len(strokes)
    window.close_unasked()
    return found


# -- figures -----------------------------------------------------------------------------------------------------------


def side(options: argparse.Namespace, name: str) -> Any:
    """What a side found, in a process and a home of its own."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "CNN_STUDIO_HOME": home}
        words = [
            sys.executable,
            __file__,
            "--side",
            name,
            "--events",
            str(options.events),
            "--digits",
            str(options.digits),
        ]
        done = subprocess.run(words, check=True, env=environment, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def figures(options: argparse.Namespace) -> Iterator[Figure]:
    """Name, value, unit, limit and kind of limit of every figure."""
    if options.only != "reading":
        for name, words in (
            ("sample", "sample network"), ("lenet5", "LeNet-5, all panels"), ("training", "while another network trains"),
        ):  # fmt: skip
            measured = side(options, name)
            times, processor = measured["wall"], measured["processor"]
            yield f"from the pointer to all painted, {words}: median", times[len(times) // 2], "s", None, ""
            yield f"from the pointer to all painted, {words}: 95 of 100", times[int(0.95 * len(times))], "s", LIMITS[name], "limit"  # fmt: skip
            if name != "training":
                yield f"processor time for a movement, {words}: median", processor[len(processor) // 2], "s", None, ""
    if options.only != "latency":
        shares = side(options, "reading")
        usual = shares["as usual"]
        for name, share in shares.items():
            limit = READ if name == "as usual" else usual - WITHIN
            yield f"traced digits read, {name}", share, "%", round(limit, 2), "at least"


def main() -> int:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=400)
    parser.add_argument("--digits", type=int, default=1000)
    parser.add_argument("--only", choices=["latency", "reading"])
    parser.add_argument("--check", action="store_true", help="end with status 1 beyond a limit")
    parser.add_argument("--side", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        net = "lenet5" if options.side == "lenet5" else "sample"
        found: Any = (
            read(options.digits)
            if options.side == "reading"
            else latencies(net, options.events, training=options.side == "training")
        )
        print(json.dumps(found), flush=True)
        os._exit(0)  # threads that still compute are not waited for
    beyond = False
    for name, value, unit, limit, kind in figures(options):
        line: dict[str, object] = {"benchmark": name, "value": float(f"{value:.4g}"), "unit": unit}
        if limit is not None:
            line[kind] = limit
            beyond |= value < limit if kind == "at least" else value > limit
        print(json.dumps(line), flush=True)
    return int(options.check and beyond)


if __name__ == "__main__":
    sys.exit(main())
