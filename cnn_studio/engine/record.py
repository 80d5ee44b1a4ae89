"""The database of one run (SQLite, write-ahead log): its state, notes, the scores of its epochs, the loss of its batches."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cnn_studio.core.words import Words, say
from cnn_studio.engine.events import BatchEnded, EpochEnded, Scores
from cnn_studio.i18n import N_

WAIT = 5.0
"""Seconds to wait for another process that writes."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS epochs (
    epoch INTEGER PRIMARY KEY, step INTEGER NOT NULL, rate REAL NOT NULL, seconds REAL NOT NULL, best INTEGER NOT NULL,
    train TEXT NOT NULL, validation TEXT
);
CREATE TABLE IF NOT EXISTS points (
    step INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, loss REAL NOT NULL, accuracy REAL NOT NULL, rate REAL NOT NULL,
    speed REAL NOT NULL
);
"""


DAMAGED = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
UNWRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)


class RecordError(Exception):
    """A database that cannot be used; says why. ``damaged`` tells that its content is lost, not only out of reach."""

    def __init__(self, template: str, /, *, damaged: bool = False, **values: Any) -> None:
        super().__init__(template)
        self.words: Words = say(template, **values)
        self.damaged = damaged

    def __str__(self) -> str:
        return str(self.words)


class Record:
    """An open database; a context manager that closes it. Every method may raise RecordError.

    Where nothing can be written (a disk that can only be read), what is there can still be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._connection = self._opened()
        except sqlite3.Error as error:
            raise self._refusal(error) from None

    def _opened(self) -> sqlite3.Connection:
        connection = None
        try:
            connection = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.executescript(SCHEMA)
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            if _code(error) in UNWRITABLE and self.path.is_file():
                return sqlite3.connect(
                    f"{self.path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None
                )
            raise
        return connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def _refusal(self, error: Exception) -> RecordError:
        run, code = self.path.parent.name, _code(error)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return RecordError(
                N_("the record of the run “{run}” is in use by another process: close that, or try again later"),
                run=run,
            )
        if code == sqlite3.SQLITE_FULL:
            return RecordError(N_("the record of the run “{run}” cannot be written: the disk is full"), run=run)
        if code in DAMAGED or not isinstance(error, sqlite3.Error):
            return RecordError(
                N_("the record of the run “{run}” is damaged ({problem}); its weights are in other files, and training it "
                   "on begins a new record"),
                run=run, problem=str(error), damaged=True,
            )  # fmt: skip
        return RecordError(
            N_("the record of the run “{run}” cannot be read or written ({problem}): look at the disk and its permissions"),
            run=run, problem=str(error),
        )  # fmt: skip

    def _rows(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._refusal(error) from None

    # -- facts ---------------------------------------------------------------------------------------------------------

    def set(self, name: str, value: Any) -> None:
        """Keep plain data under a name."""
        self.keep(facts={name: value})

    def get(self, name: str, default: Any = None) -> Any:
        """What is kept under a name."""
        rows = self._rows("SELECT value FROM facts WHERE name = ?", (name,))
        try:
            return json.loads(rows[0][0]) if rows else default
        except ValueError as error:
            raise self._refusal(error) from None

    # -- epochs and batches ----------------------------------------------------------------------------------------------

    def keep(
        self,
        points: Iterable[BatchEnded] = (),
        epochs: Iterable[EpochEnded] = (),
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep the losses of batches, the scores of epochs, and plain data by name: all of it or, on failure, nothing."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?, ?, ?)", map(_point, points))
            self._connection.executemany(
                "INSERT OR REPLACE INTO epochs VALUES (?, ?, ?, ?, ?, ?, ?)", map(_epoch, epochs)
            )
            named = [(name, json.dumps(value, ensure_ascii=False)) for name, value in (facts or {}).items()]
            self._connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", named)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise self._refusal(error) from None

    def check(self) -> None:
        """Read everything once. Raises RecordError when it cannot be."""
        rows = self._rows("PRAGMA quick_check(1)")
        if rows != [("ok",)]:
            raise self._refusal(ValueError(str(rows[0][0]) if rows else ""))
        self.epochs()
        self._rows("SELECT step, epoch, loss, accuracy, rate, speed FROM points LIMIT 1")
        for (name,) in self._rows("SELECT name FROM facts"):
            self.get(name)

    def truncate(self, epoch: int, step: int) -> None:
        """Forget what came after a checkpoint."""
        self._rows("DELETE FROM epochs WHERE epoch > ?", (epoch,))
        self._rows("DELETE FROM points WHERE step > ?", (step,))

    def epochs(self) -> list[EpochEnded]:
        """The epochs so far, with their scores and confusion."""
        rows = self._rows("SELECT epoch, step, train, validation, rate, seconds, best FROM epochs ORDER BY epoch")
        try:
            return [
                EpochEnded(
                    epoch, step, _load(train), _load(validation) if validation else None, rate, seconds, bool(best)
                )
                for epoch, step, train, validation, rate, seconds, best in rows
            ]
        except (ValueError, TypeError) as error:
            raise self._refusal(error) from None

    def points(self) -> list[tuple[int, float, float, float]]:
        """Step, loss, accuracy and learning rate of every batch."""
        return self._rows("SELECT step, loss, accuracy, rate FROM points ORDER BY step")

    def best_epoch(self) -> int | None:
        """The last epoch that was better than all before it, or None before the first has ended."""
        rows = self._rows("SELECT max(epoch) FROM epochs WHERE best")
        return rows[0][0] if rows else None


def _code(error: Exception) -> int:
    """The primary code of SQLite's error."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _point(event: BatchEnded) -> tuple[Any, ...]:
    return event.step, event.epoch, event.loss, event.accuracy, event.rate, event.samples_per_second


def _epoch(event: EpochEnded) -> tuple[Any, ...]:
    validation = None if event.validation is None else _dump(event.validation)
    return event.epoch, event.step, event.rate, event.seconds, int(event.best), _dump(event.train), validation


def _dump(scores: Scores) -> str:
    confusion = None if scores.confusion is None else scores.confusion.tolist()
    return json.dumps([scores.loss, scores.accuracy, scores.top5, confusion], separators=(",", ":"))


def _load(text: str) -> Scores:
    import numpy as np

    loss, accuracy, top5, confusion = json.loads(text)
    return Scores(loss, accuracy, top5, None if confusion is None else np.array(confusion, dtype=np.int64))
