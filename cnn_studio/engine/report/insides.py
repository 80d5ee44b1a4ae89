"""Pictures of what goes on inside a network: its first kernels, and the maps of one sample."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from cnn_studio.colormaps import range_of
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers.base import Family
from cnn_studio.engine.datasets.base import Array
from cnn_studio.engine.datasets.sheet import tile
from cnn_studio.engine.insight.kernels import Kernels
from cnn_studio.engine.report.gather import Story
from cnn_studio.engine.report.images import Tile, colour_tile, map_strip, map_tile
from cnn_studio.engine.report.words import number_words
from cnn_studio.i18n import _, integer

MOST_KERNELS = 96
MOST_MAPS, FEWER_MAPS, MANY_LAYERS = 32, 12, 12
"""Maps shown of a layer, and how many where there are more layers than that."""
KERNEL_SIDE, MAP_SIDE, ROW_WIDTH = 44.0, 64.0, 1008.0
LONGEST_ROW = 504
"""Values of a sound's map that are shown next to one another."""


@dataclass(frozen=True)
class Wall:
    """Tiles that share one scale.

    Attributes:
        heading: name of the layer.
        about: what it is, in a few words.
        low, high: what the ends of the colour map stand for, written; empty where the tiles are in colour.
        rest: how many tiles are not shown.
    """

    heading: str
    about: str
    low: str
    high: str
    tiles: tuple[Tile, ...]
    rest: int = 0


def first_kernels(story: Story) -> Wall | None:
    """The kernels of the first layer that has any; for a dense one its weights in the form of the sample."""
    graph = story.project.graph
    for node_id in story.report.in_order():
        node = graph.nodes[node_id]
        if node.layer.family not in (Family.FEATURES, Family.DENSE) or node_id not in story.predictor.network.names:
            continue
        found = Kernels(node_id)(story.predictor)
        weight = next((array for array in found.tensors.values() if array.ndim > 1), None)
        if weight is None:
            return None
        entry = graph.of_kind("input")[0].layer.output_shape()
        if node.layer.family is Family.DENSE:
            if weight.shape[1] != entry.channels * int(np.prod(entry.sizes)):
                return None
            weight = weight.reshape(len(weight), entry.channels, *entry.sizes)
        about = f"{_(node.layer.label)} {node.layer.describe(entry.rank)}"
        return _colour_wall(node.name, about, weight) if found.colour else _sign_wall(node.name, about, weight)
    return None


def _colour_wall(heading: str, about: str, weight: Array) -> Wall:
    """Kernels (filters, 3, height, width) as small coloured pictures, grey where a weight is zero."""
    _low, most = range_of(weight, "signs")
    pixels = np.rint(np.clip(0.5 + weight / (2 * most or 1), 0, 1) * 255).astype(np.uint8).transpose(0, 2, 3, 1)
    tiles = tuple(colour_tile(one, KERNEL_SIDE, integer(number)) for number, one in enumerate(pixels[:MOST_KERNELS]))
    return Wall(heading, about, "", "", tiles, max(0, len(pixels) - MOST_KERNELS))


def _sign_wall(heading: str, about: str, weight: Array) -> Wall:
    """Kernels (filters, channels, \\*sizes), one tile for each channel of each filter, zero in the middle of the map."""
    ends = range_of(weight, "signs")
    flat = weight.reshape(-1, *weight.shape[2:])
    tiles = tuple(
        _kernel(one, ends, f"{integer(number)}: {_extent(one)}") for number, one in enumerate(flat[:MOST_KERNELS])
    )
    return Wall(heading, about, number_words(ends[0]), number_words(ends[1]), tiles, max(0, len(flat) - MOST_KERNELS))


def _kernel(values: Array, ends: tuple[float, float], title: str) -> Tile:
    """One kernel of any rank."""
    rows = laid_out(values)
    if values.ndim < 2:
        return map_strip(rows, "signs", ends, (min(240.0, max(KERNEL_SIDE, 3.0 * rows.size)), 16.0), title)
    side = KERNEL_SIDE if max(values.shape) <= 16 else 1.5 * KERNEL_SIDE
    return map_tile(rows, "signs", ends, side * max(rows.shape) / max(values.shape), title)


def laid_out(values: Array) -> Array:
    """A map of any rank as rows and columns: sound as one row, a film as its pictures side by side."""
    if values.ndim == 2:
        return values
    if values.ndim < 2:
        return values.reshape(1, -1)
    return np.concatenate(list(values), axis=1)


def feature_maps(story: Story) -> list[Wall]:
    """What every feature layer makes of the example; the dense ones where there are no others."""
    if story.example is None:
        return []
    graph, maps = story.project.graph, story.example.maps
    shown = _layers(graph, story.report.in_order(), maps, Family.FEATURES)
    shown = shown or _layers(graph, story.report.in_order(), maps, Family.DENSE)
    most = MOST_MAPS if len(shown) <= MANY_LAYERS else FEWER_MAPS
    walls = []
    for node_id in shown:
        node, values = graph.nodes[node_id], maps[node_id]
        facts = story.report.of(node_id)
        about = " · ".join(
            part for part in (_(node.layer.label), node.layer.describe(facts.inputs[0].rank), str(facts.shape)) if part
        )
        low, high = range_of(values)
        tiles, rest = _map_tiles(values, (low, high), most)
        walls.append(Wall(node.name, about, number_words(low), number_words(high), tiles, rest))
    return walls


def _layers(graph: Graph, order: Iterable[str], maps: Mapping[str, Array], family: Family) -> list[str]:
    return [node_id for node_id in order if node_id in maps and graph.nodes[node_id].layer.family is family]


def _map_tiles(values: Array, ends: tuple[float, float], most: int) -> tuple[tuple[Tile, ...], int]:
    if values.ndim <= 2:  # a vector, or sound: one strip with a row for each channel
        rows = values.reshape(1, -1) if values.ndim == 1 else values[: 2 * most]
        if rows.shape[1] > LONGEST_ROW:
            rows = np.stack([part.max(axis=1) for part in np.array_split(rows, LONGEST_ROW, axis=1)], axis=1)
        height = len(rows) * max(3.0, min(14.0, 160.0 / len(rows)))
        size = (min(ROW_WIDTH, rows.shape[1] * 14.0), height)
        tiles = (map_strip(rows, "viridis", ends, size, _extent(values)),)
        return tiles, len(values) - len(rows) if values.ndim == 2 else 0
    if values.ndim == 4:  # a film: its middle picture
        values = values[:, values.shape[1] // 2]
    maps = tuple(
        map_tile(one, "viridis", ends, MAP_SIDE, f"{integer(number)}: {_extent(one)}")
        for number, one in enumerate(values[:most])
    )
    return maps, max(0, len(values) - most)


def _extent(values: Array) -> str:
    low, high = range_of(values)
    return f"{number_words(low)} … {number_words(high)}"


def sample_tile(sample: Array, medium: str, side: float, title: str = "") -> Tile:
    """A stored sample as a person would look at it: its own pixels, a sound's wave, a film's middle picture."""
    longest = max(sample.shape[-2:]) if sample.ndim > 2 else 0
    own = longest if medium == "picture" and 0 < longest <= side else int(side)
    return colour_tile(tile(sample, medium, own), side, title)
