"""Pixels that no window ever reads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from cnn_studio.core.analysis import Facts
from cnn_studio.core.graph import Node
from cnn_studio.core.layers.pooling import PoolingLayer
from cnn_studio.core.layers.sliding import SlidingLayer
from cnn_studio.core.problems.base import AT_ONE_PLACE, WARNING, Fix, Problem, Scene, habit
from cnn_studio.core.problems.mending import setting
from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import say
from cnn_studio.i18n import N_

WORTH_SAYING = 0.02
"""Share of an axis; less than this is a pixel at the border of a large map."""


def pixels_read(size: int, kernel: int, stride: int, *, before: int, out: int, dilation: int = 1) -> int:
    """How many pixels of an axis are read by at least one of ``out`` windows; ``before`` zeros stand first."""
    if dilation == 1 and stride <= kernel:
        return min(size, (out - 1) * stride + kernel - before)
    starts: dict[int, list[int]] = {}
    for tap in range(kernel):
        step, rest = divmod(dilation * tap - before, stride)
        starts.setdefault(rest, []).append(step)
    read = 0
    for rest, steps in starts.items():  # pixel = stride · index + rest, index from each step on, `out` of them
        reached = 0
        last = (size - 1 - rest) // stride
        for step in sorted(steps):
            first = max(step, reached)
            end = min(step + out - 1, last)
            read += max(0, end - first + 1)
            reached = max(reached, end + 1)
    return read


Axis = tuple[int, int, int, int, int, int]
"""Size, kernel, stride, zeros before, output size, dilation."""


def _axes(layer: SlidingLayer | PoolingLayer, shape: Shape, out: tuple[int, ...]) -> list[Axis]:
    rank = shape.rank
    if isinstance(layer, PoolingLayer):
        return [(n, k, s, p, m, 1) for n, m, (k, s, p) in zip(shape.sizes, out, layer.axes(rank), strict=True)]
    kernel, stride, dilation = layer.geometry(rank)
    pads = layer.pads(shape)
    return [
        (n, k, s, before, m, d)
        for n, m, k, s, d, (before, _after) in zip(shape.sizes, out, kernel, stride, dilation, pads, strict=True)
    ]


@habit("dropped_pixels", SlidingLayer, PoolingLayer)
def dropped_pixels(scene: Scene, node: Node, facts: Facts) -> Problem | None:
    """A stride that jumps over pixels, or ends before the border."""
    layer = node.layer
    assert isinstance(layer, (SlidingLayer, PoolingLayer))
    if layer.stride == 1 or facts.shape is None:
        return None
    (shape,) = facts.inputs
    axes = _axes(layer, shape, facts.shape.sizes)
    read = tuple([pixels_read(n, k, s, before=before, out=out, dilation=d) for n, k, s, before, out, d in axes])
    if read == shape.sizes or all(n - seen < WORTH_SAYING * n for n, seen in zip(shape.sizes, read, strict=True)):
        return None
    source = scene.source(node)
    if _read_elsewhere(scene, source):
        return None
    (n, k, s, before, out, d), seen = next(pair for pair in zip(axes, read, strict=True) if pair[0][0] != pair[1])
    reach = d * (k - 1) + 1
    end = (out - 1) * s + reach - before
    values = {"name": node.name, "source": source.name, "read": read, "sizes": shape.sizes, "n": n, "k": reach, "s": s,
              "steps": out, "end": end}  # fmt: skip
    if s > reach:
        words = say(N_("{name} reads only {read} of the {sizes} pixels of {source}: its stride {s} jumps over {gap} after each {k}."),
                    gap=s - reach, **values)  # fmt: skip
    elif seen < min(n, end):
        words = say(N_("{name} reads only {read} of the {sizes} pixels of {source}: stride {s} and dilation {d} meet the same pixels again."),
                    d=d, **values)  # fmt: skip
    elif before == 0:
        words = say(N_("{name} reads only {read} of the {sizes} pixels of {source}: its last step ends at ({steps} - 1)·{s} + {k} = {end} of {n}."),
                    **values)  # fmt: skip
    else:
        words = say(N_("{name} reads only {read} of the {sizes} pixels of {source}: its last step ends at ({steps} - 1)·{s} + {k} - {before} = {end} of {n}."),
                    before=before, **values)  # fmt: skip
    return Problem(
        "dropped_pixels", WARNING, (node.id, source.id), words,
        say(N_("Whatever lies on the other pixels cannot change the answer.")), lambda _scene: _reading_all(node),
    )  # fmt: skip


def _read_elsewhere(scene: Scene, source: Node) -> bool:
    """Whether another branch may read the pixels, as in a residual block whose shortcut has a stride."""
    outputs = scene.graph.outputs
    for one in chain((source,), scene.back(source)):
        source = one
        if len(outputs[one.id]) > 1 or one.layer.kind not in AT_ONE_PLACE:
            break
    return len(outputs[source.id]) > 1


def _reading_all(node: Node) -> Iterator[Fix]:
    layer = node.layer
    if isinstance(layer, PoolingLayer):
        yield setting("keep_rest", say(N_("Keep the rest")), (node.id,), ceil=True)
        yield setting("stride_as_size", say(N_("Stride {stride}"), stride=layer.size), (node.id,), stride=layer.size)
    elif isinstance(layer, SlidingLayer):
        yield setting("padding_same", say(N_("Padding “same”")), (node.id,), padding="same")
        yield setting(
            "stride_as_size", say(N_("Stride {stride}"), stride=layer.kernel), (node.id,), stride=layer.kernel
        )
        yield setting("larger_kernel", say(N_("Kernel {kernel}"), kernel=layer.stride), (node.id,), kernel=layer.stride)
        yield setting("stride_one", say(N_("Stride {stride}"), stride=1), (node.id,), stride=1)
