"""Networks that a good teacher accepts get no advice, and only what is true and worth saying is said."""

import pytest

from cnn_studio.core import edits
from cnn_studio.core.analysis import analyse
from cnn_studio.core.context import Context
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Family
from cnn_studio.core.problems import diagnose
from cnn_studio.core.problems.base import KEEPS_CHANNELS
from cnn_studio.core.problems.diagnosis import ANCHORS
from cnn_studio.core.problems.habits import WEIGHTED
from cnn_studio.core.problems.pixels import pixels_read
from cnn_studio.core.shapes import Shape
from cnn_studio.core.starters import open_starter, starter_names
from tests.core.problems.examples import (
    DIGITS,
    END,
    ENTRY,
    Row,
    after_entry,
    conv,
    dense,
    lenet,
    network,
    picture,
    pool,
)
from tests.helpers.networks import make

TRUE_OF_STARTERS = {
    "course-digits": {"dropped_pixels"},  # 11 pixels, pools of 2
    "course-letters": {"receptive_field", "dense_share"},  # one convolution, and a dense layer of 8.4 million
    "quick-digits": {"dropped_pixels"},  # 7 pixels, pools of 2
}


def codes(graph: Graph, context: Context | None = None) -> list[str]:
    return [problem.code for problem in diagnose(analyse(graph), context or Context()).problems]


@pytest.mark.parametrize("name", starter_names())
def test_starters(name):
    assert set(codes(open_starter(name).graph)) <= TRUE_OF_STARTERS.get(name, set())


def test_lenet_for_its_data():
    assert codes(lenet(28), Context(DIGITS, memory=8 * 2**30)) == []


def after(*rows: Row) -> list[str]:
    """What is said of the rows inside a network, except of how little it sees."""
    graph = network(("input1", picture(3, 8, 8)), *ENTRY[1:], *rows, *END)
    return [code for code in codes(graph) if code != "receptive_field"]


def test_convolutions_cut_in_parts_need_no_activation_between():
    relu = ("relu2", make("relu"))
    assert after(("conv2", conv(12, (3, 1))), ("conv3", conv(12, (1, 3))), relu) == []
    assert after(("conv2", make("depthwise_convolution")), ("conv3", conv(12, 1)), relu) == []
    assert after(("conv2", conv(12, 1)), ("conv3", conv(12, groups=12)), relu) == []
    assert after(("conv2", conv(8, groups=8)), ("conv3", conv(12, 1)), relu) == []
    assert after(("conv2", conv(4, 1)), ("norm1", make("batch_norm")), ("conv3", conv(24, 1)), relu) == []
    assert after(("conv2", conv(12, (3, 1))), ("conv3", conv(12, (3, 1))), relu) == ["no_activation"]
    assert after(("conv2", conv(12, (3, 1))), ("conv3", conv(12, 3)), relu) == ["no_activation"]


def test_a_pool_of_maxima_bends():
    assert after(("conv2", conv(12)), ("pool1", pool()), ("conv3", conv(12, 1)), ("relu2", make("relu"))) == []
    assert after(
        ("conv2", conv(12, 1)), ("pool1", make("average_pool")), ("conv3", conv(12)), ("relu2", make("relu"))
    ) == ["no_activation"]


def test_a_shortcut_may_jump_over_pixels_that_the_other_branch_reads():
    rows: list[Row] = [
        ("conv2", conv(8, 3, stride=2, padding=1)), ("relu2", make("relu")), ("conv3", conv(8, 3, padding=1)),
        ("short1", conv(8, 1, stride=2), "relu1"), ("add1", make("add"), "conv3", "short1"), ("relu3", make("relu")),
    ]  # fmt: skip
    assert "dropped_pixels" not in after(*rows)
    assert "dropped_pixels" in after(("conv2", conv(8, 1, stride=2)), ("relu2", make("relu")))


def test_one_pixel_of_many_is_not_worth_saying():
    graph = network(("input1", picture(1, 101, 101)), ("pool1", pool()), ("flatten1", make("flatten")), *END[1:])
    assert "dropped_pixels" not in codes(graph)


def test_padding_same_with_a_stride_and_an_odd_kernel_is_no_even_kernel():
    assert after(("conv2", conv(8, 3, stride=2, padding="same")), ("relu2", make("relu"))) == []
    assert after(("conv2", conv(8, 2, stride=2, padding="same")), ("relu2", make("relu"))) == []


def test_sound_may_hear_little():
    rows: list[Row] = [("input1", picture(1, 8000)), ("conv1", conv(8, 9, stride=4)), ("relu1", make("relu"))]
    assert codes(network(*rows, *END)) == []


def test_what_sees_everything_sees_enough():
    assert "receptive_field" not in codes(after_entry(("norm1", make("layer_norm"))))
    joined = [
        ("gap1", END[0][1]),
        ("gmp1", make("global_max_pool"), "relu1"),
        ("concat1", make("concatenate"), "gap1", "gmp1"),
    ]
    assert codes(network(*ENTRY, *joined, *END[1:])) == []


def test_a_perceptron_may_be_dense():
    rows: list[Row] = [
        ("input1", picture()),
        ("flatten1", make("flatten")),
        ("dense1", dense(512)),
        ("relu1", make("relu")),
    ]
    assert codes(network(*rows, *END[1:])) == []


def test_a_dense_row_needs_no_advice():
    rows: list[Row] = [
        ("input1", make("input", channels=2000, sizes=())),
        ("dense1", dense(512)),
        ("relu1", make("relu")),
    ]
    assert codes(network(*rows, *END[1:])) == []
    assert codes(network(*rows, ("norm1", make("batch_norm")), *END[1:])) == []


def test_an_auxiliary_output_is_no_dead_end():
    rows: list[Row] = [
        ("gap0", make("global_average_pool"), "relu1"), ("dense0", dense()), ("aux1", make("auxiliary_output")),
        ("gap1", make("global_average_pool"), "relu1"),
    ]  # fmt: skip
    assert "dead_end" not in codes(network(*ENTRY, *rows, *END[1:]), Context(DIGITS))
    assert "units_classes" not in codes(network(*ENTRY, *rows, *END[1:]), Context(DIGITS))


def test_only_the_root_is_reported():
    graph = lenet(flatten=False)
    graph = edits.set_field(graph, "conv2", "kernel", 40)
    assert codes(graph) == ["kernel_too_large"]


def test_a_loose_end_beside_a_gap_is_part_of_it():
    graph = edits.disconnect(lenet(), "relu1", "pool1")
    assert codes(graph) == ["unreached"]


@pytest.mark.parametrize("size", [1, 2, 5, 12, 13])
@pytest.mark.parametrize("kernel", [1, 2, 3, 4])
@pytest.mark.parametrize("stride", [1, 2, 3, 5])
def test_pixels_read_are_those_of_the_windows(size, kernel, stride):
    for before in range(3):
        for dilation in (1, 2, 3):
            for out in range(1, 5):
                taps = {o * stride + dilation * k - before for o in range(out) for k in range(kernel)}
                if stride == 1 and dilation == 1 and max(taps) < 0:
                    continue
                read = pixels_read(size, kernel, stride, before=before, out=out, dilation=dilation)
                if (out - 1) * stride + kernel > before:
                    assert read == len(taps & set(range(size)))


def test_lists_of_kinds_keep_up_with_the_registry():
    maps, row = Shape(6, (8, 8)), Shape(6)
    single = [kind for kind in layers.values() if kind.arity == (1, 1) and kind.family is not Family.OUTPUT]
    for kind in single:
        for shape in (maps, row):
            try:
                kept = kind().output_shape(shape).channels == shape.channels
            except Exception:
                continue
            if kind.kind in KEEPS_CHANNELS:
                assert kept
    assert set(layers) >= KEEPS_CHANNELS
    assert set(layers) >= ANCHORS
    assert {kind.kind for kind in layers.values() if kind.family in (Family.FEATURES, Family.DENSE)} == WEIGHTED
    assert {kind.kind for kind in layers.values() if kind.family is Family.MERGING} | WEIGHTED == ANCHORS
