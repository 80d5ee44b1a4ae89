"""How to train on what one person has drawn: few samples, which chance must vary."""

from __future__ import annotations

from cnn_studio.core.plans.augmentation import Elastic, Rotate, Shear, Shift, Zoom
from cnn_studio.core.plans.plan import TrainingPlan

FEW = 2000
"""From so many samples on the plan stays as it is, but for the data."""
STEPS = 500
"""Steps after which a small network knows a few classes."""
VARIED = (Shift(most=0.05), Rotate(most=12.0), Zoom(most=0.12), Shear(most=12.0), Elastic(strength=1.0))


def plan_for_drawings(plan: TrainingPlan, data: str, samples: int, *, mixed: bool = False) -> TrainingPlan:
    """The plan for data of so many training samples; with ``mixed`` a small set counts as much as the large one."""
    values: dict[str, object] = {"data": data, "subset": 0, "class_weights": mixed}
    if samples < FEW:
        batch = max(4, min(32, samples // 4))
        epochs = max(5, min(150, round(STEPS * batch / max(1, samples))))
        values |= {"batch_size": batch, "epochs": epochs, "rate": 0.003, "validation": 0.1 if samples >= 60 else 0.0}
        values |= {"augmentation": VARIED, "patience": 0}
    return plan.model_copy(update=values)
