"""Problems and their fixes as the terminal shows them, each fix with a number and what it would change."""

from __future__ import annotations

import argparse
import shlex
from textwrap import wrap
from typing import NamedTuple

from cnn_studio.core.analysis import analyse
from cnn_studio.core.context import Context
from cnn_studio.core.graph import Graph
from cnn_studio.core.problems import ERROR, Diagnosis, Fix, Impact, Problem, diagnose, impact
from cnn_studio.core.words import CHANNELS_FIRST
from cnn_studio.i18n import _, ngettext

INDENT = " " * 3


class Offer(NamedTuple):
    """A fix under its number, with the network it makes and what that changes."""

    number: int
    problem: Problem
    fix: Fix
    graph: Graph
    impact: Impact


def diagnosis_of(graph: Graph, context: Context) -> Diagnosis:
    """What is wrong with a network."""
    return diagnose(analyse(graph), context)


def offers(diagnosis: Diagnosis) -> list[Offer]:
    """Every fix of every problem, numbered in the order in which they are shown."""
    found: list[Offer] = []
    for problem in diagnosis.problems:
        for fix in problem.fixes:
            graph = fix.apply(diagnosis.report.graph)
            found.append(Offer(len(found) + 1, problem, fix, graph, impact(diagnosis, graph)))
    return found


def counts(diagnosis: Diagnosis) -> str:
    """How many problems there are: "1 error, 2 warnings"."""
    errors, warnings = len(diagnosis.errors), len(diagnosis.warnings)
    parts = []
    if errors:
        parts.append(ngettext("{n} error", "{n} errors", errors).format(n=errors))
    if warnings:
        parts.append(ngettext("{n} warning", "{n} warnings", warnings).format(n=warnings))
    return ", ".join(parts) or _("no problems")


def lines(diagnosis: Diagnosis, options: argparse.Namespace, width: int) -> list[str]:
    """Every problem with its fixes, and how to apply one."""
    numbered = offers(diagnosis)
    found = [_("Problems: {counts}").format(counts=counts(diagnosis))]
    for problem in diagnosis.problems:
        label = _("Error") if problem.severity == ERROR else _("Warning")
        message = _("{severity}: {message}").format(severity=label, message=problem.message)
        found += ["", *wrap(message, width, subsequent_indent=INDENT, break_on_hyphens=False)]
        if problem.detail is not None:
            found += _folded(str(problem.detail), INDENT, width)
        for offer in numbered:
            if offer.problem is problem:
                found += _folded(f"{offer.number}. {offer.fix.label}", INDENT, width)
                found += _folded(f"→ {offer.impact.words}", INDENT * 2, width)
    return [*found, "", *how_to_fix(options)] if numbered else found


def how_to_fix(options: argparse.Namespace) -> list[str]:
    """The command that applies one of the fixes shown, with the options that they were found with."""
    given = [
        word
        for name in ("sample", "classes", "batch")
        if (value := getattr(options, name)) is not None
        for word in (f"--{name}", str(value))
    ]
    if options.sample is not None and options.notation == CHANNELS_FIRST:
        given += ["--notation", options.notation]
    if options.memory is not None:
        given += ["--memory", f"{options.memory / 1e9:g}"]
    words = [shlex.join(["cnn-studio", "fix", options.net]), _("NUMBER"), *given, "-o", _("FILE")]
    return [_("This applies a fix and writes the network into a new file:"), INDENT + " ".join(words)]


def _folded(text: str, indent: str, width: int) -> list[str]:
    return wrap(text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def problem_documents(diagnosis: Diagnosis) -> list[dict[str, object]]:
    """The problems for a program."""
    numbered = offers(diagnosis)
    return [
        {
            "code": problem.code,
            "severity": problem.severity,
            "nodes": list(problem.nodes),
            "message": problem.message,
            "fixes": [
                {"number": offer.number, "label": str(offer.fix.label), "impact": str(offer.impact.words)}
                for offer in numbered
                if offer.problem is problem
            ],
        }
        for problem in diagnosis.problems
    ]
