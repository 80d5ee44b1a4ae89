"""Copied layers are text: through an e-mail and back."""

import json
import textwrap
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_studio.core import edits, grouping, project
from cnn_studio.core.clipboard import copied, from_text, pasted
from cnn_studio.core.files import ProjectError
from cnn_studio.core.graph import Graph
from cnn_studio.core.graph_json import graph_text
from cnn_studio.core.layers import layers
from tests.helpers.invariants import check_invariants
from tests.helpers.networks import MIXED, chain, networks

CHANCE = st.integers(0, 2**32).map(Random)


def network() -> Graph:
    graph = chain(layers["input"](), layers["convolution"](), layers["relu"]())
    graph = edits.rename(graph, "conv2", "my first layer")
    graph = edits.set_note(graph, "conv2", "why {3}?\n> because\u2028it is “enough” of a window for the second one")
    return grouping.group(graph, ["conv2", "relu3"], "stem")


def quoted(text: str, mark: str) -> str:
    return "\n".join(mark + line for line in text.split("\n"))


@given(networks(MIXED), CHANCE)
def test_what_is_copied_is_pasted(graph: Graph, rng: Random):
    chosen = rng.sample(list(graph.nodes), rng.randint(0, len(graph.nodes)))
    text = copied(graph, chosen)
    assert from_text(text) == grouping.piece(graph, chosen)
    result, ids = pasted(graph, text, (20, 20))
    check_invariants(result)
    assert set(ids) == set(chosen)


@pytest.mark.parametrize(
    "mail",
    [
        lambda text: f"\n\n   {text}  \n",
        lambda text: text.replace("\n", "\r\n"),
        lambda text: quoted(text, "> "),
        lambda text: quoted(text, "> > "),
        lambda text: quoted(text, ">> "),
        lambda text: quoted(text, ">"),
        lambda text: f"Hello, try this:\n\n{quoted(text, '> ')}\nRegards",
        lambda text: f"```json\n{text}```",
        lambda text: "\n".join(textwrap.wrap(text, 72, break_long_words=False, replace_whitespace=False)),
        lambda text: text.replace("    ", "\u00a0\u00a0\u00a0 "),
        lambda text: json.dumps(json.loads(text)),
    ],
)
def test_the_post_does_no_harm(mail):
    graph = network()
    assert from_text(mail(copied(graph, graph.nodes))) == graph


def test_the_text_can_be_read():
    lines = copied(network(), ["relu3"]).splitlines()
    assert lines[:3] == ["{", '  "cnn-studio": {"format": 1},', '  "layers": [']
    assert lines[3].startswith('    {"id": "relu3", "kind": "relu"')


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "this text holds no layers of CNN Studio"),
        ("hello", "this text holds no layers of CNN Studio"),
        ("} cnn-studio {", "this text holds no layers of CNN Studio"),
        (graph_text(network()), "this text holds no layers of CNN Studio"),
        ('{"cnn-studio": {"format": 1}, "layers": [}', "the copied text: it is not JSON (line 1, column 42)"),
        ('{"cnn-studio": {"format": 9}}', "the copied text was written by a newer version of CNN Studio (format 9; this version reads up to 1)"),
        ('{"cnn-studio": 1}', "the copied text: it does not say which format it has"),
        ('{"layers": ["cnn-studio"]}', "the copied text: it does not say which format it has"),
        ('{"cnn-studio": {"format": 1}, "layers": [{"id": "a", "kind": "relu", "name": "a\ud800"}]}',
         "the copied text: it is not text in UTF-8 (byte 79)"),
        ('{"cnn-studio": {"format": 1}, "layers": [{"id": "a", "kind": "dense", "name": "a", "settings": {"units": 0}}]}',
         "the copied text, layer “a”: Units must be at least 1, but it is 0"),
        ('{"cnn-studio": 1' + " " * project.LARGEST["graph.json"] + "}", "this text is larger than 50,331,648 letters"),
    ],
)  # fmt: skip
def test_bad_text_gets_one_sentence(text, sentence):
    with pytest.raises(ProjectError) as caught:
        from_text(text)
    assert str(caught.value) == sentence


def test_layers_copied_from_an_older_version_are_brought_along(monkeypatch):
    text = copied(network(), ["relu3"]).replace('"layers"', '"cards"')

    def cards_become_layers(parts):
        graph = dict(parts["graph.json"])
        graph["layers"] = graph.pop("cards")
        return {**parts, "graph.json": graph}

    monkeypatch.setattr(project, "MIGRATIONS", [cards_become_layers])
    assert list(from_text(text).nodes) == ["relu3"]
    assert '"format": 2' in copied(network(), [])
