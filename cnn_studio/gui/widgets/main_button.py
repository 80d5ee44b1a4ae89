"""A button that the theme writes in bold where it is the main one of several."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QPushButton

from cnn_studio.gui import theme


class MainButton(QPushButton):
    """Has room for its text in bold while it is the default: Qt measures what it says in ordinary letters."""

    def sizeHint(self) -> QSize:
        """Room for the text in bold, as the theme writes the main button."""
        if not self.isDefault():
            return super().sizeHint()
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        width = QFontMetrics(font).horizontalAdvance(self.text()) + 2 * theme.PADDING + 6
        hint = super().sizeHint()
        return QSize(max(hint.width(), width), hint.height())

    def minimumSizeHint(self) -> QSize:
        """The same: a text is not cut."""
        return self.sizeHint()
