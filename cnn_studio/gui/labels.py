"""Texts of the window in their few sizes and shades, and sentences with a mark before them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from cnn_studio.gui import theme
from cnn_studio.gui.icons import pixmap

PLAIN, SMALL, TITLE, STRONG, CODE = "plain", "small", "title", "strong", "code"
MARK = 16
"""Pixels of the mark before a sentence."""


class Text(QLabel):
    """A wrapped text whose colour follows the theme; ``shade`` is the name of one of the theme's colours."""

    def __init__(self, shade: str = "text", kind: str = PLAIN, name: str = "", *, wrap: bool = True) -> None:
        super().__init__()
        self.shade, self.kind = shade, kind
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.retheme()

    def retheme(self) -> None:
        """Colour and font of the theme of the moment."""
        colours = QPalette(self.palette())
        colours.setColor(QPalette.ColorRole.WindowText, getattr(theme.current(), self.shade))
        self.setPalette(colours)
        self.setFont(self._font())

    def _font(self) -> QFont:
        if self.kind == SMALL:
            return theme.small_font()
        if self.kind == TITLE:
            return theme.title_font()
        if self.kind == CODE:
            return theme.code_font()
        font = theme.text_font()
        if self.kind == STRONG:
            font.setWeight(QFont.Weight.DemiBold)
        return font


class Message(QWidget):
    """A sentence behind its mark ("error", "warning", "success"); hidden while there is none."""

    def __init__(self, kind: str, name: str, text_kind: str = SMALL) -> None:
        super().__init__()
        self.setObjectName(name)
        self.kind = kind
        self.mark = QLabel()
        self.label = Text(_SHADES[kind] if text_kind == SMALL else "text", text_kind, f"{name}.text")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.label, 1)
        self.retheme()
        self.hide()

    @property
    def text(self) -> str:
        """The sentence, or ""."""
        return self.label.text()

    def say(self, text: str) -> None:
        """Show a sentence, or nothing."""
        self.label.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def retheme(self) -> None:
        """Colours of the theme of the moment."""
        size = MARK if self.label.kind != SMALL else MARK - 2
        ratio = self.devicePixelRatioF()
        self.mark.setPixmap(pixmap(self.kind, size, getattr(theme.current(), self.kind), ratio))
        self.mark.setContentsMargins(0, 1, 0, 0)
        self.label.retheme()


_SHADES = {"error": "error_text", "warning": "warning_text", "success": "secondary"}


def retheme(root: QWidget) -> None:
    """Colours of the moment for every text inside a widget."""
    for text in root.findChildren(Text):
        text.retheme()
    for message in root.findChildren(Message):
        message.retheme()
