"""The worked examples of the courses, put through the product itself.

The first table is computed by running layers on the pictures of the courses with the kernels of the courses; the
second by the analysis. Sizes are written height × width × channels, as the courses have them.
"""

from collections.abc import Sequence
from typing import Any

import pytest
import torch
from torch import Tensor

from cnn_studio.core.analysis import Report, analyse
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.compile import compile_network
from tests.helpers.networks import chain, make

Rows = Sequence[Sequence[float]]


def conv(filters: int = 32, kernel: Any = 3, **more: Any) -> Layer:
    return make("convolution", filters=filters, kernel=kernel, **more)


def same(filters: int, **more: Any) -> Layer:
    return conv(filters, padding="same", **more)


def pool(**more: Any) -> Layer:
    return make("max_pool", **more)


def dense(units: int) -> Layer:
    return make("dense", units=units)


def picture(height: int, width: int, channels: int = 1) -> Layer:
    return make("input", channels=channels, sizes=(height, width))


def result(
    layer: Layer, planes: Sequence[Rows], kernels: Sequence[Rows] | None = None, bias: float | None = None
) -> Tensor:
    """What one layer makes of a picture, given plane by plane, with these kernels; in exact enough arithmetic."""
    x = torch.tensor([planes], dtype=torch.float64)
    _, channels, height, width = x.shape
    network = compile_network(chain(picture(height, width, channels), layer, make("output"))).double().eval()
    if kernels is not None:
        state = dict(network.state_dict())
        (weight,) = [name for name in state if name.endswith("weight")]
        state[weight] = torch.tensor([kernels], dtype=torch.float64)
        if bias is not None:
            state[weight.replace("weight", "bias")] = torch.tensor([bias], dtype=torch.float64)
        network.load_state_dict(state)
    with torch.no_grad():
        answer: Tensor = network(x)[0]
    return answer


def filtered(image: Rows, kernel: Rows, **more: Any) -> Tensor:
    """One picture under one kernel, without bias."""
    size = (len(kernel), len(kernel[0]))
    return result(conv(1, size, bias=False, **more), [image], [kernel])[0]


def close(ours: Tensor, wanted: Rows | Tensor) -> bool:
    return torch.allclose(ours, torch.as_tensor(wanted, dtype=torch.float64), atol=1e-12)


# -- arithmetic of one convolution ------------------------------------------------------------------------------------


def shape_after(entry: Layer, *layers: Layer) -> str:
    facts = list(analyse(chain(entry, *layers)).facts.values())[-1]
    return str(facts.shape)


def test_sizes_of_single_layers():
    assert shape_after(picture(28, 28), conv(1, 5)) == "24×24×1"
    assert shape_after(picture(24, 24), pool()) == "12×12×1"
    assert shape_after(picture(52, 52), conv(15, 12, stride=2)) == "21×21×15"


@pytest.mark.parametrize("n", [7, 28, 31])
@pytest.mark.parametrize(("f", "stride", "pad", "d"), [(3, 1, 0, 1), (5, 2, 2, 1), (3, 2, 1, 2), (2, 3, 0, 3)])
def test_the_size_rule(n, f, stride, pad, d):
    covered = d * (f - 1) + 1
    wanted = (n - covered + 2 * pad) // stride + 1
    layer = conv(1, f, stride=stride, padding=pad, dilation=d)
    assert analyse(chain(picture(n, n), layer)).of("conv2").shape == Shape(1, (wanted, wanted))
    if d == 1 and 2 * pad <= f:
        pooled = analyse(chain(picture(n, n), pool(size=f, stride=stride, padding=pad))).of("pool2").shape
        assert pooled == Shape(1, (wanted, wanted))


FIVE = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
SEVEN = [
    [0, 1, 1, 1, 0, 0, 0],
    [0, 0, 1, 1, 1, 0, 0],
    [0, 0, 0, 1, 1, 1, 0],
    [0, 0, 0, 1, 1, 0, 0],
    [0, 0, 1, 1, 0, 0, 0],
    [0, 1, 1, 0, 0, 0, 0],
    [1, 1, 0, 0, 0, 0, 0],
]
CROSS = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
LETTER = [[0, 0.6, 0.6, 0], [0.6, 0, 0, 0.6], [0.6, 0.6, 0.6, 0.6], [0.6, 0, 0, 0.6]]
SOBEL = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]


def test_the_five_by_five_picture():
    assert close(filtered(FIVE, CROSS), [[4, 3, 4], [2, 4, 3], [2, 3, 4]])


def test_the_seven_by_seven_picture():
    wanted = [[1, 4, 3, 4, 1], [1, 2, 4, 3, 3], [1, 2, 3, 4, 1], [1, 3, 3, 1, 1], [3, 3, 1, 1, 0]]
    assert close(filtered(SEVEN, CROSS), wanted)


def test_the_letter_with_zero_padding():
    wanted = [[-1.2, -0.6, 0.6, 1.2], [-1.2, 0.6, -0.6, 1.2], [-1.2, 1.2, -1.2, 1.2], [-0.6, 1.2, -1.2, 0.6]]
    assert close(filtered(LETTER, SOBEL, padding=1), wanted)
    assert close(filtered(LETTER, SOBEL, padding="same"), wanted)


RGB = [[[156, 155], [153, 154]], [[167, 166], [164, 165]], [[163, 162], [160, 161]]]
THREE = [
    [[-1, -1, 1], [0, 1, -1], [0, 1, 1]],
    [[1, 0, 0], [1, -1, -1], [1, 0, -1]],
    [[0, 1, 1], [0, 1, 0], [1, -1, 1]],
]


def test_three_channels_and_a_bias_give_minus_25():
    assert result(conv(1, 3, padding=1), RGB, THREE, bias=1)[0, 0, 0].item() == -25
    parts = [filtered(plane, kernel, padding=1)[0, 0].item() for plane, kernel in zip(RGB, THREE, strict=True)]
    assert parts == [308, -498, 164]


OVERLAPPING = [[2, 1, 1, 3], [4, 5, 2, 1], [1, 4, 5, 3], [5, 1, 7, 6]]


def test_pools():
    assert close(result(pool(), [[[2, 3, 1, 9], [4, 7, 3, 5], [8, 2, 2, 2], [1, 3, 4, 5]]])[0], [[7, 9], [8, 5]])
    assert close(result(pool(stride=1), [OVERLAPPING])[0], [[5, 5, 3], [5, 5, 5], [5, 7, 7]])
    assert close(result(make("average_pool"), [OVERLAPPING])[0], [[3, 1.75], [2.75, 5.25]])


def test_the_identity_the_blurs_and_the_edges_do_what_their_names_say():
    inner = [row[1:-1] for row in LETTER[1:-1]]
    assert close(filtered(LETTER, [[0, 0, 0], [0, 1, 0], [0, 0, 0]]), inner)
    assert close(filtered(LETTER, [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]) - torch.tensor(inner).double(),
                 -filtered(LETTER, [[0, 1, 0], [1, -4, 1], [0, 1, 0]]))  # fmt: skip
    flat = [[3.0] * 5] * 5
    for blur in ([[1 / 9] * 3] * 3, [[k / 16 for k in row] for row in ([1, 2, 1], [2, 4, 2], [1, 2, 1])]):
        assert close(filtered(flat, blur), [[3.0] * 3] * 3)
    for edges in (
        [[1, 0, -1], [0, 0, 0], [-1, 0, 1]],
        [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
        [[-1] * 3, [-1, 8, -1], [-1] * 3],
    ):
        assert close(filtered(flat, edges), [[0.0] * 3] * 3)


def test_a_separable_kernel_is_two_passes_of_six_products_instead_of_nine():
    whole = filtered(LETTER, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    passes = filtered(filtered(LETTER, [[1], [2], [1]]).tolist(), [[-1, 0, 1]])
    assert torch.allclose(whole, passes, atol=1e-12)
    big = picture(100, 100)
    one = analyse(chain(big, conv(1, bias=False, padding="same")))
    two = analyse(chain(big, conv(1, (3, 1), bias=False, padding="same"), conv(1, (1, 3), bias=False, padding="same")))
    assert (one.totals.macs, two.totals.macs) == (9 * 100 * 100, 6 * 100 * 100)


def test_the_layer_slides_the_kernel_as_it_is_and_the_mathematical_convolution_turns_it():
    impulse = [[0.0] * 5 for _ in range(5)]
    impulse[2][2] = 1.0
    assert close(filtered(impulse, SOBEL), [row[::-1] for row in SOBEL[::-1]])
    assert close(filtered(impulse, [row[::-1] for row in SOBEL[::-1]]), SOBEL)


# -- sizes and parameters of whole networks ---------------------------------------------------------------------------


def shapes(report: Report) -> list[str]:
    return [str(report.of(node_id).shape) for node_id in report.in_order()]


def values(report: Report, *kinds: str) -> list[int]:
    found = [report.of(node.id).shape for node in report.graph.nodes.values() if node.layer.kind in kinds]
    return [shape.values for shape in found if shape]


def parameters(report: Report) -> list[int]:
    return [facts.parameters for facts in report.facts.values() if facts.parameters]


def test_values_of_pictures():
    assert picture(28, 28).output_shape().values == 784
    assert picture(28, 28, 3).output_shape().values == 2352
    assert picture(512, 512).output_shape().values == 262_144
    assert picture(512, 512, 3).output_shape().values == 786_432


def test_three_same_convolutions_and_pools():
    report = analyse(chain(picture(28, 28), same(32), pool(), same(64), pool(), same(128), pool()))
    assert values(report, "convolution", "max_pool") == [25_088, 6272, 12_544, 3136, 6272, 1152]
    assert shapes(report)[-1] == "3×3×128"


def test_shared_weights_against_a_dense_layer():
    assert analyse(chain(picture(28, 28), same(32, bias=False))).totals.parameters == 288
    between = make("dense", units=6272, bias=False)
    assert analyse(chain(picture(28, 28), make("flatten"), between)).totals.parameters == 784 * 6272 == 4_917_248


def test_thirty_by_thirty():
    layers = (
        conv(32),
        pool(),
        conv(64),
        pool(),
        conv(128),
        pool(),
        make("flatten"),
        dense(100),
        dense(3),
        make("softmax"),
    )
    report = analyse(chain(picture(30, 30), *layers))
    assert shapes(report)[1:] == [
        "28×28×32", "14×14×32", "12×12×64", "6×6×64", "4×4×128", "2×2×128", "512", "100", "3", "3",
    ]  # fmt: skip
    assert values(report, "convolution")[0] == 25_088
    assert values(report, "max_pool")[0] == 6272
    assert values(report, "flatten") == [512]


def test_letters():
    layers = (
        same(16, stride=2),
        make("relu"),
        pool(),
        make("flatten"),
        dense(512),
        make("relu"),
        dense(26),
        make("softmax"),
    )
    report = analyse(chain(picture(128, 128), *layers))
    assert shapes(report)[1:5] == ["64×64×16", "64×64×16", "32×32×16", "16,384"]
    assert parameters(report) == [160, 8_389_120, 13_338]
    assert report.totals.parameters == 8_402_618


def test_digits():
    layers = (conv(64), pool(), conv(64), pool(), conv(64), make("flatten"), make("dropout"), dense(10))
    report = analyse(chain(picture(28, 28), *layers))
    assert shapes(report)[1:] == ["26×26×64", "13×13×64", "11×11×64", "5×5×64", "3×3×64", "576", "576", "10"]
    assert parameters(report) == [640, 36_928, 36_928, 5770]
    assert report.totals.parameters == 80_266


def test_a_dense_layer_on_a_grey_picture():
    assert analyse(chain(picture(32, 32), make("flatten"), dense(10))).totals.parameters == 10_250


def lenet(size: int) -> Graph:
    layers = (conv(6, 5), pool(), conv(16, 5), pool(), make("flatten"), dense(120), dense(84), dense(10))
    return chain(picture(size, size), *layers)


def test_lenet():
    report = analyse(lenet(32))
    assert report.of("flatten6").shape == Shape(400)
    assert report.totals.parameters == 61_706
    larger = analyse(lenet(40))
    assert larger.of("flatten6").shape == Shape(784)
    assert larger.of("dense7").parameters != report.of("dense7").parameters
    assert [larger.of(node).parameters for node in ("conv2", "conv4")] == [156, 2416]


def test_alexnet_in_two_groups():
    features = (
        conv(96, 11, stride=4), pool(size=3), conv(256, 5, padding=2, groups=2), pool(size=3), same(384),
        same(384, groups=2), same(256, groups=2), pool(size=3),
    )  # fmt: skip
    report = analyse(chain(picture(227, 227, 3), *features, make("flatten"), dense(4096), dense(4096), dense(1000)))
    by_kind = {
        kind: sum(report.of(node.id).parameters for node in report.graph.of_kind(kind))
        for kind in ("convolution", "dense")
    }
    assert by_kind == {"convolution": 2_334_080, "dense": 58_631_144}
    assert report.totals.parameters == 60_965_224


def vgg(*stages: int) -> Graph:
    layers: list[Layer] = []
    for count, filters in zip(stages, (64, 128, 256, 512, 512), strict=True):
        layers += [same(filters)] * count + [pool()]
    return chain(picture(224, 224, 3), *layers, make("flatten"), dense(4096), dense(4096), dense(1000))


def test_vgg():
    assert analyse(vgg(2, 2, 3, 3, 3)).totals.parameters == 138_357_544
    assert analyse(vgg(2, 2, 4, 4, 4)).totals.parameters == 143_667_240


def resnet(*stages: int, bottleneck: bool) -> Graph:
    """He et al. 2015, with the projections and the stride in the 3×3 convolution as the reference code has it."""
    nodes: dict[str, Node] = {}
    inputs: dict[str, tuple[str, ...]] = {}

    def put(layer: Layer, *sources: str) -> str:
        node_id = f"{layer.stem}{len(nodes)}"
        nodes[node_id] = Node(node_id, layer, node_id)
        if sources:
            inputs[node_id] = sources
        return node_id

    def norm_conv(source: str, filters: int, kernel: int, stride: int = 1) -> str:
        layer = conv(filters, kernel, stride=stride, padding=kernel // 2, bias=False)
        return put(make("batch_norm"), put(layer, source))

    last = put(pool(size=3, padding=1), put(make("relu"), norm_conv(put(picture(224, 224, 3)), 64, 7, 2)))
    channels = 64
    for stage, count in enumerate(stages):
        width = 64 * 2**stage
        out = width * 4 if bottleneck else width
        for index in range(count):
            stride = 2 if stage and not index else 1
            plan = ((1, width, 1), (3, width, stride), (1, out, 1)) if bottleneck else ((3, width, stride), (3, out, 1))
            inner = last
            for step, (kernel, filters, pace) in enumerate(plan):
                inner = norm_conv(put(make("relu"), inner) if step else inner, filters, kernel, pace)
            short = norm_conv(last, out, 1, stride) if stride > 1 or channels != out else last
            last, channels = put(make("relu"), put(make("add"), inner, short)), out
    put(dense(1000), put(make("global_average_pool"), last))
    return Graph(nodes, inputs)


@pytest.mark.parametrize(
    ("graph", "count"),
    [
        (resnet(2, 2, 2, 2, bottleneck=False), 11_689_512),
        (resnet(3, 4, 6, 3, bottleneck=False), 21_797_672),
        (resnet(3, 4, 6, 3, bottleneck=True), 25_557_032),
    ],
    ids=["ResNet-18", "ResNet-34", "ResNet-50"],
)
def test_resnets(graph, count):
    report = analyse(graph)
    assert report.totals.parameters == count
    assert shapes(report)[-1] == "1,000"


def test_softmax_sums_to_one():
    network = compile_network(chain(picture(6, 6), make("flatten"), dense(4), make("softmax"), make("output"))).double()
    answers = network(torch.randn(5, 1, 6, 6, dtype=torch.float64))
    assert answers.shape == (5, 4)
    assert torch.allclose(answers.sum(dim=1), torch.ones(5, dtype=torch.float64))
