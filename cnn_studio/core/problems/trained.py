"""Learned weights that no longer fit the layer that carries them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import log, prod

from cnn_studio.core import edits
from cnn_studio.core.analysis import Facts, analyse
from cnn_studio.core.calls import compact
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.layers.convolution import Convolution
from cnn_studio.core.layers.dense import Dense
from cnn_studio.core.layers.separable import DepthwiseConvolution, SeparableConvolution
from cnn_studio.core.problems.base import KEEPS_CHANNELS, WARNING, Fix, Problem, Scene
from cnn_studio.core.problems.mending import exchange, inserting, recipe, setting
from cnn_studio.core.problems.speech import Factors
from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import say
from cnn_studio.i18n import N_

MOST_TRIED = 1_000_000
"""Pixels of a map beyond which its sizes are not guessed."""

Tensors = Mapping[str, tuple[int, ...]]


def weight_shapes(layer: Layer, inputs: tuple[Shape, ...]) -> dict[str, tuple[int, ...]]:
    """The shape of every tensor of a layer, by its name."""
    return {weight.name: weight.shape for weight in layer.weights(*inputs)}


def trained_otherwise(scene: Scene, node: Node, facts: Facts) -> Problem | None:
    """Weights learned for other shapes; None where a layer before is to blame."""
    old = scene.context.trained[node.id]
    new = weight_shapes(node.layer, facts.inputs)
    if new == old:
        return None
    if node.layer.kind == "dense" and "weight" in old and len(old["weight"]) == 2:
        values = old["weight"][1]
        if values != facts.inputs[0].channels and old["weight"][0] == new["weight"][0]:
            return None if _blamed(scene, node, values) else _other_picture(scene, node, facts, values)
    differing = [name for name, shape in new.items() if old.get(name) != shape]
    same_names = new.keys() == old.keys()
    if same_names and all(_only_inputs(node, new[name], old[name]) for name in differing) and _cause(scene, node):
        return None
    if same_names:
        words = say(N_("{name} has learned weights of {old}, and would now need {new}: it starts anew."), name=node.name,
                    old=old[differing[0]], new=new[differing[0]])  # fmt: skip
    else:
        words = say(N_("What {name} has learned ({old} numbers) does not fit its new settings ({new} numbers): it starts anew."),
                    name=node.name, old=_count(old), new=_count(new))  # fmt: skip
    return Problem(
        "trained_weights", WARNING, (node.id,), words,
        say(N_("What was learned can only be kept in weights of the same shape.")),
        lambda scene: _as_trained(scene, node, old),
    )  # fmt: skip


def _count(tensors: Tensors) -> int:
    return sum(prod(shape) for shape in tensors.values())


def _only_inputs(node: Node, new: tuple[int, ...], old: tuple[int, ...]) -> bool:
    """Whether the two differ only by what comes in, not by the layer's own settings."""
    if node.layer.kind in KEEPS_CHANNELS:
        return len(new) == len(old)
    return len(new) == len(old) and new[0] == old[0] and new[2:] == old[2:]


def _cause(scene: Scene, node: Node) -> Node | None:
    """The layer before that gives another number of channels than when it was trained, if that is known."""
    maker = scene.before(node, KEEPS_CHANNELS | {"flatten"})
    old = scene.context.trained.get(maker.id) if maker else None
    if maker is None or not old:
        return None
    return maker if weight_shapes(maker.layer, scene.facts(maker).inputs) != old else None


def _blamed(scene: Scene, node: Node, values: int) -> bool:
    """Whether a dense layer gets another number of values because a layer before gives other channels."""
    maker = _cause(scene, node)
    if maker is None:
        return False
    old = scene.context.trained[maker.id].get("weight", (0,))[0]
    return old > 0 and values % old == 0 and old != scene.shape(maker).channels


# -- a dense part fed another picture size ----------------------------------------------------------------------------


def _other_picture(scene: Scene, node: Node, facts: Facts, values: int) -> Problem:
    flatten = scene.before(node, KEEPS_CHANNELS)
    maps = scene.facts(flatten).inputs[0] if flatten is not None and flatten.layer.kind == "flatten" else None
    given = facts.inputs[0]
    detail = say(
        N_(
            "Each unit of a dense layer has one weight for every value that comes in; with another number of values they do not fit."
        )
    )
    if maps is None or not maps.rank:
        words = say(N_("{name} was trained on {old} values and would now get {new}."), name=node.name, old=values,
                    new=given.channels)  # fmt: skip
        return Problem("trained_input", WARNING, (node.id,), words, detail)
    sizes = _old_sizes(maps, values)
    if sizes is None:
        words = say(N_("{name} was trained on {old} values and would now get {factors} = {new}."), name=node.name,
                    old=values, factors=Factors(maps), new=given.channels)  # fmt: skip
    else:
        words = say(N_("{name} was trained on {old_factors} = {old} values and would now get {factors} = {new}."),
                    name=node.name, old=values, old_factors=Factors(Shape(maps.channels, sizes)), factors=Factors(maps),
                    new=given.channels)  # fmt: skip
    assert flatten is not None
    place = flatten
    return Problem(
        "trained_input", WARNING, (node.id, place.id), words, detail,
        lambda scene: _old_picture(scene, node, place, values),
    )  # fmt: skip


def _old_sizes(maps: Shape, values: int) -> tuple[int, ...] | None:
    """Sizes of the maps that the weights were learned for, if those of now are alike along all axes, as pictures are."""
    area, rest = divmod(values, maps.channels)
    side = round(area ** (1 / maps.rank))
    if rest or len(set(maps.sizes)) > 1 or side**maps.rank != area:
        return None
    return (side,) * maps.rank


def _near_sizes(maps: Shape, values: int) -> tuple[int, ...] | None:
    """The sizes of so many values whose proportion is nearest to that of the maps now."""
    area, rest = divmod(values, maps.channels)
    if rest or maps.rank != 2 or area > MOST_TRIED:
        return None
    height, width = maps.sizes
    pairs = [(one, area // one) for one in range(1, area + 1) if area % one == 0]
    return min(pairs, key=lambda pair: abs(log(pair[0] * width / (pair[1] * height))))


def _old_picture(scene: Scene, node: Node, flatten: Node, values: int) -> Iterator[Fix]:
    maps = scene.facts(flatten).inputs[0]
    certain = _old_sizes(maps, values)
    sizes = certain or _near_sizes(maps, values)
    before = _old_input(scene, flatten, sizes) if sizes else None
    if sizes and (certain or before):
        pool = recipe("adaptive_average_pool", sizes=compact(sizes))
        label = say(N_("Adaptive average pooling to {sizes}"), sizes=sizes)
        yield inserting("adaptive_pool", scene.source(flatten).id, flatten.id, pool, label=label)
    if before:
        yield before
    label = say(N_("Global average pooling, and {name} learns anew"), name=node.name)
    yield Fix("global_pool", label, lambda graph: _anew(graph, flatten.id, node.id))


def _anew(graph: Graph, flatten: str, dense: str) -> Graph:
    node = edits.node_of(graph, dense)
    graph = exchange(graph, flatten, recipe("global_average_pool").make())
    return exchange(graph, dense, node.layer, name=node.name)


def _old_input(scene: Scene, flatten: Node, sizes: tuple[int, ...]) -> Fix | None:
    """The Input as it was: the smallest picture of the same proportion that gives the old maps, found by halving."""
    inputs = scene.entries()
    if len(inputs) != 1 or inputs[0][1].rank != len(sizes):
        return None
    ((entry, shape),) = inputs
    low, high = 1, 4 * max(shape.sizes)
    while low < high:
        middle = (low + high) // 2
        found = _maps_with(scene, entry, flatten, _scaled(shape.sizes, middle))
        if found is not None and all(n >= m for n, m in zip(found, sizes, strict=True)):
            high = middle
        else:
            low = middle + 1
    old = _scaled(shape.sizes, low)
    if _maps_with(scene, entry, flatten, old) != sizes:
        return None
    return setting("old_input", say(N_("Input of {sizes} again"), sizes=old), (entry.id,), sizes=old)


def _scaled(sizes: tuple[int, ...], longest: int) -> tuple[int, ...]:
    return tuple(max(1, size * longest // max(sizes)) for size in sizes)


def _maps_with(scene: Scene, entry: Node, flatten: Node, sizes: tuple[int, ...]) -> tuple[int, ...] | None:
    """Sizes of the maps before the Flatten for a picture of some size; None where it does not fit."""
    report = analyse(edits.set_fields(scene.graph, (entry.id,), {"sizes": sizes}), scene.report)
    inputs = report.facts[flatten.id].inputs
    return inputs[0].sizes if inputs else None


# -- anything else ----------------------------------------------------------------------------------------------------


def _as_trained(scene: Scene, node: Node, old: Tensors) -> Iterator[Fix]:
    """The settings that the weights were learned with, and the channels that came in then."""
    layer = node.layer
    weight = next((shape for name, shape in old.items() if name.endswith("weight")), ())
    values: dict[str, object] = {}
    if isinstance(layer, Dense) and len(weight) == 2:
        values = {"units": weight[0], "bias": len(old) > 1}
    elif isinstance(layer, Convolution) and len(weight) > 2:
        values = {"filters": weight[0], "kernel": compact(weight[2:]), "bias": len(old) > 1}
    elif isinstance(layer, (DepthwiseConvolution, SeparableConvolution)) and len(weight) > 2:
        values = {"kernel": compact(weight[2:])}
        if isinstance(layer, SeparableConvolution) and "1.weight" in old:
            values["filters"] = old["1.weight"][0]
    if values:
        yield setting("as_trained", say(N_("{name} as it was trained"), name=node.name), (node.id,), **values)
    maker = scene.before(node, KEEPS_CHANNELS)
    channels = _channels(node, weight)
    if maker is None or not channels:
        return
    field = "units" if isinstance(maker.layer, Dense) else "filters"
    if field in type(maker.layer).model_fields:
        template = N_("{n} units in {name}") if field == "units" else N_("{n} filters in {name}")
        yield setting(field, say(template, n=channels, name=maker.name), (maker.id,), **{field: channels})


def _channels(node: Node, weight: tuple[int, ...]) -> int:
    """How many channels came in when the weights were learned; 0 where they do not tell."""
    layer = node.layer
    if not weight:
        return 0
    if isinstance(layer, (Dense, Convolution)):
        return weight[1] * getattr(layer, "groups", 1) if len(weight) > 1 else 0
    if isinstance(layer, (DepthwiseConvolution, SeparableConvolution)):
        return weight[0] // layer.multiplier
    return weight[0]
