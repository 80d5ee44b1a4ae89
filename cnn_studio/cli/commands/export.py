"""cnn-studio export"""

from __future__ import annotations

import argparse
from collections.abc import Container
from typing import TYPE_CHECKING, Any

from cnn_studio.i18n import N_, _

if TYPE_CHECKING:
    from cnn_studio.core.export import Exporter

SUMMARY = N_("Write a network as code, as a table, as a drawing, or what it learned.")
EXAMPLES = (
    ("cnn-studio export lenet5 --to pytorch -o lenet5.py", N_("PyTorch code in a file")),
    ("cnn-studio export mine.cnnstudio --to keras", N_("Keras code on standard output")),
    ("cnn-studio export resnet18 --to svg -o resnet18.svg", N_("a drawing")),
    (
        "cnn-studio export last --to safetensors -o weights.safetensors",
        N_("what the latest run learned, for that code"),
    ),
    ("cnn-studio export last --to report -o report.html", N_("all about it on one page: curves, mistakes, maps")),
)


TRAINED = ("report", "safetensors")
"""Formats that are made of a trained network."""
LATER = ("onnx", "png")
"""Formats that are planned, and not there yet."""
SHORT = {"summary": "keras-summary"}
"""Formats that also have a shorter name here."""
_OPTIONS = ("style", "labels", "shapes", "transparent", "width")
"""Options that only some exporters take, by the names that both sides use."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's own arguments and options."""
    from cnn_studio.cli import common

    common.add_net(parser)
    parser.add_argument(
        "--to",
        metavar=_("FORMAT"),
        required=True,
        help=_(
            "pytorch or keras (code), markdown or summary (tables, the second as Keras prints it), svg (a drawing); of a "
            "trained network also safetensors (its weights) or report (a page)"
        ),
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar=_("FILE"),
        help=_("the file to write, instead of standard output; a file that is there is replaced"),
    )
    group = parser.add_argument_group(_("options of a drawing"))
    group.add_argument(
        "--style",
        choices=("blocks", "volumes"),
        help=_("cards joined by lines (the default), or boxes that grow with maps and channels"),
    )
    group.add_argument("--no-labels", dest="labels", action="store_false", default=None, help=_("without names"))
    group.add_argument(
        "--no-shapes", dest="shapes", action="store_false", default=None, help=_("without output shapes")
    )
    group.add_argument("--transparent", action="store_true", default=None, help=_("without the white background"))
    group.add_argument(
        "--width", metavar=_("POINTS"), type=_width, help=_("width of the page (1100); 0 keeps everything in one row")
    )


def _width(text: str) -> int:
    from cnn_studio.cli.common import whole

    return whole(text, 0, 100_000)


def execute(options: argparse.Namespace) -> int:
    """Writes the text to the file or to standard output."""
    from cnn_studio.cli import common, output
    from cnn_studio.core.export import ExportError

    if options.to in TRAINED:
        _check_options(options, options.to, ())
        from cnn_studio.cli.trained import export_trained

        return export_trained(options)
    exporter = _exporter(options.to)
    net = common.open_net(options.net)
    settings = _settings(options, exporter, net.name)
    try:
        text = exporter.function(net.project.graph, **settings)
    except ExportError as error:
        raise common.Failure(_("{name} cannot be written as {format}: {reason}.").format(
            name=net.name, format=_(exporter.label), reason=error)) from error  # fmt: skip
    if exporter.name == "pytorch" and net.project.weights:
        from cnn_studio.cli.trained import prepared_code

        text = prepared_code(text, net.project)
    if options.output is not None:
        output.write_file(options.output, text.encode("utf-8"))
        output.message(_("{file}: {format} written").format(file=options.output, format=_(exporter.label)))
    if options.json:
        document: dict[str, Any] = {"name": net.name, "format": exporter.name, "file": options.output}
        output.print_json(document if options.output is not None else {**document, "text": text})
    elif options.output is None:
        output.print_file(text)
    return 0


def _exporter(name: str) -> Exporter:
    """The kind of text of that name. Raises Failure naming those there are."""
    from cnn_studio.cli.common import Failure
    from cnn_studio.core.export import exporters

    found = exporters.get(SHORT.get(name, name))
    if found is not None:
        return found
    if name in LATER:
        sentence = _("This version cannot write “{name}” yet; a network can be written as {names}.")
    else:
        sentence = _("There is no format “{name}”; a network can be written as {names}.")
    raise Failure(sentence.format(name=name, names=", ".join(sorted({*exporters, *SHORT, *TRAINED}))))


def _settings(options: argparse.Namespace, exporter: Exporter, name: str) -> dict[str, Any]:
    """What the exporter is told besides the network. Raises Failure for an option that it does not take."""
    from inspect import signature

    taken = signature(exporter.function).parameters
    given = _check_options(options, exporter.name, taken)
    return {**given, **({"title": name} if "title" in taken else {})}


def _check_options(options: argparse.Namespace, form: str, taken: Container[str]) -> dict[str, Any]:
    """The options that were given. Raises Failure for one that the format does not take."""
    from cnn_studio.cli.common import Failure

    given = {key: getattr(options, key) for key in _OPTIONS if getattr(options, key) is not None}
    for key, value in given.items():
        if key not in taken:
            option = f"--no-{key}" if value is False else f"--{key}"
            sentence = _("{option} does not go with the format {format}.")
            raise Failure(sentence.format(option=option, format=form))
    return given
