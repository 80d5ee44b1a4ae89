"""How a run went: its curves, and the scores of every epoch."""

from __future__ import annotations

from math import isfinite

import numpy as np

from cnn_studio.engine.events import EpochEnded, Scores
from cnn_studio.engine.report.curves import Chart, Curve, Points, binned
from cnn_studio.engine.report.gather import Past
from cnn_studio.engine.report.words import duration, percent
from cnn_studio.i18n import N_, _, decimal

MOST_POINTS = 100
"""Points of the curve of training; batches between them are averaged."""
HISTORY_HEADINGS = (N_("Epoch"), N_("Loss"), N_("Right"), N_("Validation loss"), N_("Validation, right"), N_("Time"))
"""What the columns of the history are called."""


def charts(past: Past) -> list[Chart]:
    """Loss, accuracy and learning rate over the epochs; none where nothing is recorded."""
    if not past.epochs and not past.points:
        return []
    loss = [
        Curve(_("training"), "training", _training(past, 1, [(e.epoch, e.train.loss) for e in past.epochs])),
        Curve(_("validation"), "validation", [(e.epoch, e.validation.loss) for e in past.epochs if e.validation]),
    ]
    accuracy = [
        Curve(_("training"), "training", _training(past, 2, [(e.epoch, e.train.accuracy) for e in past.epochs], 100)),
        Curve(
            _("validation"), "validation", [(e.epoch, 100 * e.validation.accuracy) for e in past.epochs if e.validation]
        ),
    ]  # fmt: skip
    loss, accuracy = _kept(loss), _kept(accuracy)
    epoch = _("epoch")
    return [
        Chart(_("loss"), epoch, loss, 0.0, _top(loss)),
        Chart(_("accuracy"), epoch, accuracy, _floor(accuracy), 100.0, " %"),
    ]  # fmt: skip


def sureness(scores: Scores | None) -> Chart | None:
    """How often the network is right over how sure it is; None where that was not counted."""
    if scores is None or scores.calibration is None:
        return None
    found = scores.calibration
    sure = [
        (100 * float(x), 100 * float(y)) for x, y in zip(found.confidence, found.accuracy, strict=True) if isfinite(x)
    ]
    curves = [
        Curve(_("as right as sure"), "training", [(0.0, 0.0), (100.0, 100.0)]),
        Curve(_("this network"), "validation", sure),
    ]
    return Chart(_("share told right"), _("how sure, in per cent"), curves, 0.0, 100.0, " %")


def _training(past: Past, column: int, epochs: Points, scale: float = 1.0) -> Points:
    """Means of batches where they are recorded, those of epochs elsewhere; across stands the epoch."""
    points = [point for point in past.points if isfinite(point[column])]
    if not points:
        return [(epoch, scale * value) for epoch, value in epochs]
    each = past.epochs[0].step / past.epochs[0].epoch if past.epochs else max(point[0] for point in points)
    return binned([(point[0] / each, scale * point[column]) for point in points], MOST_POINTS)


def _kept(curves: list[Curve]) -> list[Curve]:
    """Only finite points, and only curves that have any."""
    kept = [Curve(one.name, one.kind, [point for point in one.points if isfinite(point[1])]) for one in curves]
    return [one for one in kept if one.points]


def _top(curves: list[Curve]) -> float:
    """The upper end of the axis of the loss: the first batches of a long run may leave the picture, nothing else does."""
    tops = []
    for curve in curves:
        values = np.array([y for _x, y in curve.points])
        most = float(values.max())
        tops.append(most if curve.kind == "validation" else min(most, 4.0 * float(np.quantile(values, 0.8))))
    return 1.05 * max(tops, default=1.0) or 1.0


def _floor(curves: list[Curve]) -> float:
    """The lower end of the axis of the accuracy, so that what happens at the top can be seen."""
    lows = []
    for curve in curves:
        values = np.array([y for _x, y in curve.points])
        lows.append(float(values.min() if curve.kind == "validation" else np.quantile(values, 0.1)))
    low = min(lows, default=0.0)
    step = 10.0 if low < 90 else 2.0
    return float(np.floor(min(low, 99) / step) * step) if low > 50 else 0.0


def history(past: Past) -> list[dict[str, str]]:
    """A row for every epoch."""
    return [_row(event, past.best) for event in past.epochs]


def _row(event: EpochEnded, best: int | None) -> dict[str, str]:
    judged = event.validation
    return {
        "epoch": str(event.epoch),
        "loss": decimal(event.train.loss, 4),
        "right": percent(event.train.accuracy),
        "validation_loss": "–" if judged is None else decimal(judged.loss, 4),
        "validation_right": "–" if judged is None else percent(judged.accuracy, 2),
        "time": duration(event.seconds),
        "best": "best" if event.epoch == best else "",
    }
