"""What a scene stands on: a window of a studio with a home of its own, and how it becomes a picture."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QSize
from PySide6.QtGui import QCursor, QEnterEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cnn_studio.engine.finding import run_folder
from cnn_studio.gui import theme
from cnn_studio.gui.main_window import MainWindow
from cnn_studio.gui.panels.base import Panel
from cnn_studio.gui.studio import Studio

SIZE = QSize(1280, 720)
PATIENCE = 240.0
"""Seconds after which something that does not come is given up."""
COLOURS, FREQUENT = 256, 160
"""Colours of a picture, and those among them that are taken as they are."""


@dataclass(frozen=True)
class Scene:
    """One picture: what is done to a fresh window before it is taken.

    Attributes:
        themes, languages: in which it is taken.
        sharp: the theme and language in which it is also taken with two pixels a point.
    """

    name: str
    prepare: Callable[[Stage], object]
    themes: tuple[str, ...] = ("light", "dark")
    languages: tuple[str, ...] = ("en", "es")
    sharp: tuple[tuple[str, str], ...] = ()
    size: QSize = SIZE


SCENES: dict[str, Scene] = {}


def scene(name: str, **more: object) -> Callable[[Callable[[Stage], object]], Callable[[Stage], object]]:
    """Declares a scene; the fields of ``Scene`` may be given."""

    def declare(function: Callable[[Stage], object]) -> Callable[[Stage], object]:
        SCENES[name] = Scene(name, function, **more)  # type: ignore[arg-type]
        return function

    return declare


class Stage:
    """A window and the hands that bring it where a picture is to be taken."""

    def __init__(self, studio: Studio, size: QSize) -> None:
        self.studio = studio
        self.window: MainWindow = studio.new_window()
        self.window.fill()
        self.window.resize(size)
        self.settle()

    @property
    def canvas(self) -> QWidget:
        """The network as it is drawn."""
        found = self.window.canvas
        assert isinstance(found, QWidget)
        return found

    def open(self, starter: str) -> None:
        """Show a copy of a starter, and all of it."""
        self.window.open_starter(starter)
        self.settle()
        self.window.canvas.fit()
        self.settle()

    def panel(self, name: str) -> Panel:
        """A panel, in front of those that share its place."""
        dock = self.window.docks.docks[name]
        dock.show()
        dock.raise_()
        self.settle()
        return self.window.docks.panel(name)

    def do(self, action: str) -> None:
        """Carry out an action of the menus."""
        self.window.actions_[action].trigger()
        self.settle()

    def type(self, text: str, widget: QWidget | None = None) -> None:
        """Type into what has the keyboard."""
        QTest.keyClicks(widget or QApplication.focusWidget() or self.window, text)
        self.settle()

    def point_at(self, widget: QWidget) -> None:
        """Let the pointer stand on something."""
        middle = QPointF(widget.rect().center())
        QCoreApplication.sendEvent(widget, QEnterEvent(middle, middle, QPointF(widget.mapToGlobal(QPoint(4, 4)))))
        self.settle()

    def wait_until(self, holds: Callable[[], object]) -> None:
        """Answer events until something holds."""
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError(f"{self.window.windowTitle()}: what the picture waits for does not come")
            QCoreApplication.processEvents()
            time.sleep(0.005)

    def settle(self, seconds: float = 0.25) -> None:
        """Answer events until nothing more is to be expected."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            QCoreApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            time.sleep(0.005)

    def picture(self) -> QPixmap:
        """The window as it is."""
        self.settle()
        return self.window.grab()

    def leave(self) -> None:
        """Close the window, whatever is in it."""
        self.window.close_unasked()
        self.settle(0.05)


def take(studio: Studio, one: Scene, language: str, look: str) -> QPixmap:
    """The picture of one scene in one language and one theme."""
    studio.change_settings(language=language, theme=look, notation="last", recent=[], tour="")
    studio.places.clear()
    shutil.rmtree(run_folder(), ignore_errors=True)  # those of other pictures are not to be seen in this one
    theme.set_still(True)
    QCursor.setPos(0, 0)
    stage = Stage(studio, one.size)
    try:
        one.prepare(stage)
        return stage.picture()
    finally:
        stage.leave()


def write(picture: QPixmap, path: Path) -> int:
    """Write a picture with a palette of its own colours, which a window has few of; the bytes of the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = picture.toImage().convertToFormat(picture.toImage().Format.Format_RGB888)
    width, height, line = image.width(), image.height(), image.bytesPerLine()
    made = Image.frombuffer("RGB", (width, height), bytes(image.constBits()), "raw", "RGB", line, 1)
    made = made.quantize(COLOURS, palette=_palette(made), dither=Image.Dither.NONE)
    made.save(path, optimize=True)
    return path.stat().st_size


def _palette(picture: Image.Image) -> Image.Image:
    """The colours that are there most often, as they are, and some in between for the rest."""
    counted = sorted(picture.getcolors(picture.width * picture.height) or (), reverse=True)
    parts = [part for _count, colour in counted[:FREQUENT] for part in cast(tuple[int, int, int], colour)]
    rest = [cast(tuple[int, int, int], colour) for _count, colour in counted[FREQUENT:]]
    if rest:
        row = Image.new("RGB", (len(rest), 1))
        row.putdata(rest)
        parts += row.quantize(COLOURS - FREQUENT, Image.Quantize.MEDIANCUT).getpalette() or []
    made = Image.new("P", (1, 1))
    made.putpalette(parts[: 3 * COLOURS])
    return made
