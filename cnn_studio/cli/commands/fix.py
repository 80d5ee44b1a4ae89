"""cnn-studio fix"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from cnn_studio.i18n import N_, _

if TYPE_CHECKING:
    from cnn_studio.cli.common import Net
    from cnn_studio.core.problems import Diagnosis

SUMMARY = N_("Say what is wrong with a network, and mend it by one of the fixes offered.")
EXAMPLES = (
    ("cnn-studio fix mine.cnnstudio", N_("the problems, with numbered fixes and what each would change")),
    ("cnn-studio fix mine.cnnstudio 1 -o mended.cnnstudio", N_("applies the first fix")),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's own arguments and options."""
    from cnn_studio.cli import common

    common.add_net(parser)
    parser.add_argument("number", metavar=_("NUMBER"), nargs="?", type=_number, help=_("the fix to apply"))
    parser.add_argument(
        "-o",
        "--output",
        metavar=_("FILE"),
        help=_("the .cnnstudio file to write; it may be the one that was read; a file that is there is replaced"),
    )
    common.add_context(parser)


def _number(text: str) -> int:
    from cnn_studio.cli.common import whole

    return whole(text, 1, 10_000)


def execute(options: argparse.Namespace) -> int:
    """Shows the problems, or applies one fix and writes the network."""
    from cnn_studio.cli import advice, common, output, parsing

    if (options.number is None) != (options.output is None):
        sentence = _("A fix needs both its number and -o FILE; without them the problems are shown.")
        raise parsing.UsageError(sentence, parsing.parser_of("fix").format_usage().rstrip())
    net = common.open_net(options.net)
    diagnosis = advice.diagnosis_of(net.project.graph, common.context_of(options, net.project))
    if options.number is not None:
        return _apply(options, net, diagnosis)
    if options.json:
        output.print_json({"name": net.name, "problems": advice.problem_documents(diagnosis)})
    elif not diagnosis.problems:
        output.print_text(_("{name}: no problems").format(name=net.name))
    else:
        output.print_text("\n".join(advice.lines(diagnosis, options, output.width())))
    return 0


def _apply(options: argparse.Namespace, net: Net, diagnosis: Diagnosis) -> int:
    from dataclasses import replace

    from cnn_studio.cli import advice, common, output
    from cnn_studio.core.project import to_bytes

    found = advice.offers(diagnosis)
    if options.number > len(found):
        if not found:
            raise common.Failure(_("There is no fix to apply."))
        sentence = _("There is no fix {number}: they are numbered from 1 to {last}.")
        raise common.Failure(sentence.format(number=options.number, last=len(found)))
    offer = found[options.number - 1]
    output.write_file(options.output, to_bytes(replace(net.project, graph=offer.graph)))
    after = advice.diagnosis_of(offer.graph, diagnosis.context)
    if options.json:
        document = {"applied": str(offer.fix.label), "impact": str(offer.impact.words), "file": options.output}
        output.print_json({"name": net.name, **document, "problems": advice.problem_documents(after)})
        return 0
    output.print_text(f"{offer.fix.label}: {offer.impact.words}")
    output.print_text(_("{file} written: {counts}").format(file=options.output, counts=advice.counts(after)))
    return 0
