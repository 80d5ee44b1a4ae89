"""The exported preprocessing: text that runs alone and gives the very bits that the studio computes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cnn_studio.core.plans.base import Preparation
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.core.plans.preparation import Colour, DrawnDigit, Invert, Resize, Scale, Standardize
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.export.prepare_code import prepare_code
from cnn_studio.engine.preprocess import Pipeline

RANDOM = np.random.default_rng(3)
PICTURE = RANDOM.integers(0, 256, (3, 40, 30), dtype=np.uint8)
SOUND = RANDOM.integers(-30000, 30000, (1, 500)).astype(np.int16)
FILM = RANDOM.integers(0, 256, (1, 5, 12, 10), dtype=np.uint8)

CASES: list[tuple[np.ndarray, tuple[Preparation, ...]]] = [
    (PICTURE, (Scale(),)),
    (PICTURE, (Colour(), Resize(sizes=(28, 28), method="fit"), Scale(), Invert())),
    (PICTURE, (Resize(sizes=(28, 20), method="crop"), Scale(), Standardize(mean=(0.5, 0.4, 0.3), deviation=(0.2, 0.3, 0.4)))),
    (PICTURE[:1], (Colour(mode="colour"), Resize(sizes=(64, 64)))),
    (PICTURE, (DrawnDigit(), Scale())),
    (SOUND, (Resize(sizes=(400,), method="fit"), Scale())),
    (SOUND, (Resize(sizes=(300,)), Scale())),
    (FILM, (Resize(sizes=(8, 8, 8)), Scale())),
]  # fmt: skip


@pytest.mark.parametrize(("sample", "steps"), CASES)
def test_the_text_gives_the_very_bits(sample: np.ndarray, steps: tuple[Preparation, ...]) -> None:
    peak = 32768.0 if sample.dtype == np.int16 else 255.0
    pipeline = Pipeline(steps, peak)
    prepared = pipeline.sample(sample)
    expected = pipeline.values(torch.from_numpy(np.ascontiguousarray(prepared))[None])
    shape = Shape(prepared.shape[0], tuple(prepared.shape[1:]))
    imports, code = prepare_code(TrainingPlan(preparation=steps), shape, peak)
    text = "\n".join([*imports, code])
    assert "cnn_studio" not in text
    names: dict[str, Any] = {}
    exec(compile(text, "exported", "exec"), names)
    assert torch.equal(names["prepare"](sample.copy()), expected)


def test_a_trained_network_as_code_answers_a_stored_sample_as_the_studio_does(tmp_path: Path) -> None:
    from cnn_studio.core.export.pytorch import export_pytorch
    from cnn_studio.core.project import Project
    from cnn_studio.engine.export.prepare_code import with_preparation
    from cnn_studio.engine.predict import predictor_of
    from cnn_studio.engine.preparing import facts_of
    from cnn_studio.engine.recording import recorded
    from cnn_studio.engine.runs import new_run
    from cnn_studio.engine.session import Session
    from cnn_studio.engine.tensors import tensors_of
    from tests.helpers.training import quick_plan, small_network, stripes

    data = stripes()
    plan = quick_plan(preparation=(Scale(), Invert()))
    run = new_run(tmp_path, Project(small_network(), "Small"), plan, facts_of(small_network(), data))
    for _event in recorded(Session(small_network(), plan, data), run):
        pass
    project = run.project()
    text = with_preparation(export_pytorch(project.graph, title="Small"), project)
    names: dict[str, Any] = {"__name__": "exported"}
    exec(compile(text, "exported", "exec"), names)
    network = names["Small"]().eval()
    weights = tensors_of(project.weights)
    network.load_state_dict(weights, strict=False)
    sample = data.train.read(3)
    with torch.no_grad():
        answer = network(names["prepare"](sample.copy()))[0].numpy()
    assert (answer == predictor_of(project).answer(sample).probabilities).all()
