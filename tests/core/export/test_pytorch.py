"""The exported PyTorch module: it runs alone, and it is the network that was drawn."""

import importlib.util
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from types import ModuleType

import pytest
import torch
from torch import nn

from cnn_studio import i18n
from cnn_studio.core import words
from cnn_studio.core.analysis import analyse
from cnn_studio.core.calls import Arg, call
from cnn_studio.core.export import ExportError, exporters
from cnn_studio.core.export.code import call_lines, class_name
from cnn_studio.core.export.flow import flow_of
from cnn_studio.core.export.pytorch import export_pytorch
from cnn_studio.core.graph import Graph, Node, identifiers
from cnn_studio.core.layers import layers
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.compile import compile_network
from tests.core.export import examples
from tests.core.export.examples import Builder, make
from tests.helpers.golden import check_golden
from tests.helpers.networks import SENSIBLE, random_network

EXAMPLES = ("lenet", "residual_network", "inception_network", "u_network", "oddities")
SEEDS = range(40)


def load(text: str, folder: Path) -> ModuleType:
    """Runs an exported module as a person would: from a file of its own."""
    path = folder / "exported.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("exported", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def network_of(graph: Graph, folder: Path) -> nn.Module:
    """The exported network, ready to answer."""
    made = load(export_pytorch(graph, title="Net"), folder).Net()
    assert isinstance(made, nn.Module)
    return made.eval()


def sample(shape: Shape | None, batch: int = 2) -> torch.Tensor:
    assert shape is not None
    return torch.randn(batch, shape.channels, *shape.sizes)


def expected_state(graph: Graph) -> dict[str, tuple[int, ...]]:
    """Names and shapes of all weights as the layers say them."""
    flow = flow_of(graph)
    names = identifiers(graph)
    return {
        f"{names[node_id]}.{weight.name}": weight.shape
        for node_id in flow.order
        for weight in graph.nodes[node_id].layer.weights(*flow.report.facts[node_id].inputs)
    }


def check_against_ours(graph: Graph, folder: Path) -> nn.Module:
    """Shapes, parameters and the names of the weights are those we said."""
    flow = flow_of(graph)
    network = network_of(graph, folder)
    samples = [sample(flow.report.facts[node_id].shape) for node_id in flow.inputs]
    with torch.no_grad():
        outputs = network(*samples)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    assert [tuple(output.shape) for output in outputs] == [
        sample(flow.report.facts[node_id].shape).shape for node_id in flow.answers
    ]
    state = {
        name: tuple(tensor.shape) for name, tensor in network.state_dict().items() if "num_batches_tracked" not in name
    }
    assert state == expected_state(graph)
    assert sum(weight.numel() for weight in network.parameters()) == flow.parameters
    trainable = sum(weight.numel() for weight in network.parameters() if weight.requires_grad)
    assert trainable == sum(flow.report.facts[node_id].trainable for node_id in flow.order)
    return network


def same_bits(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two results are the same, values that are not numbers included."""
    return torch.equal(one.view(torch.int32), other.view(torch.int32))


def check_bit_equal(graph: Graph, folder: Path) -> None:
    """Weights of the engine's network load, and give the very same numbers: answering and, without chance, training."""
    ours, exported = compile_network(graph).eval(), network_of(graph, folder)
    exported.load_state_dict(ours.state_dict())
    (entry,) = flow_of(graph).inputs
    picture = sample(analyse(graph).facts[entry].shape, 4)
    with torch.no_grad():
        assert same_bits(ours(picture), exported(picture))
    for network in (ours, exported):
        network.train()
        for module in network.modules():
            if isinstance(module, (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d)) or hasattr(
                module, "deviation"
            ):
                module.eval()
    with torch.no_grad():
        left, right = ours(picture), exported(picture)
    left, right = (value if isinstance(value, tuple) else (value,) for value in (left, right))
    assert len(left) == len(right) == 1 + len(graph.of_kind("auxiliary_output"))
    assert all(same_bits(one, other) for one, other in zip(left, right, strict=True))


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_is_what_was_drawn(name, tmp_path):
    check_against_ours(getattr(examples, name)(), tmp_path)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "oddities"])
def test_example_with_the_engines_weights_gives_the_same_bits(name, tmp_path):
    check_bit_equal(getattr(examples, name)(), tmp_path)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_network_is_what_was_drawn_and_gives_the_same_bits(seed, tmp_path):
    graph = random_network(Random(seed), SENSIBLE)
    check_against_ours(graph, tmp_path)
    check_bit_equal(graph, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1000, 1300))
def test_many_random_networks(seed, tmp_path):
    graph = random_network(Random(seed), replace(SENSIBLE, layers=(15, 40), branching=0.4))
    check_against_ours(graph, tmp_path)
    check_bit_equal(graph, tmp_path)


def test_text_is_laid_out_as_ruff_would(tmp_path):
    titles = {name: export_pytorch(getattr(examples, name)(), title=name) for name in EXAMPLES}
    for seed in SEEDS:
        titles[f"random{seed}"] = export_pytorch(random_network(Random(seed), SENSIBLE), title=f"random {seed}")
    titles["long_names"] = export_pytorch(long_names())
    for name, text in titles.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--isolated", "--no-cache", "--line-length", "100"]
    rules = ["--select", "E,F,I,UP,W,B,RET501", "--ignore", "E501"]
    for command in (["format", "--diff", *options, "."], ["check", *options, *rules, "."]):
        done = subprocess.run([*ruff, *command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def long_names() -> Graph:
    """Layers with names so long that nothing fits on a line."""
    net = Builder()
    start = net.add("input", channels=2, sizes=(9, 9))
    ends = [
        net.add("convolution", start, filters=4, kernel=(3, 5), stride=(2, 3), padding="same", name=f"{letter * 70}")
        for letter in "abc"
    ]
    several = net.add("multiply", ends[0], ends[1])
    net.add("add", several, *ends, name="s" * 60)
    net.add("concatenate", *ends, net.last)
    net.add("separable_convolution", filters=4, stride=2, padding="same", dilation=1, name="z" * 75)
    net.add("output")
    return net.graph()


def test_sums_of_names_are_written_between_them_as_far_as_they_fit():
    names = ("a" * 40, "b" * 40, "c" * 40)
    both = call("torch.add", Arg(0), Arg(1))
    assert call_lines("x = ", both, "", ("a", "b"), 0) == ["x = a + b"]
    assert call_lines("x = s = ", call("torch.mul", both, Arg(2)), "", ("a", "b", "c"), 0) == [
        "x = s = torch.mul(torch.add(a, b), c)"
    ]
    assert call_lines("s" * 30 + " = ", both, "", names, 0) == ["s" * 30 + " = (", f"    {names[0]} + {names[1]}", ")"]
    three = call("torch.add", both, Arg(2))
    assert call_lines("x = ", three, "", names, 0) == [
        "x = (",
        f"    {names[0]}",
        f"    + {names[1]}",
        f"    + {names[2]}",
        ")",
    ]


def test_long_names_still_run(tmp_path):
    graph = long_names()
    text = export_pytorch(graph)
    check_against_ours(graph, tmp_path)
    assert max(map(len, text.splitlines())) <= 100 + 60  # only a name itself can be longer than the line


@pytest.mark.parametrize("name", ["lenet", "residual_network"])
def test_golden(name, request):
    check_golden(request, f"{name}.py", export_pytorch(getattr(examples, name)(), title=name.replace("_", "-")))


def test_same_network_gives_the_same_text():
    for name in EXAMPLES:
        assert export_pytorch(getattr(examples, name)()) == export_pytorch(getattr(examples, name)())


def test_module_runs_by_itself_and_says_shape_and_parameters(tmp_path):
    for name, words_out in (("lenet", "(1, 10)\nparameters: 61706"), ("oddities", "(1, 4) (1, 1)\nparameters: 404")):
        path = tmp_path / f"{name}.py"
        path.write_text(export_pytorch(getattr(examples, name)()), encoding="utf-8")
        done = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True, cwd=tmp_path)
        assert words_out in done.stdout


def test_trunk_is_x_and_branches_have_the_names_of_layers():
    text = export_pytorch(examples.residual_network())
    assert "x = relu1 = self.relu1(x)  # 32×32×16" in text
    assert "x = x + relu1  # 32×32×16" in text
    assert "proj32 = self.proj32(x)" in text
    assert "# residual 1" in text
    text = export_pytorch(examples.inception_network())
    assert "x = torch.cat((relu2, relu4, relu6, relu7), dim=1)" in text
    assert "        if self.training:\n            aux_pool = torch.mean(x, dim=(2, 3))" in text
    assert "        if self.training:\n            return x, aux_dense\n        return x" in text


def test_shapes_follow_the_notation_and_texts_the_language():
    words.set_notation("first")
    try:
        assert "# 6×28×28" in export_pytorch(examples.lenet())
    finally:
        words.set_notation("last")
    i18n.set_language("es")
    assert "Parámetros: 61\u202f706" in export_pytorch(examples.lenet())


def test_helper_classes_come_only_when_needed():
    assert "class GaussianNoise" in export_pytorch(examples.oddities())
    assert "import torch.nn.functional as F" in export_pytorch(examples.oddities())
    assert "GaussianNoise" not in export_pytorch(examples.lenet())
    assert "functional" not in export_pytorch(examples.lenet())


def test_what_leads_nowhere_is_left_out():
    text = export_pytorch(examples.oddities())
    assert "loose" not in text


def test_names_of_module_methods_do_not_clash(tmp_path):
    names = sorted({name for name in (*dir(nn.Module), *vars(nn.Module())) if not name.startswith("_")})
    net = Builder()
    net.add("input", sizes=(), channels=3)
    for name in names:
        net.add("dense", units=3, name=name)
    net.add("output")
    check_against_ours(net.graph(), tmp_path)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("LeNet-5", "LeNet5"), ("quick-digits", "QuickDigits"), ("7 capas", "Network7Capas"), ("¿?", "Network"),
        ("", "Network"), ("F", "FNetwork"), ("None", "NoneNetwork"), ("red ñandú", "RedAndNetwork"),
    ],
)  # fmt: skip
def test_class_is_named_after_the_network(title, expected):
    name = class_name(title)
    assert name.isidentifier()
    if title != "red ñandú":
        assert name == expected


def test_title_may_be_any_text(tmp_path):
    for title in ('a """ b', "back\\slash", "two\nlines", "tail\\", '"', "\x00", "GaussianNoise", "super", "Exception"):
        module = load(export_pytorch(examples.oddities(), title=title), tmp_path)
        made = getattr(module, class_name(title, ["GaussianNoise"]))()
        assert isinstance(made, nn.Module)


def test_group_names_may_be_any_text(tmp_path):
    net = Builder()
    net.add("input")
    first = net.add("convolution")
    net.group("two\nlines() = \\", first)
    net.add("output")
    assert "# two lines() = \\\n" in export_pytorch(net.graph())
    check_against_ours(net.graph(), tmp_path)


def test_groups_within_groups_are_named_from_the_outside():
    net = Builder()
    net.add("input")
    inner = net.add("convolution")
    outer = net.add("relu")
    net.add("output")
    stage = net.group("stage 2", outer)
    net.group("block 1", inner, parent=stage)
    assert "# stage 2 / block 1\n" in export_pytorch(net.graph())


def test_network_without_layers_gives_its_input_back(tmp_path):
    net = Builder()
    net.add("input")
    net.add("output")
    check_against_ours(net.graph(), tmp_path)
    check_bit_equal(net.graph(), tmp_path)


def test_several_auxiliary_outputs_and_answers(tmp_path):
    net = Builder()
    net.add("input", channels=3, sizes=())
    first = net.add("dense", units=4)
    net.add("auxiliary_output", first)
    net.add("output", first)
    net.add("dense", first, units=5)
    net.add("output")
    network = check_against_ours(net.graph(), tmp_path).train()
    assert [tuple(value.shape) for value in network(torch.randn(2, 3))] == [(2, 4), (2, 5), (2, 4)]


def test_every_kind_is_exported(tmp_path):
    """Each kind of layer with its own defaults, on the first input that it takes."""
    for kind in layers:
        if kind in {"input", "output", "auxiliary_output"}:
            continue
        for shape in (Shape(8), Shape(784), Shape(8, (20, 20)), Shape(8, (20,))):
            net = Builder()
            source = net.add("input", channels=shape.channels, sizes=shape.sizes)
            net.add(kind, *([source] * max(1, layers[kind].arity[0])))
            net.add("output")
            if all(facts.error is None for facts in analyse(net.graph()).facts.values()):
                check_against_ours(net.graph(), tmp_path)
                break
        else:
            pytest.fail(f"no input found for {kind}")


def broken(change: str) -> Graph:
    """A LeNet with one thing wrong."""
    graph = examples.lenet()
    inputs = dict(graph.inputs)
    nodes = dict(graph.nodes)
    match change:
        case "cycle":
            nodes["add1"] = Node("add1", make("add"), "suma")
            inputs["add1"] = ("conv1", "tanh1")
            inputs["tanh1"] = ("add1",)
        case "cut":
            del inputs["pool2"]
        case "error":
            nodes["dense1"] = replace(nodes["dense1"], layer=make("convolution", filters=2))
        case "no input" | "no output":
            gone = change.removeprefix("no ") + "1"
            del nodes[gone]
            inputs = {target: sources for target, sources in inputs.items() if gone not in (target, *sources)}
    return Graph(nodes, inputs)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("cycle", "“suma” stands on a cycle|“tanh1” stands on a cycle"),
        ("cut", "“pool2” lacks an input"),
        ("error", "“dense1” does not fit: it needs maps"),
        ("no input", "the network has no Input"),
        ("no output", "the network has no Output"),
    ],
)
def test_network_that_cannot_run_is_refused_with_a_sentence(change, sentence):
    with pytest.raises(ExportError) as refusal:
        export_pytorch(broken(change))
    assert re.match(sentence, str(refusal.value))


def test_exporter_is_registered():
    exporter = exporters["pytorch"]
    assert exporter.suffix == ".py"
    assert exporter.function(examples.lenet(), title="LeNet-5").startswith('"""LeNet-5\n')
