"""Plots: names, values at the cursor, powers of ten, and what a person moves."""

from math import ceil

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics

from cnn_studio.gui.widgets.plot import Line, Plot

BLUE, RED = QColor("#4c8dff"), QColor("#e5484d")


@pytest.fixture
def plot(qtbot):
    made = Plot("{:.3g}".format, "{:g}".format, from_zero=True)
    qtbot.addWidget(made)
    made.set_names("loss", "epoch")
    made.resize(400, 200)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    x = np.arange(101.0)
    made.set_lines([Line("thin", x, 100 - x, BLUE), Line("thick", x[::10], x[::10] / 2, RED, 2.4, True)])
    return made


def test_all_is_shown_with_names(plot):
    assert plot.seen == (0.0, 100.0)
    (_across, (low, high)) = plot._box.viewRange()
    assert low == 0
    assert 100 < high < 110
    assert "thin" in plot.legend.text()
    assert "thick" in plot.legend.text()
    assert plot.accessibleName() == "loss"


def test_the_axes_of_growing_lines_stay_until_they_are_full(plot):
    seen = []
    for count in range(200, 400):
        x = np.arange(float(count))
        plot.set_lines([Line("thin", x, 100 - x / 400, BLUE)], growing=True)
        across, up = plot._box.viewRange()
        assert across[0] <= 0
        assert count - 1 <= across[1] <= 1.12 * count
        assert up[0] <= 99
        assert up[1] >= 100
        seen.append(tuple(across))
    assert len(set(seen)) < 20
    plot.set_lines(plot.lines)
    assert plot.seen == (0.0, 398.0), "those that have ended fill it"


@pytest.mark.parametrize("size", [60, 120, 170, 250, 400, 900])
@pytest.mark.parametrize("high", [0.0983, 0.1, 0.37, 1, 2.6, 7, 40, 250, 1999])
def test_numbers_below_a_plot_stand_apart(plot, size, high):
    axis = plot._axes["bottom"]
    measure = QFontMetrics(plot.font())
    for low in (0, 0.013 * high, 0.9 * high):
        ((step, _offset),) = axis.tickSpacing(low, high, size)
        ticks = [step * number for number in range(ceil(low / step), int(high / step) + 1)]
        texts = axis.tickStrings(ticks, 1, step)
        room = step / (high - low) * size
        assert len(ticks) < 2 or max(map(measure.horizontalAdvance, texts)) + 10 < room
        digits = f"{step:.6e}".partition("e")[0].rstrip("0").rstrip(".")
        assert digits in {"1", "2", "5"}


def test_keys_move_the_cursor_and_values_are_told(qtbot, plot):
    plot.setFocus()
    heard: list[float] = []
    plot.cursor_moved.connect(heard.append)
    for _step in range(3):
        qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert heard == [1.0, 2.0, 3.0]
    assert [(line.name, x, y) for line, x, y in plot.values()] == [("thin", 3.0, 97.0), ("thick", 0.0, 0.0)]
    assert plot.accessibleDescription() == "thin 97, thick 0"
    assert not plot._values.isHidden()
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert plot._values.isHidden()


def test_enlarged_it_stays_where_it_is_until_all_is_asked_for(qtbot, plot):
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    left, right = plot.seen
    assert right - left == pytest.approx(80)
    x = np.arange(201.0)
    plot.set_lines([Line("thin", x, x, BLUE)])
    assert plot.seen == (left, right)
    assert plot.is_moved
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    assert plot.seen == (0.0, 200.0)


def test_by_powers_of_ten_what_is_not_above_zero_is_left_out(plot):
    plot.set_log(True)
    x = np.arange(4.0)
    plot.set_lines([Line("thin", x, np.array([0.0, 0.01, 1.0, 100.0]), BLUE)])
    low, high = plot._box.viewRange()[1]
    assert low == pytest.approx(-2.16)
    assert high == pytest.approx(2.16)
    drawn = plot._items[0].getData()[1]
    assert np.isnan(drawn[0])
    assert drawn[1:] == pytest.approx([-2, 0, 2])
    tenths = np.log10([0.01, 0.02, 0.03, 0.1, 100]).tolist()
    assert plot._axes["left"].tickStrings(tenths, 1, 1) == ["0.01", "", "", "0.1", "100"]
    plot.set_lines([Line("thin", x, np.array([0.0, 0.01, 0.02, 0.1]), BLUE)])
    assert plot._axes["left"].tickStrings(tenths, 1, 1) == ["0.01", "0.02", "", "0.1", "100"]


def test_a_long_line_costs_no_more_points_than_pixels(plot):
    x = np.arange(1_000_000.0)
    plot.set_lines([Line("thin", x, np.sin(x), BLUE)])
    assert len(plot._items[0].getData()[0]) < 3 * 400
    assert plot.cost > 0


def test_fewer_lines_leave_none_behind(plot):
    plot.set_lines(plot.lines[:1])
    assert [item.isVisible() for item in plot._items] == [True, False]
    assert "thick" not in plot.legend.text()
    plot.set_lines([])
    assert plot.legend.text() == ""
    assert plot.seen == (0.0, 1.0)
