"""Data sets fetched for one window, or taken from a folder: in a thread of its own, with progress, and given up when asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from cnn_studio.gui.runner import Feed

PATIENCE = 3.0
"""Seconds that the end of a window waits for what is being fetched."""
HERE, GIVEN_UP = "here", "given up"


class Fetching(QObject):
    """Fetches one set at a time.

    Attributes:
        name: the set that is fetched, or was last.
        file, count, total: the file that comes, how many of its bytes are there, and how many there will be.
        problem: why it did not come, or "".

    Signals:
        changed: more has come, or another state.
        fetched(str): a set is here.
    """

    changed = Signal()
    fetched = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = self.file = self.problem = ""
        self.count = self.total = 0
        self._outcome = ""
        self._feed: Feed | None = None
        self._given_up = threading.Event()

    @property
    def is_running(self) -> bool:
        """Whether something is being fetched."""
        return self._feed is not None

    def start(self, name: str, source: Path | None = None) -> None:
        """Fetch a set, or take its files from the folder ``source``."""
        if self._feed is not None:
            return
        self.name, self.file, self.problem, self.count, self.total, self._outcome = name, "", "", 0, 0, ""
        given_up = self._given_up = threading.Event()
        self._feed = Feed(lambda tell: _fetched(name, source, given_up, tell), "fetching", self)
        self._feed.came.connect(self._came)
        self._feed.ended.connect(self._ended)
        self._feed.start()
        self.changed.emit()

    def stop(self) -> None:
        """The person changed their mind."""
        self._given_up.set()

    def end(self) -> None:
        """The window goes."""
        self.stop()
        if self._feed is not None:
            self._feed.abandon()
            self._feed.wait(PATIENCE)

    def _came(self, items: list[Any]) -> None:
        for item in items:
            if isinstance(item, str):
                self._outcome = item
            else:
                self.file, self.count, self.total = item
        self.changed.emit()

    def _ended(self, problem: str) -> None:
        self._feed, self.problem = None, problem
        self.changed.emit()
        if self._outcome == HERE:
            self.fetched.emit(self.name)


# -- in the other thread -----------------------------------------------------------------------------------------------


def _fetched(name: str, source: Path | None, given_up: threading.Event, tell: Callable[[Any], None]) -> Iterator[str]:
    from cnn_studio.engine.datasets import sources
    from cnn_studio.engine.datasets.fetched import CancelledError, FetchedSource, fetch, take_from
    from cnn_studio.engine.datasets.opening import data_folder

    wanted = sources[name]
    if isinstance(wanted, FetchedSource):
        folder = wanted.folder_in(data_folder())
        if source is not None:
            take_from(wanted.files, source, folder)
        else:
            try:
                fetch(wanted.files, folder, lambda file, count, total: tell((file, count, total)), given_up)
            except CancelledError:
                yield GIVEN_UP
                return
    yield HERE
