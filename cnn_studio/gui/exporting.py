"""What a window can write a network as: all that the core writes, and pictures."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter

from cnn_studio.core.document import Document
from cnn_studio.i18n import N_

SHARPNESS = 2
"""Pixels of a picture for each point of the figure."""
LARGEST_SIDE = 20_000
"""Pixels of a picture's longer side, at most."""


class Target(NamedTuple):
    """A kind of file: its name for people and that of the action, marked for translation, and how the file's name ends."""

    label: str
    action: str
    suffix: str


targets = {
    "pytorch": Target(N_("PyTorch code"), N_("Export PyTorch code"), ".py"),
    "keras": Target(N_("Keras code"), N_("Export Keras code"), ".py"),
    "svg": Target(N_("Figure (SVG)"), N_("Export a figure (SVG)"), ".svg"),
    "png": Target(N_("Figure (PNG)"), N_("Export a figure (PNG)"), ".png"),
    "view_svg": Target(N_("What is seen of it (SVG)"), N_("Export what is seen (SVG)"), ".svg"),
    "view_png": Target(N_("What is seen of it (PNG)"), N_("Export what is seen (PNG)"), ".png"),
    "summary": Target(N_("Summary (text)"), N_("Export the summary (text)"), ".txt"),
    "markdown": Target(N_("Table of layers (Markdown)"), N_("Export the table of layers (Markdown)"), ".md"),
}
"""In the order of the menu."""


class Canvas(Protocol):
    """What tells how the network is seen at the moment."""

    def view_image(self, scale: float = SHARPNESS) -> QImage:
        """As a picture."""

    def view_svg(self) -> str:
        """As the text of an SVG."""


def made(name: str, document: Document, title: str, canvas: Canvas | None = None) -> bytes:
    """The bytes of the file; what is seen needs a canvas. Raises ExportError."""
    if name.startswith("view_"):
        assert canvas is not None
        return png(canvas.view_image()) if name == "view_png" else canvas.view_svg().encode("utf-8")
    from cnn_studio.core.export import exporters  # the modules that write are not loaded with the window
    from cnn_studio.core.summary import summary_text

    if name == "png":
        return picture(exporters["svg"].function(document.graph, title=title))
    if name == "summary":
        text = summary_text(document.graph, document.report, title, document.diagnosis.problems)
    else:
        text = exporters[name].function(document.graph, title=title)
    return text.encode("utf-8")


def picture(svg: str) -> bytes:
    """A figure as PNG, two pixels to a point or as many as there may be. Raises ExportError."""
    from PySide6.QtSvg import QSvgRenderer

    from cnn_studio.core.export import ExportError

    renderer = QSvgRenderer(QByteArray(svg.encode("utf-8")))
    size = renderer.defaultSize() * SHARPNESS
    if max(size.width(), size.height()) > LARGEST_SIDE:
        size = size.scaled(QSize(LARGEST_SIDE, LARGEST_SIDE), Qt.AspectRatioMode.KeepAspectRatio)
    image = QImage(size, QImage.Format.Format_RGB32)
    if image.isNull():
        raise ExportError(N_("the figure is too large for a picture"))
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        renderer.render(painter)
    return png(image)


def png(image: QImage) -> bytes:
    """A picture as the bytes of a PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())
