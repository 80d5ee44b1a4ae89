"""What a layer makes of a sample, as pictures and words; the pictures are made where the weights are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnn_studio.core.shapes import Shape
from cnn_studio.gui import theme
from cnn_studio.i18n import _, figure, integer, percent

if TYPE_CHECKING:
    from cnn_studio.engine.insight.layer_view import LayerView

LINE_WIDTH, LINE_HEIGHT = 128, 36
"""Pixels of a map of sound that is drawn as a line."""
DEAD_SAMPLES = 128
"""Samples for which a unit that is called dead never fired."""


def bar_words(low: float, high: float, count: int, whole: int) -> str:
    """A bar of a histogram."""
    share = percent(count / whole) if whole else ""
    return _("{low} to {high}: {count} values, {share}").format(
        low=figure(low), high=figure(high), count=integer(count), share=share
    )


def shape_words(shape: tuple[int, ...]) -> str:
    """A shape (channels, \\*sizes) as it is written."""
    return str(Shape(shape[0], shape[1:]))


def value_at(view: LayerView, index: int, row: int, column: int) -> tuple[float, str]:
    """The value under a pixel of a picture, and where it is: counted from 1 in the map as the layer gives it."""
    value = view.values[index]
    if value.ndim == 1:  # a line: its columns are thinned out to those of the picture
        place = min(column * len(value) // max(1, min(LINE_WIDTH, len(value))), len(value) - 1)
        return float(value[place]), integer(place * view.blocks[0] + 1)
    if value.ndim == 3:
        frame, column = divmod(column, value.shape[2] + 1)
        frame, column = min(frame, value.shape[0] - 1), min(column, value.shape[2] - 1)
        where = frame * view.blocks[0] + 1, row * view.blocks[1] + 1, column * view.blocks[2] + 1
        words = _("frame {frame}, row {row}, column {column}")
        return float(value[frame, row, column]), words.format(frame=where[0], row=where[1], column=where[2])
    words = _("row {row}, column {column}")
    return float(value[row, column]), words.format(row=row * view.blocks[0] + 1, column=column * view.blocks[1] + 1)


def line_table() -> Any:
    """Colours of lines: 0 is the ground, 128 zero, 255 the line."""
    import numpy as np

    now = theme.current()
    ends = [(color.red(), color.green(), color.blue()) for color in (now.raised, now.secondary, now.accent)]
    table = np.repeat(np.array([ends[0]], np.uint8), 256, 0)
    table[64:192], table[192:] = ends[1], ends[2]
    return table


# -- in the thread that has the weights --------------------------------------------------------------------------------


def question(stored: Any, node: str, first: int, shared: bool) -> Any:
    """The question whose answer is the view of a layer and its pictures."""
    from cnn_studio.engine.insight.layer_view import LayerViews
    from cnn_studio.gui.widgets.sheets import lines, strips

    probe = LayerViews(stored, node, first, shared)

    def answer(subject: Any) -> tuple[Any, Any]:
        view = probe(subject)
        pictures: Any = view.levels
        if len(view.shape) == 2:
            pictures = lines(view.values, view.lows, view.highs, LINE_WIDTH, LINE_HEIGHT)
        elif len(view.shape) == 4:
            pictures = strips(view.levels)
        return view, pictures

    return answer


def dead_units(subject: Any, dataset: Any, node: str) -> tuple[str, Any] | None:
    """Which units of a ReLU fire for none of many samples; None where there are no samples to ask about."""
    from cnn_studio.engine.insight.dead_units import DeadUnits
    from cnn_studio.engine.insight.some_samples import some_samples
    from cnn_studio.engine.predict import Predictor

    samples = None
    if isinstance(subject, Predictor):
        if dataset is None:
            return None
        samples, _labels = some_samples(subject, dataset, DEAD_SAMPLES)
    silent = DeadUnits(samples, DEAD_SAMPLES)(subject).silent
    return (node, silent[node]) if node in silent else None
