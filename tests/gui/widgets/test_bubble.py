"""A bubble beside what it points at: where it stands, what it says, and that it holds nothing up."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton, QWidget

from cnn_studio.gui import theme
from cnn_studio.gui.widgets.bubble import AROUND, Bubble, Ring, Words, beside
from cnn_studio.gui.widgets.main_button import MainButton

WINDOW = QRect(0, 0, 1280, 720)
SIZE = QSize(412, 180)


@pytest.fixture
def window(qtbot):
    made = QWidget()
    made.resize(1280, 720)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def bubble(window):
    made = Bubble(window, "tour")
    made.say(Words("A title", "A sentence that says a little more than the title does.", on="Next", leave="Leave"))
    made.show()
    return made


def sheet_of(place):
    return place.adjusted(AROUND, AROUND, -AROUND, -AROUND)


@pytest.mark.parametrize(
    ("area", "wish", "side"),
    [
        (QRect(600, 340, 80, 40), "", "above"),
        (QRect(600, 340, 80, 40), "left", "left"),
        (QRect(5, 5, 40, 20), "above", "right"),
        (QRect(5, 600, 400, 100), "below", "above"),
        (QRect(1100, 300, 150, 30), "right", "left"),
        (QRect(300, 45, 90, 26), "below", "below"),
    ],
)
def test_it_stands_beside_what_it_points_at(area, wish, side):
    found, place = beside(area, SIZE, WINDOW, wish)
    if wish or side != "above":
        assert found == side
    assert found
    assert not sheet_of(place).intersects(area)
    assert WINDOW.contains(sheet_of(place))


def test_where_there_is_no_room_it_stands_over_the_area_and_points_at_nothing():
    side, place = beside(QRect(10, 10, 1260, 700), SIZE, WINDOW)
    assert side == ""
    assert WINDOW.contains(sheet_of(place))


def test_it_stands_at_the_end_of_a_wide_area():
    area = QRect(100, 500, 700, 200)
    side, place = beside(area, SIZE, WINDOW, "above")
    assert side == "above"
    assert sheet_of(place).left() > area.center().x()
    assert sheet_of(place).left() < area.right() - 40
    _side, place = beside(QRect(100, 500, 1180, 200), SIZE, WINDOW, "above")
    assert WINDOW.contains(sheet_of(place))


def test_the_arrow_ends_where_the_area_is(bubble, window):
    for area in (QRect(20, 300, 30, 20), QRect(900, 20, 200, 30), QRect(600, 600, 20, 20)):
        bubble.point_at(area)
        picture = window.grab().toImage()
        grown, accent = area.adjusted(-9, -9, 9, 9), theme.current().accent
        touched = [
            (x, y)
            for x in range(grown.left(), grown.right())
            for y in range(grown.top(), grown.bottom())
            if not area.contains(x, y) and QColor(picture.pixel(x, y)) == accent
        ]
        assert touched, f"no arrow at {area}"


def test_without_a_place_it_stands_in_a_corner(bubble, window):
    bubble.point_at(None)
    corner = bubble.geometry()
    assert corner.right() < 1280
    assert corner.left() > 640
    window.resize(900, 600)
    bubble.renew_place()
    assert window.rect().contains(bubble.geometry())


def test_buttons_have_room_for_their_names(bubble):
    for name in ("Next", "Siguiente", "Do it for me, please"):
        bubble.say(Words("A title", on=name, back="Back", leave="Leave"))
        button = bubble.on_button
        font = button.font()
        font.setWeight(font.Weight.DemiBold)
        assert button.sizeHint().width() >= button.fontMetrics().horizontalAdvance(name) + 2 * theme.PADDING
    plain = MainButton("Next")
    assert plain.sizeHint() == QPushButton("Next").sizeHint()


def test_it_tells_what_was_pressed_by_mouse_and_by_key(bubble, qtbot):
    for button, signal in ((bubble.on_button, bubble.on), (bubble.leave_button, bubble.left)):
        with qtbot.waitSignal(signal):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        with qtbot.waitSignal(signal):
            qtbot.keyClick(button, Qt.Key.Key_Return)
    assert not bubble.back_button.isVisible(), "a button without a name is none"


def test_it_can_be_heard(bubble):
    bubble.say(Words("A title", "text", "task", spoken="Step 1 of 2. text task", on="Next"))
    assert bubble.accessibleName() == "A title"
    assert bubble.accessibleDescription() == "Step 1 of 2. text task"
    assert bubble.on_button.accessibleDescription() == bubble.accessibleDescription()


def test_a_longer_text_makes_it_higher(bubble, window):
    bubble.point_at(QRect(600, 300, 20, 20))
    low = bubble.height()
    bubble.say(Words("A title", "Many words. " * 40, "And something to do", on="Next"))
    assert bubble.height() > low + 60
    assert window.rect().contains(sheet_of(bubble.geometry()))


def test_clicks_go_through_the_frame(window, qtbot):
    below = QPushButton("below", window)
    below.setGeometry(100, 100, 120, 40)
    below.show()
    ring = Ring(window, "ring")
    ring.surround(below.geometry())
    ring.raise_()
    assert window.childAt(QPoint(160, 120)) is below
    ring.surround(None)
    assert not ring.isVisible()
