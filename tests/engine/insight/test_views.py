"""What layers, kernels and weights over time are shown as: reduced, in bytes, with figures that are those of the whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from cnn_studio.core.project import Project
from cnn_studio.core.starters import open_starter
from cnn_studio.engine.datasets.base import DataError
from cnn_studio.engine.heads import scoring_graph
from cnn_studio.engine.insight import kernel_view
from cnn_studio.engine.insight.activations import Activations
from cnn_studio.engine.insight.kernel_view import COLOUR, MATRIX, PLANE, KernelViews, start_weights
from cnn_studio.engine.insight.layer_view import LayerViews, seen
from cnn_studio.engine.insight.over_time import spread, weights_over_time
from cnn_studio.engine.insight.reducing import levels, reduced
from cnn_studio.engine.insight.some_samples import some_samples
from cnn_studio.engine.insight.thumbnails import SIDE, TILES, UNITS, Thumbnails, of_pixels, of_value
from cnn_studio.engine.predict import fresh_predictor
from cnn_studio.engine.preparing import facts_of
from cnn_studio.engine.recording import recorded
from cnn_studio.engine.runs import Run, new_run
from cnn_studio.engine.session import Session
from cnn_studio.engine.setup import started_network
from tests.helpers.training import chain, quick_plan, small_network, stripes


def starter(name: str) -> Any:
    return fresh_predictor(open_starter(name))


def test_large_maps_are_averaged_by_whole_blocks_and_small_ones_stay() -> None:
    maps = torch.arange(2 * 6 * 5.0).reshape(2, 6, 5)
    same, blocks = reduced(maps, 6)
    assert blocks == (1, 1)
    assert torch.equal(same, maps)
    small, blocks = reduced(maps, 3)
    assert blocks == (2, 2)
    assert small.shape == (2, 3, 3)
    assert small[0, 0, 0] == maps[0, :2, :2].mean()
    assert small[1, 2, 2] == maps[1, 4:, 4:].mean(), "the last block is narrower"


def test_bytes_lie_between_the_ends_and_what_is_no_number_is_low() -> None:
    values = torch.tensor([-1.0, 0.0, 1.0, torch.nan, torch.inf, -torch.inf])
    assert levels(values, -1.0, 1.0).tolist() == [0, 128, 255, 0, 255, 0]
    assert levels(values[:3], 1.0, 1.0).tolist() == [0, 0, 0]


def test_a_layer_is_shown_as_what_it_gives() -> None:
    asked = starter("quick-digits")
    sample = np.random.default_rng(0).integers(0, 255, (1, 28, 28)).astype(np.uint8)
    node = next(node.id for node in asked.graph.of_kind("relu"))
    whole = Activations(sample, (node,))(asked).maps[node]
    view = LayerViews(sample, node)(asked)
    assert view.shape == whole.shape
    assert np.array_equal(view.values, whole)
    assert view.zeros == pytest.approx((whole == 0).mean())
    assert view.heights.sum() == whole.size
    assert (view.low, view.high) == (whole.min(), whole.max())
    assert view.levels.max() == 255
    assert len(set(view.highs.tolist())) == 1
    own = LayerViews(sample, node, shared=False)(asked)
    assert own.levels.reshape(len(whole), -1).max(1).tolist() == [255 * (one.max() > one.min()) for one in whole]
    with pytest.raises(DataError, match="no layer"):
        LayerViews(sample, "nowhere")(asked)


def test_silent_maps_are_told_also_those_that_are_not_shown() -> None:
    value = torch.ones(600, 3, 3)
    value[[2, 300]] = 0
    view = seen(value)
    assert view.silent.nonzero()[0].tolist() == [2]
    assert view.silent_count == 2
    assert len(view.values) == 256
    later = seen(value, first=256)
    assert later.silent.nonzero()[0].tolist() == [44]
    assert seen(value, first=99_999).first == 512
    assert len(seen(value, first=512).values) == 88


def test_what_is_no_number_is_counted_and_hides_nothing() -> None:
    value = torch.linspace(0, 1, 64).reshape(4, 4, 4)
    value[0, 0, 0], value[1, 0, 0] = torch.nan, torch.inf
    view = seen(value)
    assert view.strange == 2
    assert 0 < view.low < view.high == 1
    assert view.heights.sum() == 62


def test_thumbnails_are_small_and_of_every_layer() -> None:
    for name in ("quick-digits", "tiny-resnet", "tiny-sound", "tiny-video"):
        asked = starter(name)
        shape = asked.input_shape
        sample = np.random.default_rng(0).integers(0, 255, (shape.channels, *shape.sizes)).astype(np.uint8)
        found = Thumbnails(sample)(asked)
        assert set(found) == set(asked.graph.nodes)
        for one in found.values():
            assert one.tiles.dtype == np.uint8
            assert len(one.tiles) <= TILES
            assert max(one.tiles.shape[1:3]) <= max(SIDE, UNITS)
        few = Thumbnails(sample, frozenset(list(found)[:2]))(asked)
        assert len(few) == 2


def test_the_picture_itself_keeps_its_colours() -> None:
    pixels = torch.zeros(3, 56, 56)
    pixels[0] = 1
    small = of_pixels(pixels)
    assert small.is_pixels
    assert small.tiles.shape == (1, 28, 28, 3)
    assert small.tiles[0, 5, 5].tolist() == [255, 0, 0]
    assert of_value(torch.arange(300.0)).tiles.shape == (1, 1, 60)


# -- kernels -----------------------------------------------------------------------------------------------------------


def test_the_first_kernels_are_in_colour_and_deeper_ones_by_channel() -> None:
    asked = starter("vgg11")
    weights = dict(asked.network.named_parameters())
    first = KernelViews("conv1_1")(asked)
    assert first.kind == COLOUR
    assert np.array_equal(first.values, weights["conv1_1.weight"].detach().permute(0, 2, 3, 1))
    deep = KernelViews("conv2_1", channel=5)(asked)
    assert (deep.kind, deep.filters, deep.channels) == (PLANE, 128, 64)
    whole = weights["conv2_1.weight"].detach()
    assert np.array_equal(deep.values, whole[:, 5])
    assert deep.most == whole.abs().max()
    assert deep.levels[deep.values > 0].min() >= 127
    strong = KernelViews("conv2_1", channel=5, by_norm=True)(asked)
    assert strong.norms.tolist() == sorted(strong.norms.tolist(), reverse=True)
    assert np.array_equal(strong.values[0], whole[strong.order[0], 5])


def test_dense_layers_behind_maps_show_maps_and_others_the_matrix() -> None:
    asked = starter("quick-digits")
    denses = [node.id for node in asked.graph.of_kind("dense")]
    first = KernelViews(denses[0], channel=2)(asked)
    weight = dict(asked.network.named_parameters())[f"{denses[0]}.weight"].detach().numpy()
    side = first.values.shape[-1]
    assert first.kind == PLANE
    assert np.array_equal(first.values[0].ravel(), weight[0].reshape(-1, side * side)[2])
    mlp = starter("mlp")
    last = KernelViews(mlp.graph.of_kind("dense")[-1].id)(mlp)
    assert last.kind == MATRIX
    with pytest.raises(DataError, match="no kernels"):
        KernelViews(asked.graph.of_kind("relu")[0].id)(asked)


def test_kernels_of_sound_video_and_single_pixels() -> None:
    assert KernelViews("conv1")(starter("tiny-sound")).values.ndim == 3
    video = KernelViews("conv1")(starter("tiny-video"))
    assert video.frames == 3
    assert video.values.shape[1:] == (3, 11)
    assert KernelViews("inception3a_conv1")(starter("googlenet")).kind == MATRIX


# -- a run -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Any) -> Run:
    graph, data, plan = small_network(), stripes(), quick_plan(epochs=3)
    session = Session(graph, plan, data)
    made = new_run(tmp_path, Project(graph, "small"), plan, facts_of(graph, data), path=tmp_path / "run")
    for _event in recorded(session, made):
        pass
    return made


def test_weights_over_time_begin_at_the_start(run: Run) -> None:
    graph, plan = small_network(), quick_plan(epochs=3)
    conv = graph.of_kind("convolution")[0].id
    found = weights_over_time(run.folder, graph, plan.seed, f"{conv}.weight", run.snapshots())
    assert found.epochs == (0, *run.snapshots())
    assert found.shares.shape == (4, 48)
    assert found.shares.sum(1) == pytest.approx(1)
    kept = run.snapshot(2)[f"{conv}.weight"]
    assert found.means[2] == pytest.approx(float(kept.mean()), abs=1e-6)
    start = started_network(scoring_graph(graph), plan.seed).module_of(conv)
    assert start is not None
    assert found.means[0] == pytest.approx(float(start.state_dict()["weight"].mean()), abs=1e-6)
    with pytest.raises(DataError, match="no epoch"):
        weights_over_time(run.folder, graph, plan.seed, "nowhere.weight", [1])


def test_the_change_since_the_start(run: Run) -> None:
    graph = small_network()
    conv = graph.of_kind("convolution")[0].id
    start = start_weights(graph, quick_plan().seed, conv, "weight")
    session = Session(graph, quick_plan(), stripes())
    still = KernelViews(conv, reference=start)(session)
    assert still.change == 0
    assert not still.values.any()
    for _event in session.events():
        pass
    moved = KernelViews(conv, reference=start)(session)
    now = session.judged.state_dict()[f"{conv}.weight"].numpy()
    assert start is not None
    assert moved.change == pytest.approx(np.linalg.norm(now - start) / np.linalg.norm(start), rel=1e-4)


def test_the_start_of_a_large_network_is_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_view, "MOST_STARTED", 10)
    assert start_weights(small_network(), 0, "conv1", "weight") is None


def test_epochs_are_thinned_evenly() -> None:
    assert spread([1, 2, 3], 5) == [1, 2, 3]
    assert spread(list(range(1, 101)), 4) == [1, 34, 67, 100]


def test_samples_for_a_network_without_a_run() -> None:
    data = stripes()
    asked = fresh_predictor(Project(small_network()))
    pictures, labels = some_samples(asked, data, 10)
    assert pictures.shape == (10, 1, 8, 8)
    assert labels.shape == (10,)
    narrow = fresh_predictor(
        Project(
            chain(("input", {"channels": 1, "sizes": (9,)}), ("flatten", {}), ("dense", {"units": 3}), ("output", {}))
        )
    )
    with pytest.raises(DataError):
        some_samples(narrow, data, 4)
