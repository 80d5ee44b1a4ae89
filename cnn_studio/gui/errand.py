"""Something that a window does once in a thread of its own, tells of piece by piece, and can be given up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from PySide6.QtCore import QObject, Signal

from cnn_studio.gui.runner import Feed

Work = Callable[[threading.Event, Callable[[Any], None]], Iterator[Any]]
"""Given what tells that it is given up, and what tells more than it yields."""


class Errand(QObject):
    """One at a time. A subclass says in ``_heard`` what each piece means, and may do something in ``_over``.

    Attributes:
        thread_name: name of its thread.
        patience: seconds that the end of a window waits for it.
        problem: why it could not be done, or "".

    Signals:
        changed: more is known, or another state.
    """

    thread_name: ClassVar[str]
    patience: ClassVar[float]

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.problem = ""
        self._feed: Feed | None = None
        self._given_up = threading.Event()

    @property
    def is_running(self) -> bool:
        """Whether it is being done."""
        return self._feed is not None

    def stop(self) -> None:
        """The person changed their mind."""
        self._given_up.set()

    def end(self) -> None:
        """The window goes."""
        self.stop()
        if self._feed is not None:
            self._feed.abandon()
            self._feed.wait(self.patience)

    def _begin(self, work: Work) -> None:
        self.problem = ""
        given_up = self._given_up = threading.Event()
        self._feed = Feed(lambda tell: work(given_up, tell), self.thread_name, self)
        self._feed.came.connect(self._came)
        self._feed.ended.connect(self._ended)
        self._feed.start()
        self.changed.emit()

    def _came(self, items: list[Any]) -> None:
        for item in items:
            self._heard(item)
        self.changed.emit()

    def _heard(self, item: Any) -> None:
        raise NotImplementedError

    def _ended(self, problem: str) -> None:
        self._feed, self.problem = None, problem
        self._over()
        self.changed.emit()

    def _over(self) -> None:
        """It is done, refused or given up."""
