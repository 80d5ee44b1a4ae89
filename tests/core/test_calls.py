"""Calls as data: their source text, and what stands inside them."""

import pytest

from cnn_studio.core.calls import Arg, Call, call, changed, compact


@pytest.mark.parametrize(
    ("made", "inputs", "source"),
    [
        (call("nn.Conv2d", 1, 6, 5), (), "nn.Conv2d(1, 6, 5)"),
        (call("nn.Conv2d", 1, 6, (3, 5), padding="same", bias=False), (), 'nn.Conv2d(1, 6, (3, 5), padding="same", bias=False)'),
        (call("nn.LayerNorm", (4,), eps=1e-06), (), "nn.LayerNorm((4,), eps=1e-06)"),
        (call("nn.Sequential", call("nn.ReLU"), call("nn.Flatten")), (), "nn.Sequential(nn.ReLU(), nn.Flatten())"),
        (call("torch.add", Arg(1), Arg(0)), ("a", "b"), "torch.add(b, a)"),
        (call("torch.cat", (Arg(0), Arg(1)), dim=1), ("a", "b"), "torch.cat((a, b), dim=1)"),
        (call("f", [Arg(0), None], [1]), ("x",), "f([x, None], [1])"),
        (call("torch.mul", call("torch.add", Arg(0), Arg(1)), Arg(2)), ("a", "b", "c"), "torch.mul(torch.add(a, b), c)"),
        (call("f", 'a "quoted" \\ text'), (), r'f("a \"quoted\" \\ text")'),
    ],
)  # fmt: skip
def test_a_call_is_written_as_python_writes_it(made, inputs, source):
    assert made.source(inputs) == source
    assert compile(source, "source", "eval")


def test_a_call_with_an_input_inside_is_a_function():
    assert call("torch.cat", (Arg(0), Arg(1)), dim=1).is_function
    assert call("f", call("g", key=[Arg(0)])).is_function
    assert not call("nn.Conv2d", 1, 6, 5).is_function
    assert not call("nn.Sequential", call("nn.ReLU")).is_function


def test_the_calls_inside_a_call():
    inner = call("nn.ReLU")
    outer = call("nn.Sequential", inner, [call("a", (call("b"),))], key=call("c"))
    assert [one.target for one in outer.calls()] == ["nn.Sequential", "nn.ReLU", "a", "b", "c"]
    assert list(call("f", 1, (2, [3]), call("g", 4), key=5).leaves()) == [1, 2, 3, 4, 5]


def test_calls_are_values():
    assert call("f", 1, a=2) == Call("f", (1,), {"a": 2})


def test_arguments_that_say_nothing_are_left_out():
    assert changed(stride=(2, 1), padding=(0, 0)) == {"stride": 2}
    assert compact((3, 3)) == 3
    assert compact((3, 5)) == (3, 5)
