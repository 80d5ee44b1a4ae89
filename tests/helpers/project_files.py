"""Projects and their files, whole ones and bad ones."""

import json
from random import Random
from typing import Any

import pytest

from cnn_studio.core import graph_json
from cnn_studio.core.context import DataFacts
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.convolution import Convolution
from cnn_studio.core.project import Project, ProjectError, from_bytes
from cnn_studio.core.shapes import Shape
from tests.helpers.networks import chain
from tests.helpers.random_edits import edited

HEADER = b'{"conv2.weight": {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]}}'
WEIGHTS = len(HEADER).to_bytes(8, "little") + HEADER + b"abc"


def small() -> Graph:
    return chain(layers["input"](), Convolution(kernel=5), layers["relu"](), layers["output"]())


def full() -> Project:
    """A project with something in every place."""
    graph = edited(Random(5), small(), 30)[-1]
    data = DataFacts("digits", Shape(1, (28, 28)), tuple("0123456789"))
    story = {"en": "It read cheques.", "es": "Leía cheques."}
    return Project(graph, "lenet", story, data, {"zoom": 1.5}, {"epochs": 5}, WEIGHTS, {"runs/1 (a).txt": b"\0x"})


def parts(**changes: Any) -> dict[str, Any]:
    """The members of a small file, some of them exchanged; None leaves one out."""
    members = {
        "project.json": {"format": 1, "name": "net"},
        "graph.json": json.loads(graph_json.graph_text(small())),
    }
    named = {f"{name}.json" if "." not in name else name: value for name, value in changes.items()}
    return {name: value for name, value in {**members, **named}.items() if value is not None}


def layer(**changes: Any) -> dict[str, Any]:
    """A graph of one layer with some things otherwise; ``...`` leaves one out."""
    entry = {"id": "conv1", "kind": "convolution", "name": "conv1", **changes}
    return {"layers": [{key: value for key, value in entry.items() if value is not ...}]}


def sentence(data: bytes) -> str:
    with pytest.raises(ProjectError) as caught:
        from_bytes(data)
    return str(caught.value)
