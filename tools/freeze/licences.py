"""The licences of all that the built program carries, gathered from the packages themselves."""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution, packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = "cnn-studio"
RULE = "=" * 80
QT = """\
Qt and PySide6 (shiboken6, PySide6-Essentials): GNU Lesser General Public License, version 3. Their libraries are
separate files in the folder PySide6 beside this one, and may be replaced by others of the same interface. Their source
text is offered by the Qt Project, https://www.qt.io."""
_FILE = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)


def licences(modules: Iterable[str]) -> str:
    """The licences of the packages to which these modules belong, of Python and of Qt."""
    parts = [f"CNN Studio carries these other works.\n\nPython {sys.version.split()[0]}\n\n{_of_python()}", QT]
    parts += [(ROOT / "packaging" / "licences" / name).read_text("utf-8") for name in ("LGPL-3.0.txt", "GPL-3.0.txt")]
    parts += [_of(one) for one in packages(modules)]
    return f"\n\n{RULE}\n\n".join(part.strip() for part in parts) + "\n"


def packages(modules: Iterable[str]) -> list[Distribution]:
    """The packages to which modules belong, by name."""
    known = packages_distributions()
    names = {name for module in modules for name in known.get(module.partition(".")[0], ())}
    return [distribution(name) for name in sorted(names, key=str.lower) if name.lower() != OURS]


def _of(package: Distribution) -> str:
    said = [*(package.metadata.get_all("License-Expression") or ()), *(package.metadata.get_all("License") or ()), ""]
    licence = said[0].partition("\n")[0]
    texts = "\n\n".join(_texts(package))
    return f"{package.name} {package.version}{': ' + licence if licence else ''}\n\n{texts}".strip()


def _texts(package: Distribution) -> Iterator[str]:
    for file in package.files or ():
        if ".dist-info" in file.parts[0] and _FILE.search(file.name):
            path = Path(str(package.locate_file(file)))
            if path.is_file():
                yield path.read_text("utf-8", "replace").strip()


def _of_python() -> str:
    for folder in (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)):
        for name in ("LICENSE.txt", "LICENSE"):
            if (folder / name).is_file():
                return (folder / name).read_text("utf-8", "replace")
    return "Python Software Foundation License, version 2"
