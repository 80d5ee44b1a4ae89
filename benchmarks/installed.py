"""How soon the window of the installed program is there, and how fast it trains, beside the source. One JSON line a figure.

    python benchmarks/installed.py /usr/bin/cnn-studio [--check] [--starts N] [--epochs N]

The program is seen from outside, on an X server of its own (Xvfb): its window is usable when its first page is painted
and its event loop has answered a question (_NET_WM_PING). Cold starts need the right to drop the caches of the system.
README.md beside this file explains the figures.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from ctypes import byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from pathlib import Path
from statistics import median
from typing import Any

STARTS, EPOCHS = 9, 2
COLD, WARM, SPEED = 1.5, 0.7, 0.95
"""Seconds that a window may take at most, and the share of the source's speed that training must have at least."""
CACHES = Path("/proc/sys/vm/drop_caches")
SOURCE = [sys.executable, "-P", "-m", "cnn_studio"]
TITLE = b"CNN Studio"
DEADLINE = 60.0
VIEWABLE, STRUCTURE, CLIENT_MESSAGE, PIXMAP, ALL_PLANES = 2, 1 << 17, 33, 2, 0xFFFFFFFF


class Attributes(ctypes.Structure):
    """XWindowAttributes, as far as it is read here."""

    _fields_ = [
        ("x", c_int), ("y", c_int), ("width", c_int), ("height", c_int), ("border", c_int), ("depth", c_int),
        ("visual", c_void_p), ("root", c_ulong), ("kind", c_int), ("bit_gravity", c_int), ("win_gravity", c_int),
        ("backing_store", c_int), ("planes", c_ulong), ("pixel", c_ulong), ("save_under", c_int), ("colormap", c_ulong),
        ("map_installed", c_int), ("map_state", c_int), ("rest", c_long * 12),
    ]  # fmt: skip


class Message(ctypes.Structure):
    """XClientMessageEvent."""

    _fields_ = [
        ("type", c_int), ("serial", c_ulong), ("send_event", c_int), ("display", c_void_p), ("window", c_ulong),
        ("message_type", c_ulong), ("format", c_int), ("data", c_long * 5), ("rest", c_long * 24),
    ]  # fmt: skip


class Screen:
    """An X server without a monitor, and what a stranger sees on it."""

    def __init__(self) -> None:
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
        self._server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as stream:
            self.name = f":{stream.readline().strip()}"
        self._x: Any = ctypes.CDLL("libX11.so.6")
        for name in ("XOpenDisplay", "XGetImage"):
            getattr(self._x, name).restype = c_void_p
        for name in ("XDefaultRootWindow", "XInternAtom", "XGetPixel"):
            getattr(self._x, name).restype = c_ulong
        self._display = c_void_p(self._x.XOpenDisplay(self.name.encode()))
        self._root = c_ulong(self._x.XDefaultRootWindow(self._display))
        self._x.XSelectInput(self._display, self._root, c_long(STRUCTURE))
        self._quiet = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p)(lambda _display, _error: 0)
        self._x.XSetErrorHandler(self._quiet)  # a window may go between two questions

    def end(self) -> None:
        """Switch it off."""
        self._x.XCloseDisplay(self._display)
        self._server.terminate()
        self._server.wait()

    def _atom(self, name: str) -> int:
        return int(self._x.XInternAtom(self._display, name.encode(), 0))

    def window(self) -> int:
        """The window of the program once it is on the screen, or 0."""
        root, parent, children, count = c_ulong(), c_ulong(), ctypes.POINTER(c_ulong)(), c_uint()
        self._x.XQueryTree(self._display, self._root, byref(root), byref(parent), byref(children), byref(count))
        for one in children[: count.value] if count.value else ():
            name, attributes = c_char_p(), Attributes()
            self._x.XFetchName(self._display, c_ulong(one), byref(name))
            if TITLE in (name.value or b""):
                self._x.XGetWindowAttributes(self._display, c_ulong(one), byref(attributes))
                if attributes.map_state == VIEWABLE:
                    return int(one)
        return 0

    def is_painted(self, window: int) -> bool:
        """Whether something is drawn in the middle of a window, not its background alone."""
        width, height = 400, 8
        image = self._x.XGetImage(
            self._display, c_ulong(window), 400, 200, width, height, c_ulong(ALL_PLANES), PIXMAP
        )  # fmt: skip
        if not image:
            return False
        pixels = {self._x.XGetPixel(c_void_p(image), x, y) for x in range(0, width, 2) for y in range(0, height, 4)}
        self._x.XDestroyImage(c_void_p(image))
        return len(pixels) > 2

    def ask(self, window: int) -> None:
        """Ask the program whether it hears."""
        message = Message(CLIENT_MESSAGE, 0, 1, self._display, window, self._atom("WM_PROTOCOLS"), 32)
        message.data[0], message.data[2] = self._atom("_NET_WM_PING"), window
        self._x.XSendEvent(self._display, c_ulong(window), 0, c_long(0), byref(message))
        self._x.XFlush(self._display)

    def heard(self) -> bool:
        """Whether the program has answered."""
        found = Message()
        while self._x.XPending(self._display):
            self._x.XNextEvent(self._display, byref(found))
            if found.type == CLIENT_MESSAGE and found.data[0] == self._atom("_NET_WM_PING"):
                return True
        return False


def until(condition: Callable[[], Any]) -> Any:
    """Wait for an answer."""
    end = time.monotonic() + DEADLINE
    while not (answer := condition()):
        if time.monotonic() > end:
            raise SystemExit("the window did not come")
        time.sleep(0.002)
    return answer


def started(screen: Screen, command: Sequence[str], home: str) -> tuple[float, float]:
    """Seconds until the first page is painted, and until the program hears."""
    environment = {**os.environ, "DISPLAY": screen.name, "CNN_STUDIO_HOME": home}
    environment.pop("QT_QPA_PLATFORM", None)
    begun = time.monotonic()
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        window = until(screen.window)
        until(lambda: screen.is_painted(window))
        painted = time.monotonic() - begun
        screen.ask(window)
        until(screen.heard)
        return painted, time.monotonic() - begun
    finally:
        process.terminate()
        process.wait()


def trained(command: Sequence[str], home: str, epochs: int) -> float:
    """Samples in a second of a short training on one thread, in single precision: nothing is chosen by measuring."""
    options = ["--epochs", str(epochs), "--precision", "fp32", "--threads", "1", "--device", "cpu", "--json"]
    environment = {**os.environ, "CNN_STUDIO_HOME": home}
    done = subprocess.run(
        [*command, "train", "quick-digits", *options], env=environment, capture_output=True, text=True, check=True
    )
    return 1 / float(min(epoch["seconds"] for epoch in json.loads(done.stdout)["epochs"]))


def dropped() -> bool:
    """Whether the caches of the disk could be emptied."""
    try:
        os.sync()
        CACHES.write_text("3", encoding="ascii")
    except OSError:
        return False
    return True


def figure(name: str, value: float, unit: str, **limit: float) -> bool:
    """Print one figure; whether it is within its limit."""
    print(json.dumps({"benchmark": name, "value": round(value, 3), "unit": unit, **limit}), flush=True)
    return value <= limit.get("limit", value) and value >= limit.get("at least", value)


def main() -> int:
    """Measure, print, and judge when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("--starts", type=int, default=STARTS, help=f"how often the window is opened ({STARTS})")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help=f"of each training; 0 leaves it out ({EPOCHS})")
    parser.add_argument("--check", action="store_true", help="end with status 1 when a figure is beyond its limit")
    options = parser.parse_args()
    program, holds = [str(options.program.resolve())], True
    print(json.dumps({"load": os.getloadavg()[0]}), flush=True)
    screen = Screen()
    with tempfile.TemporaryDirectory() as home:
        for command in (program, SOURCE):
            started(screen, command, home)
        warm = [(started(screen, program, home), started(screen, SOURCE, home)) for _time in range(options.starts)]
        own, source = zip(*warm, strict=True)
        holds &= figure("installed, warm: usable", median(one[1] for one in own), "s", limit=WARM)
        figure("installed, warm: painted", median(one[0] for one in own), "s")
        figure("source, warm: usable", median(one[1] for one in source), "s")
        if dropped():
            cold = [started(screen, program, home) for _time in range(min(5, options.starts)) if dropped()]
            holds &= figure("installed, cold: usable", median(one[1] for one in cold), "s", limit=COLD)
            figure("installed, cold: painted", median(one[0] for one in cold), "s")
        if options.epochs:
            trained(program, home, 1)  # the digits are drawn once
            turns = [[trained(one, home, options.epochs) for one in (program, SOURCE)] for _turn in range(5)]
            share = median(ours / theirs for ours, theirs in turns)
            holds &= figure("training: installed / source", share, "times", **{"at least": SPEED})
    screen.end()
    return 0 if holds or not options.check else 1


if __name__ == "__main__":
    sys.exit(main())
