"""What a unit sees: the reach that the analysis gives against the pixels whose gradient is not zero."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
import torch
from torch import nn

from cnn_studio.core.analysis import Report, analyse
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.shapes import WHOLE, Reach, Shape, Step, extend_reach, input_reach, merge_reach
from cnn_studio.engine.compile import Network, compile_network
from tests.helpers.networks import Taste, chain, make, random_network

EXACT = Taste(
    layers=(1, 7),
    ranks=(1, 2, 2, 3),
    absurd=0.0,
    kinds=(
        "convolution", "depthwise_convolution", "separable_convolution", "max_pool", "average_pool", "crop",
        "zero_padding", "relu", "batch_norm", "add", "concatenate",
    ),
    keep_refused=False,
)  # fmt: skip
"""Networks in which every pixel between the lowest and the highest tap is said exactly."""
ENLARGING = replace(
    EXACT, kinds=(*EXACT.kinds, "transposed_convolution", "upsample", "adaptive_average_pool", "multiply")
)
"""Networks with positions between pixels: the reach is a bound that some unit meets."""

Box = list[tuple[int, int]]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Small tensors gain nothing from threads, and lose much where tests run side by side."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def with_means(graph: Graph) -> Graph:
    """The graph with means for maxima, which hide no gradient."""
    return graph.with_nodes({node.id: replace(node, layer=mean_of(node.layer)) for node in graph.nodes.values()})


def mean_of(layer: Layer) -> Layer:
    if layer.kind != "max_pool":
        return layer
    return make("average_pool", **{name: getattr(layer, name) for name in ("size", "stride", "padding", "ceil")})


def with_zeros(graph: Graph) -> Graph:
    """The graph with zeros for padding: the other modes show pixels of the picture outside it."""
    return graph.with_nodes(
        {
            node.id: replace(node, layer=node.layer.model_copy(update={"padding_mode": "zeros"}))
            if hasattr(node.layer, "padding_mode")
            else node
            for node in graph.nodes.values()
        }
    )


def with_positive_weights(network: Network) -> Network:
    for value in network.parameters():
        nn.init.uniform_(value.requires_grad_(False), 0.5, 1.0)
    return network.eval().double()


def drawn(seeds: range, taste: Taste) -> Iterator[tuple[int, Graph, Report]]:
    """Random networks that PyTorch can run with means for maxima, and their analysis with the maxima."""
    for seed in seeds:
        graph = with_zeros(random_network(Random(seed), taste))
        report = analyse(graph)
        means = analyse(with_means(graph)).facts.values()
        if all(facts.error is None for facts in means) and report.totals.macs < 2e6:
            yield seed, graph, report


def seen_by(values: torch.Tensor, picture: torch.Tensor, unit: tuple[int, ...]) -> Box | None:
    """The smallest and the largest pixel along each axis that the unit depends on; None when on none."""
    sums = values[0].sum(0)
    (gradient,) = torch.autograd.grad(sums[unit], picture, retain_graph=True)
    seen = gradient[0].sum(0).nonzero()
    return [(int(axis.min()), int(axis.max())) for axis in seen.T] if len(seen) else None


def said(reach: Reach, unit: tuple[int, ...]) -> list[tuple[float, float]]:
    """What the analysis says that the unit sees, within the picture."""
    return [
        (max(step.low + o * step.jump, 0), min(step.high + o * step.jump, size - 1))
        for step, o, size in zip(reach.steps, unit, reach.picture, strict=True)
    ]


def inside(graph: Graph, report: Report, node_id: str, unit: tuple[int, ...]) -> bool:
    """Whether no value on the way from the picture to the unit lies outside its map."""
    wanted = {node_id: [(o, o) for o in unit]}
    for current in reversed(report.in_order()):
        if current not in wanted:
            continue
        facts = report.of(current)
        box = wanted[current]
        assert facts.shape is not None
        if any(low < 0 or high >= size for (low, high), size in zip(box, facts.shape.sizes, strict=True)):
            return False
        steps = graph.nodes[current].layer.window(*facts.inputs) or (Step(0, 0, 1),) * len(unit)
        for source in graph.inputs_of(current):
            before = wanted.get(source, [(10**9, -(10**9))] * len(unit))
            wanted[source] = [
                (int(min(a, low * jump + first)), int(max(b, high * jump + last)))
                for (a, b), (low, high), (first, last, jump) in zip(before, box, steps, strict=True)
            ]
    return True


def some_units(rng: Random, shape: Shape) -> list[tuple[int, ...]]:
    """A corner, the middle and a place at random."""
    return [
        (0,) * shape.rank,
        tuple(size // 2 for size in shape.sizes),
        tuple(rng.randrange(size) for size in shape.sizes),
    ]


def probes(graph: Graph, report: Report, seed: int) -> Iterator[tuple[str, Reach, tuple[int, ...], Box | None]]:
    """Units of every layer that does not see the whole picture, with what their gradient says."""
    network = with_positive_weights(compile_network(with_means(graph)))
    shape = graph.of_kind("input")[0].layer.output_shape()
    picture = torch.rand(1, shape.channels, *shape.sizes, dtype=torch.float64).add_(0.5).requires_grad_()
    rng = Random(seed)
    for node_id, values in network.walk(picture):
        facts = report.of(node_id)
        if facts.reach and facts.shape and not facts.reach.whole:
            for unit in some_units(rng, facts.shape):
                yield node_id, facts.reach, unit, seen_by(values, picture, unit)


@pytest.mark.parametrize("start", [0, 150])
def test_inside_the_picture_the_reach_is_exactly_that_of_the_gradient(start):
    compared = 0
    for seed, graph, report in drawn(range(start, start + 150), EXACT):
        for node_id, reach, unit, seen in probes(graph, report, seed):
            if seen is not None:
                assert all(
                    a <= low and high <= b for (a, b), (low, high) in zip(said(reach, unit), seen, strict=True)
                ), seed
            if inside(graph, report, node_id, unit):
                assert seen == said(reach, unit), (seed, node_id, unit)
                compared += 1
    assert compared > 300


@pytest.mark.parametrize("start", [0, 150])
def test_behind_layers_that_enlarge_nothing_outside_the_reach_is_seen(start):
    compared = 0
    for seed, graph, report in drawn(range(start, start + 150), ENLARGING):
        for node_id, reach, unit, seen in probes(graph, report, seed):
            for (a, b), (low, high), field in zip(said(reach, unit), seen or (), reach.receptive_field, strict=False):
                assert a - 1e-6 <= low <= high <= b + 1e-6, (seed, node_id, unit)
                assert high - low + 1 <= field, (seed, node_id, unit)
                compared += 1
    assert compared > 300


WHOLE_PICTURE = [
    (make("flatten"), make("dense", units=2)),
    (make("flatten"), make("softmax")),
    (make("global_average_pool"),),
    (make("global_max_pool"),),
    (make("adaptive_average_pool"),),
    (make("layer_norm"),),
    (make("group_norm", groups=2),),
    (make("instance_norm"),),
    (make("reshape", target=(4, 36)), make("convolution", kernel=36)),
]


@pytest.mark.parametrize("layers", WHOLE_PICTURE, ids=lambda layers: layers[-1].kind)
def test_layers_that_mix_all_places_see_the_whole_picture(layers):
    start = (make("input", channels=2, sizes=(6, 6)), make("convolution", filters=4, padding="same"))
    graph = chain(*start, *layers, make("tanh"), make("output"))
    report = analyse(graph)
    (last,) = graph.of_kind("tanh")
    reach = report.of(last.id).reach
    assert reach is not None
    assert reach.whole
    assert reach.receptive_field == (6, 6)
    assert reach.jump == ()
    torch.manual_seed(0)
    picture = torch.randn(1, 2, 6, 6, dtype=torch.float64, requires_grad=True)
    values = compile_network(graph).double().forward_all(picture)[last.id]
    weights = torch.rand_like(values)
    (gradient,) = torch.autograd.grad((values * weights).sum(), picture)
    assert gradient.count_nonzero() == gradient.numel() or layers[-1].kind == "global_max_pool"


@pytest.mark.parametrize(
    ("layers", "field", "jump"),
    [
        ((make("convolution"),), 3, 1),
        ((make("convolution"), make("convolution")), 5, 1),
        ((make("convolution"), make("max_pool"), make("convolution")), 8, 2),
        ((make("convolution", dilation=2), make("average_pool", size=3, stride=2)), 7, 2),
        ((make("max_pool"), make("upsample"), make("convolution")), 5, 1),  # a bound: some units see 4
        ((make("transposed_convolution", kernel=4), make("convolution", kernel=1)), 2, 0.5),
        ((make("upsample", factor=3), make("convolution", kernel=4)), 2, 1 / 3),
        ((make("upsample", mode="linear"),), 3, 0.5),
        ((make("crop"), make("zero_padding", before=2), make("convolution")), 3, 1),
        ((make("adaptive_average_pool", sizes=8),), 4, 4),
        ((make("adaptive_average_pool", sizes=5),), 8, 6.4),
    ],
)
def test_the_receptive_field_of_known_stacks(layers, field, jump):
    graph = chain(make("input", channels=1, sizes=(32,)), *layers)
    reach = list(analyse(graph).facts.values())[-1].reach
    assert reach is not None
    assert reach.receptive_field == (field,)
    assert reach.jump == pytest.approx((jump,))


def test_joined_branches_see_what_any_of_them_sees():
    near = Reach((Step(-1, 1, 2),), (9,))
    far = Reach((Step(-3, 0, 2),), (9,))
    assert merge_reach((near, far)) == Reach((Step(-3, 1, 2),), (9,))
    assert merge_reach((near, Reach((Step(0, 0, 1),), (9,)))).whole
    assert merge_reach((near, Reach(near.steps, (9,), True))).whole
    assert merge_reach((near, input_reach((9, 9)))).whole


def test_what_sees_the_whole_picture_goes_on_doing_so():
    reach = input_reach((9, 9))
    assert extend_reach(reach, ()) is reach
    whole = extend_reach(reach, WHOLE)
    assert whole.whole
    assert extend_reach(whole, (Step(-1, 1, 1), Step(-1, 1, 1))) is whole
    assert extend_reach(reach, (Step(-1, 1, 1),)).whole
