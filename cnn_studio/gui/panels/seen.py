"""What the network sees of the drawing: every step from the stroke to the numbers, each of which can be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLayout, QVBoxLayout, QWidget

from cnn_studio.core.document import Change
from cnn_studio.core.shapes import Shape
from cnn_studio.gui import theme
from cnn_studio.gui.drawn import STEPS
from cnn_studio.gui.labels import SMALL, Text
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.widgets.flow_layout import FlowLayout
from cnn_studio.gui.widgets.pixels import Pixels
from cnn_studio.gui.widgets.scroller import Scroller
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_, _, figure

if TYPE_CHECKING:
    from cnn_studio.engine.insight.drawn import Seen

SIDES = (84, 56)
"""Pixels of a picture: three for each of a digit's, or two where the steps would not stand in one row."""
TITLES = {
    "even": N_("Line width"), "bounding_box": N_("Bounding box"), "fit": N_("20 pixels"),
    "centre_of_mass": N_("Centre of mass"), "value_scale": N_("Values"),
}  # fmt: skip
HELPS = {
    "even": N_("Thin and thick lines become about as wide as those of the training digits."),
    "bounding_box": N_("The smallest box around the ink is cut out, so that it does not matter where you draw."),
    "fit": N_("The longer side of the box becomes 20 pixels of 28, so that it does not matter how large you draw."),
    "centre_of_mass": N_("The ink is moved until its centre of mass is in the middle, as in the training digits."),
    "value_scale": N_("The brightest ink becomes 255, so that a faint pen counts as much as a strong one."),
}


class Step(QWidget):
    """One step: an arrow, and its picture below the switch that leaves it out."""

    def __init__(self, name: str, place: str) -> None:
        super().__init__()
        self.step = name
        self.switch = QCheckBox()
        self.switch.setObjectName(f"{place}.{name}")
        self.switch.setChecked(True)
        self.picture = Pixels(SIDES[0])
        self.picture.setObjectName(f"{place}.{name}.picture")
        _stack(self, self.switch, self.picture, arrow=name != STEPS[0])


def _layout_of(widget: QWidget) -> QLayout:
    layout = widget.layout()
    assert layout is not None
    return layout


def _stack(holder: QWidget, above: QWidget, picture: Pixels, *, arrow: bool) -> None:
    """A picture below what it is called, behind an arrow."""
    layout = QGridLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(theme.UNIT)
    layout.setVerticalSpacing(theme.UNIT)
    if arrow:
        layout.addWidget(QLabel("→"), 1, 0, Qt.AlignmentFlag.AlignVCenter)
    layout.addWidget(above, 0, 1)
    layout.addWidget(picture, 1, 1)
    layout.setColumnStretch(2, 1)
    layout.setRowStretch(2, 1)


@panels.declare("seen")
class SeenPanel(LivePanel):
    """The steps in a row, and what enters the network at the end of it."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.steps = [Step(step, name) for step in STEPS]
        self.end = QWidget()
        self.title_ = Text("text", SMALL, f"{name}.title", wrap=False)
        self.final = Pixels(SIDES[0])
        self.final.setObjectName(f"{name}.final")
        self.facts = Text("secondary", SMALL, f"{name}.facts")
        self._lay_out()
        for step in self.steps:
            step.switch.toggled.connect(lambda on, step=step: workspace.drawing.set_step(step.step, on))
        self.final.hovered.connect(self._tell_value)
        workspace.drawing.answered.connect(self.show_seen)
        workspace.drawing.switched.connect(self._show_switches)
        workspace.look.changed.connect(self.show_seen)
        self.retranslate()

    def _lay_out(self) -> None:
        _stack(self.end, self.title_, self.final, arrow=True)
        contents = QWidget()
        contents.setObjectName("contents")
        row = FlowLayout(contents, theme.UNIT)
        for part in (*self.steps, self.end):
            row.addWidget(part)
        scroll = Scroller(f"{self.objectName()}.scroll", contents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.PADDING, theme.UNIT, theme.PADDING, theme.GAP)
        layout.setSpacing(theme.UNIT)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.facts)

    def _fit(self) -> None:
        """Pictures as large as lets all steps stand in one row."""
        for side in SIDES:
            for picture in (*(step.picture for step in self.steps), self.final):
                picture.set_side(side)
            for part in (*self.steps, self.end):
                part.setMinimumWidth(0)
                _layout_of(part).activate()
                part.setMinimumWidth(part.sizeHint().width())  # names are wider in some languages than pictures
            needed = sum(part.sizeHint().width() + theme.UNIT for part in (*self.steps, self.end))
            if needed <= self.width() - 2 * theme.PADDING:
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More room, or less."""
        self._fit()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_seen(self) -> None:
        """The steps of the drawing of the moment."""
        if not self.isVisible():
            self._stale = True
            return
        seen = self.workspace.drawing.seen
        if seen is None:
            for picture in (*(step.picture for step in self.steps), self.final):
                picture.set_picture(None)
            obstacle = self.workspace.drawing.obstacle
            self.facts.setText(str(obstacle or _("Draw on the pad: here you see what becomes of it.")))
            return
        drawn = seen.drawn
        pictures = {
            "even": _bytes(drawn.ink), "bounding_box": _bytes(drawn.steps.cropped), "fit": _bytes(drawn.steps.fitted),
            "centre_of_mass": _bytes(drawn.steps.placed), "value_scale": drawn.steps.picture,
        }  # fmt: skip
        for step in self.steps:
            step.picture.set_picture(pictures[step.step], drawn.steps.box if step.step == "even" else None)
        self.final.set_picture(_pixels(drawn.sample))
        self.facts.setText(self._facts(seen))

    def _facts(self, seen: Seen) -> str:
        sample = seen.drawn.sample
        shape = Shape(sample.shape[0], tuple(sample.shape[1:]))
        return _("{shape}, every number between {low} and {high}").format(
            shape=shape, low=figure(seen.low), high=figure(seen.high)
        )

    def _tell_value(self, row: int, column: int) -> None:
        seen = self.workspace.drawing.seen
        if seen is None:
            return
        if row < 0:
            self.facts.setText(self._facts(seen))
            return
        values = ", ".join(str(int(value)) for value in seen.drawn.sample[:, row, column])
        self.facts.setText(
            _("row {row}, column {column}: {value} of 255").format(row=row + 1, column=column + 1, value=values)
        )

    def _show_switches(self) -> None:
        for step in self.steps:
            step.switch.setChecked(step.step not in self.workspace.drawing.off)

    def follow(self, change: Change) -> None:
        """Edits of the network are heard through the view into it."""

    def refresh(self) -> None:
        """Everything anew, in the colours of the theme."""
        now = theme.current()
        for picture in (*(step.picture for step in self.steps), self.final):
            picture.set_colors(now.line, now.accent, now.canvas)
        for step in self.steps:
            step.switch.setFont(theme.small_font())
        self.title_.setFixedHeight(self.steps[0].switch.sizeHint().height())
        self._fit()
        self._show_switches()
        self.show_seen()

    def retranslate(self) -> None:
        for step in self.steps:
            step.switch.setText(_(TITLES[step.step]))
            step.switch.setToolTip(_(HELPS[step.step]))
            step.switch.setAccessibleName(_(TITLES[step.step]))
            step.picture.setAccessibleName(_("After the step “{name}”").format(name=_(TITLES[step.step])))
            step.picture.setToolTip(_(HELPS[step.step]))
        self.title_.setText(_("What enters"))
        self._fit()
        self.final.setAccessibleName(_("What enters the network"))
        self.final.setCursor(Qt.CursorShape.CrossCursor)


def _bytes(values: Any) -> Any:
    """Ink between 0 and 1 as bytes."""
    import numpy as np

    return np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)


def _pixels(sample: Any) -> Any:
    """A sample (channels, height, width) as it is painted."""
    import numpy as np

    return sample[0] if len(sample) == 1 else np.ascontiguousarray(sample.transpose(1, 2, 0))
