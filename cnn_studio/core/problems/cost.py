"""Networks out of proportion: parameters, memory, and how much of the picture is seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from cnn_studio.core.analysis import BYTES, Report
from cnn_studio.core.graph import Graph, Node
from cnn_studio.core.layers.sliding import SlidingLayer
from cnn_studio.core.problems.base import AT_ONE_PLACE, KEEPS_CHANNELS, WARNING, Fix, Problem, Scene, global_rules
from cnn_studio.core.problems.mending import exchange, insert, inserting, named, recipe, setting
from cnn_studio.core.problems.speech import Bytes
from cnn_studio.core.words import say
from cnn_studio.i18n import N_

POOLS = ("max_pool", "average_pool", "adaptive_average_pool")
MATTERS = 100_000
"""Parameters below which no share is worth a word."""

# -- parameters -------------------------------------------------------------------------------------------------------


@global_rules.declare("dense_share")
def dense_share(scene: Scene) -> Iterable[Problem]:
    """One dense layer behind convolutions that holds more than 90 % of the parameters."""
    total = scene.report.totals.parameters
    if total < MATTERS:
        return
    facts = scene.report.facts
    largest = max((node_id for node_id, kind in scene.marks.items() if kind == "dense"),
                  key=lambda node_id: (facts[node_id].parameters, node_id), default=None)  # fmt: skip
    if largest is None or facts[largest].parameters <= 0.9 * total:
        return
    node = scene.graph.nodes[largest]
    flatten = _flatten_before(scene, node)
    if flatten is None:
        return
    own = facts[largest].parameters
    yield Problem(
        "dense_share", WARNING, (node.id, flatten.id),
        say(N_("{name} holds {own} of the {total} parameters, {percent} %: {inputs} inputs for each of {units} units."),
            name=node.name, own=own, total=total, percent=int(100 * own / total),
            inputs=facts[largest].inputs[0].channels, units=scene.shape(node).channels),
        say(N_("It needs much memory and many examples; one mean for each map, or one more pooling, leaves far fewer inputs.")),
        lambda scene: _fewer_inputs(scene, flatten),
    )  # fmt: skip


def _flatten_before(scene: Scene, node: Node) -> Node | None:
    """The Flatten that lays out, for a dense layer, maps in which something was looked for already."""
    flatten = scene.before(node, KEEPS_CHANNELS - {"global_average_pool", "global_max_pool"})
    if flatten is None or flatten.layer.kind != "flatten" or not scene.facts(flatten).inputs[0].rank:
        return None
    reach = scene.facts(flatten).reach
    return flatten if reach and (reach.whole or max(reach.receptive_field) > 1) else None


def _fewer_inputs(scene: Scene, flatten: Node) -> Iterator[Fix]:
    label = say(N_("Global average pooling instead of {name}"), name=flatten.name)
    yield Fix("global_pool", label, lambda graph: exchange(graph, flatten.id, recipe("global_average_pool").make()))
    source = scene.source(flatten)
    label = say(N_("Max-pooling before {name}"), name=flatten.name)
    yield inserting("insert_pool", source.id, flatten.id, recipe("max_pool"), label=label)


# -- receptive field --------------------------------------------------------------------------------------------------


@global_rules.declare("receptive_field")
def receptive_field(scene: Scene) -> Iterable[Problem]:
    """Features that see less than half of the picture when the classifier takes them over.

    Sound is left out: its features are short on purpose, and averaged over time.
    """
    lasts = {last.id: last for output in scene.marked("output") if (last := _before_classifier(scene, output))}
    for last in lasts.values():
        reach = scene.facts(last).reach
        if reach is None or reach.whole or len(reach.picture) < 2:
            continue
        seen = reach.receptive_field
        if max(seen) == 1 or all(2 * field >= size for field, size in zip(seen, reach.picture, strict=True)):
            continue
        axis = next(axis for axis, size in enumerate(reach.picture) if 2 * seen[axis] < size)
        looking = next((one for one in chain((last,), scene.back(last)) if one.layer.kind not in AT_ONE_PLACE), last)
        yield Problem(
            "receptive_field", WARNING, (looking.id,),
            say(N_("A unit of {name} sees {seen} of {picture} pixels, less than half: 2·{field} = {double} < {size}."),
                name=looking.name, seen=seen, picture=reach.picture, field=seen[axis], double=2 * seen[axis],
                size=reach.picture[axis]),
            say(N_("The convolutions cannot know the whole shape of a thing that is larger than what they see.")),
            partial(_seeing_more, last=last),
        )  # fmt: skip


def _before_classifier(scene: Scene, output: Node) -> Node | None:
    """The last layer that gives maps on the way to an Output."""
    facts, graph = scene.report.facts, scene.graph
    node_id = output.id
    while True:
        sources = graph.inputs.get(node_id, ())
        shape = facts[node_id].shape
        if len(sources) != 1 or shape is None or shape.sizes:
            return None
        node_id = sources[0]
        before = facts[node_id].shape
        if before is not None and before.sizes:
            return graph.nodes[node_id]


def _seeing_more(scene: Scene, last: Node) -> Iterator[Fix]:
    """Pools (each doubles what all later layers see), larger kernels, or both."""
    trunk = [last, *scene.back(last)][::-1]
    stages = [node for node in trunk if isinstance(node.layer, SlidingLayer)]
    places: list[tuple[Node, Node]] = []
    for stage in stages[:-1]:
        place = trunk.index(stage)
        while trunk[place + 1].layer.kind in AT_ONE_PLACE:
            place += 1
        if trunk[place + 1].layer.kind not in POOLS:
            places.append((trunk[place], trunk[place + 1]))
    for some in (*((one,) for one in places), places):
        if some:
            label = say(N_("Max-pooling after {names}"), names=named([source for source, _target in some]))
            yield Fix("insert_pool", label, partial(_pooled, places=some))
    for size in (5, 7, 9, 11):
        small = [node.id for node in stages if _smaller(node.layer, size)]
        label = say(N_("Kernels of {size} in all convolutions"), size=size)
        larger = setting("larger_kernel", label, small, kernel=size, padding="same")
        if places and size == 5:
            both = say(N_("Kernels of {size}, and max-pooling after {names}"), size=size,
                       names=named([source for source, _target in places]))  # fmt: skip
            yield Fix("kernel_and_pool", both, partial(_enlarged, larger=larger, places=places))
        yield larger


def _enlarged(graph: Graph, larger: Fix, places: Iterable[tuple[Node, Node]]) -> Graph:
    return _pooled(larger.apply(graph), places)


def _pooled(graph: Graph, places: Iterable[tuple[Node, Node]]) -> Graph:
    for source, target in places:
        graph = insert(graph, source.id, target.id, recipe("max_pool"))
    return graph


def _smaller(layer: object, size: int) -> bool:
    return isinstance(layer, SlidingLayer) and type(layer.kernel) is int and 1 < layer.kernel < size


# -- memory -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Largest:
    """The layer with the largest output, looked for when the sentence is read: "conv1 (224×224×64)"."""

    values: int
    report: Report = field(compare=False, repr=False)

    def __str__(self) -> str:
        shapes = {node_id: facts.shape for node_id, facts in self.report.facts.items() if facts.shape}
        largest = max(shapes, key=lambda node_id: (shapes[node_id].values, node_id))
        return f"{self.report.graph.nodes[largest].name} ({shapes[largest]})"


@global_rules.declare("memory")
def memory(scene: Scene) -> Iterable[Problem]:
    """Training that needs more memory than the machine has."""
    available, batch, totals = scene.context.memory, scene.context.batch, scene.report.totals
    if available is None or (needed := totals.memory_of_run(batch)) <= available:
        return
    weights = totals.memory_of_run(0)
    fitting = (available - weights) // totals.memory_training if totals.memory_training else 0
    detail = say(
        N_("A batch of {fitting} would fit; most of the memory of a sample goes to {largest}."),
        fitting=fitting,
        largest=Largest(totals.values, scene.report),
    )
    if fitting < 1:
        detail = say(N_("Not even one sample would fit: {sample} beside {weights}."), sample=Bytes(totals.memory_training),
                     weights=Bytes(weights))  # fmt: skip
    yield Problem(
        "memory", WARNING, (),
        say(N_("Training takes about {needed}, and this machine has {available}: {batch} · {sample} for a batch of {batch}, {weights} for the weights."),
            needed=Bytes(needed), available=Bytes(available), batch=batch, sample=Bytes(totals.memory_training),
            weights=Bytes(weights)),
        detail, _lighter,
    )  # fmt: skip


def _lighter(scene: Scene) -> Iterator[Fix]:
    facts = scene.report.facts
    first = next(
        (one for one in scene.graph.nodes.values() if isinstance(one.layer, SlidingLayer) and facts[one.id].shape), None
    )
    if first is not None and getattr(first.layer, "stride", 1) == 1:
        for stride in (2, 4):
            label = say(N_("Stride {stride} in {name}"), stride=stride, name=first.name)
            yield setting("stride", label, (first.id,), stride=stride)
    dense = max((node for node in scene.marked("dense")), key=lambda node: facts[node.id].parameters, default=None)
    if dense is not None and 2 * BYTES * facts[dense.id].parameters > facts[dense.id].memory_training:
        flatten = _flatten_before(scene, dense)
        if flatten is not None:
            yield from _fewer_inputs(scene, flatten)
