"""Long lines made short: no more points than pixels can show, with every peak kept."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]


BLOCK = 64
"""Values of a line that grows for hours of which two are kept."""
FILLED = 0.9
"""Share of an axis that lines must fill, or it is made anew."""


def thinned(x: Array, y: Array, left: float, right: float, pixels: int) -> tuple[Array, Array]:
    """What is to be drawn between two places: all points where there is room, else the least and the greatest of as many
    stretches as there are pixels. One point on each side stays, so that lines reach the edges."""
    import numpy as np

    start, end = int(np.searchsorted(x, left)), int(np.searchsorted(x, right, "right"))
    start, end = max(0, start - 1), min(len(x), end + 1)
    x, y = x[start:end], y[start:end]
    block = len(x) // max(1, pixels)
    if block < 3:
        return x, y
    return _extremes(x, y, block)


def _extremes(x: Array, y: Array, block: int) -> tuple[Array, Array]:
    """The least and the greatest of every so many points, and all of those at the end that are fewer."""
    import numpy as np

    blocks = len(x) // block
    whole = y[: blocks * block].reshape(blocks, block)
    strange = np.isnan(whole)
    least, greatest = (
        (whole, whole) if not strange.any() else (np.where(strange, fill, whole) for fill in (np.inf, -np.inf))
    )
    places = np.sort(np.stack([least.argmin(1), greatest.argmax(1)], 1), 1) + np.arange(blocks)[:, None] * block
    places = np.concatenate([places.ravel(), np.arange(blocks * block, len(x))])
    return x[places], y[places]


class Growing:
    """A line that grows for hours, kept short: of every ``BLOCK`` means of ``window`` values the least and the greatest.

    To bring it up to date takes as long as what has come since is long, not as the line is.
    """

    def __init__(self, window: int) -> None:
        self._window, self._done = window, 0
        self._x, self._y = array("d"), array("d")

    def line(self, x: array[float], y: array[float]) -> tuple[Array, Array]:
        """Places and means of a line that has these places and values by now: more than at the last time, none others."""
        import numpy as np

        start = max(0, self._done - self._window + 1)
        values = smoothed(np.array(y[start:]), self._window)[self._done - start :]
        places = np.array(x[self._done :])
        whole = len(values) // BLOCK * BLOCK
        few_x, few_y = _extremes(places[:whole], values[:whole], BLOCK)
        self._x.frombytes(few_x.tobytes())
        self._y.frombytes(few_y.tobytes())
        self._done += whole
        return np.concatenate([np.array(self._x), places[whole:]]), np.concatenate([np.array(self._y), values[whole:]])


def smoothed(y: Array, window: int) -> Array:
    """The mean of each value and those before it, ``window`` in all; values that are no numbers do not count."""
    import numpy as np

    if window <= 1 or not len(y):
        return y
    real = np.isfinite(y)
    if real.all():
        return _sums(y, window) / np.minimum(np.arange(1, len(y) + 1), window)
    counts = _sums(real.astype(np.float64), window)
    means: Array = np.where(counts > 0, _sums(np.where(real, y, 0.0), window) / np.maximum(counts, 1), np.nan)
    return means


def _sums(y: Array, window: int) -> Array:
    """The sum of each value and those before it, ``window`` in all."""
    import numpy as np

    sums = np.cumsum(y)
    sums[window:] -= sums[:-window].copy()
    return sums


def extent(values: Iterable[Array], *, positive: bool = False) -> tuple[float, float]:
    """The least and the greatest finite value of all; with ``positive`` of those above zero. 0 and 1, or 0.1 and 1,
    where there is none."""
    import numpy as np

    ends = []
    for one in values:
        kept = one[np.isfinite(one) & (one > 0)] if positive else one[np.isfinite(one)]
        if len(kept):
            ends.append((float(kept.min()), float(kept.max())))
    if not ends:
        return (0.1, 1.0) if positive else (0.0, 1.0)
    return min(low for low, _high in ends), max(high for _low, high in ends)


def is_well_within(wanted: Sequence[float], there: Sequence[float], filled: float = FILLED) -> bool:
    """Whether a stretch lies in one that there is already, and fills most of it."""
    inside = there[0] <= wanted[0] and wanted[1] <= there[1]
    return inside and wanted[1] - wanted[0] >= filled * (there[1] - there[0])


def nearest(x: Array, y: Array, place: float) -> int | None:
    """Which point is nearest to a place, among those of its neighbours that have a value; None where a line has none."""
    import numpy as np

    if not len(x):
        return None
    after = int(np.searchsorted(x, place))
    near = [index for index in (after - 1, after) if 0 <= index < len(x) and np.isfinite(y[index])]
    return min(near, key=lambda index: abs(float(x[index]) - place)) if near else None
