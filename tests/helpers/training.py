"""Small networks and data on which a run takes a moment."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnn_studio.core import edits
from cnn_studio.core.graph import Graph
from cnn_studio.core.kinds import Registry
from cnn_studio.core.layers import layers
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.engine.datasets.base import ArraySamples, Dataset


def part(registry: Registry[Any], name: str, **values: Any) -> Any:
    """A declared thing of a registry, with these fields."""
    return registry[name].model_validate(values)


def chain(*kinds: tuple[str, dict[str, Any]]) -> Graph:
    """Layers one after the other."""
    graph, before = Graph(), ""
    for kind, fields in kinds:
        layer = layers[kind](**fields)
        node_id = graph.fresh_id(layer.stem)
        graph = edits.add(graph, layer)
        if before:
            graph = edits.connect(graph, before, node_id)
        before = node_id
    return graph


def small_network(classes: int = 3, size: int = 8) -> Graph:
    """Convolution with batch normalization and dropout, so that statistics and chance both matter."""
    return chain(
        ("input", {"channels": 1, "sizes": (size, size)}),
        ("convolution", {"filters": 4, "kernel": 3}),
        ("batch_norm", {}),
        ("relu", {}),
        ("dropout", {"rate": 0.2}),
        ("flatten", {}),
        ("dense", {"units": classes}),
        ("softmax", {}),
        ("output", {}),
    )


def stripes(count: int = 90, classes: int = 3, size: int = 8, seed: int = 0) -> Dataset:
    """Pictures with one bright row, whose place tells the class: learnt within an epoch or two."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    pictures = random.integers(0, 60, (count, 1, size, size), dtype=np.uint8)
    pictures[np.arange(count), 0, 1 + labels * (size // classes)] += 180
    test = random.permutation(count)[: count // 3]
    splits = {"train": ArraySamples(pictures, labels), "test": ArraySamples(pictures[test], labels[test])}
    return Dataset("stripes", tuple("abcdefghij"[:classes]), splits)


def quick_plan(**fields: Any) -> TrainingPlan:
    """A plan on one thread in single precision, that nothing needs to be measured for."""
    fixed = {"device": "cpu", "precision": "fp32", "threads": 1, "memory_format": "channels_first"}
    return TrainingPlan(**{"epochs": 2, "batch_size": 16, "rate": 0.02, **fixed, **fields})
