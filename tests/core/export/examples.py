"""Networks that the tests of the exporters write down."""

from __future__ import annotations

from dataclasses import replace

from cnn_studio.core.graph import Graph, Group, Node
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Layer


def make(kind: str, **settings: object) -> Layer:
    """A layer of a kind."""
    return layers[kind](**settings)


class Builder:
    """Draws a network layer by layer; ``add`` feeds a new layer from the last one unless told otherwise."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.inputs: dict[str, tuple[str, ...]] = {}
        self.groups: dict[str, Group] = {}
        self.last = ""

    def add(self, kind: str, *sources: str, name: str = "", **settings: object) -> str:
        """A new layer; gives its id."""
        layer = make(kind, **settings)
        number = 1
        while f"{layer.stem}{number}" in self.nodes:
            number += 1
        node_id = f"{layer.stem}{number}"
        self.nodes[node_id] = Node(node_id, layer, name or node_id)
        sources = sources or ((self.last,) if self.last and layer.arity[1] else ())
        if sources:
            self.inputs[node_id] = sources
        self.last = node_id
        return node_id

    def group(self, name: str, *members: str, folded: bool = False, parent: str = "") -> str:
        """A group of layers; gives its id."""
        group_id = f"group{len(self.groups) + 1}"
        self.groups[group_id] = Group(group_id, name, frozenset(members), folded, parent)
        return group_id

    def graph(self) -> Graph:
        """What was drawn."""
        return Graph(dict(self.nodes), dict(self.inputs), dict(self.groups))


def lenet() -> Graph:
    """LeNet-5 as the courses draw it."""
    net = Builder()
    net.add("input", channels=1, sizes=(28, 28))
    for filters, padding in ((6, 2), (16, "valid")):
        net.add("convolution", filters=filters, kernel=5, padding=padding)
        net.add("tanh")
        net.add("average_pool", size=2, stride=2)
    net.add("flatten")
    for units in (120, 84):
        net.add("dense", units=units)
        net.add("tanh")
    net.add("dense", units=10)
    net.add("output")
    return net.graph()


def residual(net: Builder, source: str, filters: int, stride: int = 1) -> str:
    """A residual block, with a projection where the shape changes; gives the id of its last layer."""
    start = set(net.nodes)
    net.add("convolution", source, filters=filters, kernel=3, stride=stride, padding="same", bias=False)
    net.add("batch_norm")
    net.add("relu")
    net.add("convolution", filters=filters, kernel=3, padding="same", bias=False)
    body = net.add("batch_norm")
    if stride != 1:
        net.add("convolution", source, filters=filters, kernel=1, stride=stride, bias=False, name=f"proj{filters}")
        source = net.add("batch_norm")
    net.add("add", body, source)
    net.add("relu")
    net.group(f"residual {len(net.groups) + 1}", *(set(net.nodes) - start))
    return net.last


def residual_network() -> Graph:
    """A small residual network: one plain block, one with a projection."""
    net = Builder()
    net.add("input", channels=3, sizes=(32, 32))
    net.add("convolution", filters=16, kernel=3, padding=1, bias=False)
    net.add("batch_norm")
    last = net.add("relu")
    last = residual(net, last, 16)
    residual(net, last, 32, stride=2)
    net.add("global_average_pool")
    net.add("dense", units=10)
    net.add("output")
    return net.graph()


def inception(net: Builder, source: str, filters: tuple[int, int, int, int, int, int], name: str) -> str:
    """An inception module of four branches; gives the id of its last layer."""
    start = set(net.nodes)
    one, reduce3, three, reduce5, five, pool = filters
    net.add("convolution", source, filters=one, kernel=1)
    ends = [net.add("relu")]
    for reduce, kernel, amount in ((reduce3, 3, three), (reduce5, 5, five)):
        net.add("convolution", source, filters=reduce, kernel=1)
        net.add("relu")
        net.add("convolution", filters=amount, kernel=kernel, padding="same")
        ends.append(net.add("relu"))
    net.add("max_pool", source, size=3, stride=1, padding=1)
    net.add("convolution", filters=pool, kernel=1)
    ends.append(net.add("relu"))
    net.add("concatenate", *ends)
    net.group(name, *(set(net.nodes) - start))
    return net.last


def inception_network() -> Graph:
    """Two inception modules, with an auxiliary classifier after the first."""
    net = Builder()
    net.add("input", channels=3, sizes=(32, 32))
    net.add("convolution", filters=32, kernel=3, padding="same")
    last = net.add("relu")
    first = inception(net, last, (16, 16, 24, 4, 8, 8), "inception 3a")
    net.add("global_average_pool", first, name="aux pool")
    net.add("dense", units=10, name="aux dense")
    net.add("auxiliary_output")
    net.add("max_pool", first, size=2, stride=2)
    inception(net, net.last, (24, 24, 32, 6, 12, 12), "inception 3b")
    net.add("global_average_pool")
    net.add("dropout", rate=0.4)
    net.add("dense", units=10)
    net.add("output")
    return net.graph()


def u_network() -> Graph:
    """Two levels down and up again, joined by skip connections; the Input itself is taken up again."""
    net = Builder()
    picture = net.add("input", channels=1, sizes=(16, 16))
    net.add("convolution", filters=8, kernel=3, padding="same")
    top = net.add("relu")
    net.add("max_pool")
    net.add("convolution", filters=16, kernel=3, padding="same")
    net.add("relu")
    up = net.add("transposed_convolution", filters=8, kernel=2, stride=2)
    net.add("concatenate", up, top)
    net.add("convolution", filters=1, kernel=3, padding="same")
    net.add("multiply", net.last, picture)
    net.add("output")
    return net.graph()


def oddities() -> Graph:
    """What is rare: names that are no Python, two Inputs and Outputs, a frozen layer, noise, a crop, a loose end."""
    net = Builder()
    left = net.add("input", channels=2, sizes=(9, 9), name="izquierda ← «1»")
    right = net.add("input", channels=2, sizes=(9, 9), name='right "2" <b>')
    net.add("convolution", left, filters=4, kernel=4, stride=2, padding="same", name="F", frozen=True)
    first = net.add("gaussian_noise", deviation=0.2, name="x")
    net.add("convolution", right, filters=4, kernel=(3, 5), stride=2, padding=(1, 2), name="class")
    second = net.add("leaky_relu", slope=0.2, name="2 legs")
    net.add("add", first, second, first, name="torch")
    both = net.add("crop", before=1, after=1, name="cuda")
    net.add("relu", both, name="loose")
    net.add("flatten", both, name="named_parameters")
    row = net.add("dense", units=4, name="nn")
    net.add("output")
    net.add("reshape", row, target=(1, 2, 2))
    net.add("global_max_pool")
    net.add("output")
    return net.graph()


def placed(graph: Graph, places: dict[str, tuple[float, float]]) -> Graph:
    """The same network with some layers at other places."""
    moved = {node_id: replace(graph.nodes[node_id], x=x, y=y) for node_id, (x, y) in places.items()}
    return graph.with_nodes({**graph.nodes, **moved})


def drawn_by_hand() -> Graph:
    """The residual network as somebody might leave it on the canvas: rows of unequal distance, skips to go round."""
    graph = residual_network()
    places = {node_id: (150.0 * index, 0.0) for index, node_id in enumerate(graph.nodes)}
    places["proj32" if "proj32" in graph.nodes else "conv6"] = (places["norm4"][0], -90.0)
    places["norm6"] = (places["relu4"][0], -110.0)
    return placed(graph, places)


def downwards() -> Graph:
    """The network with skip connections, drawn from top to bottom."""
    graph = u_network()
    return placed(graph, {node_id: (0.0, 70.0 * index) for index, node_id in enumerate(graph.nodes)})


def folded_network() -> Graph:
    """The inception network with its modules folded."""
    graph = inception_network()
    return replace(graph, groups={key: replace(group, folded=True) for key, group in graph.groups.items()})
