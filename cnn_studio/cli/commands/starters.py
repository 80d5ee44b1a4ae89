"""cnn-studio starters"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NamedTuple

from cnn_studio.i18n import N_, _

if TYPE_CHECKING:
    from cnn_studio.core.project import Project

SUMMARY = N_("Show the networks that come with the studio.")
EXAMPLES = (
    ("cnn-studio starters", N_("all of them, one a line")),
    ("cnn-studio starters lenet5", N_("the story of one: what it was for, and what was new in it")),
)


class Starter(NamedTuple):
    """One line of the table."""

    name: str
    year: int | None
    title: str
    about: str
    story: str
    input: tuple[int, ...]
    layers: int
    parameters: int
    macs: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's own arguments."""
    parser.add_argument("name", metavar=_("NAME"), nargs="?", help=_("tell the story of this one"))


def execute(options: argparse.Namespace) -> int:
    """Prints the table, or one story."""
    from cnn_studio.cli import common, output
    from cnn_studio.core.starters import starter_names

    if options.name is not None and options.name not in starter_names():
        raise common.Failure(common.no_starter(options.name))
    names = starter_names() if options.name is None else (options.name,)
    starters = [_starter(name) for name in names]
    if options.json:
        documents = [starter._asdict() for starter in starters]
        output.print_json(documents if options.name is None else documents[0])
    elif options.name is None:
        output.print_text("\n".join(_table(starters, output.width())))
    else:
        output.print_text(_story(starters[0], output.width()))
    return 0


def _starter(name: str) -> Starter:
    from cnn_studio.core.analysis import analyse
    from cnn_studio.core.starters import open_starter

    project = open_starter(name)
    report = analyse(project.graph)
    first = next(iter(project.graph.of_kind("input")))
    shape = report.facts[first.id].shape
    assert shape is not None  # the tests go through every starter
    story = _told(project)
    return Starter(
        name,
        _year(story),
        project.name or name,
        _first_sentence(story),
        story,
        (shape.channels, *shape.sizes),
        len(project.graph.nodes),
        report.totals.parameters,
        report.totals.macs,
    )


def _told(project: Project) -> str:
    """The story in the reader's language."""
    from cnn_studio import i18n

    return project.story.get(i18n.language()) or project.story.get("en", "")


def _year(story: str) -> int | None:
    """The first year that the story names: that of the paper."""
    import re

    found = re.search(r"\b(?:19|20)\d\d\b", story)
    return int(found.group()) if found else None


def _first_sentence(story: str) -> str:
    """Up to the first full stop that ends a sentence."""
    import re

    return re.split(r"(?<=[.!?])\s+(?=[A-ZÁÉÍÓÚÑ¿¡])", " ".join(story.split()), maxsplit=1)[0]


def _table(starters: list[Starter], width: int) -> list[str]:
    """A line of numbers for each, and under it what it is."""
    from textwrap import wrap

    from cnn_studio.core.summary import columns
    from cnn_studio.core.words import shape_words
    from cnn_studio.i18n import count_short, integer

    rows = [(_("Name"), _("Year"), _("Input"), _("Layers"), _("Parameters"), _("Multiply-adds"))]
    for one in starters:
        year = str(one.year) if one.year else "–"
        shape = shape_words(one.input[0], one.input[1:])
        rows.append((one.name, year, shape, integer(one.layers), count_short(one.parameters), count_short(one.macs)))
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row, about in zip(rows, ["", *(one.about for one in starters)], strict=True):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(size) for cell, size in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
        lines += wrap(about, width, initial_indent="    ", subsequent_indent="    ")
    return lines


def _story(starter: Starter, width: int) -> str:
    from textwrap import fill

    from cnn_studio.core.words import shape_words
    from cnn_studio.i18n import integer

    facts = [
        _("Input: {shape}").format(shape=shape_words(starter.input[0], starter.input[1:])),
        _("Layers: {n}").format(n=integer(starter.layers)),
        _("Parameters: {count}").format(count=integer(starter.parameters)),
        _("Multiply-adds for one sample: {count}").format(count=integer(starter.macs)),
    ]
    paragraphs = [fill(" ".join(part.split()), width) for part in starter.story.split("\n\n")]
    more = _("`cnn-studio summary {name}` shows its layers.").format(name=starter.name)
    return "\n\n".join([starter.title, *paragraphs, "\n".join(facts), more])
