"""What the declared parts of a plan have in common."""

from __future__ import annotations

from typing import ClassVar

from cnn_studio.core.fields import Model, number
from cnn_studio.core.shapes import Shape
from cnn_studio.i18n import N_


class Part(Model):
    """One declared part of a plan, known in files by its kind."""

    kind: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str]


class Preparation(Part):
    """One step between a sample as it is stored and the numbers that enter the network."""

    def output_shape(self, shape: Shape) -> Shape:
        """Shape of a prepared sample, given the shape before this step (sizes may be unknown: 0)."""
        return shape


class Augmentation(Part):
    """One way of varying training samples at random, batch by batch."""

    share: float = number(
        1.0, N_("Share of samples"), ge=0.0, le=1.0, help=N_("How many samples are varied; the rest stay as they are."),
        advanced=True,
    )  # fmt: skip


class Optimizer(Part):
    """A rule by which gradients change the weights."""

    default_rate: ClassVar[float] = 1e-3
    """A learning rate that works for most networks."""

    weight_decay: float = number(
        0.0, N_("Weight decay"), ge=0.0, le=1.0, help=N_("Pulls the weights towards zero at every step; 0.0005 is usual."),
        advanced=True,
    )  # fmt: skip


class Schedule(Part):
    """How the learning rate changes over a run."""

    def factor(self, progress: float, epoch: int) -> float:
        """What the learning rate is multiplied by.

        Args:
            progress: share of the run's steps that are done, from 0 to 1.
            epoch: epochs completed.
        """
        return 1.0
