"""The canvas on which a network is drawn: painting, geometry and gestures apart."""

from __future__ import annotations

from cnn_studio.gui.canvas.view import CanvasBase
from cnn_studio.gui.workspace import Workspace


def create(workspace: Workspace) -> CanvasBase:
    """The canvas of a window."""
    return CanvasBase(workspace)
