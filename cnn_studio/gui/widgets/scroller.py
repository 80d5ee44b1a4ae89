"""A page that scrolls up and down and keeps its width."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QScrollBar, QWidget


class Scroller(QScrollArea):
    """Scrolls what does not fit.

    The room for its bar is always kept: where a bar came with a sentence that is shown under the pointer, the page would
    be narrower, its texts would wrap anew, and what was pointed at would move away.
    """

    def __init__(self, name: str, inside: QWidget) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBar(_Bar())
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setWidget(inside)


def make_room(part: QWidget) -> None:
    """Give a part of such a page, whose contents have changed, its new room at once.

    Layouts ask those around them later, one after another. Until then the contents share the old room, and a click does
    not meet what it was aimed at.
    """
    around: QWidget | None = part
    while around is not None and not isinstance(around, Scroller):
        layout = around.layout()
        if layout is not None:
            layout.activate()
        around = around.parentWidget()
    if around is not None:
        QCoreApplication.sendEvent(around, QEvent(QEvent.Type.LayoutRequest))


class _Bar(QScrollBar):
    """Cannot be seen where there is nothing to scroll."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.maximum() > self.minimum():
            super().paintEvent(event)
