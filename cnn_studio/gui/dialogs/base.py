"""What the dialogs share: they belong to one window and never hold up the others."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cnn_studio.gui import theme
from cnn_studio.gui.widgets.main_button import MainButton


class Sheet(QDialog):
    """A dialog over one window: a title, what it shows, and buttons at the lower right. Shown with ``open()``."""

    def __init__(self, parent: QWidget, name: str, title: str) -> None:
        super().__init__(parent, Qt.WindowType.Sheet)
        self.setObjectName(f"dialog.{name}")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        heading = QLabel(title)
        heading.setFont(theme.title_font())
        heading.setWordWrap(True)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(*[5 * theme.UNIT] * 4)
        self._outer.setSpacing(theme.PADDING)
        self._outer.addWidget(heading)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.GAP)
        self._outer.addLayout(self.body)
        self._row = QHBoxLayout()
        self._row.setSpacing(theme.GAP)
        self._row.addStretch(1)
        self._outer.addLayout(self._row)

    def add_text(self, text: str, *, secondary: bool = False) -> QLabel:
        """A paragraph."""
        label = QLabel(text)
        label.setWordWrap(True)
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.LinksAccessibleByMouse
        )
        label.setOpenExternalLinks(False)
        if secondary:
            label.setStyleSheet(f"color: {theme.current().secondary.name()}")
        self.body.addWidget(label)
        return label

    def add_button(self, name: str, text: str, *, default: bool = False) -> QPushButton:
        """A button at the lower right."""
        button = MainButton(text)
        button.setObjectName(f"{self.objectName()}.{name}")
        button.setAccessibleName(text)
        button.setDefault(default)
        button.setAutoDefault(default)
        self._row.addWidget(button)
        return button
