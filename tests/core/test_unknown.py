"""Layers of a later version stay in the file and in sight."""

import json

import pytest

from cnn_studio.core import edits
from cnn_studio.core.analysis import analyse
from cnn_studio.core.graph_json import graph_text, read_graph
from cnn_studio.core.layers import layers
from cnn_studio.core.project import Project, from_bytes, to_bytes
from cnn_studio.core.shapes import Shape, ShapeError
from cnn_studio.core.unknown import Unknown

TEXT = """{
  "layers": [
    {"id": "input1", "kind": "input", "name": "input1", "settings": {"channels": 1, "sizes": [28, 28]}, "inputs": [], "x": 0, "y": 0},
    {"id": "input2", "kind": "input", "name": "input2", "settings": {"channels": 1, "sizes": [28, 28]}, "inputs": [], "x": 0, "y": 90.5},
    {"id": "mix1", "kind": "attention", "name": "mix1", "settings": {"heads": 8, "rate": 1e-05, "z": [1.0, {"b": null, "a": "ñ"}]}, "inputs": ["input1", "input2"], "x": 160, "y": 0},
    {"id": "relu1", "kind": "relu", "name": "relu1", "settings": {}, "inputs": ["mix1"], "x": 320, "y": 0}
  ],
  "groups": []
}"""


def test_an_unknown_kind_is_written_back_as_it_came():
    graph = read_graph(json.loads(TEXT), "graph.json")
    assert graph_text(graph) == TEXT
    assert from_bytes(to_bytes(Project(graph))).graph == graph


def test_it_is_shown_as_what_it_is():
    graph = read_graph(json.loads(TEXT), "graph.json")
    layer = graph.nodes["mix1"].layer
    assert isinstance(layer, Unknown)
    assert layer.describe() == "attention"
    report = analyse(graph)
    assert str(report.of("mix1").error) == "this version of CNN Studio does not know the kind “attention”"
    assert report.of("relu1").shape is None
    alone = edits.disconnect(edits.disconnect(graph, "input1", "mix1"), "input2", "mix1")
    error = analyse(alone).of("mix1").error
    assert error is not None
    assert error.code == "unknown_kind"
    with pytest.raises(ShapeError):
        layer.to_torch(Shape(1))
    assert Unknown.kind not in layers


def test_it_can_be_moved_and_removed():
    graph = read_graph(json.loads(TEXT), "graph.json")
    assert edits.remove(graph, ["mix1"]).inputs_of("relu1") == ("input1",)
    moved = edits.rename(edits.move(graph, {"mix1": (1, 1)}), "mix1", "theirs")
    assert read_graph(json.loads(graph_text(moved)), "graph.json") == moved
