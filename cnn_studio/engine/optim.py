"""Optimizers and the loss, made from a plan."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from cnn_studio.core.plans.base import Optimizer
from cnn_studio.core.plans.optimizer import SGD, Adadelta, Adagrad, Adam, AdamW, RMSprop

_HIDDEN = "__dynamo_disable"
"""Where torch keeps the form of a function that its compiler does not look into; it imports the compiler to make one."""


def make_optimizer(plan: Optimizer, rate: float, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """The torch optimizer that a plan declares; weights and biases of normalization are not decayed.

    Where torch can, one kernel takes the whole step: of small networks it is a noticeable part of the time.
    """
    _spare_compiler()
    matrices: list[nn.Parameter] = []
    vectors: list[nn.Parameter] = []
    for parameter in parameters:
        if parameter.requires_grad:
            (matrices if parameter.ndim > 1 else vectors).append(parameter)
    groups = [
        {"params": parameters_of_one, "weight_decay": decay}
        for parameters_of_one, decay in ((matrices, plan.weight_decay), (vectors, 0.0))
        if parameters_of_one
    ]
    fused = all(parameter.device.type in ("cpu", "cuda") for parameter in (*matrices, *vectors))
    if isinstance(plan, SGD):
        nesterov = plan.nesterov and plan.momentum > 0
        return torch.optim.SGD(groups, lr=rate, momentum=plan.momentum, nesterov=nesterov, fused=fused)
    if isinstance(plan, AdamW):
        return torch.optim.AdamW(groups, lr=rate, betas=(plan.beta1, plan.beta2), fused=fused)
    if isinstance(plan, Adam):
        return torch.optim.Adam(groups, lr=rate, betas=(plan.beta1, plan.beta2), fused=fused)
    if isinstance(plan, RMSprop):
        return torch.optim.RMSprop(groups, lr=rate, alpha=plan.decay, momentum=plan.momentum)
    if isinstance(plan, Adagrad):
        return torch.optim.Adagrad(groups, lr=rate)
    if isinstance(plan, Adadelta):
        return torch.optim.Adadelta(groups, lr=rate, rho=plan.decay)
    raise TypeError(plan)


def take_step(optimizer: torch.optim.Optimizer) -> None:
    """One step of an optimizer, without the wrappers that import torch's compiler.

    The compiler takes more than a second and a hundred megabytes to import, and nothing is compiled here. Where a version
    of torch wraps its steps in another way, they are taken as it wants them.
    """
    plain = _plain_step(type(optimizer))  # type: ignore[arg-type]
    if plain is None:
        optimizer.step()
        return
    with torch.no_grad():
        plain(optimizer)


@cache
def _plain_step(kind: Any) -> Callable[[torch.optim.Optimizer], object] | None:
    plain = inspect.unwrap(kind.step)
    return plain if list(inspect.signature(plain).parameters) == ["self", "closure"] else None


def _spare_compiler() -> None:
    """Tell the other methods of optimizers, too, that they need not be hidden from the compiler."""
    for name in ("add_param_group", "zero_grad", "state_dict", "load_state_dict"):
        method = inspect.unwrap(getattr(torch.optim.Optimizer, name))
        if not hasattr(method, _HIDDEN):
            setattr(method, _HIDDEN, method)


def class_weights(labels: Tensor, classes: int) -> Tensor:
    """Weights that make every class count alike: inverse to how often it occurs, mean 1 over the samples."""
    counts = torch.bincount(labels, minlength=classes).double()
    present = counts > 0
    weights = torch.zeros(classes, dtype=torch.float64)
    weights[present] = counts.sum() / (present.sum() * counts[present])
    return weights.float()
