"""How long a run takes, and ready-made plans."""

import pytest

from cnn_studio.core.plans.plan import TrainingPlan, plan_from_json, plan_to_json
from cnn_studio.core.plans.presets import PRESETS
from cnn_studio.core.plans.run_length import JUDGING, run_seconds

PLAN = TrainingPlan(epochs=3, batch_size=10, validation=0.0)


@pytest.mark.parametrize(
    ("values", "samples", "judged", "seconds"),
    [
        ({}, 1000, None, 3 * 100),
        ({}, 1000, 200, 3 * (100 + 20 * JUDGING)),
        ({"validation": 0.1}, 1000, None, 3 * (90 + 10 * JUDGING)),
        ({"subset": 500}, 1000, None, 3 * 50),
        ({"subset": 5000}, 1000, None, 3 * 100),
        ({}, 0, None, 0),
    ],
)
def test_a_run_is_as_long_as_its_steps_and_its_judging(values, samples, judged, seconds):
    assert run_seconds(PLAN.model_copy(update=values), 1.0, samples, judged) == pytest.approx(seconds)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_gives_a_plan_that_can_be_kept_and_leaves_data_and_machine(preset):
    before = TrainingPlan(data="mine", seed=7, device="cpu", threads=3, subset=100)
    plan = preset.apply(before)
    assert plan_from_json(plan_to_json(plan)) == plan
    assert (plan.data, plan.seed, plan.device, plan.threads, plan.subset) == ("mine", 7, "cpu", 3, 100)
    assert preset.holds_in(plan)
    assert [one.name for one in PRESETS if one.holds_in(plan)] == [preset.name]
