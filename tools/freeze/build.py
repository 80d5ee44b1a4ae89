"""Builds the program that needs no Python, tries it, and makes the packages of the system that it is built on."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cnn_studio import __version__
from tools.freeze import debian, pictures

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "cnn-studio"
LARGEST_PACKAGE, LARGEST_FOLDER = 230_000_000, 800_000_000
"""Bytes that the package for Debian and what it installs may have at most, with torch for processors alone."""


class BuildError(Exception):
    """Something could not be built; the message says what."""


def main(argv: Sequence[str] | None = None) -> int:
    """Builds what is asked for; 1 when that is not possible, or when what was built does not work."""
    options = parser().parse_args(argv)
    try:
        built = options.work / "program" / PROGRAM
        if not options.packages_only:
            built = freeze(options.work)
        elif not built.is_dir():
            raise BuildError(f"nothing is built in {built} yet: leave --packages-only out")
        if not options.untried:
            self_test(built)
        for file in packages(options, built):
            print(f"{file.stat().st_size / 1e6:8.1f} MB  {file}")
        size = debian.size_of(built)
        print(f"{size / 1e6:8.1f} MB  {built}")
        if not options.gpu and size > LARGEST_FOLDER:
            raise BuildError(f"the program takes more than {LARGEST_FOLDER / 1e6:.0f} MB")
    except (BuildError, debian.UnknownLibraryError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="packaging/build.py", description=__doc__)
    made.add_argument("--deb", action="store_true", help="a package for Debian, Ubuntu and their relatives")
    made.add_argument("--tar", action="store_true", help="an archive to unpack anywhere on Linux")
    made.add_argument("--appimage", action="store_true", help="one file for any Linux; needs appimagetool")
    made.add_argument("--installer", action="store_true", help="a setup program; on Windows, needs Inno Setup")
    made.add_argument("--dmg", action="store_true", help="a disk image; on macOS, needs dmgbuild")
    made.add_argument("--packages-only", action="store_true", help="of what was built before")
    made.add_argument("--untried", action="store_true", help="without the self-test of what was built")
    made.add_argument("--gpu", action="store_true", help="torch is one for GPUs: there is no limit to the size")
    made.add_argument("--output", type=Path, default=ROOT / "dist", help="where packages go (dist)")
    made.add_argument(
        "--work", type=Path, default=ROOT / "build" / "package", help="where the rest goes (build/package)"
    )
    return made


def freeze(work: Path) -> Path:
    """The folder with the program, its Python and its libraries."""
    pictures.write_icons(work / "icons")
    target = work / "program"
    shutil.rmtree(target, ignore_errors=True)
    command = [
        sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "--distpath", str(target),
        "--workpath", str(work / "pyinstaller"), str(ROOT / "packaging" / "cnn-studio.spec"),
    ]  # fmt: skip
    run(command, {"PYTHONPATH": str(ROOT), "CNN_STUDIO_ICONS": str(work / "icons")})
    pythons = [str(path) for path in (target / PROGRAM / "_internal").glob("libpython*.so*")]
    if pythons and shutil.which("strip"):  # a Python that was made here keeps what only a debugger reads
        run(["strip", "--strip-unneeded", *pythons])
    return target / PROGRAM


def run(command: Sequence[str], variables: Mapping[str, str] | None = None) -> None:
    """Carries out a command. Raises CalledProcessError."""
    print("$", *command, file=sys.stderr, flush=True)
    subprocess.run(command, check=True, env={**os.environ, **(variables or {})})


def program_in(built: Path) -> Path:
    """The program in its folder."""
    return built / (f"{PROGRAM}.exe" if sys.platform == "win32" else PROGRAM)


def self_test(built: Path) -> None:
    """What was built does all its work, and has as many kinds of everything as the source. Raises BuildError."""
    ours = trials([sys.executable, "-m", "cnn_studio", "--self-test=quick", "--json"])
    theirs = trials([str(program_in(built)), "--self-test", "--json"])
    problems = [f"{one['name']}: {one['problem']}" for one in theirs if one["problem"]]
    if problems:
        raise BuildError("the built program does not work:\n" + "\n".join(problems))
    here, there = counts(ours), counts(theirs)
    if here != there:
        lost = {name: (count, there.get(name, 0)) for name, count in here.items() if count != there.get(name, 0)}
        raise BuildError(f"the built program has not everything (source, built): {lost}")
    lacking = {path for path in resources(ROOT) if path not in resources(built / "_internal")}
    if lacking:
        raise BuildError(f"files are missing in the built program: {', '.join(sorted(lacking))}")
    print(f"the built program passed {len(theirs)} trials", file=sys.stderr)


def trials(command: Sequence[str]) -> list[dict[str, Any]]:
    """The trials of a self-test. Raises BuildError when there is no answer."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["trials"]
    except (ValueError, KeyError):
        raise BuildError(f"{command[0]} ended with status {done.returncode}: {done.stderr.strip()}") from None
    return found


def counts(tried: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many kinds of everything there are."""
    return {name: count for one in tried for name, count in one["counts"].items()}


def resources(root: Path) -> set[str]:
    """The files that come with the studio below a folder."""
    folder = root / "cnn_studio" / "resources"
    hidden = {"__pycache__", "__init__.py"}
    return {path.relative_to(root).as_posix() for path in folder.rglob("*") if path.is_file() and path.name not in hidden
            and "__pycache__" not in path.parts}  # fmt: skip


# -- packages ----------------------------------------------------------------------------------------------------------


def packages(options: argparse.Namespace, built: Path) -> list[Path]:
    """Writes the packages that were asked for. Raises BuildError."""
    makers = {"deb": deb, "tar": archive, "appimage": appimage, "installer": installer, "dmg": disk_image}
    options.output.mkdir(parents=True, exist_ok=True)
    return [make(built, options) for name, make in makers.items() if getattr(options, name)]


def deb(built: Path, options: argparse.Namespace) -> Path:
    """The package for Debian."""
    needs_tool("dpkg-deb", "it comes with Debian and Ubuntu")
    file = debian.make_package(built, options.work, options.output)
    if not options.gpu and file.stat().st_size > LARGEST_PACKAGE:
        raise BuildError(f"{file} is larger than {LARGEST_PACKAGE / 1e6:.0f} MB")
    return file


def archive(built: Path, options: argparse.Namespace) -> Path:
    """An archive with one folder: the program and what a person should read."""
    name = f"{PROGRAM}-{__version__}-linux-{platform.machine()}"
    tree = options.work / name
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(built, tree, symlinks=True, copy_function=debian.linked)
    for file in (ROOT / "LICENSE", ROOT / "packaging" / "linux" / "README.txt"):
        shutil.copy(file, tree)
    target: Path = options.output / f"{name}.tar.xz"
    owner = ["--owner=0", "--group=0", "--numeric-owner", "--sort=name"]
    run(["tar", *owner, "-C", str(tree.parent), "-I", "xz -6 -T0", "-cf", str(target), name])
    shutil.rmtree(tree)
    return target


def appimage(built: Path, options: argparse.Namespace) -> Path:
    """One file that runs on any Linux."""
    needs_tool("appimagetool", "https://appimage.org")
    target: Path = options.output / f"{PROGRAM}-{__version__}-{platform.machine()}.AppImage"
    script = ROOT / "packaging" / "linux" / "appimage.sh"
    pictures.write_theme(options.work / "icons" / "hicolor")
    run(["sh", str(script), str(built), str(options.work), str(target)])
    return target


def installer(built: Path, options: argparse.Namespace) -> Path:
    """The setup program for Windows."""
    needs_tool("iscc", "https://jrsoftware.org/isinfo.php")
    script = ROOT / "packaging" / "windows" / "cnn-studio.iss"
    defined = {"Version": __version__, "Built": built, "Icons": options.work / "icons", "Output": options.output}
    run(["iscc", *(f"/D{name}={value}" for name, value in defined.items()), str(script)])
    return Path(options.output) / f"{PROGRAM}-{__version__}-setup.exe"


def disk_image(built: Path, options: argparse.Namespace) -> Path:
    """The disk image for macOS, signed and notarized where the environment says with what."""
    script = ROOT / "packaging" / "macos" / "package.sh"
    target: Path = options.output / f"{PROGRAM}-{__version__}-{platform.machine()}.dmg"
    run(["sh", str(script), str(built.parent / "CNN Studio.app"), str(target)])
    return target


def needs_tool(name: str, where: str) -> None:
    """Raises BuildError without it."""
    if shutil.which(name) is None:
        raise BuildError(f"{name} is not installed ({where})")
