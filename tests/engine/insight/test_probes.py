"""Probes tell what is there, and leave everything as it was."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
import torch

from cnn_studio.core import edits
from cnn_studio.core.graph import Graph
from cnn_studio.engine.control import Control
from cnn_studio.engine.datasets.base import DataError, Dataset
from cnn_studio.engine.events import BatchEnded, ProbeAnswered, ProbeFailed
from cnn_studio.engine.insight import probes
from cnn_studio.engine.insight.activations import ActivationMaps, Activations
from cnn_studio.engine.insight.base import Probe, statistics_of
from cnn_studio.engine.insight.dead_units import DeadUnits
from cnn_studio.engine.insight.drawn import DrawingSeen
from cnn_studio.engine.insight.gradients import GradientNorms, Gradients
from cnn_studio.engine.insight.kernel_view import KernelViews
from cnn_studio.engine.insight.kernels import Kernels
from cnn_studio.engine.insight.layer_view import LayerViews
from cnn_studio.engine.insight.thumbnails import Thumbnails
from cnn_studio.engine.insight.weights import WeightStatistics
from cnn_studio.engine.predict import Predictor
from cnn_studio.engine.session import Session
from tests.helpers.networks import make
from tests.helpers.training import chain, quick_plan, small_network, stripes


def with_auxiliary_output() -> Graph:
    """A network with two branches added up, and an answer on the way."""
    graph = small_network()
    graph = edits.add(graph, make("convolution", filters=4, kernel=3))
    aside = list(graph.nodes)[-1]
    entry, relu = graph.of_kind("input")[0].id, graph.of_kind("relu")[0].id
    graph = edits.connect(graph, entry, aside)
    graph = edits.add(graph, make("add"))
    merge, after = list(graph.nodes)[-1], graph.outputs_of(relu)[0]
    graph = edits.disconnect(graph, relu, after)
    for source, target in ((relu, merge), (aside, merge), (merge, after)):
        graph = edits.connect(graph, source, target)
    source = relu
    for layer in (make("flatten"), make("dense", units=3), make("auxiliary_output")):
        graph = edits.add(graph, layer)
        graph = edits.connect(graph, source, list(graph.nodes)[-1])
        source = list(graph.nodes)[-1]
    return graph


def questions(graph: Graph, data: Dataset) -> list[Probe]:
    """At least one question of every kind."""
    conv = graph.of_kind("convolution")[0].id
    pictures, labels = data.train.array, data.train.labels
    assert pictures is not None
    paper = np.full((1, 40, 40), 255, np.uint8)
    paper[0, 8:32, 18:22] = 0
    return [
        Activations(pictures[0]),
        Activations(pictures[1], (conv,)),
        Kernels(conv),
        Gradients(),
        Gradients(pictures[:8], labels[:8]),
        Gradients(pictures[:1], labels[:1]),
        GradientNorms(pictures[:8], labels[:8]),
        WeightStatistics(),
        DeadUnits(),
        DeadUnits(pictures[:20]),
        DrawingSeen(picture=paper),
        Thumbnails(pictures[0]),
        LayerViews(pictures[0], conv),
        KernelViews(conv, by_norm=True),
    ]


def test_the_questions_are_of_every_kind() -> None:
    assert {type(probe) for probe in questions(small_network(), stripes())} == set(probes.values())
    assert {kind.name: kind for kind in probes.values()} == {name: probes[name] for name in probes}


def weights_of(session: Session) -> dict[str, torch.Tensor]:
    tensors = {f"learning/{name}": tensor.clone() for name, tensor in session.network.state_dict().items()}
    return tensors | {f"judged/{name}": tensor.clone() for name, tensor in session.judged.state_dict().items()}


@pytest.mark.parametrize("options", [{}, {"averaging": 0.9, "memory_format": "channels_last"}, {"precision": "bf16"}])
@pytest.mark.parametrize("network", [small_network, with_auxiliary_output])
def test_a_run_probed_at_every_step_learns_the_same_weights_to_the_bit(network: Any, options: dict[str, Any]) -> None:
    graph, data, plan = network(), stripes(), quick_plan(validation=0.2, **options)
    alone = Session(graph, plan, data)
    for _event in alone.events():
        pass
    control, answered = Control(), 0
    probed = Session(graph, plan, data, control)
    asked = questions(graph, data)
    for event in probed.events():
        assert not isinstance(event, ProbeFailed), event
        answered += isinstance(event, ProbeAnswered)
        if isinstance(event, BatchEnded):
            for probe in asked:
                control.ask(probe)
    assert answered >= len(asked) * (probed.step - 1)
    one, other = weights_of(alone), weights_of(probed)
    assert all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("training", [True, False])
def test_modes_gradients_statistics_and_random_numbers_stay(training: bool) -> None:
    graph, data = with_auxiliary_output(), stripes()
    session = Session(graph, quick_plan(), data)
    network = session.network
    network.train(training)
    next(network.children()).eval()
    for parameter in network.parameters():
        parameter.grad = torch.rand_like(parameter)
    modes = [module.training for module in network.modules()]
    state = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    gradients = [
        (parameter.grad, parameter.grad.clone()) for parameter in network.parameters() if parameter.grad is not None
    ]
    for probe in questions(graph, data):
        torch.manual_seed(5)
        probe(session)
        assert torch.equal(torch.rand(3), torch.rand(3, generator=torch.Generator().manual_seed(5))), probe.name
    assert [module.training for module in network.modules()] == modes
    assert all(torch.equal(state[name], tensor) for name, tensor in network.state_dict().items())
    for parameter, (gradient, copy) in zip(network.parameters(), gradients, strict=True):
        assert parameter.grad is gradient
        assert torch.equal(gradient, copy)
    assert not any(
        module._forward_hooks or module._backward_hooks or module._forward_pre_hooks for module in network.modules()
    )
    assert torch.is_grad_enabled()


def predictor(graph: Graph, **options: Any) -> Predictor:
    session = Session(graph, quick_plan(**options), stripes())
    return Predictor(graph, dict(session.judged.state_dict()), session.plan, ("a", "b", "c"))


@pytest.mark.parametrize("number", range(14))
def test_every_question_is_answered_without_a_run_and_with_numpy_alone(number: int) -> None:
    graph, data = small_network(), stripes()
    probe = questions(graph, data)[number]
    asked = predictor(graph)
    before = {name: tensor.clone() for name, tensor in asked.network.state_dict().items()}
    if probe.name in ("gradients", "dead_units") and getattr(probe, "samples", None) is None:
        with pytest.raises(DataError, match="name the samples"):
            probe(asked)
        return
    answer = probe(asked)
    assert_plain(answer)
    for array in arrays_in(answer):
        if array.dtype == np.float32:
            array.fill(7.0)
    assert all(torch.equal(before[name], tensor) for name, tensor in asked.network.state_dict().items())
    assert not any(module.training for module in asked.network.modules())


def assert_plain(value: Any) -> None:
    if is_dataclass(value):
        for field in fields(value):
            assert_plain(getattr(value, field.name))
    elif isinstance(value, dict):
        for one in value.values():
            assert_plain(one)
    elif isinstance(value, tuple):
        for one in value:
            assert_plain(one)
    else:
        assert value is None or isinstance(value, (int, float, str, np.ndarray))


def arrays_in(value: Any) -> list[Any]:
    if is_dataclass(value):
        return [array for field in fields(value) for array in arrays_in(getattr(value, field.name))]
    if isinstance(value, dict):
        return [array for one in value.values() for array in arrays_in(one)]
    return [value] if isinstance(value, np.ndarray) else []


# -- what they say -----------------------------------------------------------------------------------------------------


def test_activations_are_the_values_on_the_way_and_end_in_probabilities() -> None:
    graph, data = small_network(), stripes()
    asked = predictor(graph)
    sample = data.train.read(3)
    maps = Activations(sample)(asked).maps
    assert set(maps) == set(graph.nodes)
    entered = torch.from_numpy(sample.copy()).float()[None] / 255
    conv = asked.network.module_of(graph.of_kind("convolution")[0].id)
    assert conv is not None
    np.testing.assert_allclose(maps[graph.of_kind("convolution")[0].id], conv(entered)[0].detach().numpy(), atol=1e-6)
    answer = asked.answer(sample)
    for kind in ("softmax", "output"):
        np.testing.assert_allclose(maps[graph.of_kind(kind)[0].id], answer.probabilities, rtol=1e-6)


@pytest.mark.parametrize("sizes", [(), (16,), (6, 6), (4, 6, 6)])
def test_activations_of_any_rank(sizes: tuple[int, ...]) -> None:
    middle = [("convolution", {"filters": 2, "kernel": 3}), ("flatten", {})] if sizes else []
    channels = 2 if sizes else 5
    graph = chain(("input", {"channels": channels, "sizes": sizes}), *middle, ("dense", {"units": 3}), ("output", {}))
    asked = predictor_of_random_weights(graph)
    maps = Activations(np.ones((channels, *sizes), np.uint8))(asked).maps
    assert all(value.ndim == (1 if graph.nodes[node].layer.kind in ("dense", "flatten", "output") else 1 + len(sizes))
               for node, value in maps.items())  # fmt: skip


def predictor_of_random_weights(graph: Graph) -> Predictor:
    from cnn_studio.engine.compile import compile_network

    network = compile_network(graph, {node_id: node_id for node_id in graph.nodes})
    return Predictor(graph, dict(network.state_dict()), quick_plan(), ("a", "b", "c"))


def test_questions_that_make_no_sense_get_a_sentence() -> None:
    graph = small_network()
    asked = predictor(graph)
    with pytest.raises(DataError, match="takes 8×8×1, and a sample of 1×9×9"):
        Activations(np.zeros((1, 9, 9), np.uint8))(asked)
    with pytest.raises(DataError, match="no layer “none”"):
        Activations(np.zeros((1, 8, 8), np.uint8), ("none",))(asked)
    with pytest.raises(DataError, match="“relu1” has no weights"):
        Kernels("relu1")(asked)


def test_kernels_are_as_torch_stores_them_and_know_colours() -> None:
    parts = [("convolution", {"filters": 4, "kernel": 3}), ("relu", {}), ("convolution", {"filters": 3, "kernel": 3}),
             ("convolution", {"filters": 2, "kernel": 1}), ("flatten", {}), ("dense", {"units": 3}), ("output", {})]  # fmt: skip
    graph = chain(("input", {"channels": 3, "sizes": (8, 8)}), ("batch_norm", {}), *parts)
    asked = predictor_of_random_weights(graph)
    first, second, third = (Kernels(node.id)(asked) for node in graph.of_kind("convolution"))
    assert [kernels.colour for kernels in (first, second, third)] == [True, False, False]
    stored = asked.network.state_dict()
    for node in graph.of_kind("convolution"):
        for name, array in Kernels(node.id)(asked).tensors.items():
            np.testing.assert_array_equal(array, stored[f"{node.id}.{name}"].numpy())
    assert third.tensors["weight"].shape == (2, 3, 1, 1)


def test_gradients_are_those_of_the_training_loss() -> None:
    graph, data = with_auxiliary_output(), stripes()
    session = Session(graph, quick_plan(label_smoothing=0.1), data)
    pictures, labels = data.train.array, data.train.labels
    assert pictures is not None
    dropout = session.network.get_submodule(graph.of_kind("dropout")[0].id)
    dropout.p = 0.0  # type: ignore[assignment]
    found = Gradients(pictures[:16], labels[:16])(session)
    session.network.train()
    answers = session.network(torch.from_numpy(pictures[:16]).float() / 255)
    truth = torch.from_numpy(labels[:16])
    loss = session.setup.loss(answers[0], truth) + session.setup.auxiliary_weights[0] * session.setup.loss(
        answers[1], truth
    )
    loss.backward()
    assert found.loss == pytest.approx(loss.item(), rel=1e-6)
    weights = dict(session.network.named_parameters())
    assert set(found.weights) == set(weights)
    for name, weight in weights.items():
        assert weight.grad is not None
        norm = weight.grad.norm().item()
        assert found.weights[name].norm == pytest.approx(norm, rel=1e-4, abs=1e-6)
    conv = graph.of_kind("convolution")[0].id
    assert found.relative[f"{conv}.weight"] == pytest.approx(
        found.weights[f"{conv}.weight"].norm / weights[f"{conv}.weight"].norm().item(), rel=1e-5
    )
    assert set(found.layers) == set(graph.nodes) - {graph.of_kind("input")[0].id, graph.of_kind("softmax")[0].id}


@pytest.mark.parametrize("batch", [4, 16])
@pytest.mark.parametrize("probe", [Gradients(), GradientNorms(), DeadUnits()], ids=lambda probe: probe.name)
def test_no_more_samples_go_through_at_once_than_in_a_step_of_the_run(probe: Probe, batch: int) -> None:
    session = Session(small_network(), quick_plan(batch_size=batch), stripes())
    taken: list[int] = []
    first = next(module for module in session.network.modules() if isinstance(module, torch.nn.Conv2d))
    with first.register_forward_pre_hook(lambda _module, inputs: taken.append(len(inputs[0]))):
        probe(session)
    assert taken
    assert max(taken) <= batch


def test_frozen_layers_have_no_gradients() -> None:
    parts = [("convolution", {"filters": 2, "kernel": 3, "frozen": True}), ("flatten", {}), ("dense", {"units": 3})]
    graph = chain(("input", {"channels": 1, "sizes": (8, 8)}), *parts, ("output", {}))
    pictures = np.zeros((4, 1, 8, 8), np.uint8)
    found = Gradients(pictures, np.zeros(4, np.int64))(predictor_of_random_weights(graph))
    assert {name.partition(".")[0] for name in found.weights} == {"dense1"}


def test_statistics_describe_what_is_there() -> None:
    values = torch.tensor([[0.0, 0.0, 3.0], [-1.0, float("nan"), float("inf")]])
    told = statistics_of(values, bins=4)
    assert (told.count, told.strange, told.zeros, told.smallest, told.largest) == (6, 2, 0.5, -1.0, 3.0)
    assert told.mean == 0.5
    assert told.norm == pytest.approx(10**0.5)
    assert told.heights.tolist() == [1, 2, 0, 1]
    assert told.edges.tolist() == [-1, 0, 1, 2, 3]
    assert statistics_of(torch.full((5,), 2.0), 4).heights.sum() == 5
    nothing = statistics_of(torch.full((2,), float("nan")), 4)
    assert (nothing.strange, nothing.heights.sum()) == (2, 0)


def test_weights_of_chosen_layers() -> None:
    graph = small_network()
    asked = predictor(graph)
    assert set(WeightStatistics(("dense1",))(asked).tensors) == {"dense1.weight", "dense1.bias"}
    everything = WeightStatistics(bins=10)(asked).tensors
    assert set(everything) == {name for name, _ in asked.network.named_parameters()}
    assert all(len(one.heights) == 10 and one.heights.sum() == one.count for one in everything.values())


def test_dead_units_are_those_that_never_fire() -> None:
    parts = [("convolution", {"filters": 4, "kernel": 3}), ("relu", {}), ("flatten", {}), ("dense", {"units": 5}),
             ("relu", {}), ("dense", {"units": 3}), ("output", {})]  # fmt: skip
    graph = chain(("input", {"channels": 1, "sizes": (8, 8)}), *parts)
    asked = predictor_of_random_weights(graph)
    conv = asked.network.get_submodule("conv1")
    with torch.no_grad():
        conv.bias.copy_(torch.tensor([-1e6, 1e6, -1e6, 1e6]))  # type: ignore[operator]
    random = np.random.default_rng(0)
    found = DeadUnits(random.integers(0, 256, (300, 1, 8, 8), dtype=np.uint8))(asked)
    assert found.samples == 300
    assert found.silent["relu1"].tolist() == [True, False, True, False]
    assert found.share("relu1") == 0.5
    assert found.silent["relu2"].shape == (5,)


def test_a_probe_asked_during_a_run_is_answered_between_batches() -> None:
    control, data = Control(), stripes()
    sample = data.train.read(0)
    ticket = control.ask(Activations(sample, ("conv1",)))
    answers = [
        event
        for event in Session(small_network(), quick_plan(), data, control).events()
        if isinstance(event, ProbeAnswered)
    ]
    assert [answer.ticket for answer in answers] == [ticket]
    assert isinstance(answers[0].answer, ActivationMaps)
    assert answers[0].answer.maps["conv1"].shape == (4, 6, 6)
