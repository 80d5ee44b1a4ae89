"""The summary: figures of every layer, sorted, chosen both ways, copied."""

import csv
from io import StringIO

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtWidgets import QApplication

from cnn_studio import i18n
from cnn_studio.core import edits
from cnn_studio.core.document import Document
from cnn_studio.core.layers import layers
from cnn_studio.core.starters import open_starter, starter_names
from cnn_studio.core.summary import table_rows
from cnn_studio.gui.summary_model import COLUMNS


@pytest.fixture
def panel(open_panel):
    return open_panel("summary", size=(900, 400))


def cell(panel, row, column):
    return panel.sorted.index(row, column).data()


def column_of(panel, column):
    return [cell(panel, row, column) for row in range(panel.sorted.rowCount())]


@pytest.mark.parametrize("name", starter_names())
def test_it_says_what_the_terminal_says(open_panel, name):
    panel = open_panel("summary", name)
    document = panel.workspace.document
    rows = table_rows(document.graph, document.report)
    assert column_of(panel, 0) == [row.name for row in rows]
    for column, part in ((1, "kind"), (3, "output"), (4, "parameters"), (5, "macs"), (7, "sees")):
        assert column_of(panel, column) == [getattr(row, part) for row in rows], part


def test_it_follows_every_edit(panel):
    panel.workspace.edit(lambda graph: edits.set_field(graph, "conv1", "filters", 7))
    assert cell(panel, 1, 3) == "28×28×7"
    assert cell(panel, 2, 3) == "28×28×7"
    panel.workspace.edit(lambda graph: edits.insert_on_edge(graph, "conv1", "tanh1", layers["batch_norm"]()))
    assert column_of(panel, 0)[:4] == ["input", "conv1", "norm1", "tanh1"]
    panel.workspace.edit(lambda graph: edits.remove(graph, ["norm1", "flatten"]))
    assert cell(panel, column_of(panel, 0).index("dense1"), 3) == "?"
    assert panel.sorted.index(7, 0).data(Qt.ItemDataRole.ToolTipRole)


def header_click(qtbot, panel, column):
    header = panel.table.horizontalHeader()
    x = header.sectionViewportPosition(column) + header.sectionSize(column) // 2
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, header.height() // 2))


@pytest.mark.parametrize("column", range(len(COLUMNS)))
def test_every_column_sorts(qtbot, panel, column):
    network = column_of(panel, 0)
    header_click(qtbot, panel, column)
    values = [panel.sorted.index(row, column).data(Qt.ItemDataRole.UserRole) for row in range(panel.sorted.rowCount())]
    assert values == sorted(values)
    header_click(qtbot, panel, column)
    values = [panel.sorted.index(row, column).data(Qt.ItemDataRole.UserRole) for row in range(panel.sorted.rowCount())]
    assert values == sorted(values, reverse=True)
    header_click(qtbot, panel, column)
    assert column_of(panel, 0) == network


def test_rows_and_canvas_choose_each_other(qtbot, panel):
    place = panel.table.visualRect(panel.sorted.index(4, 0)).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert panel.workspace.selection.only_node == cell(panel, 4, 0) == "conv2"
    qtbot.keyClick(panel.table, Qt.Key.Key_Down)
    assert panel.workspace.selection.only_node == "tanh2"
    panel.workspace.select(["dense1", "dense2"])
    assert sorted(index.data() for index in panel.table.selectionModel().selectedRows()) == ["dense1", "dense2"]
    header_click(qtbot, panel, 4)
    assert sorted(index.data() for index in panel.table.selectionModel().selectedRows()) == ["dense1", "dense2"]
    assert panel.workspace.selection.nodes == {"dense1", "dense2"}
    panel.table.selectionModel().clearSelection()
    assert not panel.workspace.selection


def test_totals(panel):
    assert "61,706" in panel.totals.text()
    assert "416,520" in panel.totals.text()
    panel.workspace.edit(lambda graph: edits.set_field(graph, "dense3", "frozen", True))
    assert "60,856" in panel.totals.text()


def test_copies(qtbot, panel):
    qtbot.mouseClick(panel.csv, Qt.MouseButton.LeftButton)
    rows = list(csv.reader(StringIO(QApplication.clipboard().text())))
    assert rows[2] == ["conv1", "Convolution", "5×5 · 6 filters", "28×28×6", "156", "117600", "18816", "5×5"]
    assert len(rows) == 1 + len(panel.workspace.document.graph.nodes)
    with qtbot.waitSignal(panel.workspace.said):
        qtbot.mouseClick(panel.markdown, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text().startswith("# LeNet-5")


def test_another_document_and_language(panel):
    panel.workspace.select(["conv1"])
    panel.workspace.replace_document(Document(open_starter("mlp")))
    assert column_of(panel, 0)[0] == "input"
    assert not panel.table.selectionModel().hasSelection()
    i18n.set_language("es")
    panel.workspace.set_settings(panel.workspace.settings)
    assert panel.sorted.headerData(0, Qt.Orientation.Horizontal) == "Capa"
    assert "Densa" in column_of(panel, 1)


def test_hidden_it_does_nothing(panel):
    panel.hide()
    panel.workspace.edit(lambda graph: edits.remove(graph, ["conv1"]))
    panel.table.selectionModel().select(panel.sorted.index(0, 0), QItemSelectionModel.SelectionFlag.Select)
    panel.show()
    assert "conv1" not in column_of(panel, 0)
