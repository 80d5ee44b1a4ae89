"""ReLU units that never fire: what they learned is lost, and no gradient brings them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor

from cnn_studio.engine.datasets.base import Array
from cnn_studio.engine.insight import probes
from cnn_studio.engine.insight.base import AT_ONCE, Probe, View, undisturbed, view_of
from cnn_studio.engine.predict import Predictor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnn_studio.engine.session import Session


@dataclass(frozen=True)
class SilentUnits:
    """Which units stayed silent.

    Attributes:
        samples: how many samples were looked at.
        silent: for each ReLU by node id, whether each of its units (a map, or a number of a vector) was zero for all.
    """

    samples: int
    silent: Mapping[str, Array]

    def share(self, node: str) -> float:
        """Share of the units of a ReLU that never fired."""
        return float(self.silent[node].mean())


@dataclass(frozen=True, eq=False)
class DeadUnits(Probe):
    """Units of each ReLU that fire for no sample.

    Attributes:
        samples: prepared samples (n, channels, \\*sizes) of the stored type; the first that judge the run when None.
        count: how many samples of the run to look at.
    """

    name: ClassVar[str] = "dead_units"

    samples: Array | None = None
    count: int = AT_ONCE

    def __call__(self, subject: Session | Predictor) -> SilentUnits:
        view = view_of(subject)
        relus = {node.id for node in view.graph.of_kind("relu")}
        fired: dict[str, Tensor] = {}
        seen = 0
        with undisturbed(view.network), torch.inference_mode():
            for entered in self._batches(view):
                seen += len(entered)
                for node, value in view.network.walk(entered):
                    if node in relus:
                        now = (value > 0).transpose(0, 1).flatten(1).any(1)
                        fired[node] = now | fired[node] if node in fired else now
        return SilentUnits(seen, {node: (~fires).cpu().numpy() for node, fires in fired.items()})

    def _batches(self, view: View) -> Iterator[Tensor]:
        if self.samples is None:
            stored, _labels = view.samples(self.count)
            yield from (view.values(part) for part in torch.split(stored, view.at_once))
        else:
            for start in range(0, len(self.samples), view.at_once):
                yield view.entered(self.samples[start : start + view.at_once])


probes.register(DeadUnits.name, DeadUnits)
