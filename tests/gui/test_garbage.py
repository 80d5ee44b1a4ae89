"""Garbage goes in the window's thread, and only there."""

import gc
import sys
import threading

import pytest

from cnn_studio.gui import garbage


class Cycle:
    """Garbage that says in which thread it went."""

    def __init__(self, heard: list[threading.Thread]) -> None:
        self.itself, self.heard = self, heard

    def __del__(self) -> None:
        self.heard.append(threading.current_thread())


@pytest.fixture
def thresholds():
    """Python collects often, as at the start of the program."""
    before = gc.get_threshold()
    gc.set_threshold(200, 3, 3)
    gc.enable()
    yield
    gc.disable()
    gc.set_threshold(*before)


def make(count: int, heard: list) -> None:
    for _one in range(count):
        Cycle(heard)


def test_what_a_thread_throws_away_is_collected_in_the_thread_of_the_window(thresholds, studio, qtbot):
    heard: list[threading.Thread] = []
    thread = threading.Thread(target=make, args=(1_000, heard))
    thread.start()
    thread.join()
    assert not heard, "collected where it was made"
    qtbot.waitUntil(lambda: len(heard) == 1_000, timeout=5_000)
    assert set(heard) == {threading.main_thread()}


def test_older_generations_have_their_turn(qapp, thresholds):
    gc.disable()
    for _time in range(200):
        make(250, [])
        garbage.sweep()
    counts = gc.get_count()
    assert counts[1] <= 5
    assert counts[2] <= 5


def test_nothing_is_looked_through_when_there_is_little(qapp, monkeypatch):
    monkeypatch.setattr(gc, "get_count", lambda: (600, 10, 10))
    monkeypatch.setattr(gc, "collect", lambda *_generation: pytest.fail("nothing was due"))
    garbage.sweep()


def test_everything_is_looked_through_when_a_window_has_gone(studio, qtbot):
    window = studio.new_window()
    with qtbot.waitSignal(window.filled):
        pass
    window.close_unasked()
    ages = []
    gc.callbacks.append(lambda _phase, facts: ages.append(facts["generation"]))
    try:
        qtbot.waitUntil(lambda: 2 in ages, timeout=5_000)
    finally:
        gc.callbacks.pop()


def test_what_a_library_made_is_set_aside_until_a_window_has_gone(studio, qtbot, monkeypatch):
    gc.unfreeze()
    heard: list[threading.Thread] = []
    make(10, heard)
    more = {f"library{number}": None for number in range(2 * garbage.MANY)}
    monkeypatch.setattr(sys, "modules", {**sys.modules, **more})
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0, timeout=5_000)
    gc.collect()
    assert not heard, "set aside, garbage or not"
    studio._sweeper.all_soon()
    qtbot.waitUntil(lambda: len(heard) == 10, timeout=5_000)
    gc.unfreeze()
