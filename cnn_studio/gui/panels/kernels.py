"""The panel of kernels: the weights of a layer as pictures around zero, as they are or as they have changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cnn_studio.core.analysis import analyse
from cnn_studio.core.graph import Graph
from cnn_studio.gui import theme
from cnn_studio.gui.icons import pixmap
from cnn_studio.gui.labels import SMALL, STRONG, Text
from cnn_studio.gui.look import LIVE, SNAPSHOT
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.looking import LookPanel
from cnn_studio.gui.widgets.color_bar import ColorBar
from cnn_studio.gui.widgets.image_grid import ImageGrid
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _, figure, integer, percent

if TYPE_CHECKING:
    from cnn_studio.engine.insight.kernel_view import KernelView

WIDE = 560
"""Pixels of width from which the controls stand beside the pictures."""
ASIDE = 248
"""Pixels of the controls there."""
SIDE, LARGE = 42, 300
"""Pixels of a kernel, and of all weights of a layer in one picture."""
FLATTEST = 4
"""How many times wider than high a picture may be: rows of kernels of sound are drawn taller."""


@panels.declare("kernels")
class KernelsPanel(LookPanel):
    """The kernels of a layer."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.view: KernelView | None = None
        self._start: tuple[Any, Any] | None = None
        self._tall = 1
        self.grid, self.scale_bar = ImageGrid(), ColorBar()
        self.grid.setObjectName(f"{name}.pictures")
        self.grid.set_side(SIDE, fills=True)
        self.mark, self.layer = QLabel(), Text("text", STRONG, f"{name}.layer", wrap=False)
        self.under = Text("secondary", SMALL, f"{name}.value", wrap=False)
        for text in (self.layer, self.under):
            text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.facts = Text("secondary", SMALL, f"{name}.facts")
        self.tensor, self.channel = QComboBox(), QSpinBox()
        self.tensor.setObjectName(f"{name}.tensor")
        self.channel.setObjectName(f"{name}.channel")
        self.channel.setMinimum(1)
        self.channel.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.sorted, self.changed = QCheckBox(), QCheckBox()
        self.sorted.setObjectName(f"{name}.sorted")
        self.changed.setObjectName(f"{name}.changed")
        self._lay_out()
        self.tensor.activated.connect(self.ask)
        self.channel.valueChanged.connect(self.ask)
        self.sorted.toggled.connect(self.ask)
        self.changed.toggled.connect(self.ask)
        self.grid.hovered.connect(self._hovered)
        self.grid.current_changed.connect(self._walked)
        self.retranslate()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.mark)
        head.addWidget(self.layer, 1)
        head.addWidget(self.tensor)
        for control in (self.channel, self.sorted, self.changed):  # they give way until the panel turns
            control.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._aside = aside = QWidget()
        aside.setMinimumWidth(ASIDE // 2)
        aside.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(aside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        column.addWidget(self.scale_bar)
        column.addWidget(self.channel)
        column.addWidget(self.sorted)
        column.addWidget(self.changed)
        column.addStretch(1)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self.body)
        self._box.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.GAP)
        self._box.setSpacing(theme.PADDING)
        self._box.addWidget(aside)
        foot = QHBoxLayout()
        foot.setSpacing(theme.PADDING)
        foot.addWidget(self.facts, 3)
        foot.addWidget(self.under, 2)
        pictures = QVBoxLayout()
        pictures.setSpacing(theme.UNIT)
        pictures.addWidget(self.grid, 1)
        pictures.addLayout(foot)
        self._box.addLayout(pictures, 5)

    def sizeHint(self) -> QSize:
        """Low: the canvas above has the room, until a person takes it."""
        return QSize(640, 176)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The controls beside the pictures, or above them."""
        super().resizeEvent(event)
        wide = event.size().width() >= WIDE
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._box.setStretch(0, 2 if wide else 0)
        self._aside.setMaximumWidth(ASIDE if wide else 16_777_215)

    # -- asking --------------------------------------------------------------------------------------------------------

    def _chosen(self, graph: Graph) -> str:
        """The chosen layer, or the nearest one before it that has kernels."""
        chosen = super()._chosen(graph)
        report, node = analyse(graph), chosen
        while node in graph.nodes:
            facts = report.facts[node]
            if facts.error is None and any(len(w.shape) > 1 for w in graph.nodes[node].layer.weights(*facts.inputs)):
                return node
            sources = graph.inputs_of(node)
            node = sources[0] if sources else ""
        return chosen

    def refresh(self) -> None:
        before = self.node
        super().refresh()
        if self.node != before:
            self.grid.set_current(-1)

    def ask(self, _change: object = None) -> None:
        node, tensor = self.node, self.tensor.currentData() or "weight"
        if self.graph is None or not node:
            return
        channel, by_norm, reference = self.channel.value() - 1, self.sorted.isChecked(), None
        self.changed.setEnabled(self._has_start())
        if self.changed.isChecked() and self._has_start():
            key = self.workspace.training.run, node, tensor
            if self._start is None or self._start[0] != key:
                self._ask_start(key)
                return
            reference = self._start[1]
        self.workspace.look.ask(
            "kernels",
            lambda subject: _kernels(subject, node, tensor, channel, by_norm, reference),
            self.hears(partial(self._show, node)),
            self.hears(self.say),
        )

    def _has_start(self) -> bool:
        """Whether what is looked at are weights of a run, whose start is known."""
        return self.workspace.training.run is not None and self.workspace.look.subject.kind in (LIVE, SNAPSHOT)

    def _ask_start(self, key: tuple[Any, str, str]) -> None:
        run, node, tensor = key
        graph, seed = run.graph, run.plan.seed
        self.workspace.slow.ask(
            "kernels.start", lambda: _started(graph, seed, node, tensor), self.hears(partial(self._take_start, key))
        )

    def _take_start(self, key: tuple[Any, str, str], start: Any) -> None:
        if start is None:
            self.workspace.said.emit(_("The start of a network this large is not computed again."))
            self.changed.setChecked(False)
            return
        self._start = key, start
        self.ask()

    # -- showing -------------------------------------------------------------------------------------------------------

    def _show(self, node: str, view: KernelView) -> None:
        from cnn_studio.gui.widgets.color_maps import diverging, grey

        if node != self.node:
            return
        self.view = view
        self.show_body()
        graph = self.graph
        if graph is not None and node in graph.nodes:
            layer = graph.nodes[node].layer
            self.mark.setPixmap(pixmap(layer.kind, 16, layer.family, self.devicePixelRatioF()))
        self.layer.setText(self.layer_name())
        self._show_controls(view)
        self.grid.set_table(diverging)
        self._tall = max(1, view.levels.shape[2] // (FLATTEST * view.levels.shape[1]))
        side = max(LARGE, SIDE) if view.kind == "matrix" else SIDE * max(1, min(4, view.levels.shape[2] // 16))
        self.grid.set_side(side, fills=view.kind != "matrix")
        pictures = view.levels.repeat(self._tall, 1) if self._tall > 1 else view.levels
        sorted_ = self.sorted.isChecked() and len(view.order) > 1
        self.grid.set_pictures(pictures, [integer(number + 1) for number in view.order.tolist()] if sorted_ else ())
        self.scale_bar.set_scale(
            grey if view.kind == "colour" else diverging, figure(-view.most), "0", figure(view.most)
        )
        self.facts.setText(" · ".join(self._facts(view)))
        if self.grid.current < 0 and len(view.levels):
            self.grid.set_current(0)
        self._hovered(-1, -1, -1)

    def _show_controls(self, view: KernelView) -> None:
        names = list(view.names)
        if [self.tensor.itemData(place) for place in range(self.tensor.count())] != names:
            self.tensor.clear()
            for name in names:
                self.tensor.addItem(name, name)
        self.tensor.setCurrentIndex(names.index(view.name))
        self.tensor.setVisible(len(names) > 1)
        for control, shown in ((self.channel, view.channels > 1), (self.sorted, len(view.order) > 1)):
            control.setVisible(shown)
        if self.channel.maximum() != max(1, view.channels):
            self.channel.blockSignals(True)
            self.channel.setMaximum(max(1, view.channels))
            self.channel.blockSignals(False)
        self.channel.setSuffix(" / " + integer(view.channels))

    def _facts(self, view: KernelView) -> list[str]:
        shape = view.names[view.name]
        if view.kind == "matrix":
            words = [_("{rows} × {columns} weights, a row for each unit").format(rows=integer(view.filters), columns=integer(shape[1]))]  # fmt: skip
        else:
            words = [_("{count} filters, shape {shape}").format(count=integer(view.filters), shape="×".join(map(str, shape[1:])))]  # fmt: skip
        if len(view.order) < view.filters and view.kind != "matrix":
            words.append(_("{count} are shown").format(count=integer(len(view.order))))
        if view.kind == "colour":
            words.append(_("grey is zero in all three colours"))
        if view.change is not None:
            words.append(_("changed by {share} since the start").format(share=percent(view.change)))
        return words

    def _walked(self, _index: int) -> None:
        self._hovered(-1, -1, -1)

    def _hovered(self, index: int, row: int, column: int) -> None:
        view = self.view
        if view is None:
            return
        if index < 0:
            current = self.grid.current
            if not 0 <= current < len(view.order) or view.kind == "matrix":
                self.under.setText("")
                return
            words = _("filter {number}: norm {norm}")
            number, norm = int(view.order[current]) + 1, float(view.norms[current])
            self.under.setText(words.format(number=integer(number), norm=figure(norm)))
            return
        row //= self._tall
        values = view.values[index, row, column]
        value = "  ".join(figure(float(one)) for one in values) if view.kind == "colour" else figure(float(values))
        words = _("filter {number}, row {row}, column {column}: {value}")
        if view.kind == "matrix":
            words = _("row {row}, column {column}: {value}")
        self.under.setText(
            words.format(number=integer(int(view.order[index]) + 1), row=row + 1, column=column + 1, value=value)
        )

    def retranslate(self) -> None:
        super().retranslate()
        small = theme.small_font()
        self.grid.setFont(small)
        self.scale_bar.setFont(small)
        self.grid.setAccessibleName(_("Kernels of the layer"))
        self.scale_bar.setAccessibleName(_("Scale of the colours"))
        self.channel.setPrefix(_("input channel") + " ")
        self.sorted.setText(_("strongest first"))
        self.changed.setText(_("change since the start"))
        for control, words in (
            (self.tensor, _("Which weights of the layer")),
            (self.channel, _("Which of the maps that come in the kernels work on")),
            (self.sorted, _("Order the filters by the root of the sum of their squares")),
            (self.changed, _("Show by how much the weights differ from those before the first step of the run")),
        ):
            control.setToolTip(words)
            control.setAccessibleName(words)


# -- in the thread that has the weights --------------------------------------------------------------------------------


def _kernels(subject: Any, node: str, tensor: str, channel: int, by_norm: bool, reference: Any) -> Any:  # noqa: PLR0917
    from cnn_studio.engine.insight.kernel_view import KernelViews

    return KernelViews(node, tensor, channel, by_norm, reference)(subject)


def _started(graph: Graph, seed: int, node: str, tensor: str) -> Any:
    from cnn_studio.engine.insight.kernel_view import start_weights

    return start_weights(graph, seed, node, tensor)
