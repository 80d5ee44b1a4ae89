"""Panels: one module each; the window docks whatever is here. They meet only in the Workspace.

A panel module has a class with the class attributes ``name`` (stable, for object names and saved places), ``title``
(marked for translation), ``icon``, ``area`` ("left", "right", "bottom"), ``workspaces`` (in which it is open at first)
and a constructor that takes the Workspace; it is declared with ``@panels.declare(name)``.
"""

from __future__ import annotations

from cnn_studio.core.kinds import Registry
from cnn_studio.gui.panels.base import Panel

panels: Registry[type[Panel]] = Registry("cnn_studio.gui.panels")
"""All panels by name."""
