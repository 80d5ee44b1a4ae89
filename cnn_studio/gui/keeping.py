"""Keeps copies of edits that were not saved, in the background, and says when a file was changed by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QRunnable, QThreadPool, QTimer, Signal

from cnn_studio.core.document import Change, Document
from cnn_studio.core.files import FileError
from cnn_studio.core.project import Project
from cnn_studio.core.recovery import Recovery, new_key

PAUSE = 3000
"""Milliseconds between an edit and its copy."""
SETTLE = 200
"""Milliseconds in which several news of one file become one."""


class _Job(QRunnable):
    """Work for another thread."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        """Do it."""
        self._work()


class Keeper(QObject):
    """Copies of one window's document.

    Signals:
        failed(str): a copy could not be written; why. Said once until one succeeds.
    """

    failed = Signal(str)
    _told = Signal(str)

    def __init__(self, recovery: Recovery, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._recovery, self._key = recovery, new_key()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._begin)
        self._told.connect(self._hear)
        self._in_trouble = False
        self._document = document
        self._stop = document.listen(self._heard)

    def follow(self, document: Document) -> None:
        """Keep copies of another document from now on; those of the one before are given up."""
        self.forget()
        self._stop()
        self._key, self._document = new_key(), document
        self._stop = document.listen(self._heard)
        if document.is_modified:
            self._timer.start(PAUSE)

    def _heard(self, change: Change) -> None:
        if change.preview:
            return
        if not self._document.is_modified:
            self.forget()
        elif not self._timer.isActive():
            self._timer.start(PAUSE)

    def _begin(self) -> None:
        document, key = self._document, self._key
        project, path = document.project, document.path
        self._pool.start(_Job(lambda: self._keep(key, project, path)))

    def _keep(self, key: str, project: Project, path: Path | None) -> None:
        """In the other thread."""
        try:
            self._recovery.keep(key, project, path)
        except FileError as error:
            self._told.emit(str(error))
        else:
            self._told.emit("")

    def _hear(self, trouble: str) -> None:
        if trouble and not self._in_trouble:
            self.failed.emit(trouble)
        self._in_trouble = bool(trouble)

    def keep_now(self) -> bool:
        """Make a copy at once, as after a mistake of the studio. Whether there is one; nothing to keep is fine."""
        self._timer.stop()
        self._pool.waitForDone()
        if not self._document.is_modified:
            return True
        try:
            self._recovery.keep(self._key, self._document.project, self._document.path)
        except FileError:
            return False
        return True

    def forget(self) -> None:
        """Nothing is to be kept: it was saved, or nobody wants it."""
        self._timer.stop()
        self._pool.waitForDone()
        self._recovery.discard(self._key)

    def end(self) -> None:
        """The window closes; nothing of the document is to be recovered."""
        self._stop()
        self.forget()


class Watch(QObject):
    """Looks at one file, also when it is replaced by another of the same name, as programs do that save with care.

    Signals:
        changed: it holds other bytes than when we last read or wrote it.
        gone: it is no longer there.
    """

    changed = Signal()
    gone = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._known = b""
        self._watcher = QFileSystemWatcher(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._watcher.fileChanged.connect(self._stir)
        self._watcher.directoryChanged.connect(self._stir)

    def follow(self, path: Path | None) -> None:
        """Look at this file from now on (or at none); what it holds now is known."""
        self._timer.stop()
        watched = [*self._watcher.files(), *self._watcher.directories()]
        if watched:
            self._watcher.removePaths(watched)
        self._path = path
        if path is not None:
            self._known = _print_of(path)
            self._add(path)

    def _add(self, path: Path) -> None:
        wanted = [str(place) for place in (path, path.parent) if place.exists()]
        fresh = [place for place in wanted if place not in {*self._watcher.files(), *self._watcher.directories()}]
        if fresh:
            self._watcher.addPaths(fresh)

    def _stir(self) -> None:
        self._timer.start(SETTLE)

    def _look(self) -> None:
        if self._path is None:
            return
        self._add(self._path)  # a replaced file is another one to the system
        now = _print_of(self._path)
        if now == self._known:
            return
        self._known = now
        (self.changed if now else self.gone).emit()

    def end(self) -> None:
        """Look no longer."""
        self.follow(None)


def _print_of(path: Path) -> bytes:
    """What tells one content of a file from another; nothing when it cannot be read."""
    try:
        with path.open("rb") as stream:
            found = blake2b(digest_size=16)
            while piece := stream.read(1 << 20):
                found.update(piece)
            return found.digest()
    except OSError:
        return b""
