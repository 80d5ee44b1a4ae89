"""Bars with names: values, comparison, rows by mouse and keyboard."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from cnn_studio.gui.widgets.bars import ROW, Bars
from cnn_studio.gui.widgets.pixels import Pixels


@pytest.fixture
def bars(qtbot):
    made = Bars()
    qtbot.addWidget(made)
    made.set_colors(best=QColor("blue"), bar=QColor("red"), other=QColor("orange"), track=QColor("white"))
    made.set_bars(("circle", "square", "a name that is much too long to be written"), [0.7, 0.2, 0.1], 0)
    made.resize(300, made.sizeHint().height())
    with qtbot.waitExposed(made):
        made.show()
    return made


def widths(bars, color):
    picture = bars.grab().toImage()
    wanted = QColor(color).rgb()
    return [
        sum(picture.pixelColor(x, row * ROW + ROW // 2 - 3).rgb() == wanted for x in range(picture.width()))
        for row in range(len(bars.names))
    ]


def test_the_bars_are_as_long_as_the_shares(bars):
    assert bars.height() == 3 * ROW
    best, rest = widths(bars, "blue"), widths(bars, "red")
    assert best[0] > 3 * rest[1] > 0
    assert rest[1] == pytest.approx(2 * rest[2], abs=3)
    assert best[1] == rest[0] == 0


def test_strange_numbers_are_none(bars):
    bars.set_bars(bars.names, [float("nan"), 2.0, -1.0], -1)
    assert widths(bars, "red") == [0, 0, 0]
    bars.set_bars(("a",), [])
    bars.grab()


def test_words_of_a_row(bars):
    assert bars.row_text(0) == "circle: 70.0 %"
    bars.set_others([0.1, 0.9, 0.0])
    assert bars.row_text(1) == "square: 20.0 % (90.0 %)"
    bars.set_bars(bars.names, [1, 0.5, 0], -1, ("8", "4", "0"))
    bars.set_others(())
    assert bars.row_text(0) == "circle: 8"


def test_rows_are_chosen_with_mouse_and_keys(bars, qtbot):
    with qtbot.waitSignal(bars.current_changed) as told:
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(20, ROW + 5))
    assert told.args == [1]
    bars.setFocus()
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    assert bars.current == 2
    qtbot.keyClick(bars, Qt.Key.Key_Up)
    assert bars.current == 1


def test_pixels_stay_square(qtbot):
    picture = Pixels(84)
    qtbot.addWidget(picture)
    picture.resize(picture.sizeHint())
    picture.set_picture(np.arange(28 * 28, dtype=np.uint8).reshape(28, 28), (2, 2, 10, 12))
    place = picture._place()
    assert (place.width(), place.height()) == (84, 84)
    told = []
    picture.hovered.connect(lambda row, column: told.append((row, column)))
    qtbot.mouseMove(picture, QPoint(place.x() + 4, place.y() + 80))
    picture.show()
    qtbot.mouseMove(picture, QPoint(place.x() + 7, place.y() + 80))
    assert told[-1] == (26, 2)
    for shape in ((100, 20), (3, 300, 3), (1, 1)):
        picture.set_picture(np.zeros(shape, np.uint8))
        picture.grab()
    picture.set_picture(None)
    assert picture.is_empty
    picture.close()
