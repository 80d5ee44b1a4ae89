"""Finds a learning rate by trying: a button, the curve as it comes, and what it suggests with a button that takes it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from cnn_studio.gui import theme
from cnn_studio.gui.labels import SMALL, Message, Text
from cnn_studio.gui.look import same_network
from cnn_studio.gui.properties.parts import column
from cnn_studio.gui.widgets.rate_curve import RateCurve
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _, figure


class RateView(QWidget):
    """The learning rate range test of a workspace.

    Signals:
        chosen(float): this rate is to be used.
    """

    chosen = Signal(float)

    def __init__(self, workspace: Workspace, name: str) -> None:
        super().__init__()
        self.workspace = workspace
        self.setObjectName(name)
        self.search, self.use = QPushButton(), QPushButton()
        self.search.setObjectName(f"{name}.search")
        self.use.setObjectName(f"{name}.use")
        self.curve = RateCurve(figure)
        self.curve.setObjectName(f"{name}.curve")
        self.said = Text("secondary", SMALL, f"{name}.said")
        self.problem = Message("warning", f"{name}.problem")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.UNIT)
        buttons.addWidget(self.search)
        buttons.addWidget(self.use)
        buttons.addStretch(1)
        layout = column(self)
        layout.addLayout(buttons)
        for part in (self.curve, self.said, self.problem):
            layout.addWidget(part)
        self._network = workspace.document.graph
        self.search.clicked.connect(self._find_or_stop)
        self.use.clicked.connect(self._use)
        workspace.rates.changed.connect(self.show_state)
        workspace.training.state_changed.connect(self._trains)

    def renew(self) -> None:
        """Show what there is; what was found for another network is forgotten."""
        graph = self.workspace.document.graph
        if not same_network(graph, self._network):
            self.workspace.rates.forget()
        self._network = graph
        now = theme.current()
        self.curve.setFont(theme.small_font())
        self.curve.set_colors(text=now.secondary, line=now.line, curve=now.accent, mark=now.success)
        self.show_state()

    def show_state(self) -> None:
        """Show the points and what they say."""
        if not self.isVisible():
            return
        rates = self.workspace.rates
        rate = rates.suggestion.rate if rates.suggestion is not None else None
        self.curve.set_points([point.rate for point in rates.points], [point.smoothed for point in rates.points], rate)
        self.curve.setVisible(len(rates.points) > 1)
        self.use.setVisible(rate is not None)
        self.search.setEnabled(not self.workspace.training.is_live and not self.workspace.document.diagnosis.errors)
        self._show_texts(rate)

    def _show_texts(self, rate: float | None) -> None:
        rates = self.workspace.rates
        self.search.setText(_("Stop the test") if rates.is_running else _("Find a good rate"))
        self.search.setAccessibleName(self.search.text())
        self.problem.say(rates.problem)
        sentence = ""
        self.use.setText(_("Use {rate}").format(rate=figure(rate, 2) if rate is not None else ""))
        self.use.setAccessibleName(self.use.text())
        if rate is not None:
            sentence = _("The loss over the learning rate: it falls, and where steps are too large it rises again.")
        elif rates.suggestion is not None:
            sentence = _("No learning rate made the loss fall: look at the network, or try another optimizer.")
        elif rates.is_running:
            sentence = _("Trying rates from far too small to far too large, one step with each …")
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))
        self.curve.setAccessibleName(_("Loss over the learning rate"))
        self.curve.setAccessibleDescription(sentence)

    def retranslate(self) -> None:
        """Every text in the language of the moment."""
        self.search.setToolTip(
            _("Tries growing learning rates on a fresh copy of the network, for some seconds, and suggests one")
        )
        self.use.setToolTip(_("Take this learning rate into the plan"))
        self.use.setAccessibleName(self.use.text() or _("Take this learning rate into the plan"))
        rates = self.workspace.rates
        self._show_texts(rates.suggestion.rate if rates.suggestion is not None else None)

    def _find_or_stop(self) -> None:
        workspace = self.workspace
        if workspace.rates.is_running:
            workspace.rates.stop()
        else:
            self._network = workspace.document.graph
            workspace.rates.start(workspace.document.project, workspace.plan, workspace.data.dataset)

    def _use(self) -> None:
        found = self.workspace.rates.suggestion
        if found is not None and found.rate is not None:
            self.chosen.emit(found.rate)

    def _trains(self) -> None:
        """A run has the machine to itself."""
        if self.workspace.training.is_live:
            self.workspace.rates.stop()
        self.show_state()
