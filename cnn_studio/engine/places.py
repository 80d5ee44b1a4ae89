"""Steps of preprocessing that change where pixels are: colour and size. Exported code carries these very functions.

Nothing here needs the rest of the studio: the text of a function and of what it calls runs alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional

Array = np.ndarray[Any, np.dtype[Any]]

LUMA = np.array([299, 587, 114], dtype=np.int64)
"""Weights of red, green and blue in a grey value (ITU-R BT.601), in thousandths; PIL uses the same."""


def recolour(stored: Array, mode: str) -> Array:
    """A picture (channels, height, width) with one channel ("grey") or three ("colour"); the type is kept."""
    if mode == "grey":
        if stored.shape[0] != 3:
            return stored[:1]
        grey = np.tensordot(LUMA, stored.astype(np.int64 if stored.dtype.kind in "iu" else float), 1) / 1000
        return (np.rint(grey) if stored.dtype.kind in "iu" else grey).astype(stored.dtype)[None]
    return np.repeat(stored[:1], 3, axis=0) if stored.shape[0] != 3 else stored


def resize(stored: Array, sizes: tuple[int, ...], method: str) -> Array:
    """A sample (channels, \\*n) with as many axes of other sizes; bytes stay bytes.

    Args:
        method: "stretch"; "fit" keeps proportions and fills the rest; "crop" keeps them and cuts. Sound is never made
            faster or slower by the last two: it is cut or filled up.
    """
    if stored.shape[1:] == sizes:
        return stored
    if method == "stretch":
        return stretched(stored, sizes)
    if len(sizes) == 1:
        return placed(stored, sizes)
    ratios = [wanted / n for wanted, n in zip(sizes, stored.shape[1:], strict=True)]
    ratio = min(ratios) if method == "fit" else max(ratios)
    inner = tuple(max(1, round(n * ratio)) for n in stored.shape[1:])
    return placed(stretched(stored, inner), sizes)


def stretched(stored: Array, sizes: tuple[int, ...]) -> Array:
    """Linear interpolation, smoothed where a picture shrinks."""
    tensor = torch.from_numpy(np.ascontiguousarray(stored)).float()[None]
    if len(sizes) == 2:
        out = functional.interpolate(tensor, sizes, mode="bilinear", antialias=True, align_corners=False)
    else:
        mode = "linear" if len(sizes) == 1 else "trilinear"
        out = functional.interpolate(tensor, sizes, mode=mode, align_corners=False)
    result = out[0].numpy()
    if stored.dtype.kind in "iu":
        limits = np.iinfo(stored.dtype)
        result = np.clip(np.rint(result), limits.min, limits.max)
    return result.astype(stored.dtype)


def placed(stored: Array, sizes: tuple[int, ...]) -> Array:
    """The middle of a sample in a frame of other sizes, filled with the corners' mean; round sound there is silence."""
    border = stored.reshape(stored.shape[0], -1)[:, [0, -1]].mean(1)
    if stored.ndim == 2:
        border = np.zeros(stored.shape[0])
    out = np.empty((stored.shape[0], *sizes), stored.dtype)
    out[...] = border.reshape(-1, *(1,) * len(sizes)).astype(stored.dtype)
    target, source = [slice(None)], [slice(None)]
    for n, wanted in zip(stored.shape[1:], sizes, strict=True):
        length = min(n, wanted)
        target.append(slice((wanted - length) // 2, (wanted - length) // 2 + length))
        source.append(slice((n - length) // 2, (n - length) // 2 + length))
    out[tuple(target)] = stored[tuple(source)]
    return out
