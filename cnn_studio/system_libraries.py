"""Libraries that the window needs of a Linux system, and the command that installs them.

Only the standard library is used here: run.py reads this file by its path before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping

QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
"""What Qt is linked against, and the Debian package that has it."""

X_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
"""What Qt needs besides to show a window on an X display."""

SCREEN_PROGRAMS = {"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool"}
"""A screen without a monitor and hands to use it, by which tests use the window as people do, and their packages."""


def has_display() -> bool:
    """Whether there is a screen to open a window on, as far as one can tell without trying."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def display_answers() -> bool:
    """Whether the X display can be reached, where there is one and the system can be asked."""
    import ctypes

    display = os.environ.get("DISPLAY")
    if not display or not sys.platform.startswith("linux"):
        return True
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # a library that is missing is told of elsewhere
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode("utf-8", "surrogateescape"), None)
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)


FONT_PACKAGE = "fonts-dejavu-core"
"""Letters for every language of the studio, where a system has none."""


def has_fonts() -> bool:
    """Whether the system knows a font, as far as it can be asked."""
    import ctypes

    try:
        fontconfig = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return True
    fontconfig.FcConfigGetFonts.restype = ctypes.c_void_p
    fontconfig.FcConfigGetFonts.argtypes = [ctypes.c_void_p, ctypes.c_int]
    fontconfig.FcInit()
    found = fontconfig.FcConfigGetFonts(None, 0)
    return bool(found and ctypes.c_int.from_address(found).value)


def needed_libraries() -> Mapping[str, str]:
    """All that a window needs on the screen that there is, with the packages."""
    return {**QT_LIBRARIES, **(X_LIBRARIES if os.environ.get("DISPLAY") else {})}


def missing_packages(libraries: Mapping[str, str]) -> list[str]:
    """The packages of those libraries that cannot be loaded."""
    return [package for library, package in libraries.items() if not loads(library)]


def missing_for_journeys() -> list[str]:
    """The packages without which the tests cannot use the window as people do."""
    programs = [package for program, package in SCREEN_PROGRAMS.items() if not shutil.which(program)]
    return missing_packages({**QT_LIBRARIES, **X_LIBRARIES}) + programs


def loads(library: str) -> bool:
    """Whether the system finds a library and everything that the library needs."""
    import ctypes

    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_command(packages: Iterable[str]) -> list[str]:
    """The command by which Debian and its relatives install packages; root's right is needed."""
    return ["apt-get", "install", "-y", "--no-install-recommends", *packages]


def is_root() -> bool:
    """Whether this process may install packages."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
