"""The run in the toolbar: begin, pause, stop; how far it is, how long it will take, how well it does, and where it computes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from cnn_studio.gui import icons, theme
from cnn_studio.gui.training import PAUSED, PREPARING, RUNNING, STOPPING
from cnn_studio.i18n import _, duration, percent

if TYPE_CHECKING:
    from cnn_studio.gui.main_window import MainWindow

SECOND, PAUSE = 1000, 330
"""Milliseconds between two looks at the clock, and between two words on how far the run is."""
POINTS = 60
"""Losses that the little curve shows."""


class RunBar(QWidget):
    """Buttons and facts of the run of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self._training = window.workspace.training
        self.setObjectName("run")
        self.train, self.pause, self.stop = QToolButton(), QToolButton(), QToolButton()
        self.progress, self.facts, self.spark = Progress(), QLabel(), Spark()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
        layout.setSpacing(theme.GAP)
        for button, action, name in (
            (self.train, "train.start", "start"),
            (self.pause, "train.pause", "pause"),
            (self.stop, "train.stop", "stop"),
        ):
            button.setDefaultAction(window.actions_[action])
            button.setObjectName(f"run.{name}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setIconSize(QSize(16, 16))
            layout.addWidget(button)
        window.actions_["train.start"].changed.connect(self._light)
        self.train.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.facts.setObjectName("run.facts")
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        for part in (self.progress, self.spark):
            layout.addWidget(part)
        layout.addWidget(self.facts, 1000)
        layout.addStretch(1)  # while there is nothing to tell
        self.setMinimumWidth(260)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._clock = QTimer(self)
        self._clock.setInterval(SECOND)
        self._clock.timeout.connect(self.refresh)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        self._training.state_changed.connect(self.refresh)
        self._training.progressed.connect(self._progressed)

    def _progressed(self) -> None:
        if not self._soon.isActive():
            self._soon.start(PAUSE)

    def refresh(self) -> None:
        """What there is to say at the moment."""
        training = self._training
        shown = training.run is not None or training.is_live
        for part in (self.progress, self.spark, self.facts):
            part.setVisible(shown)
        if training.is_live != self._clock.isActive():
            (self._clock.start if training.is_live else self._clock.stop)()
        share = training.clock.share if training.history.started else training.drawn
        self.progress.set_share(share, training.state in (PREPARING, RUNNING))
        self.spark.set_values(training.history.losses[-4000:])
        text = "   ".join(self._words()) if shown else ""
        if text != self.facts.text():
            self.facts.setText(text)
            self.facts.setToolTip(text)
            self.facts.setAccessibleName(text)

    def _light(self) -> None:
        """The mark on the button in the colour of its words; the action would give it that of the menus."""
        self.train.setIcon(icons.icon("play", theme.current().on_accent))

    def _words(self) -> list[str]:
        training, history = self._training, self._training.history
        if training.state == PREPARING:
            return [
                _("drawing the data: {share}").format(share=percent(training.drawn))
                if training.drawn
                else _("preparing...")
            ]
        words = []
        started, batch = history.started, history.batch
        if started is not None and batch is not None:
            words.append(_("epoch {epoch}/{epochs}").format(epoch=batch.epoch, epochs=started.epochs))
        elif history.epochs:
            words.append(_("epoch {epoch}").format(epoch=history.epochs[-1].epoch))
        if training.state == STOPPING:
            words.append(_("stopping..."))
        elif training.state == PAUSED:
            words.append(_("paused"))
        elif training.is_live and (left := training.clock.left) is not None:
            words.append(_("{time} left").format(time=duration(left)))
        if history.epochs:
            last = history.epochs[-1]
            words.append(percent((last.validation or last.train).accuracy))
        elif batch is not None:
            words.append(percent(batch.accuracy))
        if started is not None:
            words.append(f"{started.device.upper()} · {started.precision}")
        return words

    def retranslate(self) -> None:
        """Texts and colours of the moment."""
        now = theme.current()
        self._light()
        self.train.setStyleSheet(
            f"QToolButton {{ background: {now.accent.name()}; color: {now.on_accent.name()}; border: none;"
            f" border-radius: {theme.RADIUS}px; padding: 4px 10px; font-weight: 600; }}"
            f"QToolButton:disabled {{ background: {now.hover.name()}; color: {now.disabled.name()}; }}"
            f"QToolButton:focus {{ border: 2px solid {now.text.name()}; padding: 2px 8px; }}"
        )
        self.facts.setStyleSheet(f"color: {now.secondary.name()}")
        for button in (self.train, self.pause, self.stop):
            button.setAccessibleName(button.defaultAction().text())
        self.refresh()

    def end(self) -> None:
        """Say nothing more."""
        self._clock.stop()
        self._soon.stop()


class Progress(QWidget):
    """How much of a run is done, as a thin line."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("run.progress")
        self._share, self._running = 0.0, False
        self.setFixedSize(120, 16)

    def set_share(self, share: float, running: bool) -> None:
        """So much is done, of 1."""
        if (share, running) != (self._share, self._running):
            self._share, self._running = share, running
            words = _("{share} % of the training is done").format(share=round(100 * share))
            if words != self.accessibleName():
                self.setAccessibleName(words)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            ground = QRectF(0, self.height() / 2 - 3, self.width(), 6)
            painter.setBrush(now.line)
            painter.drawRoundedRect(ground, 3, 3)
            painter.setBrush(now.accent if self._running else now.secondary)
            painter.drawRoundedRect(ground.adjusted(0, 0, -ground.width() * (1 - self._share), 0), 3, 3)


class Spark(QWidget):
    """The way of the loss, small."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("run.spark")
        self._values: list[float] = []
        self.setFixedSize(64, 18)

    def set_values(self, values: object) -> None:
        """All losses that are to be seen, the oldest first; they are thinned out."""
        found = list(values)  # type: ignore[call-overload]
        width = max(1, len(found) // POINTS)
        means = [sum(found[at : at + width]) / width for at in range(0, len(found) - width + 1, width)]
        if means != self._values:
            self._values = means
            self.setAccessibleName(_("way of the loss"))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if len(self._values) < 2:
            return
        low, high = min(self._values), max(self._values)
        across, up = (self.width() - 4) / (len(self._values) - 1), (self.height() - 4) / ((high - low) or 1.0)
        path = QPainterPath()
        for number, value in enumerate(self._values):
            point = QPointF(2 + number * across, 2 + (high - value) * up)
            path.lineTo(point) if number else path.moveTo(point)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.strokePath(path, QPen(theme.current().accent, 1.4))
