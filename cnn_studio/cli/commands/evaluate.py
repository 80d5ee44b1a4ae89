"""cnn-studio evaluate"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cnn_studio.i18n import N_, _

if TYPE_CHECKING:
    from cnn_studio.engine.events import Scores
    from cnn_studio.engine.metrics import Calibration

SUMMARY = N_("Judge a trained network on data: loss, accuracy, each class, and what is taken for what.")
EXAMPLES = (
    ("cnn-studio evaluate last", N_("the latest run on the test samples of its own data")),
    ("cnn-studio evaluate run1 --data mnist --json", N_("on other data, for a program")),
)
WIDEST_CONFUSION = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's own arguments."""
    parser.add_argument(
        "run",
        metavar=_("RUN"),
        help=_(
            "a run's name, its folder, “last”, a trained .cnnstudio file, or “sample”, the network that comes trained"
        ),
    )
    parser.add_argument("--data", metavar="D", help=_("the name of a data set, or a folder or file of one's own"))
    parser.add_argument(
        "--split", choices=("test", "train", "validation"), help=_("which samples; test where there are any")
    )


def execute(options: argparse.Namespace) -> int:
    """Prints the scores."""
    from cnn_studio.cli import output
    from cnn_studio.cli.engine import engine_failures, trained_project
    from cnn_studio.cli.sessions import opened, settled
    from cnn_studio.core.plans.plan import plan_from_json
    from cnn_studio.engine.judging import judge
    from cnn_studio.engine.predict import predictor_of

    with engine_failures():
        project = trained_project(options.run)
        predictor = predictor_of(project)
        own = plan_from_json(project.plan or {}).data
        name = settled(options.data or own)
        data = opened(name)
        split, scores = judge(predictor, data, options.split, own=name == own)
    if options.json:
        output.print_json(scores_json(scores, predictor.classes))
    else:
        output.print_text("\n".join(_lines(scores, predictor.classes, data.name, split)))
    return 0


def scores_json(scores: Scores, classes: tuple[str, ...]) -> dict[str, Any]:
    """The scores as product commands print them."""
    from dataclasses import asdict

    from cnn_studio.engine.metrics import class_scores

    assert scores.confusion is not None
    each = class_scores(scores.confusion)
    return {
        "samples": int(scores.confusion.sum()),
        "loss": scores.loss,
        "accuracy": scores.accuracy,
        "top5": scores.top5,
        "classes": [{"name": name, **asdict(one)} for name, one in zip(classes, each, strict=True)],
        "confusion": scores.confusion.tolist(),
        "calibration": None if scores.calibration is None else _calibration_json(scores.calibration),
    }


def _calibration_json(found: Calibration) -> dict[str, Any]:
    """Of each bin with samples: how sure the network was on average, and how often it was right."""
    rows = zip(found.counts.tolist(), found.confidence.tolist(), found.accuracy.tolist(), strict=True)
    bins = [{"samples": count, "confidence": sure, "accuracy": right} for count, sure, right in rows if count]
    return {"error": found.error, "bins": bins}


def _lines(scores: Scores, classes: tuple[str, ...], data: str, split: str) -> list[str]:
    from cnn_studio.engine.metrics import class_scores
    from cnn_studio.i18n import decimal, integer, percent

    assert scores.confusion is not None
    lines = [
        _("{samples} samples of {data} ({split}): {accuracy} right, loss {loss}").format(
            samples=integer(int(scores.confusion.sum())),
            data=data,
            split=_(split),
            accuracy=percent(scores.accuracy),
            loss=decimal(scores.loss, 4),
        )
    ]
    if scores.calibration is not None:
        sentence = _("how sure it is and how often it is right differ by {error} on average")
        lines.append(sentence.format(error=percent(scores.calibration.error)))
    rows = [(_("Class"), _("Precision of the class"), _("Recall"), "F1", _("Samples"))]
    for name, one in zip(classes, class_scores(scores.confusion), strict=True):
        rows.append((_(name), percent(one.precision), percent(one.recall), percent(one.f1), integer(one.support)))
    lines += ["", *table(rows)]
    if len(classes) <= WIDEST_CONFUSION:
        lines += ["", _("What it is (rows) and what it is taken for (columns):")]
        header = ("", *(_(name) for name in classes))
        counts = [
            (_(name), *(integer(int(n)) for n in row)) for name, row in zip(classes, scores.confusion, strict=True)
        ]
        lines += table([header, *counts])
    return lines


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows with the first column to the left and the others to the right."""
    from cnn_studio.core.summary import columns

    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        ).rstrip()
        for row in rows
    ]
