"""The learning rate range test at the terminal. Imported only when it is asked for: it loads torch."""

from __future__ import annotations

from typing import Any

from cnn_studio.cli import output
from cnn_studio.cli.engine import interrupts_stop
from cnn_studio.cli.progress import Counter
from cnn_studio.core.words import short_decimal
from cnn_studio.engine.range_test import LOWEST, STEPS, RangePoint, Suggestion, range_test, suggestion
from cnn_studio.engine.session import Session
from cnn_studio.i18n import _


def find_rate(session: Session, as_json: bool) -> int:
    """Tries growing rates on the network of a session and prints what rate suits it; 1 when none was found."""
    points: list[RangePoint] = []
    counter = Counter(_("trying learning rates"), STEPS)
    with interrupts_stop(session.control):
        for point in range_test(session):
            points.append(point)
            counter.step(len(points))
            if session.control.stopping:
                break
    counter.clear()
    found = suggestion(points)
    broke = points[-1].rate if points and len(points) < STEPS and not session.control.stopping else None
    if as_json:
        output.print_json(_document(session, points, found, broke))
    else:
        output.print_text(_told(session, points, found, broke))
    return 0 if found.rate is not None else 1


def _document(session: Session, points: list[RangePoint], found: Suggestion, broke: float | None) -> dict[str, Any]:
    return {
        "suggestion": found.rate,
        "steepest": found.steepest,
        "lowest": found.lowest,
        "diverged_at": broke,
        "plan": session.plan.rate,
        "points": [{"rate": point.rate, "loss": point.loss, "smoothed": point.smoothed} for point in points],
    }


def _told(session: Session, points: list[RangePoint], found: Suggestion, broke: float | None) -> str:
    if found.rate is None or found.steepest is None or found.lowest is None:
        return _("no learning rate from {low} to {high} made the loss fall: look at the network, or try another optimizer").format(
            low=_rate(LOWEST), high=_rate(points[-1].rate if points else LOWEST)
        )  # fmt: skip
    lines = [
        _("learning rate {rate}  (the plan has {planned}; try: --lr {typed})").format(
            rate=_rate(found.rate), planned=_rate(session.plan.rate), typed=f"{found.rate:g}"
        ),
        _("the loss falls fastest at {steepest} and is lowest at {lowest}").format(
            steepest=_rate(found.steepest), lowest=_rate(found.lowest)
        ),
    ]
    if broke is not None:
        lines.append(_("learning breaks down at {rate}").format(rate=_rate(broke)))
    return "\n".join(lines)


def _rate(rate: float) -> str:
    return short_decimal(float(f"{rate:.2g}"))
