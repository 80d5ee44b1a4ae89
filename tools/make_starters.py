"""Writes the starter networks as files: cnn_studio/resources/starters/<name>.cnnstudio.

    tools/make_starters.py            write those that differ from what the code builds
    tools/make_starters.py --check    write nothing; fail where a file differs

A file is compared member by member, since two machines may pack the same text into different bytes.
"""

import argparse
import sys
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cnn_studio.core.project import SUFFIX, to_bytes  # noqa: E402 - found from here only after the line above
from tools.starters.catalogue import STARTERS, project  # noqa: E402

FOLDER = ROOT / "cnn_studio" / "resources" / "starters"


def members(data: bytes) -> dict[str, bytes]:
    """The members of a project file by name."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def stale(folder: Path = FOLDER) -> dict[Path, bytes | None]:
    """The files that differ from what the code builds, with what should be in them (None: nothing builds them)."""
    found: dict[Path, bytes | None] = {path: None for path in sorted(folder.glob("*")) if path.stem not in STARTERS}
    for name in STARTERS:
        path, data = folder / f"{name}{SUFFIX}", to_bytes(project(name))
        if not path.exists() or members(path.read_bytes()) != members(data):
            found[path] = data
    return found


def main(argv: Sequence[str] | None = None, folder: Path = FOLDER) -> int:
    """Writes, or checks; 1 when a check finds a difference."""
    parser = argparse.ArgumentParser(description="Write the starter networks as files.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a file differs")
    options = parser.parse_args(argv)
    folder.mkdir(parents=True, exist_ok=True)
    found = stale(folder)
    for path, data in found.items():
        print(path.name, "differs" if data is not None else "is built by nothing")
        if options.check:
            continue
        if data is None:
            path.unlink()
        else:
            path.write_bytes(data)
    return 1 if options.check and found else 0


if __name__ == "__main__":
    sys.exit(main())
