"""The exported Keras module: it runs, and it is the network that was drawn."""

import ast
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import keras
import numpy as np
import pytest

from cnn_studio import i18n
from cnn_studio.core.blocks import blocks
from cnn_studio.core.blocks.insert import insert_block
from cnn_studio.core.export import ExportError, exporters
from cnn_studio.core.export.keras import export_keras
from cnn_studio.core.export.keras_helpers import HELPERS
from cnn_studio.core.export.keras_model import SUFFIXES, keras_model
from cnn_studio.core.export.keras_summary import export_keras_summary
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Layer
from tests.core.export import examples
from tests.core.export.examples import Builder, make
from tests.helpers.golden import check_golden
from tests.helpers.keras_judge import build, copy_weights, disagreements, on, run_module, sample_of, sources
from tests.helpers.networks import ENDS, SENSIBLE, Taste, chain, random_network

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*softmax over axis -1:UserWarning"),  # of one channel: drawn at random
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # Keras asks torch for arrays
]

KINDS = [kind for kind in layers if kind not in ENDS]
PICTURE = {"channels": 4, "sizes": (11, 13)}


def network_with(kind: str, seed: int) -> Graph:
    """A small random network in which the kind occurs."""
    joins = layers[kind].arity[1] > 1
    taste = Taste(
        layers=(3, 6) if joins else (1, 3), absurd=0.0, keep_refused=False, kinds=(kind, "relu") if joins else (kind,)
    )
    rng = Random(seed)
    while True:
        graph = random_network(rng, taste)
        if graph.of_kind(kind):
            return graph


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_the_same_in_keras(kind: str):
    for seed in range(2):
        assert disagreements(network_with(kind, seed), seed) == []


@pytest.mark.parametrize("seed", range(20))
def test_random_networks_are_the_same_in_keras(seed: int):
    assert disagreements(random_network(Random(seed), SENSIBLE), seed) == []


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_the_same_in_keras_at_length(kind: str):
    for seed in range(100, 300):
        assert disagreements(network_with(kind, seed), seed) == []


@pytest.mark.long
@pytest.mark.parametrize("start", range(1000, 3000, 100))
def test_many_random_networks_are_the_same_in_keras(start: int):
    for seed in range(start, start + 100):
        assert disagreements(random_network(Random(seed), SENSIBLE), seed) == []


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_whatever_can_be_drawn_is_written_or_refused(start: int):
    refused = 0
    for seed in range(start, start + 50):
        graph = random_network(Random(seed))
        try:
            text = export_keras(graph)
        except ExportError:
            refused += 1
            continue
        ast.parse(text)
        assert export_keras_summary(graph)
        model = keras_model(graph)
        shapes = {layer.name: layer.shape for layer in model.layers}
        for node_id, name in model.made_by.items():
            assert shapes[name] == model.flow.report.facts[node_id].shape
    assert 0 < refused < 50


def after_flatten(*kinds: Layer) -> list[str]:
    graph = chain(make("input", channels=4, sizes=(3, 3)), make("flatten"), *kinds, make("output"))
    assert disagreements(graph) == []
    return sources(graph)


def test_flatten_is_plain_where_only_dense_layers_see_its_order():
    dense = make("dense", units=3)
    between = (make("batch_norm"), make("prelu"), make("layer_norm"), make("dropout"), make("flatten"))
    assert after_flatten(dense)[0] == "layers.Flatten()"
    assert after_flatten(*between, dense)[0] == "layers.Flatten()"
    for last in ((), (make("group_norm", groups=2), dense), (make("reshape", target=(4, 9)),), (*between,)):
        assert after_flatten(*last)[:2] == ["layers.Permute((3, 1, 2))", "layers.Flatten()"]


def test_flatten_among_branches():
    net = Builder()
    picture = net.add("input", channels=2, sizes=(4, 4))
    first = net.add("flatten", picture)
    net.add("max_pool", picture)
    second = net.add("flatten")
    joined = net.add("concatenate", first, second, first)
    net.add("relu", joined)
    one = net.add("dense", units=5)
    net.add("dense", joined, units=5)
    net.add("add", net.last, one)
    net.add("output")
    assert disagreements(net.graph()) == []
    assert not any("Permute" in text for text in sources(net.graph()))
    net.add("multiply", first, first)
    net.add("auxiliary_output")
    assert disagreements(net.graph()) == []
    assert sum("Permute" in text for text in sources(net.graph())) == 1


@pytest.mark.parametrize("name", ["lenet", "residual_network", "inception_network", "u_network", "oddities"])
def test_examples_read_well(request: pytest.FixtureRequest, name: str):
    graph = getattr(examples, name)()
    text = export_keras(graph, title=name)
    check_golden(request, f"keras_{name}.txt", text)
    assert max(map(len, text.splitlines())) <= 120
    built = run_module(text)["build_model"]()
    model = keras_model(graph)
    assert built.count_params() == sum(layer.parameters for layer in model.layers)
    if len(model.inputs) == 1:
        assert disagreements(graph) == []


def test_a_frozen_layer_is_not_trained():
    for layer in (
        make("convolution", filters=8, kernel=3, frozen=True),
        make("batch_norm", frozen=True),
        make("transposed_convolution", filters=4, groups=2, frozen=True),
    ):
        built = build(on(layer))
        assert built.trainable_weights == []
        assert built.count_params() > 0


def every_helper() -> Graph:
    """A network that needs each of our Keras layers."""
    return chain(
        make("input", **PICTURE),
        make("convolution", filters=4, kernel=3, padding=1, padding_mode="replicate"),
        make("local_response_norm", channels=3),
        make("max_pool", size=4, padding=1),
        make("average_pool", size=3, stride=2, padding=1, count_padding=False),
        make("transposed_convolution", filters=4, stride=2, dilation=2, groups=2, bias=False),
        make("output"),
    )


def test_own_layers_are_saved_with_the_model(tmp_path: Path):
    text = export_keras(every_helper())
    assert all(f"class {name}(" in text for name in HELPERS)
    built = run_module(text)["build_model"]()
    built.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    sample = np.random.default_rng(0).standard_normal((2, 11, 13, 4)).astype(np.float32)
    assert np.array_equal(built.predict(sample, verbose=0), again.predict(sample, verbose=0))


def test_a_name_like_that_of_an_own_layer_hides_it_not():
    net = Builder()
    net.add("input", channels=4, sizes=(11, 13))
    net.add("convolution", filters=4, kernel=1, name="LowestPadding")
    net.add("relu", name="LowestPadding_")
    net.add("max_pool", size=4, padding=1, name="SpreadPixels")
    last = net.add("max_pool", size=4, padding=1, name="SpreadPixels_pad")
    net.add("max_pool", last, size=2, padding=1)
    net.add("add", last, net.add("relu", last))
    net.add("output")
    assert disagreements(net.graph()) == []
    assert "\n    LowestPadding_ = layers.Conv2D(" in export_keras(net.graph())
    names = [layer.name for layer in keras_model(net.graph()).layers]
    assert "SpreadPixels_pad2" in names
    assert len(set(names)) == len(names)


def test_text_is_python_in_every_language():
    english = export_keras(examples.inception_network(), title='"""A\nB\\')
    i18n.set_language("es")
    spanish = export_keras(examples.inception_network(), title='"""A\nB\\')
    trees = [ast.parse(text).body for text in (english, spanish)]
    assert [ast.dump(one) for one in trees[0][1:]] == [ast.dump(one) for one in trees[1][1:]]
    assert english != spanish


def test_what_cannot_run_is_not_written():
    for graph in (Graph(), chain(make("input")), on(make("dense"))):
        for name in ("keras", "keras-summary"):
            with pytest.raises(ExportError):
                exporters[name].function(graph)


def test_the_module_prints_our_summary_when_run(tmp_path: Path):
    path = tmp_path / "network.py"
    path.write_text(export_keras(examples.u_network()), encoding="utf-8")
    environment = {**os.environ, "COLUMNS": "90", "PYTHONIOENCODING": "utf-8", "KERAS_BACKEND": "torch"}
    run = subprocess.run([sys.executable, path], env=environment, capture_output=True, encoding="utf-8", check=True)
    assert run.stdout == export_keras_summary(examples.u_network(), columns=90)


def test_every_layer_beside_another_has_a_suffix():
    for kind in KINDS:
        for seed in range(10):
            for layer in keras_model(network_with(kind, seed)).layers:
                assert layer.name.isidentifier()
    assert set(SUFFIXES.values()).isdisjoint({""})


def test_the_judge_sees_a_wrong_weight():
    graph = on(make("convolution", filters=8, kernel=3))

    def spoiled(*arguments: Any) -> None:
        copy_weights(*arguments)
        weight = arguments[2].layers[0].kernel
        weight.assign(weight.value.flip(0))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.helpers.keras_judge.copy_weights", spoiled)
        assert len(disagreements(graph)) == 1
    assert sample_of(keras_model(graph).layers[0].shape, 0).shape == (2, 4, 11, 13)


@pytest.mark.parametrize("kind", blocks)
def test_blocks_are_the_same_in_keras(kind: str):
    graph = chain(make("input", channels=8, sizes=(8, 8)), make("relu"), make("output"))
    placed = insert_block(graph, blocks[kind](), source="relu2", target="output3").graph
    assert disagreements(placed) == []
