"""The curve of a learning rate range test: where rates and losses stand, and what runs out of the picture."""

import itertools

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtWidgets import QToolTip

from cnn_studio.gui.widgets.rate_curve import RateCurve
from cnn_studio.i18n import figure

RATES = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0]
LOSSES = [2.3, 2.3, 2.2, 1.5, 0.8, 0.6, 2.0, 90.0]
COLORS = {"text": "#000000", "line": "#0000ff", "curve": "#ff0000", "mark": "#00ff00"}


@pytest.fixture
def curve(qtbot):
    made = RateCurve(figure)
    qtbot.addWidget(made)
    made.resize(300, 120)
    made.set_colors(**{name: QColor(color) for name, color in COLORS.items()})
    made.set_points(RATES, LOSSES, 0.01)
    return made


def test_equal_ratios_of_the_rate_are_equal_ways(curve):
    places = [curve._place(rate, 1.0).x() for rate in RATES]
    ways = [after - before for before, after in itertools.pairwise(places)]
    assert ways == pytest.approx([ways[0]] * len(ways))


def test_a_loss_that_breaks_down_does_not_flatten_the_rest(curve):
    top, low = curve._place(10.0, 90.0).y(), curve._place(0.1, 0.6).y()
    assert top == curve._field().top()
    assert low == curve._field().bottom()
    assert curve._place(1e-6, 2.3).y() < (top + low) / 1.5


def test_the_suggested_rate_is_marked(curve):
    def is_marked():
        column, image = round(curve._place(0.01, 1.0).x()), curve.grab().toImage()
        pixels = [image.pixelColor(x, y) for x in range(column - 2, column + 3) for y in range(5, 90)]
        return any(pixel.green() > 150 and pixel.red() < 120 and pixel.blue() < 120 for pixel in pixels)

    assert is_marked()
    curve.set_points(RATES, LOSSES)
    assert not is_marked()


def test_one_point_and_none_are_no_curve(curve):
    for count in (0, 1):
        curve.set_points(RATES[:count], LOSSES[:count])
        curve.grab()


def test_all_losses_alike_have_a_place(curve):
    curve.set_points(RATES, [1.0] * len(RATES))
    assert curve._place(1.0, 1.0).y() == curve._field().bottom()
    curve.grab()


def test_the_pointer_tells_rate_and_loss(curve, monkeypatch):
    said = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, _widget: said.append(text))
    at = curve._place(0.01, 0.8).toPoint()
    curve.event(QHelpEvent(QHelpEvent.Type.ToolTip, at, QPoint(0, 0)))
    assert said == ["0.01: 0.8"]
