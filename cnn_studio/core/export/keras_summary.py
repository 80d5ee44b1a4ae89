"""The table that Keras' ``model.summary()`` prints, character by character, without Keras."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cnn_studio.core.export import Exporter, exporters
from cnn_studio.core.export.keras_model import KerasLayer, KerasModel, keras_model
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers.channels_last import last_sizes
from cnn_studio.i18n import N_

BYTES = 4
"""Bytes of one weight in single precision."""
UNITS = ("B", "KB", "MB", "GB", "TB", "PB")

SIMPLE = (88, (0.45, 0.80, 1.0), ("Layer (type)", "Output Shape", "Param #"))
"""Width, ends of the columns as shares of it, and headings of the table of a plain chain."""
BRANCHED = (108, (0.30, 0.56, 0.74, 1.0), ("Layer (type)", "Output Shape", "Param #", "Connected to"))
"""The same for a network with branches."""
NUMBERS = 2
"""The column that is set to the right."""


def export_keras_summary(graph: Graph, *, columns: int = 120) -> str:
    """The summary as Keras 3 prints it on a terminal of so many columns. Raises ExportError when the network cannot run.

    Like Keras', and unlike the rest of the program, it is English in every language.
    """
    model = keras_model(graph)
    depths = _depths(model)
    layers = _in_order_of_keras(model, depths)
    simple = model.is_sequential or (
        len(set(depths.values())) == len(layers) and all(len(layer.inputs) <= 1 for layer in layers)
    )
    width, shares, headings = SIMPLE if simple else BRANCHED
    if model.is_sequential:
        layers = layers[1:]
    rows = [_cells(layer)[: len(headings)] for layer in layers]
    total = sum(layer.parameters for layer in layers)
    trainable = sum(layer.trainable for layer in layers)
    return "\n".join(
        [
            f'Model: "{"sequential" if model.is_sequential else "functional"}"',
            *_table(headings, rows, _column_widths(min(width, columns - 4), shares)),
            *(
                f" {name} params: {count:,} ({_size(count * BYTES)})"
                for name, count in (("Total", total), ("Trainable", trainable), ("Non-trainable", total - trainable))
            ),
            "",
        ]
    )


def _cells(layer: KerasLayer) -> tuple[str, ...]:
    return (
        f"{layer.name} ({layer.class_name})",
        f"({', '.join(map(str, (None, *last_sizes(layer.shape))))})",
        f"{layer.parameters:,}",
        ", ".join(f"{name}[0][0]" for name in layer.inputs) or "-",
    )


def _size(count: float) -> str:
    """Bytes as Keras says them."""
    for unit in UNITS[:-1]:
        if count < 1024:
            return f"{count:.2f} {unit}"
        count /= 1024
    return f"{count:.2f} {UNITS[-1]}"


# -- the order of the rows --------------------------------------------------------------------------------------------


def _depths(model: KerasModel) -> dict[str, int]:
    """For each layer how many follow it at most on the way to an answer."""
    depths = {layer.name: 0 for layer in model.layers}
    for layer in reversed(model.layers):
        for name in layer.inputs:
            depths[name] = max(depths[name], depths[layer.name] + 1)
    return depths


def _in_order_of_keras(model: KerasModel, depths: dict[str, int]) -> list[KerasLayer]:
    """The deepest first; among equals in the order in which Keras meets them, going back from the answers."""
    layers = {layer.name: layer for layer in model.layers}
    met: dict[str, int] = {}
    waiting = list(reversed(model.answers))
    while waiting:
        name = waiting.pop()
        if name not in met:
            met[name] = len(met)
            waiting += reversed(layers[name].inputs)
    return sorted(model.layers, key=lambda layer: (-depths[layer.name], met.get(layer.name, -1)))


# -- the table --------------------------------------------------------------------------------------------------------


def _column_widths(width: int, shares: Sequence[float]) -> list[int]:
    """Characters of each column with a space on both sides, as they remain when the lines between are taken off."""
    ends = [0, *(int(share * width) for share in shares)]
    wished = [end - start + 2 for start, end in pairwise(ends)]
    excess = sum(wished) - (width - len(wished) - 1)
    widths = []
    for left, wish in zip(range(len(wished), 0, -1), wished, strict=True):
        less = min(wish, round(excess / left))
        widths.append(wish - less)
        excess -= less
    return widths


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    lines = [_rule("┏━┳┓", widths), *_row(headings, widths, "┃", low=True), _rule("┡━╇┩", widths)]
    for index, row in enumerate(rows):
        if index:
            lines.append(_rule("├─┼┤", widths))
        lines += _row(row, widths, "│")
    return [*lines, _rule("└─┴┘", widths)]


def _rule(marks: str, widths: Sequence[int]) -> str:
    """A line between rows; ``marks`` are its beginning, what it is made of, its crossings and its end."""
    return marks[0] + marks[2].join(marks[1] * width for width in widths) + marks[3]


def _row(cells: Sequence[str], widths: Sequence[int], bar: str, low: bool = False) -> list[str]:
    """The lines of a row; ``low`` sets short cells at its foot."""
    texts = [_wrapped(cell, width - 2) for cell, width in zip(cells, widths, strict=True)]
    height = max(map(len, texts))
    blanks = [[""] * (height - len(text)) for text in texts]
    full = [blank + text if low else text + blank for text, blank in zip(texts, blanks, strict=True)]
    lines = []
    for parts in zip(*full, strict=True):
        padded = [
            part.rjust(width - 2) if column == NUMBERS else part.ljust(width - 2)
            for column, (part, width) in enumerate(zip(parts, widths, strict=True))
        ]
        lines.append(f"{bar} {f' {bar} '.join(padded)} {bar}")
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    """The words of a cell in lines; a word that fits on none is cut short."""
    lines = [""]
    for word in re.findall(r"\S+\s*", text):
        if len(lines[-1]) + len(word.rstrip()) > width and lines[-1]:
            lines.append("")
        lines[-1] += word
    bare = [line.rstrip() for line in lines]
    return [line if len(line) <= width else f"{line[: width - 1]}…" for line in bare]


exporters.register(
    "keras-summary", Exporter("keras-summary", N_("Summary as Keras prints it"), ".txt", export_keras_summary)
)
