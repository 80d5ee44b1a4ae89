"""A canvas under test, with LeNet-5 on it, and hands that use it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from cnn_studio.core.document import Document
from cnn_studio.core.graph_json import graph_text
from cnn_studio.core.starters import open_starter
from cnn_studio.gui import canvas
from cnn_studio.gui.workspace import Workspace


class Hands:
    """Presses buttons and keys on a canvas, at points of the network."""

    def __init__(self, view):
        self.view = view
        self.document = view.workspace.document
        self.workspace = view.workspace

    def text(self):
        """The network, to the letter."""
        return graph_text(self.workspace.document.graph)

    def pixel(self, point):
        """Where a point is on the screen."""
        x, y = self.view.view.to_screen(point)
        return QPoint(round(x), round(y))

    def middle(self, key):
        """The centre of a card."""
        return self.view.scene.cards[key].box.middle

    def port(self, key):
        """The output of a card."""
        box = self.view.scene.cards[key].box
        return box.right, (box.top + box.bottom) / 2

    def click(self, point, modifiers=Qt.KeyboardModifier.NoModifier):
        """One click."""
        QTest.mouseClick(self.view, Qt.MouseButton.LeftButton, modifiers, self.pixel(point))

    def drag(self, start, end, *, release=True, button=Qt.MouseButton.LeftButton):
        """Press, move in steps, let go."""
        QTest.mousePress(self.view, button, pos=self.pixel(start))
        one, other = self.pixel(start), self.pixel(end)
        for step in range(1, 6):
            QTest.mouseMove(self.view, one + (other - one) * step / 5)
        if release:
            QTest.mouseRelease(self.view, button, pos=other)

    def key(self, key, modifiers=Qt.KeyboardModifier.NoModifier):
        """One key."""
        QTest.keyClick(self.view, key, modifiers)


@pytest.fixture
def show(qtbot):
    """Shows a document on a canvas of 1280 by 760; gives the hands."""

    def shown(document):
        view = canvas.create(Workspace(document))
        qtbot.addWidget(view)
        view.resize(1280, 760)
        view.show()
        view.setFocus()
        qtbot.waitExposed(view)
        return Hands(view)

    return shown


@pytest.fixture
def hands(show):
    """LeNet-5 on a canvas."""
    return show(Document(open_starter("lenet5")))


@pytest.fixture
def empty(show):
    """An empty canvas."""
    return show(Document())
