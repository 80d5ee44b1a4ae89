"""Exported weights load into the exported PyTorch class, by its own instructions, and give the same bits."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from cnn_studio.core import edits
from cnn_studio.core.analysis import analyse
from cnn_studio.core.export.pytorch import export_pytorch
from cnn_studio.core.graph import Graph
from cnn_studio.core.project import Project
from cnn_studio.core.starters import open_starter, starter_names
from cnn_studio.engine.compile import Network, compile_network
from cnn_studio.engine.datasets.base import DataError
from cnn_studio.engine.export import Trained, trained_exporters, untold
from cnn_studio.engine.runs import node_weights
from cnn_studio.engine.tensors import tensor_bytes
from tests.helpers.training import small_network

LARGE = 20_000_000
"""Parameters beyond which a starter is tried only with --long, at its full size: such files have hundreds of MB."""


def sizes() -> dict[str, int]:
    return {name: analyse(open_starter(name).graph).totals.parameters for name in starter_names()}


STARTERS = [pytest.param(name, marks=pytest.mark.long if count > LARGE else []) for name, count in sizes().items()]


def with_random_weights(graph: Graph, seed: int = 0) -> Network:
    """A network by node id, its running statistics as if it had learned."""
    torch.manual_seed(seed)
    network = compile_network(graph, {node_id: node_id for node_id in graph.nodes})
    for name, buffer in network.named_buffers():
        if name.endswith(("running_mean", "running_var")):
            buffer.uniform_(0.5, 1.5)
    return network.eval()


def exported_class(graph: Graph, folder: Path) -> Any:
    path = folder / "exported.py"
    path.write_text(export_pytorch(graph, title="Net"), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("exported", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Net


def loaded(graph: Graph, network: Network, folder: Path) -> nn.Module:
    """The exported class with the exported weights, as its text says."""
    weights = tensor_bytes(node_weights(network))
    file = folder / "weights.safetensors"
    file.write_bytes(trained_exporters["safetensors"].function(Trained(Project(graph, weights=weights), "net"), untold))
    made: nn.Module = exported_class(graph, folder)()
    made.load_state_dict(load_file(file))
    file.unlink()
    return made.eval()


@pytest.mark.parametrize("name", STARTERS)
def test_every_starter_gives_the_same_bits(name: str, tmp_path: Path) -> None:
    graph = open_starter(name).graph
    network = with_random_weights(graph)
    made = loaded(graph, network, tmp_path)
    shape = graph.of_kind("input")[0].layer.output_shape()
    sample = torch.randn(1, shape.channels, *shape.sizes)
    with torch.inference_mode():
        ours, theirs = network(sample), made(sample)
    assert ours.std() > 0
    assert torch.equal(ours, theirs)


def test_weights_follow_the_names_that_people_give(tmp_path: Path) -> None:
    graph = small_network()
    for node_id, name in (("conv1", "Erste Schicht"), ("dense1", "type")):
        graph = edits.rename(graph, node_id, name)
    network = with_random_weights(graph)
    made = loaded(graph, network, tmp_path)
    assert {"Erste_Schicht.weight", "type_.bias"} <= set(made.state_dict())
    sample = torch.randn(3, 1, 8, 8)
    with torch.inference_mode():
        assert torch.equal(network(sample), made(sample))


def test_a_network_that_has_not_learned_has_no_weights_to_write() -> None:
    with pytest.raises(DataError, match="not been trained yet"):
        trained_exporters["safetensors"].function(Trained(open_starter("lenet5"), "lenet5"), untold)
