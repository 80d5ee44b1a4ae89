"""What is drawn on the pad of one window, how it is prepared, and what the network says of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from cnn_studio.core.words import Words, say
from cnn_studio.gui.look import LIVE, NOTHING, Look
from cnn_studio.gui.runner import Lane
from cnn_studio.gui.samples import PAD, Sample
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from cnn_studio.engine.datasets.base import Array
    from cnn_studio.engine.insight.drawn import Seen
    from cnn_studio.gui.widgets.strokes import Line

KEY = "pad"
STEPS = ("even", "bounding_box", "fit", "centre_of_mass", "value_scale")
"""The steps of the preparation, in order, by the names that the engine has for them."""
PICTURES = 2
"""Axes of a picture."""


@dataclass(frozen=True, eq=False)
class Frozen:
    """An answer that was kept to compare with."""

    seen: Seen
    lines: tuple[Line, ...]


class Drawing(QObject):
    """One window's drawing. Of what is drawn only the latest is asked about.

    Attributes:
        lines: the strokes.
        picture: of paper, over which is drawn, (channels, height, width), or None.
        off: steps of the preparation that are not done.
        seen: the latest answer, or None.
        problem: why there is none, or "".
        frozen: an answer that was kept, or None.

    Signals:
        drawn: something else is drawn.
        answered: there is another answer, or none any more.
        switched: other steps are done.
        froze: another answer is kept, or none.
        paper_changed: another picture lies below the strokes, or none.
        keep_asked: the person wants to keep the drawing as a sample.
        kept: it was kept; the pad is empty again.
    """

    drawn = Signal()
    answered = Signal()
    switched = Signal()
    froze = Signal()
    paper_changed = Signal()
    keep_asked = Signal()
    kept = Signal()

    def __init__(self, look: Look, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look, self._lane = look, lane
        self.lines: tuple[Line, ...] = ()
        self.picture: Array | None = None
        self.off: frozenset[str] = frozenset()
        self.seen: Seen | None = None
        self.problem = ""
        self.frozen: Frozen | None = None
        self._number = self._first = self._answered = 0
        self._showing = self._listens = False

    # -- what is drawn -------------------------------------------------------------------------------------------------

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to ask about."""
        return not self.lines and self.picture is None

    @property
    def obstacle(self) -> Words | None:
        """Why this network cannot be asked about drawings, or None."""
        subject = self._look.subject
        if subject.kind == NOTHING or subject.graph is None:
            return subject.words
        wanted = subject.graph.of_kind("input")[0].layer.output_shape()
        if wanted.rank != PICTURES:
            return say(N_("this network takes {wanted}, which cannot be drawn"), wanted=wanted)
        return None

    def warm(self) -> None:
        """Have the network ready before the first stroke."""
        if self.obstacle is None:
            self._look.ask("pad.warm", lambda _subject: None, lambda _nothing: None)

    @property
    def is_waiting(self) -> bool:
        """Whether what is drawn now has no answer yet."""
        return self._answered < self._number

    def _listen(self) -> None:
        """Hear of other weights only while something is drawn: as long as nobody draws, an edit costs nothing."""
        if self._listens == (not self.is_empty):
            return
        self._listens = not self._listens
        for signal, slot in ((self._look.changed, self._look_changed), (self._look.pulse, self._pulse)):
            signal.connect(slot) if self._listens else signal.disconnect(slot)

    def draw(self, lines: Sequence[Line]) -> None:
        """This is drawn now."""
        self.lines = tuple(lines)
        self.drawn.emit()
        self.ask()

    def lay(self, picture: Array | None) -> None:
        """Draw on this picture, or on nothing."""
        self.picture = picture
        self.drawn.emit()
        self.paper_changed.emit()
        self.ask()

    def set_step(self, name: str, done: bool) -> None:
        """Do a step of the preparation, or leave it out."""
        off = self.off - {name} if done else self.off | {name}
        if off != self.off:
            self.off = off
            self.switched.emit()
            self.ask()

    def freeze(self) -> None:
        """Keep the answer to compare with others."""
        if self.seen is not None:
            self.frozen = Frozen(self.seen, self.lines)
            self.froze.emit()

    def melt(self) -> None:
        """Compare no more."""
        if self.frozen is not None:
            self.frozen = None
            self.froze.emit()

    # -- what the network says -----------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask about what is drawn now; what was asked before and is not answered yet is forgotten."""
        self._number += 1
        self._listen()
        if self.is_empty or self.obstacle is not None:
            self._first = self._number  # what was asked before belongs to another drawing
            self._answered = self._number
            self._lane.drop(KEY)
            self._show(None, "")
            return
        number = self._number
        lines, picture, off = self.lines, self.picture, self.off
        self._look.ask(
            KEY,
            _question(lines, picture, off),
            lambda seen: self._answer(number, seen),
            lambda problem: self._refuse(number, problem),
        )

    def _answer(self, number: int, seen: Seen) -> None:
        if number > self._first:
            self._answered = max(number, self._answered)
            self._show(seen, "")

    def _refuse(self, number: int, problem: str) -> None:
        if number == self._number and problem:
            self._answered = number
            self._show(None, problem)

    def _show(self, seen: Seen | None, problem: str) -> None:
        if seen is None and self.seen is None and problem == self.problem:
            return
        self.seen, self.problem = seen, problem
        self.answered.emit()
        sample = self._look.sample
        if seen is None and (sample is None or sample.source != PAD):
            return
        self._showing = True
        self._look.set_sample(None if seen is None else Sample(PAD, seen.drawn.sample, say(N_("drawing"))))
        self._showing = False

    def _look_changed(self) -> None:
        """Other weights answer."""
        if not self._showing and (not self.is_empty or self.problem):
            sample = self._look.sample
            if sample is None or sample.source == PAD:
                self.ask()

    def _pulse(self) -> None:
        if self._look.subject.kind == LIVE and not self.is_empty:
            self.ask()


# -- in the thread that has the weights --------------------------------------------------------------------------------


def _question(lines: Sequence[Line], picture: Any, off: frozenset[str]) -> Callable[[Any], Seen]:
    """The question; nothing of the engine is needed before it is asked."""
    return lambda subject: _seen(subject, lines, picture, off)


def _seen(subject: Any, lines: Sequence[Line], picture: Any, off: frozenset[str]) -> Seen:
    from cnn_studio.engine.drawing import Switches
    from cnn_studio.engine.inking import Stroke
    from cnn_studio.engine.insight.drawn import DrawingSeen

    steady = [line.steady() for line in lines]
    strokes = [Stroke(line.points, line.width, line.erases) for line in steady]
    on = Switches(**{name: name not in off for name in STEPS[1:]})
    return DrawingSeen(strokes, picture, "even" not in off, on)(subject)
