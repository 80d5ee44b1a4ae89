"""Random networks: sensible ones, absurd ones, and both mixed.

A source of chance is a ``random.Random``; Hypothesis has one of its own (``st.randoms``) that shrinks, so one
generator serves seeded campaigns and properties. Values are drawn from the declared fields of each kind: a new kind
of layer is covered without a change here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import strategies as st

from cnn_studio.core.analysis import Facts, facts_of
from cnn_studio.core.fields import FieldSpec, specs
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Family, Layer
from cnn_studio.core.layers.endpoints import Input
from cnn_studio.core.shapes import Shape

ENDS = ("input", "output", "auxiliary_output")
LARGEST = {0: 40, 1: 40, 2: 12, 3: 7}
"""Largest size of an Input by its rank; beyond it only when absurd."""
WEIGHTY = (Family.FEATURES, Family.POOLING)
"""Families with the most arithmetic: drawn three times as often."""


@dataclass(frozen=True)
class Taste:
    """What networks are wanted.

    Attributes:
        layers: fewest and most layers between Input and Output.
        ranks: numbers of axes that the Input may have.
        absurd: share of values drawn without regard for sense, from the whole range that a field allows.
        branching: share of layers that continue from another place than the last layer.
        kinds: kinds to draw from; all of them when empty.
        keep_refused: whether layers that do not fit stay in the network (nothing continues from them).
    """

    layers: tuple[int, int] = (1, 12)
    ranks: tuple[int, ...] = (0, 1, 2, 2, 3)
    absurd: float = 0.08
    branching: float = 0.25
    kinds: tuple[str, ...] = ()
    keep_refused: bool = True


MIXED = Taste()
SENSIBLE = Taste(absurd=0.0, keep_refused=False)


def random_value(rng: Random, spec: FieldSpec, shape: Shape, absurd: float = 0.0) -> Any:
    """A value that the field takes; by default one that has a chance to fit what comes in."""
    wild = rng.random() < absurd
    if spec.editor == "flag":
        return rng.random() < 0.5
    if spec.editor == "choice":
        return rng.choice(list(spec.choices or ()))
    if spec.editor == "decimal":
        return rng.choice(
            [spec.default, spec.minimum, spec.maximum, rng.uniform(spec.minimum or 0.0, spec.maximum or 0.0)]
        )
    if spec.editor == "number":
        return _whole(rng, spec, shape, wild)
    assert spec.editor == "size", spec.editor
    return _size(rng, spec, shape, wild)


def _whole(rng: Random, spec: FieldSpec, shape: Shape, wild: bool) -> int:
    low, high = int(spec.minimum or 0), int(spec.maximum or 0)
    if wild:
        return rng.choice([low, high, rng.randint(low, high), rng.randint(low, min(high, 1000))])
    divisors = [n for n in range(1, min(shape.channels, 16) + 1) if shape.channels % n == 0]
    choices = [low, 1, 1, 2, 4, 6, 12, rng.randint(1, 9), shape.channels, *divisors]
    return min(max(rng.choice(choices), low), high, 64 if shape.channels <= 64 else 4096)


def _size(rng: Random, spec: FieldSpec, shape: Shape, wild: bool) -> Any:
    low, high = int(spec.minimum or 0), int(spec.maximum or 0)
    if spec.choices and rng.random() < 0.5:
        return rng.choice(list(spec.choices))
    if not spec.single:
        return _list(rng, spec, shape, wild)
    rank = rng.randint(1, 3) if wild or shape.rank == 0 else shape.rank

    def one() -> int:
        if wild and rng.random() < 0.5:
            return rng.choice([low, high, rng.randint(low, min(high, 64))])
        return min(max(rng.choice([low, 1, 1, 2, 2, 3, 3, 4, 5, 7]), low), high)

    return one() if rng.random() < 0.6 else tuple(one() for _ in range(rank))


def _list(rng: Random, spec: FieldSpec, shape: Shape, wild: bool) -> tuple[int, ...]:
    """A list of numbers; mostly the numbers of the shape in another order or factored otherwise."""
    if wild:
        return tuple(rng.randint(int(spec.minimum or 0), 9) for _ in range(rng.randint(*spec.axes)))
    numbers = [shape.channels, *shape.sizes]
    rng.shuffle(numbers)
    while len(numbers) > 1 and rng.random() < 0.3:
        numbers.append(numbers.pop() * numbers.pop())
    for index, number in enumerate(numbers):
        divisors = [n for n in range(2, 12) if number % n == 0]
        if divisors and len(numbers) < 4 and rng.random() < 0.4:
            divisor = rng.choice(divisors)
            numbers[index : index + 1] = [divisor, number // divisor]
            break
    low, high = int(spec.minimum or 0), int(spec.maximum or 0)
    return tuple(min(max(number, low), high) for number in numbers[: spec.axes[1]])


def random_layer(rng: Random, kind: str, shape: Shape, absurd: float = 0.0) -> Layer:
    """A layer of the kind; fields that are seldom needed keep their default more often."""
    model = layers[kind]
    values = {
        spec.name: random_value(rng, spec, shape, absurd)
        for spec in specs(model)
        if rng.random() < (0.45 if spec.advanced else 0.8)
    }
    return model(**values)


def random_input(rng: Random, taste: Taste = MIXED) -> Layer:
    """An Input of a rank to the taste."""
    if rng.random() < taste.absurd / 4:
        spec = next(spec for spec in specs(layers["input"]) if spec.name == "sizes")
        sizes = tuple(rng.choice([1, int(spec.maximum or 1), 4000]) for _ in range(rng.randint(0, 3)))
        return Input(channels=rng.choice([1, 7, 65_536]), sizes=sizes)
    rank = rng.choice(taste.ranks)
    sizes = tuple(rng.randint(1, LARGEST[rank]) for _ in range(rank))
    return Input(channels=rng.randint(1, LARGEST[0] if rank == 0 else 8), sizes=sizes)


@dataclass
class _Drawing:
    """A network while it is being drawn: nodes, connections, and what is known of each."""

    rng: Random
    taste: Taste
    nodes: dict[str, Node] = field(default_factory=dict)
    inputs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)

    def put(self, layer: Layer, sources: tuple[str, ...]) -> str | None:
        """Add a layer; its id, or None when it does not fit and was left out."""
        facts = facts_of(layer, tuple(self.facts[source] for source in sources))
        if facts.shape is None and not self.taste.keep_refused:
            return None
        number = len(self.nodes)
        node_id = f"{layer.stem}{number}"
        self.nodes[node_id] = Node(node_id, layer, node_id, x=160.0 * number)
        if sources:
            self.inputs[node_id] = sources
        self.facts[node_id] = facts
        return node_id

    def refuses(self, layer: Layer, sources: tuple[str, ...]) -> bool:
        """Whether the layer does not fit there."""
        return facts_of(layer, tuple(self.facts[source] for source in sources)).shape is None

    def open_ends(self) -> list[str]:
        """Nodes from which the network may go on."""
        return [
            node_id
            for node_id, facts in self.facts.items()
            if facts.shape is not None and self.nodes[node_id].layer.kind not in ENDS[1:]
        ]

    def companions(self, first: str) -> list[str]:
        """Other open ends, mostly those of the same sizes as the first."""
        ends = [node_id for node_id in self.open_ends() if node_id != first]
        shape = self.facts[first].shape
        assert shape is not None
        alike = [node_id for node_id in ends if (other := self.facts[node_id].shape) and other.sizes == shape.sizes]
        twins = [node_id for node_id in ends if self.facts[node_id].shape == shape]
        choice = self.rng.random()
        found = twins if twins and choice < 0.5 else alike if alike and choice < 0.85 else ends
        count = min(len(found), self.rng.choice([1, 1, 1, 2, 3]))
        return self.rng.sample(found, count)


def random_network(rng: Random, taste: Taste = MIXED) -> Graph:
    """A network with one Input and one Output, sometimes auxiliary ones; what is refused leads nowhere."""
    kinds = [kind for kind in taste.kinds or layers if kind not in ENDS]
    kinds += [kind for kind in kinds if layers[kind].family in WEIGHTY] * 2
    drawing = _Drawing(rng, taste)
    drawing.put(random_input(rng, taste), ())
    last = next(iter(drawing.nodes))
    for _ in range(rng.randint(*taste.layers)):
        ends = drawing.open_ends()
        if not ends:  # the Input itself was refused
            break
        source = rng.choice(ends) if rng.random() < taste.branching or last not in ends else last
        shape = drawing.facts[source].shape
        assert shape is not None
        kind = rng.choice(kinds)
        sources: tuple[str, ...] = (source,)
        if layers[kind].arity[1] > 1:
            sources = (source, *drawing.companions(source))
        layer = random_layer(rng, kind, shape, taste.absurd)
        if drawing.refuses(layer, sources) and rng.random() < 0.7:  # a second try, as a person would
            layer = random_layer(rng, rng.choice(kinds), shape, 0.0)
        last = drawing.put(layer, sources) or last
    if last not in drawing.open_ends():
        last = rng.choice(drawing.open_ends() or list(drawing.nodes)[:1])
    drawing.put(layers["output"](), (last,))
    for source in drawing.open_ends():
        if rng.random() < 0.05:
            drawing.put(layers["auxiliary_output"](), (source,))
    return Graph(drawing.nodes, drawing.inputs)


def networks(taste: Taste = MIXED) -> st.SearchStrategy[Graph]:
    """The same networks as a Hypothesis strategy."""
    return st.builds(random_network, st.randoms(use_true_random=False), st.just(taste))


def make(kind: str, **values: Any) -> Layer:
    """A layer of that kind."""
    return layers[kind].model_validate(values)


def chain(*parts: Layer) -> Graph:
    """Layers one after the other, with ids and names of their kind and place: input1, conv2, ..."""
    ids = [f"{layer.stem}{number}" for number, layer in enumerate(parts, start=1)]
    nodes = {node_id: Node(node_id, layer, node_id) for node_id, layer in zip(ids, parts, strict=True)}
    return Graph(nodes, {target: (source,) for source, target in pairwise(ids)})


def joined(layer: Layer, *shapes: tuple[int, ...]) -> Graph:
    """A layer (called "join") fed by an Input for each shape, channels first."""
    entries = [make("input", channels=channels, sizes=tuple(sizes)) for channels, *sizes in shapes]
    nodes = {f"input{number}": Node(f"input{number}", entry, f"input{number}") for number, entry in enumerate(entries)}
    return Graph({**nodes, "join": Node("join", layer, "join")}, {"join": tuple(nodes)})
