"""The runs that are laid over one another in the curves, besides the one that is shown."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cnn_studio.gui.run_events import Loaded, loaded_run
from cnn_studio.gui.runner import Lane

MOST = 6
"""Runs that are compared at a time: more curves could not be told apart."""


class Comparison(QObject):
    """One window's choice of runs.

    Attributes:
        runs: the chosen ones that have been read, by folder, in the order of the choice.

    Signals:
        changed: other runs are chosen, or one has been read.
        refused(str): why one cannot be read.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self.chosen: tuple[Path, ...] = ()
        self.runs: dict[Path, Loaded] = {}

    def choose(self, folders: Iterable[Path]) -> None:
        """Compare these, the first ones where there are too many."""
        self.chosen = tuple(dict.fromkeys(folders))[:MOST]
        self.runs = {folder: self.runs[folder] for folder in self.chosen if folder in self.runs}
        for folder in self.chosen:
            if folder not in self.runs:
                self._read(folder)
        self.changed.emit()

    def _read(self, folder: Path) -> None:
        self._lane.ask(
            f"compared {folder}",
            lambda: loaded_run(folder),
            lambda loaded: self._take(folder, loaded),
            self.refused.emit,
        )

    def _take(self, folder: Path, loaded: Loaded) -> None:
        if folder in self.chosen:
            self.runs[folder] = loaded
            self.runs = {one: self.runs[one] for one in self.chosen if one in self.runs}
            self.changed.emit()
