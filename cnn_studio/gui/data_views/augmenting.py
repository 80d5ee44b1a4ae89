"""Augmentation: the ways of varying samples, and samples of the data as they come out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from cnn_studio.core.plans import augmentations
from cnn_studio.gui import theme
from cnn_studio.gui.data_views.parts_view import PartsView
from cnn_studio.gui.icons import icon
from cnn_studio.gui.labels import SMALL, Text
from cnn_studio.gui.widgets.image_grid import ImageGrid
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnn_studio.engine.datasets.base import Array, Dataset
    from cnn_studio.gui.samples import Sample

SIDE = 56
SAMPLES, EACH = 3, 7
"""So many samples, and how often each of them is varied at most: as far as a row goes."""
HEIGHT = 264
"""Pixels of the grid."""
Shown = tuple[str, list["Array"]]
"""Name of the class, and the pictures: the sample itself first."""


class AugmentationView(PartsView):
    """Shows and edits how training samples are varied."""

    field = "augmentation"
    step = N_("Augmentation")
    registry = augmentations

    def __init__(self, workspace: Workspace, name: str) -> None:
        super().__init__(workspace, name)
        self.seed = 0
        self._found: Sequence[Shown] = ()
        self.about = Text("secondary", SMALL, f"{name}.about")
        self.grid = ImageGrid()
        self.grid.setObjectName(f"{name}.grid")
        self.grid.set_side(SIDE)
        self.grid.setFixedHeight(HEIGHT)
        self.others = QPushButton()
        self.others.setObjectName(f"{name}.others")
        self.others.clicked.connect(self._vary)
        foot = QHBoxLayout()
        foot.addWidget(self.others)
        foot.addStretch(1)
        for part in (self.list, self.about, self.problem, self.grid):
            self.layout_.addWidget(part)
        self.layout_.addLayout(foot)
        self.layout_.setSpacing(theme.GAP)

    def ask(self) -> None:
        plan, graph, sample, seed = self.workspace.plan, self.workspace.document.graph, self.looked_at(), self.seed
        if not plan.augmentation:
            self.problem.say("")
            self.show_nothing()
            return

        def work(data: Dataset) -> list[Shown]:
            from cnn_studio.engine.preparing import fitted
            from cnn_studio.engine.preview import variations

            steps = fitted(plan, graph, data).preparation
            return [
                (name, variations(
                    stored, data.train.peak, steps, plan.augmentation, count=EACH, seed=seed + place, side=SIDE
                ))
                for place, (name, stored) in enumerate(_samples(data, sample))
            ]  # fmt: skip

        self.work(work, self._show)

    def _show(self, found: Sequence[Shown]) -> None:
        self.problem.say("")
        self._found = found
        self._say(shown=True)
        self._fill(1 + EACH)
        self._fill(self.grid.columns)

    def _fill(self, columns: int) -> None:
        """A row for each sample, where there is room for two pictures at least."""
        each = min(max(columns, 2), 1 + EACH)
        captions = [caption for name, _pictures in self._found for caption in (name, *[""] * (each - 1))]
        self.grid.set_pictures([picture for _name, pictures in self._found for picture in pictures[:each]], captions)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._found:
            self._fill(self.grid.columns)

    def show_nothing(self) -> None:
        self._found = ()
        self.grid.set_pictures(())
        self._say(shown=False)

    def _say(self, *, shown: bool) -> None:
        self.grid.setVisible(shown)
        self.others.setVisible(shown)
        sentence = _("Samples enter the training as they are. Varied ones teach what matters in them.")
        if shown:
            sentence = _("Some samples, each as it is, and then as training would vary it:")
        self.about.setText(sentence)
        self.about.setVisible(shown or not self.workspace.plan.augmentation)

    def _vary(self) -> None:
        self.seed += SAMPLES
        self.show_samples()

    def retranslate(self) -> None:
        self.others.setText(_("Vary anew"))
        self.others.setIcon(icon("random"))
        self.others.setAccessibleName(self.others.text())
        self.others.setToolTip(_("The same samples, varied in another way"))
        self.grid.setAccessibleName(_("Samples as training would vary them"))
        self.list.retranslate(_("Add a variation"), _("One more way of varying samples while the network trains"))
        self._say(shown=not self.grid.isHidden())


def _samples(data: Dataset, looked_at: Sample | None) -> list[tuple[str, Array]]:
    """The sample that is looked at, and one each of the first classes; damaged ones are left out."""
    import numpy as np

    from cnn_studio.engine.datasets.base import DamagedError, first_readable

    found = [(looked_at.label, looked_at.stored)] if looked_at is not None else []
    for number, name in enumerate(data.classes):
        if found and name == found[0][0]:
            continue
        places = np.flatnonzero(data.train.labels == number)[:1]
        try:
            found += [(name, data.train.read(int(place))) for place in places]
        except DamagedError:
            continue
        if len(found) >= SAMPLES:
            break
    return found or [("", first_readable(data.train))]
