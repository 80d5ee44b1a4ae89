"""The sample that is looked at: its picture and name, and buttons that choose another one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cnn_studio.gui import theme
from cnn_studio.gui.icons import icon
from cnn_studio.gui.labels import SMALL, STRONG, Text
from cnn_studio.gui.samples import READY, Sample
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import _

PICTURE = 40
"""Pixels of the longer side of the picture of a sample."""


class SampleBar(QWidget):
    """Shows and chooses the sample of a workspace."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        super().__init__()
        self.workspace = workspace
        self.setObjectName(name)
        self.picture = QLabel()
        self.picture.setFixedSize(PICTURE, PICTURE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = Text("text", STRONG, f"{name}.title", wrap=False)
        self.label = Text("secondary", SMALL, f"{name}.label", wrap=False)
        for text in (self.title, self.label):
            text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.back, self.on, self.any, self.file = (QToolButton() for _number in range(4))
        self.classes = QComboBox()
        self.classes.setObjectName(f"{name}.class")
        self.classes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        sampler = workspace.sampler
        for button, mark, act in (
            (self.back, "left", lambda: sampler.step(-1)), (self.on, "right", lambda: sampler.step(1)),
            (self.any, "random", sampler.random), (self.file, "folder", self._ask_file),
        ):  # fmt: skip
            button.setObjectName(f"{name}.{mark}")
            button.setIcon(icon(mark))
            button.setIconSize(QSize(16, 16))
            button.clicked.connect(act)
        self.classes.activated.connect(lambda place: sampler.choose_class(place - 1))
        self._lay_out()
        workspace.look.changed.connect(self.refresh)
        workspace.data.changed.connect(self.refresh_classes)
        sampler.class_changed.connect(self._show_class)
        self._shown: Sample | None = None

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self.title)
        texts.addWidget(self.label)
        controls = QHBoxLayout()
        controls.setSpacing(0)
        for widget in (self.back, self.on, self.any, self.file):
            controls.addWidget(widget)
        controls.addStretch(1)
        controls.addWidget(self.classes)
        top = QHBoxLayout()
        top.setSpacing(theme.GAP)
        top.addWidget(self.picture)
        top.addLayout(texts, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.UNIT)
        layout.addLayout(top)
        layout.addLayout(controls)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the sample of the moment."""
        sample = self.workspace.look.sample
        if sample is self._shown or not self.isVisible():
            return
        self._shown = sample
        if sample is None:
            self.picture.clear()
            self.title.setText("")
            self.label.setText("")
            return
        ratio = self.devicePixelRatioF()
        picture = pixmap_of(sample, round(PICTURE * ratio))
        picture.setDevicePixelRatio(ratio)
        self.picture.setPixmap(picture)
        self.title.setText(sample.name)
        self.title.setToolTip(sample.name)
        self.label.setText(_("class: {name}").format(name=_(sample.label)) if sample.label else "")
        self.picture.setAccessibleName(sample.name)

    def refresh_classes(self) -> None:
        """The classes of the data of the moment."""
        if not self.isVisible():
            return
        classes = self.workspace.data.classes
        names = [_("any class"), *(_(name) for name in classes)]
        if [self.classes.itemText(place) for place in range(self.classes.count())] != names:
            self.classes.clear()
            self.classes.addItems(names)
        self._show_class()
        ready = self.workspace.data.state == READY
        for control in (self.back, self.on, self.any, self.classes):
            control.setEnabled(ready)

    def _show_class(self) -> None:
        self.classes.setCurrentIndex(self.workspace.sampler.wanted + 1)

    def showEvent(self, event: object) -> None:
        """Catch up with what happened unseen."""
        self.refresh()
        self.refresh_classes()

    def _ask_file(self) -> None:
        settings = self.workspace.settings
        name, _kind = QFileDialog.getOpenFileName(self, _("Open a picture or a sound"), settings.last_folder)
        if name:
            self.workspace.sampler.open(Path(name))

    def retranslate(self) -> None:
        """Texts in the language of the moment."""
        for control, words in (
            (self.back, _("The sample before")), (self.on, _("The next sample")), (self.any, _("A sample at random")),
            (self.file, _("A picture or sound from a file; files can be dropped here as well")),
            (self.classes, _("From which class samples are taken")),
        ):  # fmt: skip
            control.setToolTip(words)
            control.setAccessibleName(words)
        self._shown = None
        self.refresh()
        self.refresh_classes()


def pixmap_of(sample: Sample, side: int) -> QPixmap:
    """The picture of a sample, its longer side so many pixels; sharp where it is enlarged. Sound and video have their own."""
    import numpy as np

    from cnn_studio.engine.shown import COLOURS, shown

    pixels = shown(sample.stored, side)
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], COLOURS, 2)
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, COLOURS * width, QImage.Format.Format_RGB888)
    way = Qt.TransformationMode.FastTransformation if max(height, width) < side else Qt.TransformationMode.SmoothTransformation  # fmt: skip
    return QPixmap.fromImage(image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, way))
