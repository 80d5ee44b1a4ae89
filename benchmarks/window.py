"""How soon the window is there, and how much memory it takes, beside a bare window of Qt. One JSON line a figure.

    python benchmarks/window.py [--check]      about a minute; --check ends with status 1 beyond a limit

Without a screen Qt's offscreen one is used. README.md beside this file explains the figures.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import cnn_studio
from cnn_studio.core.project import write_project
from cnn_studio.core.starters import open_starter

STARTS = 9
PACKAGE = Path(cnn_studio.__file__).parent

READY = """
import sys, time

def resident():
    for line in open("/proc/self/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    return 0

def measure(window):
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    QApplication.processEvents()
    if not window.windowHandle().isExposed():
        QTimer.singleShot(2, lambda: measure(window))
        return
    print(time.monotonic(), flush=True)
    QTimer.singleShot(700, lambda: (print(resident(), flush=True), window.close()))
"""

BARE = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
window.show()
QTimer.singleShot(0, lambda: measure(window))
app.exec()
"""

STUDIO = """
from cnn_studio.__main__ import main
import cnn_studio.gui.app as app

begin = app._run
def run(application, path, language):
    from PySide6.QtCore import QTimer
    from cnn_studio.gui.main_window import MainWindow
    name = "open_file" if path else "fill"
    done = getattr(MainWindow, name)
    def then(self, *arguments):
        setattr(MainWindow, name, done)
        done(self, *arguments)
        QTimer.singleShot(0, self, lambda: measure(self))
    setattr(MainWindow, name, then)
    return begin(application, path, language)
app._run = run
sys.exit(main(sys.argv[1:]))
"""


class Figure(NamedTuple):
    """One measured number and the most it may be."""

    benchmark: str
    value: float
    unit: str
    limit: float | None = None

    def line(self) -> str:
        """The figure as one line of JSON."""
        found = {"benchmark": self.benchmark, "value": round(self.value, 3), "unit": self.unit}
        return json.dumps(found | ({"limit": round(self.limit, 3)} if self.limit is not None else {}))


class Start(NamedTuple):
    """One start: seconds until the window can be used, and bytes of memory when it is idle."""

    seconds: float
    memory: int


def start(code: str, home: str, *arguments: str) -> Start:
    """Run one program to its end."""
    environment = {**os.environ, "CNN_STUDIO_HOME": home}
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-P", "-c", READY + code, *arguments]
    begun = time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    shown, memory = done.stdout.split()
    return Start(float(shown) - begun, int(memory))


def figures() -> list[Figure]:
    """Bare window, welcome page and open network, started in turn."""
    compileall.compile_dir(PACKAGE, quiet=2)
    sides: dict[str, list[Start]] = {"bare": [], "welcome": [], "network": []}
    with tempfile.TemporaryDirectory() as home:
        file = Path(home) / "lenet5.cnnstudio"
        write_project(open_starter("lenet5"), file)
        for number in range(STARTS + 1):
            found = (start(BARE, home), start(STUDIO, home), start(STUDIO, home, str(file)))
            if number:  # the first start reads everything from the disk
                for side, one in zip(sides.values(), found, strict=True):
                    side.append(one)
    bare = median(one.memory for one in sides["bare"]) / 1e6
    made = [Figure("bare window: shown", median(one.seconds for one in sides["bare"]), "s")]
    for name, title in (("welcome", "welcome page"), ("network", "LeNet-5 from its file")):
        side = sides[name]
        ratios = [one.seconds / other.seconds for one, other in zip(side, sides["bare"], strict=True)]
        made += [
            Figure(f"{title}: usable", median(one.seconds for one in side), "s", 1.0),
            Figure(f"{title}: usable / bare window shown", median(ratios), "times", 4.0),
            Figure(f"{title}: idle memory", median(one.memory for one in side) / 1e6, "MB", 1.5 * bare + 40),
        ]
    return [*made, Figure("bare window: idle memory", bare, "MB")]


def main() -> int:
    """Measure, print, and judge when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="end with status 1 when a figure is beyond its limit")
    check = parser.parse_args().check
    holds = True
    for figure in figures():
        print(figure.line(), flush=True)
        holds &= figure.limit is None or figure.value <= figure.limit
    return 0 if holds or not check else 1


if __name__ == "__main__":
    sys.exit(main())
