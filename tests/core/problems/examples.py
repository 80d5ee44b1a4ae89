"""Networks with one thing wrong each, most of them mistakes that students make."""

from collections.abc import Callable
from typing import Any

from cnn_studio.core.analysis import analyse
from cnn_studio.core.context import NOTHING, Context, DataFacts, WeightShapes
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.shapes import Shape
from cnn_studio.core.unknown import Unknown
from tests.helpers.networks import make

DIGITS = DataFacts("digits", Shape(1, (28, 28)), tuple("0123456789"))
LETTERS = DataFacts("letters", Shape(1, (28, 28)), tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))

Row = tuple[Any, ...]


def network(*rows: Row) -> Graph:
    """Layers as (id, layer, source, ...): without sources fed by the row above, with "" by nothing."""
    nodes: dict[str, Node] = {}
    inputs: dict[str, tuple[str, ...]] = {}
    last = ""
    for number, (node_id, layer, *sources) in enumerate(rows):
        nodes[node_id] = Node(node_id, layer, node_id, 160.0 * number)
        fed = tuple(one for one in (sources or [last]) if one)
        if fed:
            inputs[node_id] = fed
        last = node_id
    return Graph(nodes, inputs)


def picture(channels: int = 1, *sizes: int) -> Layer:
    return make("input", channels=channels, sizes=sizes or (28, 28))


def conv(filters: int = 8, kernel: Any = 3, **values: Any) -> Layer:
    return make("convolution", filters=filters, kernel=kernel, **values)


def dense(units: int = 10) -> Layer:
    return make("dense", units=units)


def pool(size: Any = 2, stride: Any = None, **values: Any) -> Layer:
    return make("max_pool", size=size, stride=stride or size, **values)


def weights_of(graph: Graph) -> WeightShapes:
    """The shapes of the weights that a network would have learned."""
    facts = analyse(graph).facts
    found = {
        node_id: {weight.name: weight.shape for weight in graph.nodes[node_id].layer.weights(*one.inputs)}
        for node_id, one in facts.items()
        if one.shape is not None
    }
    return {node_id: weights for node_id, weights in found.items() if weights}


ENTRY: tuple[Row, ...] = (("input1", picture(1, 28, 28)), ("conv1", conv(8)), ("relu1", make("relu")))
END: tuple[Row, ...] = (("gap1", make("global_average_pool")), ("dense9", dense()), ("output1", make("output")))


def lenet(size: int = 32, *, flatten: bool = True, units: int = 10, first: int = 6) -> Graph:
    rows: list[Row] = [
        ("input1", picture(1, size, size)), ("conv1", conv(first, 5)), ("relu1", make("relu")), ("pool1", pool()),
        ("conv2", conv(16, 5)), ("relu2", make("relu")), ("pool2", pool()),
    ]  # fmt: skip
    if flatten:
        rows.append(("flatten1", make("flatten")))
    rows += [
        ("dense1", dense(120)), ("relu3", make("relu")), ("dense2", dense(84)), ("relu4", make("relu")),
        ("dense3", dense(units)), ("softmax1", make("softmax")), ("output1", make("output")),
    ]  # fmt: skip
    return network(*rows)


def after_entry(*rows: Row) -> Graph:
    """The rows between a first convolution and an end by global pooling."""
    return network(*ENTRY, *rows, *END)


def branches(join: Layer, left: tuple[Row, ...], right: tuple[Row, ...], *end: Row) -> Graph:
    """Two ways from relu1 to a layer that joins them; the first row of each way says where it starts."""
    return network(*ENTRY, *left, *right, ("join1", join, left[-1][0], right[-1][0]), *(end or END))


def cycle() -> Graph:
    graph = after_entry(("add1", make("add"), "relu1"), ("conv2", conv(8, padding="same")), ("relu2", make("relu")))
    return Graph(graph.nodes, {**graph.inputs, "add1": ("relu1", "relu2")})


def two_cycles() -> Graph:
    graph = after_entry(
        ("add1", make("add"), "relu1"), ("relu2", make("relu")), ("add2", make("add"), "relu2"), ("relu3", make("relu")),
    )  # fmt: skip
    return Graph(graph.nodes, {**graph.inputs, "add1": ("relu1", "relu3"), "add2": ("relu2", "relu3")})


def ring_without_entry() -> Graph:
    """relu2 and dropout1 feed each other, and nothing feeds them."""
    graph = network(
        *ENTRY, *END, ("relu2", make("relu"), ""), ("dropout1", make("dropout")), ("relu4", make("relu"), "conv1")
    )
    return Graph(graph.nodes, {**graph.inputs, "relu2": ("dropout1",)})


def fed_input() -> Graph:
    graph = network(("input2", picture(), ""), *ENTRY, *END)
    return Graph(graph.nodes, {**graph.inputs, "input1": ("input2",)})


def convolutions(*kernels: int, size: int) -> Graph:
    rows: list[Row] = [("input1", picture(1, size, size))]
    for number, kernel in enumerate(kernels, 1):
        rows += [(f"conv{number}", conv(8, kernel, padding="same")), (f"relu{number}", make("relu"))]
    return network(*rows, *END)


def ring_rows() -> list[Row]:
    return [
        ("output1", make("output"), "relu1"),
        ("relu1", make("relu"), "dropout1"),
        ("dropout1", make("dropout"), "relu1"),
    ]


def after_one_convolution() -> Graph:
    return network(*ENTRY, ("flatten1", make("flatten")), ("dense1", dense(512)), ("relu2", make("relu")), *END[1:])


def wide_lenet(width: int) -> Graph:
    graph = lenet(32)
    entry = graph.nodes["input1"]
    wide = Node(entry.id, picture(1, width // 2, width), entry.name, entry.x, entry.y)
    return Graph({**graph.nodes, "input1": wide}, graph.inputs)


WIDE: Row = ("input1", picture(1, 28, 28))

Example = tuple[str, Callable[[], Graph], Context]
"""The code of the problem, the network, and what is known besides."""

EXAMPLES: dict[str, Example] = {
    # -- structure
    "nothing at all": ("empty", Graph, NOTHING),
    "nothing at all, for digits": ("empty", Graph, Context(DIGITS)),
    "no Input": ("no_input", lambda: network(("conv1", conv(), ""), ("relu1", make("relu")), *END), Context(DIGITS)),
    "no Input and nothing to feed": ("no_input", lambda: network(*ring_rows()), NOTHING),
    "two Inputs": ("several_inputs", lambda: network(*ENTRY, ("input2", picture(), ""), ("conv2", conv()),
                   ("add1", make("add"), "relu1", "conv2"), *END), NOTHING),
    "no Output": ("no_output", lambda: network(*ENTRY, ("flatten1", make("flatten")), ("dense1", dense())), NOTHING),
    "no Output after maps": ("no_output", lambda: network(*ENTRY), NOTHING),
    "no Output after maps, for letters": ("no_output", lambda: network(*ENTRY), Context(LETTERS)),
    "no Output after too few units": ("no_output", lambda: network(*ENTRY, *END[:-1]), Context(LETTERS)),
    "two Outputs": ("several_outputs", lambda: network(*ENTRY, *END, ("output2", make("output"), "dense9")), NOTHING),
    "a circle": ("cycle", cycle, NOTHING),
    "two circles in one": ("cycle", two_cycles, NOTHING),
    "a circle that nothing enters": ("cycle", ring_without_entry, NOTHING),
    "Output not connected": ("unconnected", lambda: network(*ENTRY, *END[:-1], ("output1", make("output"), "")), NOTHING),
    "a layer left lying about": ("unconnected", lambda: network(*ENTRY, *END, ("conv2", conv(), "")), NOTHING),
    "a gap": ("unreached", lambda: network(*ENTRY, ("conv2", conv(), ""), ("relu2", make("relu")), *END), NOTHING),
    "a second way that starts nowhere": ("unreached", lambda: network(*ENTRY, *END, ("conv2", conv(), ""),
                                         ("relu2", make("relu"))), NOTHING),
    "Add with one input": ("few_inputs", lambda: after_entry(("add1", make("add"))), NOTHING),
    "a way that leads nowhere": ("dead_end", lambda: network(*ENTRY, *END, ("conv2", conv(), "relu1"),
                                 ("relu2", make("relu"))), NOTHING),
    "a second answer without an Output": ("dead_end", lambda: network(*ENTRY, *END, ("gap0", END[0][1], "relu1"), ("dense0", dense())), Context(DIGITS)),
    "two layers into one": ("too_many_inputs", lambda: after_entry(("conv2", conv(8, padding="same")), ("relu2", make("relu")),
                            ("pool1", pool(), "relu1", "relu2")), NOTHING),
    "something into the Input": ("too_many_inputs", fed_input, NOTHING),
    # -- one layer that does not fit
    "no Flatten": ("needs_vector", lambda: lenet(flatten=False), NOTHING),
    "a dense layer on the picture": ("needs_vector", lambda: network(WIDE, ("dense1", dense()), ("output1", make("output"))), NOTHING),
    "kernel too large": ("kernel_too_large", lambda: after_entry(("pool1", pool(4)), ("conv2", conv(8, 7)), ("relu2", make("relu"))), NOTHING),
    "dilated kernel too large": ("kernel_too_large", lambda: after_entry(("pool1", pool(4)), ("conv2", conv(8, 3, dilation=4)), ("relu2", make("relu"))), NOTHING),
    "pool too large": ("kernel_too_large", lambda: after_entry(("pool1", pool(8)), ("pool2", pool(4))), NOTHING),
    "pool with too much padding": ("pool_padding", lambda: after_entry(("pool1", pool(3, 2, padding=2))), NOTHING),
    "mean beyond the film": ("window_beyond_map", lambda: network(("input1", picture(1, 2, 8, 8)), ("conv1", conv(8, (1, 3, 3))),
                             ("relu1", make("relu")), ("pool1", make("average_pool", size=3, padding=1)), *END), NOTHING),
    "everything cut away": ("shrinks_to_nothing", lambda: after_entry(("pool1", pool(13)), ("deconv1", make("transposed_convolution", filters=8, padding=3)),
                            ("relu2", make("relu"))), NOTHING),
    "extra size": ("extra_size", lambda: after_entry(("deconv1", make("transposed_convolution", filters=8, extra=2)), ("relu2", make("relu"))), NOTHING),
    "crop of everything": ("crop", lambda: after_entry(("crop1", make("crop", before=14, after=14))), NOTHING),
    "crop of a point": ("crop", lambda: after_entry(("pool1", pool(26)), ("crop1", make("crop"))), NOTHING),
    "wrapped too far": ("padding_mode", lambda: after_entry(("pool1", pool(13)), ("conv2", conv(8, 7, padding=3, padding_mode="circular")),
                          ("relu2", make("relu"))), NOTHING),
    "too many values": ("too_large", lambda: network(("input1", picture(3, 1_000_000, 1_000_000)), *ENTRY[1:], *END), NOTHING),
    "too many maps": ("too_large", lambda: network(("input1", picture(1, 60_000, 60_000)), ("conv1", conv(60_000)), *ENTRY[2:], *END), NOTHING),
    "too many weights": ("too_many_parameters", lambda: network(("input1", make("input", channels=65_536, sizes=(100, 100))), ("flatten1", make("flatten")),
                         ("dense1", dense(1_000_000)), ("relu1", make("relu")), ("dense2", dense()), ("output1", make("output"))), NOTHING),
    "convolution after Flatten": ("vector", lambda: after_entry(("flatten1", make("flatten")), ("conv2", conv()), ("relu2", make("relu"))), NOTHING),
    "convolution after a shared Flatten": ("vector", lambda: after_entry(("flatten1", make("flatten")), ("aux1", make("auxiliary_output")),
                                           ("conv2", conv(), "flatten1"), ("relu2", make("relu"))), NOTHING),
    "spatial dropout on a row": ("vector", lambda: network(*ENTRY, END[0], ("dropout1", make("spatial_dropout", rate=0.3)), *END[1:]), NOTHING),
    "instance normalization of a row": ("vector", lambda: network(*ENTRY, END[0], ("norm1", make("instance_norm")), *END[1:]), NOTHING),
    "a kernel for pictures on sound": ("axes", lambda: network(("input1", picture(1, 64)), ("conv1", conv(8, (5, 5), stride=(2, 2))), ("relu1", make("relu")), *END), NOTHING),
    "reshaped wrongly": ("reshape", lambda: network(("input1", make("input", channels=100, sizes=())), ("dense1", dense(1568)), ("relu1", make("relu")),
                         ("reshape1", make("reshape", target=(30, 7, 7))), ("conv1", conv()), ("relu2", make("relu")), *END), NOTHING),
    "groups and channels": ("groups_input", lambda: after_entry(("conv2", conv(12, groups=3)), ("relu2", make("relu"))), NOTHING),
    "groups and filters": ("groups_filters", lambda: after_entry(("conv2", conv(10, groups=4)), ("relu2", make("relu"))), NOTHING),
    "instance normalization of points": ("one_value", lambda: after_entry(("pool1", pool(26)), ("norm1", make("instance_norm"))), NOTHING),
    "a kind from the future": ("unknown_kind", lambda: after_entry(("gizmo1", Unknown(original="gizmo"))), NOTHING),
    # -- branches
    "a block that loses its border": ("sizes_differ", lambda: branches(make("add"), (("relu1x", make("relu"), "conv1"),),
                                      (("conv2", conv(8), "relu1"), ("relu2", make("relu")))), NOTHING),
    "a block that halves": ("sizes_differ", lambda: branches(make("add"), (("dropout1", make("dropout"), "relu1"),),
                            (("conv2", conv(16, stride=2, padding=1), "relu1"), ("norm1", make("batch_norm")))), NOTHING),
    "a U without its skip": ("sizes_differ", lambda: branches(make("concatenate"), (("dropout1", make("dropout"), "relu1"),),
                             (("pool1", pool(), "relu1"), ("conv2", conv(16, padding="same")), ("relu2", make("relu")))), NOTHING),
    "sizes without a ratio": ("sizes_differ", lambda: branches(make("multiply"), (("pool0", pool(5), "relu1"),), (("pool1", pool(2), "relu1"),)), NOTHING),
    "more channels in the block": ("channels_differ", lambda: branches(make("add"), (("dropout1", make("dropout"), "relu1"),),
                                   (("conv2", conv(16, padding="same"), "relu1"), ("norm1", make("batch_norm")))), NOTHING),
    "two dense ways": ("channels_differ", lambda: branches(make("multiply"), (("gap0", make("global_average_pool"), "relu1"), ("dense1", dense(16))),
                       (("gmp0", make("global_max_pool"), "relu1"), ("dense2", dense(24))), ("relu9", make("relu")), *END[1:]), NOTHING),
    "maps and a row": ("ranks_differ", lambda: branches(make("concatenate"), (("dropout1", make("dropout"), "relu1"),),
                       (("gap0", make("global_average_pool"), "relu1"), ("relu2", make("relu"))), *END[1:]), NOTHING),
    "attention without Reshape": ("ranks_differ", lambda: branches(make("multiply"), (("dropout1", make("dropout"), "relu1"),),
                                  (("gap0", make("global_average_pool"), "relu1"), ("sigmoid1", make("sigmoid")))), NOTHING),
    # -- data
    "pictures of another size": ("input_sample", lambda: lenet(32), Context(DIGITS)),
    "ten units for letters": ("units_classes", lambda: lenet(28, units=10), Context(LETTERS)),
    "maps for letters": ("units_classes", lambda: network(*ENTRY, END[0], END[-1]), Context(LETTERS)),
    "maps for letters, as probabilities": ("units_classes", lambda: network(*ENTRY, END[0], ("softmax1", make("softmax")), END[-1]), Context(LETTERS)),
    "a row without dense layer": ("units_classes", lambda: network(("input1", picture()), ("flatten1", make("flatten")), END[-1]), Context(DIGITS)),
    "an auxiliary output too small": ("units_classes", lambda: network(*ENTRY, ("gap0", make("global_average_pool")), ("dense0", dense(9)),
                                      ("aux1", make("auxiliary_output")), ("gap1", END[0][1], "relu1"), *END[1:]), Context(DIGITS)),
    "no classes": ("units_classes", lambda: network(*ENTRY, *END), Context(DataFacts("nothing", Shape(1, (28, 28)), ()))),
    "Output after maps": ("output_maps", lambda: network(*ENTRY, END[-1]), NOTHING),
    "Output after maps, for digits": ("output_maps", lambda: network(*ENTRY, END[-1]), Context(DIGITS)),
    # -- habits
    "no activation": ("no_activation", lambda: after_entry(("conv2", conv()), ("norm1", make("batch_norm")), ("conv3", conv()), ("relu3", make("relu"))), NOTHING),
    "no activation between dense layers": ("no_activation", lambda: network(*ENTRY, END[0], ("dense1", dense(20)), ("dropout1", make("dropout")), *END[1:]), NOTHING),
    "two activations": ("activation_twice", lambda: after_entry(("dropout1", make("dropout")), ("relu2", make("relu"))), NOTHING),
    "ReLU before Softmax": ("activation_twice", lambda: network(*ENTRY, *END[:-1], ("relu2", make("relu")), ("softmax1", make("softmax")), END[-1]), NOTHING),
    "Softmax twice": ("softmax_twice", lambda: network(*ENTRY, *END[:-1], ("softmax1", make("softmax")), ("softmax2", make("softmax")), END[-1]), NOTHING),
    "Softmax before a dense layer": ("softmax_inside", lambda: network(*ENTRY, END[0], ("dense1", dense(20)), ("softmax1", make("softmax")), *END[1:]), NOTHING),
    "Softmax before ReLU": ("softmax_inside", lambda: network(*ENTRY[:2], ("softmax1", make("softmax")), ENTRY[2], *END), NOTHING),
    "Dropout before normalization": ("dropout_before_norm", lambda: after_entry(("dropout1", make("dropout")), ("norm1", make("batch_norm"))), NOTHING),
    "a shared dropout before normalization": ("dropout_before_norm", lambda: after_entry(("dropout1", make("dropout")), ("norm1", make("batch_norm")),
                                              ("add1", make("add"), "norm1", "dropout1")), NOTHING),
    "batch normalization of points": ("batch_statistics", lambda: after_entry(("pool1", pool(26)), ("norm1", make("batch_norm"))), NOTHING),
    "batches of one": ("batch_statistics", lambda: network(*ENTRY, END[0], ("norm1", make("batch_norm")), *END[1:]), Context(batch=1)),
    "groups of one value": ("normalized_away", lambda: network(*ENTRY, END[0], ("norm1", make("group_norm", groups=8)), *END[1:]), NOTHING),
    "layer of one value": ("normalized_away", lambda: network(*ENTRY, END[0], ("dense1", dense(1)), ("norm1", make("layer_norm")), ("relu2", make("relu")), *END[1:]), NOTHING),
    "even kernel": ("even_same", lambda: after_entry(("conv2", conv(8, 4, padding="same")), ("relu2", make("relu"))), NOTHING),
    "even kernel on one axis": ("even_same", lambda: after_entry(("conv2", conv(8, (3, 2), padding="same")), ("relu2", make("relu"))), NOTHING),
    "a border left out": ("dropped_pixels", lambda: after_entry(("pool1", pool(4))), NOTHING),
    "a border left out in spite of padding": ("dropped_pixels", lambda: after_entry(("conv2", conv(8, 5, stride=5, padding=1)), ("relu2", make("relu"))), NOTHING),
    "jumped over": ("dropped_pixels", lambda: after_entry(("conv2", conv(8, 1, stride=2)), ("relu2", make("relu"))), NOTHING),
    "dilation with a stride": ("dropped_pixels", lambda: after_entry(("conv2", conv(8, 3, stride=2, dilation=2)), ("relu2", make("relu"))), NOTHING),
    # -- cost
    "one heavy layer": ("dense_share", after_one_convolution, NOTHING),
    "short-sighted": ("receptive_field", lambda: convolutions(3, 3, size=28), NOTHING),
    "a little short-sighted": ("receptive_field", lambda: convolutions(3, 3, 3, 3, 3, 3, size=28), NOTHING),
    "more memory than there is": ("memory", lambda: convolutions(9, 9, size=64), Context(memory=50_000_000)),
    "not even one picture": ("memory", lambda: convolutions(9, 9, size=64), Context(memory=1_000_000, batch=2)),
    "weights beyond the memory": ("memory", after_one_convolution, Context(memory=40_000_000, batch=1)),
    # -- learned weights
    "LeNet on larger pictures": ("trained_input", lambda: lenet(40), Context(trained=weights_of(lenet(32)))),
    "LeNet on wider pictures": ("trained_input", lambda: wide_lenet(48), Context(trained=weights_of(wide_lenet(40)))),
    "dense part fed anew": ("trained_input", lambda: network(("input1", make("input", channels=30, sizes=())), ("dense1", dense()), END[-1]),
                            Context(trained={"dense1": {"weight": (10, 20), "bias": (10,)}})),
    "more filters than learned": ("trained_weights", lambda: lenet(32, first=8), Context(trained=weights_of(lenet(32)))),
    "another kind under an old name": ("trained_weights", lambda: lenet(32), Context(trained={"conv2": {"weight": (3,), "bias": (3,), "more": (4,)}})),
    "normalization of other channels": ("trained_weights", lambda: after_entry(("norm1", make("batch_norm"))),
                                        Context(trained={"norm1": dict.fromkeys(("weight", "bias", "running_mean", "running_var"), (6,))})),
}  # fmt: skip
