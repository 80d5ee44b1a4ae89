"""Lines over one axis: a thin layer around pyqtgraph, which is loaded when the first plot is made.

Long lines are thinned out to what the pixels can show, so that they cost as little as short ones. A drag and the wheel
move and enlarge, a double click shows everything again; the pointer and the cursor keys tell the values.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import isfinite
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from cnn_studio.gui.widgets.axes import axis_of
from cnn_studio.gui.widgets.thinning import extent, is_well_within, nearest, thinned

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

MARGIN = 0.04
"""Share of the height that is left free above and below the lines."""
AHEAD = 0.06
"""Share of the width that is left free for lines that are growing: a new axis is the dearest part of a picture."""
KEY_STEPS = 100
"""Steps of a cursor key from one end to the other."""
MOST_NAMED = 12
"""Values that the cursor names."""


@dataclass(frozen=True, eq=False)
class Line:
    """One line.

    Attributes:
        name: what the legend and the cursor call it; "" is in neither.
        x, y: rising places, and values, of which some may be no numbers.
        color, width: how it is drawn.
        dots: mark every value; for few.
    """

    name: str
    x: Array
    y: Array
    color: QColor
    width: float = 1.0
    dots: bool = False


def load() -> None:
    """Load what draws; as this takes a moment, another thread may do it beforehand."""
    import pyqtgraph  # noqa: F401


class Plot(QWidget):
    """The lines, with their names above them.

    Args:
        say, say_place: how a value, and a place along the axis, are written.
        whole: the least and the greatest value that there can be; None for one that is open.
        from_zero: begin at zero, unless the axis is logarithmic.

    Attributes:
        cost: seconds of this thread's work that drawing took since this was last set to 0.
        place: where the cursor stands; not a number where there is none.

    Signals:
        cursor_moved(float): the place of which values are told; not a number where there is none.
    """

    cursor_moved = Signal(float)

    def __init__(
        self,
        say: Callable[[float], str],
        say_place: Callable[[float], str],
        whole: tuple[float | None, float | None] = (None, None),
        *,
        from_zero: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.cost = 0.0
        self._across = ""
        self.lines: Sequence[Line] = ()
        self.place = float("nan")
        self._says, self._whole, self._from_zero = {"left": say, "bottom": say_place}, whole, from_zero
        self._say = say
        self._log = self._moved = self._growing = False
        self._named = True
        self._items: list[Any] = []
        self._drawn: list[object] = []  # what each of them shows: lines of epochs stay for many batches
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title, self.legend = QLabel(), QLabel()
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.legend, 1)
        self._make_view()
        self._values = QLabel(self.view)
        self._values.setTextFormat(Qt.TextFormat.RichText)
        self._values.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._values.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self.view, 1)
        self.retheme()

    def _make_view(self) -> None:
        import pyqtgraph

        self._axes = {side: axis_of(pyqtgraph, side, say) for side, say in self._says.items()}
        self._keep_axes(True)
        self.view: Any = _view(pyqtgraph, self, self._axes)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setCacheMode(self.view.CacheModeFlag.CacheNone)  # there is no ground to keep
        self.view.setMinimumSize(60, 40)
        self._item = self.view.getPlotItem()
        self._item.setMenuEnabled(False)
        self._item.hideButtons()
        self._item.layout.setContentsMargins(0, 6, 10, 0)  # room for half of the last number of each axis
        self._item.showGrid(x=False, y=True, alpha=0.28)
        self._box = self._item.getViewBox()
        self._box.disableAutoRange()
        self._box.sigRangeChangedManually.connect(self._moved_by_hand)
        self._mark = pyqtgraph.InfiniteLine(angle=90, movable=False)
        self._mark.hide()
        self._item.addItem(self._mark, ignoreBounds=True)
        self.view.viewport().setMouseTracking(True)
        self.view.viewport().installEventFilter(self)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def set_names(self, title: str, across: str) -> None:
        """What the lines tell, and over what."""
        if (title, across) == (self.accessibleName(), self._across):
            return
        self._across = across
        self.title.setText(title)
        self._axes["bottom"].setLabel(across)
        self.setAccessibleName(title)

    def set_lines(self, lines: Sequence[Line], *, growing: bool = False) -> None:
        """Show these; those that are growing have some room ahead, and the axis stays as it is until they have filled it."""
        begun = time.thread_time()
        self._growing = growing
        named = [(line.name, line.color, line.width) for line in lines if line.name]
        if named != [(line.name, line.color, line.width) for line in self.lines if line.name]:
            self._write_legend(named)
        self.lines = lines
        self._draw()
        self._tell()
        self.cost += time.thread_time() - begun

    def set_named(self, on: bool) -> None:
        """Whether the lines' names stand above them and at the cursor; without, their colours must be explained elsewhere."""
        if on != self._named:
            self._named = on
            self._write_legend([(line.name, line.color, line.width) for line in self.lines if line.name])

    def _write_legend(self, named: Sequence[tuple[str, QColor, float]]) -> None:
        told = not self._named or (len(named) == 1 and named[0][0] == self.title.text())
        self.legend.setText("" if told else "&nbsp;&nbsp; ".join(entry(*one) for one in named))

    def set_log(self, on: bool) -> None:
        """Whether equal steps up are equal factors."""
        if on != self._log:
            self._log = on
            self._axes["left"].setLogMode(on)
            self.show_all()

    def show_all(self) -> None:
        """From the first to the last value of all lines."""
        self._moved = False
        self._draw()

    @property
    def is_moved(self) -> bool:
        """Whether a person has chosen what is seen of the lines."""
        return self._moved

    @property
    def seen(self) -> tuple[float, float]:
        """The first and the last place in view."""
        (left, right), _heights = self._box.viewRange()
        return left, right

    def _draw(self) -> None:
        import numpy as np
        import pyqtgraph

        left, right = self.seen if self._moved else (-np.inf, np.inf)
        most = max(60, self.view.width())
        shown = [thinned(line.x, line.y, left, right, most) for line in self.lines]
        if not self._moved:
            self._see_all(shown)
        while len(self._items) < len(shown):
            self._items.append(pyqtgraph.PlotDataItem(antialias=False, connect="finite"))
            self._drawn.append(None)
            self._item.addItem(self._items[-1])
        for place, (item, line, (x, y)) in enumerate(zip(self._items, self.lines, shown, strict=False)):
            look = line.color.rgba(), line.width, line.dots, self._log, x.tobytes(), y.tobytes()
            if look == self._drawn[place]:
                item.setVisible(True)
                continue
            self._drawn[place] = look
            heights = np.log10(np.where(y > 0, y, np.nan)) if self._log else y
            marks = {"symbol": "o", "symbolSize": 4, "symbolBrush": line.color, "symbolPen": None} if line.dots else {"symbol": None}  # fmt: skip
            item.setData(x, heights, pen=pyqtgraph.mkPen(line.color, width=line.width), **marks)
            item.curve.opts["antialias"] = line.width > 1
            item.setVisible(True)
        for item in self._items[len(shown) :]:
            item.setVisible(False)
        self.view.scene().prepareForPaint()  # amid the painting it would ask for another one

    def _see_all(self, shown: Sequence[tuple[Array, Array]]) -> None:
        """Bring all that is drawn into view; as every peak is among it, that is everything."""
        import numpy as np

        low, high = extent([y for _x, y in shown], positive=self._log)
        if self._log:
            low, high = float(np.log10(low)), float(np.log10(high))
        elif self._from_zero:
            low = min(low, 0.0)
        room = (high - low) * MARGIN or max(abs(high), 1.0) * MARGIN
        low, high = low - (0.0 if self._from_zero and not self._log and low == 0.0 else room), high + room
        if not self._log:
            low = low if self._whole[0] is None else max(low, self._whole[0])
            high = high if self._whole[1] is None else min(high, self._whole[1] + room / 4)
        left, right = extent([x for x, _y in shown])
        right = right if right > left else left + 1
        across, up = self._box.viewRange()
        if not (self._growing and is_well_within((left, right), across)):
            across = (left, right + (right - left) * AHEAD if self._growing else right)
        if not (self._growing and is_well_within((low, high), up)):
            up = (low, high)
        self._box.setRange(xRange=across, yRange=up, padding=0)

    def _moved_by_hand(self, _ways: object) -> None:
        self._moved = True
        self._draw()

    def _keep_axes(self, on: bool) -> None:
        """Whether the axes are kept as pictures until they change: painting them takes longer than painting the lines."""
        for axis in self._axes.values():
            axis.setCacheMode(axis.CacheMode.DeviceCoordinateCache if on else axis.CacheMode.NoCache)

    def set_exporting(self, on: bool) -> None:
        """Whether dots and axes are drawn as shapes, for a file of lines, or as pictures, which is quicker."""
        self._keep_axes(not on)
        for item in self._items:
            item.scatter.setExportMode(on, {})

    # -- the cursor ----------------------------------------------------------------------------------------------------

    def set_cursor(self, place: float) -> None:
        """Tell the values at a place; none where it is not a number."""
        if place == self.place or not (isfinite(place) or isfinite(self.place)):
            return
        self.place = place
        self._tell()
        self.cursor_moved.emit(place)

    def values(self) -> list[tuple[Line, float, float]]:
        """Every named line with the place nearest to the cursor where it has a value, and this value."""
        return [
            (line, float(line.x[place]), float(line.y[place]))
            for line in self.lines
            if line.name and (place := nearest(line.x, line.y, self.place)) is not None
        ]

    def _tell(self) -> None:
        found = self.values() if isfinite(self.place) else []
        self._mark.setVisible(bool(found))
        self._values.setVisible(bool(found))
        if not found:
            self.setAccessibleDescription("")
            return
        self._mark.setValue(self.place)
        rows = [escape(f"{self._axes['bottom'].labelText} {self._says['bottom'](self.place)}")]
        rows += [
            f"{entry(line.name if self._named else '', line.color, line.width)} {escape(self._say(value))}"
            for line, _x, value in found[:MOST_NAMED]
        ]
        self._values.setText("<br>".join(rows))
        self._values.adjustSize()
        area, place = self._area(), self._box.mapViewToScene(QPointF(self.place, 0)).x()
        on_the_left = place > area.center().x()
        left = area.left() + 4 if on_the_left else area.right() - self._values.width() - 4
        self._values.move(round(left), round(area.top()) + 2)
        self.setAccessibleDescription(", ".join(f"{line.name} {self._say(value)}" for line, _x, value in found))

    def _area(self) -> Any:
        return self._box.sceneBoundingRect()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The cursor keys move the cursor, plus and minus enlarge, Home shows everything."""
        keys, (left, right) = Qt.Key, self.seen
        key = keys(event.key())
        if key in (keys.Key_Left, keys.Key_Right):
            step = (right - left) / KEY_STEPS * (1 if key == keys.Key_Right else -1)
            here = self.place if isfinite(self.place) else (left if step > 0 else right)
            self.set_cursor(min(max(here + step, left), right))
        elif key in (keys.Key_Plus, keys.Key_Minus):
            self._box.scaleBy(x=0.8 if key == keys.Key_Plus else 1.25)
            self._moved_by_hand(None)
        elif key == keys.Key_Home:
            self.show_all()
        elif key == keys.Key_Escape and isfinite(self.place):
            self.set_cursor(float("nan"))
        else:
            super().keyPressEvent(event)

    def eventFilter(self, _watched: object, event: QEvent) -> bool:
        """The pointer over the lines."""
        if event.type() == QEvent.Type.MouseMove:
            place = self._box.mapSceneToView(self.view.mapToScene(event.position().toPoint()))  # type: ignore[attr-defined]
            left, right = self.seen
            self.set_cursor(place.x() if left <= place.x() <= right else float("nan"))
        elif event.type() == QEvent.Type.Leave:
            self.set_cursor(float("nan"))
        elif event.type() == QEvent.Type.MouseButtonPress:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        elif event.type() == QEvent.Type.MouseButtonDblClick:
            self.show_all()
            return True
        return False

    # -- colours and sizes ---------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many values as there are pixels."""
        super().resizeEvent(event)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Other colours or another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_values"):
            self.retheme()

    def retheme(self) -> None:
        """Colours of the palette, the font of this widget."""
        import pyqtgraph

        palette, font = self.palette(), self.font()
        faint = palette.placeholderText().color()
        self.view.setBackground(None)
        for axis in self._axes.values():
            axis.setPen(pyqtgraph.mkPen(palette.mid().color()))
            axis.setTextPen(pyqtgraph.mkPen(faint))
            axis.setTickFont(font)
            axis.label.setFont(font)
            axis.setStyle(tickTextOffset=3)
        self._axes["left"].setWidth(self.fontMetrics().horizontalAdvance("0000,00") + 6)
        self._axes["bottom"].setHeight(2 * self.fontMetrics().height() + 4)
        self._mark.setPen(pyqtgraph.mkPen(faint, width=1, style=Qt.PenStyle.DashLine))
        self._values.setStyleSheet(
            f"background: {palette.window().color().name()}; color: {palette.text().color().name()};"
            f" border: 1px solid {palette.mid().color().name()}; border-radius: 4px; padding: 2px 5px;"
        )
        for label in (self.title, self.legend, self._values):
            label.setFont(font)


def entry(name: str, color: QColor, width: float) -> str:
    """A line's name behind a stroke as thick as the line."""
    stroke = "━━" if width > 1 else "──"
    return f'<span style="color: {color.name()}">{stroke}</span>&nbsp;{escape(name).replace(" ", "&nbsp;")}'


def _view(pyqtgraph: Any, plot: Plot, axes: dict[str, Any]) -> Any:
    """A view that counts what its painting costs."""

    class View(pyqtgraph.PlotWidget):  # type: ignore[misc]
        def paintEvent(self, event: QPaintEvent) -> None:
            begun = time.thread_time()
            super().paintEvent(event)
            plot.cost += time.thread_time() - begun

    return View(parent=plot, axisItems=axes)
