"""How the settings of each layer are written for Keras."""

from collections.abc import Sequence

import pytest

from cnn_studio.core.layers.base import Layer
from tests.core.export.examples import make
from tests.helpers.keras_judge import disagreements, on, sources
from tests.helpers.networks import chain

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
    "neighbours on both sides": (
        make("local_response_norm", channels=3, alpha=1.0, beta=1.0),
        ["LocalResponseNormalization(3, alpha=1.0, beta=1.0, k=1.0)"],
    ),
    "more neighbours on one side": (
        make("local_response_norm", channels=2, alpha=1.0, beta=0.5, k=2.0),
        ["LocalResponseNormalization(2, alpha=1.0, beta=0.5, k=2.0)"],
    ),
    "group normalization": (make("group_norm", groups=2), ["layers.GroupNormalization(2, epsilon=1e-05)"]),
    "instance normalization": (make("instance_norm"), ["layers.GroupNormalization(-1, epsilon=1e-05)"]),
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
    graph = chain(make("input", channels=4, sizes=(11, 13)), *nothing, make("relu"), *nothing, make("output"))
    assert sources(graph) == ["layers.ReLU()"]
    assert disagreements(graph) == []
    assert disagreements(chain(make("input", channels=4, sizes=(11, 13)), *nothing, make("output"))) == []
