"""Scale, histogram and bars of units."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from cnn_studio.gui.widgets.cells import filling_zoom, laid
from cnn_studio.gui.widgets.color_bar import ColorBar
from cnn_studio.gui.widgets.color_maps import viridis
from cnn_studio.gui.widgets.histogram import Histogram
from cnn_studio.gui.widgets.sheets import lines, strips
from cnn_studio.gui.widgets.unit_bars import UnitBars


def rgb(pixel: int) -> tuple[int, int, int]:
    color = QColor(pixel)
    return color.red(), color.green(), color.blue()


@pytest.fixture
def show(qtbot):
    def shown(widget, width=200, height=100):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        qtbot.waitExposed(widget)
        return widget

    return shown


def test_the_scale_goes_from_the_lowest_colour_to_the_highest(show):
    bar = show(ColorBar())
    bar.set_scale(viridis, "-1", "0", "1")
    image = bar.grab().toImage()
    assert rgb(image.pixel(0, 2)) == tuple(viridis[0])
    assert rgb(image.pixel(199, 2)) == tuple(viridis[255])
    assert bar.accessibleDescription() == "-1 0 1"


def test_rare_values_of_a_histogram_are_seen(show):
    bars = show(Histogram(), 100, 50)
    bars.set_counts([1, 0, 100_000, 0], [-2.0, -1.0, 0.0, 1.0, 2.0])
    image = bars.grab().toImage()
    lit = bars.palette().highlight().color()
    heights = [sum(QColor(image.pixel(12 + 25 * place, y)) == lit for y in range(49)) for place in range(4)]
    assert heights[1] == heights[3] == 0
    assert 1 <= heights[0] < heights[2]
    bars.say = lambda low, high, count, whole: f"{low} {high} {count} {whole}"
    event = QHelpEvent(QHelpEvent.Type.ToolTip, QPoint(60, 10), bars.mapToGlobal(QPoint(60, 10)))
    QApplication.sendEvent(bars, event)
    assert QToolTip.text() == "0.0 1.0 100000 100001"
    QToolTip.hideText()


def test_units_are_walked_and_pointed_at(show, qtbot):
    bars = show(UnitBars())
    bars.set_values([1.0, -2.0, float("nan"), 3.0], ["a", "b", "c", "d"])
    told: list[Any] = []
    under: list[Any] = []
    bars.current_changed.connect(told.append)
    bars.hovered.connect(under.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Home):
        qtbot.keyClick(bars, key)
    assert told == [0, 1, 3, 0]
    qtbot.mouseMove(bars, QPoint(4 + 28 + 5, 50))
    qtbot.mouseMove(bars, QPoint(190, 50))
    assert under == [1, -1]
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(4 + 28 + 5, 50))
    assert bars.current == 1
    bars.grab()
    bars.set_values([], [])
    assert bars.current == -1
    bars.grab()


def test_pictures_grow_while_all_of_them_have_room():
    assert filling_zoom(4, (10, 10), 20, (200, 200), captions=False) == 9
    assert filling_zoom(100, (10, 10), 20, (200, 200), captions=False) == 2
    assert filling_zoom(1, (300, 200), 30, (500, 500), captions=False) == 0.1
    cells = laid(7, (10, 20), 2, 100, captions=True)
    assert (cells.width, cells.height, cells.columns) == (40, 20, 2)
    assert [cells.at(*cells.place(index)) for index in range(7)] == list(range(7))
    assert cells.at(1, 1) == -1


def test_lines_and_strips():
    picture = lines(np.array([[0.0, 1.0, -1.0, 0.0]]), np.array([-1.0]), np.array([1.0]), 4, 5)[0]
    assert picture.T.tolist() == [
        [0, 0, 255, 0, 0], [255, 0, 128, 0, 0], [0, 0, 128, 0, 255], [0, 0, 255, 0, 0],
    ]  # fmt: skip
    assert lines(np.random.default_rng(0).random((3, 1000)), np.zeros(3), np.ones(3), 64, 20).shape == (3, 20, 64)
    strip = strips(np.arange(8, dtype=np.uint8).reshape(1, 2, 2, 2))
    assert strip.tolist() == [[[0, 1, 0, 4, 5], [2, 3, 0, 6, 7]]]
