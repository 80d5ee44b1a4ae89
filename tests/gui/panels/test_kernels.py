"""Kernels: weights around zero, by input channel, sorted, and how they have changed since a run began."""

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from cnn_studio.core import edits
from cnn_studio.core.project import Project
from cnn_studio.engine.predict import fresh_predictor
from cnn_studio.engine.preparing import facts_of
from cnn_studio.engine.recording import recorded
from cnn_studio.engine.runs import new_run
from cnn_studio.engine.session import Session
from tests.helpers.training import chain, quick_plan, small_network, stripes


@pytest.fixture
def panel(open_panel, qtbot):
    return answered(open_panel("kernels", "lenet5", (760, 240)), qtbot)


def answered(panel, qtbot):
    qtbot.waitUntil(lambda: not panel.workspace.quick.is_busy and not panel.workspace.slow.is_busy, timeout=20_000)
    return panel


def node_of(panel, kind, place=0):
    return panel.workspace.document.graph.of_kind(kind)[place].id


def weights(panel, node):
    network = fresh_predictor(panel.workspace.document.project).network
    return dict(network.named_parameters())[f"{node}.weight"].detach().numpy()


def test_the_first_kernels_are_shown_at_first(panel):
    whole = weights(panel, panel.node)
    assert panel.view.values == pytest.approx(whole[:, 0])
    assert len(panel.grid) == 6
    assert not panel.channel.isVisible(), "there is only one channel"
    assert not panel.changed.isEnabled(), "no run has begun"
    panel.grid.hovered.emit(1, 2, 3)
    assert panel.under.text().startswith("filter 2, row 3, column 4: ")


def test_deeper_ones_go_by_input_channel_and_strength(panel, qtbot):
    node = node_of(panel, "convolution", 1)
    panel.workspace.select([node])
    answered(panel, qtbot)
    whole = weights(panel, node)
    assert panel.channel.isVisible()
    assert panel.channel.maximum() == 6
    panel.channel.setValue(4)
    panel.sorted.setChecked(True)
    answered(panel, qtbot)
    norms = np.sqrt((whole**2).sum((1, 2, 3)))
    order = np.argsort(-norms, kind="stable")
    assert panel.view.order.tolist() == order.tolist()
    assert panel.view.values == pytest.approx(whole[order, 3])
    assert panel.grid.captions[0] == str(order[0] + 1)
    assert panel.under.text() == f"filter {order[0] + 1}: norm {float(f'{norms.max():.3g}'):g}"


def test_behind_a_layer_without_kernels_those_before_it_are_shown(panel, qtbot):
    panel.workspace.select([node_of(panel, "flatten")])
    answered(panel, qtbot)
    assert panel.node == node_of(panel, "convolution", len(panel.graph.of_kind("convolution")) - 1)
    panel.workspace.select([node_of(panel, "input")])
    answered(panel, qtbot)
    assert panel.is_telling
    assert panel._empty.text() == "“input” learns no kernels."


def test_first_kernels_of_colour_pictures_are_in_colour(open_panel, qtbot):
    panel = answered(open_panel("kernels", "tiny-vgg", (760, 240)), qtbot)
    assert panel.view.kind == "colour"
    assert panel.grid._pictures[0].ndim == 3
    panel.grid.hovered.emit(0, 0, 0)
    assert len(panel.under.text().split(": ")[1].split()) == 3


def test_layers_of_two_parts_have_a_choice(open_panel, qtbot):
    graph = chain(
        ("input", {"channels": 3, "sizes": (16, 16)}), ("separable_convolution", {"filters": 8, "kernel": 3}),
        ("flatten", {}), ("dense", {"units": 3}), ("output", {}),
    )  # fmt: skip
    node = graph.of_kind("separable_convolution")[0].id
    panel = open_panel("kernels", graph, (760, 240))
    panel.workspace.select([node])
    answered(panel, qtbot)
    assert panel.tensor.isVisible()
    assert panel.tensor.count() == 2
    panel.tensor.setCurrentIndex(1)
    panel.tensor.activated.emit(1)
    answered(panel, qtbot)
    assert panel.view.kind == "matrix"


@pytest.fixture
def run(tmp_path):
    graph, data, plan = small_network(), stripes(), quick_plan(epochs=2)
    session = Session(graph, plan, data)
    made = new_run(tmp_path, Project(graph, "small"), plan, facts_of(graph, data), path=tmp_path / "run")
    for _event in recorded(session, made):
        pass
    return made


def test_the_change_since_the_start_of_a_run(open_panel, qtbot, run):
    panel = open_panel("kernels", small_network(), (760, 240))
    workspace = panel.workspace
    workspace.training.show(run.folder, workspace.slow)
    qtbot.waitUntil(lambda: workspace.training.run is not None)
    answered(panel, qtbot)
    assert panel.changed.isEnabled()
    start, end = weights(panel, panel.node), run.snapshot(2)[f"{panel.node}.weight"].numpy()
    assert panel.view.values == pytest.approx(end[:, 0])
    panel.changed.setChecked(True)
    answered(panel, qtbot)
    qtbot.waitUntil(lambda: panel.view.change is not None)
    assert panel.view.values == pytest.approx((end - start)[:, 0], abs=1e-6)
    assert "since the start" in panel.facts.text()
    workspace.look.show_epoch(1)
    answered(panel, qtbot)
    assert panel.view.values == pytest.approx((run.snapshot(1)[f"{panel.node}.weight"].numpy() - start)[:, 0], abs=1e-6)


def test_an_edit_of_the_network_is_followed(panel, qtbot):
    panel.workspace.edit(lambda graph: edits.set_field(graph, panel.node, "filters", 9))
    qtbot.waitUntil(lambda: len(panel.grid) == 9, timeout=10_000)


def test_narrow_the_controls_stand_above(panel):
    assert panel._aside.width() < panel.width() / 2
    panel.resize(300, 640)
    QApplication.processEvents()
    assert panel._aside.geometry().bottom() < panel.grid.geometry().top()
    assert panel.minimumSizeHint().width() <= 280
