"""The panel of confusion: which classes are taken for which; a cell leads to the pictures behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QStackedWidget, QVBoxLayout, QWidget

from cnn_studio.gui import theme
from cnn_studio.gui.columns import empty_page
from cnn_studio.gui.labels import SMALL, Text
from cnn_studio.gui.look import LIVE, SNAPSHOT
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.widgets.confusion_grid import ConfusionGrid
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _, integer, ngettext, percent

if TYPE_CHECKING:
    from cnn_studio.engine.events import EpochEnded

WIDE = 520
"""Pixels of width from which the words stand beside the table."""


@panels.declare("confusion")
class ConfusionPanel(LivePanel):
    """Confusion of the weights that are looked at: as the run counted it after an epoch, or else asked anew."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.grid = ConfusionGrid(self._cell_words)
        self.grid.setObjectName(f"{name}.grid")
        self.head = Text("text", name=f"{name}.head")
        self.worst = Text("secondary", SMALL, f"{name}.worst")
        self.shares = QCheckBox()
        self.shares.setObjectName(f"{name}.shares")
        self.empty = Text("secondary", name=f"{name}.empty")
        self.classes: tuple[str, ...] = ()
        aside, page = QVBoxLayout(), QWidget()
        aside.setSpacing(theme.GAP)
        for part in (self.head, self.worst, self.shares):
            aside.addWidget(part)
        aside.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, page)
        self._row.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.GAP)
        self._row.setSpacing(theme.GROUP_GAP)
        self._row.addWidget(self.grid, 3)
        self._row.addLayout(aside, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(empty_page(self.empty))
        self.stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        self.shares.toggled.connect(self.grid.set_shares)
        self.grid.picked.connect(self._picked)
        for signal in (
            workspace.look.changed,
            workspace.training.epoch_ended,
            workspace.judging.changed,
            workspace.data.changed,
        ):
            signal.connect(self.renew)
        workspace.judging.chosen.connect(self._mark)
        self.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The words beside the table, or below it."""
        super().resizeEvent(event)
        wide = event.size().width() >= WIDE
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def follow(self, change: object) -> None:
        """Edits are told by the view into the network."""

    # -- what is shown -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the run counted after the epoch that is looked at, or what is found out now."""
        epoch = self._epoch()
        if epoch is not None and epoch.validation is not None and epoch.validation.confusion is not None:
            words = _("Validation after epoch {epoch}: {accuracy} right").format(
                epoch=epoch.epoch, accuracy=percent(epoch.validation.accuracy)
            )
            run = self.workspace.training.run
            assert run is not None
            self._show(epoch.validation.confusion, run.classes, words)
            return
        judging = self.workspace.judging
        judging.ensure()
        found = judging.verdicts
        if found is None:
            self._say(judging.problem or self._waiting())
            return
        right = float((found.truths == found.answers).mean())
        split = {"validation": _("Validation"), "test": _("Test")}[found.split]
        words = _("{split}, {n} samples: {accuracy} right").format(
            split=split, n=integer(len(found.truths)), accuracy=percent(right)
        )
        self._show(found.confusion, found.classes, words)

    def _waiting(self) -> str:
        if self.workspace.training.is_live:
            return _("After the first epoch it is shown here which classes are taken for which.")
        return _("Looking at the samples...")

    def _epoch(self) -> EpochEnded | None:
        """The epoch of the run whose weights are looked at; while they learn, the latest."""
        look, epochs = self.workspace.look, self.workspace.training.history.epochs
        if look.subject.kind == LIVE:
            return epochs[-1] if epochs else None
        if look.subject.kind == SNAPSHOT:
            return next((one for one in reversed(epochs) if one.epoch == look.subject.epoch), None)
        return None

    def _say(self, sentence: str) -> None:
        self.empty.setText(sentence)
        self.stack.setCurrentIndex(0)

    def _show(self, counts: Any, classes: tuple[str, ...], words: str) -> None:
        self.classes = tuple(_(name) for name in classes)
        self.grid.set_counts(counts, self.classes)
        self.head.setText(words)
        self.worst.setText(self._worst(counts))
        self.stack.setCurrentIndex(1)
        self._mark()

    def _worst(self, counts: Any) -> str:
        """The three most frequent mistakes in words."""
        n = len(self.classes)
        cells = sorted(
            ((int(counts[row][column]), row, column) for row in range(n) for column in range(n) if row != column),
            reverse=True,
        )
        lines = [
            _("{truth} → {answer}: {count}").format(
                truth=self.classes[row], answer=self.classes[column], count=integer(count)
            )
            for count, row, column in cells[:3]
            if count
        ]
        return "\n".join([_("Most often mistaken:"), *lines]) if lines else _("No mistakes.")

    def _cell_words(self, row: int, column: int) -> str:
        count = self.grid.count(row, column)
        words = ngettext(
            "{truth}, taken for {answer}: {n} sample, {share}",
            "{truth}, taken for {answer}: {n} samples, {share}",
            count,
        )
        return words.format(
            truth=self.classes[row],
            answer=self.classes[column],
            n=integer(count),
            share=percent(self.grid.share(row, column)),
        )

    # -- hands ---------------------------------------------------------------------------------------------------------

    def _picked(self, row: int, column: int) -> None:
        self.workspace.judging.choose(row, column)
        self.workspace.panel_requested.emit("mistakes")

    def _mark(self) -> None:
        self.grid.set_marked(self.workspace.judging.truth, self.workspace.judging.answer)

    def retranslate(self) -> None:
        now = theme.current()
        self.grid.set_colors(
            right=now.success, wrong=now.error, text=now.text, secondary=now.secondary, line=now.line, focus=now.accent
        )
        self.grid.setFont(theme.small_font())
        self.grid.setAccessibleName(_("Which classes are taken for which: rows the truth, columns the answer"))
        self.shares.setText(_("per cent of each row"))
        self.shares.setAccessibleName(_("per cent of each row"))
        self.shares.setToolTip(_("Show shares of the samples of each class in place of counts"))
