"""What the Edit and Network menus do to the layers that are chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtGui import QGuiApplication

from cnn_studio.core import arrange, clipboard, edits, grouping, placing
from cnn_studio.core.files import ProjectError
from cnn_studio.core.graph import Graph
from cnn_studio.core.words import say
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_

SHIFT = 40.0
"""Points by which a copy stands aside from what it was copied from."""

Center = Callable[[], tuple[float, float] | None]


def chosen_nodes(workspace: Workspace) -> list[str]:
    """Ids of all chosen layers, those inside chosen groups too, in the order of the network."""
    graph, selection = workspace.document.graph, workspace.selection
    members = grouping.all_members(graph) if selection.groups else {}
    chosen = set(selection.nodes).union(*(members[group] for group in selection.groups))
    return [node_id for node_id in graph.nodes if node_id in chosen]


def copy(workspace: Workspace) -> None:
    """Put the chosen layers on the clipboard, as text."""
    nodes = chosen_nodes(workspace)
    if nodes:
        QGuiApplication.clipboard().setText(clipboard.copied(workspace.document.graph, nodes))


def cut(workspace: Workspace) -> None:
    """Put the chosen layers on the clipboard and take them away."""
    copy(workspace)
    delete(workspace, say(N_("cut")))


def paste(workspace: Workspace, center: tuple[float, float] | None = None) -> None:
    """Put the layers on the clipboard into the network, around ``center`` or beside where they were."""
    try:
        part = clipboard.from_text(QGuiApplication.clipboard().text())
    except ProjectError as error:
        workspace.said.emit(str(error))
        return
    put(workspace, part, center)


def put(workspace: Workspace, part: Graph, center: tuple[float, float] | None = None) -> None:
    """Layers from elsewhere become part of the network, chosen afterwards."""
    graph = workspace.document.graph
    shift = (SHIFT, SHIFT)
    if center is not None and part.nodes:
        middle = arrange.middle_of((node.x, node.y) for node in part.nodes.values())
        shift = (center[0] - middle[0], center[1] - middle[1])
    while _taken(graph, part, shift):
        shift = (shift[0] + SHIFT, shift[1] + SHIFT)
    after, ids = grouping.paste(graph, part, shift)
    if workspace.edit(lambda _graph: after, say(N_("paste"))):
        workspace.select(ids[node_id] for node_id in part.nodes)


def _taken(graph: Graph, part: Graph, shift: tuple[float, float]) -> bool:
    places = {(round(node.x), round(node.y)) for node in graph.nodes.values()}
    return any((round(node.x + shift[0]), round(node.y + shift[1])) in places for node in part.nodes.values())


def duplicate(workspace: Workspace) -> None:
    """A copy of the chosen layers beside them; the clipboard stays as it is."""
    nodes = chosen_nodes(workspace)
    if nodes:
        put(workspace, grouping.piece(workspace.document.graph, nodes))


def delete(workspace: Workspace, name: object = None) -> None:
    """Take away the chosen connections and layers; what fed a layer feeds what the layer fed."""
    nodes, cables = chosen_nodes(workspace), workspace.selection.edges

    def remove(graph: Graph) -> Graph:
        for edge in cables:
            if edge.source in graph.inputs_of(edge.target):
                graph = edits.disconnect(graph, edge.source, edge.target)
        return edits.remove(graph, nodes)

    if nodes or cables:
        workspace.edit(remove, name)  # type: ignore[arg-type]


def select_all(workspace: Workspace) -> None:
    """Choose every layer; those inside folded groups by their group."""
    graph = workspace.document.graph
    tops = {node_id: graph.top_group_of(node_id) for node_id in graph.nodes}
    workspace.select(
        (node_id for node_id, top in tops.items() if top is None), {top.id for top in tops.values() if top is not None}
    )


def group(workspace: Workspace) -> None:
    """Put the chosen layers into a group."""
    nodes = chosen_nodes(workspace)
    fresh = workspace.document.graph.fresh_id("group")
    if workspace.edit(lambda graph: grouping.group(graph, nodes, ""), say(N_("group"))):
        workspace.select(groups=[fresh])


def groups_of(workspace: Workspace) -> set[str]:
    """The groups that an action on groups means: the chosen ones, or the innermost around the chosen layers."""
    graph, selection = workspace.document.graph, workspace.selection
    if selection.groups:
        return set(selection.groups)
    around = (graph.groups_around(node_id) for node_id in selection.nodes)
    return {groups[0].id for groups in around if groups}


def ungroup(workspace: Workspace) -> None:
    """Let the layers of the groups stand on their own."""
    wanted = groups_of(workspace)
    nodes = chosen_nodes(workspace)

    def edit(graph: Graph) -> Graph:
        for group_id in wanted:
            graph = grouping.ungroup(graph, group_id)
        return graph

    if workspace.edit(edit, say(N_("ungroup"))):
        workspace.select(nodes)


def toggle_fold(workspace: Workspace) -> None:
    """Fold the groups into single cards, or unfold them when all are folded."""
    wanted = groups_of(workspace)
    fold(workspace, wanted, not all(workspace.document.graph.groups[group_id].folded for group_id in wanted))


def fold_all(workspace: Workspace) -> None:
    """Fold every group, or unfold them when all are folded."""
    groups = workspace.document.graph.groups
    fold(workspace, groups, not all(group.folded for group in groups.values()))


def fold(workspace: Workspace, groups: Iterable[str], folded: bool) -> None:
    """Fold or unfold some groups."""
    wanted = list(groups)

    def edit(graph: Graph) -> Graph:
        for group_id in wanted:
            graph = placing.folded(graph, group_id, folded)
        return graph

    workspace.edit(edit, say(N_("fold")) if folded else say(N_("unfold")))


def align(workspace: Workspace, how: str) -> None:
    """Put the chosen layers in line, see ``edits.align``."""
    nodes = chosen_nodes(workspace)
    workspace.edit(lambda graph: edits.align(graph, nodes, how), say(N_("align")))


def arrange_all(workspace: Workspace) -> None:
    """Give every layer a place of its own."""
    workspace.edit(lambda graph: edits.move(graph, arrange.arrange(graph)), say(N_("arrange")))
