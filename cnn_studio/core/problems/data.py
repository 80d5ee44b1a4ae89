"""The network against its data: what enters, and what it answers with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cnn_studio.core import edits
from cnn_studio.core.analysis import Facts
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.layers.endpoints import Input
from cnn_studio.core.problems import speech
from cnn_studio.core.problems.base import ERROR, KEEPS_CHANNELS, Fix, Problem, Scene, global_rules, habit
from cnn_studio.core.problems.mending import Recipe, inserting, recipe, setting
from cnn_studio.core.problems.speech import Factors
from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import say
from cnn_studio.i18n import N_


@habit("input_sample", Input)
def input_sample(scene: Scene, node: Node, facts: Facts) -> Problem | None:
    """An Input of another shape than the samples."""
    data = scene.context.data
    if data is None or facts.shape == data.sample:
        return None
    sample = data.sample

    def propose(_scene: Scene) -> Iterator[Fix]:
        label = say(N_("Input of {shape}"), shape=sample)
        yield setting("fit_input", label, (node.id,), channels=sample.channels, sizes=sample.sizes)

    assert facts.shape is not None
    return Problem(
        "input_sample", ERROR, (node.id,),
        say(N_("{name} takes {shape}; a sample of {data} is {sample}."), name=node.name, shape=facts.shape, data=data.name,
            sample=sample),
        say(N_("{given} = {a} values against {wanted} = {b}. Pictures of another size can also be resized when the data are prepared."),
            given=Factors(facts.shape), a=facts.shape.values, wanted=Factors(sample), b=sample.values), propose,
    )  # fmt: skip


@global_rules.declare("answers")
def answers(scene: Scene) -> Iterable[Problem]:
    """An Output answers with a row of numbers, one for each class."""
    for node in (*scene.marked("output"), *scene.marked("auxiliary_output")):
        shape = scene.facts(node).shape
        if shape is None:
            continue
        if shape.sizes:
            yield _maps(scene, node, shape)
        elif scene.context.data is not None and shape.channels != len(scene.context.data.classes):
            yield _units(scene, node, shape.channels)


def _maps(scene: Scene, node: Node, shape: Shape) -> Problem:
    source = scene.source(node)
    return Problem(
        "output_maps", ERROR, (node.id, source.id),
        say(N_("{name} answers with one number for each class; {source} gives maps of {shape}."), name=node.name,
            source=source.name, shape=shape),
        say(N_("Each map must become one number, by global pooling, or all be laid out in a row for a dense layer.")),
        lambda scene: _as_row(scene, node, source, shape),
    )  # fmt: skip


def _as_row(scene: Scene, node: Node, source: Node, shape: Shape) -> Iterator[Fix]:
    data = scene.context.data
    pool, flatten = recipe("global_average_pool"), recipe("flatten")
    if data is None or shape.channels == len(data.classes):
        label = say(N_("Insert global average pooling"))
        yield inserting("insert_global_pool", source.id, node.id, pool, label=label)
        yield inserting("insert_flatten", source.id, node.id, flatten, label=say(N_("Insert Flatten")))
    else:
        dense = recipe("dense", units=len(data.classes))
        pooled = say(N_("Global average pooling and a dense layer of {n} units"), n=len(data.classes))
        yield inserting("insert_global_pool", source.id, node.id, pool, dense, label=pooled)
        laid = say(N_("Flatten and a dense layer of {n} units"), n=len(data.classes))
        yield inserting("insert_flatten", source.id, node.id, flatten, dense, label=laid)


def _units(scene: Scene, node: Node, channels: int) -> Problem:
    data = scene.context.data
    assert data is not None
    classes = len(data.classes)
    maker = scene.before(node, KEEPS_CHANNELS | {"flatten"}) or scene.source(node)
    return Problem(
        "units_classes", ERROR, (node.id, maker.id),
        say(N_("{maker} gives {numbers} to {name}; {data} has {classes}."), maker=maker.name, numbers=speech.numbers(channels),
            name=node.name, data=data.name, classes=speech.classes(classes)),
        say(N_("The answer needs one number for each class, from “{first}” to “{last}”."), first=data.classes[0],
            last=data.classes[-1])
        if classes else None,
        lambda _scene: _right_units(node, maker, classes),
    )  # fmt: skip


def _right_units(node: Node, maker: Node, classes: int) -> Iterator[Fix]:
    if classes < 1:
        return
    if maker.layer.kind == "dense":
        label = say(N_("{n} units in {name}"), n=classes, name=maker.name)
        yield setting("units", label, (maker.id,), units=classes)
        return
    if "filters" in type(maker.layer).model_fields:
        label = say(N_("{n} filters in {name}"), n=classes, name=maker.name)
        yield setting("filters", label, (maker.id,), filters=classes)
    dense = recipe("dense", units=classes)
    label = say(N_("Add a dense layer of {n} units"), n=classes)
    yield Fix("insert_dense", label, lambda graph: _before_scores(graph, node.id, dense))


def _before_scores(graph: Graph, output: str, dense: Recipe) -> Graph:
    """A dense layer before the Output, or before the Softmax that stands in front of it."""
    target = output
    (source,) = graph.inputs_of(output)
    if graph.nodes[source].layer.kind == "softmax" and graph.outputs_of(source) == (output,):
        target = source
        (source,) = graph.inputs_of(source)
    return edits.insert_on_edge(graph, source, target, dense.make())
