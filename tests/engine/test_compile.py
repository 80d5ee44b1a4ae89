"""Networks made from graphs: their values, names, weights, and what they refuse."""

import copy
import inspect
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
import torch
from torch import nn

from cnn_studio import i18n
from cnn_studio.core.analysis import Facts, analyse, facts_of
from cnn_studio.core.calls import Arg, call
from cnn_studio.core.export.helpers import HELPERS
from cnn_studio.core.graph import RESERVED, Graph, Node, identifiers
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.sliding import PADDING_MODES
from cnn_studio.core.shapes import Shape, input_reach
from cnn_studio.engine import modules
from cnn_studio.engine.compile import (
    FUNCTIONS,
    MODULES,
    CompileError,
    Network,
    apply_function,
    build_module,
    check_function,
    compile_network,
)
from tests.helpers.judge import shape_of, shape_tuple
from tests.helpers.networks import SENSIBLE, Taste, chain, joined, make, random_network

SMALL = Taste(layers=(1, 10), ranks=SENSIBLE.ranks, absurd=0.0, branching=0.5, keep_refused=False)
LIGHT = 3_000_000


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Small tensors gain nothing from threads, and lose much where tests run side by side."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def light_networks(seeds):
    """Random networks that the CPU runs in a moment."""
    for seed in seeds:
        graph = random_network(Random(seed), SMALL)
        totals = analyse(graph).totals
        if totals.macs < LIGHT and totals.values < LIGHT and totals.parameters < LIGHT:
            yield seed, graph


def entry_shape(graph: Graph) -> Shape:
    return graph.of_kind("input")[0].layer.output_shape()


def with_skip() -> Graph:
    """Input, convolution, ReLU, Add of both, flatten, dense, output; an auxiliary answer from the convolution."""
    graph = chain(
        make("input", channels=1, sizes=(6, 6)),
        make("convolution", filters=2, padding="same"),
        make("relu"),
        make("add"),
        make("flatten"),
        make("dense", units=3),
        make("output"),
    )
    nodes = dict(graph.nodes)
    for layer, node_id in (
        (make("flatten"), "side"),
        (make("dense", units=2), "score"),
        (make("auxiliary_output"), "aux"),
    ):
        nodes[node_id] = Node(node_id, layer, node_id)
    inputs = {**graph.inputs, "add4": ("relu3", "conv2"), "side": ("conv2",), "score": ("side",), "aux": ("score",)}
    return Graph(nodes, inputs)


@pytest.mark.parametrize("start", range(0, 300, 100))
def test_every_value_on_the_cpu_has_the_shape_that_the_analysis_gives(start):
    for seed, graph in light_networks(range(start, start + 100)):
        torch.manual_seed(seed)
        report = analyse(graph)
        x = torch.randn(2, *shape_tuple(entry_shape(graph)))
        network = compile_network(graph)
        values = network.forward_all(x)
        wanted = {node.id: report.of(node.id).shape for node in graph.nodes.values() if node.id in values}
        assert {node_id: shape_of(value) for node_id, value in values.items()} == wanted, seed


def test_the_answer_is_the_value_of_the_output_though_values_are_given_back_on_the_way():
    for seed, graph in light_networks(range(100)):
        network = compile_network(graph).eval()
        x = torch.randn(2, *shape_tuple(entry_shape(graph)))
        assert torch.equal(network(x), network.forward_all(x)[graph.of_kind("output")[0].id]), seed


def test_weights_stand_under_the_identifiers_and_count_as_the_analysis_counts():
    for seed, graph in light_networks(range(100)):
        report, names = analyse(graph), identifiers(graph)
        network = compile_network(graph, device="meta")
        nodes = [node for node in graph.nodes.values() if node.id in network.names]
        wanted = {
            f"{names[node.id]}.{weight.name}": weight.shape
            for node in nodes
            for weight in node.layer.weights(*report.of(node.id).inputs)
        }
        state = {k: tuple(v.shape) for k, v in network.state_dict().items() if "num_batches_tracked" not in k}
        assert state == wanted, seed
        trainable = sum(value.numel() for value in network.parameters() if value.requires_grad)
        assert trainable == sum(report.of(node.id).trainable for node in nodes), seed


def test_modules_can_be_named_by_ids():
    graph = chain(make("input", channels=4, sizes=()), make("dense", units=2), make("output"))
    graph = graph.with_nodes({**graph.nodes, "dense2": replace(graph.nodes["dense2"], name="Última capa")})
    assert set(compile_network(graph).state_dict()) == {"ltima_capa.weight", "ltima_capa.bias"}
    by_id = compile_network(graph, {node_id: node_id for node_id in graph.nodes})
    assert set(by_id.state_dict()) == {"dense2.weight", "dense2.bias"}
    assert by_id.module_of("dense2") is by_id.dense2
    assert by_id.module_of("output3") is None


def test_meta_networks_own_no_numbers():
    network = compile_network(with_skip(), device="meta")
    assert {value.device.type for value in network.state_dict().values()} == {"meta"}
    assert network(torch.empty(7, 1, 6, 6, device="meta"))[0].shape == (7, 3)


def test_auxiliary_answers_come_while_training_only():
    network = compile_network(with_skip())
    x = torch.randn(5, 1, 6, 6)
    main, side = network.train()(x)
    assert (main.shape, side.shape) == ((5, 3), (5, 2))
    values = network.forward_all(x)
    assert torch.equal(main, values["output7"])
    assert torch.equal(side, values["aux"])
    assert torch.equal(network.eval()(x), main)
    assert set(values) == set(with_skip().nodes)


def test_nothing_is_computed_for_the_auxiliary_answer_in_use():
    network = compile_network(with_skip()).eval()
    calls: list[int] = []
    network.get_submodule("score").register_forward_hook(lambda *_: calls.append(1))
    network(torch.randn(1, 1, 6, 6))
    assert calls == []
    network.train()(torch.randn(1, 1, 6, 6))
    assert calls == [1]


def test_several_auxiliary_answers_keep_the_order_of_the_graph():
    graph = with_skip()
    nodes = {**graph.nodes, "aux2": Node("aux2", make("auxiliary_output"), "aux2")}
    network = compile_network(Graph(nodes, {**graph.inputs, "aux2": ("flatten5",)}))
    assert [answer.shape[1] for answer in network(torch.randn(1, 1, 6, 6))] == [3, 2, 72]


def test_frozen_layers_take_no_gradient():
    graph = chain(
        make("input", channels=4, sizes=()),
        make("dense", units=3, frozen=True),
        make("dense", units=2),
        make("output"),
    )
    network = compile_network(graph)
    assert {name: value.requires_grad for name, value in network.named_parameters()} == {
        "dense2.weight": False,
        "dense2.bias": False,
        "dense3.weight": True,
        "dense3.bias": True,
    }


def test_what_leads_nowhere_is_left_out():
    graph = with_skip()
    nodes = {**graph.nodes, "loose": Node("loose", make("dense"), "loose")}
    assert set(compile_network(Graph(nodes, {**graph.inputs, "loose": ("flatten5",)})).names) == {
        "conv2", "relu3", "flatten5", "dense6", "side", "score",
    }  # fmt: skip


def test_a_copy_computes_the_same():
    network = compile_network(with_skip()).eval()
    x = torch.randn(2, 1, 6, 6)
    assert torch.equal(copy.deepcopy(network)(x), network(x))


# -- what is refused --------------------------------------------------------------------------------------------------

CLOSED = {"a": ("b",), "b": ("a",)}
BROKEN = {
    "“conv2”: its kernel covers 5 pixels, and the map with its padding has only 4 (4 + 0 + 0)": chain(
        make("input", sizes=(4, 4)), make("convolution", kernel=5), make("output")
    ),
    "a network that runs has exactly one Input, and this one has 2": joined(make("add"), (3,), (3,)),
    "a network that runs has exactly one Output, and this one has 0": chain(make("input")),
    "“relu2” lacks an input": Graph(
        {
            node_id: Node(node_id, make(kind), node_id)
            for node_id, kind in (("input1", "input"), ("relu2", "relu"), ("output3", "output"))
        },
        {"output3": ("relu2",)},
    ),
    "“relu2” is on a cycle or behind one": Graph(
        {
            node_id: Node(node_id, make(kind), node_id)
            for node_id, kind in (("input1", "input"), ("relu2", "relu"), ("relu3", "relu"), ("output4", "output"))
        },
        {"relu2": ("relu3",), "relu3": ("relu2",), "output4": ("relu3",)},
    ),
}


@pytest.mark.parametrize("sentence", BROKEN)
def test_a_graph_that_cannot_run_says_why(sentence):
    with pytest.raises(CompileError) as caught:
        compile_network(BROKEN[sentence])
    assert str(caught.value) == sentence


def test_the_reason_is_said_in_the_language_of_the_reader():
    with pytest.raises(CompileError) as caught:
        compile_network(chain(make("input")))
    english = str(caught.value)
    i18n.set_language("es")
    assert str(caught.value) != english


@pytest.mark.parametrize(
    "forbidden",
    [
        call("os.system", "true"),
        call("nn.Module"),
        call("nn.Sequential", call("nn.Lazy"), call("nn.ReLU")),
        call("torch.add"),
    ],
    ids=lambda forbidden: forbidden.target,
)
def test_only_listed_modules_are_made(forbidden):
    with pytest.raises(CompileError, match="is not among the modules that a network may use"):
        build_module(forbidden)


@pytest.mark.parametrize("forbidden", [call("torch.save", Arg(0)), call("torch.add", call("eval", Arg(0)), Arg(1))])
def test_only_listed_functions_are_carried_out(forbidden):
    with pytest.raises(CompileError, match="is not among the functions that a network may use"):
        check_function(forbidden)


def test_a_layer_that_names_a_forbidden_function_is_not_compiled(monkeypatch):
    monkeypatch.setattr(layers["add"], "to_torch", lambda *_: call("torch.load", Arg(0)))
    with pytest.raises(CompileError, match=r"torch\.load"):
        compile_network(with_skip())


def test_a_name_that_a_module_has_already_is_refused():
    graph = chain(make("input", channels=4, sizes=()), make("dense"), make("output"))
    with pytest.raises(CompileError, match="“forward” cannot be the name of a module"):
        compile_network(graph, {**identifiers(graph), "dense2": "forward"})


def test_no_name_that_people_give_meets_one_of_the_module():
    own = {name for name in dir(Network("x", ("x",), ())) if not name.startswith("_")}
    assert own <= RESERVED
    for name in sorted(own):
        graph = chain(make("input", channels=4, sizes=()), make("relu"), make("output"))
        named = graph.with_nodes({**graph.nodes, "relu2": replace(graph.nodes["relu2"], name=name)})
        assert compile_network(named)(torch.ones(1, 4)).shape == (1, 4)


# -- the tables -------------------------------------------------------------------------------------------------------


def test_functions_take_inputs_in_tuples_and_in_one_another():
    a, b, c = (torch.full((1, 2), float(n)) for n in (1, 2, 3))
    assert apply_function(call("torch.cat", (Arg(1), Arg(0)), dim=1), (a, b)).tolist() == [[2, 2, 1, 1]]
    folded = call("torch.mul", call("torch.add", Arg(0), Arg(1)), Arg(2))
    assert apply_function(folded, (a, b, c)).tolist() == [[9, 9]]


def plain_layers():
    """A layer of every kind; of the convolution, one for each way to continue the maps at one side only."""
    own: dict[str, dict] = {"reshape": {"target": (2, 2)}, "group_norm": {"groups": 2}}
    for kind in layers:
        yield make(kind, **own.get(kind, {}))
    for mode in PADDING_MODES:
        yield make("convolution", kernel=2, padding="same", padding_mode=mode)


def test_every_module_and_function_in_the_tables_is_used_by_some_layer():
    used = set()
    for layer in plain_layers():
        for rank in range(4):
            shapes = (Shape(4, (8,) * rank),) * min(layer.arity[0], 2)
            if facts_of(layer, tuple(Facts(shape=shape, reach=input_reach(shape.sizes)) for shape in shapes)).shape:
                made = layer.to_torch(*shapes)
                used |= {one.target for one in made.calls()} if made else set()
    assert {*MODULES, *FUNCTIONS} == used


@pytest.mark.parametrize("name", HELPERS)
def test_the_text_that_the_exporter_prints_is_the_class_that_the_engine_runs(name):
    assert inspect.getsource(getattr(modules, name)) == HELPERS[name]
    assert issubclass(MODULES[name], nn.Module)  # type: ignore[arg-type]


def test_noise_is_added_while_training_only():
    noise = modules.GaussianNoise(0.5)
    x = torch.zeros(10_000)
    torch.manual_seed(1)
    assert noise(x).std().item() == pytest.approx(0.5, rel=0.05)
    assert noise.eval()(x) is x
