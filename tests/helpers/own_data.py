"""Data of one's own, written by a test: small enough to be learned in a moment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from cnn_studio.core.plans.plan import TrainingPlan, plan_to_json
from cnn_studio.core.project import Project, write_project
from tests.helpers.training import quick_plan, small_network


def striped(label: int, classes: int, size: tuple[int, int], seed: int, channels: int = 1) -> np.ndarray:
    """A dim picture (h, w) or (h, w, channels) with a bright row whose place tells its class."""
    shape = size if channels == 1 else (*size, channels)
    picture = np.random.default_rng([label, seed]).integers(0, 60, shape, dtype=np.uint8)
    picture[1 + label * (size[0] // classes)] = 240
    return picture


def picture_folder(  # noqa: PLR0917
    folder: Path,
    classes: str = "abc",
    count: int = 8,
    size: tuple[int, int] = (8, 8),
    channels: int = 1,
    kind: str = "png",
) -> Path:
    """A folder of pictures a class."""
    for label, name in enumerate(classes):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            picture = striped(label, len(classes), size, number, channels)
            Image.fromarray(picture).save(folder / name / f"{number:04d}.{kind}")
    return folder


def npz_file(path: Path, count: int = 30, classes: int = 3, *, tested: bool = False) -> Path:
    """Pictures and labels in a NumPy archive, with test samples if wished."""
    labels = np.arange(count) % classes
    pictures = np.stack([striped(int(label), classes, (8, 8), number) for number, label in enumerate(labels)])
    if tested:
        half = count // 2
        np.savez(path, x_train=pictures, y_train=labels, x_test=pictures[:half], y_test=labels[:half])
    else:
        np.savez(path, x_train=pictures, y_train=labels)
    return path


def network_file(path: Path, classes: int = 3, plan: TrainingPlan | None = None, name: str = "Small") -> Path:
    """A network that takes 8×8 grey pictures, with a plan that nothing needs to be measured for."""
    write_project(Project(small_network(classes), name, plan=plan_to_json(plan or quick_plan())), path)
    return path
