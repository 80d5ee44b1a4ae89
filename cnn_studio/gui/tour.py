"""The tour through one window: a bubble goes from step to step, waits for what it asks for, and can be left at any time.

It holds nothing up. Who does something else finds it at the edge of the window, and another network ends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from cnn_studio.gui.tour_steps import STARTER, STEPS, Step, Target, layer, show_in_scroller
from cnn_studio.gui.widgets.bubble import Bubble, Ring, Words
from cnn_studio.i18n import _

if TYPE_CHECKING:
    from cnn_studio.gui.main_window import MainWindow

__all__ = ["STARTER", "Tour", "begin", "tour_of"]

TICK = 40
"""Milliseconds between two looks at where the target is and what was done."""
PATIENCE = 8
"""Looks after which a target that is not to be seen counts as gone: panels take a moment to come."""
FIELDS = (QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit)
"""What Esc means something to."""


class Tour(QObject):
    """The tour of one window.

    Attributes:
        number: the step that is shown, from 0.

    Signals:
        ended: it is over, or was left.
    """

    ended = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("tour")
        self._window = window
        self.number = 0
        self.bubble, self.ring = Bubble(window, "tour"), Ring(window, "tour.ring")
        self._was_done = self._helped = self._called = self._over = False
        self._missing = 0
        self._watched: QWidget | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self.look)
        self.bubble.on.connect(self.go_on)
        self.bubble.back.connect(self.go_back)
        self.bubble.left.connect(self.leave)
        window.closed.connect(self._end)
        window.workspace.document_replaced.connect(self._end)
        window.workspace.settings_changed.connect(self._retheme)
        window.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._watch)

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return STEPS[self.number]

    def begin(self, number: int = 0) -> None:
        """Show a step; the bubble has the keyboard."""
        self.show_step(number)
        self._timer.start()
        self.bubble.on_button.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- from step to step ---------------------------------------------------------------------------------------------

    def show_step(self, number: int) -> None:
        """Show a step: bring its panel and its layer into view, and point at it."""
        has_keyboard = self.bubble.isAncestorOf(QApplication.focusWidget() or self._window)
        self.number = number
        self._helped = self._called = False
        self.show_target()
        self._was_done = self.step.done(self._window)
        self.look()
        self.bubble.show()
        if has_keyboard:
            self.bubble.on_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_target(self) -> None:
        """Bring what the step points at into view, whatever was put away or went elsewhere."""
        window, step = self._window, self.step
        if step.workspace:
            window.show_workspace(step.workspace)
        if step.panel:
            window.docks.bring(step.panel)
        window.settle()
        if step.before is not None:
            step.before(window)
        window.canvas.reveal(filter(None, [layer(window, step.node)]))
        target = self._target()
        if target is not None:
            show_in_scroller(target.widget)
        self._missing = 0

    def go_on(self) -> None:
        """The next step; a task that was not done is done in place of the person. Out of sight: back to it."""
        if self._is_aside:
            self._called = True
            self.show_target()
            self.look()
        elif self._waits and self.step.do is not None:
            self._helped = True
            self.step.do(self._window)
            self.look()
        elif self.number + 1 < len(STEPS):
            self.show_step(self.number + 1)
        else:
            self.leave()

    def go_back(self) -> None:
        """The step before."""
        if self.number:
            self.show_step(self.number - 1)

    def leave(self) -> None:
        """The person has had enough, or has seen it all."""
        if not self._over:
            self._end()
            self._window.workspace.said.emit(_("You find the tour again in the Help menu."))

    def _end(self, *_news: object) -> None:
        if self._over:
            return
        self._over = True
        self._timer.stop()
        self._window.removeEventFilter(self)
        self._watch(None, None)
        had_keyboard = self.bubble.isAncestorOf(QApplication.focusWidget() or self._window)
        for part in (self.bubble, self.ring):
            part.hide()
            part.deleteLater()
        if had_keyboard and self._window.canvas is not None:
            self._window.canvas.setFocus()
        self.ended.emit()
        self.deleteLater()

    # -- what is seen --------------------------------------------------------------------------------------------------

    @property
    def _waits(self) -> bool:
        """Whether something is still to be done by the person."""
        return bool(self.step.task) and not self._helped and not self.step.done(self._window)

    @property
    def _is_aside(self) -> bool:
        """Whether what it points at has gone out of sight; where it cannot be brought back either, it is said without."""
        return self._missing > PATIENCE and not self._called

    def look(self) -> None:
        """Where the target is now, and whether the task is done."""
        if self._over:
            return
        done = self.step.done(self._window)
        if done and not self._was_done and self.step.goes_on and self.number + 1 < len(STEPS):
            self.show_step(self.number + 1)
            return
        self._was_done = done
        area = self._area(done)
        self._missing = 0 if area is not None else self._missing + 1
        self._called = self._called and area is None
        self.bubble.say(self._aside_words() if self._is_aside else self._words(done))
        if area is not None or self._missing > PATIENCE:
            pointed = self.step.then_side if done and self.step.then_where is not None else self.step.side
            self.bubble.point_at(area, pointed)
            self.ring.surround(area)
        self._stand_above()

    def _target(self, done: bool = False) -> Target | None:
        where = self.step.then_where if done and self.step.then_where is not None else self.step.where
        return where(self._window)

    def _area(self, done: bool) -> QRect | None:
        """What is seen of the target, in the window; None where it is out of sight or in a window of its own."""
        target = self._target(done)
        if target is None or not target.widget.isVisible() or target.widget.window() is not self._window:
            return None
        seen = target.area.intersected(target.widget.visibleRegion().boundingRect())
        if seen.width() < min(12, target.area.width()) or seen.height() < min(12, target.area.height()):
            return None
        return seen.translated(target.widget.mapTo(self._window, QPoint(0, 0)))

    def _stand_above(self) -> None:
        """Over docks that have come since."""
        if self._window.children()[-1] is not self.bubble:
            self.ring.raise_()
            self.bubble.raise_()

    def _words(self, done: bool) -> Words:
        step, values = self.step, self.step.values(self._window)
        text = _(step.then if done and step.then else step.text).format(**values)
        title, task = _(step.title), _(step.task) if step.task else ""
        last = self.number + 1 == len(STEPS)
        waits = bool(task) and not done and not self._helped and step.do is not None
        on = _("Do it for me") if waits else _("Finish") if last else _("Next")
        spoken = _("Step {n} of {all} of the tour. {text}").format(
            n=self.number + 1, all=len(STEPS), text=f"{text} {task}".strip()
        )
        return Words(
            title, text, task, done, self.number + 1, len(STEPS), on, _("Back") if self.number else "",
            "" if last else _("Leave"), spoken,
        )  # fmt: skip

    def _aside_words(self) -> Words:
        text = _("Look around as long as you like: the tour waits here.")
        return Words(
            _(self.step.title), text, place=self.number + 1, places=len(STEPS), on=_("Go on"),
            leave=_("Leave"), spoken=text,
        )  # fmt: skip

    def _retheme(self) -> None:
        self.bubble.retheme()
        self.ring.update()
        self.look()

    # -- Esc, and the window's size ------------------------------------------------------------------------------------

    def _watch(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Hear the keys of what has the keyboard."""
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = now if now is not None and now.window() is self._window else None
        if self._watched is not None and self._watched is not self._window and not self._over:
            self._watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves; another size moves the bubble at once."""
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self.bubble.renew_place()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            return self._escape(watched)
        return False

    def _escape(self, watched: QObject) -> bool:
        """Leave, unless Esc takes back what is typed or drawn there."""
        canvas = self._window.canvas
        if canvas is not None and watched == canvas and (canvas.gesture is not None or canvas.linking):
            return False
        if isinstance(watched, FIELDS):
            typed = _typed(watched)
            QTimer.singleShot(0, self, lambda: self._leave_field(watched, typed))
            return False
        self.leave()
        return True

    def _leave_field(self, field: QWidget, typed: str) -> None:
        """Leave, when Esc had nothing to take back."""
        if isValid(field) and field.isVisible() and _typed(field) == typed:
            self.leave()


def _typed(field: QWidget) -> str:
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    if isinstance(field, QComboBox):
        return field.currentText()
    return field.text() if isinstance(field, (QLineEdit, QAbstractSpinBox)) else ""


def begin(window: MainWindow) -> Tour:
    """Take the tour in a window that shows the starter."""
    tour = Tour(window)
    tour.begin()
    return tour


def tour_of(window: MainWindow) -> Tour | None:
    """The tour that is being taken in a window."""
    found: Tour | None = window.findChild(Tour)
    return found if found is not None and not found._over else None
