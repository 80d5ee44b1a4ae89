"""Every line of the courses' second table, sizes and parameters of whole networks, out of the engine."""

import pytest

from cnn_studio.core.analysis import Report, analyse
from cnn_studio.core.edits import set_field
from cnn_studio.core.shapes import Shape
from cnn_studio.core.starters import open_starter
from tests.helpers.networks import chain, make


def conv(filters: int, kernel: int = 3, **more: object) -> object:
    return make("convolution", filters=filters, kernel=kernel, **more)


def picture(size: int, channels: int = 1) -> object:
    return make("input", channels=channels, sizes=(size, size))


def report_of(*parts: object) -> Report:
    return analyse(chain(*parts))  # type: ignore[arg-type]


def shapes(report: Report) -> list[str]:
    return [str(report.of(node).shape) for node in report.in_order()]


def values(report: Report) -> list[int]:
    return [shape.values for node in report.in_order() if (shape := report.of(node).shape)]


def parameters(report: Report) -> list[int]:
    return [count for node in report.in_order() if (count := report.of(node).parameters)]


@pytest.mark.parametrize(("channels", "inputs"), [(1, 784), (3, 2352)])
def test_pictures_of_28_by_28_as_inputs(channels: int, inputs: int):
    assert values(report_of(picture(28, channels), make("flatten"))) == [inputs, inputs]


@pytest.mark.parametrize(("channels", "stored"), [(1, 262_144), (3, 786_432)])
def test_pictures_of_512_by_512_in_bytes(channels: int, stored: int):
    report = report_of(picture(512, channels))
    assert values(report) == [stored]  # a byte a value, as a picture is stored
    assert report.of("input1").memory_forward == 4 * stored  # as a network holds it, in single precision


def test_three_convolutions_that_keep_the_size_and_pools():
    pool = make("max_pool")
    layers = [layer for filters in (32, 64, 128) for layer in (conv(filters, padding="same"), pool)]
    report = report_of(picture(28), *layers)
    assert values(report)[1:] == [25_088, 6_272, 12_544, 3_136, 6_272, 1_152]
    assert shapes(report)[-1] == "3×3×128"


def test_shared_weights_against_a_dense_layer():
    shared = report_of(picture(28), conv(32, padding="same", bias=False), make("max_pool"))
    assert shared.totals.parameters == 288
    assert values(shared) == [784, 25_088, 6_272]
    dense = report_of(picture(28), make("flatten"), make("dense", units=6_272, bias=False))
    assert dense.totals.parameters == 784 * 6_272 == 4_917_248


def test_30_by_30_down_to_512_numbers():
    pool = make("max_pool")
    report = report_of(
        picture(30), conv(32), pool, conv(64), pool, conv(128), pool, make("flatten"), make("dense", units=100),
        make("dense", units=3), make("softmax"),
    )  # fmt: skip
    assert shapes(report) == [
        "30×30×1", "28×28×32", "14×14×32", "12×12×64", "6×6×64", "4×4×128", "2×2×128", "512", "100", "3", "3",
    ]  # fmt: skip
    assert values(report)[1:3] == [25_088, 6_272]


def test_letters():
    report = analyse(open_starter("course-letters").graph)
    assert shapes(report) == [
        "128×128×1", "64×64×16", "64×64×16", "32×32×16", "16,384", "512", "512", "26", "26", "26",
    ]  # fmt: skip
    assert parameters(report) == [160, 8_389_120, 13_338]
    assert report.totals.parameters == 8_402_618


def test_digits():
    report = analyse(open_starter("course-digits").graph)
    assert shapes(report) == [
        "28×28×1", "26×26×64", "26×26×64", "13×13×64", "11×11×64", "11×11×64", "5×5×64", "3×3×64", "3×3×64", "576",
        "576", "10", "10", "10",
    ]  # fmt: skip
    assert parameters(report) == [640, 36_928, 36_928, 5_770]
    assert report.totals.parameters == 80_266


def test_a_dense_layer_of_10_on_a_grey_picture():
    report = report_of(picture(32), make("flatten"), make("dense", units=10))
    assert report.totals.parameters == 10_250
    assert str(report.parameter_sum("dense3")) == "1,024·10 + 10 = 10,250"


def test_lenet5_and_another_picture_size():
    graph = open_starter("lenet5").graph
    report = analyse(graph)
    assert report.of("flatten").shape == Shape(400)
    assert report.totals.parameters == 61_706
    larger = analyse(set_field(graph, "input", "sizes", (40, 40)), report)
    assert larger.of("flatten").shape == Shape(784)
    assert larger.of("dense1").parameters == 784 * 120 + 120
    assert larger.of("dense1").error is None


def test_alexnet_in_convolutions_and_dense_layers():
    graph = open_starter("alexnet").graph
    report = analyse(graph)
    assert sum(report.of(node.id).parameters for node in graph.of_kind("convolution")) == 2_334_080
    assert sum(report.of(node.id).parameters for node in graph.of_kind("dense")) == 58_631_144
    assert report.totals.parameters == 60_965_224


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("vgg16", 138_357_544), ("vgg19", 143_667_240), ("resnet18", 11_689_512), ("resnet34", 21_797_672),
        ("resnet50", 25_557_032),
    ],
)  # fmt: skip
def test_counts_of_reference_implementations(name: str, count: int):
    assert analyse(open_starter(name).graph).totals.parameters == count


def test_softmax_gives_one_unit_a_class():
    for name, classes in (("course-digits", 10), ("course-letters", 26)):
        opened = open_starter(name)
        assert opened.data is not None
        assert len(opened.data.classes) == classes
        assert analyse(opened.graph).of("softmax").shape == Shape(classes)
