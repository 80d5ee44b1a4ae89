"""The summary that Keras prints, without Keras: compared with Keras, character by character."""

import subprocess
import sys
from random import Random

import pytest

from cnn_studio import i18n
from cnn_studio.core.export.keras_summary import export_keras_summary
from cnn_studio.core.graph import Graph
from tests.core.export import examples
from tests.core.export.examples import Builder, make
from tests.helpers.keras_judge import build
from tests.helpers.networks import SENSIBLE, Taste, chain, random_network

WIDTHS = (47, 60, 80, 97, 120, 200)


def printed(graph: Graph, monkeypatch: pytest.MonkeyPatch, *widths: int) -> list[str]:
    """What Keras prints on terminals of these widths."""
    built = build(graph)
    found: list[str] = []
    for width in widths:
        monkeypatch.setenv("COLUMNS", str(width))
        built.summary(print_fn=found.append)
    return found


def check(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = [export_keras_summary(graph, columns=width) for width in WIDTHS]
    assert ours == printed(graph, monkeypatch, *WIDTHS)


@pytest.mark.parametrize("name", ["lenet", "residual_network", "inception_network", "u_network", "oddities"])
def test_examples(name: str, monkeypatch: pytest.MonkeyPatch):
    check(getattr(examples, name)(), monkeypatch)


@pytest.mark.parametrize("branching", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("seed", range(8))
def test_random_networks(seed: int, branching: float, monkeypatch: pytest.MonkeyPatch):
    taste = Taste(layers=(1, 15), absurd=0.0, keep_refused=False, branching=branching)
    check(random_network(Random(seed), taste), monkeypatch)


@pytest.mark.long
@pytest.mark.parametrize("start", range(1000, 2000, 100))
def test_many_random_networks(start: int, monkeypatch: pytest.MonkeyPatch):
    for seed in range(start, start + 100):
        check(random_network(Random(seed), SENSIBLE), monkeypatch)


def test_two_unused_inputs_and_an_empty_network(monkeypatch: pytest.MonkeyPatch):
    net = Builder()
    net.add("input", channels=1, sizes=(4,), name="first unused")
    net.add("input", channels=1, sizes=(4,), name="second unused")
    used = net.add("input", channels=1, sizes=(4,))
    net.add("relu", used)
    net.add("output")
    check(net.graph(), monkeypatch)
    check(chain(make("input"), make("output")), monkeypatch)


def test_an_answer_from_the_middle_of_a_chain(monkeypatch: pytest.MonkeyPatch):
    net = Builder()
    net.add("input", channels=1, sizes=(4, 4))
    middle = net.add("flatten")
    net.add("dense", units=3)
    net.add("output")
    net.add("auxiliary_output", middle)
    check(net.graph(), monkeypatch)
    assert 'Model: "functional"' in export_keras_summary(net.graph())


def test_large_numbers(monkeypatch: pytest.MonkeyPatch):
    dense = (make("dense", units=1_000_000), make("batch_norm", frozen=True), make("dense", units=300))
    graph = chain(make("input", channels=600, sizes=()), *dense, make("output"))
    text = export_keras_summary(graph)
    assert " Total params: 905,000,300 (3.37 GB)" in text
    assert " Non-trainable params: 4,000,000 (15.26 MB)" in text


def test_sizes_beyond_every_unit():
    layer = make("dense", units=1_000_000)
    graph = chain(make("input", channels=65_536, sizes=()), *[layer] * 700, make("output"))
    assert "PB)" in export_keras_summary(graph)


def test_it_is_the_same_in_every_language():
    english = export_keras_summary(examples.lenet())
    i18n.set_language("es")
    assert export_keras_summary(examples.lenet()) == english


def test_it_needs_neither_keras_nor_torch():
    script = (
        "import sys; from cnn_studio.core.export import exporters; exporters['keras-summary']; exporters['keras'];"
        "sys.exit(bool({'keras', 'torch', 'numpy', 'rich'} & sys.modules.keys()))"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
