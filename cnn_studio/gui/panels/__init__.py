"""Panels: one module each, called as the panel. They meet only in the Workspace.

``PLACES`` says of every panel where it stands in the window, so that its module is loaded no sooner than it is seen.
The module has a class with a constructor that takes the Workspace, declared with ``@panels.declare(name)``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from cnn_studio.core.kinds import Registry
from cnn_studio.gui.panels.base import Panel
from cnn_studio.i18n import N_

P = TypeVar("P", bound=type[Panel])


class Place(NamedTuple):
    """A panel as the window knows it before it is there.

    Attributes:
        name: stable; object name ``panel.<name>``, key of the saved place of its dock, and name of its module.
        title: what people read, marked for translation.
        icon: name of an icon, see ``icons.py``.
        area: where its dock stands at first: "left", "right" or "bottom".
        workspaces: those in which it is open at first: "build", "data", "train", "inside", "draw". It is at home in the
            first of them; in the others it stands behind the last panel of its side.
    """

    name: str
    title: str
    icon: str
    area: str
    workspaces: tuple[str, ...]


PLACES = (
    Place("palette", N_("Palette"), "palette", "left", ("build",)),
    Place("properties", N_("Properties"), "properties", "right", ("build",)),
    Place("problems", N_("Problems"), "problems", "bottom", ("build",)),
    Place("code", N_("Code"), "code", "bottom", ("build",)),
    Place("summary", N_("Summary"), "summary", "bottom", ("build",)),
    Place("data", N_("Data"), "data", "left", ("data",)),
    Place("preparation", N_("Preparation"), "reshaping", "right", ("data",)),
    Place("samples", N_("Samples"), "samples", "bottom", ("data",)),
    Place("plan", N_("Plan"), "plan", "right", ("train",)),
    Place("curves", N_("Curves"), "curves", "bottom", ("train",)),
    Place("confusion", N_("Confusion"), "confusion", "bottom", ("train",)),
    Place("mistakes", N_("Mistakes"), "mistakes", "bottom", ("train",)),
    Place("runs", N_("Runs"), "runs", "bottom", ("train",)),
    Place("log", N_("Log"), "log", "bottom", ("train",)),
    Place("kernels", N_("Kernels"), "kernels", "bottom", ("inside",)),
    Place("weights", N_("Weights and gradients"), "weights", "bottom", ("inside",)),
    Place("drawings", N_("My drawings"), "drawings", "left", ("draw",)),
    Place("pad", N_("Drawing pad"), "pen", "right", ("draw",)),
    Place("probabilities", N_("Answer"), "answer", "right", ("draw",)),
    Place("seen", N_("What the network sees"), "inside", "bottom", ("draw",)),
    Place("activations", N_("Activations"), "activations", "right", ("inside", "draw")),
)
"""All panels. Of those that share a place, the first stands in front."""


class Panels(Registry[type[Panel]]):
    """The classes of the panels by name; each module is loaded when its panel is asked for."""

    def declare(self, name: str) -> Callable[[P], P]:
        """Decorator that registers a class under the name of its module."""

        def declared(panel: P) -> P:
            panel.name = name
            self.register(name, panel)
            return panel

        return declared

    def __getitem__(self, name: str) -> type[Panel]:
        if name not in self._things:
            importlib.import_module(f"{self.package}.{name}")
        return self._things[name]


panels = Panels("cnn_studio.gui.panels")
"""All panels by name."""
