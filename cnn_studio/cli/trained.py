"""Exports that need what a network learned. Imported only when one is asked for: it loads torch."""

from __future__ import annotations

import argparse
from pathlib import Path

from cnn_studio.cli import common, output
from cnn_studio.cli.engine import engine_failures
from cnn_studio.cli.progress import Counter
from cnn_studio.core.project import Project, read_project
from cnn_studio.core.starters import open_starter, starter_names
from cnn_studio.engine.export import Trained, trained_exporters
from cnn_studio.engine.export.prepare_code import with_preparation
from cnn_studio.engine.finding import NETWORK, find_run, run_folder
from cnn_studio.i18n import _


def export_trained(options: argparse.Namespace) -> int:
    """Writes a file made of a trained network; 0 when it was written."""
    exporter = trained_exporters[options.to]
    if options.output is None:
        raise common.Failure(
            _("The format {format} needs a file to write to: -o {file}.").format(
                format=exporter.name, file=f"{exporter.name}{exporter.suffix}"
            )
        )
    with engine_failures():
        trained = trained_of(options.net)
        counter = Counter(_("looking at samples"), 0)

        def progress(done: int, total: int) -> None:
            counter.total = total
            counter.step(done)

        data = exporter.function(trained, progress)
        counter.clear()
    output.write_file(options.output, data)
    output.message(_("{file}: {format} written").format(file=options.output, format=_(exporter.label)))
    if options.json:
        output.print_json({"name": trained.name, "format": exporter.name, "file": options.output})
    return 0


def trained_of(name: str) -> Trained:
    """The network of a run, or of a file. Raises RunError, ProjectError."""
    path = Path(name)
    if path.is_file():
        return Trained(project := read_project(path), project.name or path.stem)
    if name in starter_names():
        return Trained(open_starter(name), name)
    folder = find_run(name, run_folder())
    return Trained(read_project(folder / NETWORK), folder.name, folder)


def prepared_code(text: str, project: Project) -> str:
    """PyTorch code of a trained network with its preprocessing beside it."""
    with engine_failures():
        return with_preparation(text, project)
