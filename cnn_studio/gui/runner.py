"""The only place with threads of our own: work goes out of the window's thread here, and what it gives comes back.

A Lane does one job after another; a Feed goes through an iterator of events. Neither lets another thread touch Qt's
objects: results wait in a queue, and the window's thread takes them out. What it gave to another thread it holds until
that one has let go of it: a widget that ended there would leave its timers behind, and the next of them is a crash.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from cnn_studio.engine import headway
from cnn_studio.engine.switching import switch_often

TICK, HASTE = 100, 15
"""Milliseconds between two looks at what came; and where somebody waits for something. Each look takes a core from those
who learn on all of them, and makes them wait for one another."""
LOOKS = 8
"""So many looks are hasty."""
NICE = 5
"""By how much a thread that computes for long steps back behind the window, where the system can do that."""
TIDY = 60.0
"""Seconds between two times that free memory goes back to the system, in each thread that works."""
PATIENCE = 5.0
"""Seconds that the end of a window waits for a job in progress."""

Failed = Callable[[str], object]
"""Told the sentence of what went wrong."""


Begin = Callable[[Callable[[Any], None]], Iterator[Any]]
"""Makes the iterator of a Feed."""


def is_working() -> bool:
    """Whether a thread of a Lane or a Feed has not ended."""
    return any(isinstance(one, _Thread) for one in threading.enumerate())


class _Thread(threading.Thread):
    """A thread that lets the window go first, and that the end of the program does not wait for."""

    def __init__(self, work: Callable[[], None], name: str) -> None:
        super().__init__(target=work, name=name, daemon=True)

    def run(self) -> None:
        _step_back()
        super().run()
        _give_memory_back()


class _Tidier:
    """Sees to it that what is free goes back to the system now and then.

    The C library keeps what every thread has let go of, in pieces that grow with the hours.
    """

    def __init__(self) -> None:
        self._next = time.monotonic() + TIDY

    def __call__(self) -> None:
        """Called often."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + TIDY
            _give_memory_back()


def _give_memory_back() -> None:
    """What is free goes back to the system, whichever thread it was of."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # libraries other than GNU's have no such function
            ctypes.CDLL(None).malloc_trim(0)


def _step_back() -> None:
    if sys.platform == "linux":
        with suppress(OSError):
            own = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, own, os.getpriority(os.PRIO_PROCESS, own) + NICE)


def _use_one_core() -> None:
    """What is answered in a lane takes one core, as soon as torch is there at all."""
    if "torch" in sys.modules:
        from cnn_studio.engine.cores import use_one_core

        use_one_core()


@dataclass(frozen=True)
class _Job:
    key: str
    work: Callable[[], Any]
    done: Callable[[Any], object]
    failed: Failed | None
    heard: Callable[[float], object] | None
    wanted: int


_UNENDED: list[Lane] = []
"""Those whose last job took longer than a window waits: they are kept with it."""


class Lane(QObject):
    """A thread that does one job after another. Of the waiting jobs of one key only the latest is done.

    Signals:
        busy_changed: it began to work, or has nothing more to do.
    """

    busy_changed = Signal()
    _came = Signal()

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._wake = threading.Condition()
        self._waiting: dict[str, _Job] = {}
        self._results: deque[tuple[bool, Callable[[], object]]] = deque()
        self._held: deque[_Job] = deque()  # what the other thread does, or has not let go of
        self._given_up: dict[str, int] = {}
        self._thread: threading.Thread | None = None
        self._ending = False
        self._open = 0
        self._came.connect(self._deliver)

    @property
    def is_busy(self) -> bool:
        """Whether a job waits or is being done."""
        return self._open > 0

    def ask(
        self,
        key: str,
        work: Callable[[], Any],
        done: Callable[[Any], object],
        failed: Failed | None = None,
        heard: Callable[[float], object] | None = None,
    ) -> None:
        """Do this in the other thread, then call ``done`` with what it gave, in this one.

        A job of the same key that still waits makes room for this one. What the engine refuses is given to ``failed``
        as a sentence; anything else that goes wrong is raised here, like any mistake of the studio. ``heard`` is told
        the share that is done, where the work tells it.
        """
        if self._ending:
            return
        switch_often()
        with self._wake:
            if key not in self._waiting:
                self._open += 1
            self._waiting.pop(key, None)  # the newest stands last
            self._waiting[key] = _Job(key, work, done, failed, heard, self._given_up.get(key, 0))
            self._wake.notify()
        if self._thread is None:
            self._thread = _Thread(self._work, self._name)
            self._thread.start()
        if self._open == 1:
            self.busy_changed.emit()

    def drop(self, key: str) -> None:
        """Nobody waits for the jobs of this key any more; one in progress ends as soon as it tells how far it is."""
        self._given_up[key] = self._given_up.get(key, 0) + 1
        with self._wake:
            waited = self._waiting.pop(key, None) is not None
        if waited:
            self._open -= 1
            if not self._open:
                self.busy_changed.emit()

    def end(self) -> None:
        """Do no more. A job in progress is waited for, though not for ever."""
        self._ending = True
        with self._wake:
            self._waiting.clear()
            self._wake.notify()
        if self._thread is not None:
            self._thread.join(PATIENCE)
            if self._thread.is_alive():
                _UNENDED.append(self)
                return
        self._results.clear()
        self._held.clear()

    # -- in the other thread -------------------------------------------------------------------------------------------

    def _work(self) -> None:
        tidy = _Tidier()
        while True:
            with self._wake:
                while not self._waiting and not self._ending:
                    self._wake.wait()
                if self._ending:
                    return
                job = self._waiting.pop(next(iter(self._waiting)))
                self._held.append(job)
            self._results.append((True, self._result(job)))
            del job
            self._send(False, self._held.popleft)
            tidy()

    def _send(self, over: bool, result: Callable[[], object]) -> None:
        self._results.append((over, result))
        with suppress(RuntimeError):  # the window has gone meanwhile
            self._came.emit()

    def _result(self, job: _Job) -> Callable[[], object]:
        def hear(share: float) -> None:
            if self._ending or not self._is_wanted(job):
                raise headway.GivenUpError
            if job.heard is not None:
                self._send(False, lambda: self._tell(job, job.heard, share))

        _use_one_core()
        try:
            with headway.heard_by(hear):
                value = job.work()
        except headway.GivenUpError:
            return lambda: None
        except Exception as error:
            sentence = refusal(error)
            if sentence is not None:
                return lambda: self._tell(job, job.failed, sentence)
            mistake = error  # the name in "except" goes away with it
            return lambda: self._raise(mistake)
        return lambda: self._tell(job, job.done, value)

    # -- here ----------------------------------------------------------------------------------------------------------

    def _deliver(self) -> None:
        ended = False
        try:
            while self._results and not self._ending:
                over, result = self._results.popleft()
                self._open -= over
                ended |= over
                result()
        finally:
            if ended and not self._open:
                self.busy_changed.emit()

    def _tell(self, job: _Job, listener: Callable[[Any], object] | None, value: Any) -> None:
        if listener is not None and self._is_wanted(job):
            listener(value)

    def _is_wanted(self, job: _Job) -> bool:
        return job.wanted == self._given_up.get(job.key, 0)

    def _raise(self, error: Exception) -> None:
        raise error


class Feed(QObject):
    """A thread that goes through an iterator; what it gives comes in lists, ten times a second.

    The iterator is made in that thread by ``begin``, which may tell more than it yields by calling what it is given.

    Signals:
        came(list): what was given since the last time, in its order.
        ended(str): it is over; why, where the engine refused something, else "".
    """

    came = Signal(list)
    ended = Signal(str)

    def __init__(self, begin: Begin, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._begin = begin
        self._queue: deque[Any] = deque()
        self._error: Exception | None = None
        self._thread = _Thread(self._go, name)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._drain)
        self._hasty = 0

    def start(self) -> None:
        """Begin."""
        switch_often()
        self._thread.start()
        self._timer.start(TICK)

    def hurry(self) -> None:
        """Something that will come is waited for: look more often for a while."""
        if self._timer.isActive():
            if not self._hasty:
                self._timer.start(HASTE)
            self._hasty = LOOKS

    @property
    def is_over(self) -> bool:
        """Whether everything was given and heard."""
        return not self._timer.isActive()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, as when the window closes, and tell what came. Whether it came to an end."""
        self._thread.join(seconds)
        if self._thread.is_alive():
            return False
        if self._timer.isActive():
            self._drain()
        return True

    def abandon(self) -> None:
        """Hear nothing more."""
        self._timer.stop()

    def _go(self) -> None:
        tidy = _Tidier()
        try:
            for item in self._begin(self._queue.append):
                self._queue.append(item)
                tidy()
        except Exception as error:
            self._error = error

    def _drain(self) -> None:
        over = not self._thread.is_alive()  # asked first: what comes before the end is heard before it
        items = []
        while self._queue:
            items.append(self._queue.popleft())
        if items:
            self.came.emit(items)
        if not over:
            self._calm_down()
            return
        self._timer.stop()
        error, self._error = self._error, None
        sentence = "" if error is None else refusal(error)
        self.ended.emit(sentence or "")
        if error is not None and sentence is None:
            raise error

    def _calm_down(self) -> None:
        if self._hasty:
            self._hasty -= 1
            if not self._hasty:
                self._timer.setInterval(TICK)


def refusal(error: Exception) -> str | None:
    """The sentence for what the engine refuses, or None for a mistake of the studio."""
    from cnn_studio.engine.refusals import sentence_of_error

    return sentence_of_error(error)
