"""The database of one run (SQLite, write-ahead log): its state, notes, the scores of its epochs, the loss of its batches."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
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


class RecordError(Exception):
    """A database that cannot be used; says why."""

    def __init__(self, template: str, /, **values: Any) -> None:
        super().__init__(template)
        self.words: Words = say(template, **values)

    def __str__(self) -> str:
        return str(self.words)


class Record:
    """An open database; a context manager that closes it. Every method may raise RecordError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.executescript(SCHEMA)
        except sqlite3.Error as error:
            raise self._refusal(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def _refusal(self, error: sqlite3.Error) -> RecordError:
        text = str(error)
        if "locked" in text or "busy" in text:
            return RecordError(
                N_("the record of the run “{run}” is in use by another process"), run=self.path.parent.name
            )
        return RecordError(
            N_("the record of the run “{run}” is damaged or cannot be written: {problem}"),
            run=self.path.parent.name,
            problem=text,
        )

    def _rows(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._refusal(error) from None

    # -- facts ---------------------------------------------------------------------------------------------------------

    def set(self, name: str, value: Any) -> None:
        """Keep plain data under a name."""
        self._rows("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, json.dumps(value, ensure_ascii=False)))

    def get(self, name: str, default: Any = None) -> Any:
        """What is kept under a name."""
        rows = self._rows("SELECT value FROM facts WHERE name = ?", (name,))
        return json.loads(rows[0][0]) if rows else default

    # -- epochs and batches ----------------------------------------------------------------------------------------------

    def add_epoch(self, event: EpochEnded) -> None:
        """Keep the scores of an epoch."""
        self._rows(
            "INSERT OR REPLACE INTO epochs VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                event.epoch, event.step, event.rate, event.seconds, int(event.best), _dump(event.train),
                None if event.validation is None else _dump(event.validation),
            ),
        )  # fmt: skip

    def add_points(self, events: Iterable[BatchEnded]) -> None:
        """Keep the losses of batches."""
        rows = [(one.step, one.epoch, one.loss, one.accuracy, one.rate, one.samples_per_second) for one in events]
        try:
            self._connection.execute("BEGIN")
            self._connection.executemany("INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?, ?, ?)", rows)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._refusal(error) from None

    def truncate(self, epoch: int, step: int) -> None:
        """Forget what came after a checkpoint."""
        self._rows("DELETE FROM epochs WHERE epoch > ?", (epoch,))
        self._rows("DELETE FROM points WHERE step > ?", (step,))

    def epochs(self) -> list[EpochEnded]:
        """The epochs so far, with their scores and confusion."""
        rows = self._rows("SELECT epoch, step, train, validation, rate, seconds, best FROM epochs ORDER BY epoch")
        return [
            EpochEnded(epoch, step, _load(train), _load(validation) if validation else None, rate, seconds, bool(best))
            for epoch, step, train, validation, rate, seconds, best in rows
        ]

    def points(self) -> list[tuple[int, float, float, float]]:
        """Step, loss, accuracy and learning rate of every batch."""
        return self._rows("SELECT step, loss, accuracy, rate FROM points ORDER BY step")

    def best_epoch(self) -> int | None:
        """The last epoch that was better than all before it, or None before the first has ended."""
        rows = self._rows("SELECT max(epoch) FROM epochs WHERE best")
        return rows[0][0] if rows else None


def _dump(scores: Scores) -> str:
    confusion = None if scores.confusion is None else scores.confusion.tolist()
    return json.dumps([scores.loss, scores.accuracy, scores.top5, confusion], separators=(",", ":"))


def _load(text: str) -> Scores:
    import numpy as np

    loss, accuracy, top5, confusion = json.loads(text)
    return Scores(loss, accuracy, top5, None if confusion is None else np.array(confusion, dtype=np.int64))
