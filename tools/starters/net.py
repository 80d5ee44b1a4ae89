"""Building a network layer after layer, for the starters."""

from __future__ import annotations

from typing import Any

from cnn_studio.core import edits
from cnn_studio.core.analysis import Report, analyse
from cnn_studio.core.arrange import arrange
from cnn_studio.core.blocks import blocks
from cnn_studio.core.blocks.insert import insert_block
from cnn_studio.core.graph import Graph
from cnn_studio.core.grouping import group
from cnn_studio.core.layers import layers
from cnn_studio.core.shapes import Shape


class Net:
    """A network that grows at its last layer, or after any other.

    Attributes:
        last: id of the layer that the next one follows.
    """

    def __init__(self, channels: int, *sizes: int) -> None:
        self.graph = Graph()
        self.last = ""
        self._report: Report | None = None
        self.add("input", "input", channels=channels, sizes=sizes)

    def add(self, kind: str, name: str = "", *, after: str = "", also: tuple[str, ...] = (), **fields: Any) -> str:
        """One layer, after the last or another; ``also`` are its further inputs. Gives its id, which is its name."""
        layer = layers[kind](**fields)
        name = name or self.graph.fresh_id(layer.stem)
        self.graph = edits.add(self.graph, layer, node_id=name)
        for source in (after or self.last, *also):
            if source:
                self.graph = edits.connect(self.graph, source, name)
        self.last = name
        return name

    def block(self, kind: str, name: str = "", *, after: str = "", folded: bool = False, **fields: Any) -> str:
        """One block, after the last layer or another. Gives the id of its last layer."""
        self._report = analyse(self.graph, self._report)
        placed = insert_block(
            self.graph, blocks[kind](**fields), source=after or self.last, name=name, folded=folded, report=self._report
        )
        self.graph, self.last = placed.graph, placed.exit
        return self.last

    def convolution(
        self, number: str, filters: int, kernel: int = 3, *, norm: bool = False, pool: bool = False, **fields: Any
    ) -> str:
        """A convolution and its ReLU, named by their number, with batch normalization between (then without bias).

        With ``pool`` a max-pool comes right after the convolution: ReLU gives the same after it as before it, and both it
        and the normalization have a quarter of the values to work on.
        """
        if norm:
            fields["bias"] = False
        self.add("convolution", f"conv{number}", filters=filters, kernel=kernel, **fields)
        if pool:
            self.add("max_pool", f"pool{number}")
        if norm:
            self.add("batch_norm", f"norm{number}")
        return self.add("relu", f"relu{number}")

    def classifier(
        self, classes: int, *hidden: int, dropout: float = 0.0, flat: bool = True, softmax: bool = False
    ) -> str:
        """Dense layers up to the scores of the classes (or their softmax), and the Output."""
        if flat:
            self.add("flatten", "flatten")
        for index, units in enumerate(hidden, 1):
            self.add("dense", f"dense{index}", units=units)
            self.add("relu", f"relu_dense{index}")
            if dropout:
                self.add("dropout", f"dropout{index}", rate=dropout)
        self.add("dense", f"dense{len(hidden) + 1}" if hidden else "dense", units=classes)
        if softmax:
            self.add("softmax", "softmax")
        return self.add("output", "output")

    def group(self, name: str, prefix: str) -> None:
        """A folded group of the layers whose ids begin so."""
        self.graph = group(self.graph, [one for one in self.graph.nodes if one.startswith(prefix)], name, folded=True)

    def arranged(self) -> Graph:
        """The network, every layer in its place."""
        return edits.move(self.graph, arrange(self.graph))

    @property
    def sample(self) -> Shape:
        """Shape of what enters."""
        return self.graph.nodes["input"].layer.output_shape()
