"""Draws the sample drawings of digits: dark pen on light paper, as a phone would see it.

    python tools/make_drawings.py        writes cnn_studio/resources/drawings/0.png ... 9.png

Each digit is a few strokes through points that were set by hand (hundredths of a square, y downwards); a smooth curve
goes through the points of a stroke. The paper is lit unevenly and has a little grain, the same in every run.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FOLDER = Path(__file__).resolve().parents[1] / "cnn_studio" / "resources" / "drawings"
SIDE, FINER = 200, 3
PEN = 3.4
"""Radius of the pen in pixels."""

Floats = NDArray[np.float64]
Stroke = Sequence[tuple[float, float]]

DIGITS: Sequence[Sequence[Stroke]] = (
    [[(56, 15), (38, 22), (27, 45), (30, 72), (47, 86), (66, 74), (74, 47), (67, 22), (54, 15)]],
    [[(40, 34), (50, 24), (57, 14), (55, 40), (52, 64), (50, 87)]],
    [[(28, 32), (36, 18), (54, 14), (66, 26), (61, 44), (44, 64), (26, 83), (40, 79), (58, 83), (76, 80)]],
    [[(31, 21), (46, 13), (62, 19), (63, 33), (44, 45), (60, 50), (68, 64), (60, 80), (44, 87), (28, 79)]],
    [[(45, 13), (37, 34), (27, 55), (45, 56), (76, 53)], [(63, 32), (61, 58), (57, 88)]],
    [[(70, 15), (54, 16), (38, 17), (36, 30), (33, 45), (50, 42), (66, 52), (67, 70), (52, 86), (29, 81)]],
    [[(62, 12), (44, 26), (31, 50), (30, 72), (45, 87), (63, 77), (64, 60), (49, 51), (33, 66)]],
    [[(26, 19), (45, 20), (72, 16), (61, 37), (51, 60), (43, 88)], [(39, 51), (52, 50), (67, 47)]],
    [[(64, 24), (52, 14), (36, 20), (37, 35), (52, 47), (67, 62), (63, 80), (45, 87), (31, 76), (38, 58), (56, 44),
      (66, 31), (63, 22)]],
    [[(66, 28), (52, 15), (36, 25), (36, 43), (52, 49), (66, 34), (67, 24), (66, 50), (59, 88)]],
)  # fmt: skip
"""One way of writing each digit, in order."""


def curve(points: Stroke, steps: int = 24) -> Floats:
    """A smooth line (n, 2) through points: cubic pieces with the slopes of Catmull and Rom (1974)."""
    p = np.asarray(points, dtype=float)
    p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate([*pieces, p[-2:-1]])


def ink(strokes: Sequence[Stroke], random: np.random.Generator) -> Floats:
    """How much ink lies on each point of the paper (side, side), 0 to 1; the pen presses more in slow parts."""
    side = SIDE * FINER
    y, x = np.mgrid[0:side, 0:side] + 0.5
    dark = np.zeros((side, side))
    for stroke in strokes:
        path = curve(stroke) * side / 100
        speed = np.hypot(*np.gradient(path, axis=0).T)
        wobble = np.convolve(random.normal(0, 0.5, len(path)), np.ones(9) / 9, "same")
        radii = FINER * PEN * (1.12 - 0.3 * speed / speed.max() + 0.25 * wobble)
        for (px, py), radius in zip(path, radii, strict=True):
            rows = slice(max(0, int(py - radius - 2)), int(py + radius + 3))
            columns = slice(max(0, int(px - radius - 2)), int(px + radius + 3))
            far = np.hypot(x[rows, columns] - px, y[rows, columns] - py)
            np.maximum(dark[rows, columns], np.clip(radius - far + 0.5, 0, 1), out=dark[rows, columns])
    coarse: Floats = dark.reshape(SIDE, FINER, SIDE, FINER).mean((1, 3))
    return coarse


def photograph(strokes: Sequence[Stroke], seed: int) -> NDArray[np.uint8]:
    """The drawing (side, side, 3) on paper that is brighter on one side."""
    random = np.random.default_rng([seed, 0xD1])
    dark = ink(strokes, random)[..., None]
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    angle = random.uniform(0, 2 * np.pi)
    light = 0.93 + 0.06 * (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5))
    paper = np.array([250, 247, 240]) * light[..., None]
    pen = np.array([(36, 44, 92), (30, 30, 34)][seed % 2])
    seen = paper * (1 - 0.93 * dark) + pen * 0.93 * dark + random.normal(0, 0.8, (SIDE, SIDE, 1))
    pixels: NDArray[np.uint8] = np.clip(np.rint(seen), 0, 255).astype(np.uint8)
    return pixels


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for digit, strokes in enumerate(DIGITS):
        picture = Image.fromarray(photograph(strokes, digit))
        picture.quantize(32, dither=Image.Dither.NONE).save(FOLDER / f"{digit}.png", optimize=True)


if __name__ == "__main__":
    main()
