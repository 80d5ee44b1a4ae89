"""Curves as drawings inside a page: training thin, validation thick, axes named; colours come from the page's style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, isfinite, log10

from cnn_studio.core.export.figure.text import text_width
from cnn_studio.i18n import decimal

Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 540.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 16.0, 34.0, 44.0
TICKS = 5


@dataclass(frozen=True)
class Curve:
    """One line. ``kind`` is its class in the page's style: "training" or "validation"."""

    name: str
    kind: str
    points: Points


@dataclass(frozen=True)
class Chart:
    """Curves over the same axes.

    Attributes:
        title: what is drawn, which is also the name of the upright axis.
        across: name of the other axis.
        low, high: ends of the upright axis; what lies beyond is cut off.
        unit: written behind the values of the upright axis.
    """

    title: str
    across: str
    curves: Sequence[Curve]
    low: float
    high: float
    unit: str = ""


def svg_of(chart: Chart, number: int) -> str:
    """The drawing of a chart; ``number`` keeps its names apart from those of others on the page."""
    end = max((x for curve in chart.curves for x, _y in curve.points), default=1.0)
    across, upright = ticks(0.0, end, 6, whole=end >= 3), ticks(chart.low, chart.high, TICKS)

    digits = max(map(digits_of, upright))

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            LEFT + (WIDTH - LEFT - RIGHT) * x / (end or 1.0),
            HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (y - chart.low) / ((chart.high - chart.low) or 1.0),
        )

    wide, high = WIDTH - LEFT - RIGHT + 8, HEIGHT - TOP - BOTTOM + 8
    clip = f'<rect x="{LEFT}" y="{TOP - 4}" width="{wide}" height="{high}"/>'
    parts = [f'<clipPath id="plot{number}">{clip}</clipPath>']
    for value in upright:
        x, y = place(0, value)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_text(decimal(value, digits) + chart.unit, x - 8, y + 4, "tick", "end"))
    for value in across:
        x, y = place(value, chart.low)
        parts.append(f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{y:.1f}" y2="{y + 4:.1f}"/>')
        parts.append(_text(decimal(value, digits_of(value)), x, y + 17, "tick", "middle"))
    x, y = place(0, chart.low)
    parts.append(f'<line class="axis" x1="{x}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
    parts.append(_text(chart.across, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, "name", "middle"))
    parts.append(_text(chart.title, 0, 16, "title", "start"))
    parts += (_line([place(*point) for point in curve.points], curve.kind, number) for curve in chart.curves)
    parts += _legend(chart.curves)
    label = escape(chart.title, quote=True)
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{label}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _line(places: Points, kind: str, number: int) -> str:
    path = " ".join(f"{'M' if index == 0 else 'L'}{x:.1f} {y:.1f}" for index, (x, y) in enumerate(places))
    drawn = f'<path class="curve {kind}" clip-path="url(#plot{number})" d="{path}"/>' if len(places) > 1 else ""
    if kind == "validation" or len(places) == 1:
        shown = places if len(places) <= 40 else places[-1:]
        drawn += "".join(f'<circle class="dot {kind}" cx="{x:.1f}" cy="{y:.1f}" r="3.2"/>' for x, y in shown)
    return drawn


def _legend(curves: Sequence[Curve]) -> list[str]:
    """Names of the curves at the upper right, each behind a piece of its line."""
    parts: list[str] = []
    right = WIDTH - RIGHT
    for curve in reversed(curves):
        parts.append(_text(curve.name, right, 16, "legend", "end"))
        right -= 1.2 * text_width(curve.name, 12.5) + 8  # the font is not known, and may be a wide one
        parts.append(f'<line class="curve {curve.kind}" x1="{right - 20:.1f}" x2="{right:.1f}" y1="12" y2="12"/>')
        right -= 36
    return parts


def _text(text: str, x: float, y: float, kind: str, anchor: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def ticks(low: float, high: float, count: int, *, whole: bool = False) -> list[float]:
    """Round numbers from ``low`` to ``high``, about ``count`` of them."""
    span = high - low
    if not span > 0 or not isfinite(span):
        return [low]
    step = nice(span / count)
    if whole:
        step = max(1.0, round(step))
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def digits_of(value: float) -> int:
    """Decimal digits that a round number needs."""
    return next((digits for digits in range(6) if abs(round(value, digits) - value) < 1e-9), 6)


def nice(step: float) -> float:
    """The next of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** floor(log10(step))
    return next(digit * power for digit in (1.0, 2.0, 5.0, 10.0) if digit * power >= step * (1 - 1e-9))


def binned(points: Points, most: int) -> list[tuple[float, float]]:
    """At most ``most`` points, each the mean of its neighbours; the ends of the line stay where they are."""
    if len(points) <= most:
        return list(points)
    found = []
    for index in range(most):
        part = points[index * len(points) // most : (index + 1) * len(points) // most]
        found.append((sum(x for x, _y in part) / len(part), sum(y for _x, y in part) / len(part)))
    return found
