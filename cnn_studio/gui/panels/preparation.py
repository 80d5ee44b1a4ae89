"""The steps of preprocessing, with a sample before and after each of them."""

from __future__ import annotations

from typing import ClassVar

from cnn_studio.gui.data_views.parts_panel import PartsPanel
from cnn_studio.gui.data_views.parts_view import PartsView
from cnn_studio.gui.data_views.preparing import PreparationView
from cnn_studio.gui.panels import panels
from cnn_studio.i18n import N_


@panels.declare("preparation")
class PreparationPanel(PartsPanel):
    """Edits what is done to every sample before it enters the network."""

    name: ClassVar[str] = "preparation"
    title: ClassVar[str] = N_("Preprocessing")
    icon: ClassVar[str] = "reshaping"
    rank: ClassVar[int] = 20
    view_kind: ClassVar[type[PartsView]] = PreparationView
