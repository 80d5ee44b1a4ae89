"""Optimizers and the loss, made from a plan."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from cnn_studio.core.plans.base import Optimizer
from cnn_studio.core.plans.optimizer import SGD, Adadelta, Adagrad, Adam, AdamW, RMSprop


def make_optimizer(plan: Optimizer, rate: float, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """The torch optimizer that a plan declares; weights and biases of normalization are not decayed."""
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
    if isinstance(plan, SGD):
        nesterov = plan.nesterov and plan.momentum > 0
        return torch.optim.SGD(groups, lr=rate, momentum=plan.momentum, nesterov=nesterov)
    if isinstance(plan, AdamW):
        return torch.optim.AdamW(groups, lr=rate, betas=(plan.beta1, plan.beta2))
    if isinstance(plan, Adam):
        return torch.optim.Adam(groups, lr=rate, betas=(plan.beta1, plan.beta2))
    if isinstance(plan, RMSprop):
        return torch.optim.RMSprop(groups, lr=rate, alpha=plan.decay, momentum=plan.momentum)
    if isinstance(plan, Adagrad):
        return torch.optim.Adagrad(groups, lr=rate)
    if isinstance(plan, Adadelta):
        return torch.optim.Adadelta(groups, lr=rate, rho=plan.decay)
    raise TypeError(plan)


def class_weights(labels: Tensor, classes: int) -> Tensor:
    """Weights that make every class count alike: inverse to how often it occurs, mean 1 over the samples."""
    counts = torch.bincount(labels, minlength=classes).double()
    present = counts > 0
    weights = torch.zeros(classes, dtype=torch.float64)
    weights[present] = counts.sum() / (present.sum() * counts[present])
    return weights.float()
