"""How a network hangs together: its ends, loose layers, cycles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from cnn_studio.core import edits
from cnn_studio.core.analysis import Facts
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.layers.base import Family, Layer
from cnn_studio.core.problems.base import ERROR, WARNING, Fix, Problem, Scene, global_rules, misfits
from cnn_studio.core.problems.mending import (
    connecting,
    cut,
    join,
    keep_inputs,
    named,
    recipe,
    removing,
    removing_all,
)
from cnn_studio.core.problems.speech import Path
from cnn_studio.core.words import say
from cnn_studio.i18n import N_


@global_rules.declare("ends")
def ends(scene: Scene) -> Iterable[Problem]:
    """A network has one Input and one Output."""
    if not scene.graph.nodes:
        yield Problem(
            "empty", ERROR, (), say(N_("The network has no layers yet.")), None,
            lambda scene: [Fix("add_input", say(N_("Add an Input")), lambda graph: edits.add(graph, _input(scene)))],
        )  # fmt: skip
        return
    inputs, outputs = scene.marked("input"), scene.marked("output")
    if not inputs:
        yield Problem(
            "no_input", ERROR, (), say(N_("The network has no Input.")),
            say(N_("The Input says how large a sample is; the shapes of all layers follow from it.")), _add_input,
        )  # fmt: skip
    elif len(inputs) > 1:
        yield Problem(
            "several_inputs", ERROR, tuple(node.id for node in inputs),
            say(N_("The network has {n} Inputs: {names}."), n=len(inputs), names=named(inputs)),
            say(N_("A sample enters through one Input, which may feed any number of layers.")),
            lambda _scene: [_only_input(node, inputs) for node in inputs],
        )  # fmt: skip
    if not outputs:
        yield Problem(
            "no_output", ERROR, (), say(N_("The network has no Output.")),
            say(N_("The Output marks the layer whose numbers are the answer, one for each class.")), _add_output,
        )  # fmt: skip
    elif len(outputs) > 1:
        yield Problem(
            "several_outputs", ERROR, tuple(node.id for node in outputs),
            say(N_("The network has {n} Outputs: {names}."), n=len(outputs), names=named(outputs)),
            say(N_("One Output answers; others may help with the training as auxiliary outputs.")),
            lambda _scene: [_only_output(node, outputs) for node in outputs],
        )  # fmt: skip


def _input(scene: Scene) -> Layer:
    data = scene.context.data
    values = {"channels": data.sample.channels, "sizes": data.sample.sizes} if data else {}
    return recipe("input", **values).make()


def _lonely(scene: Scene) -> list[Node]:
    """Layers that need an input and have none, in the order of the graph."""
    graph = scene.graph
    return [node for node in graph.nodes.values() if node.layer.arity[0] > 0 and not graph.inputs_of(node.id)]


def loose_ends(scene: Scene) -> list[Node]:
    """Layers that could feed another one and feed none, the last of the graph first."""
    graph = scene.graph
    return [
        node
        for node in reversed(list(graph.nodes.values()))
        if not graph.outputs_of(node.id) and node.layer.family is not Family.OUTPUT
    ]


def _add_input(scene: Scene) -> Iterator[Fix]:
    for node in _lonely(scene)[:2]:

        def apply(graph: Graph, target: Node = node) -> Graph:
            new_id = graph.fresh_id("input")
            at = (target.x - edits.SPACING, target.y)
            return edits.connect(edits.add(graph, _input(scene), at, node_id=new_id), new_id, target.id)

        yield Fix("add_input", say(N_("Add an Input before {name}"), name=node.name), apply)
    if not _lonely(scene):
        yield Fix("add_input", say(N_("Add an Input")), lambda graph: edits.add(graph, _input(scene)))


def _add_output(scene: Scene) -> Iterator[Fix]:
    ready = [node for node in loose_ends(scene) if scene.facts(node).shape is not None]
    for node in (ready or loose_ends(scene))[:2]:
        yield _adding_output(scene, node)


def _adding_output(scene: Scene, node: Node) -> Fix:
    """An Output, and before it what makes the last shape an answer."""
    shape, data = scene.facts(node).shape, scene.context.data
    classes = len(data.classes) if data else 0
    pooled = shape is not None and bool(shape.sizes)
    dense = shape is not None and classes not in (0, shape.channels)
    template = N_("Add an Output after {name}")
    if pooled and dense:
        template = N_("Add global average pooling, a dense layer of {n} units and an Output after {name}")
    elif pooled:
        template = N_("Add global average pooling and an Output after {name}")
    elif dense:
        template = N_("Add a dense layer of {n} units and an Output after {name}")

    def apply(graph: Graph) -> Graph:
        parts = [recipe("global_average_pool")] * pooled + [recipe("dense", units=classes)] * dense + [recipe("output")]
        source = node.id
        for layer in [part.make() for part in parts]:
            new_id = graph.fresh_id(layer.stem)
            graph = edits.add_after(graph, source, layer, node_id=new_id)
            source = new_id
        return graph

    return Fix("add_output", say(template, name=node.name, n=classes), apply)


def _only_input(kept: Node, inputs: list[Node]) -> Fix:
    gone = {node.id for node in inputs} - {kept.id}

    def apply(graph: Graph) -> Graph:
        feeding = {}
        for target, sources in graph.inputs.items():
            feeding[target] = tuple(dict.fromkeys(kept.id if one in gone else one for one in sources))
        return edits.remove(Graph(graph.nodes, feeding, graph.groups), gone)

    return Fix("one_input", say(N_("Let {name} feed all"), name=kept.name), apply)


def _only_output(kept: Node, outputs: list[Node]) -> Fix:
    others = [node.id for node in outputs if node is not kept]

    def apply(graph: Graph) -> Graph:
        for node_id in others:
            graph = edits.set_layer(graph, node_id, recipe("auxiliary_output").make())
        return graph

    return Fix("one_output", say(N_("Keep {name}, make the others auxiliary"), name=kept.name), apply)


# -- cycles -----------------------------------------------------------------------------------------------------------


@global_rules.declare("cycles")
def cycles(scene: Scene) -> Iterable[Problem]:
    """A layer may not need its own output."""
    if not scene.report.cyclic:
        return
    for members, closing in _circles(scene):
        ring = _ring(scene, members, closing[0])
        names = tuple(scene.graph.nodes[node_id].name for node_id in ring)
        yield Problem(
            "cycle", ERROR, tuple(ring), say(N_("These layers go round in a circle: {path}."), path=Path((*names, names[0]))),
            say(N_("Each layer needs the output of the one before it, so in a circle none could ever begin.")),
            partial(_cutting, edges=tuple(closing)),
        )  # fmt: skip


def _cutting(scene: Scene, edges: tuple[tuple[str, str], ...]) -> list[Fix]:
    nodes = scene.graph.nodes
    path = Path(tuple(nodes[node_id].name for node_id in edges[0]))
    label = say(N_("Cut {path}"), path=path)
    if len(edges) > 1:
        label = say(N_("Cut the {n} connections that close circles"), n=len(edges))
    return [Fix("cut", label, lambda graph: cut(graph, edges))]


def _circles(scene: Scene) -> Iterator[tuple[set[str], list[tuple[str, str]]]]:
    """Each knot of circles, and the connections that close its circles: those that run against the flow."""
    graph, cyclic = scene.graph, scene.report.cyclic
    entered = [node_id for node_id in graph.nodes if node_id in cyclic and _entered(graph, node_id, cyclic)]
    depth: dict[str, int] = {}
    open_nodes: set[str] = set()
    closing: list[tuple[str, str]] = []
    for start in (*entered, *(node_id for node_id in graph.nodes if node_id in cyclic)):
        if start not in depth:
            _walk(graph, start, depth, open_nodes, closing)
    knots: list[tuple[set[str], list[tuple[str, str]]]] = []
    for source, target in closing:
        knot = (graph.upstream(source) & graph.downstream(target)) | {source, target}
        found = next((other for other in knots if not other[0].isdisjoint(knot)), None)
        if found is None:
            knots.append((knot, [(source, target)]))
        else:
            found[1].append((source, target))
    yield from knots


def _entered(graph: Graph, node_id: str, cyclic: frozenset[str]) -> bool:
    return any(source not in cyclic for source in graph.inputs_of(node_id))


def _walk(
    graph: Graph, start: str, depth: dict[str, int], open_nodes: set[str], closing: list[tuple[str, str]]
) -> None:
    """Depth first from a node; a connection to a node on the way there closes a circle."""
    depth[start] = 0
    open_nodes.add(start)
    trail = [(start, iter(graph.outputs_of(start)))]
    while trail:
        node_id, targets = trail[-1]
        target = next(targets, None)
        if target is None:
            open_nodes.discard(node_id)
            trail.pop()
        elif target in open_nodes:
            closing.append((node_id, target))
        elif target not in depth:
            depth[target] = len(trail)
            open_nodes.add(target)
            trail.append((target, iter(graph.outputs_of(target))))


def _ring(scene: Scene, members: set[str], closing: tuple[str, str]) -> list[str]:
    """The shortest circle through a connection, beginning where it leads."""
    source, target = closing
    came_from = {target: target}
    waiting = [target]
    for node_id in waiting:  # grows while it is walked
        for following in scene.graph.outputs_of(node_id):
            if following in members and following not in came_from:
                came_from[following] = node_id
                waiting.append(following)
    ring = [source]
    while ring[-1] != target:
        ring.append(came_from[ring[-1]])
    return ring[::-1]


# -- loose layers -----------------------------------------------------------------------------------------------------


def lacking(scene: Scene, node: Node) -> Problem | None:
    """A layer with fewer inputs than it needs; None where only the layers before it are to blame."""
    graph = scene.graph
    sources = scene.sources(node)
    if len(sources) >= node.layer.arity[0]:
        return None
    if sources:
        return Problem(
            "few_inputs", ERROR, (node.id, sources[0].id),
            say(N_("{name} joins at least {fewest} layers, and only {source} feeds it."), name=node.name,
                fewest=node.layer.arity[0], source=sources[0].name),
            None, lambda scene: [*_connecting(scene, node), removing(node)],
        )  # fmt: skip
    if graph.outputs_of(node.id):
        return Problem(
            "unreached", ERROR, (node.id,),
            say(N_("Nothing feeds {name}, so nothing reaches it or what follows it."), name=node.name),
            say(N_("Every layer must be reached from the Input along the connections.")),
            lambda scene: [*_connecting(scene, node), *_clearing(scene, node)],
        )  # fmt: skip
    return Problem(
        "unconnected", ERROR, (node.id,), say(N_("{name} is not connected: nothing feeds it."), name=node.name), None,
        lambda scene: [*_connecting(scene, node), removing(node)],
    )  # fmt: skip


def _connecting(scene: Scene, node: Node) -> Iterator[Fix]:
    """Connections from layers that feed nothing, the nearest first; else from the nearest layer to the left."""
    graph = scene.graph
    node = graph.nodes[node.id]  # as it stands now
    after = graph.downstream(node.id) | {node.id} | set(graph.inputs_of(node.id))

    def distance(other: Node) -> float:
        return abs(other.x - node.x) + abs(other.y - node.y)

    ends = [other for other in loose_ends(scene) if other.id not in after]
    if not ends:
        ends = [
            other
            for other in graph.nodes.values()
            if other.id not in after and other.layer.family is not Family.OUTPUT and scene.facts(other).shape
        ]
    for other in sorted(ends, key=distance)[:2]:
        yield connecting(other, node)


def _clearing(scene: Scene, node: Node) -> Iterator[Fix]:
    """The part of the network that hangs on a layer alone, taken out."""
    graph = scene.graph
    part = {node.id}
    waiting = [node.id]
    for node_id in waiting:  # grows while it is walked
        for target in graph.outputs_of(node_id):
            if target not in part and part.issuperset(graph.inputs_of(target)):
                part.add(target)
                waiting.append(target)
    members = [graph.nodes[node_id] for node_id in waiting]
    if all(member.layer.kind != "output" for member in members):
        yield removing_all(members, node)


def dead_end(node: Node) -> Problem:
    """A layer that feeds nothing."""
    return Problem(
        "dead_end", WARNING, (node.id,),
        say(N_("{name} feeds no other layer: what it computes is lost."), name=node.name),
        say(N_("What does not lead to the Output has no part in the answer, and its weights do not learn.")),
        lambda scene: _using(scene, node),
    )  # fmt: skip


def _using(scene: Scene, node: Node) -> Iterator[Fix]:
    graph, data = scene.graph, scene.context.data
    shape = scene.shape(node)
    if not shape.sizes and (data is None or shape.channels == len(data.classes)):
        label = say(N_("Add an auxiliary output after {name}"), name=node.name)
        aux = recipe("auxiliary_output")
        yield Fix("add_auxiliary", label, lambda graph: edits.add_after(graph, node.id, aux.make()))
    part = {node.id}
    waiting = [node.id]
    for node_id in waiting:  # grows while it is walked
        for source in graph.inputs_of(node_id):
            if source not in part and part.issuperset(graph.outputs_of(source)):
                part.add(source)
                waiting.append(source)
    members = [graph.nodes[node_id] for node_id in waiting]
    if all(member.layer.kind != "input" for member in members):
        yield removing_all(members, node)


# -- too many inputs --------------------------------------------------------------------------------------------------


@misfits.declare("too_many_inputs")
def too_many_inputs(scene: Scene, node: Node, _facts: Facts) -> Problem:
    """Several connections into a layer that takes one."""
    sources = scene.sources(node)
    nodes = (node.id, *(source.id for source in sources))
    if node.layer.arity[1] == 0:
        return Problem(
            "too_many_inputs", ERROR, nodes,
            say(N_("Nothing can feed the Input {name}, but {sources} does."), name=node.name, sources=named(sources)),
            None, lambda _scene: [Fix("disconnect", say(N_("Cut the connection")), lambda graph: keep_inputs(graph, node.id, ()))],
        )  # fmt: skip
    return Problem(
        "too_many_inputs", ERROR, nodes,
        say(N_("{name} takes one input, and gets {n}: {sources}."), name=node.name, n=len(sources),
            sources=named(sources)),
        say(N_("Several outputs must be joined first, by adding or concatenating them.")),
        lambda scene: _fewer_inputs(scene, node, sources),
    )  # fmt: skip


def _fewer_inputs(scene: Scene, node: Node, sources: list[Node]) -> Iterator[Fix]:
    shapes = [scene.facts(source).shape for source in sources]
    if None not in shapes and len({source.id for source in sources}) == len(sources):
        yield _joining(node, "add", N_("Insert Add"))
        yield _joining(node, "concatenate", N_("Insert Concatenate"))
    for source in sources:
        yield _keeping(node, source)


def _joining(node: Node, kind: str, label: str) -> Fix:
    return Fix(f"insert_{kind}", say(label), lambda graph: join(graph, node.id, recipe(kind).make()))


def _keeping(node: Node, source: Node) -> Fix:
    label = say(N_("Keep only {name}"), name=source.name)
    return Fix("keep_one", label, lambda graph: keep_inputs(graph, node.id, (source.id,)))
