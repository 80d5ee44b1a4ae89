"""From a project and what a person asks for to a plan that can be carried out."""

from __future__ import annotations

from cnn_studio.core.analysis import analyse
from cnn_studio.core.context import Context, DataFacts
from cnn_studio.core.graph import Graph
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.core.problems import diagnose
from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import say
from cnn_studio.engine.datasets.base import DataError, Dataset, first_readable
from cnn_studio.engine.preprocess import Pipeline, fitting_steps
from cnn_studio.i18n import N_

KINDS = (N_("rows of numbers"), N_("sounds"), N_("pictures"), N_("films"))
"""What samples with so many axes are."""


def network_input(graph: Graph) -> Shape | None:
    """Shape that the network takes, or None without an Input."""
    entries = graph.of_kind("input")
    return entries[0].layer.output_shape() if entries else None


def fitted(plan: TrainingPlan, graph: Graph, data: Dataset) -> TrainingPlan:
    """The plan with preprocessing that brings the data to the network's Input, where its own does not.

    What a person declared is kept as long as it fits; otherwise size and colour are chosen, and values go from 0 to 1.
    Raises DataError when the network is for another kind of samples altogether.
    """
    wanted = network_input(graph)
    if wanted is None or not len(data.train):
        return plan
    pipeline = Pipeline(plan.preparation, data.train.peak)
    first = first_readable(data.train)
    stored = data.train.shape
    if first.ndim - 1 != wanted.rank:
        shape = Shape(first.shape[0], tuple(first.shape[1:]))
        raise DataError(
            N_("the network is for {kind} ({wanted}), and “{data}” holds {other} ({shape}): choose other data, or a network for them"),
            wanted=wanted, kind=say(KINDS[wanted.rank]), data=data.name, shape=shape, other=say(KINDS[shape.rank]),
        )  # fmt: skip
    if stored is not None or pipeline.places:  # pictures of many sizes need a step that makes them alike
        prepared = pipeline.output_shape(stored or Shape(first.shape[0], tuple(first.shape[1:])))
        if prepared == wanted:
            return plan
    return plan.model_copy(update={"preparation": fitting_steps(data.train, wanted)})


def facts_of(graph: Graph, data: Dataset) -> DataFacts:
    """What the network is told of its data."""
    return DataFacts(data.name, network_input(graph) or Shape(1), data.classes, data.train.peak)


def adapted(graph: Graph, data: Dataset) -> Graph:
    """The network with as many numbers in its answers as the data have classes.

    For networks that come with the program: their last layer is meant for other data. A person's own network is never
    changed behind their back.
    """
    for _again in range(1 + len(graph.of_kind("auxiliary_output"))):
        diagnosis = diagnose(analyse(graph), Context(data=facts_of(graph, data)))
        wrong = [problem for problem in diagnosis.errors if problem.code == "units_classes" and problem.fixes]
        if not wrong:
            break
        graph = wrong[0].fixes[0].apply(graph)
    return graph
