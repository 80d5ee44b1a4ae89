"""The page itself: facts turned into the words, tables and drawings of a template. It needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from cnn_studio import __version__
from cnn_studio.core.export.svg import export_svg
from cnn_studio.core.summary import HEADINGS, table_rows, totals_lines
from cnn_studio.core.words import say, word
from cnn_studio.engine.datasets import sources
from cnn_studio.engine.datasets.base import Array
from cnn_studio.engine.metrics import class_scores
from cnn_studio.engine.report.curves import svg_of
from cnn_studio.engine.report.gather import MOST_CLASSES, Story
from cnn_studio.engine.report.images import LARGEST, Tile, map_tile, scale_bar
from cnn_studio.engine.report.insides import feature_maps, first_kernels, sample_tile
from cnn_studio.engine.report.progress import HISTORY_HEADINGS, charts, history, sureness
from cnn_studio.engine.report.words import Fact, duration, percent, plan_facts
from cnn_studio.engine.setup import parts_of
from cnn_studio.i18n import N_, _, integer, language, ngettext

MOST_CELLS = 20
"""Classes beyond which the confusion is a picture, not a table."""
SURENESS = 90
"""Number of that chart, beyond those of the curves."""
CONFUSIONS = 12
"""Pairs of classes named when the confusion is a picture."""


@dataclass(frozen=True)
class Cell:
    """A number in the table of confusions: how strong its colour is (0..1), and what it says under the mouse."""

    text: str
    kind: str
    strength: float
    title: str


def page(story: Story, now: datetime | None = None) -> str:
    """The report as the text of one HTML file, in the language of the moment."""
    folder = files("cnn_studio.resources").joinpath("report")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(folder.joinpath("report.html").read_text(encoding="utf-8"))
    style = Markup(folder.joinpath("report.css").read_text(encoding="utf-8"))
    return template.render(style=style, lang=language(), **context_of(story, now or datetime.now(UTC).astimezone()))


def context_of(story: Story, now: datetime) -> dict[str, Any]:
    """Everything that the template is told."""
    judged, classes = story.judged, [_(name) for name in story.predictor.classes]
    scores = judged.scores if judged else _recorded(story)
    confusion = None if scores is None else scores.confusion
    return {
        "title": story.project.name or story.name,
        "name": story.name,
        "note": story.past.note,
        "headline": _headline(story),
        "missing": _missing(story),
        "figure": _figure(story),
        "layers": table_rows(story.project.graph, story.report),
        "layer_headings": [_(heading) for heading in HEADINGS],
        "totals": totals_lines(story.report),
        "data": _data_facts(story),
        "examples": _examples(story),
        "plan": plan_facts(story.plan),
        "charts": [Markup(svg_of(chart, number)) for number, chart in enumerate(charts(story.past))],
        "history": history(story.past),
        "history_headings": [_(heading) for heading in HISTORY_HEADINGS],
        "judged_words": _judged_words(story),
        "sureness": _sureness(scores),
        "class_rows": [] if confusion is None else _class_rows(classes, confusion),
        "classes": classes,
        "confusion": _cells(classes, confusion) if confusion is not None and len(classes) <= MOST_CELLS else [],
        "confusion_picture": _confusion_picture(confusion) if len(classes) > MOST_CELLS else None,
        "confusions": _pairs(classes, confusion) if len(classes) > MOST_CELLS else [],
        "mistakes": _mistakes(story, classes),
        "no_mistakes": judged is not None and not judged.mistakes,
        "kernels": first_kernels(story),
        "example": _example(story, classes),
        "maps": feature_maps(story),
        "bars": {"viridis": scale_bar("viridis"), "signs": scale_bar("signs")},
        "environment": _environment(story),
        "made": _("Written by CNN Studio {version} on {date}").format(
            version=__version__, date=f"{now:%Y-%m-%d %H:%M}"
        ),
        "t": {name: _(text) for name, text in TEXTS.items()},
    }


TEXTS = {
    "network": N_("The network"), "layers": N_("Layers"), "data": N_("What it learned from"),
    "examples": N_("Some of these samples"), "plan": N_("How it learned"), "curves": N_("Curves"), "scores": N_("How well it does"),
    "confusion": N_("What is taken for what"), "is": N_("it is"), "taken": N_("taken for"),
    "mistakes": N_("Worst mistakes"), "mistakes_about": N_("The mistakes that the network was surest of."),
    "no_mistakes": N_("Not a single one of these samples was taken for something else."),
    "kernels": N_("First kernels"),
    "kernels_about": N_("Red weights ask for bright pixels, blue ones for dark; white ones do not care. All tiles share one scale."),
    "colours_about": N_("Kernels in the colours that they look for; grey is zero."),
    "inside": N_("What every layer makes of a sample"),
    "inside_about": N_("The maps of a layer share one scale, from dark (low) to bright (high)."),
    "sample": N_("the sample"), "environment": N_("Where it was trained"), "class": N_("Class"),
    "precision": N_("Precision of the class"), "recall": N_("Recall"), "samples": N_("Samples"),
    "missing": N_("Left out"), "best": N_("the best"), "epochs": N_("Every epoch"), "more": N_("and {n} more"),
}  # fmt: skip


# -- what stands at the top ----------------------------------------------------------------------------------------------


def _headline(story: Story) -> list[Fact]:
    """The few numbers that matter, each with its label."""
    found: list[Fact] = []
    if story.judged is not None:
        label = _("right on test samples") if story.judged.split == "test" else _("right on validation samples")
        found.append((percent(story.judged.scores.accuracy, 2), label))
    elif (scores := _recorded(story)) is not None:
        found.append((percent(scores.accuracy, 2), _("right in the best epoch")))
    found.append((integer(story.report.totals.parameters), _("parameters")))
    if story.past.epochs:
        count = len(story.past.epochs)
        found.append((integer(count), ngettext("epoch", "epochs", count)))
    if story.past.seconds:
        found.append((duration(story.past.seconds), _("of training")))
    return found


def _recorded(story: Story) -> Any:
    """What the run itself noted of its best epoch, or None."""
    best = next((event for event in story.past.epochs if event.epoch == story.past.best), None)
    return None if best is None else best.validation or best.train


def _missing(story: Story) -> list[str]:
    """Sentences that say what is left out, and why."""
    found = []
    if story.missing is not None:
        found.append(
            str(say(N_("There is nothing of new samples, mistakes and maps here: {reason}."), reason=story.missing))
        )
    if not story.past.epochs:
        found.append(_("There are no curves here: nothing is recorded of the training."))
    return found


def _figure(story: Story) -> Markup:
    """The drawing of the network, to stand inside the page."""
    svg = export_svg(story.project.graph, title=story.project.name or story.name, transparent=True, width=1000.0)
    return Markup(svg[svg.index("<svg") :])


# -- data ----------------------------------------------------------------------------------------------------------------


def _data_facts(story: Story) -> list[Fact]:
    plan, data, facts = story.plan, story.data, story.project.data
    assert facts is not None  # a predictor needs its classes
    found = [(_("Data"), _data_name(facts.name)), (_("Classes"), _classes_words(facts.classes))]
    if data is not None:
        train, validation = parts_of(data, plan)
        found.append((_("Samples to learn from"), integer(len(train))))
        if validation is not None:
            found.append((_("Samples to judge by"), integer(len(validation))))
        if "test" in data.splits:
            found.append((_("Test samples"), integer(len(data.splits["test"]))))
        if train.shape is not None:
            found.append((_("A sample as stored"), word(train.shape)))
        found += [(_("Source"), _(data.source))] if data.source else []
        found += [(_("Licence"), _(data.licence))] if data.licence else []
    found.append((_("A sample as it enters the network"), word(story.predictor.input_shape)))
    return found


def _data_name(name: str) -> str:
    """What people call a data set: its label where the studio knows it."""
    source = sources.get(name)
    return name if source is None else _(source.label)


def _classes_words(classes: Sequence[str]) -> str:
    names = ", ".join(_(name) for name in classes[:MOST_CLASSES])
    if len(classes) > MOST_CLASSES:
        names += ", …"
    return f"{integer(len(classes))} ({names})"


def _examples(story: Story) -> list[tuple[str, list[Tile]]]:
    """A few samples of every class."""
    if story.data is None or not story.samples:
        return []
    return [
        (_(name), [sample_tile(sample, story.data.medium, 44.0) for sample in own])
        for name, own in zip(story.data.classes, story.samples, strict=True)
    ]


# -- scores --------------------------------------------------------------------------------------------------------------


def _judged_words(story: Story) -> str:
    """On what the scores below were counted."""
    judged = story.judged
    if judged is None:
        return _("As the run noted them in its best epoch.") if story.past.epochs else ""
    kind = _("test samples") if judged.split == "test" else _("validation samples")
    if judged.count < judged.whole:
        return _("Counted on {count} of {whole} {kind}, none of which it learned from.").format(
            count=integer(judged.count), whole=integer(judged.whole), kind=kind
        )
    return _("Counted on {count} {kind}, none of which it learned from.").format(count=integer(judged.count), kind=kind)


def _sureness(scores: Any) -> dict[str, Any] | None:
    """A chart of how sure the network is against how often it is right, and what it comes to."""
    chart = sureness(scores)
    if chart is None:
        return None
    sentence = _("How sure it is and how often it is right differ by {error} on average.")
    return {"chart": Markup(svg_of(chart, SURENESS)), "words": sentence.format(error=percent(scores.calibration.error))}


def _class_rows(classes: list[str], confusion: Array) -> list[dict[str, Any]]:
    return [
        {"name": name, "samples": integer(one.support), "bars": [
            (percent(share), f"{100 * share:.1f}") for share in (one.precision, one.recall, one.f1)]}
        for name, one in zip(classes, class_scores(confusion), strict=True)
    ]  # fmt: skip


def _cells(classes: list[str], confusion: Array) -> list[tuple[str, list[Cell]]]:
    """Rows of the table of confusions; colours tell the share of a row, mistakes on a scale that shows few."""
    rows = []
    for truth, counts in enumerate(confusion):
        total = max(1, int(counts.sum()))
        cells = []
        for answer, count in enumerate(counts.tolist()):
            share = count / total
            kind = "right" if truth == answer else "wrong"
            strength = share if kind == "right" else (0.12 + 0.88 * share**0.6) * bool(count)
            title = f"{classes[truth]} → {classes[answer]}: {integer(count)} ({percent(share)})"
            cells.append(Cell(integer(count) if count else "", kind, round(strength, 3), title))
        rows.append((classes[truth], cells))
    return rows


def _confusion_picture(confusion: Array | None) -> Tile | None:
    """Many classes: one pixel for each pair, the root of its share of the row."""
    if confusion is None:
        return None
    shares = (confusion / confusion.sum(1, keepdims=True).clip(1)) ** 0.5
    return map_tile(shares, "viridis", (0.0, 1.0), 600.0) if len(shares) <= LARGEST else None


def _pairs(classes: list[str], confusion: Array | None) -> list[tuple[str, str, str]]:
    """The most frequent confusions."""
    if confusion is None:
        return []
    wrong = confusion.copy()
    for number in range(len(wrong)):
        wrong[number, number] = 0
    order = wrong.ravel().argsort()[::-1][:CONFUSIONS]
    places = [(int(place) // len(wrong), int(place) % len(wrong)) for place in order]
    return [(classes[i], classes[j], integer(int(wrong[i, j]))) for i, j in places if wrong[i, j]]


def _mistakes(story: Story, classes: list[str]) -> list[dict[str, Any]]:
    if story.judged is None or story.data is None:
        return []
    return [
        {
            "tile": sample_tile(one.sample, story.data.medium, 112.0, one.name),
            "is": classes[one.truth], "taken": classes[one.answer], "sure": percent(one.probability),
        }
        for one in story.judged.mistakes
    ]  # fmt: skip


# -- inside, and where ---------------------------------------------------------------------------------------------------


def _example(story: Story, classes: list[str]) -> dict[str, Any] | None:
    if story.example is None or story.data is None:
        return None
    answer = story.example.answer
    order = sorted(range(len(classes)), key=lambda number: -float(answer.probabilities[number]))[:5]
    rows = [(classes[n], percent(float(p := answer.probabilities[n])), f"{100 * p:.1f}") for n in order]
    return {
        "tile": sample_tile(story.example.sample, story.data.medium, 112.0),
        "is": classes[story.example.truth],
        "rows": rows,
    }


def _environment(story: Story) -> list[Fact]:
    past = story.past
    labels = {
        "program": "CNN Studio", "python": "Python", "torch": "PyTorch", "system": _("System"),
        "processor": _("Processor"),
    }  # fmt: skip
    found = [(_("Run"), story.name)]
    if past.started:
        found.append((_("Begun"), _moment(past.started)))
    if past.seconds:
        found.append((_("Time"), duration(past.seconds)))
    if past.placement:
        device, precision, threads, layout = past.placement
        found.append((_("Device"), f"{str(device).upper()}, {precision}, {_layout(layout)}"))
        if threads:
            found.append((_("Threads"), integer(threads)))
    found += [(label, past.environment[key]) for key, label in labels.items() if past.environment.get(key)]
    found.append((_("Seed"), str(story.plan.seed)))
    return found


def _layout(layout: str) -> str:
    return {"channels_first": _("channels first"), "channels_last": _("channels last")}.get(layout, layout)


def _moment(text: str) -> str:
    """A moment as it was written down, in the time of this machine."""
    try:
        return f"{datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return text
