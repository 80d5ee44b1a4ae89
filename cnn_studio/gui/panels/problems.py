"""The panel of problems: errors first, each with its sum, and edits that mend it, shown beforehand on the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cnn_studio.core.document import Change
from cnn_studio.core.problems import Fix, Problem
from cnn_studio.gui import theme
from cnn_studio.gui.icons import pixmap
from cnn_studio.gui.labels import SMALL, STRONG, Text
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.problem_cards import ProblemCard
from cnn_studio.gui.widgets.scroller import Scroller
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _, integer, ngettext

MOST_CARDS = 30
"""Cards shown at once; a network of a thousand layers can have as many problems."""


@panels.declare("problems")
class ProblemsPanel(LivePanel):
    """A card for each problem, used again as long as the problem stays; fixes are worked out one card at a time."""

    delay = 40

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.cards: dict[tuple[str, tuple[str, ...]], ProblemCard] = {}
        self._made = 0
        self._limit = MOST_CARDS
        self._current: tuple[str, tuple[str, ...]] | None = None
        self._fixing = QTimer(self)
        self._fixing.setSingleShot(True)
        self._fixing.timeout.connect(self._fix_next)
        self.empty = self._empty_state()
        self.more = QPushButton()
        self.more.setObjectName(f"{self.objectName()}.more")
        self.more.clicked.connect(self._show_more)
        inside = QWidget()
        inside.setObjectName("contents")
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(theme.UNIT, theme.UNIT, theme.UNIT, theme.UNIT)
        self._list.setSpacing(theme.UNIT)
        self._list.addWidget(self.empty)
        self._list.addWidget(self.more, 0, Qt.AlignmentFlag.AlignHCenter)
        self._list.addStretch(1)
        self.scroller = Scroller(f"{self.objectName()}.scroll", inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.scroller)
        self.retranslate()

    def _empty_state(self) -> QWidget:
        empty = QWidget()
        self._tick = QLabel()
        self._well = Text("text", STRONG, f"{self.objectName()}.empty")
        self._calm = Text("secondary", SMALL, f"{self.objectName()}.empty.more")
        row = QHBoxLayout(empty)
        row.setContentsMargins(theme.PADDING, theme.PADDING, theme.PADDING, theme.PADDING)
        row.setSpacing(theme.GAP)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._well)
        words.addWidget(self._calm)
        row.addWidget(self._tick, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return empty

    def retranslate(self) -> None:
        self._well.setText(_("No problems"))
        self._calm.setText(_("All layers fit together."))
        self._tick.setPixmap(pixmap("success", 18, theme.current().success, self.devicePixelRatioF()))
        for card in self.cards.values():
            card.retranslate()
        self._name_more()

    def _name_more(self) -> None:
        left = self._left() if self.cards else 0
        self.more.setText(ngettext("Show {n} more", "Show {n} more", left).format(n=integer(left)))
        self.more.setToolTip(_("Show more problems"))
        self.more.setAccessibleName(self.more.text())
        self.more.setVisible(left > 0)

    def _left(self) -> int:
        return max(len(self.workspace.document.diagnosis.problems) - len(self.cards), 0)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def follow(self, change: Change) -> None:
        if change.before is not change.after:
            self.workspace.show_ghost(None)
        self.soon()

    def refresh(self) -> None:
        shown = self.workspace.document.diagnosis.problems[: self._limit]
        keys = {problem.key for problem in shown}
        for key in [key for key in self.cards if key not in keys]:
            self._drop(self.cards.pop(key))
        for place, problem in enumerate(shown, 1):
            card = self.cards.get(problem.key)
            if card is None:
                card = self.cards[problem.key] = self._card(problem)
                card.hide()  # until it has its fixes: what stands below would move when they come
            elif card.problem.words != problem.words or card.problem.diagnosis is not problem.diagnosis:
                card.show_problem(problem)
            if self._list.indexOf(card) != place:
                self._list.insertWidget(place, card)
            card.set_active(problem.key == self._current)
        self.cards = {problem.key: self.cards[problem.key] for problem in shown}
        self.empty.setVisible(not shown)
        self._name_more()
        self._fixing.start(0)

    def _card(self, problem: Problem) -> ProblemCard:
        self._made += 1
        card = ProblemCard(problem, f"{self.objectName()}.{problem.code}.{self._made}")
        card.chosen.connect(lambda: self._go(card.problem))
        card.tried.connect(lambda fix: self._try(card, fix))
        card.applied.connect(lambda fix: self._apply(card, fix))
        card.moved.connect(lambda step: self._step(card, step))
        return card

    def _drop(self, card: ProblemCard) -> None:
        card.blockSignals(True)
        self._list.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _show_more(self) -> None:
        self._limit += MOST_CARDS
        self.refresh()

    def _fix_next(self) -> None:
        """The fixes of one more card: trying them out may take a moment in a large network."""
        for card in self.cards.values():
            if not card.has_fixes:
                card.show_fixes()
                card.show()
                self._fixing.start(0)
                return

    # -- fixes --------------------------------------------------------------------------------------------------------

    def _try(self, card: ProblemCard, fix: Fix | None) -> None:
        mended, diagnosis = card.try_out(fix), card.problem.diagnosis
        is_of_now = diagnosis is not None and diagnosis.scene.graph is self.workspace.document.graph
        self.workspace.show_ghost(mended if is_of_now else None)

    def _apply(self, card: ProblemCard, fix: Fix) -> None:
        self.workspace.show_ghost(None)
        if self.workspace.document.is_previewing:
            self.workspace.document.commit()
        now = {problem.key: problem for problem in self.workspace.document.diagnosis.problems}.get(card.problem.key)
        same = [one for one in now.fixes if one.code == fix.code and str(one.label) == str(fix.label)] if now else []
        if same:
            self.workspace.edit(same[0].apply, same[0].label)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stale = self._stale or self._fixing.isActive()
        self._fixing.stop()
        self.workspace.show_ghost(None)

    # -- walking ------------------------------------------------------------------------------------------------------

    def walk(self, step: int = 1) -> None:
        """Go to the next problem, or (-1) to the one before."""
        problems = self.workspace.document.diagnosis.problems
        if not problems:
            self.workspace.said.emit(_("No problems"))
            return
        keys = [problem.key for problem in problems]
        place = keys.index(self._current) if self._current in keys else (-1 if step > 0 else 0)
        self._go(problems[(place + step) % len(problems)])

    def _go(self, problem: Problem) -> None:
        self._current = problem.key
        nodes = [node_id for node_id in problem.nodes if node_id in self.workspace.document.graph.nodes]
        if nodes:
            self.workspace.select(nodes, reveal=True)
        for key, card in self.cards.items():
            card.set_active(key == self._current)
        card_there = self.cards.get(problem.key)
        if card_there is not None and self.isVisible():
            if not card_there.has_fixes:
                card_there.show_fixes()
            card_there.show()
            card_there.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.scroller.ensureWidgetVisible(card_there)

    def _step(self, card: ProblemCard, step: int) -> None:
        cards = list(self.cards.values())
        place = cards.index(card) + step
        if 0 <= place < len(cards):
            cards[place].setFocus(Qt.FocusReason.TabFocusReason)
            self.scroller.ensureWidgetVisible(cards[place])
