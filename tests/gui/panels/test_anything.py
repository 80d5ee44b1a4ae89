"""Whatever a person does in the panels: nothing breaks, and undo leads back to where it began."""

from random import Random
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from cnn_studio import i18n
from cnn_studio.core import edits
from cnn_studio.core.document import Document
from cnn_studio.core.graph_json import graph_text
from cnn_studio.core.project import from_bytes, to_bytes
from cnn_studio.core.starters import open_starter
from cnn_studio.gui.editors.boxes import NumberBox
from cnn_studio.gui.panels import panels
from cnn_studio.gui.workspace import Workspace
from tests.helpers.invariants import check_invariants

OURS = ("palette", "properties", "problems", "summary", "code")
TEXTS = ("", "0", "3", "7", "64", "-1", "1.5", "abc", "99999999999999999999999", "conv1", "a" * 200, "1e400")
PASTED = ("ñandú ×", "層", "\u202e", "x\ny\tz", "\x01", "７")
KEYS = (
    Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Up, Qt.Key.Key_Down,
    Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Space, Qt.Key.Key_Home, Qt.Key.Key_Delete,
)  # fmt: skip


class Monkey:
    """Does one thing after another, chosen by a seed."""

    def __init__(self, qtbot, random: Random) -> None:
        self.qtbot, self.random = qtbot, random
        self.workspace = Workspace(Document(open_starter("lenet5")))
        self.start = graph_text(self.workspace.document.project.graph)
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.panels: list[Any] = [panels[name](self.workspace, self.window) for name in OURS]
        for place, panel in enumerate(self.panels):
            panel.ask_path = lambda *_arguments: None
            panel.setGeometry(330 * place, 0, 320, 700)
        with qtbot.waitActive(self.window):
            self.window.resize(1700, 700)
            self.window.show()
            self.window.activateWindow()

    def step(self) -> None:
        """One thing."""
        self.random.choice(
            [self.type, self.press, self.click, self.choose, self.travel, self.edit, self.pick, self.look]
        )()
        QApplication.processEvents()

    def _any(self, *kinds):
        found = [one for panel in self.panels for kind in kinds for one in panel.findChildren(kind)]
        found = [one for one in found if one.isVisible() and one.isEnabled()]
        return self.random.choice(found) if found else None

    def type(self) -> None:
        field = self._any(NumberBox, QLineEdit, QPlainTextEdit)
        if field is not None:
            field.setFocus()
            if hasattr(field, "selectAll"):
                field.selectAll()
            if isinstance(field, NumberBox) or self.random.random() < 0.7:
                self.qtbot.keyClicks(field, self.random.choice(TEXTS))
            else:
                QApplication.clipboard().setText(self.random.choice(PASTED))
                field.paste()

    def press(self) -> None:
        target = QApplication.focusWidget()
        if target is not None:
            self.qtbot.keyClick(target, self.random.choice(KEYS))

    def click(self) -> None:
        button = self._any(QAbstractButton)
        if button is not None:
            self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def choose(self) -> None:
        graph = self.workspace.document.graph
        nodes = self.random.sample(sorted(graph.nodes), min(len(graph.nodes), self.random.choice([0, 1, 1, 1, 2, 5])))
        groups = self.random.sample(sorted(graph.groups), min(len(graph.groups), self.random.choice([0, 0, 1])))
        edges = self.random.sample(list(graph.edges()), 1) if graph.inputs and self.random.random() < 0.2 else []
        self.workspace.select(nodes, groups, edges)

    def travel(self) -> None:
        document = self.workspace.document
        document.commit()
        self.random.choice([document.undo, document.undo, document.redo])()

    def edit(self) -> None:
        nodes = sorted(self.workspace.document.graph.nodes)
        if nodes:
            gone = self.random.sample(nodes, 1)
            self.workspace.edit(lambda graph: edits.remove(graph, gone))

    def pick(self) -> None:
        box = self._any(QComboBox)
        if box is not None and box.count():
            box.setFocus()
            box.setCurrentIndex(self.random.randrange(box.count()))
            box.activated.emit(box.currentIndex())

    def look(self) -> None:
        panel = self.random.choice(self.panels)
        what = self.random.randrange(4)
        if what == 0:
            panel.setVisible(not panel.isVisible())
        elif what == 1:
            i18n.set_language(self.random.choice(["en", "es"]))
            self.workspace.set_settings(self.workspace.settings)
        elif what == 2:
            panel.settle()
        else:
            view = self._any(QAbstractItemView)
            if view is not None and view.model() is not None and view.model().rowCount():
                index = view.model().index(self.random.randrange(view.model().rowCount()), 0)
                self.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())

    def check(self) -> None:
        """The document is valid, can be saved and read again, and undo leads to the beginning."""
        document = self.workspace.document
        check_invariants(document.graph)
        assert from_bytes(to_bytes(document.project)).graph == document.project.graph
        document.commit()
        while document.undo():
            pass
        assert graph_text(document.project.graph) == self.start


@pytest.mark.parametrize("seed", range(4))
def test_whatever_a_person_does(qtbot, seed):
    monkey = Monkey(qtbot, Random(seed))
    for _step in range(150):
        monkey.step()
    monkey.check()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 120))
def test_whatever_a_person_does_for_long(qtbot, seed):
    monkey = Monkey(qtbot, Random(seed))
    for _step in range(1000):
        monkey.step()
    monkey.check()
