"""Plans: every declared part travels through JSON, and a bad one is refused in a form's words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cnn_studio.core.fields import specs
from cnn_studio.core.plans import augmentations, optimizers, preparations, schedules
from cnn_studio.core.plans.base import Part, Schedule
from cnn_studio.core.plans.plan import (
    REGISTRIES,
    PlanError,
    TrainingPlan,
    part_from_json,
    part_to_json,
    plan_from_json,
    plan_to_json,
)
from cnn_studio.core.shapes import Shape
from cnn_studio.i18n import set_language
from tests.helpers.training import part

EVERY_PART = [(name, kind) for name, registry in REGISTRIES.items() for kind in registry.values()]


@pytest.mark.parametrize(("registry", "kind"), EVERY_PART)
def test_every_part_travels_through_json(registry: str, kind: type[Part]) -> None:
    part = kind()
    assert part_from_json(REGISTRIES[registry], json.loads(json.dumps(part_to_json(part)))) == part


@pytest.mark.parametrize(("registry", "kind"), EVERY_PART)
def test_every_part_says_what_it_is(registry: str, kind: type[Part]) -> None:
    assert kind.kind in REGISTRIES[registry]
    assert kind.label
    assert kind.help.endswith(".")
    assert all(field.label for field in specs(kind))


@pytest.mark.parametrize(("registry", "kind"), EVERY_PART)
def test_every_bounded_field_refuses_what_lies_beyond(registry: str, kind: type[Part]) -> None:
    for field in specs(kind):
        if field.maximum is not None:
            value: Any = field.maximum + 1
            value = [value] if field.editor in ("size", "numbers") else value
            with pytest.raises(PlanError, match="at most"):
                part_from_json(REGISTRIES[registry], {"kind": kind.kind, field.name: value})


def test_a_plan_travels_through_json() -> None:
    plan = TrainingPlan(
        preparation=tuple(kind() for kind in preparations.values()),
        augmentation=tuple(kind() for kind in augmentations.values()),
        optimizer=optimizers["sgd"](),
        schedule=schedules["plateau"](),
        epochs=7,
    )
    assert plan_from_json(json.loads(json.dumps(plan_to_json(plan)))) == plan
    assert plan_from_json({}) == TrainingPlan()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "a plan must be a set of named fields"),
        ({"epochs": 0}, "Epochs must be at least 1, but it is 0"),
        ({"epochs": "3"}, "Epochs must be a whole number, but it is “3”"),
        ({"device": "tpu"}, "Device must be one of auto, cpu, cuda, mps, but it is “tpu”"),
        ({"optimizer": 3}, "a part of the plan does not say what kind it is"),
        ({"optimizer": {"kind": "sgd", "momentum": 2}}, "Momentum must be at most 0.999, but it is 2"),
        ({"schedule": {"kind": "spiral"}}, "this program knows no “spiral” for a plan"),
        ({"augmentation": {"kind": "flip"}}, "“augmentation” must be a list"),
        (
            {"preparation": [{"kind": "standardize", "mean": []}]},
            "Mean must be a list of at most 4 numbers, but it is []",
        ),
        (
            {"preparation": [{"kind": "standardize", "mean": ["a"]}]},
            "Mean must be a list of at most 4 numbers, but it is ['a']",
        ),
        (
            {"preparation": [{"kind": "standardize", "deviation": [0.0]}]},
            "Deviation must be at least 1e-06, but it is [0.0]",
        ),
        ({"speed": 9}, "there is no field called “speed” here"),
    ],
)
def test_a_bad_plan_is_refused_in_words(data: Any, words: str) -> None:
    with pytest.raises(PlanError) as refusal:
        plan_from_json(data)
    assert str(refusal.value) == words
    set_language("es")
    assert str(refusal.value) != words


def test_preparations_say_the_shape_they_make() -> None:
    shape = Shape(3, (40, 30))
    expected = {"drawing": Shape(1, (28, 28)), "colour": Shape(1, (40, 30)), "size": Shape(3, (28, 28))}
    for name in preparations:
        kind = preparations[name]
        assert kind().output_shape(shape) == expected.get(name, shape)
    assert part(preparations, "colour", mode="colour").output_shape(Shape(1, (5, 5))) == Shape(3, (5, 5))


@pytest.mark.parametrize("kind", schedules.values())
def test_factors_stay_between_nothing_and_the_full_rate(kind: type[Schedule]) -> None:
    schedule = kind()
    for step in range(1001):
        assert 0.0 <= schedule.factor(step / 1000, step // 100) <= 1.0
    assert max(schedule.factor(step / 1000, 0) for step in range(1001)) == pytest.approx(1.0, abs=0.01)


def test_schedules_follow_their_formulas() -> None:
    step = part(schedules, "step", every=2, by=0.5)
    assert [step.factor(0.0, epoch) for epoch in range(5)] == [1.0, 1.0, 0.5, 0.5, 0.25]
    cosine = schedules["cosine"]()
    assert [cosine.factor(progress, 0) for progress in (0.0, 0.5, 1.0)] == pytest.approx([1.0, 0.5, 0.0])
    warmed = part(schedules, "constant", warm_up=0.5)
    assert [warmed.factor(progress, 0) for progress in (0.0, 0.25, 0.5, 1.0)] == pytest.approx([0.01, 0.5, 1.0, 1.0])
    cycle = part(schedules, "one_cycle", rise=0.5, start=0.1)
    assert [cycle.factor(progress, 0) for progress in (0.0, 0.5, 1.0)] == pytest.approx([0.1, 1.0, 1e-4])
