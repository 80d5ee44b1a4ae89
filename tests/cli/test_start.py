"""What starts quickly stays quick: nothing is loaded that a command does not need."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    "torch",
    "numpy",
    "PySide6",
    "PIL",
    "pyqtgraph",
    "matplotlib",
    "keras",
    "captum",
    "safetensors",
    "platformdirs",
}


def loaded_by(*arguments: str) -> set[str]:
    """Names of the modules that a command has loaded when it ends."""
    code = f"""
import sys
from cnn_studio.__main__ import main
status = main({list(arguments)!r})
print(*sys.modules, file=sys.stderr)
sys.exit(status)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["summary", "--help"],
        ["summary", "resnet50"],
        ["summary", "lenet5", "--json"],
        ["starters"],
        ["export", "lenet5", "--to", "svg"],
        ["fix", "lenet5"],
    ],
)
def test_no_heavy_library_is_loaded(arguments):
    assert {name.split(".")[0] for name in loaded_by(*arguments)} & HEAVY == set()


def test_help_loads_no_part_of_the_core_but_words():
    loaded = loaded_by("export", "--help")
    assert {name for name in loaded if name.startswith("cnn_studio.core.")} == {"cnn_studio.core.words"}
    assert "pydantic" not in loaded
    assert "cnn_studio.cli.commands.summary" not in loaded


def test_a_summary_loads_no_other_command_no_blocks_and_no_metadata_of_packages():
    loaded = loaded_by("summary", "resnet50")
    for name in ("importlib.metadata", "email", "socket", "cnn_studio.core.blocks", "cnn_studio.core.plans",
                 "cnn_studio.core.export", "cnn_studio.cli.commands.export", "cnn_studio.cli.advice"):  # fmt: skip
        assert name not in loaded


def test_pydantic_finds_everything_else_in_the_module_that_is_kept_out():
    code = """
from cnn_studio.__main__ import main
main(["--version"])
from pydantic.plugin import _loader
print(_loader.get_plugins(), _loader.PYDANTIC_ENTRY_POINT_GROUP)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "() pydantic"


def test_annotations_of_layers_are_not_text():
    """Pydantic compiles an annotation that is text anew for every kind that inherits it, which doubles the start."""
    for file in (ROOT / "cnn_studio" / "core" / "layers").glob("*.py"):
        assert "import annotations" not in file.read_text(encoding="utf-8"), file.name
