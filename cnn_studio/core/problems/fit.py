"""Layers that cannot take what they are given, one of them at a time: what the shape engine refuses."""

from __future__ import annotations

from collections.abc import Iterator

from cnn_studio.core.analysis import Facts
from cnn_studio.core.calls import compact
from cnn_studio.core.graph import Node
from cnn_studio.core.layers.convolution import TransposedConvolution
from cnn_studio.core.layers.pooling import PoolingLayer
from cnn_studio.core.layers.sliding import SlidingLayer
from cnn_studio.core.problems.base import ERROR, Fix, Problem, Scene, misfits, numbers
from cnn_studio.core.problems.mending import removing, setting
from cnn_studio.core.problems.speech import Factors
from cnn_studio.core.shapes import MAX_VALUES, Shape
from cnn_studio.core.words import say
from cnn_studio.i18n import N_


def misfit(scene: Scene, node: Node, facts: Facts) -> Problem:
    """What is said of a layer whose shape cannot be."""
    assert facts.error is not None
    rule = misfits.get(facts.error.code)
    problem = rule(scene, node, facts) if rule else None
    if problem is not None:
        return problem
    return Problem(
        facts.error.code, ERROR, (node.id,), say(N_("{name}: {reason}."), name=node.name, reason=facts.error.words),
        None, lambda _scene: [removing(node)],
    )  # fmt: skip


@misfits.declare("unknown_kind")
def unknown_kind(_scene: Scene, node: Node, facts: Facts) -> Problem:
    """A layer from a later version of the program."""
    return Problem(
        "unknown_kind", ERROR, (node.id,),
        say(N_("{name} is of the kind “{kind}”, which this version of CNN Studio does not know."), name=node.name,
            kind=numbers(facts)["kind"]),
        say(N_("It is kept as it came, and can be replaced or removed.")), lambda _scene: [removing(node)],
    )  # fmt: skip


# -- sizes ------------------------------------------------------------------------------------------------------------


@misfits.declare("kernel_too_large")
def kernel_too_large(scene: Scene, node: Node, facts: Facts) -> Problem:
    """A window that covers more than there is."""
    given = numbers(facts)
    source = scene.source(node)
    pool = isinstance(node.layer, PoolingLayer)
    detail = say(
        N_("A window must fit into the map at least once; pooling, strides and missing padding make maps small.")
    )
    if given["dilation"] > 1:
        detail = say(N_("Its dilation spreads the kernel: {dilation}·({kernel} - 1) + 1 = {reach}."), **given)
    return Problem(
        "kernel_too_large", ERROR, (node.id, source.id),
        say(
            N_("The window of {name} covers {reach} pixels; {source} gives maps of {shape}, with padding only {size} + {before} + {after} = {padded}.")
            if pool else
            N_("The kernel of {name} covers {reach} pixels; {source} gives maps of {shape}, with padding only {size} + {before} + {after} = {padded}."),
            name=node.name, source=source.name, **given,
        ),
        detail, lambda _scene: _smaller_window(node, facts.inputs[0]),
    )  # fmt: skip


def _smaller_window(node: Node, shape: Shape) -> Iterator[Fix]:
    layer = node.layer
    rank = shape.rank
    if isinstance(layer, PoolingLayer):
        size = compact(tuple(min(k, n + 2 * p) for n, (k, _s, p) in zip(shape.sizes, layer.axes(rank), strict=True)))
        yield setting("smaller_kernel", say(N_("Size {size}"), size=size), (node.id,), size=size)
        yield setting("keep_rest", say(N_("Keep the rest")), (node.id,), ceil=True)
    elif isinstance(layer, SlidingLayer):
        kernel, _stride, dilation = layer.geometry(rank)
        pads = layer.pads(shape)
        fitting = []
        for n, k, d, (before, after) in zip(shape.sizes, kernel, dilation, pads, strict=True):
            largest = min(k, (n + before + after - 1) // d + 1)
            fitting.append(largest - 1 if k % 2 and largest % 2 == 0 else largest)
        smaller = compact(tuple(fitting))
        yield setting("padding_same", say(N_("Padding “same”")), (node.id,), padding="same")
        if dilation != (1,) * rank:
            yield setting("no_dilation", say(N_("No dilation")), (node.id,), dilation=1)
        yield setting("smaller_kernel", say(N_("Kernel {kernel}"), kernel=smaller), (node.id,), kernel=smaller)
    yield removing(node)


@misfits.declare("window_beyond_map")
def window_beyond_map(scene: Scene, node: Node, facts: Facts) -> Problem:
    """A mean in three dimensions that would count on the padding."""
    source = scene.source(node)

    def propose(_scene: Scene) -> Iterator[Fix]:
        assert isinstance(node.layer, PoolingLayer)
        shape = facts.inputs[0]
        sizes = tuple(min(k, n) for n, (k, _s, _p) in zip(shape.sizes, node.layer.axes(shape.rank), strict=True))
        paddings = tuple(min(p, k // 2) for k, (_k, _s, p) in zip(sizes, node.layer.axes(shape.rank), strict=True))
        label = say(N_("Size {size}"), size=compact(sizes))
        yield setting("smaller_kernel", label, (node.id,), size=compact(sizes), padding=compact(paddings))
        yield removing(node)

    return Problem(
        "window_beyond_map", ERROR, (node.id, source.id),
        say(N_("The window of {name} covers {reach} pixels; {source} gives maps of {shape}, only {size} < {reach} along an axis."),
            name=node.name, source=source.name, **numbers(facts)),
        say(N_("In three dimensions PyTorch takes no mean over more than the map, padded or not.")), propose,
    )  # fmt: skip


@misfits.declare("pool_padding")
def pool_padding(_scene: Scene, node: Node, facts: Facts) -> Problem:
    """Padding that would make whole patches of zeros."""
    given = numbers(facts)

    def propose(_scene: Scene) -> Iterator[Fix]:
        assert isinstance(node.layer, PoolingLayer)
        axes = node.layer.axes(facts.inputs[0].rank)
        padding = compact(tuple(min(p, k // 2) for k, _s, p in axes))
        size = compact(tuple(max(k, 2 * p) for k, _s, p in axes))
        yield setting("less_padding", say(N_("Padding {padding}"), padding=padding), (node.id,), padding=padding)
        yield setting("larger_kernel", say(N_("Size {size}"), size=size), (node.id,), size=size)

    return Problem(
        "pool_padding", ERROR, (node.id,),
        say(N_("The padding {padding} of {name} is more than half its size {window}: 2·{padding} = {double} > {window}."),
            name=node.name, double=2 * given["padding"], **given),
        say(N_("Some patches would hold nothing but padding.")), propose,
    )  # fmt: skip


@misfits.declare("shrinks_to_nothing")
def shrinks_to_nothing(scene: Scene, node: Node, facts: Facts) -> Problem:
    """A transposed convolution whose padding leaves no pixel."""

    def propose(_scene: Scene) -> Iterator[Fix]:
        layer = node.layer
        assert isinstance(layer, TransposedConvolution)
        shape = facts.inputs[0]
        padding = compact(
            tuple(
                min(p, ((n - 1) * s + d * (k - 1) + e) // 2)
                for n, (k, s, p, e, d) in zip(shape.sizes, layer.axes(shape.rank), strict=True)
            )
        )
        yield setting("less_padding", say(N_("Padding {padding}"), padding=padding), (node.id,), padding=padding)
        yield removing(node)

    source = scene.source(node)
    return Problem(
        "shrinks_to_nothing", ERROR, (node.id, source.id),
        say(N_("{name} makes nothing of the {shape} of {source}: ({size} - 1)·{stride} - 2·{padding} + {reach} + {extra} = {result}."),
            name=node.name, source=source.name, **numbers(facts)),
        say(N_("The padding of a transposed convolution cuts pixels away from each side.")), propose,
    )  # fmt: skip


@misfits.declare("extra_size")
def extra_size(_scene: Scene, node: Node, facts: Facts) -> Problem:
    """More extra pixels than a step can leave open."""

    def propose(_scene: Scene) -> Iterator[Fix]:
        assert isinstance(node.layer, TransposedConvolution)
        axes = node.layer.axes(facts.inputs[0].rank)
        extra = compact(tuple(min(e, max(s, d) - 1) for _k, s, _p, e, d in axes))
        yield setting("less_extra", say(N_("Extra size {extra}"), extra=extra), (node.id,), extra=extra)

    return Problem(
        "extra_size", ERROR, (node.id,),
        say(N_("The extra size {extra} of {name} must be smaller than its stride {stride} or its dilation {dilation}."),
            name=node.name, **numbers(facts)),
        say(N_("It chooses between the sizes that a stride would round to the same one, and there are no more of them.")),
        propose,
    )  # fmt: skip


@misfits.declare("crop")
def crop(scene: Scene, node: Node, facts: Facts) -> Problem:
    """More cut away than there is."""

    def propose(_scene: Scene) -> Iterator[Fix]:
        sizes = facts.inputs[0].sizes
        margin = compact(tuple((n - 1) // 2 for n in sizes))
        if any(n > 2 for n in sizes):
            label = say(N_("Cut only {margin} from each side"), margin=margin)
            yield setting("crop_less", label, (node.id,), before=margin, after=margin)
        yield removing(node)

    given = numbers(facts)
    source = scene.source(node)
    return Problem(
        "crop", ERROR, (node.id, source.id),
        say(N_("{name} cuts {before} + {after} pixels from maps of {shape} of {source}: {size} - {before} - {after} = {left}."),
            name=node.name, source=source.name, left=given["size"] - given["before"] - given["after"], **given),
        None, propose,
    )  # fmt: skip


@misfits.declare("padding_mode")
def padding_mode(scene: Scene, node: Node, facts: Facts) -> Problem:
    """A map too small to be continued by itself."""
    source = scene.source(node)
    return Problem(
        "padding_mode", ERROR, (node.id, source.id),
        say(N_("{name} cannot continue maps of {shape} of {source} by {pad} pixels in the mode “{mode}”: they have only {size}."),
            name=node.name, source=source.name, **numbers(facts)),
        say(N_("Every padding mode but zeros repeats pixels of the map itself, and needs enough of them.")),
        lambda _scene: [setting("zeros", say(N_("Pad with zeros")), (node.id,), padding_mode="zeros")],
    )  # fmt: skip


@misfits.declare("too_many_parameters")
def too_many_parameters(scene: Scene, node: Node, facts: Facts) -> Problem:
    """More weights than any machine holds."""
    sources = scene.sources(node)

    def propose(_scene: Scene) -> Iterator[Fix]:
        for field, label in (("units", N_("{n} units")), ("filters", N_("{n} filters"))):
            if field in type(node.layer).model_fields:
                yield setting(f"fewer_{field}", say(label, n=32), (node.id,), **{field: 32})
        yield removing(node)

    return Problem(
        "too_many_parameters", ERROR, (node.id, sources[0].id),
        say(N_("{name} would learn {parameters} weights from the {shape} of {source}, more than any machine can hold."),
            name=node.name, source=sources[0].name, shape=facts.inputs[0], **numbers(facts)),
        say(N_("A layer may have at most {most}."), most=MAX_VALUES), propose,
    )  # fmt: skip


@misfits.declare("too_large")
def too_large(_scene: Scene, node: Node, facts: Facts) -> Problem:
    """More values than any machine holds."""

    def propose(scene: Scene) -> Iterator[Fix]:
        if isinstance(filters := getattr(node.layer, "filters", None), int) and filters > 32:
            yield setting("fewer_filters", say(N_("{n} filters"), n=32), (node.id,), filters=32)
        for other, entry in scene.entries():
            sizes = tuple(min(n, 224) for n in entry.sizes)
            label = say(N_("Make {name} {sizes}"), name=other.name, sizes=sizes)
            yield setting("smaller_input", label, (other.id,), sizes=sizes)
        yield removing(node)

    return Problem(
        "too_large", ERROR, (node.id,),
        say(N_("{name} would give {shape}: {factors} = {values} values, more than any machine can hold."), name=node.name,
            factors=Factors(numbers(facts)["shape"]), **numbers(facts)),
        say(N_("At most {most} values are computed for one sample."), most=MAX_VALUES), propose,
    )  # fmt: skip
