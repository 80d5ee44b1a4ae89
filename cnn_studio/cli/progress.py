"""The progress of a run on standard error: a bar that moves where somebody watches, a line an epoch elsewhere."""

from __future__ import annotations

import sys
import time

from cnn_studio.i18n import _, decimal, integer

WIDTH = 24
EVERY = 0.1
"""Seconds between two drawings of the bar."""


def duration(seconds: float) -> str:
    """Minutes and seconds, or hours and minutes: "0:21", "1 h 05 min"."""
    whole = max(0, round(seconds))
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
    return f"{whole // 60}:{whole % 60:02d}"


def percent(share: float) -> str:
    """A share as a percentage: "99.0 %"."""
    return f"{decimal(100 * share, 1)} %"


class Bar:
    """Epoch, share done, loss, accuracy, samples a second and time left, on one line that is drawn over itself."""

    def __init__(self, epochs: int, batches: int, done: int = 0) -> None:
        self.epochs, self.batches = epochs, batches
        self._first = done
        self._started = time.monotonic()
        self._drawn = 0.0
        self._length = 0
        self._speed = 0.0
        self._loss: float | None = None
        self._accuracy = 0.0
        self._live = sys.stderr.isatty()

    def batch(self, epoch: int, step: int, loss: float, accuracy: float, speed: float) -> None:
        """One batch is done."""
        if self._loss is None:
            self._loss, self._accuracy, self._speed = loss, accuracy, speed
        self._loss += 0.05 * (loss - self._loss)
        self._accuracy += 0.05 * (accuracy - self._accuracy)
        self._speed += 0.05 * (speed - self._speed)
        now = time.monotonic()
        if self._live and now - self._drawn > EVERY:
            self._drawn = now
            self._draw(epoch, step)

    def _draw(self, epoch: int, step: int) -> None:
        total = self.epochs * self.batches
        filled = round(WIDTH * step / max(1, total))
        left = (time.monotonic() - self._started) / max(1, step - self._first) * (total - step)
        text = _("epoch {epoch}/{epochs} {bar} loss {loss}  {accuracy}  {speed}/s  {left} left").format(
            epoch=epoch,
            epochs=self.epochs,
            bar="#" * filled + "-" * (WIDTH - filled),
            loss=decimal(self._loss or 0.0, 3),
            accuracy=percent(self._accuracy),
            speed=integer(round(self._speed)),
            left=duration(left),
        )
        self._write(text)

    def _write(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self._length))
        sys.stderr.flush()
        self._length = len(text)

    def line(self, text: str) -> None:
        """A line that stays."""
        if self._live and self._length:
            self._write("")
            sys.stderr.write("\r")
            self._length = 0
        print(text, file=sys.stderr, flush=True)
