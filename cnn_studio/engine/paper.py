"""The ink of a drawing, on a screen or on photographed paper: uneven light, shadows, any pen, any ground."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from cnn_studio.engine.datasets.base import Array
from cnn_studio.engine.places import resize

LONGEST_SIDE = 512
"""Pixels of the longer side at which a drawing is looked at; more tell nothing about a digit."""
GRID = 48
"""Cells of the longer side in which the ground is looked for."""
REACH = 8
"""The ground of a cell is the median of the cells as far around it as this."""
CLEAN = 0.004
"""Changes of a ground below this part of white are those of a screen, not of a camera."""
DARKEST = 0.3
"""Marks are judged by the brightness of their ground, but on darker grounds as on this one."""
FAINTEST = 0.04
"""Marks on a screen that differ less than this part of white from their ground are none."""
FAINT = 0.1
"""The same in a photograph, in parts of the ground's brightness."""
STRONG = 0.3
"""Only marks as strong as this are taken for strokes broader than a tenth of the picture; fainter ones are shadows."""


def ink_of(picture: Array) -> Array:
    """The ink of a drawing (h, w), 0 to 1, bright where the pen was, from bytes (1 or 3, height, width).

    The ground is what the wide surroundings of each pixel mostly are, colour by colour; uneven light goes away with it.
    Ink is what differs from it most clearly in any of the colours, darker or brighter, whichever has the stronger marks.
    In a photograph specks, rules and what comes in from the edge of the picture (a table, a shadow) are no ink.
    """
    values = reduced(picture.astype(np.float32) / 255, LONGEST_SIDE)
    if _is_flat(values):
        return _on_screen(values)
    values = np.stack([_blurred(one) for one in values])
    ground = background(values)
    difference = values - ground
    noise = _noise(difference.mean(0))
    darker = _strength((-difference).max(0), noise) > _strength(difference.max(0), noise)
    wide = ((-difference if darker else difference) / np.maximum(ground, DARKEST)).max(0)
    # Where strokes are narrow, the ground beside them is known more closely: the edge of a shadow is none of a stroke.
    narrow = _over_strokes(values, darker=darker)
    fine, broad = (_Marks(ink - np.median(ink)) for ink in (narrow, wide))
    return (broad if broad.full > STRONG and broad.inner > 2 * fine.inner else fine).ink()


class _Marks:
    """What stands out in a photograph, piece by piece.

    Attributes:
        inner: how much of it does not come in from the edge of the picture.
    """

    def __init__(self, values: Array) -> None:
        self.values, self.full = values, _full(values)
        self.floor = max(6 * _noise(values), 0.3 * self.full, FAINT)
        self.inner, self._kept = 0.0, np.zeros(values.shape, bool)
        if self.full <= self.floor:
            return
        pieces, count = connected(values > self.floor)
        mass = np.bincount(pieces.ravel(), np.maximum(values, 0).ravel(), count + 1)
        mass[0] = 0
        inner = mass.copy()
        inner[np.unique(_border(pieces[None]))] = 0
        self.inner = float(inner.sum())
        if inner.max(initial=0) > 0.01 * mass.max(initial=0):
            mass = inner
        wanted = mass > 0.04 * mass.max(initial=0)
        wanted[0] = False
        self._kept = wanted[pieces]

    def ink(self) -> Array:
        """Those that are marks of the pen, 0 to 1: no specks, and what comes in from the edge only if there is no other."""
        values = self.values * _near(self._kept)
        if not self._kept.any():
            return values
        return _scaled(values, self.floor / 2, 0.9 * _full(values))


def _on_screen(values: Array) -> Array:
    """The ink of a drawing (c, h, w) on a ground of one colour."""
    difference = values - np.median(_border(values), axis=1)[:, None, None]
    dark, bright = (-difference).max(0), difference.max(0)
    ink = dark if _strength(dark, 0) > _strength(bright, 0) else bright
    full = _full(ink)
    return _scaled(ink, 0.0, full) if full >= FAINTEST else np.zeros_like(ink)


def _scaled(ink: Array, low: float, high: float) -> Array:
    clear: Array = np.clip((ink - low) / max(high - low, 1e-6), 0, 1)
    return clear


def _over_strokes(values: Array, *, darker: bool) -> Array:
    """The ink (h, w) of strokes narrower than a tenth of the picture: what closing over them changes (Serra 1982)."""
    sign = 1 if darker else -1
    half = max(values.shape[1:]) // 20
    # The light goes on beyond the edge as it comes to it; else closing would take falling light there for a stroke.
    padded = np.pad(sign * values, ((0, 0), (2 * half, 2 * half), (2 * half, 2 * half)), "reflect", reflect_type="odd")
    closed = -_widest(-_widest(torch.from_numpy(padded)[:, None], half), half)[:, 0].numpy()
    inside = slice(2 * half, -2 * half or None)
    ground = sign * closed[:, inside, inside]
    ink = (sign * (ground - values) / np.maximum(ground, DARKEST)).max(0)
    return np.asarray(ink, np.float32)


def _widest(tensor: torch.Tensor, half: int) -> torch.Tensor:
    """The largest value around each pixel of pictures (c, 1, h, w)."""
    for kernel, padding in (((2 * half + 1, 1), (half, 0)), ((1, 2 * half + 1), (0, half))):
        tensor = functional.max_pool2d(tensor, kernel, 1, padding)
    return tensor


def reduced(values: Array, longest: int) -> Array:
    """A picture (c, h, w) averaged by whole blocks until no side is longer."""
    step = -(-max(values.shape[1:]) // longest)
    if step == 1:
        return values
    rows, columns = (max(step, side // step * step) for side in values.shape[1:])
    padded = np.pad(
        values, ((0, 0), (0, max(0, rows - values.shape[1])), (0, max(0, columns - values.shape[2]))), "edge"
    )
    blocks = padded[:, :rows, :columns].reshape(len(values), rows // step, step, columns // step, step)
    return np.asarray(blocks.mean((2, 4)), np.float32)


def background(values: Array) -> Array:
    """The ground of a picture (c, h, w): medians of the cells of a grid, and of the cells around each, blended between."""
    height, width = values.shape[1:]
    size = -(-max(height, width) // GRID)
    rows, columns = -(-height // size), -(-width // size)
    padded = np.pad(values, ((0, 0), (0, rows * size - height), (0, columns * size - width)), "edge")
    cells = np.median(padded.reshape(len(values), rows, size, columns, size), axis=(2, 4))
    wide = np.pad(cells, ((0, 0), (REACH, REACH), (REACH, REACH)), "reflect" if min(rows, columns) > REACH else "edge")
    windows = np.lib.stride_tricks.sliding_window_view(wide, (2 * REACH + 1, 2 * REACH + 1), axis=(1, 2))
    ground = np.median(windows, axis=(3, 4)).astype(np.float32)
    full = resize(ground, (rows * size, columns * size), "stretch")
    return np.asarray(full[:, :height, :width], np.float32)


def _border(values: Array) -> Array:
    return np.concatenate((values[:, 0], values[:, -1], values[:, :, 0], values[:, :, -1]), axis=1)


def _is_flat(values: Array) -> bool:
    """Whether the ground is one colour, as on a screen: nine of ten pixels of the border are the same."""
    border = _border(values)
    return bool((np.abs(border - np.median(border, axis=1)[:, None]).max(0) < CLEAN).mean() > 0.9)


def _blurred(values: Array) -> Array:
    """The mean of each pixel and its eight neighbours."""
    wide = np.pad(values, 1, "edge")
    across = wide[:, :-2] + wide[:, 1:-1] + wide[:, 2:]
    return np.asarray((across[:-2] + across[1:-1] + across[2:]) / 9, np.float32)


def _noise(values: Array) -> float:
    """The deviation of what is mostly one value, whatever a few of them are."""
    return 1.4826 * float(np.median(np.abs(values - np.median(values))))


def _strength(ink: Array, noise: float) -> float:
    return float(np.square(np.maximum(ink - 4 * noise, 0)).sum())


def _full(ink: Array) -> float:
    """How strong the strongest marks are, but for a few pixels that may be anything."""
    few = max(1, ink.size // 2000)
    return float(np.partition(ink, ink.size - few, axis=None)[-few])


def _near(kept: Array) -> Array:
    """Marks with two pixels around them, so that soft edges stay."""
    for _pixel in range(2):
        wide = np.pad(kept, 1)
        kept = wide[1:-1, 1:-1] | wide[:-2, 1:-1] | wide[2:, 1:-1] | wide[1:-1, :-2] | wide[1:-1, 2:]
    return kept


def connected(mask: Array) -> tuple[Array, int]:
    """The connected pieces of a mask (h, w), by corners too: the number of each pixel's piece, 0 outside; and how many."""
    parents: list[int] = [0]

    def root(piece: int) -> int:
        while parents[piece] != piece:
            parents[piece] = parents[parents[piece]]
            piece = parents[piece]
        return piece

    labels = np.zeros(mask.shape, np.int64)
    above: list[tuple[int, int, int]] = []
    for number, row in enumerate(mask):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], row.astype(np.int8), [0]))))
        runs: list[tuple[int, int, int]] = []
        for start, stop in edges.reshape(-1, 2).tolist():
            touching = [root(piece) for first, last, piece in above if first <= stop and start <= last]
            if not touching:
                parents.append(len(parents))
                touching = [len(parents) - 1]
            piece = min(touching)
            for other in touching:
                parents[other] = piece
            labels[number, start:stop] = piece
            runs.append((start, stop, piece))
        above = runs
    roots = np.array([root(piece) for piece in range(len(parents))])
    kept, numbers = np.unique(roots, return_inverse=True)
    return numbers[labels], len(kept) - 1
