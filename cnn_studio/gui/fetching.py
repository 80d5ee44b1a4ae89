"""Data sets fetched for one window, or taken from a folder: in a thread of its own, with progress, and given up when asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import QObject, Signal

from cnn_studio.gui.errand import Errand

HERE, GIVEN_UP = "here", "given up"


class Fetching(Errand):
    """Fetches one set at a time.

    Attributes:
        name: the set that is fetched, or was last.
        file, count, total: the file that comes, how many of its bytes are there, and how many there will be.

    Signals:
        fetched(str): a set is here.
    """

    thread_name: ClassVar[str] = "fetching"
    patience: ClassVar[float] = 3.0

    fetched = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = self.file = self._outcome = ""
        self.count = self.total = 0

    def start(self, name: str, source: Path | None = None) -> None:
        """Fetch a set, or take its files from the folder ``source``."""
        if not self.is_running:
            self.name, self.file, self.count, self.total, self._outcome = name, "", 0, 0, ""
            self._begin(lambda given_up, tell: _fetched(name, source, given_up, tell))

    def _heard(self, item: Any) -> None:
        if isinstance(item, str):
            self._outcome = item
        else:
            self.file, self.count, self.total = item

    def _ended(self, problem: str) -> None:
        super()._ended(problem)
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
