"""Texts made from a network: code, tables, figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cnn_studio.core.kinds import Registry
from cnn_studio.core.words import Words, say


@dataclass(frozen=True, slots=True)
class Exporter:
    """One kind of text that a network can be written as.

    Attributes:
        name: what files and the command line call it.
        label: name that people read, marked for translation.
        suffix: of the file it is written to, with its dot.
        function: ``function(graph, **options)`` gives the text; raises ExportError when the network has none.
    """

    name: str
    label: str
    suffix: str
    function: Callable[..., str]


class ExportError(Exception):
    """A network cannot be written as this kind of text; carries the sentence that says why."""

    def __init__(self, template: str, /, **values: Any) -> None:
        super().__init__(template)
        self.words: Words = say(template, **values)

    def __str__(self) -> str:
        return str(self.words)


exporters: Registry[Exporter] = Registry("cnn_studio.core.export")
"""All kinds of text by the name that the command line uses."""
