"""PyTorch's meta device judges the shape engine over random networks."""

from random import Random

import pytest
from hypothesis import given

from cnn_studio.core.analysis import analyse
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers import layers
from tests.helpers import judge
from tests.helpers.judge import LARGE, ON_PURPOSE, campaign, disagreements
from tests.helpers.networks import MIXED, Taste, joined, make, networks, random_network

ABSURD = Taste(layers=(1, 6), absurd=0.5)


@pytest.mark.parametrize("start", range(0, 1000, 250))
def test_no_disagreement_over_a_thousand_networks(start):
    assert campaign(range(start, start + 200), MIXED) == []
    assert campaign(range(start + 200, start + 250), ABSURD) == []


@pytest.mark.long
@pytest.mark.parametrize("start", range(1000, 51_000, 5000))
def test_no_disagreement_over_fifty_thousand_networks(start):
    assert campaign(range(start, start + 4500), MIXED) == []
    assert campaign(range(start + 4500, start + 5000), ABSURD) == []


@given(networks())
def test_no_disagreement_where_hypothesis_looks(graph):
    assert disagreements(graph) == []


@pytest.fixture(scope="module")
def compared() -> dict[tuple[str, str], int]:
    """What a thousand networks hold, by kind and by "accepted" or the code of the refusal."""
    seen: dict[tuple[str, str], int] = {}
    for seed in range(1000):
        report = analyse(random_network(Random(seed)))
        for node_id, facts in report.facts.items():
            code = facts.error.code if facts.error else "accepted" if facts.shape else "unknown"
            key = (report.graph.nodes[node_id].layer.kind, code)
            seen[key] = seen.get(key, 0) + 1
    return seen


@pytest.mark.parametrize("kind", list(layers))
def test_every_kind_is_drawn_and_fits_often(kind, compared):
    assert compared[kind, "accepted"] >= 20


@pytest.mark.parametrize(
    "code",
    [
        "axes", "vector", "needs_vector", "kernel_too_large", "padding_mode", "pool_padding", "groups_input",
        "groups_filters", "shrinks_to_nothing", "extra_size", "reshape", "crop", "one_value", "ranks_differ",
        "sizes_differ", "channels_differ",
    ],
)  # fmt: skip
def test_every_refusal_is_met(code, compared):
    assert any(code == one for _kind, one in compared)


def test_ranks_from_vectors_to_video_are_drawn():
    ranks = {len(graph_input(random_network(Random(seed))).sizes) for seed in range(100)}
    assert ranks == {0, 1, 2, 3}


def graph_input(graph: Graph):
    return graph.of_kind("input")[0].layer


REFUSED = {
    ("needs_vector", "dense"): joined(make("dense", units=5), (2, 3, 2)),
    ("sizes_differ", "add"): joined(make("add"), (2, 3), (2, 1)),
    ("channels_differ", "add"): joined(make("add"), (2, 3), (1, 3)),
    ("ranks_differ", "add"): joined(make("add"), (3,), (2, 3)),
    ("ranks_differ", "multiply"): joined(make("multiply"), (3,), (2, 3)),
    ("vector", "crop"): joined(make("crop"), (2,)),
    ("crop", "crop"): joined(make("crop"), (2, 2, 2)),
    ("shrinks_to_nothing", "transposed_convolution"): joined(
        make("transposed_convolution", kernel=2, stride=1, padding=1), (1, 1, 4)
    ),
    ("too_large", "zero_padding"): joined(make("zero_padding", after=1024), (65_536, 4096, 4096)),
    ("too_many_parameters", "layer_norm"): joined(make("layer_norm"), (65_536, 4096, 4096)),
}


def test_every_reason_to_refuse_what_torch_takes_has_its_example():
    assert set(ON_PURPOSE) - {key for key, why in ON_PURPOSE.items() if why == LARGE} <= set(REFUSED) <= set(ON_PURPOSE)


@pytest.mark.parametrize("key", REFUSED, ids=" ".join)
def test_what_we_refuse_on_purpose_torch_takes(key, monkeypatch):
    error = analyse(REFUSED[key]).of("join").error
    assert error is not None
    assert (error.code, key[1]) == key
    assert disagreements(REFUSED[key]) == []
    monkeypatch.setattr(judge, "ON_PURPOSE", {})
    (line,) = disagreements(REFUSED[key])
    assert f"we refuse ({error.code}" in line
    assert "torch gives" in line
