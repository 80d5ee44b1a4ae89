"""The palette: found by a few letters in either language, added by a click or Enter, explained, dragged."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap

from cnn_studio import i18n
from cnn_studio.core import edits
from cnn_studio.core.blocks import blocks
from cnn_studio.core.graph import Edge, Graph
from cnn_studio.core.layers import layers
from cnn_studio.core.starters import starter_names
from cnn_studio.gui import theme
from cnn_studio.gui.adding import add_entry, place_for
from cnn_studio.gui.catalogue import MIME, STARTERS, entries, found, help_of, sketch
from cnn_studio.gui.shelf import ENTRY, entry_of
from cnn_studio.gui.widgets.kind_picture import KindPicture
from cnn_studio.gui.widgets.pencil import Inks
from cnn_studio.gui.widgets.pictures import PICTURES


@pytest.fixture
def panel(open_panel):
    return open_panel("palette")


def index_of(panel, key):
    model = panel.shelf.model()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    rows += [model.index(row, 0, parent) for parent in rows for row in range(model.rowCount(parent))]
    return next(index for index in rows if (entry := entry_of(index)) is not None and entry.key == key)


def click(qtbot, panel, key, **more):
    index = index_of(panel, key)
    panel.shelf.scrollTo(index)
    qtbot.mouseClick(
        panel.shelf.viewport(), Qt.MouseButton.LeftButton, pos=panel.shelf.visualRect(index).center(), **more
    )


def names_after(panel):
    return list(panel.workspace.document.graph.nodes)


def test_everything_is_in_it():
    keys = {entry.key for entry in entries()}
    assert keys == {*layers, *(f"block:{name}" for name in blocks), *(f"starter:{name}" for name in starter_names())}
    assert set(PICTURES) == set(layers)


@pytest.mark.parametrize("code", ["en", "es"])
def test_everything_is_explained_and_found_by_its_name(code):
    i18n.set_language(code)
    for entry in entries():
        assert help_of(entry), entry.key
        assert entry.key in [one.key for one in found(i18n._(entry.label))[:4]], entry.key


@pytest.mark.parametrize(
    ("text", "key"),
    [("conv", "convolution"), ("Convolución", "convolution"), ("aplanar", "flatten"), ("densa", "dense"),
     ("max", "max_pool"), ("submuestreo por max", "max_pool"), ("batch", "batch_norm"), ("resid", "block:residual"),
     ("lenet", "starter:lenet5"), ("flat", "flatten"), ("relu", "relu")],
)  # fmt: skip
def test_found_in_both_languages(text, key):
    for code in ("en", "es"):
        i18n.set_language(code)
        assert key in [entry.key for entry in found(text)[:3]]


def test_a_click_adds_after_the_chosen_layer(qtbot, panel):
    panel.workspace.select(["conv1"])
    click(qtbot, panel, "relu")
    graph = panel.workspace.document.graph
    assert graph.inputs["relu1"] == ("conv1",)
    assert graph.inputs["tanh1"] == ("relu1",)
    assert panel.workspace.selection.only_node == "relu1"
    panel.workspace.document.undo()
    assert panel.workspace.document.undo_name is None


def test_a_double_click_adds_one(qtbot, panel):
    index = index_of(panel, "max_pool")
    place = panel.shelf.visualRect(index).center()
    qtbot.mouseClick(panel.shelf.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(panel.shelf.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert [one for one in names_after(panel) if one.startswith("pool")] == ["pool1", "pool2", "pool3"]
    qtbot.mouseClick(panel.shelf.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "pool4" in names_after(panel)


def test_lenet_from_nothing_by_the_keyboard(qtbot, open_panel):
    panel = open_panel("palette", Graph())
    for text in ("input", "conv", "relu", "max-pool", "flatten", "dense", "output"):
        panel.focus_search()
        qtbot.keyClicks(panel.search, text)
        qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    report = panel.workspace.document.report
    assert [node.layer.kind for node in report.graph.nodes.values()] == [
        "input", "convolution", "relu", "max_pool", "flatten", "dense", "output"]  # fmt: skip
    assert all(facts.shape for facts in report.facts.values())


def test_keys_of_the_list(qtbot, panel):
    panel.search.setFocus()
    qtbot.keyClicks(panel.search, "conv")
    qtbot.keyClick(panel.search, Qt.Key.Key_Down)
    assert panel.shelf.hasFocus()
    first = entry_of(panel.shelf.currentIndex())
    qtbot.keyClick(panel.shelf, Qt.Key.Key_Down)
    assert entry_of(panel.shelf.currentIndex()) != first
    qtbot.keyClick(panel.shelf, Qt.Key.Key_Return)
    assert panel.workspace.document.undo_name is not None
    qtbot.keyClick(panel.shelf, Qt.Key.Key_Up)
    qtbot.keyClick(panel.shelf, Qt.Key.Key_Up)
    assert panel.search.hasFocus()
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert not panel.search.text()
    qtbot.keyClicks(panel.search, "zzzzqq")
    assert not panel.nothing.isHidden()
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)


def test_headings_fold_and_stay_folded(qtbot, panel):
    heading = panel.shelf.model().index(1, 0)
    assert panel.shelf.isExpanded(heading)
    qtbot.mouseClick(panel.shelf.viewport(), Qt.MouseButton.LeftButton, pos=panel.shelf.visualRect(heading).center())
    assert not panel.shelf.isExpanded(panel.shelf.model().index(1, 0))
    panel.search.setText("x")
    panel.search.clear()
    assert not panel.shelf.isExpanded(panel.shelf.model().index(1, 0))
    panel.shelf.setCurrentIndex(panel.shelf.model().index(1, 0))
    qtbot.keyClick(panel.shelf, Qt.Key.Key_Return)
    assert panel.shelf.isExpanded(panel.shelf.model().index(1, 0))
    rows = range(panel.shelf.model().rowCount())
    last = [panel.shelf.model().index(row, 0) for row in rows][-1]
    assert last.data(ENTRY) == STARTERS
    assert not panel.shelf.isExpanded(last)


def test_the_card_explains_what_is_pointed_at(qtbot, panel):
    assert "click" in panel.card.help.text()
    panel.shelf.setCurrentIndex(index_of(panel, "dropout"))
    qtbot.waitUntil(lambda: panel.card.title.text() == "Dropout")
    assert "p" in panel.card.formula.text()
    i18n.set_language("es")
    panel.workspace.set_settings(panel.workspace.settings)
    assert panel.card.help.text() == i18n._(layers["dropout"].help)


def test_what_is_dragged(panel):
    model = panel.shelf.shown
    for key in ("convolution", "block:inception", "starter:lenet5"):
        data = model.mimeData([index_of(panel, key)])
        assert bytes(data.data(MIME).data()) == key.encode()
    assert not model.mimeData([model.index(0, 0)]).hasFormat(MIME)
    assert model.mimeTypes() == [MIME]


def test_a_starter_is_asked_for(qtbot, panel):
    panel.search.setText("vgg16")
    with qtbot.waitSignal(panel.workspace.starter_requested) as caught:
        qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    assert caught.args == ["vgg16"]


def test_blocks_go_where_layers_go(panel):
    workspace = panel.workspace
    workspace.select(["pool1"])
    for name in blocks:
        before = workspace.document.graph
        assert add_entry(workspace, f"block:{name}")
        (group,) = workspace.selection.groups
        graph = workspace.document.graph
        assert graph.groups[group].block == name
        assert "pool1" in {source for one in graph.groups[group].members for source in graph.inputs_of(one)}
        workspace.document.undo()
        assert workspace.document.graph is before
        workspace.select(["pool1"])


def test_where_something_new_belongs(open_panel):
    workspace = open_panel("palette").workspace
    assert place_for(workspace)[1] == "output"
    workspace.select(["output"])
    assert place_for(workspace) == ("dense3", "output")
    workspace.select(edges=[Edge("conv1", "tanh1")])
    assert place_for(workspace) == ("conv1", "tanh1")
    workspace.select()
    workspace.edit(lambda graph: edits.add(graph, layers["relu"](), node_id="loose"))
    assert place_for(workspace) == ("loose", "")
    assert add_entry(workspace, "input")
    assert not workspace.document.graph.inputs_of(workspace.selection.only_node or "")
    for kind in layers:
        workspace.select(["conv2"])
        assert add_entry(workspace, kind)
        workspace.document.undo()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_picture_is_drawn(qtbot, name):
    colours = theme.palette(name)
    picture = KindPicture("picture")
    qtbot.addWidget(picture)
    picture.resize(200, 84)
    blank = QPixmap(picture.size())
    blank.fill(colours.panel)
    empty = picture.grab().toImage()
    seen = set()
    for kind in layers.values():
        picture.show_kind(kind.kind, Inks(colours.family(kind.family), colours.edge, colours.text, colours.panel))
        image = picture.grab().toImage()
        assert image != empty, kind.kind
        seen.add(bytes(image.constBits()))
    assert len(seen) == len(layers), "each kind has a picture of its own"


def test_blocks_and_starters_are_sketched():
    for entry in entries():
        drawn = sketch(entry.key)
        assert (drawn is None) == (entry.key in layers)
        if drawn is not None:
            assert drawn.edges
            assert all(0 <= end < len(drawn.dots) for edge in drawn.edges for end in edge)


def test_the_pointer_explains_too(qtbot, panel):
    index = index_of(panel, "input")
    place: QPoint = panel.shelf.visualRect(index).center()
    qtbot.mouseMove(panel.shelf.viewport(), pos=QPoint(2, 2))
    qtbot.mouseMove(panel.shelf.viewport(), pos=place)
    panel.shelf.entered.emit(index)
    qtbot.waitUntil(lambda: panel.card.entry is not None and panel.card.entry.key == "input")
