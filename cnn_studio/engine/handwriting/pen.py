"""A hand that never writes a digit twice alike: paths of the pen bent from ways of writing, and the ink it leaves.

All functions work on many digits at once; n counts digits, p the points of a path.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_studio.engine.drawing import BOX, Picture, Pieces, paint, prepare_many
from cnn_studio.engine.handwriting.curves import POINTS, Ways

Floats = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.intp]
Random = np.random.Generator

HEIGHT = 32
"""Longer side of a digit on the canvas, pen included, in pixels: finer than what is left when it is prepared."""
CANVAS = HEIGHT + 4

_WAVES = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (0, 3))
_GRID = 1024  # paths lie on this part of a pixel, so that machines that differ in the last bit draw the same


@dataclass(frozen=True, slots=True)
class Hand:
    """How much writing varies: spreads in units of the digit's height unless said otherwise."""

    beyond: float = 0.5
    """How far a mixture of shapes leaves what lies between them."""
    jitter: tuple[float, float] = (0.014, 0.06)
    """Points off their place, from the most careful writer to the most careless."""
    warp: float = 0.07
    """Smooth bending of the sheet."""
    ends: float = 0.09
    """Strokes that run on or stop early."""
    links: float = 0.03
    """Part of the digits between whose strokes the pen is not lifted."""
    few: float = 0.1
    """Part of the digits left as few points in equal steps, without lifting the pen: as tablets have been recorded."""
    upper: float = 0.3
    """Height of the upper part against the lower."""
    broad: float = 0.25
    """Logarithm of the width of the upper part against the lower."""
    aspect: float = 0.22
    """Logarithm of the width."""
    slant: tuple[float, float] = (0.12, 0.22)
    """Mean and spread of the lean to the right."""
    turn: float = 0.1
    """Radians."""
    rounding: int = 12
    """Times that neighbouring points of a path are averaged, at most."""
    sparse: float = 0.12
    """Part of the digits written with a pointer that is seldom asked where it is."""
    tremor: float = 0.02
    pen: tuple[float, float, float, float] = (2.5, 0.33, 1.2, 5.0)
    """Width of the pen in prepared pixels: median, spread of the logarithm, least, most."""
    pressure: float = 0.25
    nib: float = 0.35
    """Width across a broad nib against along it."""
    blur: float = 0.15
    contrast: float = 1.5
    """Logarithm of the steepest edge; scans are nearly black and white."""
    gaps: float = 0.05
    """Part of the digits with a dry pen or a bad scan."""


HAND = Hand()


def write(random: Random, ways: Ways, which: Numbers, hand: Hand = HAND) -> Picture:
    """Digits (n, 28, 28) written in the ways `which` (n,), prepared as drawings are."""
    controls = _controls(random, ways, which, hand)
    few = random.random((len(which), 1)) < hand.few
    drawn = ways.drawn[which] | (random.random((len(which), 1)) < hand.links) | few
    path = _tremble(random, _round(random, ways.basis[which] @ controls, drawn, hand), hand)
    path = _thin_out(random, _coarsen(random, path, drawn, hand), few[:, 0])
    return prepare_many(_ink(random, _lay(random, path, hand), drawn, hand))


def _controls(random: Random, ways: Ways, which: Numbers, hand: Hand) -> Floats:
    """Points of the digits (n, controls, 2): mixtures of the shapes of a way, each point a little off."""
    n, shapes = len(which), ways.shapes.shape[1]
    exists = np.arange(shapes) < ways.count[which, None]
    weight = random.exponential(size=(n, shapes)) ** 1.5 * exists
    weight /= weight.sum(axis=1, keepdims=True)
    weight += hand.beyond * (weight - exists / ways.count[which, None])
    controls = (weight[:, None, :] @ ways.shapes[which].reshape(n, shapes, -1)).reshape(n, -1, 2)
    rows = np.arange(n)
    for at, inner in ways.ends[which].transpose(1, 2, 0):
        step = controls[rows, at] - controls[rows, inner]
        length = np.maximum(np.hypot(*step.T), 1e-6)[:, None]
        along = np.maximum(hand.ends * random.normal(size=(n, 1)) + 0.01, -0.6 * length)
        change = step / length * along + 0.4 * hand.ends * random.normal(size=(n, 2))
        controls[rows, at] += np.where(at[:, None] >= 0, change, 0)
    low, high = hand.jitter
    careless = low * (high / low) ** random.random((n, 1, 1))
    controls += careless * random.normal(size=controls.shape)
    return controls + _warp(random, controls, hand)


def _warp(random: Random, points: Floats, hand: Hand) -> Floats:
    """Smooth displacement of points (n, any, 2): waves over the sheet, weaker the shorter they are."""
    n = len(points)
    shift = np.zeros_like(points)
    for i, j in _WAVES:
        phase = 2 * np.pi * random.random((n, 1, 2))
        x, y = np.moveaxis(np.cos(np.pi * np.array([i, j]) * points + phase), -1, 0)
        shift += (x * y)[..., None] * random.normal(size=(n, 1, 2)) / (i + j)
    return shift * (2 * hand.warp * random.random((n, 1, 1)))


def _round(random: Random, path: Floats, drawn: Flags, hand: Hand) -> Floats:
    """Corners as round as the hand is quick."""
    inner = drawn[:, 1:] & drawn[:, :-1]
    times = random.random(len(path)) ** 2 * hand.rounding
    for done in range(hand.rounding):
        mean = (path[:, :-2] + 2 * path[:, 1:-1] + path[:, 2:]) / 4
        path[:, 1:-1] = np.where((inner & (times > done)[:, None])[..., None], mean, path[:, 1:-1])
    return path


def _tremble(random: Random, path: Floats, hand: Hand) -> Floats:
    """A hand that trembles, most of them hardly."""
    noise = np.cumsum(random.normal(size=(len(path), POINTS + 5, 2)), axis=1)
    noise = (noise[:, 5:] - noise[:, :-5]) / 2.2
    return path + noise * (hand.tremor * random.random((len(path), 1, 1)) ** 2)


def _coarsen(random: Random, path: Floats, drawn: Flags, hand: Hand) -> Floats:
    """Some paths with straight lines between few points."""
    seldom = random.random(len(path)) < hand.sparse
    strides = random.integers(4, 10, len(path))
    lifted = np.pad(~drawn, ((0, 0), (1, 1)), constant_values=True)
    kept = lifted[:, 1:] | lifted[:, :-1] | (np.arange(POINTS) % strides[:, None] == 0)
    for i in np.flatnonzero(seldom):
        at = np.flatnonzero(kept[i])
        path[i] = _along(at, path[i, at], np.arange(POINTS))
    return path


def _thin_out(random: Random, path: Floats, few: Flags) -> Floats:
    """Some paths as eight to twelve points in equal steps, with straight lines between them."""
    count = random.integers(8, 13, len(path))
    for i in np.flatnonzero(few):
        way = np.pad(np.cumsum(np.hypot(*np.diff(path[i], axis=0).T)), (1, 0))
        at = np.linspace(0, count[i] - 1, POINTS)
        points = _along(way, path[i], np.linspace(0, way[-1], count[i]))
        path[i] = _along(np.arange(count[i]), points, at)
    return path


def _along(known: NDArray[Any], points: Floats, at: NDArray[Any]) -> Floats:
    """Points (any, 2) between others, by how far along they lie."""
    return np.stack([np.interp(at, known, points[:, axis]) for axis in (0, 1)], axis=1)


def _lay(random: Random, path: Floats, hand: Hand) -> Floats:
    """Proportions, width, slant and turn of the whole digit."""
    spreads = [hand.upper, hand.broad, hand.aspect, hand.slant[1], hand.turn]
    upper, broad, aspect, slant, turn = random.normal(size=(len(path), 5, 1)).transpose(1, 0, 2) * np.reshape(
        spreads, (5, 1, 1)
    )
    x, y = np.moveaxis(path - 0.5, -1, 0)
    x = x * np.exp(aspect + np.clip(2 * broad * y, -0.8, 0.8))
    y = y + upper * (0.25 - np.minimum(y * y, 0.25))
    x = x - (hand.slant[0] + slant) * y
    return np.stack([np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y], axis=-1)


def _ink(random: Random, path: Floats, drawn: Flags, hand: Hand) -> NDArray[np.float32]:
    """Ink (n, CANVAS, CANVAS) of paths, made as large as the canvas allows."""
    n = len(path)
    median, spread, least, most = hand.pen
    width = np.clip(median * np.exp(spread * random.normal(size=n)), least, most) * (HEIGHT / BOX)
    down = np.pad(drawn, ((0, 0), (0, 1))) | np.pad(drawn, ((0, 0), (1, 0)))
    low = np.where(down[..., None], path, np.inf).min(axis=1)
    high = np.where(down[..., None], path, -np.inf).max(axis=1)
    scale = (HEIGHT - width) / (high - low).max(axis=1)
    path = (path - (low + high)[:, None] / 2) * scale[:, None, None] + CANVAS / 2
    radius = width[:, None] / 2 * _pressure(random, path, hand)
    path, radius = (np.round(values * _GRID) / _GRID for values in (path, np.clip(radius, 0.4, CANVAS / 4)))
    ink = np.zeros((n, CANVAS, CANVAS), dtype=np.float32)
    which, at = np.nonzero(drawn)
    paint(ink, Pieces(which, path[which, at], path[which, at + 1], radius[which, at], radius[which, at + 1]))
    return _scan(random, ink, hand)


def _pressure(random: Random, path: Floats, hand: Hand) -> Floats:
    """Factor of the pen's width along paths (n, p): slow changes of pressure, and the direction of a nib."""
    n = len(path)
    order = np.arange(6)[:, None]
    slow = random.normal(size=(n, 6)) @ (np.cos(np.pi * order * np.linspace(0, 1, POINTS)) / (1 + order))
    step = np.diff(path, axis=1, append=path[:, -1:])
    across = np.cos(2 * (np.arctan2(step[..., 1], step[..., 0]) - np.pi * random.random((n, 1))))
    return np.exp(hand.pressure * slow * random.random((n, 1))) * (1 + hand.nib * random.random((n, 1)) ** 2 * across)


def _scan(random: Random, ink: NDArray[np.float32], hand: Hand) -> NDArray[np.float32]:
    """What a scanner makes of it: soft or hard edges, and gaps where a dry pen left little ink."""
    n = len(ink)
    soft = ink.copy()
    soft[:, 1:-1] = (ink[:, :-2] + 2 * ink[:, 1:-1] + ink[:, 2:]) / 4
    soft[:, :, 1:-1] = (soft[:, :, :-2] + 2 * soft[:, :, 1:-1] + soft[:, :, 2:]) / 4
    ink += np.minimum(2 * hand.blur * random.random((n, 1, 1), dtype=np.float32), 1) * (soft - ink)
    rough = random.random(n) < hand.gaps
    if rough.any():
        ink[rough] *= _paper(random, int(rough.sum()))
    steep = np.exp(hand.contrast * random.random((n, 1, 1), dtype=np.float32))
    np.clip((ink - 0.5) * steep + 0.5, 0, 1, out=ink)
    return ink


def _paper(random: Random, n: int) -> NDArray[np.float32]:
    """How well paper takes ink (n, CANVAS, CANVAS), 0..1."""
    coarse = random.random((n, CANVAS // 4 + 1, CANVAS // 4 + 1), dtype=np.float32)
    fine = np.repeat(np.repeat(coarse, 4, axis=1), 4, axis=2)[:, 2 : 2 + CANVAS, 2 : 2 + CANVAS]
    fine = fine + random.random((n, CANVAS, CANVAS), dtype=np.float32)
    ink: NDArray[np.float32] = np.clip(3 * fine - 2 * random.random((n, 1, 1), dtype=np.float32), 0, 1)
    return ink
