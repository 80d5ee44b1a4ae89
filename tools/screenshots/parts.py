"""The pictures of the guide: parts of the pictures of the window, which have the size at which they are read."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "cnn_studio" / "resources" / "guide" / "pictures"

_MIDDLE = (339, 74, 1280, 696)
_BELOW = (86, 520, 980, 696)

PARTS: dict[str, tuple[str, tuple[int, int, int, int]]] = {
    "draw": ("draw", _MIDDLE),
    "problem": ("problem", (339, 208, 980, 692)),
    "training": ("training", (86, 74, 980, 696)),
    "properties": ("properties", (980, 74, 1280, 558)),
    "googlenet-folded": ("googlenet-folded", (339, 110, 980, 520)),
    "data": ("data", (86, 74, 1280, 696)),
    "plan": ("plan", (980, 74, 1280, 560)),
    "curves": ("training", _BELOW),
    "confusion": ("confusion", _BELOW),
    "inside": ("inside", (86, 74, 1280, 696)),
    "code": ("code", (339, 520, 980, 696)),
}
"""By name: from which scene, and the left, upper, right and lower edge."""


def cut(picture: Path, folder: Path = FOLDER) -> list[Path]:
    """Write the parts of one picture of the window, with the colours that it has."""
    wanted, look, language = picture.stem.rsplit("-", 2)
    found = [(folder / f"{name}-{look}-{language}.png", box) for name, (scene, box) in PARTS.items() if scene == wanted]
    for part, box in found:
        folder.mkdir(parents=True, exist_ok=True)
        with Image.open(picture) as whole:
            whole.crop(box).save(part, optimize=True)
    return [part for part, _box in found]
