"""Widgets in lines like words: each in the middle of its line, a new line where the width ends."""

import pytest
from PySide6.QtWidgets import QWidget

from cnn_studio.gui.widgets.flow_layout import FlowLayout


@pytest.fixture
def shown(qtbot):
    """Three widgets of different heights in a widget that is wide enough for two."""
    outside = QWidget()
    qtbot.addWidget(outside)
    flow = FlowLayout(outside, 10)
    made = []
    for size in ((60, 20), (80, 40), (100, 30)):
        part = QWidget()
        part.setFixedSize(*size)
        flow.addWidget(part)
        made.append(part)
    outside.resize(160, 200)
    with qtbot.waitExposed(outside):
        outside.show()
    return outside, made


def test_a_new_line_begins_where_the_width_ends(shown):
    outside, parts = shown
    assert [part.x() for part in parts] == [0, 70, 0]
    assert outside.layout().heightForWidth(160) == 40 + 10 + 30


def test_each_stands_in_the_middle_of_its_line(shown):
    _outside, parts = shown
    assert [part.y() for part in parts] == [10, 0, 50]


def test_what_is_hidden_takes_no_room(shown, qtbot):
    _outside, parts = shown
    parts[1].hide()
    qtbot.waitUntil(lambda: parts[2].y() == 30)
    assert parts[0].y() == 0
