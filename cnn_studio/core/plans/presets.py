"""Ready-made plans: everything about the course of a run at once. Data, preprocessing and machine stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cnn_studio.core.plans.optimizer import SGD, AdamW
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.core.plans.schedule import Constant, Cosine, OneCycle
from cnn_studio.i18n import N_


@dataclass(frozen=True)
class Preset:
    """One of them.

    Attributes:
        name: stable.
        label, help: marked for translation.
        values: of the plan's fields; the others stay.
    """

    name: str
    label: str
    help: str
    values: Mapping[str, Any]

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """The plan as this preset has it."""
        return plan.model_copy(update=dict(self.values))

    def holds_in(self, plan: TrainingPlan) -> bool:
        """Whether a plan already is as this preset has it."""
        return self.apply(plan) == plan


PLAIN: Mapping[str, Any] = {"label_smoothing": 0.0, "clip": 0.0, "averaging": 0.0, "patience": 0, "validation": 0.1}

PRESETS = (
    Preset(
        "quick",
        N_("Quick"),
        N_("A good network in a few epochs: AdamW, and a rate that rises and falls once."),
        {**PLAIN, "epochs": 3, "batch_size": 64, "optimizer": AdamW(), "rate": 0.003, "schedule": OneCycle()},
    ),
    Preset(
        "careful",
        N_("Careful"),
        N_("More epochs, smaller steps, a running mean of the weights; stops when nothing gets better."),
        {
            **PLAIN,
            "epochs": 30, "batch_size": 64, "optimizer": AdamW(), "rate": 0.001, "schedule": Cosine(warm_up=0.05),
            "label_smoothing": 0.05, "clip": 1.0, "averaging": 0.999, "patience": 6,
        },
    ),
    Preset(
        "course",
        N_("As in the course"),
        N_("As gradient descent is taught: plain steps with momentum, and the same rate from beginning to end."),
        {
            **PLAIN,
            "epochs": 10, "batch_size": 32, "optimizer": SGD(momentum=0.9, nesterov=False), "rate": 0.01,
            "schedule": Constant(),
        },
    ),
)  # fmt: skip
