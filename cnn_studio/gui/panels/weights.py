"""The panel of weights and gradients: whether a network learns well, layer by layer, and how its weights have spread."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from math import isfinite, log10
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from cnn_studio.core.analysis import analyse
from cnn_studio.core.graph import Graph
from cnn_studio.gui import theme
from cnn_studio.gui.health import Health, examined, verdicts
from cnn_studio.gui.labels import PLAIN, SMALL, Message, Text
from cnn_studio.gui.look import LIVE, SNAPSHOT
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.looking import LookPanel
from cnn_studio.gui.samples import REFUSED
from cnn_studio.gui.widgets.bars import Bars
from cnn_studio.gui.widgets.heat_map import HeatMap
from cnn_studio.gui.widgets.scroller import Scroller
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _, figure, percent

if TYPE_CHECKING:
    from cnn_studio.engine.insight.over_time import WeightsOverTime
    from cnn_studio.gui.run_events import RunFacts

WIDE = 620
"""Pixels of width from which the three parts stand side by side."""
APART = 2.0
"""Seconds between two looks at the gradients of weights that are learning, at least."""
CHEAP = 0.05
"""Seconds from which on a look at them is too dear for every pulse: then they wait for the end of an epoch."""
FAINT, STRONG = -7.0, 1.0
"""Powers of ten of the gradients at the ends of the bars."""


@panels.declare("weights")
class WeightsPanel(LookPanel):
    """Gradients, dead units, and weights over time."""

    delay = 150
    of_layer = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.health: Health | None = None
        self.over_time: WeightsOverTime | None = None
        self._asked_at = 0.0
        self._due = self._waiting = False
        self._shown: tuple[Any, ...] = ()
        self.verdicts = [Message(kind, f"{name}.{kind}", PLAIN) for kind in ("error", "warning", "success")]
        self.gradients, self.dead, self.field = Bars(say=percent), Bars(say=percent), HeatMap()
        self.titles = [Text("secondary", SMALL, f"{name}.title{number}") for number in range(3)]
        self.gradients.setObjectName(f"{name}.gradients")
        self.dead.setObjectName(f"{name}.dead")
        self.field.setObjectName(f"{name}.over_time")
        self.spread = Text("secondary", SMALL, f"{name}.spread")
        self._lay_out()
        self.gradients.current_changed.connect(self._choose)
        self.dead.current_changed.connect(self._choose_dead)
        self.field.chosen.connect(self._choose_epoch)
        workspace.data.changed.connect(self._data_changed)
        workspace.training.epoch_ended.connect(self._epoch_ended)
        self.retranslate()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self.body)
        layout.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.GAP)
        layout.setSpacing(theme.UNIT)
        for message in self.verdicts:
            layout.addWidget(message)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._box.setSpacing(theme.GROUP_GAP)
        parts: tuple[QWidget, ...] = (_scrolling(self.gradients), _scrolling(self.dead), self.field)
        for title, part, stretch in zip(self.titles, parts, (3, 2, 3), strict=True):
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(title)
            column.addWidget(part, 1)
            if part is self.field:
                column.addWidget(self.spread)
            self._box.addLayout(column, stretch)
        layout.addLayout(self._box, 1)

    def sizeHint(self) -> QSize:
        """Low: the canvas above has the room, until a person takes it."""
        return QSize(640, 176)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side, or one below the other."""
        super().resizeEvent(event)
        wide = event.size().width() >= WIDE
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    # -- asking --------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self._asked_at = 0.0
        super().refresh()

    def ask(self) -> None:
        """Ask in a moment: a panel that is only passed by asks nothing so dear."""
        self._due = True
        if not self._timer.isActive():  # short epochs would put it off for ever
            self.soon()

    def later(self) -> None:
        due, self._due = self._due, False
        if due:
            self._ask_now()
        else:
            self.refresh()

    def _ask_now(self) -> None:
        now = time.monotonic()
        if now - self._asked_at < APART:
            return
        self._asked_at = now
        look, training, data = self.workspace.look, self.workspace.training, self.workspace.data
        if look.subject.kind == LIVE:
            # Asked of the run itself: so rarely that it need not slow down what follows every pulse.
            if not self._waiting and training.is_answering:
                self._waiting = True
                training.ask(lambda session: examined(session, None), self._answered, self._answered)
        else:
            data.ensure()
            dataset = data.dataset
            look.ask(
                "weights",
                lambda subject: examined(subject, dataset),
                self.hears(self._show_health),
                self.hears(self.say),
            )
        self._ask_over_time()

    def _answered(self, found: Health | str | None) -> None:
        self._waiting = False
        if not isinstance(found, str):
            self.hears(self._show_health)(found)
        elif found:
            self.hears(self.say)(found)

    def _pulse(self) -> None:
        if self.health is None or self.health.seconds <= CHEAP:
            super()._pulse()

    def _epoch_ended(self, _event: object) -> None:
        super()._pulse()

    def _data_changed(self) -> None:
        if self.isVisible():
            self.renew()

    def _ask_over_time(self) -> None:
        """How the weights of the layer have spread; asked anew only when another epoch was kept."""
        run, tensor = self.workspace.training.run, self._tensor()
        seen = (run.folder, run.snapshots, tensor) if run is not None else ()
        if run is None or not run.snapshots or not tensor:
            self._shown = ()
            self._show_over_time(None)
        elif seen != self._shown:
            self._shown = seen
            self.workspace.slow.ask(
                "weights.over_time", lambda: _over_time(run, tensor), self.hears(partial(self._take_over_time, seen)),
                self.hears(lambda _sentence: self._show_over_time(None)),
            )  # fmt: skip
        else:
            self._mark_epoch()

    def _tensor(self) -> str:
        """The weight that is followed: the first with several axes of the chosen layer, or of the nearest before it."""
        graph, node = self.graph, self.node
        if graph is None:
            return ""
        report = analyse(graph)
        while node in graph.nodes:
            facts = report.facts[node]
            weights = () if facts.error else graph.nodes[node].layer.weights(*facts.inputs)
            for weight in weights:
                if len(weight.shape) > 1:
                    return f"{node}.{weight.name}"
            sources = graph.inputs_of(node)
            node = sources[0] if sources else ""
        return ""

    # -- showing -------------------------------------------------------------------------------------------------------

    def _names(self) -> Mapping[str, str]:
        graph: Graph | None = self.graph
        return {} if graph is None else {node_id: node.name for node_id, node in graph.nodes.items()}

    def _show_health(self, health: Health | None) -> None:
        self.show_body()
        self.health = health
        names = self._names()
        found = verdicts(health, names) if health is not None else []
        for message in self.verdicts:
            message.say("  ".join(str(one.words) for one in found if one.kind == message.kind))
        if health is None:
            data = self.workspace.data
            words = data.problem if data.state == REFUSED else _("The gradients come with the data.")
            self.verdicts[1].say(words)
            health = Health({}, {})
        relative = list(health.relative.items())
        texts = [figure(size, 2) for _node, size in relative]
        self.gradients.set_bars([names.get(node, node) for node, _size in relative], [_share(size) for _node, size in relative], texts=texts)  # fmt: skip
        dead = list(health.dead.items())
        worst = max(range(len(dead)), key=lambda place: dead[place][1], default=-1)
        self.dead.set_bars([names.get(node, node) for node, _size in dead], [share for _node, share in dead], worst if dead and dead[worst][1] else -1)  # fmt: skip
        self.titles[1].setVisible(bool(dead))
        self.dead.setVisible(bool(dead))

    def _take_over_time(self, seen: tuple[Any, ...], found: WeightsOverTime) -> None:
        if seen == self._shown:
            self._show_over_time(found)

    def _show_over_time(self, found: WeightsOverTime | None) -> None:
        self.over_time = found
        node = self._tensor().partition(".")[0]
        name = self._names().get(node, "")
        self.titles[2].setText(_("Weights of {layer}, epoch by epoch").format(layer=name))
        if found is None:
            self.field.set_field(None, (), ("", ""))
            self.spread.setText(_("This picture grows with every epoch of a run."))
            return
        from cnn_studio.colormaps import coloured
        from cnn_studio.gui.widgets.sheets import image_of

        low, high = float(found.edges[0]), float(found.edges[-1])
        zero = -low / (high - low) if low < 0 < high else None
        image = image_of(coloured((found.shares**0.5).T[::-1]))
        columns = [_("start") if not epoch else str(epoch) for epoch in found.epochs]
        self.field.set_field(image, columns, (figure(low, 2), figure(high, 2)), zero)
        self.field.set_tips([self._words(found, place) for place in range(len(found.epochs))])
        self._mark_epoch()

    def _words(self, found: WeightsOverTime, place: int) -> str:
        epoch = found.epochs[place]
        when = _("epoch {epoch}").format(epoch=epoch) if epoch else _("start")
        words = _("{when}: mean {mean}, deviation {deviation}").format(
            when=when, mean=figure(float(found.means[place])), deviation=figure(float(found.deviations[place]))
        )
        if found.strange[place]:
            words += " · " + _("{count} values are no numbers").format(count=found.strange[place])
        return words

    def _mark_epoch(self) -> None:
        subject, found = self.workspace.look.subject, self.over_time
        if found is None:
            return
        known = subject.kind == SNAPSHOT and subject.epoch in found.epochs
        place = found.epochs.index(subject.epoch) if known else -1
        self.field.mark(place)
        self.spread.setText(self._words(found, place))

    # -- hands ---------------------------------------------------------------------------------------------------------

    def _choose(self, row: int) -> None:
        if self.health is not None and 0 <= row < len(self.health.relative):
            self._select(list(self.health.relative)[row])

    def _choose_dead(self, row: int) -> None:
        if self.health is not None and 0 <= row < len(self.health.dead):
            self._select(list(self.health.dead)[row])

    def _select(self, node: str) -> None:
        if node in self.workspace.document.graph.nodes:
            self.workspace.select([node])

    def _choose_epoch(self, column: int) -> None:
        if self.over_time is not None and self.over_time.epochs[column]:
            self.workspace.look.show_epoch(self.over_time.epochs[column])

    def retranslate(self) -> None:
        super().retranslate()
        self.titles[0].setText(_("Gradient beside the weights"))
        self.titles[0].setToolTip(_("Norm of the gradient of a batch divided by that of the weights; the bar grows with every power of ten"))  # fmt: skip
        self.titles[1].setText(_("Dead units"))
        self.gradients.setAccessibleName(_("Gradient of each layer beside its weights"))
        self.dead.setAccessibleName(_("Share of dead units of each ReLU"))
        self.field.setAccessibleName(_("How the weights are spread, epoch by epoch"))
        now, small = theme.current(), theme.small_font()
        for bars in (self.gradients, self.dead):
            bars.setFont(small)
            bars.setToolTip(_("A click chooses the layer"))
            bars.set_colors(
                text=now.text, secondary=now.secondary, bar=now.accent, best=now.warning, track=now.line,
                accent=now.accent, other=now.secondary,
            )  # fmt: skip
        self.field.setFont(small)


def _scrolling(bars: Bars) -> Scroller:
    inner = QWidget()
    inner.setObjectName("contents")
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, theme.GAP, 0)
    column.addWidget(bars)
    column.addStretch(1)
    return Scroller(f"{bars.objectName()}.area", inner)


def _share(size: float) -> float:
    """How long the bar of a gradient is, of 1: as many parts as powers of ten."""
    if not isfinite(size):
        return 1.0
    return min(1.0, max(0.0, (log10(size) - FAINT) / (STRONG - FAINT))) if size > 0 else 0.0


# -- in the other thread -----------------------------------------------------------------------------------------------


def _over_time(run: RunFacts, tensor: str) -> WeightsOverTime:
    from cnn_studio.engine.insight.over_time import weights_over_time

    return weights_over_time(run.folder, run.graph, run.plan.seed, tensor, run.snapshots)
