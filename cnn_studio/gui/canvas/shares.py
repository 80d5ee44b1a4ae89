"""A thin bar on each card that learns: its share of all parameters of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cnn_studio.core.arrange import CARD
from cnn_studio.gui.canvas.faces import share_of
from cnn_studio.gui.canvas.paint import INSIDE, faded

if TYPE_CHECKING:
    from cnn_studio.core.analysis import Report
    from cnn_studio.gui.canvas.scene import Card
    from cnn_studio.gui.canvas.view import CanvasBase
    from cnn_studio.gui.theme import Theme

BAR = QRectF(INSIDE, CARD[1] - 5.5, CARD[0] - INSIDE - 8, 2.5)
"""Where on a card it stands, in points: below picture and texts, above what shows that the network learns."""
LEAST = 1.5
"""Points of the shortest bar."""


class Shares(QObject):
    """The bars of one canvas.

    Attributes:
        shown: whether the person wants them.
    """

    def __init__(self, canvas: CanvasBase) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.shown = True
        self._report: Report | None = None
        self._known: dict[str, float] = {}

    def toggle(self) -> None:
        """Show them, or no longer."""
        self.shown = not self.shown
        self._canvas.update()

    def share(self, card: Card) -> float:
        """Of a card, as the network is now."""
        report = self._canvas.workspace.document.report
        if report is not self._report:
            self._report, self._known = report, {}
        found = self._known.get(card.key)
        if found is None:
            found = self._known[card.key] = share_of(card, report)
        return found

    def follow(self) -> None:
        """Another sum is another share of every layer: draw the bars again where it changed."""
        before = self._report
        if self.shown and before is not None and before.totals.parameters != self._total:
            self._canvas.refresh(card.box for card in self._canvas.scene.cards.values() if card.key in self._known)

    @property
    def _total(self) -> int:
        return self._canvas.workspace.document.report.totals.parameters

    def paint(self, painter: QPainter, card: Card, colour: QColor, now: Theme) -> None:
        """The bar of a card, drawn in pixels."""
        share = self.share(card) if self.shown else 0.0
        if not share:
            return
        view = self._canvas.view
        x, y = view.to_screen((card.box.left + BAR.left(), card.box.top + BAR.top()))
        track = QRectF(x, y, BAR.width() * view.scale, max(1.0, BAR.height() * view.scale))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(track, faded(now.secondary, 0.22))
        track.setWidth(max(LEAST, track.width() * share))
        painter.fillRect(track, colour)
