"""The package for Debian and its relatives, made of the built folder with dpkg-deb."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from cnn_studio import __version__
from cnn_studio.system_libraries import QT_LIBRARIES, X_LIBRARIES
from tools.freeze import manual, pictures
from tools.freeze.elf import is_elf, linked_with, newest_glibc

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "cnn-studio"
HOME = Path("usr/lib") / PACKAGE
"""Where the program lies."""

OF_THE_C_LIBRARY = ("libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "libutil.so", "ld-linux")
PACKAGES = {
    **QT_LIBRARIES,
    **X_LIBRARIES,
    "libstdc++.so.6": "libstdc++6",
    "libgcc_s.so.1": "libgcc-s1",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libfreetype.so.6": "libfreetype6",
    "libdrm.so.2": "libdrm2",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb.so.1": "libxcb1",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""Libraries that the built program leaves to the system, and the packages that have them."""
RENAMED = {"libglib2.0-0": "libglib2.0-0 | libglib2.0-0t64"}
"""Packages with another name since Debian 13 and Ubuntu 24.04."""

DESCRIPTION = """\
build, train and look inside convolutional networks
 CNN Studio is for students of a first course on convolutional networks and
 for those who teach it. A network is built by pointing and clicking, learns
 before your eyes, can be looked into at any layer, and reads what you draw.
 .
 It needs neither Python nor a network connection nor a graphics processor.
"""


class UnknownLibraryError(Exception):
    """The program needs a library of the system that no package is known to have."""


def dependencies(folder: Path) -> list[str]:
    """The packages that a built folder needs of the system, by what its programs and libraries are linked with.

    Raises UnknownLibraryError.
    """
    binaries = [path for path in folder.rglob("*") if is_elf(path)]
    carried = {path.name for path in folder.rglob("*")}
    wanted: dict[str, str] = {}
    for path in binaries:
        for library in linked_with(path):
            if library not in carried and not library.startswith(OF_THE_C_LIBRARY):
                wanted.setdefault(library, path.name)
    unknown = [f"{library} (for {user})" for library, user in sorted(wanted.items()) if library not in PACKAGES]
    if unknown:
        raise UnknownLibraryError(f"no package is known to have {', '.join(unknown)}: add it to {__name__}.PACKAGES")
    found = sorted({PACKAGES[library] for library in wanted})
    return ["libc6 (>= {}.{})".format(*newest_glibc(binaries)), *(RENAMED.get(name, name) for name in found)]


def control(needs: Iterable[str], architecture: str, kilobytes: int) -> str:
    """What the package says of itself."""
    fields: Mapping[str, object] = {
        "Package": PACKAGE,
        "Version": __version__,
        "Section": "education",
        "Priority": "optional",
        "Architecture": architecture,
        "Maintainer": "CNN Studio contributors <cnn-studio@localhost>",
        "Installed-Size": kilobytes,
        "Depends": ", ".join(needs),
        "Recommends": "shared-mime-info, desktop-file-utils, xdg-desktop-portal",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items()) + f"Description: {DESCRIPTION}"


def make_tree(built: Path, tree: Path) -> None:
    """All files of the package in their places; those of the program are linked, not copied, where that can be.

    Nothing has to be done when it is installed or removed: that a kind of file, an icon or an entry in the menu has
    come or gone, Debian's own triggers see.
    """
    shutil.copytree(built, tree / HOME, symlinks=True, copy_function=linked)
    start = tree / "usr/bin" / PACKAGE
    start.parent.mkdir(parents=True)
    start.symlink_to(os.path.relpath(tree / HOME / PACKAGE, start.parent))
    linux = ROOT / "packaging" / "linux"
    _put(linux / "cnn-studio.desktop", tree / "usr/share/applications")
    _put(linux / "cnn-studio.xml", tree / "usr/share/mime/packages")
    pictures.write_theme(tree / "usr/share/icons/hicolor")
    for language in manual.languages():
        place = tree / "usr/share/man" / ("" if language == "en" else language) / "man1" / f"{PACKAGE}.1.gz"
        place.parent.mkdir(parents=True)
        place.write_bytes(gzip.compress(manual.page(language).encode("utf-8"), mtime=0))
    documents = tree / "usr/share/doc" / PACKAGE
    documents.mkdir(parents=True)
    shutil.copy(ROOT / "LICENSE", documents / "copyright")
    changes = (ROOT / "CHANGELOG.md").read_bytes()
    (documents / "changelog.gz").write_bytes(gzip.compress(changes, mtime=0))


def _put(file: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, folder)


def linked(source: str, target: str) -> None:
    """Lays a file at another place too, without copying it where that can be."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # another disk
        shutil.copy2(source, target, follow_symlinks=False)


def size_of(folder: Path) -> int:
    """Bytes that a folder takes on a disk."""
    return sum(-(-path.lstat().st_size // 4096) * 4096 for path in folder.rglob("*"))


def make_package(built: Path, work: Path, target: Path) -> Path:
    """Write the package; the path of its file."""
    tree = work / "debian"
    shutil.rmtree(tree, ignore_errors=True)
    make_tree(built, tree)
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or (os.access(path, os.X_OK) and _runs(path)) else 0o644)
    architecture = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    name = architecture.stdout.strip()
    kilobytes = size_of(tree) // 1024
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN" / "control").write_text(control(dependencies(built), name, kilobytes), encoding="utf-8")
    (tree / "DEBIAN").chmod(0o755)
    file = target / f"{PACKAGE}_{__version__}_{name}.deb"
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--build", str(tree), str(file)], check=True)
    shutil.rmtree(tree)
    return file


def _runs(path: Path) -> bool:
    """Whether it is a program, not a library or a text that happened to be marked as one."""
    return is_elf(path) and ".so" not in path.name
