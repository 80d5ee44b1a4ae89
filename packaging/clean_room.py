#!/usr/bin/env python3
"""Installs, uses and removes the package on a system that has nothing else: a clean room made by debootstrap.

    packaging/clean_room.py FILE.deb [--suite bookworm] [--keep FOLDER]     the package, as a person uses it
    packaging/clean_room.py --source [--suite bookworm] [--keep FOLDER]     a fresh clone, with python3 run.py and its checks

To be run by root on Debian or Ubuntu with debootstrap; the mirror is the one that apt uses here. With --keep the bare
system is kept in a folder, and copied from there the next time. ``pytest --long tests/tools/test_clean_room.py`` runs
the first of these for every package in dist/.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PERSON = "person"
PACKAGE = "cnn-studio"
HANDS = (
    "xvfb", "openbox", "xdotool", "dbus", "at-spi2-core", "python3-gi", "gir1.2-atspi-2.0", "desktop-file-utils",
    "shared-mime-info", "man-db",
)  # fmt: skip
"""What the journey needs besides the program; installed after the program was seen to need nothing else."""
TRACELESS = ("proc", "sys", "dev", "tmp", f"home/{PERSON}", "var/log", "var/cache/apt", "var/lib/apt", "root")
"""Where the system itself remembers, and where the person's own files are."""


class RoomError(Exception):
    """Something did not go as it must."""


def main(argv: Sequence[str] | None = None) -> int:
    """Does what is asked for; 1 when something went wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("package", nargs="?", type=Path, help="the .deb to install")
    parser.add_argument("--source", action="store_true", help="try a fresh clone instead of a package")
    parser.add_argument("--suite", default="bookworm", help="the release of Debian or Ubuntu (bookworm)")
    parser.add_argument("--keep", type=Path, help="folder in which bare systems are kept")
    parser.add_argument("--bind", type=Path, action="append", default=[], help="a folder that the room sees too")
    options = parser.parse_args(argv)
    if (options.package is None) is not options.source:
        parser.error("name a package, or --source")
    try:
        with Room.made(options.suite, options.keep, options.bind) as room:
            try_source(room) if options.source else try_package(room, options.package)
    except (RoomError, OSError, subprocess.CalledProcessError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    print(f"passed: {'a fresh clone' if options.source else options.package} on {options.suite}")
    return 0


def told(words: str) -> None:
    """What is being done."""
    print(f"== {words}", flush=True)


# -- the room ----------------------------------------------------------------------------------------------------------


class Room:
    """A small system in a folder, in which commands can be carried out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    @contextmanager
    def made(cls, suite: str, keep: Path | None, bind: Sequence[Path]) -> Iterator[Room]:
        """A room that is gone in the end."""
        if os.geteuid() != 0:
            raise RoomError("only root can make a clean room")
        with tempfile.TemporaryDirectory(prefix="clean-room-", ignore_cleanup_errors=True) as name, ExitStack() as left:
            room = cls(Path(name) / suite)
            if keep is not None:
                bare(suite, keep / suite)
                told("copying the bare system")
                run(["cp", "-a", "--reflink=auto", str(keep / suite), str(room.folder)])
            else:
                bare(suite, room.folder)
            for place in (Path("/proc"), Path("/dev"), Path("/dev/pts"), Path("/dev/shm"), *bind):
                left.enter_context(mounted(place, room.folder / place.relative_to("/")))
            shutil.copy("/etc/resolv.conf", room.folder / "etc/resolv.conf")
            yield room

    def do(self, *command: str, **variables: str) -> None:
        """Carry out a command as root. Raises CalledProcessError."""
        run(self._inside(command, variables))

    def says(self, *command: str) -> str:
        """What a command answers. Raises CalledProcessError."""
        done = subprocess.run(self._inside(command, {}), check=True, capture_output=True, text=True)
        return done.stdout

    def as_person(self, script: str) -> None:
        """Carry out a script of the shell as an ordinary user. Raises CalledProcessError."""
        self.do("su", "-", PERSON, "-c", script)

    def _inside(self, command: Sequence[str], variables: dict[str, str]) -> list[str]:
        kept = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
        settings = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive", **kept, **variables,
        }  # fmt: skip
        pairs = [f"{name}={value}" for name, value in settings.items()]
        return ["chroot", str(self.folder), "/usr/bin/env", "-i", *pairs, *command]

    def install(self, *packages: str) -> None:
        """Install packages with what they depend on, and nothing that they only recommend."""
        self.do("apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages)

    def files(self) -> set[str]:
        """Every path there is, but for where traces do not count."""
        found = set()
        for folder, folders, names in os.walk(self.folder):
            here = Path(folder).relative_to(self.folder)
            folders[:] = [name for name in folders if (here / name).as_posix() not in TRACELESS]
            found |= {(here / name).as_posix() for name in (*folders, *names)}
        return found


def bare(suite: str, folder: Path) -> None:
    """A system with next to nothing, unless it is there already."""
    if folder.exists():
        return
    told(f"making a bare {suite}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        run(["debootstrap", "--variant=minbase", "--include=ca-certificates", suite, str(folder), mirror()])
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def mirror() -> str:
    """Where apt gets the packages of this very system from."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME)"], check=True, capture_output=True, text=True
    )
    found = [line.split() for line in listed.stdout.splitlines()]
    here = next((name for line in os_release() if (name := line.removeprefix("VERSION_CODENAME=")) != line), "")
    for address, suite in found:
        if suite == here:
            return address
    raise RoomError("apt knows no mirror of this system")


def os_release() -> list[str]:
    """What this system says of itself."""
    return Path("/etc/os-release").read_text(encoding="utf-8").splitlines()


@contextmanager
def mounted(place: Path, there: Path) -> Iterator[None]:
    """A folder that is seen at another place too."""
    there.mkdir(parents=True, exist_ok=True)
    run(["mount", "--bind", str(place), str(there)])
    try:
        yield
    finally:
        run(["umount", "--lazy", str(there)])


def run(command: Sequence[str]) -> None:
    """Carries out a command. Raises CalledProcessError."""
    subprocess.run(command, check=True)


# -- the package -------------------------------------------------------------------------------------------------------


def try_package(room: Room, package: Path) -> None:
    """Install, use, remove. Raises RoomError or CalledProcessError."""
    told("installing the package, with what it depends on")
    room.do("apt-get", "update", "-qq")
    shutil.copy(package, room.folder / "tmp" / package.name)
    room.install(f"/tmp/{package.name}")
    complete(room)
    room.do("useradd", "--create-home", "--shell", "/bin/bash", PERSON)
    told("trying every part as an ordinary user")
    room.as_person("cnn-studio --self-test")
    hands(room)
    told("the main journey, by mouse and keyboard")
    (room.folder / "tmp" / "journey.py").write_bytes((ROOT / "packaging" / "journey.py").read_bytes())
    room.as_person(
        "Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>screen 2>/dev/null & screen=$!; "
        "until [ -s screen ]; do sleep 0.2; done; export DISPLAY=:$(cat screen); (openbox 2>/dev/null &); "
        "dbus-run-session -- python3 /tmp/journey.py 2>journey.log; status=$?; "
        "[ $status = 0 ] || cat journey.log; kill $screen; exit $status"
    )
    remove(room)


def complete(room: Room) -> None:
    """No library is missing that the program is linked with. Raises RoomError."""
    told("looking for libraries that are missing")
    script = r"find /usr/lib/cnn-studio -type f \( -name '*.so*' -o -perm -u+x \) -exec ldd {} + 2>/dev/null"
    carried = {path.name for path in (room.folder / "usr/lib/cnn-studio").rglob("*.so*")}
    lines = room.says("sh", "-c", f"{script} | grep 'not found' | sort -u || true").splitlines()
    missing = sorted({line.split()[0] for line in lines} - carried)
    if missing:
        raise RoomError(f"the package does not depend on what has {', '.join(missing)}")


def hands(room: Room) -> None:
    """A screen, and somebody to use it; what the desktop sees of the program. Raises RoomError."""
    told("installing a screen, and looking at the package as a desktop does")
    before = room.says("dpkg-query", "-W", "-f", "${Package}\n").split()
    room.install(*HANDS)
    room.do("desktop-file-validate", "/usr/share/applications/cnn-studio.desktop")
    types = room.says("cat", "/usr/share/mime/globs2")
    if "application/x-cnn-studio:*.cnnstudio" not in types:
        raise RoomError("the kind of file is not known")
    manual = room.says("sh", "-c", "man -P cat cnn-studio; LC_ALL=C.UTF-8 man -L es -P cat cnn-studio || true")
    if "OPTIONS" not in manual:
        raise RoomError("there is no page of the manual")
    print(f"{len(before)} packages before, {len(HANDS)} more for the hands", flush=True)


def remove(room: Room) -> None:
    """Remove the package: nothing is left but what the person made. Raises RoomError."""
    told("removing the package")
    room.do("apt-get", "purge", "-qq", "-y", PACKAGE)
    left = sorted(path for path in room.files() if "cnn-studio" in path.lower() or "cnnstudio" in path.lower())
    caches = ("usr/share/mime/globs2", "usr/share/mime/mime.cache", "usr/share/applications/mimeinfo.cache",
              "usr/share/icons/hicolor/icon-theme.cache")  # fmt: skip
    for name in caches:
        file = room.folder / name
        if file.exists() and b"cnn-studio" in file.read_bytes():
            left.append(f"{name} (names it)")
    if left:
        raise RoomError(f"left behind: {', '.join(left)}")
    own = list((room.folder / "home" / PERSON).glob("*.cnnstudio"))
    if not own or not (room.folder / "home" / PERSON / ".local/share/cnn-studio").is_dir():
        raise RoomError("what the person made has gone with the program")


# -- the source --------------------------------------------------------------------------------------------------------


def try_source(room: Room) -> None:
    """A fresh clone starts, and passes its checks, with python3, python3-venv and git alone."""
    told("installing python3, python3-venv and git")
    room.do("apt-get", "update", "-qq")
    room.install("python3", "python3-venv", "git")
    run(["git", "clone", "-q", str(ROOT), str(room.folder / "root" / PACKAGE)])
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    start = f"cd /root/{PACKAGE} && python3 run.py"
    told("python3 run.py")
    room.do("sh", "-c", start, **pip)
    told("python3 run.py test")
    room.do("sh", "-c", f"{start} test", **pip)


if __name__ == "__main__":
    sys.exit(main())
