"""Preprocessing: its steps in a row from top to bottom, with the sample before and after each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnn_studio.core.document import Change
from cnn_studio.core.plans import preparations
from cnn_studio.gui import theme
from cnn_studio.gui.data_views.parts_view import PartsView
from cnn_studio.gui.labels import SMALL, STRONG, Text
from cnn_studio.gui.widgets.pixels import Pixels
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_, _, figure

if TYPE_CHECKING:
    from cnn_studio.core.plans.base import Preparation
    from cnn_studio.core.shapes import Shape
    from cnn_studio.engine.datasets.base import Array, Dataset
    from cnn_studio.engine.preview import Stage
    from cnn_studio.gui.samples import Sample

SIDE = 64
"""Pixels of a picture: two for each of a small one's."""


class PreparationView(PartsView):
    """Shows and edits the steps between a stored sample and what enters the network."""

    field = "preparation"
    step = N_("Preprocessing")
    registry = preparations
    side = SIDE

    def __init__(self, workspace: Workspace, name: str) -> None:
        super().__init__(workspace, name)
        self.first = Pixels(SIDE)
        self.first.setObjectName(f"{name}.stored")
        self.title = Text("text", STRONG, f"{name}.stored.title")
        self.stored = Text("secondary", SMALL, f"{name}.stored.facts")
        self.entering = Text("secondary", SMALL, f"{name}.entering")
        for text in (self.stored, self.entering):
            text.hide()
        self.fit = QPushButton()
        self.fit.setObjectName(f"{name}.fit")
        self.fit.clicked.connect(self._choose)
        self._steps: tuple[Preparation, ...] = ()
        self._lay_out()

    def _lay_out(self) -> None:
        head, words, foot = QWidget(), QVBoxLayout(), QHBoxLayout()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.first)
        words.setSpacing(theme.UNIT)
        words.addWidget(self.title)
        words.addWidget(self.stored)
        words.addStretch(1)
        row.addLayout(words, 1)
        foot.addWidget(self.fit)
        foot.addStretch(1)
        for part in (head, self.list, self.entering, self.problem):
            self.layout_.addWidget(part)
        self.layout_.addLayout(foot)
        self.fit.hide()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def renew(self) -> None:
        """Show everything anew, in the colours of the theme."""
        super().renew()
        self._dress()

    def _dress(self) -> None:
        """Colours and names of the pictures, of which there are others after an edit."""
        now = theme.current()
        self.first.set_colors(now.line, now.accent, now.canvas)
        for row in self.list.rows:
            if row.picture is not None:
                row.picture.set_colors(now.line, now.accent, now.canvas)
                row.picture.setAccessibleName(_("After the step “{name}”").format(name=_(row.part.label)))

    def ask(self) -> None:
        plan, graph, sample = self.workspace.plan, self.workspace.document.graph, self.looked_at()

        def work(data: Dataset) -> tuple[list[Stage], Shape | None, tuple[Preparation, ...], str]:
            from cnn_studio.engine.datasets.base import DataError
            from cnn_studio.engine.preparing import fitted, network_input
            from cnn_studio.engine.preview import stages
            from cnn_studio.engine.refusals import sentence_of

            found = stages(_sample(data, sample), data.train.peak, plan.preparation, SIDE)
            try:
                return found, network_input(graph), fitted(plan, graph, data).preparation, ""
            except DataError as error:
                return found, network_input(graph), plan.preparation, sentence_of(str(error))

        self.work(work, self._show)

    def _show(self, found: tuple[list[Stage], Shape | None, tuple[Preparation, ...], str]) -> None:
        shown, wanted, self._steps, problem = found
        if len(shown) > len(self.list.rows) + 1:
            return  # of a list that has changed meanwhile; another answer is on its way
        pictures = [self.first, *(row.picture for row in self.list.rows)]
        for place, picture in enumerate(pictures):
            stage = shown[place] if place < len(shown) else None
            if picture is not None:
                picture.set_picture(stage.picture if stage is not None else None)
                picture.setToolTip(_facts(stage) if stage is not None else "")
        last = shown[-1]
        _say(self.stored, _facts(shown[0]))
        _say(self.entering, "" if last.problem else _("What enters: {facts}").format(facts=_facts(last)))
        fits = self._steps == self.workspace.plan.preparation
        if not problem and not last.problem and not fits and wanted is not None:
            problem = _(
                "The network takes {wanted}, and these steps give {shape}: a run will choose others by itself."
            ).format(wanted=wanted, shape=last.shape)
        self.problem.say(problem or last.problem)
        self.fit.setVisible(not fits)

    def show_nothing(self) -> None:
        for picture in (self.first, *(row.picture for row in self.list.rows)):
            if picture is not None:
                picture.set_picture(None)
        _say(self.stored, "")
        _say(self.entering, "")
        self.fit.hide()

    def _choose(self) -> None:
        self._keep(self._steps, "")

    def _changed(self, change: Change) -> None:
        super()._changed(change)
        if change.parts - {"plan", "view", "saved", "history"} and not change.preview:
            self.show_samples()

    def retranslate(self) -> None:
        self.title.setText(_("As it is stored"))
        self.first.setAccessibleName(_("As it is stored"))
        self.fit.setText(_("Choose steps that fit"))
        self.fit.setAccessibleName(self.fit.text())
        self.fit.setToolTip(_("Brings the data to the size and the channels of the network's Input"))
        self.list.retranslate(_("Add a step"), _("One more step between what is stored and the network"))
        self._dress()
        self.show_samples()


def _sample(data: Dataset, looked_at: Sample | None) -> Array:
    """The sample that is looked at, or the first one."""
    from cnn_studio.engine.datasets.base import first_readable

    return looked_at.stored if looked_at is not None else first_readable(data.train)


def _say(text: Text, sentence: str) -> None:
    """A sentence, or no text at all."""
    text.setText(sentence)
    text.setVisible(bool(sentence))


def _facts(stage: Stage) -> str:
    """A sample in a line, or why there is none."""
    if stage.problem:
        return stage.problem
    return _("{shape}, every number between {low} and {high}").format(
        shape=stage.shape, low=figure(stage.low), high=figure(stage.high)
    )
