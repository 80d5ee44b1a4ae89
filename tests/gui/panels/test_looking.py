"""What holds for the panels that look into a network, when they have something to show: names, room, words, both themes."""

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QWidget,
)

from cnn_studio import i18n
from cnn_studio.core import edits
from cnn_studio.core.layers import layers
from cnn_studio.core.project import Project
from cnn_studio.engine.preparing import facts_of
from cnn_studio.engine.recording import recorded
from cnn_studio.engine.runs import new_run
from cnn_studio.engine.session import Session
from cnn_studio.gui import samples, theme
from cnn_studio.gui.labels import Text
from cnn_studio.gui.samples import NONE
from tests.helpers.training import quick_plan, small_network, stripes

NAMES = ("activations", "kernels", "weights")
CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QAbstractScrollArea)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    graph, data, plan = small_network(), stripes(), quick_plan(epochs=2)
    session = Session(graph, plan, data)
    folder = tmp_path_factory.mktemp("runs") / "run"
    made = new_run(folder.parent, Project(graph, "small"), plan, facts_of(graph, data), path=folder)
    for _event in recorded(session, made):
        pass
    return made


@pytest.fixture(params=NAMES)
def panel(request, open_panel, run, monkeypatch, qtbot):
    """A panel that shows a run of two epochs."""
    data = stripes()
    monkeypatch.setattr(samples, "_opened", lambda _name: (data, samples._facts(data)))
    shown = open_panel(request.param, small_network(), (320, 640))
    workspace = shown.workspace
    workspace.training.show(run.folder, workspace.slow)
    qtbot.waitUntil(lambda: workspace.training.run is not None and not shown.is_telling, timeout=20_000)
    answered(shown, qtbot)
    return shown


def answered(panel, qtbot):
    workspace = panel.workspace
    panel.settle()
    qtbot.waitUntil(lambda: not workspace.quick.is_busy and not workspace.slow.is_busy, timeout=20_000)
    QApplication.processEvents()


def speak(panel, code, qtbot):
    i18n.set_language(code)
    panel.workspace.set_settings(panel.workspace.settings)
    answered(panel, qtbot)


def some_layers(panel):
    graph = panel.workspace.document.graph
    return [graph.of_kind(kind)[0].id for kind in ("convolution", "relu", "dense", "softmax", "input")]


def inner(widget):
    """Whether Qt has made a widget for itself."""
    return widget.objectName().startswith("qt_") or isinstance(widget.parent(), (QComboBox, QAbstractSpinBox))


@pytest.mark.parametrize("code", ["en", "es"])
@pytest.mark.parametrize("width", [280, 360, 900])
def test_nothing_is_cut_and_all_is_named(panel, qtbot, code, width):
    speak(panel, code, qtbot)
    panel.resize(width, 640)
    for node in some_layers(panel):
        panel.workspace.select([node])
        answered(panel, qtbot)
        assert panel.minimumSizeHint().width() <= 280, node
        for widget in panel.findChildren(QWidget):
            if not isinstance(widget, (QLabel, *CONTROLS)) or not widget.isVisible() or inner(widget):
                continue
            where = code, node, widget.objectName(), getattr(widget, "text", str)()
            assert widget.mapTo(panel, widget.rect().topRight()).x() <= panel.width(), where
            if isinstance(widget, Text) and widget.wordWrap():
                assert widget.height() >= widget.heightForWidth(widget.width()), where
            elif isinstance(widget, QAbstractButton) and widget.text():
                assert widget.width() >= widget.minimumSizeHint().width(), where
            elif isinstance(widget, QComboBox):
                assert widget.fontMetrics().horizontalAdvance(widget.currentText()) + 28 <= widget.width(), where
            if (
                isinstance(widget, CONTROLS)
                and widget.objectName().startswith("panel.")
                and not isinstance(widget, QLabel)
            ):
                assert widget.accessibleName() or widget.objectName().endswith(".area"), where


def test_both_themes(qapp, panel, qtbot):
    pictures = []
    for name in ("light", "dark"):
        theme.set_theme(name)
        theme.apply(qapp)
        speak(panel, "en", qtbot)
        pictures.append(panel.grab().toImage())
    assert pictures[0] != pictures[1]


def test_an_epoch_that_is_looked_back_at_is_shown(panel, qtbot):
    before = panel.grab().toImage()
    panel.workspace.look.show_epoch(1)
    answered(panel, qtbot)
    assert panel.grab().toImage() != before


def test_a_layer_that_the_run_does_not_have_is_said_or_passed_over(panel, qtbot):
    workspace = panel.workspace
    relu = workspace.document.graph.of_kind("relu")[0].id
    workspace.edit(
        lambda graph: edits.add_after(graph, relu, layers["convolution"].model_validate({"filters": 2, "kernel": 3}))
    )
    new = [node.id for node in workspace.document.graph.of_kind("convolution")][-1]
    workspace.select([new])
    answered(panel, qtbot)
    if panel.name != "weights":
        assert panel._empty.text() == "The network that is looked into has no “conv2”: train again."
    workspace.select([relu])
    answered(panel, qtbot)
    assert not panel.is_telling


def test_out_of_sight_nothing_is_asked(panel, qtbot):
    panel.hide()
    asked = []
    panel.workspace.look.ask = lambda *what: asked.append(what)
    panel.workspace.look.show_epoch(1)
    panel.workspace.look.pulse.emit()
    panel.workspace.sampler.step(1)
    panel.workspace.select(some_layers(panel)[:1])
    answered(panel, qtbot)
    assert not asked
    panel.show()
    panel.settle()
    assert asked


def test_data_that_cannot_be_opened_are_told(open_panel, qtbot, monkeypatch):
    from cnn_studio.engine.datasets.base import DataError

    def refuse(_name):
        raise DataError("the folder is gone")

    monkeypatch.setattr(samples, "_opened", refuse)
    panel = open_panel("activations", small_network())
    qtbot.waitUntil(lambda: "folder is gone" in panel._empty.text(), timeout=20_000)
    assert panel.is_telling
    assert panel._offer.isVisible()
    with qtbot.waitSignal(panel.workspace.workspace_requested) as heard:
        panel._offer.click()
    assert heard.args == ["data"]
    weights = open_panel("weights", small_network())
    qtbot.waitUntil(lambda: "folder is gone" in weights.verdicts[1].text, timeout=20_000)
    assert weights.workspace.data.state != NONE
