"""The networks that come with the studio, each made wrong as people make them wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cnn_studio.core import edits
from cnn_studio.core.context import DataFacts
from cnn_studio.core.document import Document
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.project import write_project
from cnn_studio.core.shapes import Shape
from cnn_studio.core.starters import open_starter

Mistake = Callable[[Graph], Graph | None]
"""Makes a network wrong; None where the network has nothing that could be wrong in this way."""


def _of(graph: Graph, *kinds: str) -> list[Node]:
    return [node for node in graph.nodes.values() if node.layer.kind in kinds]


def wrong_kernel(graph: Graph) -> Graph | None:
    """The last convolution has a kernel larger than what comes to it."""
    found = [node for node in _of(graph, "convolution") if graph.outputs_of(node.id)]
    return edits.set_fields(graph, [found[-1].id], {"kernel": 999, "padding": "valid"}) if found else None


def without_flatten(graph: Graph) -> Graph | None:
    """The first dense layer gets maps instead of a row."""
    found = _of(graph, "flatten")
    return edits.remove(graph, [found[0].id]) if found else None


def wrong_channels(graph: Graph) -> Graph | None:
    """A way that is added to another, or a convolution in groups, has another number of channels."""
    grouped = [node for node in _of(graph, "convolution") if getattr(node.layer, "groups", 1) > 1]
    if grouped:
        return edits.set_field(graph, grouped[0].id, "filters", grouped[0].layer.filters + 1)  # type: ignore[attr-defined]
    for node in _of(graph, "add"):
        here = graph.inputs_of(node.id)[0]
        while here and graph.nodes[here].layer.kind != "convolution":
            sources = graph.inputs_of(here)
            here = sources[0] if len(sources) == 1 else ""
        if here:
            filters = graph.nodes[here].layer.filters  # type: ignore[attr-defined]
            return edits.set_field(graph, here, "filters", filters // 2)
    return None


def small_input(graph: Graph) -> Graph | None:
    """Samples of a size that the network eats up before its end."""
    (entry,) = _of(graph, "input")
    sizes = entry.layer.sizes  # type: ignore[attr-defined]
    return edits.set_field(graph, entry.id, "sizes", tuple(4 for _size in sizes))


def without_output(graph: Graph) -> Graph:
    """Nobody said where the answer is."""
    return edits.remove(graph, [_of(graph, "output")[0].id])


def without_input(graph: Graph) -> Graph:
    """Nobody said where the samples enter."""
    return edits.remove(graph, [_of(graph, "input")[0].id])


def cut(graph: Graph) -> Graph:
    """A connection in the middle is missing."""
    chain = [
        edge for edge in graph.edges() if len(graph.outputs_of(edge.source)) == len(graph.inputs_of(edge.target)) == 1
    ]
    edge = chain[len(chain) // 2]
    return edits.disconnect(graph, edge.source, edge.target)


def other_classes(graph: Graph) -> Graph | None:
    """The last dense layer has a unit for each of seven classes, and the data has ten."""
    found = _of(graph, "dense")
    return edits.set_field(graph, found[-1].id, "units", 7) if found else None


MISTAKES: dict[str, Mistake] = {
    "wrong kernel": wrong_kernel, "without Flatten": without_flatten, "wrong channels": wrong_channels,
    "small input": small_input, "without Output": without_output, "without Input": without_input, "cut": cut,
    "other classes": other_classes,
}  # fmt: skip


def made_wrong(starter: str, mistake: str, path: Path) -> bool:
    """Write a starter with a mistake to a file. False where it cannot have that mistake."""
    project = open_starter(starter)
    graph = MISTAKES[mistake](project.graph)
    if graph is None:
        return False
    wrong = replace(project, graph=graph, data=_data(graph, mistake))
    write_project(wrong, path)
    return any(problem.severity == "error" for problem in Document(wrong).diagnosis.problems)


def _data(graph: Graph, mistake: str) -> DataFacts | None:
    if mistake != "other classes":
        return None
    layer = _of(graph, "input")[0].layer
    return DataFacts("digits", Shape(layer.channels, layer.sizes), tuple("0123456789"))  # type: ignore[attr-defined]


def as_file(starter: str, path: Path) -> Path:
    """Write a starter to a file as it is."""
    write_project(open_starter(starter), path)
    return path
