"""F1: what the chosen layer does, and where the guide says more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from cnn_studio.core.layers.base import FAMILY_LABELS, Layer
from cnn_studio.core.problems import ERROR
from cnn_studio.core.problems.titles import title_of
from cnn_studio.gui import icons, theme
from cnn_studio.gui.dialogs.base import Sheet
from cnn_studio.i18n import _


class HelpSheet(Sheet):
    """A few lines that lead on to the guide.

    Signals:
        more_wanted(str, str): page of the guide and heading in it.
    """

    more_wanted = Signal(str, str)

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent, "help", title)

    def add_ways_on(self, page: str, heading: str = "") -> None:
        """The buttons."""
        self.add_button("more", _("More in the guide")).clicked.connect(lambda: self.lead_on(page, heading))
        self.add_button("close", _("Close"), default=True).clicked.connect(self.accept)

    def add_problem(self, code: str, severity: str) -> None:
        """A problem of the layer, as a link to what the guide says of it."""
        title, now = _(title_of(code)), theme.current()
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        mark = QLabel()
        colour = now.error if severity == ERROR else now.warning
        mark.setPixmap(icons.pixmap(severity, theme.ICON_SIZE, colour, self.devicePixelRatioF()))
        row.addWidget(mark)
        link = QLabel(f'<a href="#" style="color: {now.accent.name()}; text-decoration: none">{escape(title)}</a>')
        link.setObjectName(f"dialog.help.{code}")
        link.setAccessibleName(title)
        link.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        link.linkActivated.connect(lambda _link: self.lead_on("problems", title))
        row.addWidget(link, 1)
        self.body.addLayout(row)

    def lead_on(self, page: str, heading: str) -> None:
        """To the guide."""
        self.accept()
        self.more_wanted.emit(page, heading)


class LayerHelp(HelpSheet):
    """A kind of layer: its family, what it does, its formula; the sums and the problems (with their severity) of one."""

    def __init__(
        self, parent: QWidget, layer: Layer, name: str, sums: Sequence[str], problems: Mapping[str, str]
    ) -> None:
        super().__init__(parent, _(layer.label))
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
        for code, severity in problems.items():
            self.add_problem(code, severity)
        self.add_ways_on("layers", _(layer.label))


class Hints(HelpSheet):
    """How a network is built, in a few lines, when nothing is chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, _("How a network is built"))
        for text in (
            _("Press the space bar on the canvas, or click twice, and type the name of a layer to add it."),
            _("Drop a layer onto a connection to put it between two others; drag from an output to connect."),
            _("A red mark shows what does not fit. The problems below say why and offer repairs."),
            _("Choose a layer to set it on the right; F1 then explains that kind of layer."),
            _("Ctrl+K finds every action by its name."),
        ):
            self.add_text(text).setMinimumWidth(400)
        self.add_ways_on("building")
