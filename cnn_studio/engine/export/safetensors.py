"""The weights alone, named as in the exported PyTorch code: they load into its class, and give the same bits."""

from __future__ import annotations

from safetensors.torch import save

from cnn_studio.core.graph import identifiers
from cnn_studio.engine.datasets.base import DataError
from cnn_studio.engine.export import Progress, Trained, TrainedExporter, trained_exporters, untold
from cnn_studio.engine.tensors import tensors_of
from cnn_studio.i18n import N_


def export_safetensors(trained: Trained, _progress: Progress = untold) -> bytes:
    """Weights of a trained network. Raises DataError before it has any, FileError when they are damaged."""
    if not trained.project.weights:
        raise DataError(N_("this network has not been trained yet"))
    names = identifiers(trained.project.graph)
    tensors = {}
    for key, tensor in tensors_of(trained.project.weights).items():
        node_id, _dot, rest = key.partition(".")
        tensors[f"{names.get(node_id, node_id)}.{rest}"] = tensor
    return save(tensors, {"format": "pt"})


trained_exporters.register(
    "safetensors", TrainedExporter("safetensors", N_("weights"), ".safetensors", export_safetensors)
)
