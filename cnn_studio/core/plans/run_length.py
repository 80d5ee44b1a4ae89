"""How long a run takes, from the time of one of its steps."""

from __future__ import annotations

from cnn_studio.core.plans.plan import TrainingPlan

JUDGING = 0.35
"""Share of a training step's time that it takes to judge as many samples: the forward pass alone."""


def run_seconds(plan: TrainingPlan, step: float, samples: int, judged: int | None) -> float:
    """Seconds of a whole run.

    Args:
        step: seconds of one step.
        samples: of the training split.
        judged: of the validation split, or None where a share of the training samples is kept apart.
    """
    learning = min(samples, plan.subset) if plan.subset else samples
    if judged is None:
        judged = round(learning * plan.validation)
        learning -= judged
    return plan.epochs * step * (learning + JUDGING * judged) / plan.batch_size
