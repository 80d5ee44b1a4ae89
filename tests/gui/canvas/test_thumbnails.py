"""Pictures on the cards: of the layers that are seen, for the sample of the moment, and only while the canvas is seen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter, QRegion

from cnn_studio.core import edits, grouping
from cnn_studio.engine.datasets.base import Dataset
from cnn_studio.gui import samples
from cnn_studio.gui.canvas.thumbnails import LARGE
from tests.helpers.own_data import network_file, picture_folder
from tests.helpers.training import quick_plan, stripes

LONG = 100_000


@pytest.fixture
def data(monkeypatch) -> Dataset:
    made = stripes()
    monkeypatch.setattr(samples, "_opened", lambda _name: (made, samples._facts(made)))
    return made


@pytest.fixture
def network(window, tmp_path, data):
    """A window with a small network; nothing looks into it yet."""
    window.open_file(network_file(tmp_path / "small.cnnstudio"))
    window.show()
    return window


def look_inside(window, qtbot):
    window.workspace.data.ensure()
    settle(window, qtbot)


def settle(window, qtbot):
    workspace = window.workspace
    qtbot.waitUntil(
        lambda: workspace.look.sample is not None and not workspace.quick.is_busy and not workspace.slow.is_busy,
        timeout=20_000,
    )


def thumbnails(window):
    return window.canvas.thumbnails


def test_without_a_sample_there_are_none_and_torch_is_not_asked_for(network):
    assert not thumbnails(network)._pictures
    assert network.workspace.data.state == samples.NONE
    assert not network.workspace.quick.is_busy


def test_every_layer_has_one_when_there_is_a_sample(network, qtbot):
    look_inside(network, qtbot)
    assert thumbnails(network)._pictures.keys() == network.canvas.scene.cards.keys()
    card = network.canvas.scene.cards[network.workspace.document.graph.of_kind("convolution")[0].id]
    before = network.canvas.grab().toImage()
    x, y = network.canvas.view.to_screen((card.box.left + 14, card.box.top + 30))
    pixel = QColor(before.pixel(round(x), round(y)))
    assert pixel.saturation() > 60, "a map is coloured"
    network.actions_["view.thumbnails"].trigger()
    assert not thumbnails(network)._pictures
    assert QColor(network.canvas.grab().toImage().pixel(round(x), round(y))).saturation() < 30
    network.actions_["view.thumbnails"].trigger()
    settle(network, qtbot)
    assert thumbnails(network)._pictures


@pytest.mark.parametrize("scale", [2.3, 1.6, 1.0, 0.83, 0.77])
@pytest.mark.parametrize("across", [0.0, 0.4, 2.7])
def test_new_pictures_alone_are_drawn_as_if_everything_were(network, qtbot, monkeypatch, scale, across):
    look_inside(network, qtbot)
    canvas, own = network.canvas, thumbnails(network)
    canvas.show_view(canvas.view._replace(scale=scale, x=canvas.view.x + across, y=canvas.view.y + across / 3))
    canvas.workspace.select(nodes=[next(iter(canvas.workspace.document.graph.nodes))])
    canvas.drawing.is_moving = False
    drawn, asked = whole(canvas), []
    monkeypatch.setattr(canvas, "update", lambda *area: asked.append(QRegion(*area)))
    for turn in (Qt.GlobalColor.red, Qt.GlobalColor.darkGreen):
        pictures = {}
        for key, (old, fills) in own._pictures.items():
            plain = QImage(old.size(), old.format())
            plain.fill(turn)
            pictures[key] = plain, fills
        own._take(pictures)
        assert not own._own.isEmpty()
        region = QRegion()
        while asked:
            region += asked.pop()
        with QPainter(drawn) as painter:
            painter.setClipRegion(region)
            canvas.drawing.paint(painter, region)
        assert own._own.isEmpty(), "later everything is drawn there"
    assert drawn == whole(canvas)


def test_far_away_everything_is_drawn(network, qtbot):
    look_inside(network, qtbot)
    network.canvas.show_view(network.canvas.view._replace(scale=0.9 * LARGE))
    thumbnails(network)._take(dict(thumbnails(network)._pictures))
    assert thumbnails(network)._own.isEmpty()


def whole(canvas):
    made = QImage(canvas.size(), QImage.Format.Format_RGB32)
    with QPainter(made) as painter:
        canvas.drawing.paint(painter, QRegion(canvas.rect()))
    return made


def test_cards_that_lie_over_one_another_are_drawn_whole(network, qtbot):
    look_inside(network, qtbot)
    own, graph = thumbnails(network), network.workspace.document.graph
    one, other = list(graph.nodes)[:2]
    box = network.canvas.scene.cards[one].box
    network.workspace.edit(lambda graph: edits.move(graph, {other: (box.left + 20, box.top + 20)}))
    settle(network, qtbot)
    own._take(dict(own._pictures))
    cards = network.canvas.scene.cards
    assert not own._own.intersects(own._inside(cards[one]))
    assert not own._own.intersects(own._inside(cards[other]))


def test_another_sample_gives_other_pictures(network, qtbot):
    look_inside(network, qtbot)
    before = {key: picture.copy() for key, (picture, _fills) in thumbnails(network)._pictures.items()}
    network.workspace.sampler.step(1)
    settle(network, qtbot)
    entry = network.workspace.document.graph.of_kind("input")[0].id
    assert thumbnails(network)._pictures[entry][0] != before[entry]


def test_a_folded_group_shows_what_it_gives(network, qtbot):
    graph = network.workspace.document.graph
    conv, relu = graph.of_kind("convolution")[0].id, graph.of_kind("relu")[0].id
    norm = graph.of_kind("batch_norm")[0].id
    network.workspace.edit(lambda now: grouping.group(now, [conv, norm, relu], "block"))
    group = next(iter(network.workspace.document.graph.groups))
    network.canvas.fold(group, True)
    look_inside(network, qtbot)
    assert group in thumbnails(network)._pictures
    assert thumbnails(network)._nodes()[group] == relu


def test_an_edited_layer_has_none_until_the_network_is_looked_into_again(network, qtbot):
    look_inside(network, qtbot)
    conv = network.workspace.document.graph.of_kind("convolution")[0].id
    network.workspace.edit(lambda graph: edits.set_field(graph, conv, "filters", 6))
    assert conv not in thumbnails(network)._nodes(), "what is looked into has another layer there"
    qtbot.waitUntil(lambda: conv in thumbnails(network)._nodes(), timeout=10_000)
    settle(network, qtbot)
    assert conv in thumbnails(network)._pictures
    network.workspace.edit(lambda graph: edits.remove(graph, [graph.of_kind("output")[0].id]))
    qtbot.waitUntil(lambda: not thumbnails(network)._pictures, timeout=10_000)


def test_out_of_sight_nothing_is_asked(network, qtbot):
    look_inside(network, qtbot)
    asked = []
    network.workspace.look.ask_about_sample = lambda *what: asked.append(what)
    network.canvas.hide()
    network.workspace.look.pulse.emit()
    network.workspace.look.changed.emit()
    assert not asked
    network.canvas.show()
    assert len(asked) == 1


def test_they_live_while_the_network_learns(window, qtbot, tmp_path):
    picture_folder(tmp_path / "pictures", count=20)
    plan = quick_plan(data=str(tmp_path / "pictures"), validation=0.2, epochs=LONG)
    window.open_file(network_file(tmp_path / "small.cnnstudio", plan=plan))
    window.show()
    window.actions_["train.start"].trigger()
    shown = thumbnails(window)
    qtbot.waitUntil(lambda: bool(shown._pictures) and shown._is_live(), timeout=30_000)
    before = shown._pictures
    qtbot.waitUntil(lambda: shown._pictures is not before, timeout=10_000)
    assert window.canvas.grab().toImage() is not None
    window.actions_["train.stop"].trigger()
    qtbot.waitUntil(lambda: not window.workspace.training.is_live, timeout=20_000)
