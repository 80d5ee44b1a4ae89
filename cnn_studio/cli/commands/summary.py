"""cnn-studio summary"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from cnn_studio.i18n import N_, _

if TYPE_CHECKING:
    from cnn_studio.core.analysis import Report

SUMMARY = N_("Show the layers of a network, their shapes and costs, and what is wrong with it.")
EXAMPLES = (
    ("cnn-studio summary lenet5", N_("the table of a starter")),
    ("cnn-studio summary mine.cnnstudio --sample 28x28x1 --classes 10", N_("also whether it fits such data")),
    ("cnn-studio summary lenet5 --sums", N_("also the arithmetic of every layer")),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's own arguments and options."""
    from cnn_studio.cli import common

    common.add_net(parser)
    parser.add_argument(
        "--style",
        choices=("studio", "keras", "markdown"),
        default="studio",
        help=_("the look of the table: the studio's own (the default), as Keras prints it, or Markdown"),
    )
    parser.add_argument("--sums", action="store_true", help=_("write out the arithmetic of sizes and parameters"))
    common.add_context(parser)


def execute(options: argparse.Namespace) -> int:
    """Prints the table and the problems with their fixes."""
    from cnn_studio.cli import common, output
    from cnn_studio.core import summary
    from cnn_studio.core.analysis import analyse
    from cnn_studio.core.problems import diagnose

    net = common.open_net(options.net)
    report = analyse(net.project.graph)
    diagnosis = diagnose(report, common.context_of(options, net.project))
    if options.json:
        output.print_json(summary.summary(net.project.graph, report, net.name, diagnosis.problems))
        return 0
    output.print_text(_table(options, report, net.name))
    if options.sums:
        output.print_text("\n" + "\n".join(sums(report)))
    if diagnosis.problems:
        from cnn_studio.cli import advice

        output.print_text("\n" + "\n".join(advice.lines(diagnosis, options, output.width())))
    return 0


def _table(options: argparse.Namespace, report: Report, name: str) -> str:
    """The table in the look that is asked for."""
    from cnn_studio.cli import common, output

    if options.style == "studio":
        from cnn_studio.core.summary import summary_text

        return summary_text(report.graph, report, name, width=output.width())
    from cnn_studio.core.export import ExportError, exporters

    graph = report.graph
    try:
        if options.style == "keras":
            return exporters["keras-summary"].function(graph, columns=output.width(120))
        return exporters["markdown"].function(graph, title=name)
    except ExportError as error:
        raise common.Failure(_("Keras cannot summarize it: {reason}.").format(reason=error)) from error


def sums(report: Report) -> list[str]:
    """The arithmetic of each layer that has any."""
    from cnn_studio.core.reading import reading_order

    lines = []
    for node_id in reading_order(report.graph):
        found = [
            *report.size_sums(node_id),
            *([report.parameter_sum(node_id)] if report.parameter_sum(node_id) else []),
        ]
        if found:
            lines += [report.graph.nodes[node_id].name, *(f"    {words}" for words in found)]
    return lines
