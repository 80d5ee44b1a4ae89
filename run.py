#!/usr/bin/env python3
"""Starts CNN Studio from a clone: makes its own environment in .venv, then runs the studio there.

    python3 run.py                               the window; without a screen, a tour of the terminal
    python3 run.py [arguments of cnn-studio]     use it
    python3 run.py test [--long] [pytest ...]    check it

Only the standard library is used here, so any Python 3 can say what is missing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

try:
    from cnn_studio.i18n import _, set_language, system_language
except Exception:

    def _(text: str) -> str:
        return text
else:
    set_language(system_language())

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "cnn-studio-installed.json"
OLDEST_PYTHON = (3, 11)
TOUR = Path("cnn-studio-tour")
DRAWINGS = ROOT / "cnn_studio" / "resources" / "drawings"


def _system_libraries() -> Any:
    """The part of the studio that knows them, which can be read before the studio is installed."""
    path = ROOT / "cnn_studio" / "system_libraries.py"
    spec = importlib.util.spec_from_file_location("cnn_studio_system_libraries", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


system_libraries = _system_libraries()


class NotPossibleError(Exception):
    """The work cannot be done; the message says why and what helps."""


def main(arguments: Sequence[str]) -> int:
    try:
        require_python()
        if arguments[:1] == ["test"]:
            return test(arguments[1:])
        prepare("")
        if arguments:
            return studio(arguments)
        if not system_libraries.has_display():
            return tour()
        require_libraries(system_libraries.needed_libraries())
        return studio(())
    except NotPossibleError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


# -- the environment ---------------------------------------------------------------------------------------------------


def require_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise NotPossibleError(
            _(
                "CNN Studio needs Python {needed} or newer, and this is Python {found}: start run.py with a newer one."
            ).format(needed="{}.{}".format(*OLDEST_PYTHON), found="{}.{}".format(*sys.version_info[:2]))
        )


def tool(name: str) -> str:
    """A program of the studio's own environment."""
    return str(ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin") / name)


def prepare(extra: str) -> None:
    """Makes the environment and installs what is not installed yet; quick when nothing has changed."""
    wanted = {"files": fingerprint(), "python": tool("python"), "extra": extra}
    installed = read_stamp()
    if shutil.which(tool("python")) and installed in (wanted, {**wanted, "extra": "dev"}):
        return
    if not os.access(ROOT, os.W_OK):
        raise NotPossibleError(
            _("Nothing can be written into {folder}: copy it to a place of your own.").format(folder=ROOT)
        )
    if not shutil.which(tool("python")) or run([tool("python"), "-c", "import pip"]):
        make_environment()
    STAMP.unlink(missing_ok=True)
    if installed.get("extra"):
        wanted["extra"] = extra = installed["extra"]
    install(f".[{extra}]" if extra else ".")
    run(
        [tool("python"), "-m", "compileall", "-q", str(ROOT / "cnn_studio")]
    )  # else the first start of each part is slow
    STAMP.write_text(json.dumps(wanted), encoding="utf-8")


def fingerprint() -> str:
    """Changes with what is to be installed."""
    content = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    return hashlib.sha256(content).hexdigest()


def read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def make_environment() -> None:
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        install_system_packages(
            ["python{}.{}-venv".format(*sys.version_info[:2])], _("This Python cannot make environments")
        )
    say(_("Making an environment for CNN Studio in .venv ..."))
    if run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]):
        raise NotPossibleError(
            _("The environment in {folder} could not be made; the reason stands above.").format(folder=ENVIRONMENT)
        )


def install(what: str) -> None:
    say(_("Installing what CNN Studio needs; the first time this takes some minutes ..."))
    pip = [tool("python"), "-m", "pip", "install", "--disable-pip-version-check"]
    if not sys.stderr.isatty():  # nobody watches the progress
        pip.append("--quiet")
    for _attempt in ("first", "second"):
        if run([*pip, "--constraint", "constraints.txt", "--editable", what]) == 0:
            return
    raise NotPossibleError(
        _(
            "The packages that CNN Studio needs could not be installed; pip's reason stands above.\n"
            "The first start needs a network connection and several GB of disk: with both, give the same command again."
        )
    )


# -- the system --------------------------------------------------------------------------------------------------------


def install_system_packages(packages: list[str], problem: str) -> None:
    """Installs Debian packages where that is allowed, or names the command that does."""
    command = system_libraries.install_command(packages)
    if not shutil.which("apt-get"):
        raise NotPossibleError(
            _("{problem}. Install with your system's tools what Debian calls: {packages}").format(
                problem=problem, packages=" ".join(packages)
            )
        )
    if not system_libraries.is_root():
        raise NotPossibleError(
            _("{problem}. This command helps: {command}").format(problem=problem, command=" ".join(["sudo", *command]))
        )
    say(_("{problem}: installing {packages} ...").format(problem=problem, packages=" ".join(packages)))
    for step in (["apt-get", "update", "-qq"], command):
        if run(step, DEBIAN_FRONTEND="noninteractive"):
            raise NotPossibleError(
                _("{problem}, and this command failed: {command}").format(problem=problem, command=" ".join(step))
            )


def require_libraries(libraries: Mapping[str, str]) -> None:
    """Those libraries of the system without which no window can be tested or shown."""
    if not sys.platform.startswith("linux"):
        return
    missing = system_libraries.missing_packages(libraries)
    if missing:
        install_system_packages(missing, _("Libraries that the window needs are missing"))


def provide_screen() -> None:
    """What the journeys of the tests need, where it may be installed; without it they are left out and say why."""
    missing = system_libraries.missing_for_journeys() if sys.platform.startswith("linux") else []
    if missing and system_libraries.is_root() and shutil.which("apt-get"):
        try:
            install_system_packages(missing, _("A screen without a monitor is missing"))
        except NotPossibleError as error:
            say(str(error))


# -- what it does ------------------------------------------------------------------------------------------------------


def studio(arguments: Sequence[str]) -> int:
    """Runs cnn-studio; -P keeps files of the current folder from being taken for libraries."""
    return subprocess.run([tool("python"), "-P", "-m", "cnn_studio", *arguments], check=False).returncode


def tour() -> int:
    """What the studio does, shown at the terminal: a network learns digits, reads drawings, and is written down."""
    try:
        TOUR.mkdir(exist_ok=True)
    except OSError as error:
        raise NotPossibleError(
            _("The folder {folder} cannot be made: {reason}").format(folder=TOUR.absolute(), reason=error.strerror)
        ) from error
    learned = str(unused(TOUR / "run"))
    drawings = [nearest(path) for path in sorted(DRAWINGS.glob("*.png"))]
    exports = {"report": "report.html", "pytorch": "quick_digits.py", "safetensors": "weights.safetensors"}
    steps = [
        ["train", "quick-digits", "--data", "digits", "--out", learned],
        ["predict", learned, *drawings, "--prepare", "drawing"],
        *(["export", learned, "--to", form, "-o", str(TOUR / name)] for form, name in exports.items()),
    ]
    for step in steps:
        say(f"\n$ cnn-studio {' '.join(step)}")
        if status := studio(step):
            return status
    print(_("\nThe report, for a browser: {file}").format(file=(TOUR / exports["report"]).absolute()))
    print(_("The network as PyTorch code, and what it learned: {folder}").format(folder=TOUR.absolute()))
    print(_("More: {command}").format(command="python3 run.py --help"))
    return 0


def nearest(path: Path) -> str:
    """A path as seen from the current folder."""
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive of a Windows machine
        return str(path)


def unused(path: Path) -> Path:
    """The path, or with the next number behind it where something is there."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}-{number}")
    return found


def test(arguments: Sequence[str]) -> int:
    """Every check, in order, each run even if one before it failed; then what passed."""
    require_libraries(system_libraries.QT_LIBRARIES)
    provide_screen()
    prepare("dev")
    results = []
    for name, command in checks(arguments):
        say(f"\n== {name}")
        results.append((name, run(command, LC_ALL="C.UTF-8") == 0))
    print()
    for name, passed in results:
        print(f"{'passed' if passed else 'FAILED'}  {name}")
    return 0 if all(passed for _name, passed in results) else 1


def checks(arguments: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Name and command of each check. Coverage is judged when no tests are picked."""
    tests = [tool("pytest"), "-n", "2", *arguments]
    found = [
        ("style", [tool("ruff"), "check", "."]),
        ("format", [tool("ruff"), "format", "--check", "."]),
        ("types", [tool("mypy")]),
        ("imports", [tool("lint-imports")]),
        ("translations", [tool("python"), "tools/translations.py", "check"]),
    ]
    if all(argument == "--long" for argument in arguments):
        core = ["--include=cnn_studio/core/*", "--fail-under=100"]
        found.append(("tests", [*tests, "--cov", "--cov-report="]))
        found.append(("coverage of the core", [tool("coverage"), "report", *core]))
    else:
        found.append(("tests", tests))
    return found


def run(command: Sequence[str], **variables: str) -> int:
    """Exit status of a command that works in the repository and tells about it on standard error."""
    environment = {**os.environ, **variables}
    return subprocess.run(command, check=False, cwd=ROOT, stdout=sys.stderr, env=environment).returncode


def say(text: str) -> None:
    """Words about the work go to standard error: standard output holds what was asked for."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
