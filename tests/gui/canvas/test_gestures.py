"""What the mouse does, with real events: one step each, nothing when cancelled, undone to the letter."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from cnn_studio.gui.canvas.inline import NameEditor, NoteEditor, Search
from cnn_studio.gui.catalogue import MIME

SHIFT = Qt.KeyboardModifier.ShiftModifier


def one_step(hands, before):
    """Exactly one step was made, and undoing it gives what there was."""
    assert hands.text() != before
    assert hands.document.undo()
    assert hands.text() == before
    assert hands.document.undo_name is None
    assert hands.document.redo()


def free_point(hands):
    """A point with nothing near."""
    bounds = hands.view.scene.bounds()
    return bounds.right + 20, bounds.bottom + 20


def test_a_click_chooses_and_shift_adds(hands):
    hands.click(hands.middle("conv1"))
    assert hands.workspace.selection.nodes == {"conv1"}
    hands.click(hands.middle("pool1"), SHIFT)
    assert hands.workspace.selection.nodes == {"conv1", "pool1"}
    hands.click(hands.middle("pool1"), SHIFT)
    assert hands.workspace.selection.nodes == {"conv1"}
    hands.click(free_point(hands))
    assert not hands.workspace.selection
    assert hands.document.undo_name is None


def test_a_drag_moves_on_the_grid_as_one_step(hands):
    before = hands.text()
    x, y = hands.middle("conv1")
    hands.drag((x, y), (x + 55, y + 190))
    node = hands.document.graph.nodes["conv1"]
    assert (node.x % 12, node.y % 12) == (0, 0)
    assert abs(node.x - x - 55) <= 6
    one_step(hands, before)


def test_all_that_is_chosen_moves_together(hands):
    hands.click(hands.middle("conv1"))
    hands.click(hands.middle("tanh1"), SHIFT)
    x, y = hands.middle("conv1")
    far = hands.document.graph.nodes["tanh1"].x - x
    hands.drag((x, y), (x + 60, y + 60))
    nodes = hands.document.graph.nodes
    assert nodes["tanh1"].x - nodes["conv1"].x == far


@pytest.mark.parametrize("start", ["card", "port", "band", "cable"])
def test_escape_leaves_no_trace(hands, start):
    hands.click(hands.middle("conv1"))
    before, chosen = hands.text(), hands.workspace.selection
    x, y = hands.middle("conv1")
    out = hands.port("conv1")
    points = {"card": (x, y), "port": out, "band": free_point(hands), "cable": (out[0] + 20, out[1])}
    hands.drag(points[start], (x + 90, y + 250), release=False)
    assert hands.view.gesture is not None
    hands.key(Qt.Key.Key_Escape)
    assert hands.view.gesture is None
    QTest.mouseRelease(hands.view, Qt.MouseButton.LeftButton, pos=hands.pixel((x + 90, y + 250)))
    assert hands.text() == before
    assert hands.document.undo_name is None
    assert not hands.document.is_previewing
    if start in {"card", "port"}:
        assert hands.workspace.selection == chosen


def test_a_band_chooses_what_it_touches(hands):
    x, y = hands.middle("conv2")
    hands.drag((x - 150, y - 20), (x + 130, y + 20))
    assert hands.workspace.selection.nodes == {"conv2", "tanh2"}


def test_a_connection_is_pulled_from_port_to_card(hands):
    before = hands.text()
    hands.drag(hands.port("conv1"), hands.middle("pool1"))
    assert hands.document.graph.inputs["pool1"] == ("conv1",)
    one_step(hands, before)


def test_a_refused_connection_says_why(hands, qtbot):
    before = hands.text()
    hands.drag(hands.port("conv1"), hands.middle("input"), release=False)
    assert hands.view.gesture.refusal("input")
    with qtbot.waitSignal(hands.workspace.said):
        QTest.mouseRelease(hands.view, Qt.MouseButton.LeftButton, pos=hands.pixel(hands.middle("input")))
    assert hands.text() == before


def test_the_end_of_a_connection_is_taken_elsewhere_or_let_go(hands):
    before = hands.text()
    x, y = hands.port("conv1")
    hands.drag((x + 24, y), hands.middle("pool1"))
    assert hands.document.graph.inputs["pool1"] == ("conv1",)
    assert "tanh1" not in hands.document.graph.inputs
    one_step(hands, before)
    hands.document.undo()
    hands.drag((x + 24, y), free_point(hands))
    assert "tanh1" not in hands.document.graph.inputs


def drop(hands, key, point):
    """Let something from the palette go at a point."""
    data = QMimeData()
    data.setData(MIME, key.encode())
    event = QDropEvent(
        QPointF(hands.pixel(point)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    hands.view.dropEvent(event)


@pytest.mark.parametrize("key", ["relu", "block:residual"])
def test_dropped_on_a_connection_it_is_inserted_and_overlaps_nothing(hands, key):
    before = hands.text()
    x, y = hands.port("conv1")
    drop(hands, key, (x + 18, y))
    cards = list(hands.view.scene.cards.values())
    assert len(cards) == 15
    assert not any(one.box.touches(other.box) for one in cards for other in cards if one is not other)
    if key == "relu":
        assert hands.document.graph.inputs["tanh1"] == ("relu1",)
        assert hands.workspace.selection.nodes == {"relu1"}
    one_step(hands, before)


def test_dropped_beside_an_open_output_it_connects(empty):
    drop(empty, "input", (0, 0))
    drop(empty, "convolution", (150, 0))
    assert empty.document.graph.inputs == {"conv1": ("input1",)}
    drop(empty, "dense", (0, 400))
    assert "dense1" not in empty.document.graph.inputs
    drop(empty, "rubbish", (0, 600))
    assert len(empty.document.graph.nodes) == 3


def test_a_double_click_asks_what_to_add(empty):
    QTest.mouseDClick(empty.view, Qt.MouseButton.LeftButton, pos=empty.pixel((0, 0)))
    (search,) = empty.view.findChildren(Search)
    QTest.keyClicks(search.field, "entrada")
    QTest.keyClick(search.field, Qt.Key.Key_Return)
    assert [node.layer.kind for node in empty.document.graph.nodes.values()] == ["input"]


def test_a_name_and_a_note_are_edited_in_place(hands):
    before = hands.text()
    hands.click(hands.middle("conv1"))
    hands.key(Qt.Key.Key_F2)
    (editor,) = hands.view.findChildren(NameEditor)
    QTest.keyClicks(editor, "first")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert hands.document.graph.nodes["conv1"].name == "first"
    one_step(hands, before)
    hands.document.undo()
    hands.view.edit_note("conv1")
    (note,) = hands.view.findChildren(NoteEditor)
    QTest.keyClicks(note, "edges")
    QTest.keyClick(note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert hands.document.graph.nodes["conv1"].note == "edges"
    one_step(hands, before)


def test_undo_during_a_drag_ends_it(hands):
    hands.click(hands.middle("conv1"))
    hands.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    before = hands.text()
    x, y = hands.middle("pool1")
    hands.drag((x, y), (x + 100, y + 60), release=False)
    hands.document.undo()
    QTest.mouseMove(hands.view, hands.pixel((x + 200, y)))
    QTest.mouseRelease(hands.view, Qt.MouseButton.LeftButton, pos=hands.pixel((x + 200, y)))
    assert hands.document.undo_name is None
    hands.document.redo()
    assert hands.text() == before


def test_panning_with_the_middle_button_and_zooming_to_the_pointer_edit_nothing(hands):
    view = hands.view.view
    hands.drag((0, 0), (100, 50), button=Qt.MouseButton.MiddleButton)
    assert (hands.view.view.x, hands.view.view.y) != (view.x, view.y)
    hands.view.zoom_in()
    assert hands.view.view.scale > view.scale
    assert hands.document.undo_name is None
