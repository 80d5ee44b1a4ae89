"""The ways in which training samples are varied, with samples of the data as they come out of them."""

from __future__ import annotations

from typing import ClassVar

from cnn_studio.gui.data_views.augmenting import AugmentationView
from cnn_studio.gui.data_views.parts_panel import PartsPanel
from cnn_studio.gui.data_views.parts_view import PartsView
from cnn_studio.gui.panels import panels
from cnn_studio.i18n import N_


@panels.declare("augmentation")
class AugmentationPanel(PartsPanel):
    """Edits how samples are varied in training."""

    name: ClassVar[str] = "augmentation"
    title: ClassVar[str] = N_("Augmentation")
    icon: ClassVar[str] = "random"
    rank: ClassVar[int] = 30
    view_kind: ClassVar[type[PartsView]] = AugmentationView
