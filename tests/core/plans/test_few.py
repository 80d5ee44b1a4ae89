"""A plan for few drawings is varied and short; for many it stays."""

import pytest

from cnn_studio.core.plans.few import FEW, plan_for_drawings
from cnn_studio.core.plans.plan import TrainingPlan, plan_from_json, plan_to_json


@pytest.mark.parametrize("samples", [2, 7, 60, 300, FEW - 1])
def test_few_samples_are_varied(samples):
    plan = plan_for_drawings(TrainingPlan(epochs=3), "mine", samples)
    assert plan.data == "mine"
    assert plan.augmentation
    assert plan.batch_size <= max(4, samples)
    steps = plan.epochs * max(1, samples // plan.batch_size)
    assert 100 <= steps <= 1000
    assert plan_from_json(plan_to_json(plan)) == plan


def test_many_samples_keep_the_plan():
    before = TrainingPlan(epochs=3, batch_size=100)
    plan = plan_for_drawings(before, "digits + mine", 60_000, mixed=True)
    assert (plan.epochs, plan.batch_size, plan.augmentation) == (3, 100, ())
    assert plan.class_weights
