"""Optimizers: rules by which gradients change the weights."""

from __future__ import annotations

from typing import ClassVar

from cnn_studio.core.fields import flag, number
from cnn_studio.core.plans import optimizers
from cnn_studio.core.plans.base import Optimizer
from cnn_studio.i18n import N_

BETA1_HELP = N_("How much of the mean gradient of the past is kept.")
BETA2_HELP = N_("How much of the mean squared gradient of the past is kept.")


@optimizers.declare("sgd")
class SGD(Optimizer):
    """Stochastic gradient descent with momentum (Sutskever et al. 2013)."""

    kind: ClassVar[str] = "sgd"
    label: ClassVar[str] = "SGD"
    help: ClassVar[str] = N_("Goes against the gradient, with some of the last steps' direction kept; the classic.")
    default_rate: ClassVar[float] = 0.05

    momentum: float = number(0.9, N_("Momentum"), ge=0.0, le=0.999, help=N_("How much of the last step is kept."))
    nesterov: bool = flag(True, "Nesterov", help=N_("Looks ahead along the momentum before it measures the gradient."))


class AdamLike(Optimizer):
    """What the relatives of Adam have in common."""

    beta1: float = number(0.9, "β₁", ge=0.0, le=0.999, help=BETA1_HELP, advanced=True)
    beta2: float = number(0.999, "β₂", ge=0.0, le=0.9999, help=BETA2_HELP, advanced=True)


@optimizers.declare("adam")
class Adam(AdamLike):
    """Steps scaled for each weight by its own gradients (Kingma, Ba 2014, arXiv:1412.6980)."""

    kind: ClassVar[str] = "adam"
    label: ClassVar[str] = "Adam"
    help: ClassVar[str] = N_("Chooses the size of the step for every weight by itself; forgiving.")


@optimizers.declare("adamw")
class AdamW(AdamLike):
    """Adam with weight decay apart from the gradient (Loshchilov, Hutter 2017, arXiv:1711.05101)."""

    kind: ClassVar[str] = "adamw"
    label: ClassVar[str] = "AdamW"
    help: ClassVar[str] = N_("Adam with a cleaner weight decay; a good first choice.")

    weight_decay: float = number(
        0.01, N_("Weight decay"), ge=0.0, le=1.0, help=N_("Pulls the weights towards zero at every step; 0.01 is usual."),
        advanced=True,
    )  # fmt: skip


@optimizers.declare("rmsprop")
class RMSprop(Optimizer):
    """Steps divided by the recent size of the gradient (Hinton 2012, lecture 6e)."""

    kind: ClassVar[str] = "rmsprop"
    label: ClassVar[str] = "RMSprop"
    help: ClassVar[str] = N_("Divides each step by the recent size of that weight's gradients.")

    decay: float = number(0.99, N_("Decay"), ge=0.0, le=0.9999, help=BETA2_HELP, advanced=True)
    momentum: float = number(0.0, N_("Momentum"), ge=0.0, le=0.999, help=N_("How much of the last step is kept."))


@optimizers.declare("adagrad")
class Adagrad(Optimizer):
    """Steps that shrink with all gradients so far (Duchi et al. 2011)."""

    kind: ClassVar[str] = "adagrad"
    label: ClassVar[str] = "Adagrad"
    help: ClassVar[str] = N_("Steps shrink as gradients add up: slows down by itself.")
    default_rate: ClassVar[float] = 1e-2


@optimizers.declare("adadelta")
class Adadelta(Optimizer):
    """Steps whose size follows from earlier steps and gradients (Zeiler 2012, arXiv:1212.5701)."""

    kind: ClassVar[str] = "adadelta"
    label: ClassVar[str] = "Adadelta"
    help: ClassVar[str] = N_("Finds the size of its steps by itself; a rate of 1 is usual.")
    default_rate: ClassVar[float] = 1.0

    decay: float = number(0.9, N_("Decay"), ge=0.0, le=0.9999, help=BETA2_HELP, advanced=True)
