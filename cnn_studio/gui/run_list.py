"""All runs on disk, as one window sees them: read, named, noted, deleted and brought back in another thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from cnn_studio.gui.runner import Lane
from cnn_studio.gui.training import Training

if TYPE_CHECKING:
    from cnn_studio.engine.overview import Overview


class RunList(QObject):
    """The runs, the latest first.

    Attributes:
        runs: in one line each.
        is_read: whether the list was read yet.
        gone: those that were deleted and can be brought back: where they were, and where they are; the last one last.

    Signals:
        changed: other runs, or something else is known of one.
        refused(str): why something could not be done.
        shown(Path): a run that was asked for is shown now.
    """

    changed = Signal()
    refused = Signal(str)
    shown = Signal(object)

    def __init__(self, lane: Lane, training: Training, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane, self._training = lane, training
        self.runs: Sequence[Overview] = ()
        self.is_read = False
        self.gone: list[tuple[Path, Path]] = []
        self._known: dict[Path, tuple[tuple[float, ...], Overview]] = {}
        self._wanted: Path | None = None
        training.state_changed.connect(self._state_changed)

    def read(self) -> None:
        """Look up what is there."""
        known = self._known
        self._lane.ask("runs", lambda: _read(known), self._take, self.refused.emit)

    def _take(self, known: dict[Path, tuple[tuple[float, ...], Overview]]) -> None:
        self._known = known
        self.runs = [overview for _times, overview in known.values()]
        self.is_read = True
        self.changed.emit()

    # -- what a person may ask -----------------------------------------------------------------------------------------

    def show(self, folder: Path) -> None:
        """Show a run in this window: its curves, what is inside it, its mistakes. Nothing while another one learns."""
        if self._training.is_live:
            return
        self._wanted = folder
        run = self._training.run
        if run is not None and run.folder == folder:
            self._state_changed()
        else:
            self._training.show(folder, self._lane, self.refused.emit)

    def _state_changed(self) -> None:
        run = self._training.run
        if self._wanted is not None and run is not None and run.folder == self._wanted:
            self._wanted = None
            self.shown.emit(run.folder)

    def rename(self, folder: Path, name: str) -> None:
        """Another name for a run."""
        self._do("runs.rename", lambda: _renamed(folder, name), partial(self._moved, folder))

    def _moved(self, folder: Path, target: Path) -> None:
        run = self._training.run
        if run is not None and run.folder == folder:
            self._training.renamed(target)
        self.read()

    def note(self, folder: Path, text: str) -> None:
        """Keep words with a run."""
        self._do(f"runs.note {folder}", lambda: _noted(folder, text), lambda _nothing: self.read())

    def delete(self, folders: Sequence[Path]) -> None:
        """Move runs out of sight; they are removed for good when the window closes."""
        for folder in folders:
            self._do(f"runs.delete {folder}", partial(_set_aside, folder), partial(self._deleted, folder))

    def _deleted(self, folder: Path, place: Path) -> None:
        self.gone.append((folder, place))
        run = self._training.run
        if run is not None and run.folder == folder:
            self._training.forget()
        self.read()

    def bring_back(self) -> None:
        """The run that was deleted last is there again."""
        if self.gone:
            folder, place = self.gone.pop()
            self._do("runs.back", lambda: _brought_back(place, folder), lambda _folder: self.read())

    def compare(self, folders: Sequence[Path], done: Callable[[Any], object]) -> None:
        """How two runs differ: in their plans, and in their networks."""
        one, other = folders
        self._lane.ask("runs.compare", lambda: _differences(one, other), done, self.refused.emit)

    def _do(self, key: str, work: Callable[[], Any], done: Callable[[Any], object]) -> None:
        self._lane.ask(key, work, done, self._refuse)

    def _refuse(self, sentence: str) -> None:
        self.refused.emit(sentence)
        self.read()

    def end(self) -> None:
        """The window goes: what was deleted is gone for good."""
        gone, self.gone = self.gone, []
        if gone:
            from cnn_studio.engine.trash import purge

            for _folder, place in gone:
                purge(place)


# -- in the other thread -----------------------------------------------------------------------------------------------


def _read(known: dict[Path, tuple[tuple[float, ...], Overview]]) -> dict[Path, tuple[tuple[float, ...], Overview]]:
    """All runs with the times of change of their files; what is known of unchanged ones is not read again."""
    from cnn_studio.engine.finding import run_folder, run_folders
    from cnn_studio.engine.overview import overview_of
    from cnn_studio.engine.runs import Run
    from cnn_studio.engine.trash import purge_old

    purge_old(run_folder())
    found = {}
    for folder in reversed(run_folders(run_folder())):
        times = _times(folder)
        before = known.get(folder)
        found[folder] = before if before is not None and before[0] == times else (times, overview_of(Run(folder)))
    return found


def _times(folder: Path) -> tuple[float, ...]:
    found = []
    for name in ("network.cnnstudio", "record.sqlite3", "record.sqlite3-wal"):
        try:
            found.append((folder / name).stat().st_mtime)
        except OSError:
            found.append(0.0)
    return tuple(found)


def _renamed(folder: Path, name: str) -> Path:
    from cnn_studio.engine.finding import remember_elsewhere, run_folder
    from cnn_studio.engine.runs import Run

    renamed = Run(folder).rename(name)
    remember_elsewhere(renamed.folder, run_folder())
    return renamed.folder


def _noted(folder: Path, text: str) -> None:
    from cnn_studio.engine.runs import Run

    with Run(folder).record() as record:
        record.set("note", text)


def _set_aside(folder: Path) -> Path:
    from cnn_studio.engine.runs import Run
    from cnn_studio.engine.trash import set_aside

    return set_aside(Run(folder))


def _brought_back(place: Path, folder: Path) -> Path:
    from cnn_studio.engine.trash import bring_back

    return bring_back(place, folder)


def _differences(one: Path, other: Path) -> tuple[list[tuple[str, ...]], list[tuple[str, str, str]]]:
    from cnn_studio.engine.overview import network_differences, plan_differences
    from cnn_studio.engine.runs import Run

    runs = Run(one), Run(other)
    graphs = [run.project().graph for run in runs]
    return plan_differences([run.plan() for run in runs]), network_differences(graphs[0], graphs[1])
