"""A sheet of samples: one row for each class, as a picture."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from cnn_studio.engine.datasets.base import Array, Dataset
from cnn_studio.engine.places import resize

MOST_ROWS = 40


def tile(sample: Array, medium: str, side: int) -> Array:
    """One sample as a small picture (side, side, 3) of bytes: sound as its wave, a film by its middle picture."""
    if medium == "sound" or sample.ndim == 2:
        return _wave(sample[0], side)
    if sample.ndim == 4:
        sample = sample[:, sample.shape[1] // 2]
    if sample.dtype != np.uint8:
        low, high = float(sample.min()), float(sample.max())
        sample = ((sample - low) * (255 / (high - low or 1))).astype(np.uint8)
    picture = resize(sample[:3] if sample.shape[0] >= 3 else sample[:1], (side, side), "fit")
    return np.ascontiguousarray(np.broadcast_to(picture, (3, side, side)).transpose(1, 2, 0))


def _wave(values: Array, side: int) -> Array:
    parts = np.array_split(values.astype(float), side)
    peak = max(1e-9, float(np.abs(values).max()))
    out = np.full((side, side, 3), 255, np.uint8)
    for column, part in enumerate(parts):
        if len(part):
            top, bottom = (int((1 - part.max() / peak) / 2 * (side - 1)), int((1 - part.min() / peak) / 2 * (side - 1)))
            out[top : bottom + 1, column] = (42, 161, 152)
    return out


def sheet(data: Dataset, columns: int = 16, side: int = 40) -> Array:
    """Samples of each class in a row: (rows * side, columns * side, 3) bytes."""
    rows = []
    for label in range(min(len(data.classes), MOST_ROWS)):
        own = np.flatnonzero(data.train.labels == label)[:columns]
        row = np.full((side, columns * side, 3), 255, np.uint8)
        for place, index in enumerate(own):
            row[:, place * side : (place + 1) * side] = tile(data.train.read(int(index)), data.medium, side)
        rows.append(row)
    return np.concatenate(rows)


def sheet_png(data: Dataset) -> bytes:
    """The sheet as the bytes of a PNG file."""
    stream = BytesIO()
    Image.fromarray(sheet(data)).save(stream, "PNG", optimize=True)
    return stream.getvalue()
