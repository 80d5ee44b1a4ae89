"""The icons of the program and of its files, drawn from packaging/icon.svg and document.svg in every size there is."""

from __future__ import annotations

import io
import os
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
PROGRAM, DOCUMENT = "cnn-studio", "application-x-cnn-studio"
DRAWINGS = {PROGRAM: ROOT / "packaging" / "icon.svg", DOCUMENT: ROOT / "packaging" / "document.svg"}
"""The names that a desktop asks for, and the drawing of each."""
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def picture(drawing: Path, size: int) -> Image.Image:
    """A drawing as a square picture of so many pixels. Qt draws it, which needs no screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    _application = QGuiApplication.instance() or QGuiApplication(["cnn-studio"])
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(drawing)).render(painter)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return Image.open(io.BytesIO(data.data()))


def write_theme(folder: Path) -> None:
    """The icons as a desktop of Linux looks for them: hicolor/48x48/apps/cnn-studio.png and so on."""
    for name, drawing in DRAWINGS.items():
        kind = "apps" if name == PROGRAM else "mimetypes"
        for size in SIZES:
            place = folder / f"{size}x{size}" / kind / f"{name}.png"
            place.parent.mkdir(parents=True, exist_ok=True)
            picture(drawing, size).save(place, optimize=True)
        place = folder / "scalable" / kind / f"{name}.svg"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(drawing.read_bytes())


def write_icons(folder: Path) -> None:
    """The icons that Windows (.ico) and macOS (.icns) keep inside programs and beside kinds of files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, file in ((PROGRAM, "cnn-studio"), (DOCUMENT, "document")):
        pictures = [picture(DRAWINGS[name], size) for size in SIZES if size not in (22, 512)]
        pictures[-1].save(folder / f"{file}.ico", sizes=[one.size for one in pictures], append_images=pictures[:-1])
        picture(DRAWINGS[name], 1024).save(folder / f"{file}.icns")
