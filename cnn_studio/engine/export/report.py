"""The report of a trained network: one HTML file that needs nothing else."""

from __future__ import annotations

from cnn_studio.engine.export import Progress, Trained, TrainedExporter, trained_exporters
from cnn_studio.engine.report.gather import gathered
from cnn_studio.engine.report.page import page
from cnn_studio.i18n import N_


def export_report(trained: Trained, progress: Progress) -> bytes:
    """The report in the language of the moment. Raises DataError before the network has been trained."""
    return page(gathered(trained, progress)).encode("utf-8")


trained_exporters.register("report", TrainedExporter("report", N_("report"), ".html", export_report))
