"""Code to read: coloured, with the lines of the chosen layers marked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from cnn_studio.core.layers.base import Family
from cnn_studio.gui import theme

KEYWORDS = (
    "and|as|assert|class|def|else|for|from|if|import|in|is|lambda|not|None|or|return|self|super|True|False|with|while"
)
TOKENS = (
    rf"(?P<comment>#[^\n]*)|(?P<text>\"\"\"|\"[^\"\n]*\"|'[^'\n]*')|(?P<keyword>\b(?:{KEYWORDS})\b)"
    r"|(?P<number>\b\d[\w.]*)|(?P<call>\b[A-Za-z_]\w*(?=\())"
)
INSIDE = 1
"""State of a line that ends inside a text over several lines."""
QUOTES = '"""'


class Highlighter(QSyntaxHighlighter):
    """Colours of Python code; switched off for plain tables."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.enabled = True
        self.formats: dict[str, QTextCharFormat] = {}
        self.retheme()

    def retheme(self) -> None:
        """Colours of the theme of the moment."""
        now = theme.current()
        colours = {
            "comment": now.secondary,
            "text": now.family(Family.RESHAPING),
            "keyword": now.family(Family.POOLING),
            "number": now.family(Family.DENSE),
            "call": now.family(Family.FEATURES),
        }
        self.formats = {name: _format(readable(color, now.raised)) for name, color in colours.items()}
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        self.setCurrentBlockState(0)
        if not self.enabled:
            return
        start = 0
        if self.previousBlockState() == INSIDE:
            start = self._inside(text, 0)
        while start < len(text):
            match = re.compile(TOKENS).search(text, start)
            if match is None:
                return
            if match.group() == QUOTES:
                start = self._inside(text, match.start(), match.end())
                continue
            self.setFormat(match.start(), match.end() - match.start(), self.formats[str(match.lastgroup)])
            start = match.end()

    def _inside(self, text: str, start: int, search: int = 0) -> int:
        """Colour up to the end of a text over several lines, and say where it ends."""
        end = text.find(QUOTES, search)
        if end < 0:
            self.setCurrentBlockState(INSIDE)
            end = len(text)
        else:
            end += len(QUOTES)
        self.setFormat(start, end - start, self.formats["text"])
        return end


def _format(color: QColor) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(color)
    return made


def luminance(color: QColor) -> float:
    """Relative luminance as WCAG has it, from 0 to 1."""
    shares = (color.redF(), color.greenF(), color.blueF())
    parts = [part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4) for part in shares]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    """Contrast of two colours as WCAG has it, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(color: QColor, ground: QColor) -> QColor:
    """The colour, made lighter or darker until text in it can be read on the ground."""
    made = QColor(color)
    step = 108 if luminance(ground) < 0.5 else 93
    for _attempt in range(20):
        if contrast(made, ground) >= 4.5:
            break
        made = made.lighter(step)
    return made


class CodeView(QPlainTextEdit):
    """Code that can be read, selected and copied."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.highlighter = Highlighter(self.document())
        self.marked: list[int] = []
        self._places: dict[str, list[int]] = {}
        self.retheme()

    def retheme(self) -> None:
        """Colours and letters of the moment."""
        self.setFont(theme.code_font())
        self.highlighter.retheme()
        self.mark([])

    def show_code(self, text: str, *, python: bool) -> None:
        """Show a text; one that is mostly the same keeps its place on the screen."""
        if text == self.toPlainText() and self.highlighter.enabled == python:
            return
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        self.highlighter.enabled = python
        self.setPlainText(text)
        self.horizontalScrollBar().setValue(across)
        self.verticalScrollBar().setValue(down)

    def lines_of(self, names: Iterable[str]) -> list[int]:
        """The lines in which layers of these names in code are made or used."""
        wanted = [re.escape(name) for name in names]
        if not wanted:
            return []
        one = "|".join(wanted)
        found = re.compile(rf"\bself\.(?:{one})\b|(?:name=|^\s*)[\"']?(?:{one})\b[\"']?\s*[=,)]|│ (?:{one}) ")
        return [number for number, line in enumerate(self.toPlainText().splitlines()) if found.search(line)]

    def mark(self, lines: list[int]) -> None:
        """Mark these lines and bring the first of them into view."""
        self.marked = lines
        made = []
        for number in lines:
            one = QTextEdit.ExtraSelection()
            one.format.setBackground(theme.current().selection)
            one.format.setProperty(QTextCharFormat.Property.FullWidthSelection, True)
            cursor = self.textCursor()
            cursor.setPosition(self.document().findBlockByNumber(number).position())
            one.cursor = cursor
            made.append(one)
        self.setExtraSelections(made)
        if lines:
            self._reveal(lines)

    def _reveal(self, lines: list[int]) -> None:
        top = self.firstVisibleBlock().blockNumber()
        height = max(self.viewport().height() // max(self.fontMetrics().lineSpacing(), 1), 1)
        if not any(top <= number < top + height - 1 for number in lines):
            self.verticalScrollBar().setValue(max(lines[0] - height // 3, 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            with QPainter(self.viewport()) as painter:
                painter.setPen(theme.current().accent)
                painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))
