"""Every control of the window can be found by screen readers and by tests, and nothing of a closed window stays."""

import gc
import weakref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from cnn_studio.i18n import languages

CONTROLS = (QAbstractButton, QComboBox, QAbstractSpinBox, QAbstractItemView, QPlainTextEdit, QLineEdit)


def is_part_of_another(widget):
    """Whether Qt made it as a part of a control that has a name of its own."""
    parent = widget.parent()
    while isinstance(parent, QWidget):
        if isinstance(parent, (QComboBox, QAbstractSpinBox, QScrollBar, QAbstractItemView)):
            return True
        if isinstance(parent, QLineEdit) and isinstance(widget, QAbstractButton):
            return True
        parent = parent.parent()
    return widget.objectName().startswith("qt_")


def nameless(top):
    return [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in top.findChildren(QWidget)
        if isinstance(widget, CONTROLS) and not is_part_of_another(widget)
        if not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
    ]


@pytest.mark.parametrize("language", list(languages()))
def test_every_control_has_a_name(window, studio, qtbot, language):
    studio.change_settings(language=language)
    qtbot.waitUntil(lambda: window.welcome.is_loaded)
    assert not nameless(window)
    window.open_starter("lenet5")
    for name in window.docks.docks:
        window.docks.docks[name].show()
    window.workspace.select(["conv1"])
    assert not nameless(window)


@pytest.mark.parametrize(
    "action", ["help.about", "help.guide", "help.shortcuts", "help.chosen", "help.commands", "edit.rename_project"]
)
def test_every_control_of_a_dialog_has_a_name(lenet, action):
    lenet.actions_[action].trigger()
    dialog = next(dialog for dialog in lenet.findChildren(QDialog) if dialog.isVisible())
    assert dialog.accessibleName()
    assert not nameless(dialog)
    dialog.close()


def test_controls_can_be_told_apart(lenet):
    for name in lenet.docks.docks:
        lenet.docks.docks[name].show()
    names = [widget.objectName() for widget in lenet.findChildren(QAbstractButton) if widget.objectName()]
    ours = [name for name in names if not name.startswith("qt_") and "Scroll" not in name and "." in name]
    assert len(ours) == len(set(ours)), sorted(name for name in ours if ours.count(name) > 1)


def test_a_closed_window_leaves_no_trace(studio, qtbot):
    window = studio.new_window()
    with qtbot.waitSignal(window.filled):
        pass
    window.open_starter("lenet5")
    gone = weakref.ref(window.workspace)
    window.close_unasked()
    del window
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert gone() is None
