"""The exported preprocessing: text that runs alone and gives the very bits that the studio computes."""

from __future__ import annotations

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
