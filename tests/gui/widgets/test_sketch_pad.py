"""The pad keeps every point of a stroke, paints only where something was drawn, and can be used by any hand."""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDropEvent,
    QImage,
    QInputDevice,
    QKeySequence,
    QMouseEvent,
    QPaintEvent,
    QPointingDevice,
    QTabletEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cnn_studio.gui.widgets.sketch_pad import FAR_STEP, NEAR_STEP, UNITS, SketchPad
from cnn_studio.gui.widgets.strokes import Line, steadied

LEFT, RIGHT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.NoButton


@pytest.fixture
def pad(qtbot):
    made = SketchPad()
    qtbot.addWidget(made)
    made.resize(UNITS + 2, UNITS + 2)
    made.set_colors(QColor("white"), QColor("black"), QColor("grey"), QColor("blue"))
    with qtbot.waitExposed(made):
        made.show()
    return made


def mouse(pad, kind, x, y, button=LEFT):
    changed, held = (NONE if kind == QEvent.Type.MouseMove else button), button
    if kind == QEvent.Type.MouseButtonRelease:
        held = NONE
    place = pad.to_widget(x, y)
    event = QMouseEvent(kind, place, pad.mapToGlobal(place), changed, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(pad, event)


def drag(pad, points: Sequence[tuple[float, float]], button=LEFT):
    mouse(pad, QEvent.Type.MouseButtonPress, *points[0], button)
    for x, y in points[1:]:
        mouse(pad, QEvent.Type.MouseMove, x, y, button)
    mouse(pad, QEvent.Type.MouseButtonRelease, *points[-1], button)


def places(line):
    return [(round(x, 3), round(y, 3)) for x, y, _pressure in line.points]


def ink(pad, x, y):
    return pad.grab().toImage().pixelColor(pad.to_widget(x, y).toPoint()).lightness() < 128


FAST = [(20 + 3 * step, 140 + (step * 37) % 90) for step in range(80)]


def test_no_point_of_a_fast_stroke_is_lost(pad):
    drag(pad, FAST)
    assert places(pad.lines[0]) == FAST


def test_movements_between_two_frames_are_told_while_a_pad_is_in_sight(pad):
    attribute = Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents
    assert not QCoreApplication.testAttribute(attribute)
    pad.hide()
    assert QCoreApplication.testAttribute(attribute)


def test_only_where_something_was_drawn_is_painted(pad, qtbot):
    mouse(pad, QEvent.Type.MouseButtonPress, 50, 50)
    QApplication.processEvents()
    painted: list[QRect] = []
    usual = pad.paintEvent

    def watched(event: QPaintEvent) -> None:
        painted.append(event.rect())
        usual(event)

    pad.paintEvent = watched
    mouse(pad, QEvent.Type.MouseMove, 60, 55)
    qtbot.waitUntil(lambda: bool(painted))
    assert painted[0].contains(pad.to_widget(60, 55).toPoint())
    assert painted[0].width() < 60
    del pad.paintEvent
    pad.lift()


def test_what_is_drawn_is_seen_and_undone(pad):
    assert not ink(pad, 100, 100)
    drag(pad, [(60, 100), (140, 100)])
    drag(pad, [(100, 160), (100, 220)])
    assert ink(pad, 100, 100)
    assert ink(pad, 100, 200)
    pad.undo()
    assert ink(pad, 100, 100)
    assert not ink(pad, 100, 200)
    pad.clear()
    assert pad.is_empty
    pad.undo()
    assert ink(pad, 100, 100)
    pad.undo()
    pad.undo()
    assert pad.is_empty
    assert not pad.can_undo


def test_rubbing_out_with_the_eraser_and_the_right_button(pad):
    drag(pad, [(60, 100), (200, 100)])
    drag(pad, [(100, 80), (100, 120)], RIGHT)
    assert not ink(pad, 100, 100)
    pad.is_erasing = True
    drag(pad, [(180, 80), (180, 120)])
    assert not ink(pad, 180, 100)
    assert ink(pad, 140, 100)
    assert [line.erases for line in pad.lines] == [False, True, True]


def test_a_pen_with_pressure(pad):
    device = QPointingDevice(
        "pen", 1, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Pressure | QInputDevice.Capability.Position, 1, 1,
    )  # fmt: skip

    def send(kind, x, y, pressure):
        place = pad.to_widget(x, y)
        event = QTabletEvent(
            kind, device, place, pad.mapToGlobal(place), pressure, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier,
            LEFT, LEFT,
        )  # fmt: skip
        QApplication.sendEvent(pad, event)
        assert event.isAccepted()

    send(QEvent.Type.TabletPress, 40, 140, 0.2)
    send(QEvent.Type.TabletMove, 140, 140, 0.6)
    send(QEvent.Type.TabletMove, 240, 140, 1.0)
    send(QEvent.Type.TabletRelease, 240, 140, 0.0)
    assert [round(pressure, 2) for _x, _y, pressure in pad.lines[0].points] == [0.2, 0.6, 1.0]
    assert not ink(pad, 50, 147)
    assert ink(pad, 230, 147)


def test_a_finger_draws(pad):
    device = QTest.createTouchDevice()
    one, other = (pad.to_widget(x, 90).toPoint() for x in (60, 160))
    QTest.touchEvent(pad, device).press(0, one, pad)
    QTest.touchEvent(pad, device).move(0, other, pad)
    QTest.touchEvent(pad, device).release(0, other, pad)
    assert ink(pad, 110, 90)
    assert not pad.is_drawing


def test_the_keyboard_draws(pad, qtbot):
    pad.setFocus()
    qtbot.keyClick(pad, Qt.Key.Key_Left)
    qtbot.keyClick(pad, Qt.Key.Key_Space)
    for _time in range(4):
        qtbot.keyClick(pad, Qt.Key.Key_Down)
    qtbot.keyClick(pad, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(pad, Qt.Key.Key_Space)
    x, y = 140 - FAR_STEP, 140
    assert places(pad.lines[0]) == [*((x, y + FAR_STEP * step) for step in range(5)), (x + NEAR_STEP, y + 4 * FAR_STEP)]
    assert not pad.is_drawing
    with qtbot.waitSignal(pad.confirmed):
        qtbot.keyClick(pad, Qt.Key.Key_Return)
    qtbot.keySequence(pad, QKeySequence(QKeySequence.StandardKey.Undo))
    assert pad.is_empty
    pad.press(10, 10)
    pad.lift()
    qtbot.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.is_empty


def test_leaving_the_pad_lifts_the_pen(pad):
    pad.setFocus()
    pad.press(10, 10)
    pad.clearFocus()
    assert not pad.is_drawing


def test_strokes_grow_with_the_pad(pad):
    drag(pad, [(60, 100), (200, 100)])
    before = [list(line.points) for line in pad.lines]
    pad.resize(500, 420)
    assert [list(line.points) for line in pad.lines] == before
    assert ink(pad, 130, 100)
    assert pad.heightForWidth(200) == 200


def test_what_is_dropped_is_told(pad, qtbot, tmp_path):
    def drop(data):
        event = QDropEvent(
            QPointF(50, 50), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier, QEvent.Type.Drop
        )
        pad.dropEvent(event)

    files, picture = QMimeData(), QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png"))])
    picture.setImageData(QImage(8, 8, QImage.Format.Format_RGB32))
    with qtbot.waitSignal(pad.files_dropped) as told:
        drop(files)
    assert told.args == [[str(tmp_path / "a.png")]]
    with qtbot.waitSignal(pad.image_dropped):
        drop(picture)


def test_smoothing_keeps_shape_and_ends():
    zigzag = [(float(x), 100.0 + (x % 2), 1.0) for x in range(50, 120)]
    smooth = steadied(zigzag)
    assert len(smooth) == len(zigzag)
    assert (smooth[0], smooth[-1]) == (zigzag[0], zigzag[-1])
    assert max(abs(y - 100.5) for _x, y, _p in smooth[2:-2]) < 0.3
    corner = [(float(x), 50.0, 1.0) for x in range(0, 100, 5)] + [(95.0, float(y), 1.0) for y in range(55, 150, 5)]
    assert (95.0, 50.0, 1.0) in steadied(corner)
    assert all(hypot(a[0] - b[0], a[1] - b[1]) < 1 for a, b in zip(steadied(corner), corner, strict=True))
    fast = [(0.0, 0.0, 1.0), (80.0, 10.0, 1.0), (20.0, 90.0, 1.0)]
    assert steadied(fast) == fast
    assert steadied(fast[:1]) == fast[:1]
    assert all(a != b for a, b in pairwise(smooth))


def test_nothing_is_strange(pad):
    drag(pad, [(-4000, 90), (9000, 120)])
    mouse(pad, QEvent.Type.MouseMove, 10, 10)
    pad.show_lines([Line(10.0, points=[(5.0, 5.0, 1.0)])])
    pad.grab()
    pad.undo()
    assert pad.mapFromGlobal(QPoint(0, 0)) is not None
