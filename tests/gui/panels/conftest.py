"""Panels under test, each in a window of its own around a document."""

from collections.abc import Callable
from typing import Any

import pytest

from cnn_studio.core.document import Document
from cnn_studio.core.graph import Graph
from cnn_studio.core.project import Project
from cnn_studio.core.starters import open_starter
from cnn_studio.engine.datasets.base import Dataset
from cnn_studio.gui import samples
from cnn_studio.gui.panels import panels
from cnn_studio.gui.workspace import Workspace
from tests.helpers.training import stripes

Open = Callable[..., Any]


@pytest.fixture
def quick_data(monkeypatch) -> Dataset:
    """Data of any name are opened at once: pictures with a bright row, as large as the digits."""
    data = stripes(size=28, classes=10)
    monkeypatch.setattr(samples, "_opened", lambda _name: (data, samples._facts(data)))
    return data


@pytest.fixture
def open_panel(qtbot) -> Open:
    """``open_panel(name, starter or graph)`` shows a panel; its workspace is ``panel.workspace``."""

    def opened(name: str, what: str | Graph = "lenet5", size: tuple[int, int] = (320, 700)) -> Any:
        project = open_starter(what) if isinstance(what, str) else Project(what)
        panel = panels[name](Workspace(Document(project)))
        qtbot.addWidget(panel, before_close_func=lambda shown: shown.workspace.end())
        panel.resize(*size)
        with qtbot.waitActive(panel):
            panel.show()
            panel.activateWindow()
        return panel

    return opened
