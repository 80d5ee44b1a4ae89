"""The panel of mistakes: the pictures that the network got wrong, the surest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QStackedWidget, QVBoxLayout, QWidget

from cnn_studio.gui import theme
from cnn_studio.gui.columns import empty_page
from cnn_studio.gui.labels import SMALL, Text
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.samples import DATA, Sample
from cnn_studio.gui.widgets.flow_layout import FlowLayout
from cnn_studio.gui.widgets.image_grid import ImageGrid
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _, integer, ngettext

if TYPE_CHECKING:
    from cnn_studio.engine.verdicts import Verdicts

MOST = 200
"""Pictures that are shown at a time."""
SIDE = 56


@panels.declare("mistakes")
class MistakesPanel(LivePanel):
    """Mistakes of the weights that are looked at."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.grid = ImageGrid()
        self.grid.setObjectName(f"{name}.pictures")
        self.grid.set_side(SIDE)
        self.head = Text("secondary", SMALL, f"{name}.head", wrap=False)
        self.truth_name, self.answer_name = Text("secondary", SMALL, wrap=False), Text("secondary", SMALL, wrap=False)
        self.truth, self.answer, self.split, self.right = QComboBox(), QComboBox(), QComboBox(), QCheckBox()
        for control, part in (
            (self.truth, "truth"),
            (self.answer, "answer"),
            (self.split, "split"),
            (self.right, "right"),
        ):
            control.setObjectName(f"{name}.{part}")
        self.empty = Text("secondary", name=f"{name}.empty")
        self.places: list[int] = []
        self._shown: tuple[Any, ...] = ()
        self._lay_out()
        judging = workspace.judging
        for box in (self.truth, self.answer):
            box.activated.connect(
                lambda _place: judging.choose(self.truth.currentIndex() - 1, self.answer.currentIndex() - 1)
            )
        self.split.activated.connect(lambda _place: judging.choose_split(self.split.currentData()))
        self.right.toggled.connect(self.renew)
        self.grid.current_changed.connect(self._look_at)
        self.grid.activated.connect(self._look_inside)
        for signal in (
            judging.changed,
            judging.chosen,
            workspace.look.changed,
            workspace.training.epoch_ended,
            workspace.data.changed,
        ):
            signal.connect(self.renew)
        self.retranslate()

    def _lay_out(self) -> None:
        head = FlowLayout(gap=theme.GAP)
        for part in (self.head, self.right, self.truth_name, self.truth, self.answer_name, self.answer, self.split):
            head.addWidget(part)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.PADDING, theme.UNIT, theme.PADDING, theme.UNIT)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        column.addWidget(self.grid, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(empty_page(self.empty))
        self.stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)

    def follow(self, change: object) -> None:
        """Edits are told by the view into the network."""

    # -- what is shown -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Find out what there is to show, and show it."""
        judging = self.workspace.judging
        judging.ensure()
        found = judging.verdicts
        if found is None:
            live = self.workspace.training.is_live
            waiting = (
                _("After the first epoch its mistakes are shown here.") if live else _("Looking at the samples...")
            )
            self.empty.setText(judging.problem or waiting)
            self.stack.setCurrentIndex(0)
            return
        self._fill(found)
        self.stack.setCurrentIndex(1)
        right = self.right.isChecked()
        places = found.places(judging.truth, judging.answer, right=right)
        self._say(found, len(places), right)
        key = found, judging.truth, judging.answer, right
        if key != self._shown:
            self._shown = key
            self.places = [int(place) for place in places[:MOST]]
            wanted = self.places
            self.workspace.slow.ask(
                "mistakes", lambda: _pictures(found, wanted), lambda pictures: self._show(key, pictures)
            )

    def _fill(self, found: Verdicts) -> None:
        judging = self.workspace.judging
        names = [_("any class"), *(_(name) for name in found.classes)]
        for box, chosen in ((self.truth, judging.truth), (self.answer, judging.answer)):
            if [box.itemText(place) for place in range(box.count())] != names:
                box.clear()
                box.addItems(names)
            box.setCurrentIndex(chosen + 1)
        self.split.setCurrentIndex(max(0, self.split.findData(found.split)))

    def _say(self, found: Verdicts, count: int, right: bool) -> None:
        words = ngettext("{n} mistake in {all} samples", "{n} mistakes in {all} samples", count)
        if right:
            words = ngettext("{n} of {all} samples", "{n} of {all} samples", count)
        text = words.format(n=integer(count), all=integer(len(found.truths)))
        if count > MOST:
            text += "; " + _("the first {n} are shown").format(n=MOST)
        self.head.setText(text)

    def _show(self, key: tuple[Any, ...], pictures: list[Any]) -> None:
        if key != self._shown:
            return
        found: Verdicts = key[0]
        captions = [
            _("{truth}→{answer} {share} %").format(
                truth=_(found.classes[found.truths[place]]), answer=_(found.classes[found.answers[place]]),
                share=int(100 * found.sure[place]),
            )
            for place in self.places
        ]  # fmt: skip
        marks = ["right" if found.truths[place] == found.answers[place] else "" for place in self.places]
        self.grid.set_current(-1)
        self.grid.set_pictures(pictures, captions, marks)

    # -- hands ---------------------------------------------------------------------------------------------------------

    def _look_at(self, index: int) -> None:
        found = self.workspace.judging.verdicts
        if found is not None and 0 <= index < len(self.places):
            place = self.places[index]
            self.workspace.slow.ask(
                "sample", lambda: _sample(found, place), self.workspace.look.set_sample, self.workspace.said.emit
            )

    def _look_inside(self, index: int) -> None:
        self._look_at(index)
        self.workspace.workspace_requested.emit("inside")

    def retranslate(self) -> None:
        now = theme.current()
        self.grid.set_mark_colors({"right": now.success, "wrong": now.error})
        self.grid.setFont(theme.small_font())
        self.grid.setAccessibleName(_("Mistaken samples, the surest first"))
        self.truth_name.setText(_("Truth"))
        self.answer_name.setText(_("Answer"))
        self.right.setText(_("also those told right"))
        chosen = self.split.currentData()
        self.split.clear()
        for split, words in (("validation", _("Validation")), ("test", _("Test"))):
            self.split.addItem(words, split)
        self.split.setCurrentIndex(max(0, self.split.findData(chosen)))
        for control, words in (
            (self.truth, _("Which class the samples are of")), (self.answer, _("Which class the network takes them for")),
            (self.split, _("Which samples judge the network")), (self.right, _("Show also the samples that were told right")),
        ):  # fmt: skip
            control.setToolTip(words)
            control.setAccessibleName(words)
        self._shown = ()


# -- in the other thread -----------------------------------------------------------------------------------------------


def _pictures(found: Verdicts, places: list[int]) -> list[Any]:
    """Pictures of these samples; an empty one for a file that is gone meanwhile."""
    import numpy as np

    from cnn_studio.engine.datasets.base import DataError
    from cnn_studio.engine.shown import shown

    pictures = []
    for place in places:
        try:
            pictures.append(shown(found.samples.read(place), SIDE))
        except DataError:
            pictures.append(np.zeros((1, 1), np.uint8))
    return pictures


def _sample(found: Verdicts, place: int) -> Sample:
    samples = found.samples
    return Sample(DATA, samples.read(place), samples.name_of(place), found.classes[int(found.truths[place])])
