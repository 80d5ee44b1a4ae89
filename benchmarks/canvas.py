"""How smoothly the canvas moves: frames of panning and zooming, and a keystroke in a field. One JSON line a figure.

    QT_QPA_PLATFORM=offscreen python benchmarks/canvas.py [--check]

--check ends with status 1 when a figure is beyond its limit. Needs the package installed in the Python that runs it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication

from cnn_studio.core import edits
from cnn_studio.core.arrange import arrange
from cnn_studio.core.document import Document
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.project import Project
from cnn_studio.gui import canvas, theme
from cnn_studio.gui.canvas.canvas_view import CanvasView
from cnn_studio.gui.studio import Studio
from cnn_studio.gui.workspace import Workspace

SIZE = (1440, 900)
KEYSTROKES = 60


def make(kind: str, **settings: Any) -> Layer:
    """A layer by the name of its kind."""
    return layers[kind](**settings)


def network(count: int) -> Graph:
    """So many layers: convolutions with a skip connection over every other pair."""
    nodes = {"input": Node("input", make("input", channels=3, sizes=(64, 64)), "input")}
    inputs: dict[str, tuple[str, ...]] = {}
    last = "input"
    while len(nodes) < count:
        start = last
        for kind in ("convolution", "relu", "convolution"):
            layer = make(kind, filters=8, padding="same") if kind == "convolution" else make(kind)
            key = f"{layer.stem}{len(nodes)}"
            nodes[key], inputs[key], last = Node(key, layer, key), (last,), key
        key = f"add{len(nodes)}"
        if start != "input":
            nodes[key], inputs[key], last = Node(key, make("add"), key), (last, start), key
    graph = Graph(nodes, inputs)
    return edits.move(graph, arrange(graph))


def frames(view: CanvasView, steps: list[Callable[[], None]]) -> list[float]:
    """Milliseconds of each step with the frame that shows it."""
    found = []
    for step in steps:
        start = time.thread_time()
        step()
        view.repaint()
        found.append(1000 * (time.thread_time() - start))
    return found


def pan_and_zoom(view: CanvasView) -> list[float]:
    """Frames of panning at several scales, and of zooming between them, as a wheel does."""
    found: list[float] = []

    def zoom(factor: float) -> Callable[[], None]:
        return lambda: view.show_view(view.view.zoomed(factor, (720, 450)))

    for scale in (1.0, 0.6, 0.35, 0.15, 0.05):
        factor = (scale / view.view.scale) ** (1 / 12)
        found += frames(view, [zoom(factor)] * 12)
        QApplication.processEvents()
        found += frames(view, [lambda: view.show_view(view.view.panned(-17, -9))] * 40)
    return found


def typing(view: CanvasView, field: str) -> list[float]:
    """Keystrokes in a field of a layer in the middle: the network judged and the picture brought up to date."""
    document = view.workspace.document
    key = [node.id for node in document.graph.nodes.values() if node.layer.kind == "convolution"][200]
    base = document.graph
    view.zoom_actual()
    view.reveal([key])
    view.repaint()

    found = []
    for number in range(KEYSTROKES):
        start = time.thread_time()
        document.preview(edits.set_field(base, key, field, 3 + 2 * (number % 3)))
        QApplication.processEvents()  # draws what the window asks to be drawn anew
        found.append(1000 * (time.thread_time() - start))
    document.cancel()
    return found


def typing_in_window(app: QApplication, count: int, field: str) -> list[float]:
    """Keys pressed in a field of the properties of a whole window, until it is painted; what comes later is waited for."""
    studio = Studio(app)
    window = studio.new_window(waiting=True)
    window.fill()
    window.resize(*SIZE)
    window.filing.show(Document(Project(network(count))))
    window.show_network()
    key = [node.id for node in window.workspace.document.graph.nodes.values() if node.layer.kind == "convolution"][200]
    window.canvas.zoom_actual()
    window.workspace.select([key], reveal=True)
    QTest.qWait(500)
    boxes = window.docks.panel("properties").findChildren(QAbstractSpinBox)
    box = next(one for one in boxes if one.objectName().startswith(f"panel.properties.{field}."))
    box.setFocus()
    found = []
    for number in range(KEYSTROKES):
        box.selectAll()
        QTest.qWait(150)
        start = time.thread_time()
        QTest.keyClick(box, str(3 + 2 * (number % 3)))  # type: ignore[call-overload]
        QApplication.processEvents()
        found.append(1000 * (time.thread_time() - start))
    window.close_unasked()
    return found


def shown(count: int) -> CanvasView:
    """A canvas with so many layers."""
    view = canvas.create(Workspace(Document(Project(network(count)))))
    view.resize(*SIZE)
    view.show()
    QApplication.processEvents()
    return view


def main(check: bool) -> int:
    """Measure everything and print it."""
    home = tempfile.TemporaryDirectory()
    os.environ["CNN_STUDIO_HOME"] = home.name
    app = QApplication([])
    theme.set_still(True)
    theme.apply(app)
    failed = False
    for count, limit in ((1_000, 16.0), (5_000, 50.0)):
        view = shown(count)
        figures = [(f"pan and zoom, {count} layers", pan_and_zoom(view), limit)]
        if count == 1_000:
            figures.append((f"typing filters, {count} layers", typing(view, "filters"), 16.0))
            figures.append(
                (f"typing a kernel that 800 layers see through, {count} layers", typing(view, "kernel"), 16.0)
            )
            for field in ("filters", "kernel"):
                times = typing_in_window(app, count, field)
                figures.append((f"typing {field} in the properties of a window, {count} layers", times, 16.0))
        for name, times, most in figures:
            value = quantiles(times, n=20)[-1]
            failed |= value > most
            line = {
                "benchmark": name,
                "p95": round(value, 2),
                "median": round(median(times), 2),
                "unit": "ms",
                "limit": most,
            }
            print(json.dumps(line))
        view.close()
    home.cleanup()
    return int(check and failed)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
