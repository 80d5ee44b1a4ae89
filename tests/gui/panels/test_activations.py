"""Activations: maps of the chosen layer for the chosen sample; nothing is asked out of sight."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from cnn_studio.core.starters import open_starter
from cnn_studio.engine.datasets.base import ArraySamples, Dataset
from cnn_studio.engine.insight.activations import Activations
from cnn_studio.engine.predict import fresh_predictor
from cnn_studio.gui import samples
from cnn_studio.gui.samples import FILE
from tests.helpers.training import small_network, stripes


@pytest.fixture
def show(open_panel, monkeypatch, qtbot):
    """``show(network, data)``: the panel with its first answer."""

    def shown(what, data):
        monkeypatch.setattr(samples, "_opened", lambda _name: (data, samples._facts(data)))
        panel = open_panel("activations", what)
        answered(panel, qtbot)
        return panel

    return shown


@pytest.fixture
def panel(show):
    return show(small_network(), stripes())


def answered(panel, qtbot):
    workspace = panel.workspace
    qtbot.waitUntil(lambda: workspace.look.sample is not None and not workspace.quick.is_busy, timeout=20_000)


def node_of(panel, kind):
    return panel.workspace.document.graph.of_kind(kind)[0].id


def test_the_first_layer_that_learns_and_the_first_sample_are_shown_at_first(panel):
    workspace = panel.workspace
    assert (workspace.look.sample.split, workspace.look.sample.index) == ("test", 0)
    assert panel.node == node_of(panel, "convolution")
    sample = workspace.look.sample.stored
    maps = Activations(sample, (panel.node,))(fresh_predictor(workspace.document.project)).maps[panel.node]
    assert panel.view.values == pytest.approx(maps, abs=1e-6)
    assert len(panel.grid) == 4
    assert "zeros" in panel.facts.text()
    assert panel.shape.text() == "6×6×4"
    assert not panel.is_telling


def test_it_follows_the_selection_and_shows_vectors_as_bars(panel, qtbot):
    panel.workspace.select([node_of(panel, "dense")])
    answered(panel, qtbot)
    assert panel.pages.currentWidget() is panel.bars
    panel.bars.set_current(1)
    assert panel.under.text().startswith("unit 2: ")
    panel.workspace.select([node_of(panel, "softmax")])
    answered(panel, qtbot)
    panel.bars.set_current(1)
    assert panel.under.text().startswith("unit b: "), "the classes are named"
    assert panel.view.values.sum() == pytest.approx(1)
    panel.workspace.select()
    assert panel.node == node_of(panel, "softmax"), "with nothing chosen the layer stays"


def test_own_scale_and_greys(panel, qtbot):
    assert len(set(panel.view.highs.tolist())) == 1
    panel.scale.setCurrentIndex(1)
    panel.scale.activated.emit(1)
    answered(panel, qtbot)
    assert len(set(panel.view.highs.tolist())) > 1
    before = panel.grid.grab().toImage()
    panel.colors.setCurrentIndex(1)
    panel.colors.activated.emit(1)
    assert panel.grid.grab().toImage() != before


def test_hover_tells_the_value_and_its_place(panel, qtbot):
    place = panel.grid.cell(2)
    pixel = panel.grid.zoom
    qtbot.mouseMove(panel.grid.viewport(), place.topLeft() + QPoint(round(3.5 * pixel), round(1.5 * pixel)))
    value = panel.view.values[2, 1, 3]
    assert panel.under.text() == f"map 3, row 2, column 4: {float(f'{value:.3g}'):g}"


def test_dead_units_are_marked(panel, qtbot):
    panel.workspace.select([node_of(panel, "relu")])
    answered(panel, qtbot)
    assert "none is dead" in panel.facts.text()
    node, _silent = panel._dead
    panel._show_dead((node, np.array([True, False, False, False])))
    assert panel.grid.marks == ["dead", "", "", ""]
    assert "1 dead" in panel.facts.text()


def test_dead_units_that_come_before_the_maps_of_their_layer_wait(panel, qtbot):
    panel.workspace.select([node_of(panel, "relu")])
    panel.node = node_of(panel, "relu")
    panel._show_dead((panel.node, np.array([True])))
    assert not any(panel.grid.marks), "the maps are still those of another layer"
    panel.grid.grab()


def test_samples_are_stepped_through_by_class_at_random_and_round(panel, qtbot):
    sampler, look = panel.workspace.sampler, panel.workspace.look
    sampler.step(1)
    answered(panel, qtbot)
    assert look.sample.index == 1
    sampler.step(-1)
    sampler.step(-1)
    answered(panel, qtbot)
    labels = panel.workspace.data.dataset.splits["test"].labels
    qtbot.waitUntil(lambda: look.sample.index in (0, len(labels) - 1))
    panel.sample.classes.setCurrentIndex(3)
    panel.sample.classes.activated.emit(3)
    answered(panel, qtbot)
    assert look.sample.label == "c"
    seen = set()
    for _time in range(3):
        qtbot.mouseClick(panel.sample.on, Qt.MouseButton.LeftButton)
        answered(panel, qtbot)
        seen.add(look.sample.index)
        assert look.sample.label == "c"
    assert len(seen) == 3
    qtbot.mouseClick(panel.sample.any, Qt.MouseButton.LeftButton)
    answered(panel, qtbot)
    assert look.sample.label == "c"


def test_a_class_without_samples_is_told(show, qtbot):
    data = stripes()
    few = np.flatnonzero(data.train.labels != 2).tolist()
    splits = {
        "train": data.train,
        "test": ArraySamples(np.stack([data.train.read(int(place)) for place in few]), data.train.labels[few]),
    }
    panel = show(small_network(), Dataset("few", data.classes, splits))
    with qtbot.waitSignal(panel.workspace.said) as heard:
        panel.workspace.sampler.choose_class(2)
    assert "“c”" in heard.args[0]


def test_a_file_can_be_dropped(panel, qtbot, tmp_path):
    Image.fromarray(np.full((20, 30, 3), 200, np.uint8)).save(tmp_path / "mine.png")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "mine.png"))])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    panel.dropEvent(event)
    qtbot.waitUntil(lambda: panel.workspace.look.sample.source == FILE)
    answered(panel, qtbot)
    assert panel.sample.title.text() == "mine.png"
    assert panel.view.shape == (4, 6, 6)


def test_what_cannot_be_shown_is_said(show, qtbot):
    panel = show("lenet5", stripes(size=8, classes=3))
    panel.workspace.edit(lambda graph: type(graph)())
    qtbot.waitUntil(lambda: panel.is_telling)
    assert "cannot run" in panel._empty.text()


@pytest.mark.parametrize(
    ("name", "shape", "pictures"),
    [("tiny-sound", (1, 8000), (16, 36, 128)), ("tiny-video", (1, 8, 24, 24), (8, 24, 199))],
)
def test_sound_is_drawn_as_lines_and_video_as_strips(show, name, shape, pictures):
    random = np.random.default_rng(0)
    stored = (random.standard_normal((6, *shape)) * 100).clip(0, 255).astype(np.uint8)
    project = open_starter(name)
    assert project.data is not None
    classes = project.data.classes
    some = ArraySamples(stored, np.arange(6) % len(classes))
    panel = show(name, Dataset(name, classes, {"train": some}))
    assert np.asarray(panel.grid._pictures).shape == pictures
    panel.grid.hovered.emit(0, 1, 2)
    assert panel.under.text().startswith("map 1, ")


def test_out_of_sight_nothing_is_asked(panel, qtbot):
    answered(panel, qtbot)
    panel.hide()
    panel.workspace.sampler.step(1)
    answered(panel, qtbot)
    panel.workspace.look.pulse.emit()
    panel.workspace.select([node_of(panel, "dense")])
    assert not panel.workspace.quick.is_busy
    assert panel.node == node_of(panel, "convolution")
    panel.show()
    answered(panel, qtbot)
    assert panel.node == node_of(panel, "dense")
