"""Samples that a person brings: files, drawings, photographs of pen on paper."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets.base import Array, DataError
from cnn_studio.engine.drawing import prepare
from cnn_studio.engine.pictures import read_picture
from cnn_studio.engine.places import recolour, resize
from cnn_studio.engine.sounds import read_sound
from cnn_studio.i18n import N_

LONGEST_SIDE = 1024
"""Pixels of the longer side at which a drawing is looked at; more tell nothing about a digit."""


def sample_of(path: Path) -> Array:
    """The sample in a file, as it would be stored: (channels, \\*sizes). Raises DataError."""
    return read_sound(path) if path.suffix.lower() == ".wav" else read_picture(path, most_side=4 * LONGEST_SIDE)


def ink_of(picture: Array) -> Array:
    """The ink of a drawing (h, w), 0 to 1, bright where the pen was: of a photograph of paper too.

    The ground is what the wide surroundings of each pixel mostly are; uneven light goes away with it. Ink is whatever
    differs from it, darker or brighter, whichever has the stronger marks.
    """
    grey = recolour(picture, "grey")[0].astype(np.float32) / 255
    step = max(1, int(np.ceil(max(grey.shape) / LONGEST_SIDE)))
    if step > 1:
        rows, columns = grey.shape[0] // step * step, grey.shape[1] // step * step
        grey = grey[:rows, :columns].reshape(rows // step, step, columns // step, step).mean((1, 3))
    ground = background(grey)
    difference = grey - ground
    dark, bright = _strength(-difference), _strength(difference)
    ink = np.maximum(-difference if dark > bright else difference, 0)
    noise = float(np.median(np.abs(difference))) * 4
    full = float(np.percentile(ink[ink > max(noise, 0.05)], 90)) if (ink > max(noise, 0.05)).any() else 0.0
    if full == 0.0:
        return np.zeros_like(ink)
    clear: Array = np.clip((ink - noise) / max(full - noise, 1e-6), 0, 1)
    return clear


def _strength(difference: Array) -> float:
    return float(np.square(np.maximum(difference, 0)).sum())


def background(grey: Array) -> Array:
    """The ground of a drawing: medians over a coarse grid, blended between."""
    height, width = grey.shape
    cells = 4 if min(height, width) >= 256 else 1
    if cells == 1:
        border = np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1]))
        return np.full_like(grey, np.median(border))
    rows, columns = np.array_split(np.arange(height), cells), np.array_split(np.arange(width), cells)
    grid = np.array([[np.median(grey[np.ix_(row, column)]) for column in columns] for row in rows])
    scaled = resize((grid[None] * 65535).astype(np.float32), (height, width), "stretch")[0] / 65535
    return np.asarray(scaled, np.float32)


def drawn_sample(picture: Array, wanted: Shape) -> Array:
    """A drawing as a sample for a network: prepared as the training digits were, then brought to the network's size.

    Raises DataError for a network that does not take pictures, and for paper with nothing on it.
    """
    if wanted.rank != 2:
        raise DataError(N_("this network takes {wanted}, which cannot be drawn"), wanted=wanted)
    prepared = prepare(ink_of(picture))[None]
    if not prepared.any():
        raise DataError(N_("nothing is drawn there"))
    if wanted.sizes != prepared.shape[1:]:
        prepared = resize(prepared, wanted.sizes, "fit")
    return recolour(prepared, "grey" if wanted.channels == 1 else "colour")
