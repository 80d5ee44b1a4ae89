"""The properties: live while typing, one step when done, sums that follow, for whatever is chosen."""

import pytest
from PySide6.QtCore import QPoint, Qt

from cnn_studio import i18n
from cnn_studio.core import edits, grouping
from cnn_studio.core.context import DataFacts
from cnn_studio.core.document import Document
from cnn_studio.core.graph import Edge, Graph
from cnn_studio.core.layers import layers
from cnn_studio.core.shapes import Shape
from cnn_studio.core.starters import open_starter
from cnn_studio.gui.properties.network_view import DataFields, data_problem


@pytest.fixture
def panel(open_panel):
    shown = open_panel("properties")
    shown.workspace.select(["conv1"])
    return shown


def write(qtbot, line, text):
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)


def box(panel, field):
    return panel.layers.form.rows[field].editor.controls()[0]


def kept(panel, node="conv1"):
    return panel.workspace.document.project.graph.nodes[node].layer


def test_typing_is_seen_at_once_and_becomes_one_step(qtbot, panel):
    document = panel.workspace.document
    write(qtbot, box(panel, "filters"), "12")
    assert document.is_previewing
    assert document.graph.nodes["conv1"].layer.filters == 12
    assert kept(panel).filters == 6
    assert panel.layers.figures.texts()["Output"] == "28×28×12"
    assert document.undo_name is None
    qtbot.keyClick(box(panel, "filters"), Qt.Key.Key_Return)
    assert not document.is_previewing
    assert kept(panel).filters == 12
    assert document.undo()
    assert document.undo_name is None
    assert box(panel, "filters").number() == 6
    assert panel.layers.figures.texts()["Output"] == "28×28×6"


def test_every_field_of_every_kind_makes_one_step(qtbot, open_panel):
    for kind in layers.values():
        layer = kind()
        panel = open_panel("properties", edits.add(Graph(), layer, node_id="one"))
        panel.workspace.select(["one"])
        document = panel.workspace.document
        for name, row in panel.layers.form.rows.items():
            if row.spec.editor in ("number", "decimal"):
                control = row.editor.controls()[0]
                control.setFocus()
                qtbot.keyClick(control, Qt.Key.Key_Down if control.number() == row.spec.maximum else Qt.Key.Key_Up)
                changed = document.graph
                assert getattr(changed.nodes["one"].layer, name) != getattr(layer, name)
                assert document.undo()
                assert document.undo_name is None
                assert getattr(document.graph.nodes["one"].layer, name) == getattr(layer, name)
        panel.close()


def test_escape_and_what_cannot_be(qtbot, panel):
    document = panel.workspace.document
    write(qtbot, box(panel, "filters"), "12")
    qtbot.keyClick(box(panel, "filters"), Qt.Key.Key_Escape)
    assert not document.is_previewing
    assert box(panel, "filters").number() == 6
    write(qtbot, box(panel, "filters"), "0")
    row = panel.layers.form.rows["filters"]
    assert "at least 1" in row.problem.text
    assert not document.is_previewing
    panel.workspace.select(["conv2"])
    assert kept(panel).filters == 6
    assert not row.problem.text
    assert document.undo_name is None


def test_what_cannot_be_stays_as_it_was_typed_with_the_reason_beside_it(qtbot, panel):
    document = panel.workspace.document
    write(qtbot, box(panel, "filters"), "12x")  # its beginning can be, and is tried out
    assert box(panel, "filters").text() == "12x"
    assert "12x" in panel.layers.form.rows["filters"].problem.text
    assert not document.is_previewing
    qtbot.keyClicks(box(panel, "filters"), "y")
    assert box(panel, "filters").text() == "12xy"
    qtbot.keyClick(box(panel, "filters"), Qt.Key.Key_Escape)
    assert box(panel, "filters").text() == "6"
    write(qtbot, panel.layers.name.line, "tanh")
    qtbot.keyClicks(panel.layers.name.line, "1")  # the name of another layer
    assert panel.layers.name.line.text() == "tanh1"
    assert panel.layers.name.problem.text
    assert document.graph.nodes["conv1"].name == "conv1"


def test_choosing_another_layer_keeps_what_was_typed(qtbot, panel):
    write(qtbot, box(panel, "filters"), "12")
    panel.workspace.select(["conv2"])
    assert kept(panel).filters == 12
    assert kept(panel, "conv2").filters == 16
    assert box(panel, "filters").number() == 16


def test_leaving_the_field_keeps_what_was_typed(qtbot, panel):
    write(qtbot, box(panel, "filters"), "12")
    qtbot.keyClick(box(panel, "filters"), Qt.Key.Key_Tab)
    assert kept(panel).filters == 12
    assert str(panel.workspace.document.undo_name) == "conv1: Filters 6 → 12"


def test_steps_by_arrows_are_one_step(qtbot, panel):
    control = box(panel, "filters")
    control.setFocus()
    for _time in range(3):
        qtbot.keyClick(control, Qt.Key.Key_Up)
    assert kept(panel).filters == 9
    panel.workspace.document.undo()
    assert kept(panel).filters == 6
    assert panel.workspace.document.undo_name is None


def test_an_edit_from_elsewhere_shows(panel):
    panel.workspace.edit(lambda graph: edits.set_field(graph, "conv1", "filters", 40))
    assert box(panel, "filters").number() == 40


def test_the_sums_of_a_layer(panel):
    texts = panel.layers.figures.texts()
    assert texts["Size"] == "(32 + 2·0 - 5) / 1 + 1 = 28"
    assert texts["Parameters"] == "5·5·1·6 + 6 = 156\n0.3 % of all"
    assert texts["Multiply-adds"] == "117,600"
    assert texts["Sees"] == "5×5 pixels"
    assert texts["Training"] == "learns"
    panel.workspace.edit(lambda graph: edits.set_field(graph, "conv1", "frozen", True))
    assert "frozen" in panel.layers.figures.texts()["Training"]


def test_why_a_layer_does_not_fit(panel):
    panel.workspace.edit(lambda graph: edits.remove(graph, ["flatten"]))
    panel.workspace.select(["dense1"])
    assert "5×5×16" in panel.layers.misfit.text
    assert "Output" not in panel.layers.figures.texts()


def test_a_name(qtbot, panel):
    line = panel.layers.name.line
    write(qtbot, line, "edges")
    assert panel.workspace.document.graph.nodes["conv1"].name == "edges"
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert panel.workspace.document.project.graph.nodes["conv1"].name == "edges"
    write(qtbot, line, "conv2")
    assert "already" in panel.layers.name.problem.text
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert panel.layers.name.problem.text, "it stays until it is mended or given up"
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == "edges"
    write(qtbot, line, "conv2")
    panel.layers.note.setFocus()
    assert line.text() == "edges"
    assert panel.workspace.document.project.graph.nodes["conv1"].name == "edges"


def test_a_note(qtbot, panel):
    note = panel.layers.note
    note.setFocus()
    qtbot.keyClicks(note, "looks for edges")
    qtbot.keyClick(note, Qt.Key.Key_Tab)
    assert panel.workspace.document.graph.nodes["conv1"].note == "looks for edges"
    note.setFocus()
    qtbot.keyClicks(note, "!")
    qtbot.keyClick(note, Qt.Key.Key_Escape)
    assert note.toPlainText() == "looks for edges"


def test_several_layers(qtbot, panel):
    panel.workspace.select(["conv1", "conv2", "dense1"])
    assert list(panel.layers.form.rows) == ["frozen", "bias"]
    assert panel.layers.title.text() == "3 layers"
    assert panel.layers.figures.texts()["Parameters"] == "50,692"
    panel.workspace.select(["conv1", "conv2"])
    write(qtbot, box(panel, "filters"), "7")
    qtbot.keyClick(box(panel, "filters"), Qt.Key.Key_Return)
    assert kept(panel).filters == kept(panel, "conv2").filters == 7
    panel.workspace.document.undo()
    assert (kept(panel).filters, kept(panel, "conv2").filters) == (6, 16)


def test_a_group(qtbot, panel):
    panel.workspace.edit(lambda graph: grouping.group(graph, ["conv1", "tanh1", "pool1"], "first"))
    panel.workspace.select(groups=["group1"])
    view = panel.group
    assert view.isVisible()
    assert view.members.count() == 3
    assert view.figures.texts()["Parameters"] == "156"
    qtbot.mouseClick(view.folded, Qt.MouseButton.LeftButton, pos=QPoint(8, view.folded.height() // 2))
    assert panel.workspace.document.graph.groups["group1"].folded
    write(qtbot, view.name.line, "stem")
    qtbot.keyClick(view.name.line, Qt.Key.Key_Return)
    assert panel.workspace.document.project.graph.groups["group1"].name == "stem"
    view.members.itemClicked.emit(view.members.item(1))
    assert panel.workspace.selection.only_node == "tanh1"
    panel.workspace.select(groups=["group1"])
    qtbot.mouseClick(view.ungroup, Qt.MouseButton.LeftButton)
    assert not panel.workspace.document.graph.groups
    assert panel.network.isVisible()


def test_a_connection(panel):
    panel.workspace.select(edges=[Edge("conv1", "tanh1")])
    texts = panel.edge.figures.texts()
    assert (texts["From"], texts["To"], texts["Shape"]) == ("conv1", "tanh1", "28×28×6")
    panel.workspace.edit(lambda graph: edits.set_field(graph, "conv1", "filters", 7))
    assert panel.edge.figures.texts()["Shape"] == "28×28×7"


def test_the_network(qtbot, panel):
    panel.workspace.select()
    view, document = panel.network, panel.workspace.document
    assert view.figures.texts()["Parameters"] == "61,706"
    write(qtbot, view.name.line, "Mine")
    qtbot.keyClick(view.name.line, Qt.Key.Key_Return)
    assert document.name == "Mine"
    view.story.setFocus()
    view.story.selectAll()
    qtbot.keyClicks(view.story, "Once")
    qtbot.keyClick(view.story, Qt.Key.Key_Tab)
    assert document.story["en"] == "Once"
    assert document.story["es"].startswith("LeNet-5")


def test_the_data(qtbot, panel):
    panel.workspace.select()
    view, document = panel.network, panel.workspace.document
    line = view.form.rows["classes"].editor.line
    write(qtbot, line, "cat, dog,, dog")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert document.data.classes == ("cat", "dog")
    channels = view.form.rows["channels"].editor.box
    write(qtbot, channels, "3")
    qtbot.keyClick(channels, Qt.Key.Key_Return)
    assert document.data.sample == Shape(3, (32, 32))
    qtbot.mouseClick(view.forget, Qt.MouseButton.LeftButton)
    assert document.data is None
    assert view.forget.isHidden()
    document.undo()
    assert document.data is not None


def test_classes_with_commas_come_back():
    data = DataFacts("x", Shape(1, (8,)), ("a, b", "c"))
    assert DataFields.of(data, data.sample).facts(data) == data
    assert DataFields.of(data, data.sample).facts() == data
    assert DataFields.of(None, Shape(2)).facts() == DataFacts("data", Shape(2), ())


def test_data_that_no_file_could_hold(qtbot, panel):
    panel.workspace.select()
    view, document = panel.network, panel.workspace.document
    before = document.data
    line = view.form.rows["name"].editor.line
    write(qtbot, line, " ")
    assert "empty" in view.form.rows["name"].problem.text
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert document.data is before
    line = view.form.rows["classes"].editor.line
    write(qtbot, line, f"a, {'b' * 81}")
    assert "80" in view.form.rows["classes"].problem.text
    assert data_problem("classes", ",".join(map(str, range(50_001)))) is not None
    view.form.finish()
    document.set_data(None)
    write(qtbot, line, "cat, dog")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert document.data is not None
    assert document.data.name == "data"


def test_texts_that_no_file_could_hold(qtbot, panel):
    document = panel.workspace.document
    note = panel.layers.note
    note.setPlainText("x" * 10_001)
    with qtbot.waitSignal(panel.workspace.said):
        note.finish()
    assert note.toPlainText() == ""
    panel.workspace.select()
    story = panel.network.story
    before = story.toPlainText()
    story.setPlainText("x" * 10_001)
    with qtbot.waitSignal(panel.workspace.said):
        story.finish()
    assert story.toPlainText() == before
    assert document.undo_name is None


def test_another_document(qtbot, panel):
    panel.workspace.replace_document(Document(open_starter("mlp")))
    assert panel.network.isVisible()
    assert panel.network.name.line.text() == panel.workspace.document.name


def test_nothing_is_done_while_hidden(panel):
    panel.hide()
    panel.workspace.edit(lambda graph: edits.set_field(graph, "conv1", "filters", 40))
    assert box(panel, "filters").number() == 6
    panel.show()
    assert box(panel, "filters").number() == 40


def test_the_language_is_switched(panel):
    i18n.set_language("es")
    panel.workspace.set_settings(panel.workspace.settings)
    assert panel.layers.form.rows["kernel"].label.text() == "Kernel"
    assert panel.layers.form.rows["filters"].label.text() == "Filtros"
    assert "Salida" in panel.layers.figures.texts()
