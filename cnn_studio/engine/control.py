"""How the outside world steers a run: pause, resume, stop, a changed learning rate, and questions.

Methods of Control may be called from any thread; the training loop looks at it between batches.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any


class Control:
    """The levers of one run.

    States: running <-> paused; either -> stopping, from which nothing leads back.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._paused = False
        self._stopping = False
        self._single = 0
        self._factor = 1.0
        self._questions: deque[tuple[int, Any]] = deque()
        self._tickets = 0

    # -- from outside --------------------------------------------------------------------------------------------------

    def pause(self) -> None:
        """Wait after the batch in progress."""
        with self._changed:
            self._paused = True
            self._changed.notify_all()

    def resume(self) -> None:
        """Go on after a pause."""
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    def single_batch(self) -> None:
        """While paused, take one more step and wait again."""
        with self._changed:
            self._paused = True
            self._single += 1
            self._changed.notify_all()

    def stop(self) -> None:
        """End after the batch in progress and keep what was learned."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def set_rate_factor(self, factor: float) -> None:
        """Multiply the learning rate of the schedule by a positive number from the next batch on."""
        if not 0 < factor < 1e6:
            raise ValueError(factor)
        with self._changed:
            self._factor = factor
            self._changed.notify_all()

    def ask(self, question: Any) -> int:
        """Put a question to the run; a ProbeAnswered or ProbeFailed event with the returned ticket answers it."""
        with self._changed:
            self._tickets += 1
            self._questions.append((self._tickets, question))
            self._changed.notify_all()
            return self._tickets

    # -- from the training loop ----------------------------------------------------------------------------------------

    @property
    def stopping(self) -> bool:
        """Whether the run is to end."""
        return self._stopping

    @property
    def paused(self) -> bool:
        """Whether the run is to wait."""
        return self._paused

    @property
    def rate_factor(self) -> float:
        """What the learning rate is multiplied by."""
        return self._factor

    def next_question(self) -> tuple[int, Any] | None:
        """The oldest question not yet answered, or None."""
        with self._changed:
            return self._questions.popleft() if self._questions else None

    def take_single(self) -> bool:
        """Whether one step may be taken although the run is paused; uses up the permission."""
        with self._changed:
            if self._single:
                self._single -= 1
                return True
            return False

    def wait_while(self, idle: Callable[[], bool]) -> None:
        """Sleep until something is said from outside, as long as ``idle()`` is true at the start."""
        with self._changed:
            if idle() and not self._questions:
                self._changed.wait()

    def must_wait(self) -> bool:
        """Whether the run is paused, not stopping, and has no permission for a single step."""
        return self._paused and not self._stopping and not self._single
