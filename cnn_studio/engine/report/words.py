"""A training plan in words, and other facts as a person reads them."""

from __future__ import annotations

from typing import Any

from cnn_studio.core.fields import FieldSpec, specs
from cnn_studio.core.plans.base import Optimizer, Part
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.core.words import short_decimal, word
from cnn_studio.i18n import _, decimal, integer, ngettext

ASIDE = ("data", "preparation", "augmentation", "optimizer", "schedule", "rate", "epochs", "batch_size")
"""Fields of a plan that are told in sentences of their own, or elsewhere."""

Fact = tuple[str, str]
"""A label and what belongs to it."""


def plan_facts(plan: TrainingPlan) -> list[Fact]:
    """What a plan does, line by line; settings that are rarely touched only where they were."""
    facts = [
        (_("Preprocessing"), ", ".join(part_words(part) for part in plan.preparation) or _("none")),
        (_("Augmentation"), ", ".join(part_words(part) for part in plan.augmentation) or _("none")),
        (_("Length"), length_words(plan)),
        (_("Optimizer"), part_words(plan.optimizer)),
        (_("Learning rate"), f"{short_decimal(plan.rate)} · {part_words(plan.schedule)}"),
    ]
    for field in specs(TrainingPlan):
        value = getattr(plan, field.name)
        if field.name not in ASIDE and (value != field.default or not field.advanced):
            facts.append((_(field.label), _unset(field, value) or value_words(field, value)))
    return facts


def length_words(plan: TrainingPlan) -> str:
    """Epochs and size of the batches."""
    epochs = ngettext("{n} epoch", "{n} epochs", plan.epochs).format(n=integer(plan.epochs))
    return _("{epochs}, {batch} samples in a batch").format(epochs=epochs, batch=integer(plan.batch_size))


def part_words(part: Part) -> str:
    """A step, optimizer or schedule with its settings: "Shift (Distance 2 px)"."""
    told = []
    for field in specs(type(part)):
        value = getattr(part, field.name)
        if value != field.default or not field.advanced:
            told.append(f"{_(field.label)} {value_words(field, value)}")
    if isinstance(part, Optimizer) and not told:
        return _(part.label)
    return f"{_(part.label)} ({', '.join(told)})" if told else _(part.label)


def value_words(field: FieldSpec, value: Any) -> str:
    """The value of a field with its unit."""
    if field.name == "validation":
        return percent(value, 0)
    if field.choices and isinstance(value, str):
        text = _(field.choices.get(value, value))
    elif isinstance(value, tuple):
        text = word(value) if all(isinstance(one, int) for one in value) else ", ".join(map(short_decimal, value))
    elif isinstance(value, float):
        text = short_decimal(value)
    else:
        text = word(value)
    return f"{text} {_(field.unit)}" if field.unit else text


def _unset(field: FieldSpec, value: Any) -> str:
    """What is said of a number that means "none" when it is 0."""
    return _("none") if field.name in ("patience", "subset", "clip", "validation") and not value else ""


def number_words(value: float) -> str:
    """A number with two digits that count, and a true minus."""
    text = short_decimal(float(f"{abs(value):.2g}"))
    return f"−{text}" if value < 0 and float(text.replace(",", ".")) else text


def percent(share: float, digits: int = 1) -> str:
    """A share as a percentage: "99.0 %"."""
    return f"{decimal(100 * share, digits)} %"


def duration(seconds: float) -> str:
    """How long something took: "2.1 s", "21 s", "4 min 05 s", "1 h 05 min"."""
    if seconds < 9.95:
        return f"{decimal(max(0.0, seconds), 1)} s"
    whole = round(seconds)
    if whole < 60:
        return f"{integer(whole)} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{integer(whole // 3600)} h {whole % 3600 // 60:02d} min"
