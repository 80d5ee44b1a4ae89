"""Threads: results come back here, of waiting questions only the latest is answered, and the end is an end."""

import threading
import weakref
from typing import Any

import pytest

from cnn_studio.engine import headway
from cnn_studio.engine.datasets.base import DataError
from cnn_studio.gui import runner
from cnn_studio.gui.runner import HASTE, TICK, Feed, Lane


@pytest.fixture
def lane(qtbot):
    made = Lane("lane")
    yield made
    made.end()
    assert not [thread for thread in threading.enumerate() if thread.name == "lane"]


@pytest.fixture
def gate():
    made = threading.Event()
    yield made
    made.set()


def test_a_job_is_done_elsewhere_and_told_here(lane, qtbot):
    here, told = threading.current_thread(), []
    lane.ask("who", threading.current_thread, lambda there: told.append((there, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(told))
    (worker, listener), *_rest = told
    assert worker is not here
    assert listener is here
    assert not lane.is_busy


def test_of_waiting_jobs_of_one_key_only_the_latest_is_done(lane, qtbot, gate):
    told = []
    lane.ask("first", gate.wait, lambda _done: told.append("first"))
    for number in range(5):
        lane.ask("look", lambda number=number: number, told.append)
    lane.ask("other", lambda: "other", told.append)
    gate.set()
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert told == ["first", 4, "other"]


def test_a_dropped_job_is_not_told(lane, qtbot, gate):
    told, busy = [], []
    lane.busy_changed.connect(lambda: busy.append(lane.is_busy))
    lane.ask("look", gate.wait, lambda _done: told.append("look"))
    lane.ask("wait", lambda: 1, told.append)
    lane.drop("look")
    lane.drop("wait")
    gate.set()
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert told == []
    assert busy[-1] is False


def test_how_far_a_job_is_is_told_and_a_dropped_one_ends(lane, qtbot, gate):
    def count():
        for number in range(1, 4):
            headway.tell(number, 3)
        gate.wait(5)
        headway.tell(4, 4)
        return "done"

    shares: list[Any] = []
    told: list[Any] = []
    over: list[Any] = []
    lane.ask("count", count, told.append, heard=shares.append)
    qtbot.waitUntil(lambda: len(shares) == 3)
    assert shares == pytest.approx([1 / 3, 2 / 3, 1])
    lane.drop("count")
    gate.set()
    lane.ask("next", lambda: "next", over.append)
    qtbot.waitUntil(lambda: over == ["next"])
    assert told == []
    assert not lane.is_busy


def test_what_the_engine_refuses_is_a_sentence(lane, qtbot):
    def refuse():
        raise DataError("the folder {name} is empty", name="x")

    told = []
    lane.ask("data", refuse, lambda _done: told.append("done"), told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["The folder x is empty."]


def test_a_mistake_of_the_studio_is_raised_here(lane, qtbot):
    def break_down():
        raise KeyError("mistake")

    with qtbot.captureExceptions() as caught:
        lane.ask("data", break_down, lambda _done: None, lambda _sentence: None)
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is KeyError
    assert not lane.is_busy or not lane._waiting


def test_nothing_is_told_after_the_end(qtbot):
    lane = Lane("lane")
    told: list[Any] = []
    lane.ask("look", lambda: 1, told.append)
    lane.end()
    lane.ask("look", lambda: 2, told.append)
    qtbot.waitUntil(lambda: not [thread for thread in threading.enumerate() if thread.name == "lane"])
    assert told == []


def events_of(feed):
    heard: list[Any] = []
    ends: list[Any] = []
    feed.came.connect(heard.extend)
    feed.ended.connect(ends.append)
    return heard, ends


def test_a_feed_tells_everything_in_order_and_then_its_end(qtbot):
    feed = Feed(lambda _tell: iter(range(1000)), "feed")
    heard, ends = events_of(feed)
    feed.start()
    qtbot.waitUntil(lambda: feed.is_over)
    assert heard == list(range(1000))
    assert ends == [""]


def test_a_feed_that_is_refused_says_why(qtbot):
    def refused(tell):
        tell(0)
        yield 1
        raise DataError("gone")

    feed = Feed(refused, "feed")
    heard, ends = events_of(feed)
    feed.start()
    qtbot.waitUntil(lambda: feed.is_over)
    assert (heard, ends) == ([0, 1], ["Gone."])


def test_a_feed_that_is_waited_for_tells_what_came(qtbot):
    feed = Feed(lambda _tell: iter("ab"), "feed")
    heard, ends = events_of(feed)
    feed.start()
    assert feed.wait(5)
    assert (heard, ends) == (["a", "b"], [""])


def test_a_feed_looks_often_for_a_while_where_somebody_waits(qtbot, gate):
    def go_on(tell):
        tell("begun")
        gate.wait(5)
        yield "over"

    feed = Feed(go_on, "feed")
    feed.hurry()
    assert not feed._timer.isActive(), "nothing comes before the start"
    heard, _ends = events_of(feed)
    feed.start()
    assert feed._timer.interval() == TICK
    feed.hurry()
    assert feed._timer.interval() == HASTE
    qtbot.waitUntil(lambda: feed._timer.interval() == TICK)
    assert heard == ["begun"]
    feed.hurry()
    gate.set()
    qtbot.waitUntil(lambda: feed.is_over)
    assert heard == ["begun", "over"]
    feed.hurry()
    assert feed.is_over


def test_a_thread_that_ends_gives_its_memory_back(qtbot, monkeypatch):
    given: list[str] = []
    real = runner._give_memory_back

    def give_back():
        real()
        given.append(threading.current_thread().name)

    monkeypatch.setattr(runner, "_give_memory_back", give_back)
    feed = Feed(lambda _tell: iter("ab"), "feed")
    feed.start()
    assert feed.wait(5)
    assert given == ["feed"]


@pytest.mark.parametrize(("seconds", "wanted"), [(0.0, 10), (3600.0, 0)])
def test_a_thread_that_works_for_long_gives_memory_back_meanwhile(qtbot, monkeypatch, seconds, wanted):
    given = []
    monkeypatch.setattr(runner, "TIDY", seconds)
    monkeypatch.setattr(runner, "_give_memory_back", lambda: given.append(1))
    feed = Feed(lambda _tell: iter(range(10)), "feed")
    feed.start()
    assert feed.wait(5)
    assert len(given) == wanted + 1, "and once more at the end"


@pytest.mark.parametrize("waits", [False, True])
def test_what_a_job_holds_goes_in_the_windows_thread(lane, qtbot, gate, waits):
    """A widget that ends in another thread leaves its timers behind, and the next of them is the end of the program."""
    ended, heard = [], []

    class Owner:
        def hear(self, _value):
            heard.append(1)

    for _time in range(200):
        owner = Owner()
        weakref.finalize(owner, lambda: ended.append(threading.current_thread()))
        lane.ask("owner", lambda: 1, owner.hear)
        del owner
        if waits:
            qtbot.waitUntil(lambda: not lane.is_busy)
    qtbot.waitUntil(lambda: not lane.is_busy)
    lane.end()
    assert heard
    assert len(ended) == 200
    assert set(ended) == {threading.main_thread()}
