"""All shortcuts on one sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from cnn_studio.gui import theme
from cnn_studio.gui.dialogs.base import Sheet
from cnn_studio.i18n import _

Rows = Sequence[tuple[str, str]]
"""Keys and what they do."""


class Shortcuts(Sheet):
    """Tables of keys, one for each menu, in two columns."""

    def __init__(self, parent: QWidget, sections: Mapping[str, Rows]) -> None:
        super().__init__(parent, "shortcuts", _("Keyboard shortcuts"))
        page = QWidget()
        page.setObjectName("contents")
        outer = QHBoxLayout(page)
        outer.setContentsMargins(0, 0, theme.PADDING, 0)
        outer.setSpacing(2 * theme.GROUP_GAP)
        halves = QVBoxLayout(), QVBoxLayout()
        lengths = [0, 0]
        for title, entries in sections.items():
            half = 0 if lengths[0] <= lengths[1] else 1
            halves[half].addLayout(_section(title, entries))
            lengths[half] += len(entries) + 2
        for column in halves:
            column.setSpacing(theme.GROUP_GAP)
            column.addStretch(1)
            outer.addLayout(column)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        area.setMinimumSize(page.sizeHint().width() + 24, min(page.sizeHint().height() + 8, 480))
        area.setObjectName("dialog.shortcuts.list")
        area.setAccessibleName(_("Keyboard shortcuts"))
        self.body.addWidget(area)
        self.add_button("close", _("Close"), default=True).clicked.connect(self.accept)


def _section(title: str, entries: Rows) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.GROUP_GAP)
    grid.setVerticalSpacing(theme.UNIT)
    heading = QLabel(title)
    font = theme.text_font()
    font.setBold(True)
    heading.setFont(font)
    grid.addWidget(heading, 0, 0, 1, 2)
    for row, (keys, text) in enumerate(entries, 1):
        shown = QLabel(keys)
        shown.setStyleSheet(f"color: {theme.current().secondary.name()}")
        grid.addWidget(shown, row, 0)
        grid.addWidget(QLabel(text), row, 1)
    grid.setColumnStretch(1, 1)
    return grid
