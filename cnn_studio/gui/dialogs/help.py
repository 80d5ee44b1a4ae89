"""F1: what the chosen layer does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from cnn_studio.core.layers.base import FAMILY_LABELS, Layer
from cnn_studio.gui import icons, theme
from cnn_studio.gui.dialogs.base import Sheet
from cnn_studio.i18n import _


class LayerHelp(Sheet):
    """A kind of layer: its family, what it does, its formula, and the sums of the layer that was chosen."""

    def __init__(self, parent: QWidget, layer: Layer, name: str, sums: Sequence[str]) -> None:
        super().__init__(parent, "help", _(layer.label))
        head = QHBoxLayout()
        picture = QLabel()
        picture.setPixmap(icons.pixmap(layer.kind, 22, layer.family, self.devicePixelRatioF()))
        head.addWidget(picture)
        family = QLabel(f"{_(FAMILY_LABELS[layer.family])} · {name}")
        family.setStyleSheet(f"color: {theme.current().secondary.name()}")
        head.addWidget(family, 1)
        self.body.addLayout(head)
        self.add_text(_(layer.help)).setMinimumWidth(400)
        if layer.formula:
            self.add_text(layer.formula).setFont(theme.code_font())
        for text in sums:
            self.add_text(text, secondary=True)
        self.add_button("close", _("Close"), default=True).clicked.connect(self.accept)


class Hints(Sheet):
    """How a network is built, in a few lines, when nothing is chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "help", _("How a network is built"))
        for text in (
            _("Press the space bar on the canvas, or click twice, and type the name of a layer to add it."),
            _("Drop a layer onto a connection to put it between two others; drag from an output to connect."),
            _("A red mark shows what does not fit. The problems below say why and offer repairs."),
            _("Choose a layer to set it on the right; F1 then explains that kind of layer."),
            _("Ctrl+K finds every action by its name."),
        ):
            self.add_text(text).setMinimumWidth(400)
        self.add_button("close", _("Close"), default=True).clicked.connect(self.accept)
