"""The packages in dist/ on systems that have nothing else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging" / "clean_room.py"


@pytest.mark.long
@pytest.mark.parametrize("suite", ["bookworm", "trixie"])
def test_the_package_is_installed_used_and_removed(suite, tmp_path):
    packages = sorted((ROOT / "dist").glob("*.deb"))
    if not packages:
        pytest.skip("no package in dist/: python packaging/build.py --deb makes one")
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("debootstrap"):
        pytest.skip("a clean room needs root and debootstrap")
    kept = Path(os.environ.get("CNN_STUDIO_ROOMS") or tmp_path)
    command = [sys.executable, str(SCRIPT), str(packages[-1]), "--suite", suite, "--keep", str(kept)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [[], ["a.deb", "--source"]])
def test_it_wants_a_package_or_the_source(arguments):
    done = subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--source" in done.stderr
