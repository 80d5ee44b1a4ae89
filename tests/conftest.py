"""What every test may use, and what none may leave behind."""

import gc
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from cnn_studio import i18n

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parents[1]


def _window_is_tested() -> bool:
    """Whether tests of the window may run: the paths of the command line say so, and workers hear it from the first
    process."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        named = [Path(argument.split("::")[0]).resolve() for argument in sys.argv[1:] if not argument.startswith("-")]
        paths = [path for path in named if path.exists() and path.is_relative_to(ROOT)] or [ROOT]
        window = ROOT / "tests" / "gui"
        wanted = any(window.is_relative_to(path) or path.is_relative_to(window) for path in paths)
        os.environ["CNN_STUDIO_TEST_WINDOW"] = "1" if wanted else ""
    return bool(os.environ.get("CNN_STUDIO_TEST_WINDOW"))


pytest_plugins = ["pytestqt.plugin"] if _window_is_tested() else []

settings.register_profile("ordinary", deadline=None, print_blob=True)
settings.register_profile("long", settings.get_profile("ordinary"), max_examples=2000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the tests that take minutes")
    parser.addoption("--refresh-golden", action="store_true", help="keep what is written now as the golden files")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: takes minutes; runs only with --long")
    settings.load_profile("long" if config.getoption("--long") else "ordinary")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="takes minutes; runs with --long"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real data sets for the tests that need them."""
    folder = Path(os.environ.get("CNN_STUDIO_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no test data in {folder}; CNN_STUDIO_TEST_DATA names the folder that has it")
    return folder


@pytest.fixture(autouse=True)
def garbage_collected_here() -> None:
    """Widgets of an earlier test must not end in a thread of a later one: garbage goes between tests of the window."""
    if "PySide6.QtWidgets" in sys.modules:
        gc.disable()
        from cnn_studio.gui.garbage import sweep

        sweep()


@pytest.fixture(autouse=True)
def language_restored() -> Iterator[None]:
    """A test starts in English; one that changes the language need not change it back."""
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """A test ends its threads, and writes no file into the repository's root (tools keep theirs under a dot)."""
    threads = set(threading.enumerate())
    names = {path.name for path in ROOT.iterdir()}
    yield
    left = [thread for thread in threading.enumerate() if thread not in threads and not thread.daemon]
    for thread in left:
        thread.join(timeout=2)
    assert not [thread for thread in left if thread.is_alive()], "threads left running"
    stray = {path.name for path in ROOT.iterdir() if not path.name.startswith((".", "__pycache__"))} - names
    assert not stray, f"files left in the repository's root: {sorted(stray)}"
