"""Axes of plots: numbers as the reader writes them, and as many as have room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor
from typing import Any

from PySide6.QtGui import QFontMetrics

FEW_DECADES = 2.2
"""Powers of ten up to which two and five are written between them."""
APART = 14
"""Pixels between the numbers below a plot, at least."""


def axis_of(pyqtgraph: Any, side: str, say: Callable[[float], str]) -> Any:
    """An axis that writes numbers as the reader does."""

    class Axis(pyqtgraph.AxisItem):  # type: ignore[misc]
        def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
            levels: list[tuple[float, float]] = super().tickSpacing(low, high, size)
            if side != "bottom" or self.logMode or not levels:
                return levels
            step, measure = levels[0][0], QFontMetrics(self.style["tickFont"] or made.font())
            while step < high - low:
                ticks = range(ceil(low / step), floor(high / step) + 1)
                widest = max((measure.horizontalAdvance(say(tick * step)) for tick in ticks), default=0)
                if step / (high - low) * size >= widest + APART:
                    break
                step *= 2.5 if f"{step:e}".startswith("2") else 2
            return [(step, 0)]

        def tickStrings(self, values: Sequence[float], _scale: float, _spacing: float) -> list[str]:
            if not self.logMode:
                return [say(value) for value in values]
            told = (1, 2, 5) if self.range[1] - self.range[0] < FEW_DECADES else (1,)
            return [say(10**value) if round(10 ** (value - floor(value + 1e-9))) in told else "" for value in values]

    made = Axis(side)
    made.enableAutoSIPrefix(False)
    made.setStyle(tickLength=-4, tickTextOffset=3, maxTickLevel=0, hideOverlappingLabels=APART)
    made.setTickDensity(1.5 if side == "left" else 1.0)
    return made
