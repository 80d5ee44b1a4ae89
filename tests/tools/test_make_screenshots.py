"""The pictures of the window that are shown are those of the scenes."""

from __future__ import annotations

import importlib
import pkgutil

from PIL import Image

import tools.screenshots
from tools.make_screenshots import FOLDER
from tools.screenshots import parts
from tools.screenshots.stage import SCENES

MOST_BYTES = 6_000_000


def expected() -> set[str]:
    for module in pkgutil.iter_modules(tools.screenshots.__path__):
        importlib.import_module(f"tools.screenshots.{module.name}")
    plain = {
        f"{one.name}-{look}-{code}.png" for one in SCENES.values() for look in one.themes for code in one.languages
    }
    return plain | {f"{one.name}-{look}-{code}@2x.png" for one in SCENES.values() for look, code in one.sharp}


def test_every_scene_has_its_pictures_and_every_picture_its_scene():
    assert {path.name for path in FOLDER.iterdir()} == expected()


def test_pictures_are_whole_and_together_not_large():
    for path in FOLDER.iterdir():
        size = SCENES[path.name.split("@")[0].removesuffix(".png").rsplit("-", 2)[0]].size
        scale = 2 if "@2x" in path.name else 1
        with Image.open(path) as picture:
            assert picture.size == (size.width() * scale, size.height() * scale), path.name
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= MOST_BYTES


def test_pictures_of_the_guide_are_parts_of_those_of_the_window():
    wanted = {
        f"{name}-{look}-{code}.png" for name in parts.PARTS for look in ("light", "dark") for code in ("en", "es")
    }
    assert {path.name for path in parts.FOLDER.iterdir()} == wanted
    for path in parts.FOLDER.iterdir():
        name, look, code = path.stem.rsplit("-", 2)
        scene, box = parts.PARTS[name]
        whole = FOLDER / f"{scene}-{look}-{code}.png"
        with Image.open(path) as part:
            assert part.size == (box[2] - box[0], box[3] - box[1])
            if whole.exists():
                with Image.open(whole) as window:
                    same = window.crop(box).convert("RGB").tobytes() == part.convert("RGB").tobytes()
                assert same, f"{path.name}: run tools/make_screenshots.py --parts"
