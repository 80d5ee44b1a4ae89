"""What a training run is to do, declared: preprocessing, augmentation, optimizer, schedule, and the plan that holds them."""

from __future__ import annotations

from cnn_studio.core.kinds import Registry
from cnn_studio.core.plans.base import Augmentation, Optimizer, Preparation, Schedule

_FOLDER = "cnn_studio.core.plans"

preparations: Registry[type[Preparation]] = Registry(_FOLDER)
"""Steps of preprocessing by the name that files use."""
augmentations: Registry[type[Augmentation]] = Registry(_FOLDER)
"""Kinds of augmentation by the name that files use."""
optimizers: Registry[type[Optimizer]] = Registry(_FOLDER)
"""Optimizers by the name that files use."""
schedules: Registry[type[Schedule]] = Registry(_FOLDER)
"""Schedules of the learning rate by the name that files use."""
