"""Keras as the judge of the Keras code: the emitted module is run, and given the weights of the compiled network."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

import keras
import numpy as np
import torch

from cnn_studio.core.calls import Call
from cnn_studio.core.export.keras import export_keras
from cnn_studio.core.export.keras_model import KerasModel, keras_model, order_matters
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.layers.endpoints import Input, Output
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.compile import Network, compile_network
from tests.helpers.networks import chain

Array = np.ndarray


def run_module(source: str) -> dict[str, Any]:
    """The names that an emitted module defines."""
    names: dict[str, Any] = {"__name__": "emitted"}
    exec(compile(source, "emitted.py", "exec"), names)
    return names


def build(graph: Graph, precision: str = "float32") -> Any:
    """The Keras model of the emitted code, numbered as in a fresh process."""
    keras.utils.clear_session()
    keras.config.set_floatx(precision)
    keras.config.set_dtype_policy(precision)
    try:
        return run_module(export_keras(graph))["build_model"]()
    finally:
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy("float32")


def on(layer: Layer, channels: int = 4, sizes: tuple[int, ...] = (11, 13)) -> Graph:
    """A network of one layer."""
    return chain(Input(channels=channels, sizes=sizes), layer, Output())


def sources(graph: Graph) -> list[str]:
    """The Keras layers of a network as text, without their names and without the Input."""
    calls = [layer.call for layer in keras_model(graph).layers[1:]]
    return [
        Call(call.target, call.args, {name: value for name, value in call.kwargs.items() if name != "name"}).source()
        for call in calls
    ]


def row_orders(model: KerasModel) -> dict[str, Array]:
    """For each node that gives a row of numbers: the place in ours of each of Keras' values."""
    flow = model.flow
    orders: dict[str, Array] = {}
    for node_id in flow.order:
        layer, facts = flow.graph.nodes[node_id].layer, flow.report.facts[node_id]
        if facts.shape is None or facts.shape.sizes:
            continue
        orders[node_id] = np.arange(facts.shape.channels)
        sources = flow.sources[node_id]
        if layer.kind == "flatten" and facts.inputs[0].sizes:
            if not order_matters(flow, node_id):
                orders[node_id] = last(orders[node_id].reshape(facts.inputs[0].channels, -1)).ravel()
        elif layer.kind == "concatenate":
            starts = np.cumsum([0, *(shape.channels for shape in facts.inputs)])
            orders[node_id] = np.concatenate(
                [orders[source] + start for source, start in zip(sources, starts, strict=False)]
            )
        elif len(sources) == 1 and layer.kind != "dense" and not facts.inputs[0].sizes:
            orders[node_id] = orders[sources[0]]
    return orders


def last(array: Array, axis: int = 0) -> Array:
    """Channels first to channels last; ``axis`` is where they stand."""
    return np.moveaxis(array, axis, -1)


def kernel(array: Array) -> Array:
    """(out, in, sizes) to (sizes, in, out)."""
    return np.moveaxis(array, (0, 1), (-1, -2))


def depthwise_kernel(array: Array, channels: int) -> Array:
    """(channels · multiplier, 1, sizes) to (sizes, channels, multiplier)."""
    split = array.reshape(channels, -1, *array.shape[2:])
    return np.moveaxis(split, (0, 1), (-2, -1))


def weights_of(layer: Layer, shape: Shape, weights: list[Array], order: Array) -> list[Array]:
    """The weights of one node as its Keras layers hold them, one after the other.

    Args:
        shape: of the input.
        weights: as PyTorch holds them.
        order: of the input, when it is a row of numbers.
    """
    first, rest = weights[0], weights[1:]
    match layer.kind:
        case "dense":
            found = [first[:, order].T, *rest]
        case "transposed_convolution":
            found = transposed_weights(first, rest, layer.groups)  # type: ignore[attr-defined]
        case "depthwise_convolution" | "separable_convolution" if shape.rank < 3:
            found = [depthwise_kernel(first, shape.channels), *(kernel(one) if one.ndim > 1 else one for one in rest)]
        case "convolution" | "depthwise_convolution" | "separable_convolution":
            found = [kernel(one) if one.ndim > 1 else one for one in weights]
        case "prelu":
            slopes = first[order] if first.size > 1 and not shape.sizes else first
            found = [slopes.reshape(*[1] * shape.rank, -1)]
        case "layer_norm" if shape.sizes:
            found = [last(one) for one in weights]
        case _:
            found = [one if shape.sizes else one[order] for one in weights]
    return found


def transposed_weights(first: Array, bias: list[Array], groups: int) -> list[Array]:
    """Kernel and bias of each group in turn."""
    found = []
    for group, piece in enumerate(np.split(first, groups)):
        found.append(kernel(np.swapaxes(piece, 0, 1)).swapaxes(-1, -2))
        found += [np.split(one, groups)[group] for one in bias]
    return found


def copy_weights(graph: Graph, network: Network, built: Any) -> None:
    """Give a Keras model the weights of the compiled network of the same graph."""
    model = keras_model(graph)
    orders = row_orders(model)
    values: dict[str, list[Array]] = {}
    for layer in model.layers:
        node_id = layer.node_id
        if not layer.parameters:
            continue
        if node_id not in values:
            module = network.module_of(node_id)
            assert module is not None
            state = module.state_dict().items()
            weights = [value.numpy() for name, value in state if "num_batches_tracked" not in name]
            shape = model.flow.report.facts[node_id].inputs[0]
            order = orders.get(model.flow.sources[node_id][0], np.arange(shape.channels))
            values[node_id] = weights_of(model.flow.graph.nodes[node_id].layer, shape, weights, order)
        target = built.get_layer(layer.name)
        count = len(target.weights)
        target.set_weights(values[node_id][:count])
        values[node_id] = values[node_id][count:]
    assert not any(values.values()), "weights left over"


def shaken(network: Network, seed: int) -> Network:
    """The network with weights and statistics that are all different, so that no mix-up goes unseen."""
    generator = torch.Generator().manual_seed(seed)
    for name, value in network.state_dict().items():
        if "num_batches_tracked" not in name and value.ndim == 1:
            noise = torch.rand(value.shape, generator=generator)
            value.copy_(noise + 0.5 if "var" in name or "weight" in name else noise - 0.5)
    return network.eval()


def disagreements(graph: Graph, seed: int = 0, tolerance: float = 1e-4) -> list[str]:
    """In what the emitted Keras code differs from our analysis and from the compiled network, one line each.

    Values are compared in double precision and relative to the largest.
    """
    built = build(graph, "float64")
    model = keras_model(graph)
    found = []
    counts = [sum(getattr(layer, name) for layer in model.layers) for name in ("parameters", "trainable")]
    theirs = [built.count_params(), sum(prod(weight.shape) for weight in built.trainable_weights)]
    if counts != theirs:
        found.append(f"parameters, and trainable ones: ours {counts}, Keras {theirs}")
    for layer in model.layers:
        shape = tuple(keras_layer(built, layer.name).output.shape[1:])
        if shape != (*layer.shape.sizes, layer.shape.channels):
            found.append(f"{layer.name}: ours {layer.shape}, Keras {shape}")
    return found or list(differences(graph, built, seed, tolerance))


def differences(graph: Graph, built: Any, seed: int, tolerance: float) -> Iterator[str]:
    """The nodes whose values in Keras are not those of the compiled network, relative to the largest value."""
    model = keras_model(graph)
    flow = model.flow
    network = shaken(compile_network(graph).double(), seed)
    copy_weights(graph, network, built)
    sample = sample_of(flow.report.facts[flow.inputs[0]].shape, seed)
    everything = keras.Model(built.inputs[0], [keras_layer(built, name).output for name in model.made_by.values()])
    with torch.no_grad():
        ours = network.forward_all(torch.from_numpy(sample))
        theirs = everything(last(sample, 1), training=False)
    orders = row_orders(model)
    for node_id, value in zip(model.made_by, theirs if isinstance(theirs, list) else [theirs], strict=True):
        wanted = ours[node_id].numpy()
        wanted = wanted[:, orders[node_id]] if node_id in orders else last(wanted, 1)
        given_to = ours.get(next(iter(flow.sources[node_id]), ""))
        if not np.isfinite(wanted).all() or is_ill_conditioned(flow.graph.nodes[node_id].layer, given_to):
            return  # each library has results of its own, and so has everything after it
        given = value.numpy()
        scale = max(1.0, float(np.abs(wanted).max()))
        if wanted.shape != given.shape or not np.allclose(wanted / scale, given / scale, atol=tolerance):
            node = flow.graph.nodes[node_id]
            gap = np.abs(wanted - given).max() if wanted.shape == given.shape else given.shape
            yield f"{node.layer!r} on {flow.report.facts[node_id].inputs}: values differ by {gap}, the largest is {scale}"


def is_ill_conditioned(layer: Layer, given: torch.Tensor | None) -> bool:
    """Whether a normalization of nearly equal values magnifies the noise of single precision beyond our tolerance.

    Keras works in single precision there, whatever the layer's own, and takes the variance as a difference of squares.
    """
    if given is None or layer.kind not in ("group_norm", "instance_norm", "layer_norm"):
        return False
    values = given.numpy().reshape(*given.shape[:2], -1) if given.ndim > 2 else given.numpy()
    noise = 1e-7 * (values**2).max() / (values.var(axis=-1).min() + layer.epsilon)  # type: ignore[attr-defined]
    return bool(noise > 1e-5)


def keras_layer(built: Any, name: str) -> Any:
    """A layer by its name; a Sequential does not count its Input among its layers."""
    inside = built._functional if isinstance(built, keras.Sequential) else built
    return next(layer for layer in inside._operations if layer.name == name)


def sample_of(shape: Shape | None, seed: int) -> Array:
    """A batch of two random samples."""
    assert shape is not None
    return np.random.default_rng(seed).standard_normal((2, shape.channels, *shape.sizes))
