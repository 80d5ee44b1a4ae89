"""Building without a mouse, and what those hear who do not see."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from cnn_studio.gui.canvas.inline import NameEditor, Search

CTRL = Qt.KeyboardModifier.ControlModifier


def add(hands, words):
    """Type the name of something to add."""
    hands.key(Qt.Key.Key_Space)
    (search,) = [one for one in hands.view.findChildren(Search) if one.isVisible()]
    QTest.keyClicks(search.field, words)
    QTest.keyClick(search.field, Qt.Key.Key_Return)


def test_a_network_is_built_by_keys_alone(empty):
    for words in ["input", "conv", "relu", "max pool", "flatten", "dense", "output"]:
        add(empty, words)
    graph = empty.document.graph
    assert [node.layer.kind for node in graph.nodes.values()] == [
        "input", "convolution", "relu", "max_pool", "flatten", "dense", "output"
    ]  # fmt: skip
    assert len(graph.inputs) == 6
    cards = list(empty.view.scene.cards.values())
    assert not any(one.box.touches(other.box) for one in cards for other in cards if one is not other)
    empty.key(Qt.Key.Key_Left)
    assert empty.workspace.selection.only_node == "dense1"
    empty.key(Qt.Key.Key_Delete)
    assert empty.document.graph.inputs["output1"] == ("flatten1",)
    while empty.document.undo():
        pass
    assert not empty.document.graph.nodes


def test_arrows_walk_along_the_network(hands):
    hands.key(Qt.Key.Key_Home)
    assert hands.view.focus == "input"
    walked = []
    for _ in range(13):
        hands.key(Qt.Key.Key_Right)
        walked.append(hands.view.focus)
    assert walked == hands.document.report.in_order()[1:]
    hands.key(Qt.Key.Key_Up)
    assert hands.view.focus == "tanh3" or hands.view.focus in hands.document.graph.nodes
    assert hands.document.undo_name is None


def test_keys_in_a_name_mean_nothing_to_the_canvas_behind(hands, qtbot):
    hands.key(Qt.Key.Key_Home)
    hands.key(Qt.Key.Key_F2)
    (editor,) = [one for one in hands.view.findChildren(NameEditor) if one.isVisible()]
    QTest.keyClick(editor, Qt.Key.Key_Down)
    QTest.keyClick(editor, Qt.Key.Key_Right)
    assert hands.view.focus == "input"
    QTest.keyClicks(editor, "s")
    with qtbot.assertNotEmitted(hands.workspace.edit_requested):
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert hands.document.graph.nodes["input"].name == "inputs"


def test_a_connection_is_made_by_keys(hands):
    hands.key(Qt.Key.Key_Home)
    hands.key(Qt.Key.Key_Right)
    hands.key(Qt.Key.Key_C)
    hands.key(Qt.Key.Key_Right)
    hands.key(Qt.Key.Key_Right)
    hands.key(Qt.Key.Key_Return)
    assert hands.document.graph.inputs["pool1"] == ("conv1",)


def test_enter_asks_for_the_properties(hands, qtbot):
    hands.click(hands.middle("conv1"))
    with qtbot.waitSignal(hands.workspace.edit_requested):
        hands.key(Qt.Key.Key_Return)


def test_the_tree_that_is_heard(hands):
    root = QAccessible.queryAccessibleInterface(hands.view)
    assert root.role() == QAccessible.Role.List
    assert root.childCount() == 14
    names = [root.child(place).text(QAccessible.Text.Name) for place in range(14)]
    assert names == [hands.document.graph.nodes[one].name for one in hands.document.report.in_order()]
    conv = root.child(1)
    words = conv.text(QAccessible.Text.Description)
    for part in ("Convolution", "5×5", "28×28×6", "156", "input", "tanh1"):
        assert part in words
    assert conv.role() == QAccessible.Role.ListItem
    assert conv.rect().isValid()
    assert root.indexOfChild(conv) == 1
    hands.click(hands.middle("conv1"))
    assert conv.state().selected
    assert root.childAt(*conv.rect().center().toTuple()).text(QAccessible.Text.Name) == "conv1"
