"""The progress of a run on standard error: a bar that moves where somebody watches, a line an epoch elsewhere."""

from __future__ import annotations

import sys
import time

from cnn_studio.i18n import _, decimal, duration, integer, percent

WIDTH = 24
EVERY = 0.1
"""Seconds between two drawings of the bar."""


class Line:
    """One line on standard error that is drawn over itself where somebody watches."""

    def __init__(self) -> None:
        self._drawn = 0.0
        self._length = 0
        self._live = sys.stderr.isatty()

    def _due(self) -> bool:
        """Whether it is time to draw again."""
        now = time.monotonic()
        if not self._live or now - self._drawn <= EVERY:
            return False
        self._drawn = now
        return True

    def _write(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self._length))
        sys.stderr.flush()
        self._length = len(text)

    def line(self, text: str) -> None:
        """A line that stays."""
        self.clear()
        print(text, file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the line away."""
        if self._live and self._length:
            self._write("")
            sys.stderr.write("\r")
            self._length = 0


class Counter(Line):
    """How many of some steps are done."""

    def __init__(self, what: str, total: int) -> None:
        super().__init__()
        self.what, self.total = what, total

    def step(self, done: int) -> None:
        """So many are done."""
        if self._due():
            self._write(f"{self.what} {bar_of(done, self.total)} {integer(done)}/{integer(self.total)}")


def bar_of(done: int, total: int) -> str:
    """A bar of characters."""
    filled = round(WIDTH * done / max(1, total))
    return "#" * filled + "-" * (WIDTH - filled)


class Bar(Line):
    """Epoch, share done, loss, accuracy, samples a second and time left, on one line that is drawn over itself."""

    def __init__(self, epochs: int, batches: int, done: int = 0) -> None:
        super().__init__()
        self.epochs, self.batches = epochs, batches
        self._first = done
        self._started = time.monotonic()
        self._speed = 0.0
        self._loss: float | None = None
        self._accuracy = 0.0

    def batch(self, epoch: int, step: int, loss: float, accuracy: float, speed: float) -> None:
        """One batch is done."""
        if self._loss is None:
            self._loss, self._accuracy, self._speed = loss, accuracy, speed
        self._loss += 0.05 * (loss - self._loss)
        self._accuracy += 0.05 * (accuracy - self._accuracy)
        self._speed += 0.05 * (speed - self._speed)
        if self._due():
            self._draw(epoch, step)

    def _draw(self, epoch: int, step: int) -> None:
        total = self.epochs * self.batches
        left = (time.monotonic() - self._started) / max(1, step - self._first) * (total - step)
        text = _("epoch {epoch}/{epochs} {bar} loss {loss}  {accuracy}  {speed}/s  {left} left").format(
            epoch=epoch,
            epochs=self.epochs,
            bar=bar_of(step, total),
            loss=decimal(self._loss or 0.0, 3),
            accuracy=percent(self._accuracy),
            speed=integer(round(self._speed)),
            left=duration(left),
        )
        self._write(text)
