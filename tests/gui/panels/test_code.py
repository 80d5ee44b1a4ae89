"""The code: what the exporters write, following every edit, with the chosen layer marked."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cnn_studio import i18n
from cnn_studio.core import edits
from cnn_studio.core.export import exporters
from cnn_studio.core.layers.base import Family
from cnn_studio.core.starters import starter_names
from cnn_studio.gui import theme
from cnn_studio.gui.code_view import INSIDE, contrast, readable
from cnn_studio.gui.panels.code import TEXTS


@pytest.fixture
def panel(open_panel):
    return open_panel("code", size=(600, 500))


def wanted(panel, name):
    graph, title = panel.workspace.document.graph, panel.workspace.document.name
    return exporters[name].function(graph, **({} if name == "keras-summary" else {"title": title}))


@pytest.mark.parametrize("name", TEXTS)
def test_it_is_what_the_exporter_writes(panel, name):
    panel.tabs.setCurrentIndex(list(TEXTS).index(name))
    assert panel.view.toPlainText() == wanted(panel, name)


def test_it_follows_every_edit(qtbot, panel):
    panel.workspace.edit(lambda graph: edits.set_field(graph, "conv1", "filters", 7))
    assert "nn.Conv2d(1, 6, 5)" in panel.view.toPlainText(), "not while one types"
    qtbot.waitUntil(lambda: "nn.Conv2d(1, 7, 5)" in panel.view.toPlainText())
    panel.workspace.document.rename("Mine")
    panel.settle()
    assert "class Mine(" in panel.view.toPlainText()


def test_a_network_without_code_says_why(qtbot, panel):
    panel.workspace.edit(lambda graph: edits.remove(graph, ["flatten"]))
    panel.settle()
    assert "dense1" in panel.refusal.text
    assert not panel.refusal.isHidden()
    assert not panel.view.toPlainText()
    assert not panel.copy.isEnabled()
    panel.workspace.document.undo()
    panel.settle()
    assert panel.refusal.isHidden()
    assert panel.view.toPlainText() == wanted(panel, "pytorch")
    assert panel.copy.isEnabled()


@pytest.mark.parametrize("name", TEXTS)
def test_lines_of_the_chosen_layer_are_marked(panel, name):
    panel.tabs.setCurrentIndex(list(TEXTS).index(name))
    lines = panel.view.toPlainText().splitlines()
    for node_id in ("conv1", "pool2", "dense3"):
        panel.workspace.select([node_id])
        assert panel.view.marked
        assert all(node_id in lines[number] for number in panel.view.marked)
    panel.workspace.select(["conv1"])
    assert len(panel.view.marked) == (2 if name == "pytorch" else 1)
    panel.workspace.select()
    assert not panel.view.marked


@pytest.mark.parametrize(
    "starter", [name for name in starter_names() if name in ("tiny-resnet", "googlenet", "mlp", "c3d")]
)
@pytest.mark.parametrize("name", TEXTS)
def test_every_layer_is_found_in_the_code(open_panel, starter, name):
    panel = open_panel("code", starter, size=(600, 500))
    panel.tabs.setCurrentIndex(list(TEXTS).index(name))
    for node in panel.workspace.document.graph.nodes.values():
        if node.layer.family not in (Family.INPUT, Family.OUTPUT):
            panel.workspace.select([node.id])
            named = re.search(rf"\b{node.id}\b", panel.view.toPlainText())
            assert bool(panel.view.marked) == bool(named), node.id


def test_copy_and_save(qtbot, panel, tmp_path, monkeypatch):
    qtbot.mouseClick(panel.copy, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == wanted(panel, "pytorch")
    path = tmp_path / "net.py"
    monkeypatch.setattr(panel, "ask_path", lambda _proposal, _suffix: path)
    with qtbot.waitSignal(panel.workspace.said) as caught:
        qtbot.mouseClick(panel.keep, Qt.MouseButton.LeftButton)
    assert path.read_text(encoding="utf-8") == wanted(panel, "pytorch")
    assert "net.py" in caught.args[0]
    monkeypatch.setattr(panel, "ask_path", lambda _proposal, _suffix: None)
    qtbot.mouseClick(panel.keep, Qt.MouseButton.LeftButton)
    monkeypatch.setattr(panel, "ask_path", lambda _proposal, _suffix: tmp_path / "no" / "such" / "net.py")
    with qtbot.waitSignal(panel.workspace.said) as caught:
        qtbot.mouseClick(panel.keep, Qt.MouseButton.LeftButton)
    assert caught.args[0]


def test_the_proposed_file(panel, monkeypatch):
    asked = []

    def ask(*arguments):
        asked.append(arguments[2:])
        return "", ""

    monkeypatch.setattr("cnn_studio.gui.panels.code.QFileDialog.getSaveFileName", ask)
    panel.keep.click()
    assert asked[0][0].endswith("LeNet-5.py")


def test_a_text_over_several_lines_is_one_colour(panel):
    document = panel.view.document()
    first, second = document.findBlockByNumber(0), document.findBlockByNumber(2)
    assert first.userState() == INSIDE
    formats = second.layout().formats()
    assert len(formats) == 1
    assert formats[0].length == len(second.text())
    code = next(
        block
        for block in (document.findBlockByNumber(number) for number in range(document.blockCount()))
        if block.text().startswith("class")
    )
    assert code.userState() == 0


@pytest.mark.parametrize("name", ["light", "dark"])
def test_colours_can_be_read(name):
    colours = theme.palette(name)
    for family in Family:
        assert contrast(readable(colours.family(family), colours.raised), colours.raised) >= 4.5


def test_theme_and_language(panel):
    theme.set_theme("dark")
    i18n.set_language("es")
    panel.workspace.set_settings(panel.workspace.settings)
    assert panel.copy.text() == "Copiar"
    assert "Parámetros" in panel.view.toPlainText()


def test_hidden_it_does_nothing(panel):
    panel.hide()
    panel.workspace.edit(lambda graph: edits.set_field(graph, "conv1", "filters", 7))
    panel.workspace.select(["conv1"])
    assert "nn.Conv2d(1, 6, 5)" in panel.view.toPlainText()
    panel.show()
    assert "nn.Conv2d(1, 7, 5)" in panel.view.toPlainText()
    assert panel.view.marked
