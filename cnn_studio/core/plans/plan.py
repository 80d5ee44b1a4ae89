"""The plan of a training run: everything that decides what it will do, in one declared value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from pydantic import SerializeAsAny, ValidationError

from cnn_studio.core.fields import FieldProblem, Model, choice, explain, flag, number, text
from cnn_studio.core.kinds import Registry
from cnn_studio.core.plans import augmentations, optimizers, preparations, schedules
from cnn_studio.core.plans.base import Augmentation, Optimizer, Part, Preparation, Schedule
from cnn_studio.core.plans.optimizer import AdamW
from cnn_studio.core.plans.preparation import Scale
from cnn_studio.core.plans.schedule import OneCycle
from cnn_studio.core.words import say
from cnn_studio.i18n import N_

Device = Literal["auto", "cpu", "cuda", "mps"]
Precision = Literal["auto", "fp32", "bf16", "fp16"]


JOINT = " + "
"""What stands between the names of sets that are mixed."""


class TrainingPlan(Model):
    """What to train on, how, and when to stop."""

    data: str = text(
        "digits", N_("Data"), longest=4096, help=N_("Name of a data set, or a file or folder of one's own.")
    )
    subset: int = number(
        0,
        N_("Subset"),
        ge=0,
        le=1_000_000_000,
        help=N_("Use only so many training samples; 0 uses all."),
        advanced=True,
    )
    validation: float = number(
        0.1,
        N_("Validation share"),
        ge=0.0,
        le=0.9,
        help=N_("Share of the training samples kept apart to judge the network."),
    )
    preparation: tuple[SerializeAsAny[Preparation], ...] = (Scale(),)
    augmentation: tuple[SerializeAsAny[Augmentation], ...] = ()
    epochs: int = number(
        5, N_("Epochs"), ge=1, le=100_000, help=N_("How often the whole training data are gone through.")
    )
    batch_size: int = number(64, N_("Batch size"), ge=1, le=65_536, help=N_("Samples for each step."))
    optimizer: SerializeAsAny[Optimizer] = AdamW()
    rate: float = number(
        0.003,
        N_("Learning rate"),
        ge=1e-9,
        le=100.0,
        help=N_("Size of the steps: too large and it diverges, too small and it creeps."),
    )
    schedule: SerializeAsAny[Schedule] = OneCycle()
    label_smoothing: float = number(
        0.0,
        N_("Label smoothing"),
        ge=0.0,
        le=0.9,
        help=N_("Share of certainty given to the other classes, so that the network is less sure of itself."),
        advanced=True,
    )
    class_weights: bool = flag(
        False, N_("Balance the classes"), help=N_("Rare classes count more, so that all count alike."), advanced=True
    )
    clip: float = number(
        0.0,
        N_("Gradient clipping"),
        ge=0.0,
        le=1e6,
        help=N_("Largest length of the gradient; 0 does not limit it."),
        advanced=True,
    )
    averaging: float = number(
        0.0,
        N_("Weight averaging"),
        ge=0.0,
        le=0.99999,
        help=N_("Judges and keeps a running mean of the weights; 0.999 remembers about a thousand steps, 0 is off."),
        advanced=True,
    )
    patience: int = number(
        0,
        N_("Early stopping"),
        ge=0,
        le=100_000,
        unit=N_("epochs"),
        help=N_("Stops when the validation loss has not fallen for so many epochs; 0 never stops early."),
    )
    seed: int = number(
        0,
        N_("Seed"),
        ge=0,
        le=2**31 - 1,
        help=N_("The same seed gives the same start weights and the same order of samples."),
    )
    device: Device = choice(
        "auto", N_("Device"), {"auto": N_("automatic"), "cpu": "CPU", "cuda": "CUDA", "mps": "MPS"}, advanced=True
    )
    precision: Precision = choice(
        "auto",
        N_("Precision"),
        {"auto": N_("automatic"), "fp32": "fp32", "bf16": "bf16", "fp16": "fp16"},
        advanced=True,
    )
    threads: int = number(
        0,
        N_("Threads"),
        ge=0,
        le=1024,
        help=N_("Processor threads; 0 measures which number is fastest."),
        advanced=True,
    )
    memory_format: Literal["auto", "channels_first", "channels_last"] = choice(
        "auto", N_("Memory layout"),
        {"auto": N_("automatic"), "channels_first": N_("channels first"), "channels_last": N_("channels last")}, advanced=True,
    )  # fmt: skip


REGISTRIES: Mapping[str, Registry[Any]] = {
    "preparation": preparations,
    "augmentation": augmentations,
    "optimizer": optimizers,
    "schedule": schedules,
}
MANY = ("preparation", "augmentation")


class PlanError(Exception):
    """A stored plan that cannot be read; says what is wrong in it."""

    def __init__(self, problem: FieldProblem) -> None:
        super().__init__(str(problem.words))
        self.problem = problem

    def __str__(self) -> str:
        return str(self.problem.words)


def part_to_json(part: Part) -> dict[str, Any]:
    """A part of a plan as plain data, its kind first."""
    return {"kind": part.kind, **part.model_dump(mode="json")}


def part_from_json(registry: Registry[Any], data: Any) -> Part:
    """A part of a plan from plain data. Raises PlanError with the words a form would use."""
    if not isinstance(data, Mapping) or not isinstance(data.get("kind"), str):
        raise PlanError(FieldProblem((), say(N_("a part of the plan does not say what kind it is"))))
    kind = registry.get(data["kind"])
    if kind is None:
        raise PlanError(
            FieldProblem((), say(N_("this program knows no “{kind}” for a plan"), kind=str(data["kind"])[:40]))
        )
    try:
        return cast("Part", kind.model_validate({name: value for name, value in data.items() if name != "kind"}))
    except ValidationError as error:
        raise PlanError(explain(error, kind)[0]) from None


def plan_to_json(plan: TrainingPlan) -> dict[str, Any]:
    """A plan as plain data, readable in a file."""
    data: dict[str, Any] = {}
    for name in type(plan).model_fields:
        value = getattr(plan, name)
        if name in MANY:
            data[name] = [part_to_json(part) for part in value]
        else:
            data[name] = part_to_json(value) if isinstance(value, Part) else value
    return data


def plan_from_json(data: Any) -> TrainingPlan:
    """A plan from plain data; what is not said takes its default. Raises PlanError with the words a form would use."""
    if not isinstance(data, Mapping):
        raise PlanError(FieldProblem((), say(N_("a plan must be a set of named fields"))))
    values = dict(data)
    for name, registry in REGISTRIES.items():
        if name not in values:
            continue
        value = values[name]
        if name in MANY:
            if not isinstance(value, (list, tuple)):
                raise PlanError(FieldProblem((name,), say(N_("“{field}” must be a list"), field=name)))
            values[name] = tuple(part_from_json(registry, part) for part in value)
        else:
            values[name] = part_from_json(registry, value)
    try:
        return TrainingPlan.model_validate(values)
    except ValidationError as error:
        raise PlanError(explain(error, TrainingPlan)[0]) from None
