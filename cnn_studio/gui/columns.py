"""Panels that are one column from top to bottom, and pages on which nothing but a quiet sentence stands."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cnn_studio.gui import theme
from cnn_studio.gui.widgets.scroller import Scroller


def fill_with_column(panel: QWidget, parts: Iterable[QWidget]) -> None:
    """Set parts one below the other into a panel; they scroll where they are higher than it."""
    inside = QWidget()
    inside.setObjectName("contents")
    stack = QVBoxLayout(inside)
    stack.setContentsMargins(theme.PADDING, theme.GAP, theme.UNIT, theme.PADDING)
    stack.setSpacing(theme.GAP)
    for part in parts:
        stack.addWidget(part)
    stack.addStretch(1)
    scroller = Scroller(f"{panel.objectName()}.scroll", inside)
    layout = QVBoxLayout(panel)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(scroller)


def empty_page(sentence: QWidget) -> QWidget:
    """A page for a sentence that says why there is nothing to see yet."""
    page = QWidget()
    inner = QVBoxLayout(page)
    inner.setContentsMargins(theme.PADDING, theme.GROUP_GAP, theme.PADDING, theme.PADDING)
    inner.addWidget(sentence, 0, Qt.AlignmentFlag.AlignTop)
    return page
