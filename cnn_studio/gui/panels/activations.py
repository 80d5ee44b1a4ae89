"""The panel of activations: what the chosen layer makes of the sample, map by map, with scale, histogram and figures."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cnn_studio.gui import theme
from cnn_studio.gui.icons import pixmap
from cnn_studio.gui.labels import SMALL, STRONG, Text
from cnn_studio.gui.layer_pictures import LINE_WIDTH, bar_words, dead_units, line_table, question, shape_words, value_at
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.looking import LookPanel
from cnn_studio.gui.sample_bar import SampleBar
from cnn_studio.gui.samples import NONE, OPENING, REFUSED
from cnn_studio.gui.widgets.color_bar import ColorBar
from cnn_studio.gui.widgets.histogram import Histogram
from cnn_studio.gui.widgets.image_grid import ImageGrid
from cnn_studio.gui.widgets.unit_bars import UnitBars
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_, _, figure, integer, ngettext, percent

if TYPE_CHECKING:
    from cnn_studio.engine.insight.layer_view import LayerView

SHARED, OWN = "shared", "own"
SCALES = {SHARED: N_("one scale for all"), OWN: N_("each its own scale")}
SIDE = 48
"""Pixels of a map, about, where there is not room for more."""
COLORS = {"viridis": N_("colours"), "grey": N_("greys")}


@panels.declare("activations")
class ActivationsPanel(LookPanel):
    """The maps of a layer."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.setAcceptDrops(True)
        self.view: LayerView | None = None
        self._viewed = ""
        self._dead: tuple[str, Any] | None = None
        self._first = 0
        self.sample = SampleBar(workspace, f"{name}.sample")
        self.mark, self.layer = QLabel(), Text("text", STRONG, f"{name}.layer", wrap=False)
        self.shape = Text("secondary", SMALL, f"{name}.shape", wrap=False)
        self.layer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.facts = Text("secondary", SMALL, f"{name}.facts")
        self._roomy = "", 0  # the layer and the width for which the facts have kept their room
        self.grid, self.bars = ImageGrid(), UnitBars()
        self.grid.setObjectName(f"{name}.maps")
        self.grid.set_side(SIDE, fills=True)
        self.bars.setObjectName(f"{name}.units")
        self.pages = QStackedWidget()
        self.pages.addWidget(self.grid)
        self.pages.addWidget(self.bars)
        self.scale_bar, self.histogram = ColorBar(), Histogram()
        self.histogram.setObjectName(f"{name}.histogram")
        self.histogram.say = bar_words
        self.under = Text("secondary", SMALL, f"{name}.value", wrap=False)
        self.scale, self.colors = self._choice("scale", SCALES), self._choice("colors", COLORS)
        self.page = QSpinBox()
        self.page.setObjectName(f"{name}.page")
        self.page.setMinimum(1)
        self.page.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.page.hide()
        self.under.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._lay_out()
        self.scale.activated.connect(self.refresh)
        self.colors.activated.connect(self._show_colors)
        self.page.valueChanged.connect(self._turn)
        self.grid.hovered.connect(self._hovered)
        self.grid.current_changed.connect(self._walked)
        self.bars.hovered.connect(self._tell_unit)
        self.bars.current_changed.connect(self._tell_unit)
        workspace.data.changed.connect(self._data_changed)
        workspace.training.epoch_ended.connect(self._ask_dead)
        self.retranslate()

    def _choice(self, part: str, texts: dict[str, str]) -> QComboBox:
        made = QComboBox()
        made.setObjectName(f"{self.objectName()}.{part}")
        for key in texts:
            made.addItem("", key)
        return made

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.mark)
        head.addWidget(self.layer, 1)
        head.addWidget(self.shape)
        tools = QHBoxLayout()
        tools.setSpacing(theme.UNIT)
        tools.addWidget(self.scale)
        tools.addWidget(self.colors)
        tools.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(theme.GAP)
        below.addWidget(self.under, 1)
        below.addWidget(self.page)
        layout = QVBoxLayout(self.body)
        layout.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.GAP)
        layout.setSpacing(theme.GAP)
        layout.addWidget(self.sample)
        layout.addLayout(head)
        layout.addWidget(self.pages, 1)
        layout.addLayout(below)
        layout.addWidget(self.scale_bar)
        layout.addLayout(tools)
        layout.addWidget(self.histogram)
        layout.addWidget(self.facts)

    # -- asking --------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        before = self.node
        super().refresh()
        if self.node != before:
            self._first = 0
            self.grid.set_current(-1)
        if self.graph is not None:
            self._ask_dead()

    def ask(self) -> None:
        look, data = self.workspace.look, self.workspace.data
        if look.sample is None:
            data.ensure()
            self._tell_data()
            return
        node, first, shared = self.node, self._first, self.scale.currentData() == SHARED
        look.ask_about_sample(
            "activations",
            lambda stored: question(stored, node, first, shared),
            self.hears(partial(self._show, node)),
            self.hears(self.say),
        )

    def _tell_data(self) -> None:
        data = self.workspace.data
        if data.state in (NONE, OPENING):
            self.say(_("The data are being opened..."))
        elif data.state == REFUSED:
            self.say(data.problem, offer=True)

    def _data_changed(self) -> None:
        if self.isVisible() and self.workspace.look.sample is None:
            self.ask()

    def _ask_dead(self, _event: object = None) -> None:
        """Which units of a ReLU fire for no sample: dearer, so not at every pulse."""
        graph, node = self.graph, self.node
        if not self.isVisible() or graph is None or node not in graph.nodes or graph.nodes[node].layer.kind != "relu":
            self._dead = None
            return
        dataset = self.workspace.data.dataset
        self.workspace.look.ask(
            "activations.dead", lambda subject: dead_units(subject, dataset, node), self.hears(self._show_dead)
        )

    def _show_dead(self, found: tuple[str, Any] | None) -> None:
        self._dead = found
        if self.view is not None and found is not None and found[0] == self._viewed:
            self._show_facts(self.view)
            self.grid.set_marks(self._marks(self.view))

    # -- showing -------------------------------------------------------------------------------------------------------

    def _show(self, node: str, found: tuple[LayerView, Any]) -> None:
        if node != self.node:
            return
        view, pictures = found
        self.view, self._viewed = view, node
        self.show_body()
        self.sample.refresh()
        graph = self.graph
        layer = graph.nodes[node].layer if graph is not None and node in graph.nodes else None
        if layer is not None:
            self.mark.setPixmap(pixmap(layer.kind, 16, layer.family, self.devicePixelRatioF()))
        self.layer.setText(self.layer_name())
        self.layer.setToolTip(self.layer_name())
        self.shape.setText(shape_words(view.shape))
        vector = len(view.shape) == 1
        self.pages.setCurrentWidget(self.bars if vector else self.grid)
        if vector:
            classes = self._classes(view)
            self.bars.set_values(view.values.tolist(), classes)
        else:
            captions = [str(view.first + place + 1) for place in range(len(pictures))] if len(view.shape) > 3 else ()
            self.grid.set_side(self._side(view), fills=len(view.shape) == 3)
            self.grid.set_pictures(pictures, captions, self._marks(view))
            if self.grid.current < 0 and len(pictures):
                self.grid.set_current(0)
        self._show_pages(view)
        self._show_colors()
        self._show_facts(view)
        self.histogram.set_counts(view.heights.tolist(), view.edges.tolist())
        if vector:
            self._tell_unit(-1)
        else:
            self._hovered(-1, -1, -1)

    def _side(self, view: LayerView) -> int:
        """Pixels of the longer side of a picture: a line of sound is as it was drawn, a film strip as wide as there is room."""
        if len(view.shape) == 3:
            return SIDE
        return LINE_WIDTH if len(view.shape) == 2 else max(SIDE, self.grid.viewport().width() - 12)

    def _classes(self, view: LayerView) -> list[str]:
        subject, training = self.workspace.look.subject, self.workspace.training
        graph = subject.graph
        if graph is None or self.node not in graph.nodes:
            return []
        kind = graph.nodes[self.node].layer.kind
        names = training.run.classes if training.run is not None else self.workspace.data.classes
        if kind not in ("softmax", "output") or len(names) != view.shape[0]:
            return []
        return [_(name) for name in names]

    def _marks(self, view: LayerView) -> list[str]:
        if self._dead is None or self._dead[0] != self.node:
            return []
        some = self._dead[1][view.first : view.first + len(view.values)]
        return ["dead" if dead else "" for dead in some.tolist()]

    def _show_pages(self, view: LayerView) -> None:
        """Where there are more maps than are shown at once."""
        from cnn_studio.engine.insight.layer_view import MOST_MAPS, MOST_UNITS

        most = MOST_UNITS if len(view.shape) == 1 else MOST_MAPS
        count = -(-view.shape[0] // most)
        self.page.setVisible(count > 1)
        self.page.blockSignals(True)
        self.page.setMaximum(max(1, count))
        self.page.setValue(view.first // most + 1)
        self.page.blockSignals(False)
        self._most = most

    def _turn(self, page: int) -> None:
        self._first = (page - 1) * self._most
        self.ask()

    def _show_colors(self) -> None:
        from cnn_studio.gui.widgets import color_maps

        view = self.view
        if view is None:
            return
        table = color_maps.viridis if self.colors.currentData() == "viridis" else color_maps.grey
        shown = len(view.shape) > 2
        self.colors.setVisible(shown)
        self.scale.setVisible(len(view.shape) > 1)
        self.scale_bar.setVisible(shown)
        self.grid.set_table(table if shown else line_table())
        self._show_ends(view, table)

    def _show_ends(self, view: LayerView, table: Any) -> None:
        """The values at the ends of the scale: of the map that is chosen, where each has its own."""
        low, high = view.low, view.high
        if self.scale.currentData() == OWN and 0 <= self.grid.current < len(view.lows):
            low, high = float(view.lows[self.grid.current]), float(view.highs[self.grid.current])
        self.scale_bar.set_scale(table, figure(low), figure((low + high) / 2), figure(high))

    def _show_facts(self, view: LayerView) -> None:
        words = [
            _("{share} zeros").format(share=percent(view.zeros)),
            _("mean {value}").format(value=figure(view.mean)),
        ]
        words.append(_("from {low} to {high}").format(low=figure(view.low), high=figure(view.high)))
        if view.silent_count:
            words.append(
                ngettext(
                    "{count} of {all} is silent here", "{count} of {all} are silent here", view.silent_count
                ).format(count=integer(view.silent_count), all=integer(view.shape[0]))
            )
        if self._dead is not None and self._dead[0] == self.node:
            dead = int(self._dead[1].sum())
            words.append(
                ngettext("{count} dead: never fires", "{count} dead: never fire", dead).format(count=integer(dead))
                if dead
                else _("none is dead")
            )
        if view.strange:
            words.append(_("{count} values are no numbers").format(count=integer(view.strange)))
        if max(view.blocks, default=1) > 1:
            words.append(_("each pixel is the mean of {size} values").format(size="×".join(map(str, view.blocks))))
        self.facts.setText(" · ".join(words))
        shown = self.node, self.facts.width()
        room = self.facts.minimumHeight() if shown == self._roomy else 0
        self._roomy = shown
        self.facts.setMinimumHeight(
            max(room, self.facts.heightForWidth(self.facts.width()))
        )  # lines come and go as it learns

    def _walked(self, _index: int) -> None:
        self._hovered(-1, -1, -1)

    # -- what is under the pointer -------------------------------------------------------------------------------------

    def _hovered(self, index: int, row: int, column: int) -> None:
        view = self.view
        if view is None or len(view.shape) == 1:
            return
        if index < 0:
            current = self.grid.current
            self.under.setText(
                _("map {number}").format(number=integer(view.first + current + 1)) if current >= 0 else ""
            )
            self._show_ends(view, self._table())
            return
        value, place = value_at(view, index, row, column)
        words = _("map {number}, {place}: {value}").format(
            number=integer(view.first + index + 1), place=place, value=figure(value)
        )
        self.under.setText(words)

    def _table(self) -> Any:
        from cnn_studio.gui.widgets import color_maps

        return color_maps.viridis if self.colors.currentData() == "viridis" else color_maps.grey

    def _tell_unit(self, index: int) -> None:
        view = self.view
        index = index if index >= 0 else self.bars.current
        if view is None or not 0 <= index < len(view.values) or len(view.shape) > 1:
            self.under.setText("")
            return
        names = self._classes(view)
        name = names[index] if names else integer(view.first + index + 1)
        self.under.setText(_("unit {name}: {value}").format(name=name, value=figure(float(view.values[index]))))

    # -- files ---------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A picture or a sound may be dropped."""
        if any(url.isLocalFile() and not url.toLocalFile().endswith(".cnnstudio") for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the file."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.workspace.sampler.open(paths[0])
            event.acceptProposedAction()

    def retranslate(self) -> None:
        super().retranslate()
        self.sample.retranslate()
        small = theme.small_font()
        for part in (self.grid, self.scale_bar, self.bars):
            part.setFont(small)
        for choice, texts, words in (
            (self.scale, SCALES, _("Whether the colours mean the same in all maps")),
            (self.colors, COLORS, _("Colours of the maps")),
        ):
            for place, text in enumerate(texts.values()):
                choice.setItemText(place, _(text))
            choice.setToolTip(words)
            choice.setAccessibleName(words)
        self.page.setPrefix(_("page") + " ")
        self.page.setToolTip(_("There are more than are shown at once"))
        self.page.setAccessibleName(_("Page"))
        self.grid.setAccessibleName(_("Maps of the layer"))
        self.bars.setAccessibleName(_("Units of the layer"))
        self.histogram.setAccessibleName(_("How the values are spread"))
        self.scale_bar.setAccessibleName(_("Scale of the colours"))
        now = theme.current()
        self.grid.set_mark_colors({"wrong": now.error, "right": now.success, "dead": now.warning})
