"""Laws over all kinds of layer: their words, and that the sums they write out are true."""

import re
from fractions import Fraction
from random import Random

import pytest
from pydantic import ValidationError

from cnn_studio import i18n
from cnn_studio.core.analysis import analyse
from cnn_studio.core.fields import Model
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import FAMILY_LABELS, Family, Layer, per_axis
from cnn_studio.core.shapes import Shape, ShapeError
from tests.helpers.judge import ON_PURPOSE
from tests.helpers.networks import joined, make, random_network

KINDS = list(layers)


def drawn_layers(seeds: range):
    """Layers that fit, with their facts, from random networks."""
    for seed in seeds:
        graph = random_network(Random(seed))
        for node_id, facts in analyse(graph).facts.items():
            if facts.shape is not None:
                yield graph.nodes[node_id].layer, facts


def value_of(side: str) -> Fraction:
    """What one side of a written sum comes to."""
    text = side.replace(",", "").replace("·", "*")
    text = re.sub(r"\d+", r"Fraction(\g<0>)", text)
    text = text.replace("⌊", "floor(").replace("⌋", ")").replace("⌈", "ceil(").replace("⌉", ")")
    allowed = {"Fraction": Fraction, "floor": lambda x: Fraction(x // 1), "ceil": lambda x: Fraction(-(-x // 1))}
    return Fraction(eval(text, {"__builtins__": {}}, allowed))


def result_of(line: str) -> int:
    """The last number of a sum, its left side checked against it."""
    left, right = line.split(" = ")
    right = right.partition(", as")[0]  # one patch fewer than the formula gives, and the line says so
    assert value_of(left) == value_of(right), line
    return int(value_of(right))


@pytest.mark.parametrize("start", range(0, 600, 200))
def test_the_sums_of_sizes_are_true(start):
    lines = 0
    for layer, facts in drawn_layers(range(start, start + 200)):
        sums = [str(line) for line in layer.size_sums(*facts.inputs)]
        results = {result_of(line) for line in sums}
        if layer.kind in ("concatenate", "flatten"):
            assert results == {facts.shape.channels}
        elif sums:
            assert results == set(facts.shape.sizes), (layer, facts)
        assert len(set(sums)) == len(sums)
        lines += len(sums)
    assert lines > 300


@pytest.mark.parametrize("start", range(0, 600, 200))
def test_the_sums_of_parameters_are_true(start):
    lines = 0
    for layer, facts in drawn_layers(range(start, start + 200)):
        line = layer.parameter_sum(*facts.inputs)
        assert (line is None) == (facts.parameters == 0), layer
        if line is not None:
            text = str(line)
            assert facts.parameters == (result_of(text) if " = " in text else value_of(text)), layer
            lines += 1
    assert lines > 150


def test_which_kinds_write_sums():
    with_sizes, with_parameters = set(), set()
    for layer, facts in drawn_layers(range(400)):
        if layer.size_sums(*facts.inputs):
            with_sizes.add(layer.kind)
        if layer.parameter_sum(*facts.inputs):
            with_parameters.add(layer.kind)
    assert with_sizes == {
        "convolution", "depthwise_convolution", "separable_convolution", "transposed_convolution", "max_pool",
        "average_pool", "zero_padding", "crop", "upsample", "flatten", "concatenate",
    }  # fmt: skip
    assert with_parameters == {
        "convolution", "depthwise_convolution", "separable_convolution", "transposed_convolution", "dense", "prelu",
        "batch_norm", "layer_norm", "group_norm", "instance_norm",
    }  # fmt: skip


SUMS = [
    (make("convolution", filters=6, kernel=5), (1, 28, 28), ["(28 + 2·0 - 5) / 1 + 1 = 24"], "5·5·1·6 + 6 = 156"),
    (make("convolution", filters=15, kernel=12, stride=2, bias=False), (1, 52, 52), ["(52 + 2·0 - 12) / 2 + 1 = 21"],
     "12·12·1·15 = 2,160"),
    (make("convolution", kernel=(3, 5), padding=(1, 0), filters=2), (3, 9, 9),
     ["(9 + 2·1 - 3) / 1 + 1 = 9", "(9 + 2·0 - 5) / 1 + 1 = 5"], "3·5·3·2 + 2 = 92"),
    (make("convolution", kernel=2, padding="same", stride=2, dilation=2, filters=1), (1, 8),
     ["(8 + 0 + 1 - (2·(2 - 1) + 1)) / 2 + 1 = 4"], "2·1·1 + 1 = 3"),
    (make("max_pool", size=3, stride=2), (1, 8), ["⌊(8 + 2·0 - 3) / 2⌋ + 1 = 3"], None),
    (make("max_pool", size=3, stride=2, ceil=True), (1, 8), ["⌈(8 + 2·0 - 3) / 2⌉ + 1 = 4"], None),
    (make("max_pool", size=2, stride=3, padding=1, ceil=True), (1, 4),
     ["⌈(4 + 2·1 - 2) / 3⌉ = 2, as a patch may not begin beyond the map"], None),
    (make("transposed_convolution", filters=4), (2, 5), ["(5 - 1)·2 - 2·0 + 2 + 0 = 10"], "2·2·4 + 4 = 20"),
    (make("zero_padding", before=1, after=2), (1, 5), ["5 + 1 + 2 = 8"], None),
    (make("crop", before=1, after=2), (1, 5), ["5 - 1 - 2 = 2"], None),
    (make("upsample", factor=3), (1, 5), ["3·5 = 15"], None),
    (make("flatten"), (16, 5, 5), ["5·5·16 = 400"], None),
    (make("dense", units=10), (1024,), [], "1,024·10 + 10 = 10,250"),
    (make("depthwise_convolution", multiplier=2), (4, 8), ["(8 + 2·0 - 3) / 1 + 1 = 6"], "3·8 + 8 = 32"),
    (make("separable_convolution", filters=6), (4, 8), ["(8 + 2·0 - 3) / 1 + 1 = 6"], "3·4 + 4·6 + 6 = 42"),
    (make("batch_norm"), (8, 4), [], "2·8 = 16"),
    (make("prelu"), (8, 4), [], "8"),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "shape", "sizes", "parameters"), SUMS)
def test_sums_as_they_are_written(layer, shape, sizes, parameters):
    facts = analyse(joined(layer, shape)).of("join")
    assert [str(line) for line in layer.size_sums(*facts.inputs)] == sizes
    line = layer.parameter_sum(*facts.inputs)
    assert (line and str(line)) == parameters


def test_concatenation_writes_its_channels():
    facts = analyse(joined(make("concatenate"), (3, 5), (4, 5), (1, 5))).of("join")
    assert facts.shape == Shape(8, (5,))
    assert [str(line) for line in make("concatenate").size_sums(*facts.inputs)] == ["3 + 4 + 1 = 8"]


CARDS = [
    (make("convolution", filters=6, kernel=5), "5×5 · 6 filters", "5×5 · 6 filtros"),
    (make("convolution", filters=1, kernel=(3, 5), stride=2, padding=1, dilation=2, groups=1),
     "3×5 · 1 filter · stride 2 · padding 1 · dilation 2", "3×5 · 1 filtro · paso 2 · relleno 1 · dilatación 2"),
    (make("convolution", filters=4, padding="same", groups=2), "3×3 · 4 filters · same · 2 groups", None),
    (make("convolution", padding=0), "3×3 · 32 filters", None),
    (make("transposed_convolution", filters=4), "2×2 · 4 filters · stride 2", None),
    (make("transposed_convolution", filters=4, stride=1), "2×2 · 4 filters", None),
    (make("depthwise_convolution"), "3×3", None),
    (make("depthwise_convolution", multiplier=2), "3×3 · 2×", None),
    (make("separable_convolution", filters=8), "3×3 · 8 filters", None),
    (make("max_pool"), "2×2", None),
    (make("average_pool", size=3, stride=2, padding=1), "3×3 · stride 2 · padding 1", None),
    (make("adaptive_average_pool", sizes=(2, 3)), "→ 2×3", None),
    (make("dense", units=1), "1 unit", None),
    (make("dense", units=1200), "1,200 units", None),
    (make("input", channels=3, sizes=(28, 28)), "28×28×3", None),
    (make("auxiliary_output"), "λ = 0.3", None),
    (make("leaky_relu"), "a = 0.01", None),
    (make("group_norm", groups=4), "4 groups", None),
    (make("local_response_norm"), "n = 5", None),
    (make("dropout"), "0.5", None),
    (make("spatial_dropout"), "0.2", None),
    (make("gaussian_noise"), "σ = 0.1", None),
    (make("reshape", target=(2, 14, 28)), "→ 14×28×2", None),
    (make("crop", before=2, after=2), "2", None),
    (make("zero_padding", before=(1, 2), after=0), "1×2 | 0", None),
    (make("upsample"), "×2", None),
    (make("relu"), "", None),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "english", "spanish"), CARDS)
def test_the_card_of_a_layer(layer, english, spanish):
    assert layer.describe() == english
    if spanish:
        i18n.set_language("es")
        assert layer.describe() == spanish


def test_cards_and_sums_can_be_written_in_every_language_and_rank():
    for language in i18n.languages():
        i18n.set_language(language)
        for layer, facts in drawn_layers(range(60)):
            texts = [layer.describe(rank) for rank in range(4)]
            texts += [str(line) for line in (*layer.size_sums(*facts.inputs), layer.parameter_sum(*facts.inputs) or "")]
            assert not any({"{", "}", "\n"} & set(text) for text in texts)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_it_is(kind):
    model = layers[kind]
    assert model.kind == kind
    assert model.label
    assert model.stem.isidentifier()
    assert model.help.endswith(".")
    assert model.family in FAMILY_LABELS
    fewest, most = model.arity
    assert fewest <= most
    assert make(kind) == make(kind)
    assert model.__doc__


def test_every_family_has_a_label_and_a_kind():
    assert set(FAMILY_LABELS) == set(Family) == {model.family for model in layers.values()}


@pytest.mark.parametrize("kind", KINDS)
def test_layers_are_frozen_values(kind):
    layer = make(kind)
    for name in type(layer).model_fields:
        with pytest.raises(ValidationError):
            setattr(layer, name, getattr(layer, name))
    assert issubclass(type(layer), Model)


def test_refusals_carry_what_their_sentences_need():
    seen = set()
    for seed in range(300):
        graph = random_network(Random(seed))
        for facts in analyse(graph).facts.values():
            if facts.error is not None:
                for language in i18n.languages():
                    i18n.set_language(language)
                    sentence = str(facts.error)
                    assert not {"{", "}"} & set(sentence)
                    assert sentence[0].islower() or facts.error.code == "axes"
                i18n.set_language("en")
                seen.add(facts.error.code)
    assert len(seen) > 12


SENTENCES = {
    "axes": (make("convolution", kernel=(3, 3)), (1, 9), "Kernel has 2 numbers (3×3), but the input has 1 axes"),
    "vector": (make("max_pool"), (100,), "it needs maps, and gets a row of 100 numbers"),
    "needs_vector": (make("dense"), (16, 5, 5), "it takes a row of numbers, and gets maps of 5×5×16; 5·5·16 = 400"),
    "kernel_too_large": (
        make("convolution", kernel=3, dilation=3, padding=1), (1, 4),
        "its kernel covers 7 pixels, and the map with its padding has only 6 (4 + 1 + 1)",
    ),
    "padding_mode": (
        make("convolution", padding=4, padding_mode="reflect"), (1, 4),
        "its map has 4 pixels along one axis, too few to be continued by 4 in the mode “reflect”",
    ),
    "pool_padding": (make("max_pool", padding=2), (1, 9), "its padding 2 is more than half its size 2"),
    "window_beyond_map": (
        make("average_pool", padding=1), (1, 9, 9, 1),
        "its window covers 2 pixels, and the map has only 1: in three dimensions PyTorch takes no mean beyond the map, padded or not",
    ),
    "groups_input": (
        make("convolution", groups=2), (3, 9),
        "its 2 groups do not divide the 3 channels that come in: 3 / 2 leaves 1",
    ),
    "groups_filters": (
        make("convolution", groups=3, filters=4), (3, 9), "its 3 groups do not divide its 4 filters: 4 / 3 leaves 1",
    ),
    "extra_size": (
        make("transposed_convolution", extra=2), (1, 9),
        "its extra size 2 must be smaller than the stride 2 or the dilation 1",
    ),
    "shrinks_to_nothing": (
        make("transposed_convolution", padding=2), (1, 2),
        "its padding 2 cuts everything away: (2 - 1)·2 - 2·2 + 2 + 0 = 0",
    ),
    "reshape": (make("reshape"), (1, 9), "its shape 28×28×1 holds 784 values, and 9×1 brings 9"),
    "crop": (make("crop"), (1, 2), "it cuts 1 + 1 pixels from a map of 2, and nothing is left"),
    "one_value": (
        make("instance_norm"), (8, 1, 1),
        "its maps of 1×1×8 have a single value each, and the deviation of one value says nothing",
    ),
    "too_large": (
        make("upsample", factor=64), (1024, 4096, 4096),
        "it would make 262,144×262,144×1,024: 70,368,744,177,664 values, more than any machine can hold",
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", SENTENCES)
def test_refusals_as_they_are_written(code):
    layer, shape, sentence = SENTENCES[code]
    error = analyse(joined(layer, shape)).of("join").error
    assert error is not None
    assert (error.code, str(error)) == (code, sentence)


JOINS = [
    (make("add"), [(1, 5), (1, 6)], "it cannot add 5×1 and 6×1: the sizes differ"),
    (make("add"), [(1, 5), (2, 5)], "it cannot add 5×1 and 5×2: 1 channels and 2"),
    (make("add"), [(1, 5), (5,)], "it gets 5×1 and 5, which do not have the same number of axes"),
    (make("multiply"), [(4, 5), (4, 6)], "it cannot multiply 5×4 and 6×4: 5 is neither 6 nor 1"),
    (make("concatenate"), [(4, 5), (4, 6)], "it cannot join 5×4 and 6×4: the sizes differ"),
]


@pytest.mark.parametrize(("layer", "shapes", "sentence"), JOINS)
def test_refused_joins_as_they_are_written(layer, shapes, sentence):
    assert str(analyse(joined(layer, *shapes)).of("join").error) == sentence


def test_the_listed_reasons_name_kinds_that_exist():
    assert {kind for _code, kind in ON_PURPOSE} <= set(layers)


def test_a_kind_must_say_its_call():
    class Bare(Layer):
        """A kind that says nothing."""

    with pytest.raises(NotImplementedError):
        Bare().to_torch(Shape(1))
    with pytest.raises(NotImplementedError):
        Bare().to_keras(Shape(1))
    assert Bare().output_shape(Shape(3)) == Shape(3)


@pytest.mark.parametrize("kind", ["input", "output", "auxiliary_output"])
def test_places_make_no_call(kind):
    assert make(kind).to_torch(Shape(1)) is None
    assert make(kind).to_keras(Shape(1)) == ()


def test_a_size_is_one_number_or_one_for_each_axis():
    assert per_axis(3, 2, "Kernel") == (3, 3)
    assert per_axis((3, 5), 2, "Kernel") == (3, 5)
    with pytest.raises(ShapeError, match="axes"):
        per_axis((3, 5), 3, "Kernel")
