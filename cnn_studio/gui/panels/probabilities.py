"""What the network says of the drawing: the probability of every class, and of another drawing to compare with."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cnn_studio.core.document import Change
from cnn_studio.gui import theme
from cnn_studio.gui.icons import icon
from cnn_studio.gui.labels import SMALL, STRONG, TITLE, Text
from cnn_studio.gui.look import LIVE, START
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.widgets.bars import Bars
from cnn_studio.gui.widgets.pixels import Pixels
from cnn_studio.gui.widgets.scroller import Scroller
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _, percent

SMALL_SIDE = 56
LOW = 200
"""Pixels of the panel's height, where the pad needs the rest."""


@panels.declare("probabilities")
class ProbabilitiesPanel(LivePanel):
    """The bars."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.best = Text("text", TITLE, f"{name}.best", wrap=False)
        self.weights = Text("secondary", SMALL, f"{name}.weights")
        self.bars = Bars(say=percent)
        self.bars.setObjectName(f"{name}.bars")
        self.freeze = QPushButton()
        self.freeze.setObjectName(f"{name}.freeze")
        self.freeze.setCheckable(True)
        self.freeze.setIcon(icon("pin"))
        self.freeze.clicked.connect(self._freeze)
        self.sample = QPushButton()
        self.sample.setObjectName(f"{name}.sample")
        self.sample.clicked.connect(workspace.sample_requested)
        self.kept = Pixels(SMALL_SIDE)
        self.kept_best = Text("secondary", STRONG, f"{name}.kept", wrap=False)
        self._lay_out()
        drawing = workspace.drawing
        drawing.answered.connect(self._show_answer)
        drawing.froze.connect(self._show_kept)
        workspace.look.changed.connect(self._show_weights)
        self.retranslate()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.best, 1)
        head.addWidget(self.freeze)
        contents = QWidget()
        contents.setObjectName("contents")
        inside = QVBoxLayout(contents)
        inside.setContentsMargins(0, 0, theme.UNIT, 0)
        inside.addWidget(self.bars)
        inside.addStretch(1)
        scroll = Scroller(f"{self.objectName()}.scroll", contents)
        below = QHBoxLayout()
        below.setSpacing(theme.GAP)
        below.addWidget(self.kept)
        below.addWidget(self.kept_best, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.PADDING, theme.UNIT, theme.PADDING, theme.GAP)
        layout.setSpacing(theme.UNIT)
        layout.addLayout(head)
        layout.addWidget(scroll, 1)
        layout.addLayout(below)
        layout.addWidget(self.weights)
        layout.addWidget(self.sample, 0, Qt.AlignmentFlag.AlignLeft)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _show_answer(self) -> None:
        if not self.isVisible():
            self._stale = True
            return
        seen = self.workspace.drawing.seen
        if seen is None:
            names = self.bars.names or tuple(_(one) for one in self._classes())
            self.bars.set_bars(names, [0.0] * len(names))
            self.best.setText(_("Draw on the pad"))
        else:
            best = int(seen.probabilities.argmax())
            names = tuple(_(one) for one in seen.classes)
            self.bars.set_bars(names, seen.probabilities.tolist(), best)
            self.best.setText(f"{names[best]}   {percent(float(seen.probabilities[best]))}")
        self.best.setToolTip(self.best.text())
        self.bars.setAccessibleDescription(self.best.text())
        self.freeze.setEnabled(seen is not None or self.workspace.drawing.frozen is not None)

    def _classes(self) -> tuple[str, ...]:
        data = self.workspace.document.data
        return data.classes if data is not None else ()

    def _freeze(self) -> None:
        drawing = self.workspace.drawing
        drawing.melt() if drawing.frozen is not None else drawing.freeze()
        self._show_kept()

    def _show_kept(self) -> None:
        if not self.isVisible():
            self._stale = True
            return
        frozen = self.workspace.drawing.frozen
        self.freeze.setChecked(frozen is not None)
        for part in (self.kept, self.kept_best):
            part.setVisible(frozen is not None)
        if frozen is None:
            self.bars.set_others(())
            return
        seen = frozen.seen
        same = len(self.bars.names) == len(seen.probabilities)
        self.bars.set_others(seen.probabilities.tolist() if same else ())
        best = int(seen.probabilities.argmax())
        self.kept.set_picture(seen.drawn.steps.picture)
        text = _("Kept: {name}, {share}").format(
            name=_(seen.classes[best]), share=percent(float(seen.probabilities[best]))
        )
        self.kept_best.setText(text)
        self.kept.setAccessibleName(text)

    def _show_weights(self) -> None:
        if not self.isVisible():
            self._stale = True
            return
        subject = self.workspace.look.subject
        words = str(subject.words)
        self.weights.setText(words[:1].upper() + words[1:])
        self.sample.setVisible(subject.kind == START)
        self.weights.shade = "warning_text" if subject.kind in (START, LIVE) else "secondary"
        self.weights.retheme()

    def sizeHint(self) -> QSize:
        """Low, so that the pad above has room: the bars can be scrolled."""
        return QSize(super().sizeHint().width(), LOW)

    def follow(self, change: Change) -> None:
        """Edits of the network are heard through the view into it."""

    def refresh(self) -> None:
        """Everything anew, in the colours of the theme."""
        now = theme.current()
        self.bars.setFont(theme.text_font())
        bar = now.selection.lighter(130) if now.is_dark else now.selection.darker(112)
        self.bars.set_colors(
            text=now.text, secondary=now.secondary, bar=bar, best=now.accent, other=now.warning, track=now.hover,
            accent=now.accent,
        )  # fmt: skip
        self.kept.set_colors(now.line, now.accent, now.canvas)
        self.bars.names = ()
        self._show_answer()
        self._show_kept()
        self._show_weights()

    def retranslate(self) -> None:
        for control, text, words in (
            (self.freeze, _("Compare"), _("Keep this answer and compare other drawings with it")),
            (self.sample, _("Open the trained sample"), _("Open a network that has learned already to read digits")),
        ):
            control.setText(text)
            control.setToolTip(words)
            control.setAccessibleName(text)
        self.bars.setAccessibleName(_("Probabilities of the classes"))
