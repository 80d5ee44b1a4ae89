"""The bar of a card: its share of all parameters, on layers and groups that learn, switched in the menu."""

import pytest
from PySide6.QtGui import QColor

from cnn_studio.core import edits
from cnn_studio.core.document import Document
from cnn_studio.core.starters import open_starter
from cnn_studio.gui import theme
from cnn_studio.gui.canvas.faces import share_of, spoken
from cnn_studio.gui.canvas.shares import BAR


def filled(view, key):
    """How much of the bar of a card is in the colour of its family, by what is seen; None where there is no bar."""
    card = view.scene.cards[key]
    scale = view.view.scale
    x, y = view.view.to_screen((card.box.left + BAR.left(), card.box.top + BAR.top() + BAR.height() / 2))
    picture = view.grab().toImage()
    row = [QColor(picture.pixel(round(x) + step, round(y))) for step in range(2, round(BAR.width() * scale) - 2)]
    ground, colour = theme.current().panel, theme.current().family(view.face(card).family)
    if all(pixel == ground for pixel in row):
        return None
    return sum(pixel == colour for pixel in row) / len(row)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_bar_is_as_long_as_the_share(show, mode):
    theme.set_theme(mode)
    view = show(Document(open_starter("lenet5"))).view
    report = view.workspace.document.report
    for name in ("conv1", "dense1", "dense2"):
        share = share_of(view.scene.cards[name], report)
        assert share == report.facts[name].parameters / 61_706
        assert filled(view, name) == pytest.approx(share, abs=0.03)
    assert filled(view, "flatten") is None


def test_all_shares_are_others_when_one_layer_grows(hands):
    view, document = hands.view, hands.document
    before = filled(view, "dense1")
    document.edit(edits.set_field(document.graph, "dense2", "units", 2000))
    assert filled(view, "dense1") == pytest.approx(share_of(view.scene.cards["dense1"], document.report), abs=0.03)
    assert filled(view, "dense1") < before - 0.3


def test_a_folded_group_has_the_share_of_its_layers(show):
    view = show(Document(open_starter("googlenet"))).view
    group = next(card for card in view.scene.cards.values() if card.is_group)
    report = view.workspace.document.report
    assert view.shares.share(group) == pytest.approx(
        sum(report.facts[one].parameters for one in group.members) / report.totals.parameters
    )


def test_it_is_told_in_words(hands):
    view, document = hands.view, hands.document
    card = view.scene.cards["dense1"]
    assert "48,120 parameters, 78.0 % of all" in spoken(card, view.face(card), document.report, document.diagnosis)


def test_the_menu_switches_it(window):
    window.open_starter("lenet5")
    window.show()
    assert filled(window.canvas, "dense1") is not None
    window.actions_["view.shares"].trigger()
    assert filled(window.canvas, "dense1") is None
    assert not window.actions_["view.shares"].isChecked()
    window.actions_["view.shares"].trigger()
    assert filled(window.canvas, "dense1") is not None
