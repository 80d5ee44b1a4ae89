"""The pad: draw with mouse, finger, tablet or cursor keys, or lay a picture on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QSlider, QToolButton, QVBoxLayout, QWidget

from cnn_studio.core.document import Change
from cnn_studio.gui import theme
from cnn_studio.gui.icons import icon
from cnn_studio.gui.labels import Message
from cnn_studio.gui.panels import panels
from cnn_studio.gui.panels.live import LivePanel
from cnn_studio.gui.widgets.sketch_pad import SketchPad
from cnn_studio.gui.widgets.strokes import Paper
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_, _

THIN, USUAL, THICK = 4, 18, 48
"""Width of the pen, in units of the pad."""


@panels.declare("pad")
class PadPanel(LivePanel):
    """The pad and its tools."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        name = self.objectName()
        self.pad = SketchPad()
        self.pad.setObjectName(f"{name}.paper")
        self.width_slider = QSlider(Qt.Orientation.Horizontal)
        self.width_slider.setObjectName(f"{name}.width")
        self.width_slider.setRange(THIN, THICK)
        self.width_slider.setValue(USUAL)
        self.pen = self._button("pen", lambda: self._erase(False), checkable=True)
        self.eraser = self._button("eraser", lambda: self._erase(True), checkable=True)
        self.undo = self._button("undo", self.pad.undo)
        self.paste = self._button("paste", self.paste_picture)
        self.open = self._button("open", self._ask_file)
        self.clear = self._button("delete", self.clear_pad)
        self.problem = Message("warning", f"{name}.problem")
        self._lay_out()
        self._erase(False)
        self.pad.changed.connect(self._drawn)
        self.pad.confirmed.connect(workspace.drawing.keep_asked)
        self.pad.files_dropped.connect(lambda paths: self.open_picture(Path(paths[0])))
        self.pad.image_dropped.connect(self._lay_image)
        self.width_slider.valueChanged.connect(self._set_width)
        workspace.drawing.answered.connect(self._tell)
        workspace.drawing.paper_changed.connect(self._show_paper)
        workspace.drawing.kept.connect(self.clear_pad)
        workspace.look.changed.connect(self._tell)
        self.retranslate()

    def _button(self, mark: str, act: Callable[[], object], *, checkable: bool = False) -> QToolButton:
        made = QToolButton()
        made.setObjectName(f"{self.objectName()}.{mark}")
        made.setIcon(icon(mark))
        made.setIconSize(QSize(theme.ICON_SIZE, theme.ICON_SIZE))
        made.setCheckable(checkable)
        made.clicked.connect(lambda _checked=False: act())
        return made

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(2)
        for button in (self.pen, self.eraser):
            tools.addWidget(button)
        tools.addSpacing(theme.UNIT)
        tools.addWidget(self.width_slider, 1)
        tools.addSpacing(theme.UNIT)
        for button in (self.undo, self.clear, self.paste, self.open):
            tools.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.PADDING, theme.UNIT, theme.PADDING, theme.GAP)
        layout.setSpacing(theme.UNIT)
        layout.addLayout(tools)
        layout.addWidget(self.pad, 1)
        layout.addWidget(self.problem)

    # -- drawing -------------------------------------------------------------------------------------------------------

    def _drawn(self) -> None:
        drawing, below = self.workspace.drawing, self.pad.below
        picture = None if below is None else below.source
        if picture is not drawing.picture:
            drawing.lay(picture)
        drawing.draw(self.pad.lines)
        self._show_state()

    def clear_pad(self) -> None:
        """Nothing on the pad."""
        self.pad.clear()

    def _erase(self, erasing: bool) -> None:
        self.pad.is_erasing = erasing
        self.pen.setChecked(not erasing)
        self.eraser.setChecked(erasing)

    def _set_width(self, width: int) -> None:
        self.pad.pen_width = float(width)
        self.width_slider.setToolTip(self._width_words())

    def _width_words(self) -> str:
        return _("Width of the pen: {n}").format(n=self.width_slider.value())

    # -- pictures ------------------------------------------------------------------------------------------------------

    def open_picture(self, path: Path) -> None:
        """Lay the picture of a file on the pad."""
        self.workspace.slow.ask("paper", lambda: _read(path), self._lay, self.problem.say)

    def paste_picture(self) -> None:
        """Lay the picture of the clipboard on the pad."""
        data = QApplication.clipboard().mimeData()
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data is not None else []
        if paths:
            self.open_picture(paths[0])
        elif data is not None and data.hasImage():
            self._lay_image(QImage(QApplication.clipboard().image()))
        else:
            self.problem.say(_("There is no picture in the clipboard."))

    def _lay_image(self, image: QImage) -> None:
        if image.isNull():
            self.problem.say(_("There is no picture in the clipboard."))
            return
        self.workspace.slow.ask("paper", lambda: _decoded(image), self._lay, self.problem.say)

    def _lay(self, found: tuple[Any, bytes, int]) -> None:
        """A picture was read: it lies on the pad in place of what was there."""
        picture, alpha, side = found
        self.pad.clear()
        self.pad.set_below(Paper(QImage(alpha, side, side, side, QImage.Format.Format_Alpha8).copy(), picture))
        self.workspace.drawing.lines = ()
        self.workspace.drawing.lay(picture)
        self._show_state()

    def _show_paper(self) -> None:
        if self.workspace.drawing.picture is None:
            self.pad.set_below(None)

    def _ask_file(self) -> None:
        folder = self.workspace.settings.last_folder
        name, _kind = QFileDialog.getOpenFileName(self, _("Open a picture"), folder)
        if name:
            self.open_picture(Path(name))

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        if not self.isVisible():
            return
        drawing = self.workspace.drawing
        sentence = str(drawing.obstacle or drawing.problem)
        sentence = sentence[:1].upper() + sentence[1:]
        self.problem.say(f"{sentence}." if sentence and sentence[-1] not in ".!?" else sentence)
        self._show_state()

    def _show_state(self) -> None:
        self.undo.setEnabled(self.pad.can_undo)
        self.clear.setEnabled(not self.pad.is_empty)

    def follow(self, change: Change) -> None:
        """Edits of the network are heard through the view into it."""

    def renew(self) -> None:
        """Shown for the first time, or another network: it is made ready before the first stroke."""
        super().renew()
        if self.isVisible():
            self.workspace.drawing.warm()

    def refresh(self) -> None:
        """Colours of the theme, and why the network cannot be asked, where it cannot."""
        now = theme.current()
        self.pad.set_colors(now.raised if now.is_dark else now.panel, now.text, now.line, now.accent)
        self._tell()

    def retranslate(self) -> None:
        keys = QKeySequence(QKeySequence.StandardKey.Undo).toString(QKeySequence.SequenceFormat.NativeText)
        for control, words in (
            (self.pen, _("Pen")), (self.eraser, _("Eraser; the right button of the mouse rubs out as well")),
            (self.undo, _("Take back the last stroke ({keys} on the pad)").format(keys=keys)),
            (self.clear, _("Clear the pad (Delete)")), (self.paste, _("Paste a picture; one can be dropped here as well")),
            (self.open, _("Open a picture, also a photograph of pen on paper")), (self.width_slider, self._width_words()),
        ):  # fmt: skip
            control.setToolTip(words)
            control.setAccessibleName(words)
        self.width_slider.setAccessibleName(_("Width of the pen"))
        self.pad.setAccessibleName(_("Drawing pad"))
        self.pad.setAccessibleDescription(
            _("Cursor keys move the pen, Shift makes small steps, the space bar sets the pen down and lifts it.")
        )
        self.pad.set_hint(_("Draw here"))
        self.pad.setToolTip("")


# -- in the other thread -----------------------------------------------------------------------------------------------


def _read(path: Path) -> tuple[Any, bytes, int]:
    """The picture of a file, and its ink as it lies on the pad."""
    from cnn_studio.engine.inputs import sample_of

    return _laid(sample_of(path))


def _decoded(image: QImage) -> tuple[Any, bytes, int]:
    """The same of a picture that was pasted or dropped."""
    from cnn_studio.engine.inputs import MOST_SIDE
    from cnn_studio.engine.pictures import picture_of

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if max(image.width(), image.height()) > MOST_SIDE:
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(MOST_SIDE, MOST_SIDE, keep, smooth)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return _laid(picture_of(bytes(buffer.data().data()), "", most_side=MOST_SIDE))


def _laid(picture: Any) -> tuple[Any, bytes, int]:
    import numpy as np

    from cnn_studio.engine.datasets.base import DataError
    from cnn_studio.engine.inking import SIDE, paper_ink

    if picture.ndim != 3:
        raise DataError(N_("only pictures can lie on the pad"))
    ink = paper_ink(picture)
    if not ink.any():
        raise DataError(N_("nothing is drawn there"))
    return picture, np.rint(ink * 255).astype(np.uint8).tobytes(), SIDE
