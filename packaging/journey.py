#!/usr/bin/env python3
"""The main journey with the installed program, by somebody who has only a screen, a mouse and a keyboard.

    journey.py [PROGRAM]       on an X display with a session bus; clean_room.py sees to both

A network is built, learns the bundled digits, reads what is drawn, and is saved; then the terminal is asked about the
file. The program is the one that was installed: what it shows is read as a screen reader reads it (AT-SPI), and every
click and key is an event of the X server (XTEST). Needs xdotool, python3-gi and gir1.2-atspi-2.0.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

LAYERS = ("Input", "Convolution", "ReLU", "Max-pooling", "Flatten", "Dense", "Output")
SEVEN = ((0.25, 0.2), (0.45, 0.2), (0.75, 0.21), (0.6, 0.5), (0.47, 0.85))
"""A seven on a field of one by one."""
BETWEEN = 10
SOON, LONG = 60.0, 900.0
"""Seconds to wait for what a window shows, and for what a network learns."""
EPOCHS = 2
RIGHT = 0.85
"""Share of the digits that even so small a network must read in the end."""


class LostError(Exception):
    """The journey could not go on."""


def main(program: str) -> int:
    """The whole journey; 1 when it ended early."""
    os.environ["QT_LINUX_ACCESSIBILITY_ALWAYS_ON"] = "1"
    file = Path.home() / "my first network.cnnstudio"
    Atspi.init()
    process = subprocess.Popen([program])
    try:
        window = Window()
        told("the window is there")
        build(window)
        told("a network of seven layers is built")
        save(window, file)
        told(f"it is saved as {file.name}")
        learn(window, program)
        told("it has learned")
        draw(window)
        save(window)
        keys("ctrl+q")
        status = process.wait(SOON)
        if status:
            raise LostError(f"the program ended with status {status}")
        judge(program, file)
        told("the terminal says the same of the file")
    except (LostError, subprocess.SubprocessError, GLib.Error) as error:
        picture()
        print(f"lost: {error}", file=sys.stderr)
        return 1
    finally:
        if process.poll() is None:
            process.kill()
    return 0


def told(words: str) -> None:
    """How far it is."""
    print(words, flush=True)


def picture() -> None:
    """A picture of the screen, where there is a program that takes one."""
    if shutil.which("import"):
        subprocess.run(["import", "-window", "root", "journey.png"], check=False, capture_output=True)


# -- the screen --------------------------------------------------------------------------------------------------------


class Window:
    """What the program shows, as a screen reader is told of it."""

    def __init__(self) -> None:
        self.application = waited(self._application, "the program is there")
        waited(lambda: self.find(lambda one: one.get_role_name() == "frame"), "the window is there")

    @staticmethod
    def _application() -> Any:
        desktop = Atspi.get_desktop(0)
        found = [desktop.get_child_at_index(place) for place in range(desktop.get_child_count())]
        return next((one for one in found if one and one.get_name() == "cnn-studio"), None)

    def everything(self) -> Iterator[Any]:
        """Everything that there is, from the outside in."""
        self.application.clear_cache()
        waiting = [self.application]
        while waiting:
            one = waiting.pop(0)
            yield one
            try:
                waiting += [child for child in map(one.get_child_at_index, range(one.get_child_count())) if child]
            except GLib.Error:  # it has gone meanwhile
                continue

    def find(self, condition: Callable[[Any], bool]) -> Any:
        """The first thing of which something is so, or None."""
        for one in self.everything():
            try:
                if condition(one):
                    return one
            except GLib.Error:
                continue
        return None

    def called(self, end: str) -> Any:
        """The control whose name in the program ends like this, once it is seen."""

        def seen(one: Any) -> bool:
            return bool(one.get_accessible_id().endswith(end)) and one.get_extents(Atspi.CoordType.SCREEN).width > 0

        return waited(lambda: self.find(seen), f"{end} is seen")

    def click(self, end: str) -> None:
        """Click a control."""
        area = self.called(end).get_extents(Atspi.CoordType.SCREEN)
        xdotool("mousemove", area.x + area.width // 2, area.y + area.height // 2, "click", 1)

    def says(self, end: str) -> str:
        """What a control says: its name and what it is described with."""
        one = self.called(end)
        return f"{one.get_name()} {one.get_description()}"


def waited(question: Callable[[], Any], what: str, seconds: float = SOON) -> Any:
    """Ask until there is an answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for _event in range(100):  # what the program tells a screen reader must be heard
            if not GLib.MainContext.default().iteration(False):
                break
        try:
            if answer := question():
                return answer
        except GLib.Error:
            pass
        time.sleep(0.1)
    raise LostError(f"waited in vain until {what}")


def rested(seconds: float) -> None:
    """Look on for some time."""
    end = time.monotonic() + seconds
    waited(lambda: time.monotonic() > end, "some time has passed", 2 * seconds)


def xdotool(*words: object) -> None:
    """Move, click, press: events as mouse and keyboard make them."""
    subprocess.run(["xdotool", *map(str, words)], check=True)


def keys(*names: str) -> None:
    """Press keys."""
    xdotool("key", "--clearmodifiers", "--delay", 30, *names)


def write(text: str) -> None:
    """Write a text."""
    xdotool("type", "--clearmodifiers", "--delay", 30, text)


# -- the journey -------------------------------------------------------------------------------------------------------


def build(window: Window) -> None:
    """Seven layers by the keyboard, each after the one before; ten units for ten digits."""
    waited(lambda: window.find(lambda one: one.get_accessible_id().endswith("welcome.new")), "the first page is there")
    keys("ctrl+n")
    waited(lambda: window.find(lambda one: "Untitled" in one.get_name()), "the canvas is there")
    for count, name in enumerate(LAYERS, 1):
        keys("ctrl+l")
        write(name)
        keys("Return")
        waited(lambda count=count: window.called(".canvas").get_child_count() == count, f"{name} is there")  # type: ignore[misc]
        if name == "Dense":
            window.click("panel.properties.units.box")
            keys("ctrl+a")
            write("10")
            keys("Return")


def save(window: Window, file: Path | None = None) -> None:
    """Save; the first time under a name."""
    before = file.stat().st_mtime if file and file.exists() else 0.0
    keys("ctrl+s")
    if file is None:
        time.sleep(1.0)
        return
    waited(lambda: window.find(lambda one: one.get_role_name() in ("dialog", "file chooser")), "a name is asked for")
    keys("ctrl+a")
    write(str(file))
    keys("Return")
    waited(lambda: file.exists() and file.stat().st_mtime > before, "the file is there")


def learn(window: Window, program: str) -> None:
    """Train for two rounds through the data, then stop and keep what was learned."""
    keys("F5")

    def run() -> dict[str, Any]:
        rested(5.0)  # each question starts the program, which takes from the training
        runs = asked(program, "runs", "list")
        return dict(runs[0]) if runs else {}

    waited(lambda: run().get("epochs", 0) >= EPOCHS, "it has learned", LONG)
    window.click("run.stop")
    waited(lambda: run().get("state") in ("stopped", "done"), "the run has ended")


def draw(window: Window) -> None:
    """A seven, with the mouse; what the network takes it for."""
    window.click("rail.draw")
    area = window.called("panel.pad.paper").get_extents(Atspi.CoordType.SCREEN)
    side = min(area.width, area.height)
    middle = area.x + area.width / 2, area.y + area.height / 2
    way: list[tuple[float, float]] = [SEVEN[0]]
    for (x, y), (to_x, to_y) in pairwise(SEVEN):
        way += [(x + (to_x - x) * n / BETWEEN, y + (to_y - y) * n / BETWEEN) for n in range(1, BETWEEN + 1)]
    places = [(round(middle[0] + side * (x - 0.5)), round(middle[1] + side * (y - 0.5))) for x, y in way]
    moves = [word for place in places for word in ("mousemove", *place, "sleep", 0.01)]
    xdotool(*moves[:3], "mousedown", 1, "sleep", 0.05, *moves[3:], "mouseup", 1)
    answer = waited(lambda: answered(window.says("panel.probabilities.bars")), "the drawing is read")
    told(f"a seven was drawn, and read as: {answer}")
    if "7" not in answer:
        raise LostError(f"a seven was read as {answer}")


def answered(said: str) -> str:
    """What the panel says once a drawing was read."""
    return said.strip() if "%" in said else ""


def judge(program: str, file: Path) -> None:
    """The file holds what was built, without errors, and reads digits."""
    summary = asked(program, "summary", str(file))
    errors = [problem["message"] for problem in summary["problems"] if problem["severity"] == "error"]
    if errors:
        raise LostError(f"the file has errors: {errors}")
    score = asked(program, "evaluate", str(file), "--data", "digits")
    told(f"it reads {score['accuracy']:.1%} of the digits that it has not seen")
    if score["accuracy"] < RIGHT:
        raise LostError(f"only {score['accuracy']:.1%} of the digits are read")


def asked(program: str, *words: str) -> Any:
    """What a command answers."""
    done = subprocess.run([program, *words, "--json"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise LostError(f"{' '.join(words)}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:] or ["cnn-studio"])))
