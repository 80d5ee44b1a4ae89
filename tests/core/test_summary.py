"""The summary: its JSON, and the table for a terminal."""

import json
from dataclasses import dataclass, replace
from enum import Enum
from random import Random

import pytest

from cnn_studio import i18n
from cnn_studio.core.analysis import analyse
from cnn_studio.core.graph import Graph
from cnn_studio.core.reading import reading_order
from cnn_studio.core.summary import columns, folded, summary, summary_text
from tests.core.export import examples
from tests.core.export.examples import Builder, make
from tests.helpers.networks import random_network


@dataclass(frozen=True)
class Fix:
    label: str


class Severity(Enum):
    ERROR = "error"


@dataclass(frozen=True)
class Trouble:
    code: str = "needs_vector"
    severity: object = Severity.ERROR
    nodes: tuple[str, ...] = ("dense1",)
    message: str = "it takes a row of numbers, and gets maps of 5×5×16; 5·5·16 = 400"
    fixes: tuple[object, ...] = (Fix("Insert Flatten"), "Average each map")


def without_flatten() -> Graph:
    graph = examples.lenet()
    inputs = {**graph.inputs, "dense1": ("pool2",)}
    return Graph(graph.nodes, inputs)


def test_json_of_a_network_that_fits():
    graph = examples.lenet()
    data = json.loads(json.dumps(summary(graph, analyse(graph), "lenet5")))
    assert list(data) == ["name", "input", "layers", "parameters", "trainable_parameters", "macs", "problems"]
    assert (data["name"], data["input"], data["problems"]) == ("lenet5", [1, 28, 28], [])
    assert (data["parameters"], data["trainable_parameters"], data["macs"]) == (61706, 61706, 416520)
    assert data["layers"][1] == {
        "id": "conv1", "name": "conv1", "kind": "convolution", "output": [6, 28, 28], "parameters": 156,
        "macs": 117600, "receptive_field": [5, 5], "problems": [],
    }  # fmt: skip
    assert data["layers"][-1]["output"] == [10]


def test_json_of_a_network_with_a_problem():
    graph = without_flatten()
    data = summary(graph, analyse(graph), "broken", [Trouble()])
    assert data["problems"] == [
        {
            "code": "needs_vector", "severity": "error", "nodes": ["dense1"], "message": Trouble.message,
            "fixes": ["Insert Flatten", "Average each map"],
        }
    ]  # fmt: skip
    layer = next(layer for layer in data["layers"] if layer["id"] == "dense1")
    assert (layer["output"], layer["receptive_field"], layer["problems"]) == (None, None, ["needs_vector"])


def test_json_without_an_input_or_with_one_that_is_refused():
    empty = summary(Graph(), analyse(Graph()), "empty")
    assert (empty["input"], empty["layers"]) == ([], [])
    net = Builder()
    net.add("input", channels=65_536, sizes=(1_000_000, 1_000_000))
    assert summary(net.graph(), analyse(net.graph()), "huge")["input"] == []


def test_text_shows_every_layer_once_and_the_totals():
    graph = examples.residual_network()
    text = summary_text(graph, analyse(graph), "residual")
    lines = text.splitlines()
    for node in graph.nodes.values():
        assert sum(line.split()[:1] == [node.name] for line in lines) == 1
    assert "Parameters: 19,994" in text
    assert "Multiply-adds for one sample: 8,831,296" in text
    assert "← norm5, norm6" in text
    assert max(map(columns, lines)) <= 100


@pytest.mark.parametrize("name", ["lenet", "residual_network", "inception_network", "u_network", "oddities"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_text_keeps_to_a_hundred_columns(name, language):
    i18n.set_language(language)
    graph = getattr(examples, name)()
    lines = summary_text(graph, analyse(graph), name).splitlines()
    assert max(map(columns, lines)) <= 100
    numbers = [line for line in lines[4 : 4 + len(graph.nodes)] if line.endswith("×1")]
    assert len({columns(line) for line in numbers}) <= 1  # numbers end in the same column


def test_text_says_problems_with_numbered_fixes():
    graph = without_flatten()
    text = summary_text(
        graph,
        analyse(graph),
        "broken",
        [Trouble(), Trouble(severity="odd", nodes=("gone",), fixes=(), message="dense1 is odd")],
    )
    end = text.split("\n\n")[-1]
    assert end.splitlines() == [
        "Error: it takes a row of numbers, and gets maps of 5×5×16; 5·5·16 = 400 [dense1]",
        "  1. Insert Flatten",
        "  2. Average each map",
        "Odd: dense1 is odd",
    ]
    assert "?" in text


def test_text_tells_frozen_parameters():
    graph = examples.oddities()
    assert "Parameters: 404, of which 272 are trained" in summary_text(graph, analyse(graph), "odd")


def test_numbers_follow_the_language():
    graph = examples.lenet()
    i18n.set_language("es")
    assert "61\u202f706" in summary_text(graph, analyse(graph), "lenet5")


@pytest.mark.parametrize("width", [1, 3, 10, 25])
def test_folded_text_fits_and_loses_nothing(width):
    text = "3×3 · 16 filters · stride 2 漢字漢字漢字 averyveryverylongwordindeed ← relu1"
    lines = folded(text, width)
    assert all(columns(line) <= max(width, 2) for line in lines)
    assert "".join(lines).replace(" ", "").replace("·", "") == text.replace(" ", "").replace("·", "")


def test_long_and_wide_names_are_folded_not_lost():
    net = Builder()
    net.add("input")
    net.add("convolution", name="n" * 80)
    net.add("relu", name="漢字" * 20)
    graph = net.graph()
    lines = summary_text(graph, analyse(graph), "long").splitlines()
    assert max(map(columns, lines)) <= 100
    assert "".join(line.split()[0] for line in lines if line.startswith("n")) == "n" * 80


def test_reading_order_keeps_branches_together():
    order = reading_order(examples.inception_network())
    assert order.index("relu4") == order.index("conv3") + 3
    assert order.index("aux1") < order.index("pool2")
    order = reading_order(examples.residual_network())
    assert order.index("proj32" if "proj32" in order else "conv6") < order.index("conv4")


def test_reading_order_is_done_first_with_what_ends_beside_the_trunk():
    net = Builder()
    net.add("input")
    start = net.add("convolution")
    trunk = [net.add("max_pool"), net.add("flatten"), net.add("dense"), net.add("output")]
    aside = [net.add("global_average_pool", start), net.add("dense"), net.add("auxiliary_output")]
    assert reading_order(net.graph()) == ["input1", start, *aside, *trunk]


def test_reading_order_puts_everything_after_what_feeds_it():
    for seed in range(60):
        graph = random_network(Random(seed))
        order = reading_order(graph)
        assert sorted(order) == sorted(graph.nodes)
        for edge in graph.edges():
            assert order.index(edge.source) < order.index(edge.target)


def test_reading_order_puts_cycles_last():
    graph = examples.lenet()
    nodes = {**graph.nodes, "add1": replace(graph.nodes["tanh1"], id="add1", layer=make("add"), name="add1")}
    inputs = {**graph.inputs, "add1": ("conv1", "tanh1"), "tanh1": ("add1",)}
    order = reading_order(Graph(nodes, inputs))
    assert sorted(order) == sorted(nodes)
    assert order[:2] == ["input1", "conv1"]
