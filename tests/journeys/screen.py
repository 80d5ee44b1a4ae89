"""A screen of its own with a mouse and a keyboard: an X server without a monitor, and a manager of windows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from cnn_studio import system_libraries

SIZE = (1440, 900)
DEADLINE = 12


def missing() -> str:
    """Why there can be no screen, with the command that helps, or ""."""
    if not sys.platform.startswith("linux"):
        return "journeys need an X server"
    absent = system_libraries.missing_for_journeys()
    return f"not installed: {' '.join(system_libraries.install_command(absent))}" if absent else ""


class Screen:
    """The X server, and hands that make the events a mouse and a keyboard make (XTEST).

    A ``remote`` one is reached over TCP, shares no memory with the program, and knows no OpenGL.
    """

    def __init__(self, folder: Path, *, remote: bool = False) -> None:
        self._folder = folder
        self._log = (folder / "screen.log").open("wb")
        read, write = os.pipe()
        size = "x".join(map(str, (*SIZE, 24)))
        way = (
            ["-listen", "tcp", "-ac", "-extension", "GLX", "-extension", "MIT-SHM"] if remote else ["-nolisten", "tcp"]
        )
        server = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, *way, "-noreset"]
        self._processes = [self._start(server, os.environ, (write,))]
        os.close(write)
        with os.fdopen(read) as stream:
            number = stream.readline().strip()
        self.display = f"{'localhost' if remote else ''}:{number}"
        if not number:
            self.end()
            raise OSError("Xvfb did not start: " + (folder / "screen.log").read_text(errors="replace")[-500:])
        self._processes.append(self._start(["openbox", "--sm-disable"], self.environment(folder)))

    def _start(
        self, command: list[str], environment: Mapping[str, str], keep: tuple[int, ...] = ()
    ) -> subprocess.Popen:
        return subprocess.Popen(command, stdout=self._log, stderr=self._log, env=environment, pass_fds=keep)

    def environment(self, home: Path) -> dict[str, str]:
        """Variables for a program that shall appear here; its files go under ``home``."""
        runtime = home / "runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
        own = {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "XDG_RUNTIME_DIR": str(runtime), "HOME": str(home)}
        return {**kept, **own, "LC_ALL": "C.UTF-8", "CNN_STUDIO_HOME": str(home / "studio")}

    # -- hands ---------------------------------------------------------------------------------------------------------

    def do(self, *commands: object) -> None:
        """Commands of xdotool, carried out one after another."""
        environment = {**os.environ, "DISPLAY": self.display}
        subprocess.run(["xdotool", *map(str, commands)], env=environment, check=True, timeout=DEADLINE)

    def move(self, x: int, y: int) -> None:
        """The pointer to a place."""
        self.do("mousemove", x, y)

    def click(self, x: int, y: int, *, button: int = 1, times: int = 1) -> None:
        """Click at a place; several times quickly one after another."""
        self.do("mousemove", x, y, "click", "--repeat", times, "--delay", 30, button)

    def press(self) -> None:
        """Hold the left button."""
        self.do("mousedown", 1)

    def release(self) -> None:
        """Let the left button go."""
        self.do("mouseup", 1)

    def keys(self, *names: str) -> None:
        """Press keys, as "ctrl+s" or "Tab"."""
        self.do("key", "--delay", 20, *names)

    def type(self, text: str) -> None:
        """Write a text."""
        self.do("type", "--delay", 15, text)

    # -- the end -------------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """Screen off."""
        for process in reversed(self._processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._log.close()
