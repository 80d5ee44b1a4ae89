"""The tour: taken from end to end with a real training, left at every step, and in no one's way."""

import gc
import weakref
from time import perf_counter
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from cnn_studio.core import edits
from cnn_studio.core.settings import folders, read_settings
from cnn_studio.engine.datasets.base import TEST, TRAIN
from cnn_studio.engine.datasets.digits import Digits
from cnn_studio.gui import tour_steps
from cnn_studio.gui.problem_cards import FixButton
from cnn_studio.gui.tour import begin, tour_of
from cnn_studio.gui.tour_steps import STEPS
from cnn_studio.gui.training import IDLE
from cnn_studio.i18n import _, languages

NAMES = [step.name for step in STEPS]


@pytest.fixture(autouse=True)
def few_digits(monkeypatch):
    """Of the bundled digits a few are drawn."""
    monkeypatch.setattr(Digits, "counts", {TRAIN: 1000, TEST: 200})


def begun(studio, window, qtbot):
    studio.start_tour(window)
    tour = tour_of(window)
    assert tour is not None
    plan = window.workspace.plan
    fixed = {"precision": "fp32", "threads": 1, "device": "cpu", "memory_format": "channels_first"}
    window.workspace.set_plan(plan.model_copy(update={"epochs": 1, "subset": 400, **fixed}))
    pointed(tour, qtbot)
    return tour


def pointed(tour, qtbot):
    """Wait until the bubble points at what it tells of; where that is in the window."""
    qtbot.waitUntil(lambda: tour.bubble._area is not None and tour.ring.isVisible() and not tour._missing)
    return tour.bubble._area


def press(tour, qtbot, button="on_button"):
    qtbot.mouseClick(getattr(tour.bubble, button), Qt.MouseButton.LeftButton)


def at(tour, name, qtbot):
    qtbot.waitUntil(lambda: tour.step.name == name, timeout=20_000)
    area = pointed(tour, qtbot)
    assert tour.bubble.isVisible()
    assert not tour.bubble.geometry().adjusted(14, 14, -14, -14).intersects(area), name


@pytest.fixture
def touring(studio, window, qtbot):
    window.resize(1280, 720)
    return begun(studio, window, qtbot)


def test_the_whole_tour_is_taken_by_hand(studio, window, qtbot):
    window.resize(1280, 720)
    qtbot.mouseClick(window.welcome.tour_card, Qt.MouseButton.LeftButton)
    tour: Any = tour_of(window)
    fixed = {"precision": "fp32", "threads": 1, "device": "cpu", "memory_format": "channels_first"}
    workspace = window.workspace
    workspace.set_plan(workspace.plan.model_copy(update={"epochs": 1, "subset": 400, **fixed}))
    at(tour, "layers", qtbot)
    assert "24×24×16" in tour.bubble.words.text
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=card(window, "conv1"))
    at(tour, "field", qtbot)
    box = window.docks.panel("properties").layers.form.rows["kernel"].editor.controls()[0]
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "9")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tour.bubble.words.done)
    assert "= 20" in tour.bubble.words.text
    press(tour, qtbot)
    at(tour, "mistake", qtbot)
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=card(window, "flatten"))
    window.actions_["edit.delete"].trigger()
    at(tour, "repair", qtbot)
    qtbot.waitUntil(lambda: bool(window.docks.panel("problems").findChildren(FixButton)))
    qtbot.mouseClick(window.docks.panel("problems").findChildren(FixButton)[0], Qt.MouseButton.LeftButton)
    at(tour, "train", qtbot)
    qtbot.mouseClick(window.tool_bar.run.train, Qt.MouseButton.LeftButton)
    at(tour, "curves", qtbot)
    press(tour, qtbot)
    at(tour, "pictures", qtbot)
    qtbot.waitUntil(lambda: workspace.training.state == IDLE and workspace.training.run is not None, timeout=60_000)
    qtbot.waitUntil(lambda: window.canvas.thumbnails.has("conv1"), timeout=20_000)
    press(tour, qtbot)
    at(tour, "kernels", qtbot)
    press(tour, qtbot)
    at(tour, "draw", qtbot)
    pad = window.docks.panel("pad").pad
    pad.press(80, 70)
    for step in range(12):
        pad.move_to(80 + 10 * step, 70 + 3 * step)
    pad.lift()
    qtbot.waitUntil(lambda: tour.bubble.words.done, timeout=20_000)
    digit = tour_steps.answer(window)["digit"]
    assert f"a {digit}:" in tour.bubble.words.text
    press(tour, qtbot)
    at(tour, "save", qtbot)
    press(tour, qtbot)
    assert tour_of(window) is None
    assert "Help" in window.toast.text
    assert window.canvas.hasFocus() or QApplication.focusWidget() is not None


def card(window, name):
    box = window.canvas.view.box_on_screen(window.canvas.scene.cards[name].box)
    return QPoint(round(box.left + 20), round(box.top + 12))


def test_everything_is_done_for_a_person_who_only_presses_the_button(touring, window, qtbot):
    tour, seen = touring, []
    for _time in range(2 * len(STEPS)):
        if tour_of(window) is None:
            break
        seen.append(tour.step.name)
        pointed(tour, qtbot)
        qtbot.keyClick(tour.bubble.on_button, Qt.Key.Key_Return)
        if tour.step.name == "draw":
            qtbot.waitUntil(lambda: not window.workspace.drawing.is_waiting, timeout=20_000)
    assert tour_of(window) is None
    assert list(dict.fromkeys(seen)) == NAMES
    assert not window.workspace.document.diagnosis.errors
    assert window.workspace.document.graph.nodes["conv1"].layer.kernel != 5


@pytest.mark.parametrize("way", ["Esc", "button"])
def test_it_is_left_at_every_step(touring, window, qtbot, way):
    tour = touring
    for number, step in enumerate(STEPS):
        tour.show_step(number)
        qtbot.waitUntil(tour.bubble.isVisible)
        if way == "Esc":
            qtbot.keyClick(tour.bubble.on_button, Qt.Key.Key_Escape)
        else:
            press(tour, qtbot, "leave_button" if number + 1 < len(STEPS) else "on_button")
        assert tour_of(window) is None, step.name
        assert not [one for one in window.findChildren(QWidget) if one.objectName() == "tour" and one.isVisible()]
        assert QApplication.activeModalWidget() is None
        window.actions_["view.fit"].trigger()
        tour = begin(window)


# -- ways to leave -----------------------------------------------------------------------------------------------------


def test_esc_on_the_canvas_leaves(touring, window, qtbot):
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert tour_of(window) is None


def test_esc_takes_back_what_is_typed_before_it_leaves(touring, window, qtbot):
    touring.show_step(NAMES.index("field"))
    pointed(touring, qtbot)
    box = window.docks.panel("properties").layers.form.rows["kernel"].editor.controls()[0]
    window.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    box.selectAll()
    qtbot.keyClicks(box, "7")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert tour_of(window) is touring
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: tour_of(window) is None)


def test_another_network_ends_it(touring, window):
    window.open_starter("lenet5")
    assert tour_of(window) is None


def test_a_window_that_closes_ends_it(touring, window, qtbot):
    with qtbot.waitSignal(touring.ended):
        window.close_unasked()


# -- in no one's way ---------------------------------------------------------------------------------------------------


def test_who_goes_elsewhere_finds_it_at_the_edge_and_goes_on(touring, window, qtbot):
    touring.show_step(NAMES.index("field"))
    pointed(touring, qtbot)
    window.show_workspace("data")
    qtbot.waitUntil(lambda: touring.bubble.words.on == _("Go on"))
    assert not touring.ring.isVisible()
    assert window.docks.current == "data"
    press(touring, qtbot)
    pointed(touring, qtbot)
    assert window.docks.current == "build"
    assert touring.step.name == "field"


def test_a_panel_that_was_put_away_is_opened(touring, window, qtbot):
    window.docks.docks["properties"].close()
    touring.show_step(NAMES.index("field"))
    pointed(touring, qtbot)
    assert window.docks.docks["properties"].isVisible()


def test_a_panel_in_a_window_of_its_own_is_told_of_without_an_arrow(touring, window, qtbot):
    window.show_workspace("draw")
    window.docks.docks["pad"].setFloating(True)
    touring.show_step(NAMES.index("draw"))
    qtbot.waitUntil(lambda: touring.bubble._area is None)
    assert not touring.ring.isVisible()
    press(touring, qtbot)
    assert touring.bubble.words.task
    window.docks.docks["pad"].setFloating(False)
    pointed(touring, qtbot)


def test_a_layer_that_is_gone_does_not_stop_it(touring, window, qtbot):
    document = window.workspace.document
    document.edit(edits.remove(document.graph, ["conv1"]))
    for number in range(len(STEPS)):
        touring.show_step(number)
        for _look in range(20):
            touring.look()
    qtbot.waitUntil(touring.bubble.isVisible)
    press(touring, qtbot)
    assert tour_of(window) is None


@pytest.mark.parametrize("left", [(), ("input",), ("input", "dense", "output")])
def test_help_is_offered_whatever_is_left_of_the_network(touring, window, left):
    document = window.workspace.document
    for number in range(len(STEPS) - 1):
        document.edit(edits.remove(document.graph, [one for one in document.graph.nodes if one not in left]))
        touring.show_step(number)
        touring.go_on()
        touring.look()
    assert tour_of(window) is touring


def test_back_leads_back_and_does_not_hurry_on(touring, window, qtbot):
    press(touring, qtbot)
    at(touring, "field", qtbot)
    press(touring, qtbot, "back_button")
    for _look in range(5):
        touring.look()
    assert touring.step.name == "layers"
    assert touring.bubble.words.on == _("Next")


def test_it_speaks_the_language_of_the_moment(touring, studio, window):
    for language in languages():
        studio.change_settings(language=language)
        for number, step in enumerate(STEPS[:4]):
            touring.show_step(number)
            assert touring.bubble.words.title == _(step.title)
            assert "{" not in touring.bubble.words.text
    assert tour_of(window) is touring


def test_it_keeps_what_it_points_at_when_the_window_gets_smaller(touring, window, qtbot):
    for size in ((900, 600), (1400, 900), (720, 480)):
        window.resize(*size)
        for number in range(len(STEPS)):
            touring.show_step(number)
            QApplication.processEvents()
            touring.look()
            place = touring.bubble.geometry().adjusted(14, 14, -14, -14)
            assert window.rect().contains(place), (size, STEPS[number].name, place)


def test_the_keyboard_is_not_taken_from_the_canvas(touring, window, qtbot):
    window.canvas.setFocus()
    window.workspace.select(["conv1"])
    at(touring, "field", qtbot)
    assert window.canvas.hasFocus()


def test_a_look_costs_next_to_nothing(touring):
    for number, step in enumerate(STEPS):
        touring.show_step(number)
        times = []
        for _time in range(20):
            start = perf_counter()
            touring.look()
            times.append(perf_counter() - start)
        assert min(times) < 0.004, step.name


# -- when it is offered ------------------------------------------------------------------------------------------------


def test_who_took_it_is_not_asked_again(touring, studio, window):
    assert read_settings(folders().config / "settings.json").tour == "taken"
    other = studio.new_window()
    assert other.welcome.tour_card.isHidden()
    assert not other.welcome.draw_card.isHidden()


def test_who_declines_is_not_asked_again(studio, window, qtbot):
    qtbot.waitUntil(window.welcome.tour_card.isVisible)
    qtbot.mouseClick(window.welcome.tour_card.close_button, Qt.MouseButton.LeftButton)
    assert window.welcome.tour_card.isHidden()
    assert read_settings(folders().config / "settings.json").tour == "declined"
    assert window.is_welcoming
    window.actions_["help.tour"].trigger()
    assert tour_of(window) is not None


def test_one_tour_at_a_time(touring, studio, window):
    before = list(studio.windows)
    window.actions_["help.tour"].trigger()
    assert studio.windows == before
    assert tour_of(window) is touring


def test_a_window_with_a_network_of_ones_own_is_left_alone(lenet, studio):
    lenet.actions_["help.tour"].trigger()
    assert tour_of(lenet) is None
    other = next(window for window in studio.windows if window is not lenet)
    assert tour_of(other) is not None


def test_other_keys_pass(touring, window):
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
    assert not touring.eventFilter(window.canvas, event)


@pytest.mark.parametrize("way", ["left", "closed"])
def test_nothing_of_it_stays(studio, qtbot, way):
    window = studio.new_window()
    with qtbot.waitSignal(window.filled):
        pass
    studio.start_tour(window)
    tour: Any = tour_of(window)
    gone = weakref.ref(tour), weakref.ref(window.workspace)
    if way == "left":
        tour.leave()
    del tour
    window.close_unasked()
    del window
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert [one() for one in gone] == [None, None]
