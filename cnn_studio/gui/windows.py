"""What one window asks and shows: menus that fill themselves, dialogs, files that were dropped."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QMenu

from cnn_studio.core import arrange, edits, error_log, grouping
from cnn_studio.core.edits import EditError
from cnn_studio.core.graph import Graph
from cnn_studio.core.starters import open_starter, starter_names
from cnn_studio.core.words import say
from cnn_studio.i18n import N_, _

if TYPE_CHECKING:
    from cnn_studio.gui.main_window import MainWindow

MOST_DROPPED = 8
"""Files of one drop that are opened."""
Filler = Callable[[QMenu], None]
Renaming = Callable[[str], Callable[[Graph], Graph]]
"""The edit that gives a name."""


# -- menus ------------------------------------------------------------------------------------------------------------


def fillers(window: MainWindow) -> dict[str, Filler]:
    """What fills the menus that are not the same every time."""
    return {
        "file/starters": lambda menu: _fill_starters(window, menu),
        "file/recent": lambda menu: _fill_recent(window, menu),
        "view/panels": lambda menu: _fill_panels(window, menu),
    }


def _fill_starters(window: MainWindow, menu: QMenu) -> None:
    for name in starter_names():
        action = menu.addAction(open_starter(name).name or name)
        action.setObjectName(f"starter.{name}")
        action.triggered.connect(lambda _checked=False, name=name: window.studio.open_starter(name, window))


def _fill_recent(window: MainWindow, menu: QMenu) -> None:
    for name in window.workspace.settings.recent:
        path = Path(name)
        action = menu.addAction(path.stem.replace("&", "&&"))
        action.setToolTip(name)
        action.triggered.connect(lambda _checked=False, path=path: window.studio.open(path, window))
    if not window.workspace.settings.recent:
        menu.addAction(_("Nothing yet")).setEnabled(False)


def _fill_panels(window: MainWindow, menu: QMenu) -> None:
    for dock in window.docks.docks.values():
        action: QAction = dock.toggleViewAction()
        action.setEnabled(not window.is_welcoming)
        menu.addAction(action)


# -- dialogs ----------------------------------------------------------------------------------------------------------


def may_close(window: MainWindow) -> bool:
    """Whether a window can go; asks where a run is in progress, then where edits are not saved."""
    if not window.conductor.may_close():
        return False
    if window.workspace.document.is_modified:
        ask_close(window)
        return False
    return True


def ask_close(window: MainWindow) -> None:
    """Ask whether to save before closing."""
    from cnn_studio.gui.dialogs.closing import CloseQuestion

    if window.findChild(CloseQuestion) is not None:
        return
    window.come_forward()
    question = CloseQuestion(window, window.filing.title)
    question.save.connect(lambda: window.filing.save() and window.close())
    question.discard.connect(window.close_unasked)
    question.open()


def ask_stop(window: MainWindow) -> None:
    """Ask whether the training is to end before the window closes."""
    from cnn_studio.gui.dialogs.closing import StopQuestion

    if window.findChild(StopQuestion) is not None:
        return
    window.come_forward()
    question = StopQuestion(window)
    question.stop.connect(window.conductor.stop_and_close)
    question.open()


def ask_name(window: MainWindow, title: str, name: str, renaming: Renaming) -> None:
    """Ask for another name of a part of the network."""
    from cnn_studio.gui.dialogs.naming import NameQuestion

    def problem(wanted: str) -> str:
        try:
            renaming(wanted)(window.workspace.document.graph)
        except EditError as error:
            return str(error)
        return ""

    NameQuestion(window, title, name, problem, lambda wanted: window.workspace.edit(renaming(wanted))).open()


def rename_chosen(window: MainWindow) -> None:
    """Ask for another name of the chosen layer or group: on the canvas when it can."""
    if hasattr(window.canvas, "rename"):
        window.canvas.rename()
        return
    graph, selection = window.workspace.document.graph, window.workspace.selection
    for node_id in selection.nodes:
        ask_name(window, _("Another name for the layer"), graph.nodes[node_id].name, _renaming(edits.rename, node_id))
    for group_id in selection.groups:
        title = _("Another name for the group")
        ask_name(window, title, graph.groups[group_id].name, _renaming(grouping.rename_group, group_id))


def _renaming(rename: Callable[[Graph, str, str], Graph], part: str) -> Renaming:
    return lambda name: lambda graph: rename(graph, part, name)


def rename_project(window: MainWindow) -> None:
    """Ask for another name of the network."""
    from cnn_studio.core.graph import name_problem
    from cnn_studio.gui.dialogs.naming import NameQuestion

    document = window.workspace.document

    def problem(wanted: str) -> str:
        return str(name_problem(wanted.strip()) or "") if wanted.strip() else ""

    NameQuestion(window, _("Another name for the network"), document.name, problem, document.rename).open()


def explain(window: MainWindow) -> None:
    """Say what the chosen layer does and what is wrong with it, or how a network is built; each leads on to the guide."""
    from cnn_studio.gui.dialogs.help import HelpSheet, Hints, LayerHelp

    document, node_id = window.workspace.document, window.workspace.selection.only_node
    if node_id is None:
        help_sheet: HelpSheet = Hints(window)
    else:
        node, report = document.graph.nodes[node_id], document.report
        sums = [str(line) for line in report.size_sums(node_id)]
        parameters = report.parameter_sum(node_id)
        problems = {problem.code: problem.severity for problem in document.diagnosis.of(node_id)}
        said = [*sums, *([str(parameters)] if parameters else [])]
        help_sheet = LayerHelp(window, node.layer, node.name, said, problems)
    help_sheet.more_wanted.connect(lambda page, heading: show_guide(window, page, heading))
    help_sheet.open()


def show_guide(window: MainWindow, page: str = "", heading: str = "") -> None:
    """The guide in a window of its own, at a page and a heading in it, or where it was."""
    from cnn_studio.core import guide
    from cnn_studio.gui.dialogs.guide import Guide

    shown = window.findChild(Guide)
    if shown is None:
        shown = Guide(window)
        window.workspace.settings_changed.connect(shown.retranslate)
    if page:
        shown.open_at(page, guide.anchor_of(page, heading))
    shown.show()
    shown.raise_()
    shown.activateWindow()


def find_action(window: MainWindow) -> None:
    """Search all actions that can be done now."""
    from cnn_studio.gui.dialogs.commands import CommandSearch

    CommandSearch(window, window.actions_.commands()).show()


def show_shortcuts(window: MainWindow) -> None:
    """Every shortcut, menu by menu."""
    from cnn_studio.gui.dialogs.shortcuts import Shortcuts

    Shortcuts(window, window.actions_.shortcuts()).open()


def show_about(window: MainWindow) -> None:
    """Versions and licences."""
    from cnn_studio.gui.dialogs.about import About

    About(window).open()


def open_logs(window: MainWindow) -> None:
    """Show the folder with logs in the system's file manager."""
    folder = error_log.log_file().parent
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        window.workspace.said.emit(_("The logs are in {folder}").format(folder=folder))


# -- others -----------------------------------------------------------------------------------------------------------


def arrange_all(window: MainWindow) -> None:
    """Give every layer a place of its own; the canvas moves them there slowly when it knows how."""
    if hasattr(window.canvas, "arrange"):
        window.canvas.arrange()
        return
    window.workspace.edit(lambda graph: edits.move(graph, arrange.arrange(graph)), say(N_("arrange")))


def view_center(window: MainWindow) -> tuple[float, float] | None:
    """The middle of what the canvas shows, when it tells."""
    return window.canvas.view_center() if hasattr(window.canvas, "view_center") else None


def toggle_minimap(window: MainWindow) -> None:
    """Show or hide the small picture of the whole network."""
    window.canvas.set_minimap(not window.canvas.minimap_shown())


def walk_problems(window: MainWindow, step: int) -> None:
    """Show the next problem, or (-1) the one before."""
    if "problems" in window.docks.places:
        window.docks.panel("problems").walk(step)  # type: ignore[attr-defined]


def dropped_files(data: QMimeData) -> list[Path]:
    """The files among what is dropped."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()][:MOST_DROPPED]
