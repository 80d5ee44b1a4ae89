"""How the weights of a network are spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnn_studio.engine.insight import probes
from cnn_studio.engine.insight.base import BINS, Probe, Statistics, statistics_of, view_of
from cnn_studio.engine.predict import Predictor

if TYPE_CHECKING:
    from cnn_studio.engine.session import Session


@dataclass(frozen=True)
class WeightSpread:
    """Statistics of every weight, named by node id and its name in the layer ("conv1.weight")."""

    tensors: Mapping[str, Statistics]


@dataclass(frozen=True)
class WeightStatistics(Probe):
    """Mean, deviation, norm, share of zeros and histogram of every weight.

    Attributes:
        nodes: ids of the layers; all of them when empty.
        bins: bars of each histogram.
    """

    name: ClassVar[str] = "weights"

    nodes: tuple[str, ...] = ()
    bins: int = BINS

    def __call__(self, subject: Session | Predictor) -> WeightSpread:
        network = view_of(subject).network
        return WeightSpread(
            {
                name: statistics_of(weight, self.bins)
                for name, weight in network.named_parameters()
                if not self.nodes or name.partition(".")[0] in self.nodes
            }
        )


probes.register(WeightStatistics.name, WeightStatistics)
