"""What the built program carries, and what of the libraries it leaves out. The spec of PyInstaller reads this."""

from __future__ import annotations

import fnmatch
import importlib
import pkgutil
import sys
from collections.abc import Iterable
from pathlib import Path

from cnn_studio import i18n
from tools.freeze.elf import linked_with

PACKAGE = "cnn_studio"
ROOT = Path(__file__).resolve().parents[2]

Entry = tuple[str, str, str]
"""Where a file goes, where it is, and what PyInstaller takes it for."""

UNUSED_MODULES = (
    "tkinter", "IPython", "pytest", "_pytest", "hypothesis", "mypy", "setuptools", "pip", "babel", "keras", "onnx",
    "onnxruntime", "onnxscript", "onnx_ir", "ml_dtypes", "google", "optree", "torchinfo", "matplotlib", "mpl_toolkits",
    "scipy", "pandas", "h5py", "cupy", "numba", "tensorboard", "tensorboardX", "pyqtgraph.examples", "pyqtgraph.opengl",
    "pyqtgraph.jupyter", "pyqtgraph.console", "pygments", "rich", "markdown_it", "tqdm", "PySide6.QtNetwork",
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtSql", "PySide6.QtDesigner", "PySide6.QtUiTools",
)  # fmt: skip
"""Modules that a library would use if they were there, and that the studio does not need."""

UNUSED_FILES = (
    # torch: programs and libraries of its tests, headers
    "torch/bin/*", "torch/include/*", "torch/share/*", "torch/test/*", "torch/lib/*_test.so", "torch/lib/*.a",
    "torch/lib/libaoti_custom_ops*", "torch/lib/libbackend_with_compiler*", "torch/lib/libshm_windows/*",
    # Qt: plugins for machines without a window system, for QML, data bases and GTK's dialogs (the portal has them too)
    "PySide6/Qt/plugins/egldeviceintegrations/*", "PySide6/Qt/plugins/generic/*", "PySide6/Qt/plugins/sqldrivers/*",
    "PySide6/Qt/plugins/networkinformation/*", "PySide6/Qt/plugins/tls/*", "PySide6/Qt/plugins/qmltooling/*",
    "PySide6/Qt/plugins/platforms/libq[elv]*", "PySide6/Qt/plugins/platforms/libqminimal*",
    "PySide6/Qt/plugins/platformthemes/libqgtk3*", "PySide6/Qt/plugins/imageformats/libqpdf*",
    "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboard*", "PySide6/Qt/plugins/virtualkeyboard/*",
    "PySide6/Qt/qml/*", "PySide6/Qt/lib/libQt6Pdf*", "PySide6/Qt/lib/libQt6Qml*", "PySide6/Qt/lib/libQt6Quick*",
    "PySide6/Qt/lib/libQt6VirtualKeyboard*", "PySide6/Qt/lib/libQt6Network*", "PySide6/Qt/lib/libQt6Sql*",
    "PySide6/Qt/lib/libQt6Egl*",
)  # fmt: skip
"""Where files go that the studio never opens, as patterns."""

UNREAD_SOURCES = ("ao", "distributed", "onnx", "testing", "_inductor", "_vendor")
"""Folders of torch whose program text nobody reads: they come as modules alone."""

NEEDED_FILES = ("torch/bin/torch_shm_manager", "torch/*/config*.py")
"""Exceptions: torch looks for them, or reads their text, when it is imported."""

SYSTEM_LIBRARIES = (
    "libstdc++.so*", "libgcc_s.so*", "libGL*.so*", "libEGL*.so*", "libX*.so*", "libxcb*.so*", "libxkb*.so*",
    "libwayland*.so*", "libdrm*.so*", "libglib-*.so*", "libgthread-*.so*", "libgobject-*.so*", "libgmodule-*.so*",
    "libgio-*.so*", "libdbus-*.so*", "libfontconfig.so*", "libfreetype.so*", "libgssapi*.so*",
)  # fmt: skip
"""Libraries that must be those of the Linux system that shows the window: its drivers and settings know only them."""


def modules() -> list[str]:
    """Every module of the studio: the registries find theirs by looking into folders, which no packager can see."""
    package = importlib.import_module(PACKAGE)
    return [PACKAGE, *(found.name for found in pkgutil.walk_packages(package.__path__, f"{PACKAGE}."))]


def resources() -> list[tuple[str, str]]:
    """The folder of resources as it is, with where it goes."""
    return [(str(ROOT / PACKAGE / "resources"), f"{PACKAGE}/resources")]


def is_unused(destination: str) -> bool:
    """Whether a file that goes there can be left out."""
    place = destination.replace("\\", "/")
    if any(fnmatch.fnmatchcase(place, pattern) for pattern in NEEDED_FILES):
        return False
    if place.endswith(".py") and place.startswith(tuple(f"torch/{name}/" for name in UNREAD_SOURCES)):
        return True
    unused = (*UNUSED_FILES, *SYSTEM_LIBRARIES) if sys.platform.startswith("linux") else UNUSED_FILES
    return any(fnmatch.fnmatchcase(place, pattern) for pattern in unused)


def kept(entries: Iterable[Entry]) -> list[Entry]:
    """The entries without those that are never opened, and without Qt's words in languages that the studio lacks."""
    return [
        (place, file, kind)
        for place, file, kind in entries
        if not is_unused(file if kind == "SYMLINK" else place) and not is_unused(place) and not _is_foreign(place)
    ]


def _is_foreign(destination: str) -> bool:
    place = Path(destination)
    ours = {f"qtbase_{code}.qm" for code in i18n.languages()}
    return place.parent.name == "translations" and "PySide6" in place.parts and place.name not in ours


def needed(entries: Iterable[Entry]) -> list[Entry]:
    """Binaries of Linux without libraries at the top of the folder that no other one is linked with any more."""
    left = list(entries)
    links = {file: linked_with(Path(file).resolve()) for _place, file, kind in left if kind != "SYMLINK"}
    while True:
        wanted = {name for _place, file, _kind in left for name in links.get(file, ())}
        rest = [entry for entry in left if not _came_along(entry) or Path(entry[0]).name in wanted]
        if len(rest) == len(left):
            return left
        left = rest


def _came_along(entry: Entry) -> bool:
    """Whether it is there only because another one is linked with it."""
    place = Path(entry[0])
    return len(place.parts) == 1 and place.name.startswith("lib") and not place.name.startswith("libpython")
