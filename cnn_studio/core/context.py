"""What a network is meant for: its data, the weights it carries, the machine it runs on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cnn_studio.core.shapes import Shape

WeightShapes = Mapping[str, Mapping[str, tuple[int, ...]]]
"""For each node id, the shape of each tensor by its name inside the layer."""


@dataclass(frozen=True)
class DataFacts:
    """What a network is told of its data.

    Attributes:
        name: of the data set ("digits").
        sample: shape of one sample as it enters the network, after preprocessing.
        classes: names of the classes, in the order of the outputs.
        peak: the stored value that stands for 1.0: 255 for bytes, 32768 for 16-bit sound, 1 for decimal numbers.
    """

    name: str
    sample: Shape
    classes: tuple[str, ...]
    peak: float = 255.0


@dataclass(frozen=True)
class Context:
    """Everything outside the graph that decides whether the network makes sense.

    Attributes:
        data: what it is to be trained on, or None when nothing was chosen.
        trained: shapes of the weights it carries; empty when it has not been trained.
        memory: bytes of memory of the machine, or None when not known.
        batch: samples in a training batch.
    """

    data: DataFacts | None = None
    trained: WeightShapes = field(default_factory=dict)
    memory: int | None = None
    batch: int = 64


NOTHING = Context()
"""No data chosen, not trained, any machine."""
