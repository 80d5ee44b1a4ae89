"""Pictures of the canvas: drawn in both themes at every zoom, kept where nothing changed, written as SVG."""

import xml.etree.ElementTree as ET

import pytest

from cnn_studio.core import edits
from cnn_studio.core.document import Document
from cnn_studio.core.edits import remove
from cnn_studio.core.starters import open_starter
from cnn_studio.gui import theme
from cnn_studio.gui.canvas import menu
from cnn_studio.gui.canvas.scene import Scene
from cnn_studio.i18n import set_language


def colours(view):
    """How many colours a picture has."""
    picture = view.grab().toImage()
    return {picture.pixel(x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)}


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("scale", [2.0, 1.0, 0.4, 0.1])
def test_all_zooms_in_both_themes(show, qapp, mode, scale):
    theme.set_theme(mode)
    document = Document(open_starter("googlenet"))
    document.edit(remove(document.graph, ["pool1"], heal=False))
    hands = show(document)
    view = hands.view
    view.set_minimap(True)
    view.show_view(view.view.zoomed(scale / view.view.scale, (0, 0)))
    hands.workspace.select(["conv1"])
    hands.workspace.show_ghost(edits.connect(document.graph, "relu1", "lrn1"))
    assert len(colours(view)) > 20
    hands.workspace.show_ghost(None)
    theme.set_theme("light" if mode == "dark" else "dark")
    hands.workspace.settings_changed.emit()
    assert len(colours(view)) > 20


def test_an_empty_canvas_invites(empty):
    assert len(colours(empty.view)) > 5


def test_what_follows_an_edit_is_the_picture_made_anew(hands):
    hands.view.grab()
    document = hands.document
    for key, field, value in [("conv1", "kernel", 3), ("conv2", "filters", 7), ("dense1", "units", 99)]:
        document.preview(edits.set_field(document.graph, key, field, value))
        hands.view.grab()
    document.commit()
    kept = hands.view.grab().toImage()
    hands.view.retranslate()
    assert hands.view.grab().toImage() == kept


def test_language_and_notation_are_followed(hands):
    card = hands.view.scene.cards["flatten"]
    assert hands.view.face(card).detail == "Flatten"
    set_language("es")
    hands.workspace.settings_changed.emit()
    assert hands.view.face(card).detail == "Aplanar"
    set_language("en")


def test_the_view_as_svg_and_as_a_picture(hands):
    root = ET.fromstring(hands.view.view_svg())
    assert root.tag.endswith("svg")
    texts = {(text.text or "").strip() for text in root.iter() if text.tag.endswith("text")}
    assert {"conv1", "28×28×6"} <= texts
    assert hands.view.view_image().width() == 2 * hands.view.width()


def test_a_menu_for_every_place(hands):
    view = hands.view
    out = hands.port("conv1")
    for point in [hands.middle("conv1"), (out[0] + 18, out[1]), (-300, -300)]:
        entries = menu.entries_at(view, view.view.to_screen(point))
        assert len(entries) >= 2


def test_cards_move_to_their_places_and_arrive(hands, qtbot):
    theme.set_still(False)
    view = hands.view
    hands.document.edit(edits.shift(hands.document.graph, ["conv1", "pool2"], 300, 200))
    view.arrange()
    qtbot.waitUntil(lambda: not view.is_in_motion)
    fresh = Scene(hands.document.graph)
    assert view.scene.cards == fresh.cards
    view.insert("relu", source="conv1", target="tanh1")
    hands.document.undo()
    qtbot.waitUntil(lambda: not view.is_in_motion)
    assert view.scene.cards == fresh.cards
    view.fit()
    qtbot.waitUntil(lambda: not view.is_in_motion)
    view.zoom_in()
    view.hide()


def test_the_whole_network_stays_in_view_as_long_as_nobody_chose_another_view(hands):
    view, whole = hands.view, hands.view.scene.bounds()
    for size in ((700, 300), (1000, 500)):
        view.resize(*size)
        seen = view.view.box_on_screen(whole)
        assert min(seen.left, seen.top) >= 0
        assert seen.right <= size[0]
        assert seen.bottom <= size[1]
    view.zoom_in()
    middle, scale = view.view_center(), view.view.scale
    view.resize(700, 300)
    assert view.view.scale == scale
    assert view.view_center() == pytest.approx(middle)
    view.fit()
    view.resize(600, 400)
    assert view.view.box_on_screen(whole).bottom <= 400
