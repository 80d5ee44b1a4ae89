"""The problems: said with their sums, shown beforehand on the canvas, mended by a click as one step."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication

from cnn_studio import i18n
from cnn_studio.core import edits
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers import layers
from cnn_studio.gui.panels.problems import MOST_CARDS


def broken(graph):
    graph = edits.remove(graph, ["flatten"])
    return edits.set_field(graph, "dense3", "units", 7)


@pytest.fixture
def panel(qtbot, open_panel):
    shown = open_panel("problems", size=(500, 400))
    shown.workspace.edit(broken)
    ready(qtbot, shown)
    return shown


def ready(qtbot, panel):
    """Wait until what changed is shown, with its fixes."""
    panel.settle()
    qtbot.waitUntil(lambda: all(card.has_fixes for card in panel.cards.values()))


def cards(panel):
    return list(panel.cards.values())


def test_a_problem_is_said(panel):
    diagnosis = panel.workspace.document.diagnosis
    assert [card.problem.key for card in cards(panel)] == [problem.key for problem in diagnosis.problems]
    card = cards(panel)[0]
    assert card.message.text.startswith("dense1 takes")
    assert "400" in card.detail.text()
    assert card.accessibleName().startswith("Error: dense1")
    assert card.buttons[0].text() == "Insert Flatten"
    assert panel.empty.isHidden()


def test_pointing_shows_what_a_fix_would_do(qtbot, panel):
    card = cards(panel)[0]
    before = panel.workspace.document.graph
    for button in card.buttons:
        middle = QPointF(button.rect().center())
        QApplication.sendEvent(button, QEnterEvent(middle, middle, middle))
        assert panel.workspace.ghost is not None
        assert panel.workspace.ghost is not before
        assert "parameters" in card.impact.text()
        QApplication.sendEvent(button, QEvent(QEvent.Type.Leave))
        assert panel.workspace.ghost is None
        assert not card.impact.text()
    card.buttons[0].setFocus()
    assert panel.workspace.ghost is not None
    card.setFocus()
    assert panel.workspace.ghost is None
    assert panel.workspace.document.graph is before


def lay_out():
    for _level in range(5):  # a layout asks the one around it for another pass
        QApplication.processEvents()


def places(panel):
    return [button.mapTo(panel, button.rect().center()) for card in cards(panel) for button in card.buttons]


@pytest.mark.parametrize("width", range(360, 640, 40))
def test_a_fix_stays_under_the_pointer_that_points_at_it(qtbot, panel, width):
    for height in range(100, 420, 16):
        panel.resize(width, height)
        for button in cards(panel)[0].buttons:
            cards(panel)[0].impact.hide()  # as before anything was pointed at
            lay_out()
            before = places(panel)[: len(cards(panel)[0].buttons)]
            middle = QPointF(button.rect().center())
            QApplication.sendEvent(button, QEnterEvent(middle, middle, middle))
            QApplication.sendPostedEvents(cards(panel)[0], QEvent.Type.LayoutRequest)  # the first that comes meanwhile
            assert cards(panel)[0].childAt(button.mapTo(cards(panel)[0], middle.toPoint())) is button, (
                "a quick click misses"
            )
            lay_out()
            assert places(panel)[: len(before)] == before, (width, height)
            QApplication.sendEvent(button, QEvent(QEvent.Type.Leave))


def test_a_card_is_shown_with_its_fixes_and_moves_none_below_it(qtbot, panel):
    panel.workspace.edit(lambda graph: edits.set_field(graph, "conv1", "kernel", (40, 40)))
    panel.settle()
    fresh = [card for card in cards(panel) if not card.has_fixes and not card.buttons]
    assert fresh
    assert all(card.isHidden() for card in fresh)
    ready(qtbot, panel)
    assert not any(card.isHidden() for card in cards(panel))


def test_who_goes_to_a_problem_at_once_finds_its_card(qtbot, panel):
    panel.workspace.edit(lambda graph: edits.set_field(graph, "conv1", "kernel", (40, 40)))
    panel.settle()
    panel.walk()
    shown = next(card for card in cards(panel) if card.active)
    assert shown.has_fixes
    assert not shown.isHidden()


def test_a_click_mends_as_one_step(qtbot, panel):
    document = panel.workspace.document
    before = document.graph
    qtbot.mouseClick(cards(panel)[0].buttons[0], Qt.MouseButton.LeftButton)
    ready(qtbot, panel)
    assert not document.diagnosis.errors or cards(panel)[0].problem.code != "needs_vector"
    assert "Flatten" in str(document.undo_name)
    document.undo()
    assert document.graph is before
    assert panel.workspace.ghost is None


def test_mended_by_the_keyboard_alone(qtbot, panel):
    while panel.workspace.document.diagnosis.errors:
        card = cards(panel)[0]
        card.setFocus()
        qtbot.keyClick(card, Qt.Key.Key_Tab)
        button = QApplication.focusWidget()
        assert button is card.buttons[0]
        qtbot.keyClick(button, Qt.Key.Key_Return)
        ready(qtbot, panel)
    assert all(card.problem.severity == "warning" for card in cards(panel))


def test_a_click_on_a_problem_shows_its_layers(qtbot, panel):
    card = cards(panel)[0]
    with qtbot.waitSignal(panel.workspace.center_requested):
        qtbot.mouseClick(card.message.label, Qt.MouseButton.LeftButton)
    assert panel.workspace.selection.nodes == set(card.problem.nodes)
    assert card.active


def test_walking(qtbot, panel):
    keys = [problem.key for problem in panel.workspace.document.diagnosis.problems]
    seen = []
    for _step in range(len(keys) + 1):
        panel.walk(1)
        seen.append(next(card.problem.key for card in cards(panel) if card.active))
    assert seen == [*keys, keys[0]]
    panel.walk(-1)
    assert next(card.problem.key for card in cards(panel) if card.active) == keys[-1]
    panel.hide()
    panel.walk(1)
    assert panel.workspace.selection.nodes == set(panel.workspace.document.diagnosis.problems[0].nodes)


def test_arrows_go_from_card_to_card(qtbot, open_panel):
    panel = open_panel("problems", size=(500, 400))
    panel.workspace.edit(lambda graph: edits.add(edits.add(graph, layers["relu"]()), layers["relu"]()))
    ready(qtbot, panel)
    first, second = cards(panel)[:2]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_Up)
    qtbot.keyClick(first, Qt.Key.Key_Up)
    assert first.hasFocus()
    qtbot.keyClick(first, Qt.Key.Key_Return)
    assert panel.workspace.selection.nodes == set(first.problem.nodes)


def test_nothing_wrong_is_quiet(qtbot, open_panel):
    panel = open_panel("problems")
    ready(qtbot, panel)
    assert not panel.cards
    assert not panel.empty.isHidden()
    with qtbot.waitSignal(panel.workspace.said) as caught:
        panel.walk()
    assert caught.args == ["No problems"]


def test_cards_stay_as_long_as_their_problem(qtbot, panel):
    card = cards(panel)[0]
    panel.workspace.edit(lambda graph: edits.set_field(graph, "conv1", "filters", 9))
    ready(qtbot, panel)
    assert cards(panel)[0] is card
    panel.workspace.edit(lambda graph: edits.set_field(graph, "conv2", "filters", 20))
    ready(qtbot, panel)
    assert cards(panel)[0] is card
    assert "5×5×20" in card.message.text


def test_a_fix_after_the_network_has_changed_is_that_of_now(qtbot, panel):
    button = cards(panel)[0].buttons[0]
    panel.workspace.edit(lambda graph: edits.set_field(graph, "conv2", "filters", 20))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    graph = panel.workspace.document.graph
    assert graph.nodes["conv2"].layer.filters == 20
    assert len(graph.of_kind("flatten")) == 1


def test_a_thousand_problems(qtbot, open_panel):
    graph = edits.add_after(edits.add(Graph(), layers["input"]()), "input1", layers["output"]())
    for _index in range(100):
        graph = edits.add(graph, layers["relu"]())
    panel = open_panel("problems", graph)
    panel.settle()
    assert len(panel.cards) == MOST_CARDS
    assert not panel.more.isHidden()
    qtbot.mouseClick(panel.more, Qt.MouseButton.LeftButton)
    assert len(panel.cards) == 2 * MOST_CARDS


def test_hidden_it_does_nothing(qtbot, panel):
    button = cards(panel)[0].buttons[0]
    button.setFocus()
    panel.hide()
    assert panel.workspace.ghost is None
    panel.workspace.edit(lambda graph: edits.set_field(graph, "conv2", "filters", 20))
    assert "5×5×16" in cards(panel)[0].message.text
    panel.show()
    assert "5×5×20" in cards(panel)[0].message.text
    ready(qtbot, panel)


def test_in_spanish(qtbot, panel):
    i18n.set_language("es")
    panel.workspace.set_settings(panel.workspace.settings)
    assert cards(panel)[0].buttons[0].text() == "Insertar Aplanar"
    assert cards(panel)[0].accessibleName().startswith("Error: dense1 recibe")
    ready(qtbot, panel)
