"""The running studio: its windows, the settings they share, and copies that wait to be recovered."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from cnn_studio.core import words
from cnn_studio.core.files import FileError
from cnn_studio.core.recovery import Copy, Recovery
from cnn_studio.core.settings import NAME, Settings, folders, read_settings, write_settings
from cnn_studio.core.words import say
from cnn_studio.gui import language, theme
from cnn_studio.gui.feedback import Answer
from cnn_studio.gui.garbage import Sweeper
from cnn_studio.gui.main_window import MainWindow
from cnn_studio.i18n import N_

CASCADE = 32
"""Pixels by which another window stands aside."""
LATER = 1_000
"""Milliseconds after which it is written that a file was opened."""


class Studio(QObject):
    """All windows. One of them asks for something that concerns the others.

    ``language`` is spoken until another is chosen, and is not kept.
    """

    def __init__(self, app: QApplication, language: str = "") -> None:
        super().__init__(app)
        self._app = app
        self._sweeper = Sweeper(self)
        config = folders().config
        self._file = config / NAME
        self.settings = read_settings(self._file)
        self._for_now = {"language": self.settings.language} if language else {}
        """What is kept of settings that are others this time only."""
        if language:
            self.settings = self.settings.model_copy(update={"language": language})
        self.places = QSettings(str(config / "window.ini"), QSettings.Format.IniFormat)
        self.recovery = Recovery(folders().state / "recovery")
        self.windows: list[MainWindow] = []
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._write)
        self._apply()
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    # -- windows -------------------------------------------------------------------------------------------------------

    def new_window(self, *, waiting: bool = False) -> MainWindow:
        """Another window with the welcome page, shown at once; the rest of it comes after its first picture.

        With ``waiting`` it is empty: its file is opened next.
        """
        window = MainWindow(self, waiting=waiting)
        if self.windows:
            window.move(self.windows[-1].pos() + QPoint(CASCADE, CASCADE))
        self.windows.append(window)
        window.closed.connect(self._closed)
        window.show()
        QTimer.singleShot(0, window, window.fill)
        return window

    def _closed(self, window: MainWindow) -> None:
        self.write_now()
        self.windows.remove(window)
        self._sweeper.all_soon()

    def open(self, path: Path, window: MainWindow | None = None) -> None:
        """Show a file: in the window where it is open, in one that is still empty, or in a new one.

        What cannot be opened is said in the window in which it was asked for.
        """
        path = path.absolute()
        for other in self.windows:
            if other.workspace.document.path == path:
                other.come_forward()
                return
        if window is None or window.is_untouched:
            self._place(window).open_file(path)
        elif (document := window.filing.read(path, path)) is not None:
            self.new_window(waiting=True).show_document(document)

    def open_starter(self, name: str, window: MainWindow | None = None) -> None:
        """Show a copy of a starter."""
        self._place(window).open_starter(name)

    def open_sample(self, window: MainWindow | None = None) -> None:
        """Show a copy of the network that has learned already, and the pad."""
        self._place(window).open_sample()

    def open_run(self, folder: Path, window: MainWindow | None = None) -> None:
        """Show a copy of the network of a run, and what came of it."""
        self._place(window).open_run(folder)

    def start_tour(self, window: MainWindow | None = None) -> None:
        """Show a small network and a bubble that leads through the studio; one that is being taken comes forward."""
        from cnn_studio.gui import tour

        for other in self.windows:
            if tour.tour_of(other) is not None:
                other.come_forward()
                return
        place = self._place(window)
        place.open_starter(tour.STARTER)
        if self.settings.tour != "taken":
            self.change_settings(tour="taken")
        tour.begin(place)

    def _place(self, window: MainWindow | None) -> MainWindow:
        return window if window is not None and window.is_untouched else self.new_window(waiting=True)

    def quit(self) -> None:
        """Close every window; one with something to save asks first, and stays when it is told to."""
        for window in list(self.windows):
            window.close()

    # -- settings ------------------------------------------------------------------------------------------------------

    def change_settings(self, **values: Any) -> None:
        """Other settings for all windows, shown and written at once."""
        self._for_now = {name: value for name, value in self._for_now.items() if name not in values}
        self.use_settings(self.settings.model_copy(update=values))

    def use_settings(self, settings: Settings) -> None:
        """The same with all of them."""
        self._keep(settings)
        self.write_now()
        self._apply()
        for window in self.windows:
            window.workspace.settings_changed.emit()

    def remember(self, path: Path) -> None:
        """A file was opened or saved. Nothing that is shown changes."""
        self._keep(self.settings.with_recent(path))

    def _keep(self, settings: Settings) -> None:
        """Settings for all windows; they are written in a moment, when a file that opens is on the screen."""
        self.settings = settings
        for window in self.windows:
            window.workspace.settings = settings
        self._later.start(LATER)

    def write_now(self) -> None:
        """Write the settings, if they are others than those in their file."""
        if self._later.isActive():
            self._later.stop()
            self._write()

    def _write(self) -> None:
        with suppress(FileError):  # a folder that cannot be written: the choice holds until the end
            write_settings(self.settings.model_copy(update=self._for_now), self._file)

    def _apply(self) -> None:
        language.apply(self._app, self.settings.language)
        words.set_notation(self.settings.notation)
        theme.set_theme(self.settings.theme)
        theme.apply(self._app)

    def _system_changed(self) -> None:
        if self.settings.theme == theme.SYSTEM:
            theme.apply(self._app)
            for window in self.windows:
                window.workspace.settings_changed.emit()

    # -- after a crash -------------------------------------------------------------------------------------------------

    def offer_recovery(self, window: MainWindow) -> None:
        """Say which edits were not saved when the studio ended unexpectedly, and offer them."""
        copies = self.recovery.found()
        for copy in copies[:3]:
            name = copy.name or (copy.original.stem if copy.original else "")
            when = copy.time.astimezone().strftime("%Y-%m-%d %H:%M")
            text = (
                say(N_("Edits of “{name}” were not saved when the studio ended ({time})."), name=name, time=when)
                if name
                else say(N_("Edits of a network were not saved when the studio ended ({time})."), time=when)
            )
            answers = (
                Answer(say(N_("Recover")), self._recoverer(copy, window)),
                Answer(say(N_("Discard")), self._discarder(copy)),
            )
            window.notes.add(f"recovery.{copy.key}", text, answers, "warning")

    def _recoverer(self, copy: Copy, window: MainWindow) -> Callable[[], None]:
        def recover() -> None:
            self._place(window if window in self.windows else None).recover(copy)

        return recover

    def _discarder(self, copy: Copy) -> Callable[[], None]:
        return lambda: self.recovery.discard(copy.key)

    def keep_all(self) -> bool:
        """Make copies of everything not saved, as after a mistake of the studio. Whether all could be written."""
        kept = [window.filing.keeper.keep_now() for window in self.windows]
        return all(kept)
