"""Branches that cannot be joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain

from cnn_studio.core import edits
from cnn_studio.core.analysis import Facts
from cnn_studio.core.calls import compact
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.layers.convolution import Convolution
from cnn_studio.core.layers.sliding import SlidingLayer
from cnn_studio.core.problems import speech
from cnn_studio.core.problems.base import AT_ONE_PLACE, ERROR, KEEPS_CHANNELS, Fix, Problem, Scene, misfits, numbers
from cnn_studio.core.problems.mending import Recipe, adapting, named, pointwise, recipe, setting
from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import say
from cnn_studio.i18n import N_

Branches = dict[str, Shape]
"""Shape that each source of a merge gives, by its id."""


def _branches(scene: Scene, node: Node, facts: Facts) -> Branches:
    return dict(zip(scene.graph.inputs_of(node.id), facts.inputs, strict=True))


def _clash(scene: Scene, node: Node, facts: Facts) -> tuple[Node, Node]:
    """The two sources that the ShapeError speaks of."""
    first, second = numbers(facts)["first"], numbers(facts)["second"]
    sources = scene.sources(node)
    one = facts.inputs.index(first)
    return sources[one], sources[facts.inputs.index(second, one + 1)]


def _short_branch(scene: Scene, node: Node) -> str | None:
    """The source that the other branches come from: the shortcut of a residual block."""
    sources = scene.graph.inputs_of(node.id)
    return next(
        (one for one in sources if any(one in scene.graph.upstream(other) for other in sources if other != one)), None
    )


# -- ranks ------------------------------------------------------------------------------------------------------------


@misfits.declare("ranks_differ")
def ranks_differ(scene: Scene, node: Node, facts: Facts) -> Problem:
    """Maps to be joined with a row of numbers."""
    first, second = _clash(scene, node, facts)
    return Problem(
        "ranks_differ", ERROR, (node.id, first.id, second.id),
        say(N_("{name} cannot join {a} of {first} with {b} of {second}: {axes_a} and {axes_b}."), name=node.name,
            first=first.name, second=second.name, a=scene.shape(first), b=scene.shape(second),
            axes_a=speech.axes(scene.shape(first).rank), axes_b=speech.axes(scene.shape(second).rank)),
        say(N_("Maps and rows of numbers are joined after all of them have become rows.")),
        lambda scene: _same_rank(scene, node, facts),
    )  # fmt: skip


def _same_rank(scene: Scene, node: Node, facts: Facts) -> Iterator[Fix]:
    branches = _branches(scene, node, facts)
    maps = {source: shape for source, shape in branches.items() if shape.rank}
    names = named([scene.graph.nodes[source] for source in maps])
    rows = {source: shape for source, shape in branches.items() if not shape.rank}
    if node.layer.kind == "multiply" and rows:
        rank = max(shape.rank for shape in maps.values())
        reshaped: dict[str, Recipe] = {
            source: recipe("reshape", target=(shape.channels, *(1,) * rank)) for source, shape in rows.items()
        }
        label = say(N_("Reshape {names} to maps of one value"), names=named([scene.graph.nodes[one] for one in rows]))
        yield adapting("insert_reshape", label, node.id, reshaped)
    for code, kind, label in (
        ("insert_flatten", "flatten", say(N_("Flatten {names}"), names=names)),
        ("insert_global_pool", "global_average_pool", say(N_("Global average pooling after {names}"), names=names)),
    ):
        yield adapting(code, label, node.id, {source: recipe(kind) for source in maps})


# -- sizes ------------------------------------------------------------------------------------------------------------


@misfits.declare("sizes_differ")
def sizes_differ(scene: Scene, node: Node, facts: Facts) -> Problem:
    """Maps of several sizes to be joined."""
    first, second = _clash(scene, node, facts)
    a, b = scene.shape(first), scene.shape(second)
    n, m = next((n, m) for n, m in zip(a.sizes, b.sizes, strict=True) if n != m)
    return Problem(
        "sizes_differ", ERROR, (node.id, first.id, second.id),
        say(N_("{name} cannot join maps of {a} ({first}) and {b} ({second}): {larger} - {smaller} leaves {rest} over."),
            name=node.name, first=first.name, second=second.name, a=a, b=b, larger=max(n, m), smaller=min(n, m),
            rest=abs(n - m)),
        say(N_("Maps are joined pixel by pixel, so every axis must have the same size in all of them.")),
        lambda scene: _same_size(scene, node, facts),
    )  # fmt: skip


def _same_size(scene: Scene, node: Node, facts: Facts) -> Iterator[Fix]:
    branches = _branches(scene, node, facts)
    nodes = scene.graph.nodes
    smallest = tuple(min(sizes) for sizes in zip(*(shape.sizes for shape in branches.values()), strict=True))
    larger = {source: shape for source, shape in branches.items() if shape.sizes != smallest}
    names = named([nodes[source] for source in larger])
    yield from _unpadded(scene, node)
    found = {source: _stride(shape.sizes, smallest) for source, shape in larger.items()}
    strides = {source: stride for source, stride in found.items() if stride}
    if len(strides) == len(found):
        yield from _striding(scene, strides)
        yield from _shrinking(scene, node, branches, strides)
    if all(n - m <= m for shape in larger.values() for n, m in zip(shape.sizes, smallest, strict=True)):
        label = say(N_("Crop {names} to {sizes}"), names=names, sizes=smallest)
        yield adapting("crop", label, node.id, {one: _crop(shape.sizes, smallest) for one, shape in larger.items()})
    largest = tuple(max(sizes) for sizes in zip(*(shape.sizes for shape in branches.values()), strict=True))
    smaller = {source: shape for source, shape in branches.items() if shape.sizes != largest}
    if all(n % m == 0 for shape in smaller.values() for n, m in zip(largest, shape.sizes, strict=True)):
        factors: dict[str, Recipe] = {
            source: recipe("upsample", factor=compact(tuple(n // m for n, m in zip(largest, shape.sizes, strict=True))))
            for source, shape in smaller.items()
        }
        label = say(N_("Upsample {names} to {sizes}"), names=named([nodes[one] for one in smaller]), sizes=largest)
        yield adapting("upsample", label, node.id, factors)
    label = say(N_("Adaptive pooling of {names} to {sizes}"), names=names, sizes=smallest)
    pool = recipe("adaptive_average_pool", sizes=compact(smallest))
    yield adapting("adaptive_pool", label, node.id, dict.fromkeys(larger, pool))


def _unpadded(scene: Scene, node: Node) -> Iterator[Fix]:
    """Padding “same” for the convolutions of the branches that lose pixels at their borders."""
    losing: dict[str, Node] = {}
    for source in scene.sources(node):
        for one in (source, *scene.back(source)):
            if _is_shared(scene, one):
                break
            if isinstance(one.layer, SlidingLayer) and one.layer.padding != "same" and _shrinks(scene, one):
                losing[one.id] = one
    if losing:
        label = say(N_("Padding “same” in {names}"), names=named(losing.values()))
        yield setting("padding_same", label, losing, padding="same")


def _shrinks(scene: Scene, node: Node) -> bool:
    facts = scene.facts(node)
    return facts.shape is not None and facts.shape.sizes != facts.inputs[0].sizes


def _stride(sizes: tuple[int, ...], wanted: tuple[int, ...]) -> tuple[int, ...] | None:
    """The stride with which a kernel of 1 makes some sizes of others, or None."""
    stride = tuple(-(-n // m) for n, m in zip(sizes, wanted, strict=True))
    if all((n - 1) // s + 1 == m for n, m, s in zip(sizes, wanted, stride, strict=True)):
        return stride
    return None


def _striding(scene: Scene, strides: Mapping[str, tuple[int, ...]]) -> Iterator[Fix]:
    """The stride in the very convolutions that make the larger branches, where nothing else reads them."""
    makers = []
    for source in strides:
        node = scene.graph.nodes[source]
        way = chain((node,), scene.back(node))
        maker = next((one for one in way if one.layer.kind not in AT_ONE_PLACE or _is_shared(scene, one)), node)
        if not isinstance(maker.layer, Convolution) or maker.layer.stride != 1 or _is_shared(scene, maker):
            return
        makers.append(maker)
    wanted = set(strides.values())
    if len(wanted) == 1:
        stride = compact(wanted.pop())
        label = say(N_("Stride {stride} in {names}"), stride=stride, names=named(makers))
        yield setting("stride", label, [one.id for one in makers], stride=stride)


def _is_shared(scene: Scene, node: Node) -> bool:
    return len(scene.graph.outputs_of(node.id)) > 1


def _shrinking(scene: Scene, node: Node, branches: Branches, strides: dict[str, tuple[int, ...]]) -> Iterator[Fix]:
    """The larger branches made smaller by a stride: in a 1×1 convolution, or in a pool."""
    nodes = scene.graph.nodes
    names = named([nodes[source] for source in strides])
    stride = compact(next(iter(strides.values())))
    if node.layer.kind == "add":
        wanted = next((shape.channels for source, shape in branches.items() if source not in strides), None)
        projections: dict[str, Recipe] = {
            source: pointwise(wanted or branches[source].channels, compact(one)) for source, one in strides.items()
        }
        label = say(N_("1×1 convolution with stride {stride} after {names}"), stride=stride, names=names)
        yield adapting("project", label, node.id, projections)
    pools: dict[str, Recipe] = {
        source: recipe("max_pool", size=compact(one), stride=compact(one), ceil=True) for source, one in strides.items()
    }
    yield adapting("pool", say(N_("Max-pooling {size} after {names}"), size=stride, names=names), node.id, pools)


def _crop(sizes: tuple[int, ...], wanted: tuple[int, ...]) -> Recipe:
    spare = [n - m for n, m in zip(sizes, wanted, strict=True)]
    return recipe("crop", before=tuple(n // 2 for n in spare), after=tuple(n - n // 2 for n in spare))


# -- channels ---------------------------------------------------------------------------------------------------------


@misfits.declare("channels_differ")
def channels_differ(scene: Scene, node: Node, facts: Facts) -> Problem:
    """Several numbers of channels to be joined value by value."""
    first, second = _clash(scene, node, facts)
    a, b = scene.shape(first), scene.shape(second)
    template = (
        N_("{name} cannot add {a} ({first}) and {b} ({second}): {channels_a} channels and {channels_b}.")
        if node.layer.kind == "add"
        else N_("{name} cannot multiply {a} ({first}) and {b} ({second}): {channels_a} channels and {channels_b}.")
    )
    return Problem(
        "channels_differ", ERROR, (node.id, first.id, second.id),
        say(template, name=node.name, first=first.name, second=second.name, a=a, b=b, channels_a=a.channels,
            channels_b=b.channels),
        say(N_("It works value by value, so every channel needs its partner: {larger} - {smaller} = {rest} have none."),
            larger=max(a.channels, b.channels), smaller=min(a.channels, b.channels), rest=abs(a.channels - b.channels)),
        lambda scene: _same_channels(scene, node, facts),
    )  # fmt: skip


def _same_channels(scene: Scene, node: Node, facts: Facts) -> Iterator[Fix]:
    branches = _branches(scene, node, facts)
    nodes = scene.graph.nodes
    shortcut = _short_branch(scene, node)
    counts = Counter(shape.channels for source, shape in branches.items() if source != shortcut)
    most = max(counts.values())
    wanted = max(channels for channels, count in counts.items() if count == most)
    other = {source: shape for source, shape in branches.items() if shape.channels != wanted}
    names = named([nodes[source] for source in other])
    if all(shape.rank for shape in other.values()):
        label = say(N_("1×1 convolution with {n} filters after {names}"), n=wanted, names=names)
        yield adapting("project", label, node.id, dict.fromkeys(other, pointwise(wanted)))
    else:
        label = say(N_("Dense layer with {n} units after {names}"), n=wanted, names=names)
        yield adapting("project", label, node.id, dict.fromkeys(other, recipe("dense", units=wanted)))
    for source in branches:
        yield from _same_filters(scene, source, branches)
    if len(set(branches)) == len(branches):
        yield Fix("concatenate", say(N_("Concatenate instead")), lambda graph: _concatenating(graph, node.id))


def _same_filters(scene: Scene, source: str, branches: Branches) -> Iterator[Fix]:
    """The other branch's number of channels for the layer that makes this one's."""
    channels = {shape.channels for other, shape in branches.items() if other != source}
    maker = _maker(scene, scene.graph.nodes[source])
    if len(channels) != 1 or maker is None or branches[source].channels in channels:
        return
    n = channels.pop()
    if maker.layer.kind == "dense":
        yield setting("units", say(N_("{n} units in {name}"), n=n, name=maker.name), (maker.id,), units=n)
    elif "filters" in type(maker.layer).model_fields:
        yield setting("filters", say(N_("{n} filters in {name}"), n=n, name=maker.name), (maker.id,), filters=n)


def _maker(scene: Scene, node: Node) -> Node | None:
    """The layer that decides how many channels a layer gives."""
    return node if node.layer.kind not in KEEPS_CHANNELS else scene.before(node, KEEPS_CHANNELS)


def _concatenating(graph: Graph, node_id: str) -> Graph:
    return edits.set_layer(graph, node_id, recipe("concatenate").make())
