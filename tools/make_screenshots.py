#!/usr/bin/env python3
"""Takes the pictures of the window in docs/screenshots, and cuts those of the guide out of them. Needs no screen.

python tools/make_screenshots.py                       all of them
python tools/make_screenshots.py lenet5 code           some scenes
python tools/make_screenshots.py --parts               only cut out those of the guide anew
python tools/make_screenshots.py --theme dark --language es --scale 2 --out /tmp/pictures

A scene is a function in a module of tools/screenshots/; it is found by itself. Pictures are named
SCENE-THEME-LANGUAGE.png, with @2x where two pixels stand for a point.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
FOLDER = ROOT / "docs" / "screenshots"
FONTS = ("Inter", "Noto Sans", "Cantarell", "Ubuntu", "Segoe UI", "DejaVu Sans")
"""The first of these that is there is used, so that pictures taken anywhere look alike."""


def main() -> int:
    """Take what is asked for: pictures of one sharpness in a process of their own each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenes", nargs="*")
    parser.add_argument("--theme", choices=("light", "dark"))
    parser.add_argument("--language", choices=("en", "es"))
    parser.add_argument("--scale", type=int, choices=(1, 2))
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--fonts", type=Path, help="folder of fonts to use besides those of the system")
    parser.add_argument("--parts", action="store_true", help="take none, only cut out those of the guide anew")
    options = parser.parse_args()
    if options.parts:
        return _cut()
    if options.scale is None:
        command = [sys.executable, __file__, *sys.argv[1:]]
        return max(subprocess.run([*command, "--scale", str(scale)], check=False).returncode for scale in (1, 2))
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"CNN_STUDIO_HOME": home, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(options.scale)}
        return _take(options)


def _cut() -> int:
    from tools.screenshots import parts

    for picture in sorted(FOLDER.glob("*.png")):
        if "@" not in picture.name:
            parts.cut(picture)
    return 0


def _take(options: argparse.Namespace) -> int:
    from PySide6.QtWidgets import QApplication

    import tools.screenshots
    from tools.screenshots import parts
    from tools.screenshots.stage import SCENES, take, write

    for module in pkgutil.iter_modules(tools.screenshots.__path__):
        importlib.import_module(f"tools.screenshots.{module.name}")
    unknown = set(options.scenes) - SCENES.keys()
    if unknown:
        print(f"no such scene: {', '.join(sorted(unknown))}; there are {', '.join(SCENES)}", file=sys.stderr)
        return 2
    app = QApplication(["cnn-studio"])
    _dress(app, options.fonts)
    from cnn_studio.gui.studio import Studio

    studio = Studio(app)
    for one in SCENES.values():
        if options.scenes and one.name not in options.scenes:
            continue
        for theme in one.themes:
            for language in one.languages:
                wanted = options.theme in (None, theme) and options.language in (None, language)
                asked = bool(options.theme and options.language)
                if not wanted or (options.scale == 2 and not asked and (theme, language) not in one.sharp):
                    continue
                name = f"{one.name}-{theme}-{language}{'@2x' if options.scale == 2 else ''}.png"
                size = write(take(studio, one, language, theme), options.out / name)
                print(f"{name:40} {size // 1024:5} kB", flush=True)
                if options.out == FOLDER and options.scale == 1:
                    parts.cut(options.out / name)
    studio.deleteLater()
    return 0


def _dress(app: object, fonts: Path | None) -> None:
    """Style and font of the program."""
    from PySide6.QtGui import QFont, QFontDatabase
    from PySide6.QtWidgets import QApplication

    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    for file in sorted(fonts.rglob("*.[ot]tf")) if fonts else ():
        QFontDatabase.addApplicationFont(str(file))
    found = next((name for name in FONTS if name in QFontDatabase.families()), app.font().family())
    app.setFont(QFont(found, app.font().pointSize()))


if __name__ == "__main__":
    sys.exit(main())
