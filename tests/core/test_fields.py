"""Declared fields: what they take, and the sentence for what they do not, over every field of every kind of layer."""

from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cnn_studio import i18n
from cnn_studio.core.fields import FieldSpec, Model, choice, explain, flag, number, numbers, size, spec, specs, text
from cnn_studio.core.layers import layers
from cnn_studio.core.words import word

EVERY_FIELD = [
    (kind, field.name) for kind, model in zip(layers, layers.values(), strict=True) for field in specs(model)
]


class Sample(Model):
    """Every sort of field."""

    count: int = number(3, "Count", ge=1, le=9, unit="px", help="How many.")
    share: float = number(0.5, "Share", ge=0.0, le=1.0, advanced=True)
    mode: Literal["fast", "slow"] = choice("fast", "Mode", {"fast": "quick", "slow": "sluggish"})
    open: bool = flag(True, "Open")
    title: str = text("", "Title", longest=5)
    window: int | tuple[int, ...] | str = size(2, "Window", ge=1, le=8, words={"same": "the same"})
    steps: tuple[int, ...] = size((2, 2), "Steps", ge=1, le=8, single=False, axes=(0, 2))
    weights: tuple[float, ...] = numbers((0.5,), "Weights", ge=0.0, le=1.0, most=2)
    plain: int = 0


class Needing(Model):
    """A field without a default."""

    count: int


def refusals(field: FieldSpec) -> list[Any]:
    """Values that no such field takes."""
    wrong: list[Any] = [None, {"a": 1}, b"x"]
    if field.editor in ("number", "decimal", "size"):
        assert field.minimum is not None
        assert field.maximum is not None
        beyond = [field.minimum - 1, field.maximum + 1]
        wrong += [True, "many words", float("nan"), 10**30]
        wrong += [(value,) for value in beyond] if not field.single else beyond
    if field.editor in ("number", "size"):
        wrong += [1.5]
    if field.editor == "size":
        wrong += [(1,) * (field.axes[1] + 1), (1.5,), [True], ("a",), *([()] if field.axes[0] else [])]
        wrong += [(int(field.maximum or 0) + 1,), *([5, "same"] if not field.single else [])]
    if field.editor == "choice":
        wrong += ["nothing", 3, True, ["zeros"]]
    if field.editor == "flag":
        wrong += [1, 0, "yes", "true"]
    return wrong


def written(value: Any) -> str:
    """How a refused value stands in the sentence."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return i18n.decimal(value, 1)
    if isinstance(value, (int, float)) and abs(value) < 1e15:
        return word(value)
    return f"“{value}”" if isinstance(value, str) else repr(value)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("kind", "name"), EVERY_FIELD)
def test_every_refusal_is_a_sentence_with_the_label_and_the_value(kind, name, language):
    model = layers[kind]
    field = spec(model, name)
    for value in refusals(field):
        with pytest.raises(ValidationError) as caught:
            model.model_validate({name: value})
        (problem,) = explain(caught.value, model)
        i18n.set_language(language)
        sentence = str(problem)
        label = i18n._(field.label)
        assert sentence.startswith(label), value
        assert written(value)[:39] in sentence, value
        assert not set("{}") & set(sentence.replace(written(value), "")), value
        assert problem.path[0] == name
        template = problem.words.template
        assert language == "en" or i18n._(template) != template
        i18n.set_language("en")


@pytest.mark.parametrize(("kind", "name"), EVERY_FIELD)
def test_every_field_takes_its_default_and_its_bounds(kind, name):
    field = spec(layers[kind], name)
    good = [field.default]
    if field.single and field.minimum is not None:
        good += [field.minimum, field.maximum]
    for value in [*good, *(field.choices or ())]:
        assert getattr(layers[kind].model_validate({name: value}), name) == value


@pytest.mark.parametrize(("kind", "name"), EVERY_FIELD)
def test_every_field_has_its_words(kind, name):
    field = spec(layers[kind], name)
    assert field.label
    assert field.help or field.editor in ("flag", "choice") or len(field.label) == 1
    assert all(field.choices.values()) if field.choices else True


SENTENCES = [
    ({"count": 0}, "Count must be at least 1, but it is 0"),
    ({"count": 10_000}, "Count must be at most 9, but it is 10,000"),
    ({"count": 2.5}, "Count must be a whole number, but it is 2.5"),
    ({"count": 6.0}, "Count must be a whole number, but it is 6.0"),
    ({"share": "a"}, "Share must be a number, but it is “a”"),
    ({"share": float("inf")}, "Share must be a number, but it is inf"),
    ({"mode": "odd"}, "Mode must be one of fast, slow, but it is “odd”"),
    ({"open": 1}, "Open must be yes or no, but it is 1"),
    ({"title": "too long"}, "Title may have at most 5 characters, but it is “too long”"),
    ({"title": 5}, "Title must be a text, but it is 5"),
    ({"window": "odd"}, "Window must be a whole number, one per axis (at most 3), or one of same, but it is “odd”"),
    ({"window": (1, 9)}, "Window must be at most 8, but it is (1, 9)"),
    ({"steps": (1, 1, 1)}, "Steps must be a list of 0 to 2 whole numbers, but it is (1, 1, 1)"),
    ({"weights": ()}, "Weights must be a list of at most 2 numbers, but it is ()"),
    ({"weights": ["a"]}, "Weights must be a list of at most 2 numbers, but it is ['a']"),
    ({"weights": [-1]}, "Weights must be at least 0, but it is [-1]"),
    ({"weights": [2.0]}, "Weights must be at most 1, but it is [2.0]"),
    ({"plain": "x"}, "“plain” must be a whole number, but it is “x”"),
    ({"depth": 1}, "there is no field called “depth” here"),
    ({"title": "x" * 60}, f"Title may have at most 5 characters, but it is “{'x' * 40}…”"),
]


@pytest.mark.parametrize(("values", "sentence"), SENTENCES, ids=[sentence for _, sentence in SENTENCES])
def test_the_sentences(values, sentence):
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate(values)
    assert [str(problem) for problem in explain(caught.value, Sample)] == [sentence]


def test_what_is_missing_or_of_no_form_has_its_sentence():
    with pytest.raises(ValidationError) as caught:
        Needing.model_validate({})
    assert str(explain(caught.value, Needing)[0]) == "“count” is missing"
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate(5)
    assert str(explain(caught.value, Sample)[0]) == "“” cannot be 5"


def test_a_value_nested_or_long_beyond_reason_is_not_written_out():
    nested: list = []
    for _ in range(100_000):
        nested = [nested]
    for value in (nested, 10**9000, "x" * 10**6):
        with pytest.raises(ValidationError) as caught:
            Sample.model_validate({"window": value})
        assert len(str(explain(caught.value, Sample)[0])) < 200


def test_all_refusals_of_a_model_come_at_once():
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate({"count": 0, "share": 2.0, "mode": "odd"})
    assert [problem.path for problem in explain(caught.value, Sample)] == [("count",), ("share",), ("mode",)]


def test_fields_are_listed_with_the_rarely_needed_last():
    assert [field.name for field in specs(Sample)] == [
        "count", "mode", "open", "title", "window", "steps", "weights", "share",
    ]  # fmt: skip
    assert spec(Sample, "count") == FieldSpec(
        "count", "Count", "number", 3, unit="px", help="How many.", minimum=1, maximum=9
    )
    assert spec(Sample, "steps").axes == (0, 2)
    assert spec(Sample, "share").editor == "decimal"
    with pytest.raises(KeyError):
        spec(Sample, "plain")


def test_lists_of_numbers_become_tuples_of_decimals():
    assert Sample.model_validate({"weights": [1, 0.25]}).weights == (1.0, 0.25)


@given(st.one_of(st.integers(1, 8), st.lists(st.integers(1, 8), min_size=1, max_size=3), st.just("same")))
def test_sizes_keep_what_they_are_given(value):
    assert Sample.model_validate({"window": value}).window == (tuple(value) if isinstance(value, list) else value)
