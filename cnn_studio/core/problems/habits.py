"""Layers that fit, in an order or with settings that are probably not meant."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnn_studio.core.analysis import Facts
from cnn_studio.core.calls import compact
from cnn_studio.core.graph import Node
from cnn_studio.core.layers.activation import Activation, PReLU
from cnn_studio.core.layers.base import Family
from cnn_studio.core.layers.convolution import Convolution, TransposedConvolution
from cnn_studio.core.layers.dense import Dense
from cnn_studio.core.layers.normalization import BatchNorm, GroupNorm, LayerNorm, Normalization
from cnn_studio.core.layers.separable import DepthwiseConvolution, SeparableConvolution
from cnn_studio.core.problems.base import ERROR, WARNING, Fix, Problem, Scene, habit
from cnn_studio.core.problems.mending import insert, recipe, removing, replacing, setting, swap
from cnn_studio.core.words import say
from cnn_studio.i18n import N_

DROPOUTS = frozenset(["dropout", "spatial_dropout", "gaussian_noise"])
RESHAPES = frozenset(["flatten", "reshape"])
LINEAR = DROPOUTS | RESHAPES | {"batch_norm", "average_pool", "global_average_pool", "zero_padding", "crop", "upsample"}
"""Kinds that compute sums only (at the time of use): they cannot stand for an activation."""
WEIGHTED = frozenset(
    ["convolution", "transposed_convolution", "depthwise_convolution", "separable_convolution", "dense"]
)
KERNELS = (Convolution, TransposedConvolution, DepthwiseConvolution, SeparableConvolution)


# -- activations ------------------------------------------------------------------------------------------------------


@habit("no_activation", *KERNELS, Dense)
def no_activation(scene: Scene, node: Node, facts: Facts) -> Problem | None:
    """Two weighted sums in a row are one weighted sum."""
    first = scene.before(node, LINEAR)
    if first is None or first.layer.kind not in WEIGHTED or _linear_on_purpose(scene, first, node, facts):
        return None
    return Problem(
        "no_activation", WARNING, (node.id, first.id),
        say(N_("There is no activation between {first} and {second}: A·(B·x) = (A·B)·x, so the two can do no more than one."),
            first=first.name, second=node.name),
        say(N_("Only a bend between two weighted sums, such as ReLU, lets the second see what the first could not.")),
        lambda scene: _bending(scene, first, node),
    )  # fmt: skip


def _linear_on_purpose(scene: Scene, first: Node, second: Node, facts: Facts) -> bool:
    """Whether two convolutions stand for one that is cut in parts: by channels and pixels, by axes, by a narrow middle."""
    one, two = first.layer, second.layer
    if isinstance(one, Dense) or isinstance(two, Dense):
        return False
    if isinstance(one, DepthwiseConvolution) or isinstance(two, DepthwiseConvolution):
        return True
    before = scene.facts(first)
    assert before.shape is not None
    assert facts.shape is not None
    middle = before.shape.channels
    if middle < before.inputs[0].channels and middle < facts.shape.channels:
        return True
    if isinstance(one, Convolution) and isinstance(two, Convolution):
        if one.groups == before.inputs[0].channels > 1 or two.groups == middle > 1:
            return True
        if isinstance(one.kernel, tuple) and isinstance(two.kernel, tuple):
            return all(min(pair) == 1 for pair in zip(one.kernel, two.kernel, strict=True))
    return False


def _bending(scene: Scene, first: Node, second: Node) -> Iterator[Fix]:
    """ReLU after the first of the two, or after the normalization that follows it."""
    target = second
    for node in (second, *scene.back(second)):
        source = scene.source(node)
        if source.id == first.id or source.layer.kind == "batch_norm":
            target = node
            break
    source = scene.source(target)
    label = say(N_("Insert ReLU after {name}"), name=source.name)
    yield Fix("insert_relu", label, lambda graph: insert(graph, source.id, target.id, recipe("relu")))


@habit("activation_twice", Activation, PReLU)
def activation_twice(scene: Scene, node: Node, _facts: Facts) -> Problem | None:
    """An activation of an activation."""
    first = scene.before(node, DROPOUTS)
    if first is None or first.layer.family is not Family.ACTIVATION or first.layer.kind == "softmax":
        return None
    detail = say(
        N_("The second bends what is already bent; one activation after each convolution or dense layer is enough.")
    )
    if node.layer.kind == "softmax":
        detail = say(
            N_("Softmax compares the scores of the classes, and {name} has already changed them."), name=first.name
        )

    def propose(_scene: Scene) -> Iterator[Fix]:
        yield removing(first)
        if node.layer.kind != "softmax":
            yield removing(node)

    return Problem(
        "activation_twice", WARNING, (node.id, first.id),
        say(N_("Two activations follow each other: {first} ({kind_first}) and {second} ({kind_second})."),
            first=first.name, second=node.name, kind_first=say(first.layer.label), kind_second=say(node.layer.label)),
        detail, propose,
    )  # fmt: skip


@habit("softmax_inside", *KERNELS, Dense, Activation, PReLU, Normalization)
def softmax_inside(scene: Scene, node: Node, _facts: Facts) -> Problem | None:
    """Softmax where the network goes on."""
    first = scene.before(node, DROPOUTS | RESHAPES)
    if first is None or first.layer.kind != "softmax":
        return None
    twice = node.layer.kind == "softmax"
    words = (
        say(N_("Softmax stands twice: {second} takes the probabilities of {first} for scores."), first=first.name, second=node.name)
        if twice else
        say(N_("{first} is a Softmax in the middle of the network: {second} comes after it."), first=first.name, second=node.name)
    )  # fmt: skip
    detail = (
        say(N_("Probabilities lie between 0 and 1, so the second Softmax makes all classes nearly alike: at most e¹/e⁰ = 2.7 to 1."))
        if twice else
        say(N_("It makes all values compete for a sum of 1, and little of the signal is left for the layers after it."))
    )  # fmt: skip

    def propose(_scene: Scene) -> Iterator[Fix]:
        yield removing(first)
        if not twice and node.layer.family is not Family.ACTIVATION:
            yield replacing("use_relu", say(N_("ReLU instead of {name}"), name=first.name), first, recipe("relu"))

    return Problem("softmax_twice" if twice else "softmax_inside", WARNING, (node.id, first.id), words, detail, propose)


# -- normalization ----------------------------------------------------------------------------------------------------


@habit("dropout_before_norm", Normalization)
def dropout_before_norm(scene: Scene, node: Node, _facts: Facts) -> Problem | None:
    """Dropout that disturbs the statistics of a normalization."""
    dropout = scene.source(node)
    if dropout.layer.kind not in ("dropout", "spatial_dropout"):
        return None

    def propose(scene: Scene) -> Iterator[Fix]:
        if scene.graph.outputs_of(dropout.id) == (node.id,):
            label = say(N_("Swap {first} and {second}"), first=dropout.name, second=node.name)
            yield Fix("swap", label, lambda graph: swap(graph, dropout.id, node.id))
        yield removing(dropout)

    return Problem(
        "dropout_before_norm", WARNING, (node.id, dropout.id),
        say(N_("{dropout} stands right before {name}, which normalizes its values."), dropout=dropout.name, name=node.name),
        say(N_("Dropout changes the deviation while training and not afterwards, so {name} learns a wrong one."), name=node.name),
        propose,
    )  # fmt: skip


@habit("batch_statistics", BatchNorm)
def batch_statistics(scene: Scene, node: Node, facts: Facts) -> Problem | None:
    """Batch normalization with next to nothing to take the mean of."""
    (shape,) = facts.inputs
    batch = scene.context.batch
    if prod(shape.sizes) > 1 or (batch > 1 and not shape.sizes):
        return None
    source = scene.source(node)
    one = batch == 1
    words = (
        say(N_("{name} has one value a channel to normalize: {shape} of {source} and batches of 1."), name=node.name,
            shape=shape, source=source.name)
        if one else
        say(N_("{name} normalizes maps of {shape} of {source}: each mean is taken of {batch}·1 = {batch} values only."),
            name=node.name, shape=shape, source=source.name, batch=batch)
    )  # fmt: skip

    def propose(_scene: Scene) -> Iterator[Fix]:
        yield removing(node)
        if shape.channels > 1:
            yield replacing("use_layer_norm", say(N_("Use Layer normalization")), node, recipe("layer_norm"))

    return Problem(
        "batch_statistics", ERROR if one else WARNING, (node.id, source.id), words,
        say(N_("The mean and deviation are taken over the batch and the map; of few values they are mostly chance.")), propose,
    )  # fmt: skip


@habit("normalized_away", GroupNorm, LayerNorm)
def normalized_away(scene: Scene, node: Node, facts: Facts) -> Problem | None:
    """A normalization of single values, which leaves zeros."""
    (shape,) = facts.inputs
    groups = node.layer.groups if isinstance(node.layer, GroupNorm) else 1
    if shape.values > groups:
        return None
    source = scene.source(node)

    def propose(_scene: Scene) -> Iterator[Fix]:
        half = next((n for n in range(groups // 2, 0, -1) if shape.channels % n == 0), 0)
        if half:
            yield setting("groups", say(N_("Groups: {n}"), n=half), (node.id,), groups=half)
        yield removing(node)

    return Problem(
        "normalized_away", ERROR, (node.id, source.id),
        say(N_("{name} normalizes {shape} of {source} in groups of one value: {values} / {groups} = 1, and x - μ = 0."),
            name=node.name, shape=shape, source=source.name, values=shape.values, groups=groups),
        say(N_("The mean of one value is that value, so nothing would be left of it.")), propose,
    )  # fmt: skip


# -- kernels ----------------------------------------------------------------------------------------------------------


@habit("even_same", Convolution, DepthwiseConvolution, SeparableConvolution)
def even_same(_scene: Scene, node: Node, facts: Facts) -> Problem | None:
    """An even kernel whose padding cannot be the same on both sides."""
    layer = node.layer
    if getattr(layer, "padding", None) != "same" or not isinstance(
        layer, (Convolution, DepthwiseConvolution, SeparableConvolution)
    ):
        return None
    kernel = layer.kernel
    if (kernel % 2) if type(kernel) is int else all(k % 2 for k in kernel):  # type: ignore[union-attr]
        return None
    (shape,) = facts.inputs
    kernels, _stride, _dilation = layer.geometry(shape.rank)
    uneven = [(k, pad) for k, pad in zip(kernels, layer.pads(shape), strict=True) if k % 2 == 0 and pad[0] != pad[1]]
    if not uneven:
        return None
    k, (before, after) = uneven[0]

    def propose(_scene: Scene) -> Iterator[Fix]:
        for step in (1, -1):
            odd = compact(tuple(k + step if k % 2 == 0 else k for k in kernels))
            yield setting("odd_kernel", say(N_("Kernel {kernel}"), kernel=odd), (node.id,), kernel=odd)

    return Problem(
        "even_same", WARNING, (node.id,),
        say(N_("The kernel {kernel} of {name} has no middle: padding “same” adds {before} before and {after} after the map."),
            kernel=k, name=node.name, before=before, after=after),
        say(N_("Every such layer moves the maps by half a pixel; kernels of 3 or 5 do not.")), propose,
    )  # fmt: skip
