"""Schedules: how the learning rate changes over a run."""

from __future__ import annotations

from math import cos, pi
from typing import ClassVar

from cnn_studio.core.fields import number
from cnn_studio.core.plans import schedules
from cnn_studio.core.plans.base import Schedule
from cnn_studio.i18n import N_

WARM_UP = N_("Warm-up")
WARM_UP_HELP = N_("Share of the run in which the rate rises from nearly nothing.")


class WarmedSchedule(Schedule):
    """A schedule that may begin with a rise."""

    warm_up: float = number(0.0, WARM_UP, ge=0.0, le=0.9, help=WARM_UP_HELP, advanced=True)

    def factor(self, progress: float, epoch: int) -> float:
        if progress < self.warm_up:
            return max(progress / self.warm_up, 0.01)
        rest = 1.0 - self.warm_up
        return self.after_warm_up((progress - self.warm_up) / rest, epoch)

    def after_warm_up(self, progress: float, epoch: int) -> float:
        """The factor in what is left of the run after the rise; ``progress`` from 0 to 1."""
        return 1.0


@schedules.declare("constant")
class Constant(WarmedSchedule):
    """Always the same."""

    kind: ClassVar[str] = "constant"
    label: ClassVar[str] = N_("Constant")
    help: ClassVar[str] = N_("The same learning rate from beginning to end.")


@schedules.declare("step")
class StepDown(WarmedSchedule):
    """Divided every few epochs."""

    kind: ClassVar[str] = "step"
    label: ClassVar[str] = N_("Steps")
    help: ClassVar[str] = N_("Multiplies the rate by a factor every few epochs.")

    every: int = number(5, N_("Every"), ge=1, le=10_000, unit=N_("epochs"))
    by: float = number(0.1, N_("Factor"), ge=0.0, le=1.0)

    def after_warm_up(self, progress: float, epoch: int) -> float:
        return float(self.by ** (epoch // self.every))


@schedules.declare("cosine")
class Cosine(WarmedSchedule):
    """Falls along half a cosine (Loshchilov, Hutter 2016, arXiv:1608.03983)."""

    kind: ClassVar[str] = "cosine"
    label: ClassVar[str] = N_("Cosine")
    help: ClassVar[str] = N_("Falls smoothly to nothing at the end.")

    def after_warm_up(self, progress: float, epoch: int) -> float:
        return (1.0 + cos(pi * progress)) / 2


@schedules.declare("one_cycle")
class OneCycle(Schedule):
    """Rises, then falls to nearly nothing (Smith, Topin 2017, arXiv:1708.07120)."""

    kind: ClassVar[str] = "one_cycle"
    label: ClassVar[str] = N_("One cycle")
    help: ClassVar[str] = N_(
        "Rises to the full rate, then falls to nearly nothing: the quickest way to a good network."
    )

    rise: float = number(0.25, N_("Rise"), ge=0.01, le=0.99, help=N_("Share of the run in which the rate rises."))
    start: float = number(
        0.04, N_("Start"), ge=0.0, le=1.0, help=N_("What share of the full rate it begins with."), advanced=True
    )

    def factor(self, progress: float, epoch: int) -> float:
        if progress < self.rise:
            return self.start + (1.0 - self.start) * (1.0 - cos(pi * progress / self.rise)) / 2
        return max((1.0 + cos(pi * (progress - self.rise) / (1.0 - self.rise))) / 2, 1e-4)


@schedules.declare("plateau")
class Plateau(Schedule):
    """Divided when the validation loss no longer falls; the session watches it."""

    kind: ClassVar[str] = "plateau"
    label: ClassVar[str] = N_("Plateau")
    help: ClassVar[str] = N_("Lowers the rate when the validation loss has not fallen for some epochs.")

    patience: int = number(3, N_("Patience"), ge=1, le=1000, unit=N_("epochs"))
    by: float = number(0.3, N_("Factor"), ge=0.01, le=0.99)
