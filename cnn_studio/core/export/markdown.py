"""A table of the layers in Markdown, for a README or homework."""

from __future__ import annotations

import re

from cnn_studio.core.analysis import analyse
from cnn_studio.core.export import Exporter, exporters
from cnn_studio.core.graph import Graph
from cnn_studio.core.summary import HEADINGS, NUMERIC, table_rows, totals_lines
from cnn_studio.i18n import N_, _

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def export_markdown(graph: Graph, *, title: str = "Network") -> str:
    """The table, with totals below. Never refuses: where a shape cannot be known there is a question mark."""
    report = analyse(graph)
    rows = [[escaped(cell) for cell in row] for row in table_rows(graph, report)]
    lines = [
        f"# {escaped(title)}",
        "",
        _line([escaped(_(heading)) for heading in HEADINGS]),
        _line(["---:" if numeric else "---" for numeric in NUMERIC]),
        *map(_line, rows),
        "",
        *(f"- {escaped(line)}" for line in totals_lines(report)),
    ]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """A text as Markdown shows it letter by letter, on one line."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


exporters.register("markdown", Exporter("markdown", N_("Table of layers (Markdown)"), ".md", export_markdown))
