"""What the studio needs of a machine, checked without loading anything heavy."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import NamedTuple

from cnn_studio import __version__, i18n, system_libraries
from cnn_studio.cli import requirements
from cnn_studio.core.settings import folders
from cnn_studio.i18n import N_, _, data_size, ngettext

OK, WARNING, PROBLEM = "ok", "warning", "problem"
STATUS_LABELS = {OK: N_("ok"), WARNING: N_("warning"), PROBLEM: N_("problem")}

OLDEST_PYTHON = (3, 11)
LITTLE_MEMORY = 2_000_000_000
LITTLE_DISK = 1_000_000_000
NO_DISK = 100_000_000

OPTIONAL = {
    "onnx": N_("ONNX files"),
    "audio": N_("sound files other than WAV"),
    "tensorboard": N_("runs in TensorBoard"),
    "camera": N_("the camera"),
}
"""What the optional parts are for."""


class Check(NamedTuple):
    """One thing looked at.

    Attributes:
        name: what it is, in the reader's language.
        status: "ok"; "warning": the studio works, but not as well; "problem": something necessary is missing.
        words: what was found.
        mend: the command that mends it, or "".
    """

    name: str
    status: str
    words: str
    mend: str = ""


def all_checks(thorough: bool) -> Iterator[Check]:
    """Every check in order; ``thorough`` also starts each large library once."""
    if is_built():
        yield Check("CNN Studio", OK, f"{__version__} ({sys.executable})")
    else:
        yield python()
        yield from packages()
        yield window_pair()
    if sys.platform.startswith("linux"):
        yield qt_libraries()
        yield display()
        yield fonts()
    yield from own_folders()
    yield memory()
    yield threads()
    yield texts()
    yield from own_parts()
    if thorough:
        if not is_built():
            yield from libraries_start()
        yield from quick_self_test()


def is_built() -> bool:
    """Whether this is the program that carries its own Python, in which nothing can be missing that pip could bring."""
    return bool(getattr(sys, "frozen", False))


def python() -> Check:
    """The Python that runs the studio."""
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        return Check(
            "Python", PROBLEM, _("{found}, but {wanted} or newer is needed").format(found=found, wanted=wanted)
        )
    return Check("Python", OK, f"{found} ({sys.executable})")


def packages() -> Iterator[Check]:
    """The packages that are necessary, one by one, and in one line those for optional parts."""
    try:
        needed = requirements.needs()
    except PackageNotFoundError:
        yield Check(_("Packages"), WARNING, _("the studio is not installed as a package, so its needs are not known"))
        return
    optional: list[requirements.Need] = []
    for need in needed:
        if need.extra:
            optional.append(need)
        else:
            yield package(need)
    if optional:
        yield optional_packages(optional)


def package(need: requirements.Need) -> Check:
    """One necessary package."""
    version = requirements.installed(need.name)
    mend = pip_install(need.name + need.wanted)
    if version is None:
        return Check(need.name, PROBLEM, _("not installed; needed: {wanted}").format(wanted=need.wanted), mend)
    if not need.accepts(version):
        found = _("{version}, but needed: {wanted}").format(version=version, wanted=need.wanted)
        return Check(need.name, PROBLEM, found, mend)
    return Check(need.name, OK, version)


def optional_packages(needs: list[requirements.Need]) -> Check:
    """What the optional parts need: nothing is wrong when it is not there."""
    missing = [
        need for need in needs if (version := requirements.installed(need.name)) is None or not need.accepts(version)
    ]
    name = _("Optional packages")
    if not missing:
        return Check(name, OK, _("all installed"))
    extras = dict.fromkeys(need.extra for need in missing)
    purposes = ", ".join(_(OPTIONAL[extra]) if extra in OPTIONAL else extra for extra in extras)
    mend = pip_install(*(need.name + need.wanted for need in missing))
    return Check(name, OK, _("not installed, needed only for: {purposes}").format(purposes=purposes), mend)


def pip_install(*packages: str) -> str:
    """The command that installs packages for this Python."""
    return shlex.join([sys.executable, "-m", "pip", "install", *packages])


def window_pair() -> Check:
    """PySide6 6.12 on Python before 3.12 loses references until the process dies; some pairs with pyqtgraph fail too."""
    name = _("Qt and Python")
    version, plots = requirements.installed("PySide6-Essentials"), requirements.installed("pyqtgraph")
    if version is None:
        return Check(name, PROBLEM, _("PySide6 is not installed"), pip_install("PySide6-Essentials<6.12"))
    pair = {"qt": version, "python": ".".join(map(str, sys.version_info[:2])), "plots": plots or ""}
    numbers = requirements.numbers(version)
    if numbers >= (6, 12) and sys.version_info[:2] < (3, 12):
        words = _("PySide6 {qt} makes Python {python} crash after some minutes").format(**pair)
        return Check(name, PROBLEM, words, pip_install("PySide6-Essentials<6.12"))
    if numbers[:3] in ((6, 9, 1), (6, 9, 2)):
        words = _("PySide6 {qt} does not work with pyqtgraph").format(**pair)
        return Check(name, PROBLEM, words, pip_install("PySide6-Essentials>=6.9.3,<6.12"))
    if plots and numbers >= (6, 10) and requirements.numbers(plots) < (0, 14):
        words = _("PySide6 {qt} needs pyqtgraph 0.14 or newer, and this is {plots}").format(**pair)
        return Check(name, PROBLEM, words, pip_install("pyqtgraph>=0.14"))
    return Check(name, OK, _("PySide6 {qt} and Python {python} go together").format(**pair))


def qt_libraries() -> Check:
    """Libraries of the system without which no window opens."""
    missing = system_libraries.missing_packages(system_libraries.needed_libraries())
    name = _("System libraries")
    if not missing:
        return Check(name, OK, _("all that the window needs are there"))
    words = ngettext(
        "{n} that the window needs is missing: {packages}",
        "{n} that the window needs are missing: {packages}",
        len(missing),
    ).format(n=len(missing), packages=", ".join(missing))
    command = shlex.join(system_libraries.install_command(missing))
    mend = command if system_libraries.is_root() else f"sudo {command}"
    return Check(name, PROBLEM, words, mend)


def display() -> Check:
    """Whether there is a screen to open a window on."""
    name = _("Screen")
    found = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    if found and (os.environ.get("WAYLAND_DISPLAY") or system_libraries.display_answers()):
        return Check(name, OK, found)
    if found:
        words = _("{display} does not answer, so no window can open; every command of the terminal works without")
        return Check(name, WARNING, words.format(display=found))
    words = _("none here, so no window can open; every command of the terminal works without")
    return Check(name, WARNING, words)


def fonts() -> Check:
    """Whether there are letters to write with."""
    name = _("Fonts")
    if system_libraries.has_fonts():
        return Check(name, OK, _("there are some"))
    command = shlex.join(system_libraries.install_command([system_libraries.FONT_PACKAGE]))
    mend = command if system_libraries.is_root() else f"sudo {command}"
    return Check(name, PROBLEM, _("there are none, so the window cannot show a single letter"), mend)


def own_folders() -> Iterator[Check]:
    """The folders of the studio can be written, and there is room."""
    places = folders()
    yield writable(_("Settings folder"), places.config)
    yield writable(_("Data folder"), places.data)
    yield writable(_("Folder for what can be fetched again"), places.cache)
    yield writable(_("Log folder"), places.state)
    yield disk(places.data)


def nearest_existing(path: Path) -> Path:
    """The path itself, or what there is of it."""
    return next((place for place in (path, *path.parents) if place.exists()), Path(path.anchor))


def can_write(folder: Path) -> bool:
    """Whether a file can be made there; asking for permissions is not enough where the disk itself says no."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def writable(name: str, folder: Path) -> Check:
    """One folder, which need not exist yet."""
    existing = nearest_existing(folder)
    if existing.is_dir() and can_write(existing):
        return Check(name, OK, str(folder))
    if existing.is_dir() and is_read_only(existing):
        words = _("the disk with {folder} can only be read; CNN_STUDIO_HOME may name a folder elsewhere")
        return Check(name, PROBLEM, words.format(folder=existing))
    if existing.is_dir():
        mend = shlex.join(["chmod", "u+rwx", str(existing)])
        return Check(name, PROBLEM, _("nothing can be written into {folder}").format(folder=existing), mend)
    return Check(name, PROBLEM, _("{file} is not a folder").format(file=existing))


def is_read_only(folder: Path) -> bool:
    """Whether the disk refuses everything, whatever the permissions are."""
    if not hasattr(os, "statvfs"):
        return False
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def disk(folder: Path) -> Check:
    """Room on the disk that holds the data."""
    free = shutil.disk_usage(nearest_existing(folder)).free
    words = _("{size} free").format(size=data_size(free))
    status = PROBLEM if free < NO_DISK else WARNING if free < LITTLE_DISK else OK
    return Check(_("Disk"), status, words)


def total_memory() -> int | None:
    """Bytes of memory that this process may use, or None when the system does not tell."""
    try:
        found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            found = min(found, int(Path(limit).read_text(encoding="ascii")))
        except (OSError, ValueError):  # no such limit, or "max"
            continue
    return found


def memory() -> Check:
    """Memory for training."""
    name, total = _("Memory"), total_memory()
    if total is None:
        return Check(name, OK, _("the system does not tell"))
    if total < LITTLE_MEMORY:
        words = _("{size}: enough for small networks only").format(size=data_size(total))
        return Check(name, WARNING, words)
    return Check(name, OK, data_size(total))


def threads() -> Check:
    """Threads that may run at the same time."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    words = ngettext("{n} thread", "{n} threads", count).format(n=count)
    if count == 1:
        words = _("{threads}: while training, the window will answer slowly").format(threads=words)
    return Check(_("Processor"), OK if count > 1 else WARNING, words)


def texts() -> Check:
    """The language, and whether the terminal can write it."""
    encoding = sys.stdout.encoding or "ascii"
    words = _("{language}, {encoding}").format(language=i18n.languages()[i18n.language()], encoding=encoding)
    try:
        "×·ñó²“”→".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        mend = "export LC_ALL=C.UTF-8"
        lacks = _("{found}: this terminal lacks some signs, which are replaced").format(found=words)
        return Check(_("Texts"), WARNING, lacks, mend)
    return Check(_("Texts"), OK, words)


def libraries_start() -> Iterator[Check]:
    """Loads each large library in a process of its own, as the studio will."""
    for module in ("numpy", "PIL.Image", "torch", "PySide6.QtWidgets", "pyqtgraph"):
        command = [sys.executable, "-P", "-c", f"import {module}"]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, env=environment)
        name = _("Loading {module}").format(module=module)
        if done.returncode == 0:
            yield Check(name, OK, _("works"))
        else:
            last = done.stderr.strip().splitlines()
            yield Check(name, PROBLEM, last[-1] if last else _("it ended with status {n}").format(n=done.returncode))


def own_parts() -> Iterator[Check]:
    """The files that come with the studio are there."""
    from cnn_studio.engine.self_test.resources import resources

    problems = [trial for trial in resources() if trial.problem]
    for trial in problems:
        yield Check(_("Files of the studio"), PROBLEM, f"{trial.name}: {trial.problem}", reinstall())
    if not problems:
        yield Check(_("Files of the studio"), OK, _("all there"))


def reinstall() -> str:
    """The command that brings the studio's own files again, or "" where that is a matter of the installer."""
    return "" if is_built() else pip_install("--force-reinstall", "--no-deps", requirements.PACKAGE)


def quick_self_test() -> Iterator[Check]:
    """The quick form of ``--self-test``: what does not work, or that everything does."""
    from cnn_studio.cli.self_test import QUICK, asked

    trials = asked(QUICK)
    for trial in trials:
        if trial.problem:
            yield Check(_("Self-test"), PROBLEM, f"{trial.name}: {trial.problem}")
    if not any(trial.problem for trial in trials):
        passed = ngettext("{n} trial passed", "{n} trials passed", len(trials)).format(n=len(trials))
        yield Check(_("Self-test"), OK, passed)
