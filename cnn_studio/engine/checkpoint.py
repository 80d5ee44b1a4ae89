"""Where a run stands, complete enough to go on as if it had never stopped: tensors by name, and a few numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from cnn_studio.engine.datasets.base import DataError
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from cnn_studio.engine.session import Session

NUMBERS = ("epoch", "batch", "step", "seconds", "best", "best_loss", "stale", "plateau_factor", "_plateau_stale")


@dataclass(frozen=True)
class Checkpoint:
    """Tensors under names such as "network/conv1.weight", and plain numbers by name."""

    tensors: Mapping[str, Tensor]
    numbers: Mapping[str, Any]

    def part(self, name: str) -> dict[str, Tensor]:
        """The tensors of one part, without its prefix."""
        prefix = f"{name}/"
        return {key[len(prefix) :]: tensor for key, tensor in self.tensors.items() if key.startswith(prefix)}


def saved_state(session: Session) -> Checkpoint:
    """Copies of everything that a run changes."""
    setup = session.setup
    tensors: dict[str, Tensor] = {}
    for key, tensor in setup.network.state_dict().items():
        tensors[f"network/{key}"] = tensor
    if setup.averaged is not None:
        for key, tensor in setup.averaged.state_dict().items():
            tensors[f"averaged/{key}"] = tensor
    for number, state in setup.optimizer.state_dict()["state"].items():
        for key, value in state.items():
            if value is not None:
                tensors[f"optimizer/{number}/{key}"] = torch.as_tensor(value)
    for key, tensor in session.tally.state().items():
        tensors[f"tally/{key}"] = tensor
    copies = {key: tensor.detach().cpu().contiguous().clone() for key, tensor in tensors.items()}
    numbers = {name: getattr(session, name) for name in NUMBERS}
    numbers["scaler"] = setup.scaler.state_dict()
    numbers["optimizer"] = session.plan.optimizer.kind
    return Checkpoint(copies, numbers)


def load_state(session: Session, checkpoint: Checkpoint) -> None:
    """Put a run where an earlier one stood. Raises DataError when that was another network's.

    An optimizer of another kind than before begins without memory of the steps so far.
    """
    try:
        _load(session, checkpoint)
    except (KeyError, IndexError, ValueError, TypeError, RuntimeError, AttributeError) as error:
        raise DataError(N_("the checkpoint belongs to another network: train this one as a new run")) from error


def _load(session: Session, checkpoint: Checkpoint) -> None:
    setup = session.setup
    setup.network.load_state_dict(checkpoint.part("network"))
    if setup.averaged is not None:
        setup.averaged.load_state_dict(checkpoint.part("averaged"))
    parameters = [parameter for group in setup.optimizer.param_groups for parameter in group["params"]]
    same = checkpoint.numbers["optimizer"] == session.plan.optimizer.kind
    for key, tensor in checkpoint.part("optimizer").items() if same else ():
        number, name = key.split("/")
        parameter = parameters[int(number)]
        if tensor.shape == parameter.shape:  # the memory layout of the weights, so that the same kernels are used
            tensor = torch.empty_like(parameter, dtype=tensor.dtype).copy_(tensor)  # noqa: PLW2901
        setup.optimizer.state[parameter][name] = tensor
    session.tally.load(checkpoint.part("tally"))
    for name in NUMBERS:
        setattr(session, name, checkpoint.numbers[name])
    setup.scaler.load_state_dict(checkpoint.numbers["scaler"])
