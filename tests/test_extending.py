"""What docs/extending.md tells a developer to write works as it stands there: it is put into a copy and tried."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from tools import translations

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"((?:.+\n)+)\n```(\w+)\n((?:.*\n)*?)```\n")
FILE = re.compile(r"[Tt]he file\s+`([\w/]+\.py)`")
TABLE = re.compile(r"the\s+table\s+`(\w+)`\s+of\s+`([\w/]+\.py)`")

LAYER = """
import ast, torch
from cnn_studio.core.analysis import analyse
from cnn_studio.core.export import exporters
from cnn_studio.core.problems.base import AT_ONE_PLACE
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.compile import compile_network
from cnn_studio.gui.icons import ICONS
from cnn_studio.gui.widgets.pictures import PICTURES
from tests.helpers.networks import chain, make

kind = "clipped_relu"
assert all(kind in table for table in (AT_ONE_PLACE, ICONS, PICTURES))
graph = chain(make("input", channels=1, sizes=(8, 8)), make("convolution", filters=3), make(kind, ceiling=2.0),
              make("flatten"), make("dense", units=2), make("output"))
(node,) = graph.of_kind(kind)
facts = analyse(graph).of(node.id)
assert facts.shape == facts.inputs[0] and facts.shape.channels == 3, facts
torch.manual_seed(0)
network = compile_network(graph)
optimizer = torch.optim.SGD(network.parameters(), 0.05)
pictures, truth, losses = torch.randn(8, 1, 8, 8), torch.arange(8) % 2, []
for _step in range(3):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(network(pictures), truth)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
assert losses[2] < losses[1] < losses[0], losses
assert network.forward_all(10 * pictures)[node.id].aminmax() == (0, 2)
code = exporters["pytorch"].function(graph)
assert "nn.Hardtanh(0.0, 2.0)" in code, code
exported = {"__name__": "exported"}
exec(code, exported)
made = next(one for one in exported.values() if isinstance(one, type) and one.__module__ == "exported")()
made.load_state_dict(network.state_dict())
assert torch.equal(made(pictures), network(pictures))
code = exporters["keras"].function(graph)
ast.parse(code)
assert "layers.ReLU(max_value=2.0" in code, code
"""

PANEL = """
from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QApplication
from cnn_studio.gui.studio import Studio

app = QApplication(["cnn-studio"])
studio = Studio(app)
window = studio.new_window()
while window.canvas is None:
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
window.open_starter("lenet5")
window.docks.bring("heaviest")
app.processEvents()
panel = window.docks.panel("heaviest")
assert panel.isVisible()
first, *others = panel.lines.text().splitlines()
assert (first, len(others)) == ("dense1: 48,120 parameters, 78.0 %", 4), (first, others)
panel.choose.click()
assert window.workspace.selection.only_node == "dense1", window.workspace.selection
studio.change_settings(language="es")
app.processEvents()
assert panel.choose.text() == "Elegir la primera"
assert " parámetros, 78,0" in panel.lines.text(), panel.lines.text()
assert window.docks.docks["heaviest"].windowTitle() == "Capas con más peso"
window.close_unasked()
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the program with everything that the page says put into it."""
    folder = tmp_path_factory.mktemp("copy")
    copytree(ROOT / "cnn_studio", folder / "cnn_studio", ignore=ignore_patterns("*.pyc.*"))  # those being written
    for paragraph, code in blocks("python"):
        (path,) = (folder / name for name in FILE.findall(paragraph))
        assert not path.exists()
        path.write_text(code, encoding="utf-8")
    for paragraph, row in blocks("text"):
        table, module = TABLE.findall(paragraph)[-1]
        path = folder / module
        path.write_text(with_row(path.read_text(encoding="utf-8"), table, row), encoding="utf-8")
    ((_paragraph, spanish),) = blocks("json")
    (folder / "spanish.json").write_text(spanish, encoding="utf-8")
    with redirect_stdout(StringIO()):
        translations.main(["sync", str(folder / "spanish.json")], root=folder)
    return folder


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """Of each block of the page in a language: the paragraph before it, and its text."""
    for found in BLOCK.finditer(PAGE):
        if found[2] == language:
            yield found[1], found[3]


def with_row(text: str, table: str, row: str) -> str:
    """A module with a row more, in front of the line that closes the table."""
    lines = text.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if re.match(rf"{table}\b.*[=(\[{{]$", line.rstrip()))
    end = next(number for number in range(start + 1, len(lines)) if re.match(r"\s*[\])}]", lines[number]))
    return "".join([*lines[:end], row, *lines[end:]])


def run(copy: Path, *arguments: str) -> str:
    """What Python prints that loads the program from the copy."""
    environment = {
        **os.environ, "CNN_STUDIO_HOME": str(copy / "home"), "CNN_STUDIO_LANGUAGE": "en", "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join([str(copy), str(ROOT)]),
    }  # fmt: skip
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_its_spanish_is_complete(copy, capsys):
    assert translations.main(["check"], root=copy) == 0
    assert json.loads(capsys.readouterr().out) == {}


def test_the_layer(copy):
    run(copy, "-c", LAYER)


def test_the_panel(copy):
    run(copy, "-c", PANEL)


def test_the_data_set(copy):
    assert "slants" in [one["name"] for one in json.loads(run(copy, "-m", "cnn_studio", "data", "list", "--json"))]
    (line,) = re.findall(r"^python run\.py (train .*)$", PAGE, re.MULTILINE)
    told = json.loads(run(copy, "-m", "cnn_studio", *shlex.split(line), "--json"))
    assert told["best"]["accuracy"] > 0.6, told


def test_every_path_of_the_page_is_there():
    named = re.findall(r"(?:cnn_studio|tests|tools|core|engine|gui)/[\w./]+", PAGE)
    new = set(FILE.findall(PAGE))
    assert new
    for path in set(named) - new:
        assert (ROOT / path).exists() or (ROOT / "cnn_studio" / path).exists(), path
