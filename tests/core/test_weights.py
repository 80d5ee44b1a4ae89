"""Shapes are read from the header of safetensors bytes; nonsense is refused."""

import json
from random import Random
from typing import Any

import pytest
from safetensors.numpy import save

from cnn_studio.core.files import ProjectError
from cnn_studio.core.weights import LARGEST_HEADER, weight_shapes


def packed(header, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def entry(dtype="F32", shape=(2,), offsets=(0, 8)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def test_shapes_by_layer_and_name():
    import numpy as np

    tensors: dict[str, Any] = {"conv1.weight": np.zeros((6, 1, 5, 5), np.float32), "conv1.bias": np.zeros(6, np.float32),
               "norm1.0.running_mean": np.zeros((), np.int64)}  # fmt: skip
    data = save(tensors, metadata={"made by": "a test"})
    assert weight_shapes(data) == {
        "conv1": {"weight": (6, 1, 5, 5), "bias": (6,)}, "norm1": {"0.running_mean": ()}
    }  # fmt: skip
    assert weight_shapes(b"") == {}
    assert weight_shapes(packed({})) == {}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"abc", "not all of it is there"),
        (b"nonsense", "not all of it is there"),
        (packed({"a.b": entry()}, bytes(8))[:20], "not all of it is there"),
        (packed({"a.b": entry()}, bytes(7)), "the tensor “a.b” is not as large as it should be"),
        (packed({"a.b": entry()}, bytes(9)), "its tensors take 8 bytes, but there are 9"),
        (packed(b" " * (LARGEST_HEADER + 1)), "its header is larger than 16,777,216 bytes"),
        (packed([]), "it does not list its tensors"),
        (packed(b"{"), "it is not JSON (line 1, column 2)"),
        (packed({"weight": entry()}, bytes(8)), "the tensor “weight” does not say which layer it belongs to"),
        (packed({"a.": entry()}, bytes(8)), "the tensor “a.” does not say which layer it belongs to"),
        (packed({"a.b": 3}), "the tensor “a.b” is not described as it should be"),
        (packed({"a.b": entry(dtype="F99")}, bytes(8)), "the tensor “a.b” is not described as it should be"),
        (packed({"a.b": entry(dtype=[1])}, bytes(8)), "the tensor “a.b” is not described as it should be"),
        (packed({"a.b": entry(shape=[-2])}, bytes(8)), "the tensor “a.b” is not described as it should be"),
        (packed({"a.b": entry(shape=[1] * 9)}, bytes(8)), "the tensor “a.b” is not described as it should be"),
        (packed({"a.b": entry(offsets=[8])}, bytes(8)), "the tensor “a.b” is not described as it should be"),
        (packed({"a.b": entry(offsets=[8, 0])}, bytes(8)), "the tensor “a.b” is not as large as it should be"),
        (packed({"a.b": entry(shape=[10**18, 10**18])}, bytes(8)), "the tensor “a.b” is not as large as it should be"),
    ],
)
def test_nonsense_is_refused(data, problem):
    with pytest.raises(ProjectError) as caught:
        weight_shapes(data)
    assert str(caught.value) == f"weights.safetensors: {problem}"


def test_mutations_are_read_or_refused():
    whole = packed({"conv1.weight": entry(), "conv1.bias": entry(offsets=(8, 16))}, bytes(16))
    rng = Random(0)
    for _ in range(2000):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 3)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            shapes = weight_shapes(bytes(data[: rng.randint(0, len(data))] if rng.random() < 0.2 else data))
        except ProjectError as error:
            shapes, words = {}, str(error)
        else:
            words = ""
        assert "\n" not in words
        assert all(isinstance(shape, tuple) for layer in shapes.values() for shape in layer.values())
