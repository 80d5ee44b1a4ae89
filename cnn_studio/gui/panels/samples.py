"""The samples of the data: how many of each class, and their pictures, page by page; a click looks at one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QToolButton, QVBoxLayout, QWidget

from cnn_studio.core.document import Change
from cnn_studio.gui import theme
from cnn_studio.gui.icons import icon
from cnn_studio.gui.labels import SMALL, Message, Text
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.samples import DATA, READY, SPLITS
from cnn_studio.gui.widgets.bars import Bars
from cnn_studio.gui.widgets.flow_layout import FlowLayout
from cnn_studio.gui.widgets.image_grid import ImageGrid
from cnn_studio.gui.widgets.scroller import Scroller
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _, integer, ngettext

if TYPE_CHECKING:
    from cnn_studio.engine.datasets.base import Dataset

PAGE = 120
"""Samples on a page."""
SIDE = 48
"""Pixels of the longer side of a picture, about."""
EVERY = -1
"""Samples of every class."""
LEAN = 1.5
"""So many times as many samples as the smallest class the largest may have before that is said."""


@panels.declare("samples")
class SamplesPanel(LivePanel):
    """The samples of the data of a workspace."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.wanted = EVERY
        self._places: list[int] = []
        self._split = ""
        self.split, self.page = QComboBox(), QSpinBox()
        self.split.setObjectName(f"{name}.split")
        self.split.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.page.setObjectName(f"{name}.page")
        self.page.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.back, self.on = QToolButton(), QToolButton()
        for mark, button, by in (("left", self.back, -1), ("right", self.on, 1)):
            button.setObjectName(f"{name}.{mark}")
            button.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
            button.clicked.connect(lambda _checked=False, by=by: self.page.setValue(self.page.value() + by))
        self.bars, self.grid = Bars(), ImageGrid()
        self.bars.setObjectName(f"{name}.classes")
        self.grid.setObjectName(f"{name}.grid")
        self.grid.set_side(SIDE)
        self.balance = Text("secondary", SMALL, f"{name}.balance")
        self.problem = Message("warning", f"{name}.problem")
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        head, pages = QWidget(), QWidget()
        self._flow = flow = FlowLayout(head, theme.GAP)
        line = QHBoxLayout(pages)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        for part in (self.back, self.page, self.on):
            line.addWidget(part)
        for piece in (self.split, pages, self.balance):
            flow.addWidget(piece)
        inside = QWidget()
        inside.setObjectName("contents")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.bars)
        column.addStretch(1)
        scroller = Scroller(f"{self.objectName()}.scroll", inside)
        body = QHBoxLayout()
        body.setSpacing(theme.PADDING)
        body.addWidget(scroller, 1)
        body.addWidget(self.grid, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.PADDING, theme.UNIT, theme.PADDING, theme.GAP)
        layout.setSpacing(theme.GAP)
        layout.addWidget(head)
        layout.addWidget(self.problem)
        layout.addLayout(body, 1)

    def _connect(self) -> None:
        self.split.activated.connect(lambda _place: self._first_page())
        self.page.valueChanged.connect(lambda _page: self._ask())
        self.bars.current_changed.connect(self.choose_class)
        self.grid.current_changed.connect(self._look)
        self.workspace.data.changed.connect(self.renew)

    # -- what is chosen ------------------------------------------------------------------------------------------------

    def choose_class(self, number: int) -> None:
        """Samples of this class alone; of every one where it was chosen already."""
        self.wanted = EVERY if number == self.wanted else number
        self._first_page()

    def _first_page(self) -> None:
        self.page.blockSignals(True)
        self.page.setValue(1)
        self.page.blockSignals(False)
        self._show_counts()
        self._ask()

    def _look(self, place: int) -> None:
        if 0 <= place < len(self._places):
            look = self.workspace.look
            self.workspace.data.sample(
                self._split, self._places[place], look.set_sample, self.problem.say, key="samples.one"
            )

    # -- what is shown -------------------------------------------------------------------------------------------------

    def follow(self, change: Change) -> None:
        """The data tell themselves when they are others."""
        if "plan" in change.parts:
            self.soon()

    def refresh(self) -> None:
        now = theme.current()
        self.bars.setFont(theme.text_font())
        self.bars.set_colors(
            text=now.text, secondary=now.secondary, bar=now.edge, best=now.accent, track=now.hover, accent=now.accent
        )
        data = self.workspace.data
        data.ensure()
        ready = data.state == READY
        self.problem.say(data.problem)
        for part in (self.split, self.page, self.back, self.on):
            part.setEnabled(ready)
        self._show_splits()
        if self.wanted >= len(data.classes):
            self.wanted = EVERY
        self._show_counts()
        self._ask()

    def _show_splits(self) -> None:
        names = list(self.workspace.data.splits)
        if [self.split.itemData(place) for place in range(self.split.count())] != names:
            self.split.clear()
            for name in names:
                self.split.addItem(_(SPLITS.get(name, name)), name)
            self.split.setCurrentIndex(0 if names else -1)
            self._flow.activate()  # longer words have their room at once

    def _show_counts(self) -> None:
        data, split = self.workspace.data, self.split.currentData()
        facts = data.splits.get(split or "")
        counts = facts.by_class if facts is not None else ()
        most = max(counts, default=1) or 1
        texts = [integer(count) for count in counts]
        self.bars.set_bars(data.classes if counts else (), [count / most for count in counts], self.wanted, texts)
        shown = counts[self.wanted] if 0 <= self.wanted < len(counts) else sum(counts)
        self.page.blockSignals(True)
        self.page.setRange(1, max(1, -(-shown // PAGE)))
        self.page.blockSignals(False)
        self.page.setSuffix(_(" of {n}").format(n=integer(self.page.maximum())))
        self.back.setEnabled(self.page.value() > 1)
        self.on.setEnabled(self.page.value() < self.page.maximum())
        self.balance.setText(self._balance(counts))

    def _balance(self, counts: tuple[int, ...]) -> str:
        if not counts:
            return ""
        text = ngettext("{n} sample", "{n} samples", sum(counts)).format(n=integer(sum(counts)))
        few = min(counts)
        if max(counts) <= LEAN * few:
            return _("{samples}, balanced").format(samples=text)
        return _("{samples}, not balanced: “{name}” has only {n}").format(
            samples=text, name=self.workspace.data.classes[counts.index(few)], n=integer(few)
        )

    def _ask(self) -> None:
        """Read the samples of the page, in the other thread."""
        split, first, wanted = self.split.currentData(), PAGE * (self.page.value() - 1), self.wanted
        self.back.setEnabled(self.page.value() > 1)
        self.on.setEnabled(self.page.value() < self.page.maximum())
        if not split or self.workspace.data.state != READY:
            self._show_page(("", [], [], []))
            return
        self.workspace.data.work(
            "samples.page", lambda data: _page(data, split, wanted, first), self._show_page, self.problem.say
        )

    def _show_page(self, found: tuple[str, list[int], list[Any], list[str]]) -> None:
        self._split, self._places, pictures, captions = found
        self.grid.blockSignals(True)
        self.grid.set_pictures(pictures, captions)
        sample = self.workspace.look.sample
        here = sample is not None and sample.source == DATA and sample.split == self._split
        place = self._places.index(sample.index) if here and sample and sample.index in self._places else -1
        self.grid.set_current(place)
        self.grid.blockSignals(False)

    def retranslate(self) -> None:
        for place in range(self.split.count()):
            name = self.split.itemData(place)
            self.split.setItemText(place, _(SPLITS.get(name, name)))
        for control, text in (
            (self.split, _("Part of the data")), (self.page, _("Page")), (self.back, _("Page before")),
            (self.on, _("Next page")), (self.grid, _("Samples; a click looks at one")),
            (self.bars, _("Samples of each class; a click shows only these")),
        ):  # fmt: skip
            control.setToolTip("" if control in (self.grid, self.bars) else text)
            control.setAccessibleName(text)
        self.page.setPrefix(_("page") + " ")
        self.back.setIcon(icon("left"))
        self.on.setIcon(icon("right"))
        self.grid.setFont(theme.small_font())
        self.bars.setCursor(Qt.CursorShape.PointingHandCursor)


# -- in the other thread -----------------------------------------------------------------------------------------------


def _page(data: Dataset, split: str, wanted: int, first: int) -> tuple[str, list[int], list[Any], list[str]]:
    """Numbers, pictures and classes of the samples of a page; one that cannot be read is left dark, and named."""
    import numpy as np

    from cnn_studio.engine.datasets.base import DataError
    from cnn_studio.engine.shown import shown

    samples = data.splits[split]
    every = np.flatnonzero(samples.labels == wanted) if wanted >= 0 else np.arange(len(samples))
    places, pictures, captions = [int(place) for place in every[first : first + PAGE]], [], []
    for place in places:
        try:
            pictures.append(shown(samples.read(place), SIDE))
            captions.append(data.classes[int(samples.labels[place])])
        except DataError:
            pictures.append(np.zeros((SIDE, SIDE), np.uint8))
            captions.append(_("damaged"))
    return split, places, pictures, captions
