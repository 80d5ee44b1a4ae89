"""The exported Keras module: it runs, and it is the network that was drawn."""

import ast
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import keras
import numpy as np
import pytest

from cnn_studio import i18n
from cnn_studio.core.calls import Call
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
from tests.helpers.keras_judge import build, copy_weights, disagreements, run_module, sample_of
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


def on(layer: Layer, channels: int = 4, sizes: tuple[int, ...] = (11, 13)) -> Graph:
    """A network of one layer."""
    return chain(make("input", channels=channels, sizes=sizes), layer, make("output"))


def sources(graph: Graph) -> list[str]:
    """The Keras layers of a network as text, without their names and without the Input."""
    calls = [layer.call for layer in keras_model(graph).layers[1:]]
    return [
        Call(call.target, call.args, {name: value for name, value in call.kwargs.items() if name != "name"}).source()
        for call in calls
    ]


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


CONVOLUTION = {"filters": 8, "kernel": 3}
CASES: dict[str, tuple[Layer, Sequence[str]]] = {
    "plain": (make("convolution", **CONVOLUTION), ["layers.Conv2D(8, 3)"]),
    "a number that keeps the size": (
        make("convolution", **CONVOLUTION, padding=1),
        ['layers.Conv2D(8, 3, padding="same")'],
    ),
    "another number": (
        make("convolution", **CONVOLUTION, padding=2, bias=False),
        ["layers.ZeroPadding2D(2)", "layers.Conv2D(8, 3, use_bias=False)"],
    ),
    "a number on each side of a strided kernel": (
        make("convolution", **CONVOLUTION, padding=1, stride=2),
        ["layers.ZeroPadding2D(1)", "layers.Conv2D(8, 3, strides=2)"],
    ),
    "same with a stride": (
        make("convolution", filters=8, kernel=4, padding="same", stride=2),
        ['layers.Conv2D(8, 4, strides=2, padding="same")'],
    ),
    "stride and dilation": (
        make("convolution", **CONVOLUTION, stride=(2, 3), dilation=2),
        ["layers.Conv2D(8, 3, dilation_rate=2)", "layers.MaxPooling2D(1, strides=(2, 3))"],
    ),
    "same with stride and dilation": (
        make("convolution", **CONVOLUTION, stride=2, dilation=(2, 1), padding="same"),
        [
            'layers.Conv2D(8, 3, padding="same", dilation_rate=(2, 1))',
            "layers.MaxPooling2D(1, strides=2)",
        ],
    ),
    "uneven padding": (
        make("convolution", filters=8, kernel=2, stride=3, dilation=3, padding="same"),
        ["layers.ZeroPadding2D(((1, 1), (1, 2)))", "layers.Conv2D(8, 2, dilation_rate=3)",
         "layers.MaxPooling2D(1, strides=3)"],
    ),
    "padding of one axis": (
        make("convolution", filters=8, kernel=2, stride=4, dilation=2, padding="same"),
        ["layers.ZeroPadding2D((0, 1))", "layers.Conv2D(8, 2, dilation_rate=2)",
         "layers.MaxPooling2D(1, strides=4)"],
    ),
    "reflected": (
        make("convolution", **CONVOLUTION, padding=1, padding_mode="reflect", groups=2),
        ['ContinuedPadding(((1, 1), (1, 1)), "reflect")', "layers.Conv2D(8, 3, groups=2)"],
    ),
    "reflected without padding": (
        make("convolution", **CONVOLUTION, padding_mode="reflect"),
        ["layers.Conv2D(8, 3)"],
    ),
    "depthwise": (
        make("depthwise_convolution", stride=(1, 2), multiplier=3),
        ["layers.DepthwiseConv2D(3, depth_multiplier=3)", "layers.MaxPooling2D(1, strides=(1, 2))"],
    ),
    "separable": (
        make("separable_convolution", filters=6, stride=2),
        ["layers.SeparableConv2D(6, 3, strides=2)"],
    ),
    "transposed": (
        make("transposed_convolution", filters=6),
        ['layers.Conv2DTranspose(6, 2, strides=2, padding="same")'],
    ),
    "transposed, uneven": (
        make("transposed_convolution", filters=6, kernel=3, padding=1, extra=1, bias=False),
        ["layers.Conv2DTranspose(6, 3, strides=2, use_bias=False)", "layers.Cropping2D(((1, 0), (1, 0)))"],
    ),
    "transposed, longer than it reaches": (
        make("transposed_convolution", filters=6, kernel=3, stride=3, extra=(2, 0)),
        ["layers.ZeroPadding2D(((0, 1), (0, 0)))", "layers.Conv2DTranspose(6, 3, strides=3)",
         "layers.Cropping2D(((0, 1), (0, 0)))"],
    ),
    "transposed, with gaps": (
        make("transposed_convolution", filters=6, kernel=1, stride=3),
        ["layers.Conv2DTranspose(6, 1, strides=3)", "layers.Cropping2D(((0, 2), (0, 2)))"],
    ),
    "transposed with stride and dilation": (
        make("transposed_convolution", filters=6, dilation=2, groups=2),
        ["SpreadPixels(2)", "GroupedConvTranspose(6, 2, 2, dilation_rate=2)"],
    ),
    "max-pooling": (make("max_pool", size=3), ["layers.MaxPooling2D(3, strides=2)"]),
    "max-pooling that keeps the rest": (
        make("max_pool", size=2, ceil=True),
        ['layers.MaxPooling2D(2, padding="same")'],
    ),
    "max-pooling over the border": (
        make("max_pool", size=4, padding=1),
        ["LowestPadding(((1, 0), (1, 0)))", "layers.MaxPooling2D(4, strides=2)"],
    ),
    "average pooling over the border": (
        make("average_pool", size=3, stride=1, padding=1),
        ["layers.ZeroPadding2D(1)", "layers.AveragePooling2D(3, strides=1)"],
    ),
    "average pooling, border not counted": (
        make("average_pool", size=3, stride=1, padding=1, count_padding=False),
        ["PartialAveragePooling(3, 1, ((1, 1), (1, 1)), ((0, 0), (0, 0)))"],
    ),
    "average pooling that keeps the rest": (
        make("average_pool", ceil=True),
        ["PartialAveragePooling(2, 2, ((0, 1), (0, 1)), ((0, 0), (0, 0)))"],
    ),
    "adaptive, even": (make("adaptive_average_pool", sizes=(11, 1)), ["layers.AveragePooling2D((1, 13))"]),
    "adaptive, uneven": (make("adaptive_average_pool", sizes=3), ["layers.AdaptiveAveragePooling2D(3)"]),
    "batch normalization": (
        make("batch_norm", momentum=0.3, affine=False),
        ["layers.BatchNormalization(momentum=0.7, epsilon=1e-05, center=False, scale=False)"],
    ),
    "layer normalization": (
        make("layer_norm", epsilon=1e-3),
        ["layers.LayerNormalization(axis=(1, 2, 3))"],
    ),
    "one slope": (
        make("prelu", shared=True),
        ["layers.PReLU(alpha_initializer=keras.initializers.Constant(0.25), shared_axes=[1, 2, 3])"],
    ),
    "much noise": (
        make("gaussian_noise", deviation=4.0),
        ["layers.Rescaling(0.25)", "layers.GaussianNoise(1.0)", "layers.Rescaling(4.0)"],
    ),
    "reshape": (
        make("reshape", target=(22, 26)),
        ["layers.Permute((3, 1, 2))", "layers.Reshape((22, 26))", "layers.Permute((2, 1))"],
    ),
    "reshape to one channel": (
        make("reshape", target=(1, 44, 13)),
        ["layers.Permute((3, 1, 2))", "layers.Reshape((44, 13, 1))"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_settings_are_written_as_keras_means_them(case: str):
    layer, wanted = CASES[case]
    assert sources(on(layer)) == wanted
    assert disagreements(on(layer)) == []


@pytest.mark.parametrize("sizes", [(9,), (6, 5), (5, 4, 3)])
def test_blending_and_uneven_margins_at_every_rank(sizes: tuple[int, ...]):
    factors = (2, 3, 1)[: len(sizes)]
    for layer in (
        make("upsample", factor=factors, mode="linear"),
        make("zero_padding", before=factors, after=1),
        make("crop", before=0, after=1),
        make("separable_convolution", filters=3, kernel=2, stride=2, dilation=2),
        make("depthwise_convolution", kernel=2, stride=2, multiplier=2),
        make("convolution", filters=3, kernel=2, stride=3, dilation=3, padding="same"),
        make("transposed_convolution", filters=2, kernel=2, stride=2, dilation=2, padding=1, extra=1),
    ):
        assert disagreements(on(layer, 2, sizes)) == []


def test_what_does_nothing_is_left_out():
    nothing = (make("zero_padding", before=0, after=0), make("crop", before=0, after=0))
    graph = chain(make("input", **PICTURE), *nothing, make("relu"), *nothing, make("output"))
    assert sources(graph) == ["layers.ReLU()"]
    assert disagreements(graph) == []
    assert disagreements(chain(make("input", **PICTURE), *nothing, make("output"))) == []


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
        make("convolution", **CONVOLUTION, frozen=True),
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
    graph = on(make("convolution", **CONVOLUTION))

    def spoiled(*arguments: Any) -> None:
        copy_weights(*arguments)
        weight = arguments[2].layers[0].kernel
        weight.assign(weight.value.flip(0))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.helpers.keras_judge.copy_weights", spoiled)
        assert len(disagreements(graph)) == 1
    assert sample_of(keras_model(graph).layers[0].shape, 0).shape == (2, 4, 11, 13)
