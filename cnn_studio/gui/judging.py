"""What the weights that are looked at answer on the samples that judge them; asked once for each set of weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from cnn_studio.gui.look import NOTHING, Look
from cnn_studio.gui.runner import Lane
from cnn_studio.gui.samples import READY, REFUSED, Data

if TYPE_CHECKING:
    from cnn_studio.engine.verdicts import Verdicts

VALIDATION = "validation"


class Judging(QObject):
    """One window's verdicts. While weights learn, those of the last epoch that is kept are judged.

    Attributes:
        verdicts: what is known, or None.
        problem: why nothing is known, as a sentence; "" while it is being found out.
        split: which samples judge.
        truth, answer: numbers of the classes of which mistakes are looked at; -1 for any.

    Signals:
        changed: other verdicts, or none.
        chosen: other classes are looked at.
    """

    changed = Signal()
    chosen = Signal()

    def __init__(self, look: Look, data: Data, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look, self._data, self._lane = look, data, lane
        self.verdicts: Verdicts | None = None
        self.problem = ""
        self.split = VALIDATION
        self.truth = self.answer = -1
        self._key: tuple[Any, ...] = ()

    @property
    def is_working(self) -> bool:
        """Whether an answer is on its way."""
        return self.verdicts is None and not self.problem

    def ensure(self) -> None:
        """Find out what the weights of the moment answer, where that is not known; panels in sight call this."""
        if self._look.subject.kind == NOTHING:
            self._forget(str(self._look.subject.words))
            return
        if self._data.state == REFUSED:
            self._forget(self._data.problem)
            return
        self._data.ensure()
        if self._data.state != READY:
            return
        dataset, split = self._data.dataset, self.split
        settled = self._look.settled()
        if settled is None or dataset is None:
            return
        weights, make = settled
        key = (*weights, id(dataset), split)
        if key == self._key:
            return
        self._key = key
        self._lane.ask("verdicts", lambda: _judged(make, dataset, split), self._take, self._refuse)

    def choose_split(self, split: str) -> None:
        """Judge by other samples."""
        if split != self.split:
            self.split = split
            self.verdicts, self.problem = None, ""
            self.changed.emit()
            self.ensure()

    def choose(self, truth: int = -1, answer: int = -1) -> None:
        """Look at the mistakes of these classes."""
        if (truth, answer) != (self.truth, self.answer):
            self.truth, self.answer = truth, answer
            self.chosen.emit()

    def _take(self, verdicts: Verdicts) -> None:
        known = self.verdicts.classes if self.verdicts is not None else verdicts.classes
        self.verdicts, self.problem = verdicts, ""
        if known != verdicts.classes:
            self.truth = self.answer = -1
        self.changed.emit()

    def _refuse(self, sentence: str) -> None:
        self._forget(sentence, self._key)

    def _forget(self, problem: str, key: tuple[Any, ...] = ()) -> None:
        self._key = key
        if self.verdicts is not None or problem != self.problem:
            self.verdicts, self.problem = None, problem
            self.changed.emit()


def _judged(make: Any, dataset: Any, split: str) -> Verdicts:
    from cnn_studio.engine.verdicts import verdicts

    return verdicts(make(), dataset, split)
