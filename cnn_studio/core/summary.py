"""What a network is, in numbers: one source for the JSON, the terminal's table and the exported one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from textwrap import wrap
from typing import Any, NamedTuple, Protocol
from unicodedata import east_asian_width

from cnn_studio.core.analysis import Report
from cnn_studio.core.graph import Graph
from cnn_studio.core.reading import reading_order
from cnn_studio.core.words import times
from cnn_studio.i18n import N_, _, integer

WIDTH = 100
"""Columns of a terminal that a table keeps to when it can."""
NARROWEST = 14
"""Columns that a text column keeps, however narrow the terminal."""
FIRST_WIDE = "\u1100"
"""No character before this one takes two columns."""
NOTHING = "–"
UNKNOWN = "?"

SEVERITIES = {"error": N_("error"), "warning": N_("warning")}
HEADINGS = (
    N_("Layer"),
    N_("Kind"),
    N_("Settings"),
    N_("Output"),
    N_("Parameters"),
    N_("Mult-adds"),
    N_("Sees"),
)
NUMERIC = (False, False, False, True, True, True, True)
"""Which columns hold numbers, and stand to the right."""


class ProblemLike(Protocol):
    """What a summary needs of a problem. Severity, message and fixes are read as text."""

    @property
    def code(self) -> str: ...
    @property
    def severity(self) -> Any: ...
    @property
    def nodes(self) -> Collection[str]: ...
    @property
    def message(self) -> Any: ...
    @property
    def fixes(self) -> Sequence[Any]: ...


class Row(NamedTuple):
    """One layer as a table shows it, every cell a text."""

    name: str
    kind: str
    settings: str
    output: str
    parameters: str
    macs: str
    sees: str


def summary(graph: Graph, report: Report, name: str, problems: Iterable[ProblemLike] = ()) -> dict[str, Any]:
    """The summary as plain values, fit for JSON.

    Shapes are [channels, ...sizes]; ``output`` and ``receptive_field`` are None where they cannot be known, and a
    layer's ``problems`` are the codes of those that name it.
    """
    problems = list(problems)
    inputs = [_shape_list(report, node.id) for node in graph.of_kind("input")]
    return {
        "name": name,
        "input": (inputs[0] if inputs else None) or [],
        "layers": [_layer(graph, report, node_id, problems) for node_id in reading_order(graph)],
        "parameters": report.totals.parameters,
        "trainable_parameters": report.totals.trainable,
        "macs": report.totals.macs,
        "problems": [
            {
                "code": problem.code,
                "severity": severity_of(problem),
                "nodes": list(problem.nodes),
                "message": str(problem.message),
                "fixes": [fix_text(fix) for fix in problem.fixes],
            }
            for problem in problems
        ],
    }


def _shape_list(report: Report, node_id: str) -> list[int] | None:
    shape = report.facts[node_id].shape
    return None if shape is None else [shape.channels, *shape.sizes]


def _layer(graph: Graph, report: Report, node_id: str, problems: list[ProblemLike]) -> dict[str, Any]:
    node, facts = graph.nodes[node_id], report.facts[node_id]
    return {
        "id": node_id,
        "name": node.name,
        "kind": node.layer.kind,
        "output": _shape_list(report, node_id),
        "parameters": facts.parameters,
        "macs": facts.macs,
        "receptive_field": None if facts.reach is None else list(facts.reach.receptive_field),
        "problems": [problem.code for problem in problems if node_id in problem.nodes],
    }


def severity_of(problem: ProblemLike) -> str:
    """The severity as files write it: "error" or "warning"."""
    return str(getattr(problem.severity, "value", problem.severity))


def fix_text(fix: Any) -> str:
    """What a fix does, in words."""
    return str(getattr(fix, "label", fix))


def table_rows(graph: Graph, report: Report) -> list[Row]:
    """A row for each layer, in order. One that does not continue the row above says what it continues."""
    found = []
    before: tuple[str, ...] = ()
    for node_id in reading_order(graph):
        node, facts = graph.nodes[node_id], report.facts[node_id]
        sources = graph.inputs_of(node_id)
        parts = [node.layer.describe(facts.inputs[0].rank if facts.inputs else 2)]
        if sources and sources != before:
            parts.append("← " + ", ".join(graph.nodes[source].name for source in sources))
        found.append(
            Row(
                node.name,
                _(node.layer.label),
                " ".join(part for part in parts if part),
                UNKNOWN if facts.shape is None else str(facts.shape),
                integer(facts.parameters) if facts.parameters else NOTHING,
                integer(facts.macs) if facts.macs else NOTHING,
                times(facts.reach.receptive_field) if facts.reach and facts.reach.picture else NOTHING,
            )
        )
        before = (node_id,)
    return found


def totals_lines(report: Report) -> list[str]:
    """Parameters and multiply-adds of the whole network, in words."""
    totals = report.totals
    if totals.trainable == totals.parameters:
        parameters = _("Parameters: {count}").format(count=integer(totals.parameters))
    else:
        parameters = _("Parameters: {count}, of which {trainable} are trained").format(
            count=integer(totals.parameters), trainable=integer(totals.trainable)
        )
    return [parameters, _("Multiply-adds for one sample: {count}").format(count=integer(totals.macs))]


def summary_text(
    graph: Graph, report: Report, name: str, problems: Iterable[ProblemLike] = (), width: int = WIDTH
) -> str:
    """The table for a terminal, without colour, at most ``width`` columns wide where the numbers leave room."""
    rows = [Row(*map(_, HEADINGS)), *table_rows(graph, report)]
    table = _table(rows, width)
    parts = [[name], [table[0], "─" * max(map(columns, table)), *table[1:]], totals_lines(report)]
    found = _problem_lines(graph, list(problems), width)
    return "\n\n".join("\n".join(part) for part in (*parts, *([found] if found else []))) + "\n"


def _problem_lines(graph: Graph, problems: list[ProblemLike], width: int) -> list[str]:
    lines = []
    for problem in problems:
        severity = severity_of(problem)
        message = str(problem.message)
        sentence = _("{severity}: {message}").format(
            severity=_(SEVERITIES.get(severity, severity)).capitalize(), message=message
        )
        unsaid = [graph.nodes[one].name for one in problem.nodes if one in graph.nodes]
        unsaid = [name for name in unsaid if name not in message]
        if unsaid:
            sentence += f" [{', '.join(unsaid)}]"
        lines += wrap(sentence, max(width, 40), subsequent_indent="  ")
        for number, fix in enumerate(problem.fixes, 1):
            lines += wrap(f"{number}. {fix_text(fix)}", max(width, 40), initial_indent="  ", subsequent_indent="     ")
    return lines


# -- columns ----------------------------------------------------------------------------------------------------------


def columns(text: str) -> int:
    """Columns that a text takes in a terminal: East Asian characters take two."""
    if not text or max(text) < FIRST_WIDE:
        return len(text)
    return sum(map(_columns_of, text))


@cache
def _columns_of(letter: str) -> int:
    return 2 if east_asian_width(letter) in "WF" else 1


def folded(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` columns, broken between words where it can be."""
    lines = [""]
    for part in text.split():
        word = part
        if lines[-1] and columns(lines[-1]) + 1 + columns(word) > width:
            lines.append("")
        while columns(word) > width:
            size = next(n for n in range(len(word), 0, -1) if n == 1 or columns(word[:n]) <= width)
            lines[-1:] = [word[:size], ""] if not lines[-1] else [lines[-1], word[:size], ""]
            word = word[size:]
        lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return [line.removesuffix(" ·") for line in lines]


def _table(rows: list[Row], width: int) -> list[str]:
    """The rows as lines of one width; the texts give way when it is too much, the numbers never."""
    widths = [max(columns(cell) for cell in column) for column in zip(*rows, strict=True)]
    for column in (2, 0, 1):
        excess = sum(widths) + 2 * (len(widths) - 1) - width
        widths[column] = max(widths[column] - max(excess, 0), min(widths[column], NARROWEST))
    lines = []
    for row in rows:
        cells = [
            [cell] if number else folded(cell, size) for cell, size, number in zip(row, widths, NUMERIC, strict=True)
        ]
        for height in range(max(map(len, cells))):
            texts = [cell[height] if height < len(cell) else "" for cell in cells]
            lines.append("  ".join(map(_padded, texts, widths, NUMERIC)).rstrip())
    return lines


def _padded(text: str, width: int, right: bool) -> str:
    space = " " * (width - columns(text))
    return space + text if right else text + space
