"""Two thousand random things done to a canvas: nothing raised, the network always valid, undone to the letter."""

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cnn_studio.core.document import Document
from cnn_studio.core.starters import open_starter
from cnn_studio.gui import editing
from cnn_studio.gui.canvas.inline import Search
from cnn_studio.gui.catalogue import entries
from tests.helpers.invariants import check_invariants

KEYS = [
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Delete, Qt.Key.Key_Escape,
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_C, Qt.Key.Key_Return, Qt.Key.Key_F2, Qt.Key.Key_Space, Qt.Key.Key_Tab,
]  # fmt: skip
MODIFIERS = [Qt.KeyboardModifier.NoModifier] * 3 + [
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
]
"""With which keys and buttons are pressed."""


def act(rng, hands):
    """One random thing."""
    view, workspace = hands.view, hands.workspace
    pixel = QPoint(rng.randint(-20, 1300), rng.randint(-20, 780))
    if view.scene.cards and rng.random() < 0.6:
        box = rng.choice(list(view.scene.cards.values())).box
        pixel = hands.pixel((rng.choice([box.right, box.middle[0], box.left - 10]), box.middle[1]))
    button = rng.choice([Qt.MouseButton.LeftButton] * 4 + [Qt.MouseButton.MiddleButton])
    held = rng.choice(MODIFIERS)
    what = rng.random()
    if what < 0.25:
        QTest.mousePress(view, button, held, pixel)
    elif what < 0.5:
        QTest.mouseMove(view, pixel)
    elif what < 0.68:
        QTest.mouseRelease(view, button, held, pixel)
    elif what < 0.72:
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, held, pixel)
    elif what < 0.84:
        focused = QApplication.focusWidget() or view
        QTest.keyClick(focused if view.isAncestorOf(focused) else view, rng.choice(KEYS), held)
    elif what < 0.9:
        rng.choice(
            [workspace.document.undo, workspace.document.redo, view.zoom_in, view.zoom_out, view.fit, view.arrange]
        )()
    elif what < 0.95:
        view.drop(rng.choice(entries()).key, view.to_scene(pixel.toPointF()))
    else:
        rng.choice([editing.group, editing.ungroup, editing.toggle_fold, editing.duplicate, editing.select_all])(
            workspace
        )


@pytest.mark.parametrize("name", ["lenet5", "tiny-inception"])
def test_random_events(show, name):
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    hands = show(Document(open_starter(name)))
    first = hands.text()
    for count in range(1000):
        act(rng, hands)
        for search in hands.view.findChildren(Search):
            if rng.random() < 0.3:
                search.close_search()
        if count % 20 == 0:
            check_invariants(hands.document.graph)
            hands.view.grab()
        if len(hands.document.graph.nodes) > 60:
            hands.document.undo()
    hands.view.cancel_gesture()
    while hands.document.undo():
        pass
    assert hands.text() == first
