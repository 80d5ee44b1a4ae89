"""Smooth pen curves through written points, as fixed matrices: many digits are bent at once by one product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_studio.engine.handwriting.way import Way
from cnn_studio.engine.handwriting.ways import WAYS

Floats = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]

POINTS = 64
"""Points of a pen's path, over all strokes of a digit."""


@dataclass(frozen=True)
class Ways:
    """The ways of writing of all digits, stacked and padded.

    Attributes:
        digit: the digit of each way (ways,).
        share: how often it is met among its digit's (ways,), adding up to 1 for each digit.
        shapes: the points of its shapes (ways, shapes, controls, 2), a missing shape repeating the first.
        count: how many shapes it has (ways,).
        basis: from its controls to its path (ways, POINTS, controls).
        drawn: whether the pen is down from a point of the path to the next (ways, POINTS - 1).
        ends: the controls at the ends of strokes, each with its neighbour inwards (ways, ends, 2); -1 where missing.
    """

    digit: NDArray[np.intp]
    share: Floats
    shapes: Floats
    count: NDArray[np.intp]
    basis: Floats
    drawn: Flags
    ends: NDArray[np.intp]


@cache
def ways() -> Ways:
    """All ways of writing, ready to be bent."""
    return stack(WAYS)


def stack(table: Mapping[int, Sequence[Way]]) -> Ways:
    """Prepare a table of ways for use. Raises ValueError where the shapes of a way do not match."""
    every = [(digit, way) for digit, some in table.items() for way in some]
    parsed = [[_parse(shape) for shape in way.shapes] for _, way in every]
    for (digit, way), shapes in zip(every, parsed, strict=True):
        if any(runs != shapes[0][1] for _, runs in shapes):
            raise ValueError(f"the shapes of a {digit} do not have the same strokes: {way.shapes}")
    controls = max(len(shapes[0][0]) for shapes in parsed)
    keys = max(map(len, parsed))
    total = {digit: sum(way.share for way in some) for digit, some in table.items()}
    points = np.zeros((len(every), keys, controls, 2))
    basis = np.zeros((len(every), POINTS, controls))
    drawn = np.zeros((len(every), POINTS - 1), bool)
    ends = np.full((len(every), 8, 2), -1)
    for i, shapes in enumerate(parsed):
        for k in range(keys):
            xy = shapes[k % len(shapes)][0]
            points[i, k, : len(xy)] = xy
        runs = shapes[0][1]
        mean = np.mean([xy for xy, _ in shapes], axis=0)
        basis[i, :, : len(mean)], drawn[i] = _path(mean, runs)
        found = [pair for stroke in runs for pair in _ends(stroke)]
        ends[i, : len(found)] = found
    return Ways(
        digit=np.array([digit for digit, _ in every]),
        share=np.array([way.share / total[digit] for digit, way in every]),
        shapes=points,
        count=np.array([len(shapes) for shapes in parsed]),
        basis=basis,
        drawn=drawn,
        ends=ends,
    )


def _parse(shape: str) -> tuple[Floats, list[list[list[int]]]]:
    """The points of a shape in units of the digit's height; its strokes as smooth runs of point numbers."""
    points: list[tuple[float, float]] = []
    strokes: list[list[list[int]]] = [[[]]]
    for token in shape.split():
        if token == "/":
            strokes.append([[]])
            continue
        x, y = token.rstrip("*").split(",")
        strokes[-1][-1].append(len(points))
        if token.endswith("*"):
            strokes[-1].append([len(points)])
        points.append((float(x) / 100, float(y) / 100))
    return np.array(points), strokes


def _ends(stroke: list[list[int]]) -> list[tuple[int, int]]:
    return [(stroke[0][0], stroke[0][1]), (stroke[-1][-1], stroke[-1][-2])]


def _path(points: Floats, strokes: list[list[list[int]]]) -> tuple[Floats, Flags]:
    """Matrix (POINTS, controls) of the path through points, and where the pen is down (POINTS - 1)."""
    identity = np.eye(len(points))
    lengths = [[np.sqrt(_chords(points[run])).sum() ** 2 for run in stroke] for stroke in strokes]
    runs = sum(map(len, strokes))
    spare = POINTS - 3 * runs
    total = sum(map(sum, lengths))
    rows, drawn = [], []
    for stroke, some in zip(strokes, lengths, strict=True):
        for run, length in zip(stroke, some, strict=True):
            count = 3 + int(spare * length / total)
            rows.append(_spline(points[run], count) @ identity[run])
            drawn += [True] * count
        drawn[-1] = False
    path = np.concatenate(rows)
    rest = POINTS - len(path)
    # The pen stands still at the end of the path for what was lost in rounding.
    return np.concatenate([path, np.repeat(path[-1:], rest, axis=0)]), np.array(drawn + [False] * rest)[: POINTS - 1]


def _chords(points: Floats) -> Floats:
    chords: Floats = np.hypot(*np.diff(points, axis=0).T)
    return chords


def _spline(points: Floats, count: int) -> Floats:
    """Matrix (count, points) of the natural cubic spline through points, evenly along its knots.

    Knots lie at the square roots of the chords (centripetal), which keeps tight turns from swinging out.
    """
    knots = np.concatenate([[0], np.cumsum(np.sqrt(np.maximum(_chords(points), 1e-3)))])
    last = len(knots) - 1
    gap = np.diff(knots)
    # Second derivatives m solve a tridiagonal system  left @ m = right @ values.
    left, right = np.eye(last + 1), np.zeros((last + 1, last + 1))
    for i in range(1, last):
        left[i, i - 1 : i + 2] = gap[i - 1] / 6, (gap[i - 1] + gap[i]) / 3, gap[i] / 6
        right[i, i - 1 : i + 2] = 1 / gap[i - 1], -1 / gap[i - 1] - 1 / gap[i], 1 / gap[i]
    bend = np.linalg.solve(left, right)
    at = np.linspace(0, knots[-1], count)
    piece = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, last - 1)
    h = gap[piece][:, None]
    after = ((at - knots[piece]) / gap[piece])[:, None]
    before = 1 - after
    values = np.eye(last + 1)
    matrix: Floats = (
        before * values[piece]
        + after * values[piece + 1]
        + ((before**3 - before) * bend[piece] + (after**3 - after) * bend[piece + 1]) * h**2 / 6
    )
    return matrix
