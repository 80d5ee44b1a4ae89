"""Panels under test, each in a window of its own around a document."""

from collections.abc import Callable
from typing import Any

import pytest

from cnn_studio.core.document import Document
from cnn_studio.core.graph import Graph
from cnn_studio.core.project import Project
from cnn_studio.core.starters import open_starter
from cnn_studio.gui.panels import panels
from cnn_studio.gui.workspace import Workspace

Open = Callable[..., Any]


@pytest.fixture
def open_panel(qtbot) -> Open:
    """``open_panel(name, starter or graph)`` shows a panel; its workspace is ``panel.workspace``."""

    def opened(name: str, what: str | Graph = "lenet5", size: tuple[int, int] = (320, 700)) -> Any:
        project = open_starter(what) if isinstance(what, str) else Project(what)
        panel = panels[name](Workspace(Document(project)))
        qtbot.addWidget(panel)
        panel.resize(*size)
        with qtbot.waitActive(panel):
            panel.show()
            panel.activateWindow()
        return panel

    return opened
