"""The grid of small pictures: where they stand, what is painted, keys, mouse and zoom."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication

from cnn_studio.gui.widgets.cells import EDGE
from cnn_studio.gui.widgets.color_maps import colored, diverging, grey, viridis
from cnn_studio.gui.widgets.image_grid import ImageGrid


def pictures(count=30, side=4):
    """Flat pictures, the first black."""
    return [np.full((side, side), 8 * number, np.uint8) for number in range(count)]


@pytest.fixture
def grid(qtbot):
    made = ImageGrid()
    qtbot.addWidget(made)
    made.set_side(40)
    made.resize(240, 200)
    made.show()
    qtbot.waitExposed(made)
    return made


def color_at(grid, point):
    return QColor(grid.viewport().grab().toImage().pixel(point))


def test_pictures_stand_in_rows_and_are_painted_in_their_greys(grid):
    grid.set_pictures(pictures())
    assert grid.zoom == 10
    assert grid.cell(0).top() == grid.cell(4).top() == EDGE
    assert grid.cell(5).left() == grid.cell(0).left()
    for index in (0, 3, 7):
        place = grid.cell(index)
        assert color_at(grid, place.center()).getRgb()[:3] == (8 * index,) * 3
        assert color_at(grid, place.bottomRight()).getRgb()[:3] == (8 * index,) * 3
        assert grid.at(place.center()) == index


def test_pixels_stay_sharp_and_square(grid):
    picture = np.array([[0, 255], [255, 0]], np.uint8)
    grid.set_pictures([picture])
    place = grid.cell(0)
    image = grid.viewport().grab().toImage()
    half = place.width() // 2
    for row in range(place.height()):
        for column in (0, half - 1, half, place.width() - 1):
            wanted = picture[row // half, column // half]
            assert QColor(image.pixel(place.left() + column, place.top() + row)).red() == wanted


def test_greys_go_through_a_table_and_colours_do_not(grid):
    grid.set_pictures([np.full((4, 4), 255, np.uint8), np.full((4, 4, 3), [1, 2, 3], np.uint8)])
    grid.set_table(viridis)
    assert color_at(grid, grid.cell(0).center()).getRgb()[:3] == tuple(viridis[255])
    assert color_at(grid, grid.cell(1).center()).getRgb()[:3] == (1, 2, 3)


def test_only_what_is_in_view_is_put_together_and_once(grid):
    many = [np.zeros((64, 64), np.uint8)] * 5000
    grid.set_pictures(many)
    grid.viewport().grab()
    image = grid._kept[1]
    assert image.height() <= grid.height() + 2 * 90
    grid.viewport().grab()
    assert grid._kept[1] is image


def test_cursor_keys_walk_and_bring_into_view(grid, qtbot):
    grid.set_pictures(pictures())
    told: list[Any] = []
    grid.current_changed.connect(told.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up):
        qtbot.keyClick(grid, key)
    assert told == [0, 1, 6, 5, 0]
    qtbot.keyClick(grid, Qt.Key.Key_End)
    assert grid.current == 29
    assert grid.viewport().rect().contains(grid.cell(29))
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert grid.current == 29
    with qtbot.waitSignal(grid.activated) as heard:
        qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert heard.args == [29]


def test_the_pointer_tells_picture_and_pixel(grid, qtbot):
    grid.set_pictures(pictures(), captions=[f"map {number}" for number in range(30)])
    told = []
    grid.hovered.connect(lambda *where: told.append(where))
    place = grid.cell(2)
    qtbot.mouseMove(grid.viewport(), place.topLeft() + QPoint(5, 25))
    qtbot.mouseMove(grid.viewport(), place.bottomLeft() + QPoint(5, 6))
    assert told == [(2, 2, 0), (-1, -1, -1)]
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
    assert grid.current == 2
    assert grid.accessibleDescription() == "map 2"


def wheel(grid, up):
    at = QPointF(20, 20)
    event = QWheelEvent(
        at, grid.viewport().mapToGlobal(at), QPoint(), QPoint(0, 120 if up else -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(grid.viewport(), event)


def test_ctrl_and_the_wheel_zoom(grid):
    grid.set_pictures(pictures())
    wheel(grid, up=True)
    assert grid.zoom == 12
    wheel(grid, up=False)
    wheel(grid, up=False)
    assert grid.zoom == 8
    assert grid.cell(0).width() == 32
    grid.set_zoom(None)
    assert grid.zoom == 10


def test_marks_are_a_colour_and_a_sign(grid):
    grid.set_pictures(pictures(3), marks=["wrong", "", "dead"])
    grid.set_mark_colors({"wrong": QColor("#ff0000")})
    assert color_at(grid, grid.cell(0).topLeft() + QPoint(10, 0)).getRgb()[:3] == (255, 0, 0)
    assert color_at(grid, grid.cell(1).topLeft() + QPoint(10, 0)).getRgb()[:3] == (8, 8, 8)


def test_fewer_marks_and_captions_than_pictures_do_no_harm(grid):
    grid.set_pictures(pictures(), captions=["one", "two"], marks=["wrong"])
    grid.viewport().grab()
    grid.set_marks(["", "", "right"])
    grid.viewport().grab()


def test_fewer_pictures_keep_the_frame_inside_and_none_is_drawn_of_none(grid):
    grid.set_pictures(pictures())
    grid.set_current(20)
    grid.set_pictures(pictures(5))
    assert grid.current == 4
    grid.set_pictures([])
    assert grid.current == -1
    assert grid.at(QPoint(10, 10)) == -1
    grid.viewport().grab()


def test_large_pictures_are_made_smaller(grid):
    grid.set_pictures([np.zeros((224, 112), np.uint8)] * 3)
    assert grid.cell(0).height() == 40
    assert grid.cell(0).width() == 20


def test_color_maps_have_their_ends_where_they_should():
    values = np.array([-2.0, 0.0, 2.0, np.nan])
    assert colored(values, 0, 2)[:3].tolist() == [viridis[0].tolist(), viridis[0].tolist(), viridis[255].tolist()]
    assert colored(values, -2, 2, diverging)[0].tolist() == diverging[0].tolist()
    assert np.ptp(diverging[128].astype(int)) <= 4
    assert grey[7].tolist() == [7, 7, 7]
