"""What the tests of the terminal share."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cnn_studio.cli.main import run
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.project import Project, write_project
from tests.helpers.networks import chain, make


class Result(NamedTuple):
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        return json.loads(self.out)


Cli = Callable[..., Result]


@pytest.fixture
def cli(capsys) -> Cli:
    """Runs a command line in this process."""

    def call(*arguments: object) -> Result:
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        return Result(status, *capsys.readouterr())

    return call


@pytest.fixture(autouse=True)
def folders_of_a_person(monkeypatch, tmp_path):
    """No test touches the folders of the one who runs it."""
    monkeypatch.delenv("CNN_STUDIO_HOME", raising=False)
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "person" / name.lower()))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("CNN_STUDIO_DEBUG", raising=False)


def _saved(file: Path, name: str, *middle: Layer) -> Path:
    """A project of two convolutions, with these layers between them and the dense one."""
    graph = chain(
        make("input", channels=1, sizes=(28, 28)),
        make("convolution", filters=8, kernel=7),
        make("relu"),
        make("max_pool", size=2),
        make("convolution", filters=16, kernel=5),
        make("relu"),
        *middle,
        make("dense", units=10),
        make("output"),
    )
    write_project(Project(graph, name), file)
    return file


@pytest.fixture
def wrong(tmp_path) -> Path:
    """A network in which maps meet a dense layer without Flatten."""
    return _saved(tmp_path / "wrong.cnnstudio", "Wrong")


@pytest.fixture
def sound(tmp_path) -> Path:
    """A network without problems, and without a name."""
    return _saved(tmp_path / "sound.cnnstudio", "", make("flatten"))
