"""The time machine: looks back at the epochs of the run that are kept. Whatever looks into the network follows."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QToolButton, QWidget

from cnn_studio.gui import theme
from cnn_studio.gui.icons import icon
from cnn_studio.gui.labels import SMALL, STRONG, Text, retheme
from cnn_studio.gui.look import NOTHING
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _, figure, percent

BEAT = 400
"""Milliseconds for which each epoch is shown while they are played."""
SHORTEST, LONGEST = 72, 420
"""Pixels of the slider."""


class TimeBar(QWidget):
    """A slider over the kept epochs, a button that plays them, and one that leads back to the latest weights."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.setObjectName("time")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.play, self.latest = QToolButton(), QToolButton()
        self.play.setObjectName("time.play")
        self.latest.setObjectName("time.latest")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("time.epoch")
        self.slider.setPageStep(1)
        self.slider.setMaximumWidth(LONGEST)
        self.slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.slider.setMinimumWidth(SHORTEST)
        self.epoch = Text("text", STRONG, "time.words", wrap=False)
        self.scores = Text("secondary", SMALL, "time.scores", wrap=False)
        self.scores.setMinimumWidth(1)  # cut only where the slider cannot become shorter
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.PADDING, theme.UNIT, theme.PADDING, theme.UNIT)
        layout.setSpacing(theme.GAP)
        for widget in (self.play, self.slider, self.epoch, self.scores, self.latest):
            layout.addWidget(widget, 1 if widget is self.slider else 0)
        layout.insertStretch(layout.count() - 1)
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self._next)
        self.play.clicked.connect(self.toggle)
        self.latest.clicked.connect(self._go_latest)
        self.slider.valueChanged.connect(self._slid)
        look, training = workspace.look, workspace.training
        for signal in (look.changed, training.state_changed):
            signal.connect(self.refresh)
        training.progressed.connect(self._progressed)
        self._kept: object = ()
        self.hide()

    # -- what can be looked back at ------------------------------------------------------------------------------------

    @property
    def epochs(self) -> list[int | None]:
        """What the slider stands for from left to right: the kept epochs; None for weights that are still learning."""
        run, training = self.workspace.training.run, self.workspace.training
        kept: list[int | None] = list(run.snapshots) if run is not None else []
        return [*kept, None] if training.is_live and kept else kept

    def _progressed(self) -> None:
        run = self.workspace.training.run
        if run is not None and run.snapshots is not self._kept:
            self._kept = run.snapshots
            self.refresh()

    def refresh(self) -> None:
        """Show which epochs there are, and which is looked at."""
        look, epochs = self.workspace.look, self.epochs
        shown = bool(epochs) and look.subject.kind != NOTHING
        self.setVisible(shown)
        if not shown:
            self.stop()
            return
        chosen = look.chosen_epoch
        place = epochs.index(chosen) if chosen in epochs else len(epochs) - 1
        self.slider.blockSignals(True)
        self.slider.setRange(0, len(epochs) - 1)
        self.slider.setValue(place)
        self.slider.blockSignals(False)
        self.slider.setEnabled(len(epochs) > 1)
        self.play.setEnabled(len(epochs) > 1)
        looks_back = place < len(epochs) - 1
        self.latest.setEnabled(looks_back)
        self._say(epochs[place])
        now = theme.current()
        ground = now.selection if looks_back else now.window
        sheet = f"#time {{ background: {ground.name()}; border-top: 1px solid {now.line.name()}; }}"
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)

    def _say(self, epoch: int | None) -> None:
        history, run = self.workspace.training.history, self.workspace.training.run
        if epoch is None:
            self.epoch.setText(_("now, learning"))
            self.scores.setText("")
        else:
            total = run.plan.epochs if run is not None else epoch
            self.epoch.setText(_("epoch {epoch} of {total}").format(epoch=epoch, total=max(total, epoch)))
            ended = next((one for one in history.epochs if one.epoch == epoch), None)
            words = []
            if ended is not None:
                scores = ended.validation or ended.train
                words = [percent(scores.accuracy), _("loss {value}").format(value=figure(scores.loss))]
            if history.best is not None and history.best.epoch == epoch:
                words.append(_("the best so far"))
            self.scores.setText("  ·  ".join(words))
        self.slider.setAccessibleDescription(f"{self.epoch.text()} {self.scores.text()}")

    # -- hands ---------------------------------------------------------------------------------------------------------

    def _slid(self, place: int) -> None:
        epochs = self.epochs
        last = len(epochs) - 1
        self.workspace.look.show_epoch(None if place >= last else epochs[place])
        self.refresh()

    def _go_latest(self) -> None:
        self.stop()
        self.workspace.look.show_epoch(None)
        self.refresh()

    def toggle(self) -> None:
        """Play the epochs from the one that is shown, or from the first; or stop."""
        if self._timer.isActive():
            self.stop()
            return
        if self.slider.value() == self.slider.maximum():
            self.slider.setValue(0)
        self._timer.start()
        self._show_button()

    def _next(self) -> None:
        if self.workspace.quick.is_busy:  # what is shown has not come yet
            return
        if self.slider.value() < self.slider.maximum():
            self.slider.setValue(self.slider.value() + 1)
        if self.slider.value() >= self.slider.maximum():
            self.stop()

    def stop(self) -> None:
        """Play no more."""
        if self._timer.isActive():
            self._timer.stop()
            self._show_button()

    end = stop

    # -- texts ---------------------------------------------------------------------------------------------------------

    def _show_button(self) -> None:
        playing = self._timer.isActive()
        self.play.setIcon(icon("pause" if playing else "play"))
        words = _("Stop") if playing else _("Play the epochs one after the other")
        self.play.setToolTip(words)
        self.play.setAccessibleName(words)

    def retranslate(self) -> None:
        """Texts and colours of the moment."""
        self._show_button()
        self.play.setIconSize(QSize(14, 14))
        words = _("Epoch that is looked at: maps, kernels, mistakes and the answer follow")
        self.slider.setToolTip(words)
        self.slider.setAccessibleName(words)
        self.latest.setText(_("Latest"))
        self.latest.setToolTip(_("Back to the latest weights"))
        self.latest.setAccessibleName(_("Back to the latest weights"))
        retheme(self)
        self.refresh()
