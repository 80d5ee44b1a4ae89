"""The panel of curves: loss, accuracy and learning rate of the run that is shown, with others laid over them."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from math import isfinite
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QImage, QPaintDevice, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSlider,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cnn_studio.core.document import Change
from cnn_studio.core.layers.base import Family
from cnn_studio.gui import theme
from cnn_studio.gui.curve_lines import THICK, Curve, batches_of, lines_of, table_of
from cnn_studio.gui.exporting import SHARPNESS, png
from cnn_studio.gui.icons import icon
from cnn_studio.gui.labels import SMALL, Text
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.widgets import plot
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_, _, figure, integer, ngettext

TICK, SHARE = 300, 0.02
"""Milliseconds between two pictures, at least, and the share of the window's time that drawing them may take."""
WINDOWS = (1, 3, 5, 10, 20, 50, 100, 200, 500)
"""Batches of which the mean is shown, as the slider has them."""
WIDE, ASIDE = 520, 148
"""Pixels of width from which the plots stand side by side, and of the controls there."""
PLOTS = {"loss": 3, "accuracy": 3, "rate": 2}
"""The plots and their shares of the width."""
LOG = ("loss", "rate")
"""Those that may stand over powers of ten."""
HUES = (Family.DENSE, Family.RESHAPING, Family.POOLING, Family.MERGING, Family.INPUT, Family.ACTIVATION)
FORMATS = {"png": N_("Picture (PNG)"), "svg": N_("Drawing (SVG)"), "csv": N_("Table of all numbers (CSV)")}


@panels.declare("curves")
class CurvesPanel(LivePanel):
    """Three plots, and how they are drawn."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.plots: dict[str, plot.Plot] = {}
        self._pause, self._loading = TICK, False
        self.empty, self.start = Text("secondary", name=f"{name}.empty"), QPushButton()
        self.start.setObjectName(f"{name}.start")
        self.smoothing, self.log, self.export, self.alone = QSlider(Qt.Orientation.Horizontal), QCheckBox(), QToolButton(), QToolButton()  # fmt: skip
        self.smoothing.setRange(0, len(WINDOWS) - 1)
        self.smoothing.setPageStep(1)
        self.names = QLabel()
        self.names.setObjectName(f"{name}.names")
        self.names.setTextFormat(Qt.TextFormat.RichText)
        self.window_words = Text("secondary", SMALL, f"{name}.window")
        for control, part in (
            (self.smoothing, "smoothing"), (self.log, "log"), (self.export, "export"), (self.alone, "alone")
        ):  # fmt: skip
            control.setObjectName(f"{name}.{part}")
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        for button, mark in ((self.export, "export"), (self.alone, "close")):
            button.setIcon(icon(mark))
            button.setIconSize(QSize(16, 16))
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.export.setMenu(QMenu(self.export))
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(theme.PADDING, theme.GROUP_GAP, theme.PADDING, theme.PADDING)
        inner.setSpacing(theme.PADDING)
        inner.addWidget(self.empty)
        inner.addWidget(self.start, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addStretch(1)
        self._aside = aside = QWidget()
        column = QVBoxLayout(aside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT)
        column.addWidget(self.window_words)
        column.addWidget(self.smoothing)
        column.addWidget(self.log)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.UNIT)
        for button in (self.export, self.alone):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self.names)
        column.addStretch(1)
        self.body, self.sheet = QWidget(), QWidget()
        self._plots = QBoxLayout(QBoxLayout.Direction.LeftToRight, self.sheet)
        self._plots.setContentsMargins(0, 0, 0, 0)
        self._plots.setSpacing(theme.PADDING)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self.body)
        self._box.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.UNIT)
        self._box.setSpacing(theme.PADDING)
        self._box.addWidget(aside)
        self._box.addWidget(self.sheet, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(page)
        self._stack.addWidget(self.body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def _connect(self) -> None:
        workspace = self.workspace
        workspace.training.progressed.connect(self._progressed)
        workspace.training.state_changed.connect(self.renew)
        workspace.comparison.changed.connect(self.renew)
        workspace.comparison.refused.connect(workspace.said)
        self.start.clicked.connect(workspace.train_requested)
        self.smoothing.valueChanged.connect(self._smooth)
        self.log.toggled.connect(self._set_log)
        self.alone.clicked.connect(lambda: workspace.comparison.choose(()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side, or one below the other."""
        super().resizeEvent(event)
        wide = event.size().width() >= WIDE
        ways = QBoxLayout.Direction
        self._box.setDirection(ways.LeftToRight if wide else ways.TopToBottom)
        self._plots.setDirection(ways.LeftToRight if wide else ways.TopToBottom)
        self._aside.setMaximumWidth(ASIDE if wide else 16_777_215)

    # -- showing -------------------------------------------------------------------------------------------------------

    def follow(self, change: Change) -> None:
        """A run does not follow edits."""

    def _progressed(self) -> None:
        if not self.isVisible():
            self._stale = True
        elif not self._timer.isActive():
            self._timer.start(self._pause)

    def curves(self) -> list[Curve]:
        """The run that is shown, and those that are compared with it."""
        training, now = self.workspace.training, theme.current()
        others = {folder: loaded for folder, loaded in self.workspace.comparison.runs.items()
                  if training.run is None or folder != training.run.folder}  # fmt: skip
        found = []
        if len(training.history.steps) or training.history.epochs:
            name = training.run.name if others and training.run is not None else ""
            found.append(Curve(name, training.history, now.accent))
        for hue, (folder, loaded) in zip(HUES, others.items(), strict=False):
            found.append(Curve(folder.name, loaded.history, now.family(hue)))
        return found

    def refresh(self) -> None:
        curves = self.curves()
        self._stack.setCurrentIndex(1 if curves else 0)
        self.start.setVisible(not self.workspace.training.is_live)
        self.alone.setVisible(bool(self.workspace.comparison.chosen))
        if not curves:
            self._say_empty()
        elif len(self.plots) < len(PLOTS):
            self._load()
        else:
            self._draw(curves)

    def _say_empty(self) -> None:
        live = self.workspace.training.is_live
        self.empty.setText(
            _("The first numbers are on their way.")
            if live
            else _("While the network learns, its loss, accuracy and learning rate are drawn here.")
        )

    def _load(self) -> None:
        """What draws is loaded in the other thread: it takes longer than a window may wait."""
        if not self._loading:
            self._loading = True
            self.workspace.quick.ask("curves.load", plot.load, lambda _nothing: self._make())

    def _make(self) -> None:
        """One plot at a time, so that the window is never kept long."""
        says: dict[str, Callable[[float], str]] = {"loss": figure, "accuracy": lambda value: f"{figure(value)} %", "rate": figure}  # fmt: skip
        kind = list(PLOTS)[len(self.plots)]
        whole = (0.0, 100.0) if kind == "accuracy" else (None, None)
        made = plot.Plot(says[kind], figure, whole, from_zero=kind != "accuracy")
        made.setObjectName(f"{self.objectName()}.{kind}")
        made.set_log(self.log.isChecked() and kind in LOG)
        made.cursor_moved.connect(partial(self._share_cursor, kind))
        self._plots.addWidget(made, PLOTS[kind])
        self.plots[kind] = made
        if len(self.plots) < len(PLOTS):
            QTimer.singleShot(0, self, self._make)
        else:
            self.retranslate()
            self.renew()

    def _draw(self, curves: list[Curve]) -> None:
        by_epoch = all(batches_of(curve.history) for curve in curves)
        across = _("epoch") if by_epoch else _("batch")
        live = self.workspace.training.is_live
        begun, seen_whole = time.thread_time(), not any(one.is_moved for one in self.plots.values())
        lines = lines_of(curves, WINDOWS[self.smoothing.value()], by_epoch=by_epoch, briefly=live and seen_whole)
        spent = sum(one.cost for one in self.plots.values()) + time.thread_time() - begun
        self._pause = max(TICK, round(1000 * spent / SHARE))
        self._name_runs(curves)
        for kind, made in self.plots.items():
            made.cost = 0.0
            made.set_named(len(curves) == 1 and not curves[0].name)
            made.set_names(self._titles()[kind], across)
            made.set_lines(lines[kind], growing=live)

    def _name_runs(self, curves: list[Curve]) -> None:
        """Which colour is which run's, beside the plots: there is no room for the names of several above each."""
        measure, room = self.names.fontMetrics(), ASIDE - 28
        names = [(curve, measure.elidedText(curve.name, Qt.TextElideMode.ElideMiddle, room)) for curve in curves]
        self.names.setText("<br>".join(plot.entry(name, curve.color, THICK) for curve, name in names if name))
        self.names.setToolTip("\n".join(curve.name for curve in curves))
        self.names.setVisible(any(name for _curve, name in names))

    def _share_cursor(self, kind: str, place: float) -> None:
        """The cursor stands at the same place in all plots."""
        for other, made in self.plots.items():
            if other != kind and (made.place != place and (isfinite(place) or isfinite(made.place))):
                made.set_cursor(place)

    # -- how it is drawn -----------------------------------------------------------------------------------------------

    def _smooth(self) -> None:
        self._name_window()
        self.renew()

    def _set_log(self, on: bool) -> None:
        for kind in LOG:
            if kind in self.plots:
                self.plots[kind].set_log(on)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        for made in self.plots.values():
            made.set_cursor(float("nan"))

    # -- files ---------------------------------------------------------------------------------------------------------

    def save(self, kind: str) -> None:
        """Ask for a file and write the curves into it: "png", "svg" or "csv"."""
        if len(self.plots) < len(PLOTS):
            return
        run = self.workspace.training.run
        stem = run.name if run is not None else _("curves")
        name, _filter = QFileDialog.getSaveFileName(self, _("Save the curves"), f"{stem}.{kind}", f"{_(FORMATS[kind])} (*.{kind})")  # fmt: skip
        if not name:
            return
        path = Path(name) if Path(name).suffix else Path(name).with_suffix(f".{kind}")
        data = self._made(kind)
        self.workspace.slow.ask(
            "curves.save",
            lambda: _write(path, data),
            lambda _nothing: self._tell_written(path),
            partial(self._refuse, path),
        )

    def _tell_written(self, path: Path) -> None:
        self.workspace.said.emit(_("The curves are in {file}").format(file=path.name))

    def _refuse(self, path: Path, problem: str) -> None:
        self.workspace.said.emit(_("“{file}” cannot be written: {problem}").format(file=path.name, problem=problem))

    def _made(self, kind: str) -> bytes:
        if kind == "csv":
            run = self.workspace.training.run
            own = run.name if run is not None else ""
            return table_of([Curve(one.name or own, one.history, one.color) for one in self.curves()]).encode("utf-8")
        for made in self.plots.values():
            made.set_cursor(float("nan"))
            made.set_exporting(True)
        try:
            return png(self._picture()) if kind == "png" else self._drawing()
        finally:
            for made in self.plots.values():
                made.set_exporting(False)

    def _size(self) -> QSize:
        """Of what is saved: the plots with a margin."""
        return self.sheet.size() + QSize(2 * theme.PADDING, 2 * theme.PADDING)

    def _paint(self, device: QPaintDevice) -> None:
        with QPainter(device) as painter:
            painter.fillRect(QRect(QPoint(), self._size()), theme.current().window)
            self.sheet.render(painter, QPoint(theme.PADDING, theme.PADDING))

    def _picture(self) -> QImage:
        image = QImage(self._size() * SHARPNESS, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(SHARPNESS)
        self._paint(image)
        return image

    def _drawing(self) -> bytes:
        from PySide6.QtCore import QBuffer, QIODevice
        from PySide6.QtSvg import QSvgGenerator

        buffer, maker = QBuffer(), QSvgGenerator()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        maker.setOutputDevice(buffer)
        maker.setSize(self._size())
        maker.setViewBox(QRect(QPoint(), self._size()))
        self._paint(maker)
        return bytes(buffer.data().data())

    # -- texts ---------------------------------------------------------------------------------------------------------

    def _titles(self) -> dict[str, str]:
        return {"loss": _("loss"), "accuracy": _("accuracy"), "rate": _("learning rate")}

    def _name_window(self) -> None:
        window = WINDOWS[self.smoothing.value()]
        words = ngettext("every batch", "mean of {n} batches", window).format(n=integer(window))
        self.window_words.setText(words)
        self.smoothing.setAccessibleDescription(words)

    def retranslate(self) -> None:
        self.start.setText(_("Train"))
        self.log.setText(_("log axis"))
        self._name_window()
        for control, words in (
            (self.start, _("Train the network")),
            (self.smoothing, _("Smoothing: over how many batches the mean is taken")),
            (self.log, _("Loss and learning rate by powers of ten")),
            (self.export, _("Save the curves as a picture, a drawing or a table")),
            (self.alone, _("Compare no more: show this run alone")),
        ):
            control.setToolTip(words)
            control.setAccessibleName(words)
        menu = self.export.menu()
        menu.clear()
        for kind, words in FORMATS.items():
            action = menu.addAction(_(words))
            action.setObjectName(f"{self.objectName()}.export.{kind}")
            action.triggered.connect(partial(self._save_asked, kind))
        small = theme.small_font()
        self.names.setFont(small)
        for made in self.plots.values():
            made.setFont(small)
            made.retheme()

    def _save_asked(self, kind: str, _checked: bool = False) -> None:
        self.save(kind)


def _write(path: Path, data: bytes) -> None:
    """In the other thread. Raises FileError."""
    from cnn_studio.core.files import write_atomically

    write_atomically(path, data)
