"""The canvas on which a network is drawn: painting, geometry and gestures apart."""

from __future__ import annotations

from cnn_studio.gui.canvas.canvas_view import CanvasView
from cnn_studio.gui.workspace import Workspace


def create(workspace: Workspace) -> CanvasView:
    """The canvas of a window."""
    return CanvasView(workspace)
