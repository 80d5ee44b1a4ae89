"""The lines of a run: training thin and validation thick in one hue; and the same numbers as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QColor

from cnn_studio.gui.history import History
from cnn_studio.gui.widgets.plot import Line
from cnn_studio.gui.widgets.thinning import Growing, smoothed
from cnn_studio.i18n import _

if TYPE_CHECKING:
    from array import array

THIN, THICK = 1.0, 2.4
"""Pixels of the lines of training and validation."""
LONG = 20_000
"""Batches from which on a line that grows is kept short."""
FEW = 60
"""Epochs up to which each is marked by a dot."""
COLUMNS = (
    "run", "epoch", "step", "batch_loss", "batch_accuracy", "learning_rate", "training_loss", "training_accuracy",
    "validation_loss", "validation_accuracy",
)  # fmt: skip
"""Of the table, in one language only: programs read it."""


@dataclass(frozen=True)
class Curve:
    """One run that is drawn.

    Attributes:
        name: of the run; "" where it is the only one.
        color: the hue of its lines.
    """

    name: str
    history: History
    color: QColor


def batches_of(history: History) -> int | None:
    """Batches of an epoch, or None where no epoch was ended and nothing else tells."""
    if history.started is not None:
        return history.started.batches
    if history.epochs:
        return max(1, history.epochs[0].step // max(1, history.epochs[0].epoch))
    return None


def lines_of(curves: Sequence[Curve], window: int, *, by_epoch: bool, briefly: bool = False) -> dict[str, list[Line]]:
    """The lines of the loss, the accuracy (per cent) and the learning rate, over epochs or over batches.

    Args:
        window: batches of which the mean is shown.
        briefly: of long lines no more than is seen when they are seen whole, which is quick however long they are.
    """
    found: dict[str, list[Line]] = {"loss": [], "accuracy": [], "rate": []}
    for curve in curves:
        history = curve.history
        batches = (batches_of(history) or 1) if by_epoch else 1
        train, judged = _names(curve.name)
        color = curve.color
        for kind, numbers, factor in (("loss", history.losses, 1.0), ("accuracy", history.accuracies, 100.0)):
            steps, values = _points(history, kind, numbers, window, briefly=briefly)
            found[kind].append(Line(train, steps / batches, values * factor, color, THIN))
            line = _judged(history, kind, factor, by_epoch)
            if line is not None:
                found[kind].append(Line(judged, *line, color, THICK, len(line[0]) <= FEW))
        steps, rates = _points(history, "rate", history.rates, 1, briefly=briefly)
        found["rate"].append(Line(curve.name or _("learning rate"), steps / batches, rates, color, THIN))
    return found


def _points(history: History, kind: str, numbers: array[float], window: int, *, briefly: bool) -> tuple[Any, Any]:
    """The steps, and at each the mean of the numbers of so many batches."""
    if not briefly or len(numbers) < LONG:
        return _copied(history.steps), smoothed(_copied(numbers), window)
    growing = history.kept_short.setdefault((kind, window), Growing(window))
    return growing.line(history.steps, numbers)


def _names(run: str) -> tuple[str, str]:
    """What training and validation of a run are called in the legend; of several runs only the thick lines are named."""
    return ("", run) if run else (_("training"), _("validation"))


def _copied(numbers: array[float]) -> Any:
    """The numbers as they are now: the array itself must stay free to grow."""
    import numpy as np

    return np.array(numbers, dtype=np.float64)


def _judged(history: History, kind: str, factor: float, by_epoch: bool) -> tuple[Any, Any] | None:
    import numpy as np

    ended = [epoch for epoch in history.epochs if epoch.validation is not None]
    if not ended:
        return None
    x = np.array([epoch.epoch if by_epoch else epoch.step for epoch in ended], dtype=np.float64)
    y = np.array([getattr(epoch.validation, kind) * factor for epoch in ended], dtype=np.float64)
    return x, y


def table_of(curves: Sequence[Curve]) -> str:
    """All numbers as CSV: a line for every batch, and one for every epoch."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for curve in curves:
        history, batches = curve.history, batches_of(curve.history)
        for step, loss, accuracy, rate in zip(
            history.steps, history.losses, history.accuracies, history.rates, strict=True
        ):
            epoch = -(-int(step) // batches) if batches else ""
            writer.writerow((curve.name, epoch, int(step), loss, accuracy, rate, "", "", "", ""))
        for ended in history.epochs:
            judged = ended.validation
            scores = (judged.loss, judged.accuracy) if judged is not None else ("", "")
            writer.writerow(
                (
                    curve.name,
                    ended.epoch,
                    ended.step,
                    "",
                    "",
                    ended.rate,
                    ended.train.loss,
                    ended.train.accuracy,
                    *scores,
                )
            )
    return out.getvalue()
