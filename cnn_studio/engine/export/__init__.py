"""Exports that need weights or what is known of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cnn_studio.core.kinds import Registry
from cnn_studio.core.project import Project

Progress = Callable[[int, int], None]
"""Told how much is done, and how much there is to do."""


def untold(_done: int, _all: int) -> None:
    """Progress that nobody watches."""


class Trained(NamedTuple):
    """A network with what it learned.

    Attributes:
        name: what to call it.
        folder: of its run, or None when it comes from a file.
    """

    project: Project
    name: str
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class TrainedExporter:
    """One kind of file that a trained network can be written as.

    Attributes:
        name: what files and the command line call it.
        label: name that people read, marked for translation.
        suffix: of the file it is written to, with its dot.
        function: ``function(trained, progress)`` gives the bytes of the file; raises DataError when the network has not learned what is needed.
    """

    name: str
    label: str
    suffix: str
    function: Callable[[Trained, Progress], bytes]


trained_exporters: Registry[TrainedExporter] = Registry("cnn_studio.engine.export")
"""All kinds of file made of a trained network, by the name that the command line uses."""
