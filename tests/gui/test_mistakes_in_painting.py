"""A mistake while something is painted is a mistake like every other one: the program goes on."""

import ast
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

import cnn_studio.gui
from cnn_studio.gui.panels import PLACES

FILES = sorted(Path(cnn_studio.gui.__file__).parent.rglob("*.py"))
STEPS = (
    "drawEllipse", "drawImage", "drawLine", "drawPath", "drawRect", "drawRoundedRect", "drawText", "fillRect", "save",
    "scale", "setBrush", "setFont", "setPen", "setRenderHint", "setRenderHints", "strokePath", "translate",
)  # fmt: skip


def fails(*_arguments):
    raise ValueError("a mistake in painting")


class Failing(QPainter):
    """A painter with which nothing can be painted."""


for step in STEPS:
    setattr(Failing, step, fails)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_painter_ends_whatever_happens(file):
    """Painting begins with ``with QPainter(...)``: a painter that outlives its event takes the program with it."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    made = {
        node for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "QPainter"
    }  # fmt: skip
    ended = {item.context_expr for node in ast.walk(tree) if isinstance(node, ast.With) for item in node.items}
    assert not made - ended, [call.lineno for call in made - ended]


def painted_by_us(window):
    """The widgets in sight that paint themselves with a painter of ours, one of each class."""
    found = {}
    for widget in [window, *window.findChildren(QWidget)]:
        kind = next(kind for kind in type(widget).__mro__ if "paintEvent" in vars(kind))
        ours = hasattr(sys.modules.get(kind.__module__), "QPainter") and kind.__module__.startswith("cnn_studio")
        if ours and widget.isVisible() and not widget.visibleRegion().isEmpty():
            found[kind] = widget
    return found


def test_the_program_survives(window, qtbot, monkeypatch):
    qtbot.waitUntil(lambda: window.welcome.is_loaded)
    broken = set()
    for number, name in enumerate(["", *(place.name for place in PLACES)]):
        if number == 1:
            window.open_starter("lenet5")
        if name:
            window.docks.bring(name)
        QApplication.processEvents()
        for kind, widget in painted_by_us(window).items():
            face = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
            with monkeypatch.context() as patch:
                patch.setattr(sys.modules[kind.__module__], "QPainter", Failing)
                try:
                    face.repaint()
                except ValueError:  # some have nothing to paint yet
                    broken.add(kind.__name__)
            face.repaint()
    assert {"CanvasBase", "SketchPad", "StarterCard"} < broken, broken
    assert not window.grab().isNull()
