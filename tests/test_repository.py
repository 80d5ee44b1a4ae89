"""Rules that hold for the repository as a whole."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 400

UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")) + r")\b")
REGISTRIES = ("py" + "pi.org", "python" + "hosted.org", "download.py" + "torch.org", "deb.deb" + "ian.org")
MACHINE_PATHS = re.compile(r"(?<![\w.\-~}/])/(?:work|home|root|opt|Users|mnt)/\w")


def tracked_texts() -> list[tuple[str, str]]:
    """Name and content of every text file under version control."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git repository")
    texts = []
    for name in listed.stdout.decode("utf-8").split("\0"):
        path = ROOT / name
        if not path.is_file() or b"\0" in (content := path.read_bytes()):
            continue
        texts.append((name, content.decode("utf-8")))
    return texts


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()}"
        for name, text in tracked_texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_is_too_long_to_read():
    ours = [ROOT / "run.py"]
    for folder in ("cnn_studio", "tools", "benchmarks"):
        ours += (ROOT / folder).rglob("*.py")
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in ours}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_nothing_is_left_for_later():
    assert lines_with(UNFINISHED) == []


def test_no_registry_is_named():
    assert lines_with(re.compile("|".join(map(re.escape, REGISTRIES)))) == []


def test_no_path_of_one_machine_is_named():
    assert lines_with(MACHINE_PATHS) == []


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_core_loads_no_heavy_library():
    code = """
import importlib, pkgutil, sys
import cnn_studio.__main__, cnn_studio.core
modules = list(pkgutil.walk_packages(cnn_studio.core.__path__, "cnn_studio.core."))
for module in modules:
    importlib.import_module(module.name)
print(len(modules), *sorted({name.split(".")[0] for name in sys.modules}))
"""
    number, *loaded = run_python(code).split()
    assert int(number) == len(list((ROOT / "cnn_studio" / "core").rglob("*.py"))) - 1
    assert set(loaded) & {"torch", "numpy", "PySide6", "PIL", "pyqtgraph", "matplotlib"} == set()


def test_the_language_loads_quickly():
    loaded = run_python("import sys, cnn_studio.i18n; print(*sys.modules)").split()
    assert set(loaded) & {"pydantic", "argparse", "importlib.metadata", "babel"} == set()


def test_qt_counts_its_references():
    """Some builds of PySide6 lose a reference to None on every call, until the process dies."""
    code = """
import sys
try:
    from PySide6.QtCore import QObject
except ImportError as error:
    print("cannot load:", error)
    sys.exit()
thing = QObject()
before = sys.getrefcount(None)
for _ in range(500):
    thing.setObjectName("name")
print(sys.getrefcount(None) - before)
"""
    said = run_python(code).strip()
    if said.startswith("cannot load"):
        pytest.skip(f"PySide6 {said}")
    assert abs(int(said)) < 100


def test_every_dependency_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [Requirement(line) for lines in (project["dependencies"], *extras) for line in lines]
    pins = [
        Requirement(line)
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    versions = {canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in pins}
    assert all(str(pin.specifier).startswith("==") for pin in pins)
    for requirement in wanted:
        name = canonicalize_name(requirement.name)
        if name != "cnn-studio":
            assert name in versions, f"{name} has no version in constraints.txt"
            assert requirement.specifier.contains(versions[name]), f"{requirement} excludes {versions[name]}"
