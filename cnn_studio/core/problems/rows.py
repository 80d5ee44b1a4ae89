"""Layers given a row for maps or maps for a row, another number of axes, or channels that their groups do not divide."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import gcd, prod

from cnn_studio.core.analysis import Facts
from cnn_studio.core.calls import compact
from cnn_studio.core.fields import specs
from cnn_studio.core.graph import Edge, Graph, Node
from cnn_studio.core.layers.base import Family
from cnn_studio.core.layers.convolution import Convolution
from cnn_studio.core.problems import speech
from cnn_studio.core.problems.base import ERROR, KEEPS_CHANNELS, Fix, Problem, Scene, misfits, numbers
from cnn_studio.core.problems.mending import insert, inserting, recipe, removing, replacing, setting, skip
from cnn_studio.core.problems.speech import Factors
from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import say
from cnn_studio.i18n import N_

WANTS_ROWS = frozenset(["dense", "output", "auxiliary_output"])
MAKES_ROWS = frozenset(["flatten", "reshape", "global_average_pool", "global_max_pool"])

# -- rows and maps ----------------------------------------------------------------------------------------------------


@misfits.declare("needs_vector")
def needs_vector(scene: Scene, node: Node, facts: Facts) -> Problem:
    """A dense layer after maps."""
    source = scene.source(node)
    shape = facts.inputs[0]

    def propose(scene: Scene) -> Iterator[Fix]:
        label = say(N_("Insert Flatten"))
        yield inserting("insert_flatten", source.id, node.id, recipe("flatten"), label=label)
        if _looked_at(scene, source):
            yield inserting(
                "insert_global_pool", source.id, node.id, recipe("global_average_pool"),
                label=say(N_("Global average pooling instead")),
            )  # fmt: skip

    return Problem(
        "needs_vector", ERROR, (node.id, source.id),
        say(N_("{name} takes a row of numbers; {source} gives maps of {shape}."), name=node.name, source=source.name,
            shape=shape),
        say(N_("A dense layer connects to every value, so the maps must first be laid out in a row: {factors} = {values} values."),
            factors=Factors(shape), values=shape.values),
        propose,
    )  # fmt: skip


def _looked_at(scene: Scene, node: Node) -> bool:
    """Whether maps hold what a convolution or a pool found, rather than the picture itself."""
    reach = scene.facts(node).reach
    return reach is not None and (reach.whole or any(field > 1 for field in reach.receptive_field))


@misfits.declare("vector")
def vector(scene: Scene, node: Node, facts: Facts) -> Problem:
    """A layer for maps after a row of numbers."""
    source = scene.source(node)
    values = facts.inputs[0].channels

    def propose(scene: Scene) -> Iterator[Fix]:
        if node.layer.kind == "spatial_dropout":
            rate = getattr(node.layer, "rate", 0.2)
            yield replacing("use_dropout", say(N_("Use Dropout")), node, recipe("dropout", rate=rate))
        if node.layer.kind == "instance_norm":
            yield replacing("use_layer_norm", say(N_("Use Layer normalization")), node, recipe("layer_norm"))
        if node.layer.family is not Family.FEATURES:
            yield removing(node)
        searching = node.layer.family in (Family.FEATURES, Family.POOLING)
        later = [*_flattening_later(scene, source.id, node)] if searching and source.layer.kind == "flatten" else []
        yield from later
        if searching and not later and scene.graph.inputs_of(source.id) and scene.facts(source).inputs[0].rank:
            label = say(N_("Feed it from {name}"), name=scene.source(source).name)
            yield Fix("skip", label, lambda graph: skip(graph, source.id, node.id))
        rank = max((entry.rank for _node, entry in scene.entries()), default=0) or 2
        side = round(values ** (1 / rank))
        square = [Shape(1, (side,) * rank)] if side**rank == values > 1 else []
        for shape in (*square, Shape(values, (1,) * rank)):
            label = say(N_("Reshape to {shape}"), shape=shape)
            reshape = recipe("reshape", target=(shape.channels, *shape.sizes))
            yield inserting("insert_reshape", source.id, node.id, reshape, label=label)

    return Problem(
        "vector", ERROR, (node.id, source.id),
        say(N_("{name} takes maps; {source} gives a row of {numbers}."), name=node.name,
            source=source.name, numbers=speech.numbers(values)),
        say(N_("In a row of numbers it is no longer known what lies beside what.")), propose,
    )  # fmt: skip


def _flattening_later(scene: Scene, flatten: str, node: Node) -> Iterator[Fix]:
    """The maps laid out only where, along the one way after a node, a row is wanted."""
    graph = scene.graph
    last, seen = node.id, {node.id}
    while len(users := graph.outputs_of(last)) == 1 and users[0] not in seen and len(graph.inputs_of(users[0])) == 1:
        target = graph.nodes[users[0]]
        if target.layer.kind in WANTS_ROWS:
            label = say(N_("Flatten only before {name}"), name=target.name)
            way = Edge(last, target.id)
            yield Fix("flatten_later", label, partial(_flatten_later, flatten=flatten, node=node.id, way=way))
        if target.layer.kind in WANTS_ROWS or target.layer.kind in MAKES_ROWS:
            return
        last = target.id
        seen.add(last)


def _flatten_later(graph: Graph, flatten: str, node: str, way: Edge) -> Graph:
    return insert(skip(graph, flatten, node), way.source, way.target, recipe("flatten"))


@misfits.declare("axes")
def axes(scene: Scene, node: Node, facts: Facts) -> Problem:
    """A size for another number of axes."""
    source = scene.source(node)
    given = numbers(facts)

    def propose(_scene: Scene) -> Iterator[Fix]:
        rank = facts.inputs[0].rank
        values = {}
        for spec in specs(type(node.layer)):
            value = getattr(node.layer, spec.name)
            if spec.editor == "size" and spec.single and isinstance(value, tuple) and len(value) != rank:
                values[spec.name] = compact((*value, *(value[-1],) * rank)[:rank])
        label = say(N_("One number for each axis: {value}"), value=next(iter(values.values())))
        yield setting("own_axes", label, (node.id,), **values)

    return Problem(
        "axes", ERROR, (node.id, source.id),
        say(N_("{label} of {name} has {numbers} ({value}), and {source} gives {shape}, with {axes}."),
            name=node.name, source=source.name, shape=facts.inputs[0], label=given["label"], value=given["value"], numbers=speech.numbers(given["given"]), axes=speech.axes(given["rank"])),
        say(N_("Sound has one axis, a picture two, a video three.")), propose,
    )  # fmt: skip


@misfits.declare("reshape")
def reshape(scene: Scene, node: Node, facts: Facts) -> Problem:
    """Another number of values than come in."""
    source = scene.source(node)
    given = numbers(facts)

    def propose(scene: Scene) -> Iterator[Fix]:
        target: Shape = given["target"]
        rest = prod(target.sizes)
        if target.sizes and given["values"] % rest == 0:
            fitting = Shape(given["values"] // rest, target.sizes)
            label = say(N_("Reshape to {shape}"), shape=fitting)
            yield setting("reshape", label, (node.id,), target=(fitting.channels, *fitting.sizes))
        maker = scene.before(node, KEEPS_CHANNELS)
        if maker is not None and maker.layer.kind == "dense":
            label = say(N_("{n} units in {name}"), n=given["wanted"], name=maker.name)
            yield setting("units", label, (maker.id,), units=given["wanted"])
        yield removing(node)

    return Problem(
        "reshape", ERROR, (node.id, source.id),
        say(N_("{name} wants {target}: {factors} = {wanted} values, and {source} gives {own} = {values}."),
            name=node.name, source=source.name, factors=Factors(given["target"]), own=Factors(given["shape"]), **given)
        if given["shape"].sizes else
        say(N_("{name} wants {target}: {factors} = {wanted} values, and {source} gives {values}."),
            name=node.name, source=source.name, factors=Factors(given["target"]), **given),
        say(N_("Reshaping moves values, it neither makes nor drops any.")), propose,
    )  # fmt: skip


# -- channels ---------------------------------------------------------------------------------------------------------


@misfits.declare("groups_input")
def groups_input(scene: Scene, node: Node, facts: Facts) -> Problem:
    """Groups that do not divide the channels."""
    source = scene.source(node)
    given = numbers(facts)

    def propose(scene: Scene) -> Iterator[Fix]:
        groups, channels = given["groups"], given["channels"]
        shared = gcd(channels, getattr(node.layer, "filters", channels))
        fitting = max(n for n in range(1, min(groups, shared) + 1) if shared % n == 0)
        for n in dict.fromkeys((fitting, 1)):
            yield setting("groups", say(N_("Groups: {n}"), n=n), (node.id,), groups=n)
        maker = scene.before(node, KEEPS_CHANNELS)
        if maker is not None and isinstance(maker.layer, Convolution):
            filters = max(1, round(channels / groups)) * groups
            label = say(N_("{n} filters in {name}"), n=filters, name=maker.name)
            yield setting("filters", label, (maker.id,), filters=filters)

    return Problem(
        "groups_input", ERROR, (node.id, source.id),
        say(N_("The {groups} groups of {name} do not divide the {channels} channels of {source}: {channels} = {groups}·{part} + {rest}."),
            name=node.name, source=source.name, part=given["channels"] // given["groups"], **given),
        say(N_("Every group gets the same number of channels.")), propose,
    )  # fmt: skip


@misfits.declare("groups_filters")
def groups_filters(_scene: Scene, node: Node, facts: Facts) -> Problem:
    """Groups that do not divide the filters."""
    given = numbers(facts)

    def propose(_scene: Scene) -> Iterator[Fix]:
        groups, filters = given["groups"], given["filters"]
        more = -(-filters // groups) * groups
        yield setting("filters", say(N_("{n} filters"), n=more), (node.id,), filters=more)
        shared = gcd(facts.inputs[0].channels, filters)
        fitting = max(n for n in range(1, min(groups, shared) + 1) if shared % n == 0)
        yield setting("groups", say(N_("Groups: {n}"), n=fitting), (node.id,), groups=fitting)

    return Problem(
        "groups_filters", ERROR, (node.id,),
        say(N_("The {groups} groups of {name} do not divide its {filters} filters: {filters} = {groups}·{part} + {rest}."),
            name=node.name, part=given["filters"] // given["groups"], **given),
        say(N_("Every group makes the same number of maps.")), propose,
    )  # fmt: skip


@misfits.declare("one_value")
def one_value(scene: Scene, node: Node, facts: Facts) -> Problem:
    """Instance normalization of maps that have one value."""
    source = scene.source(node)

    def propose(_scene: Scene) -> Iterator[Fix]:
        yield removing(node)
        if facts.inputs[0].channels > 1:
            yield replacing("use_layer_norm", say(N_("Use Layer normalization")), node, recipe("layer_norm"))

    return Problem(
        "one_value", ERROR, (node.id, source.id),
        say(N_("{name} would normalize maps of {shape} of {source}, each a single value: x - μ = 0."), name=node.name,
            source=source.name, shape=facts.inputs[0]),
        say(N_("The mean of one value is that value, so nothing would be left of it.")), propose,
    )  # fmt: skip
