"""Where a layer or block goes that was chosen without saying where: after what is selected, connected."""

from __future__ import annotations

from cnn_studio.core.blocks import blocks
from cnn_studio.core.blocks.base import Block
from cnn_studio.core.edits import EditError
from cnn_studio.core.graph import Graph
from cnn_studio.core.grouping import all_members
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Family, Layer
from cnn_studio.core.placing import ROW, inserted
from cnn_studio.gui.catalogue import BLOCK, STARTER
from cnn_studio.gui.workspace import Workspace


def new_entry(key: str) -> Layer | Block:
    """A layer or a block as it comes from the catalogue."""
    return blocks[key.removeprefix(BLOCK)]() if key.startswith(BLOCK) else layers[key]()


def add_entry(workspace: Workspace, key: str) -> bool:
    """Put an entry of the catalogue into the network and choose it. A starter is asked for. Whether it was done."""
    document = workspace.document
    document.commit()
    if key.startswith(STARTER):
        workspace.starter_requested.emit(key.removeprefix(STARTER))
        return True
    source, target = place_for(workspace)
    at = below(document.graph)
    try:
        after, card = inserted(
            document.graph, new_entry(key), source=source, target=target, at=at, report=document.report
        )
    except EditError as error:
        workspace.said.emit(str(error))
        return False
    document.edit(after)
    if card in after.nodes:
        workspace.select([card], reveal=True)
    else:
        workspace.select(groups=[card])
        workspace.center_requested.emit(sorted(after.groups[card].members))
    return True


def place_for(workspace: Workspace) -> tuple[str, str]:
    """The layer after which, and the one before which, something new belongs; "" for none.

    After what is selected; else after the open end of the network; else before its Output.
    """
    graph, selection = workspace.document.graph, workspace.selection
    if len(selection.edges) == 1 and not selection.nodes:
        (edge,) = selection.edges
        return edge.source, edge.target
    members = all_members(graph) if selection.groups else {}
    chosen = set(selection.nodes).union(*(members[group] for group in selection.groups))
    order = workspace.document.report.in_order()
    last = next((node_id for node_id in reversed(order) if node_id in chosen), "")
    if last:
        return _after(graph, last)
    ends = [node_id for node_id in order if not graph.outputs_of(node_id)]
    is_open = [node_id for node_id in ends if graph.nodes[node_id].layer.family is not Family.OUTPUT]
    if is_open:
        return is_open[-1], ""
    return _after(graph, ends[-1]) if ends else ("", "")


def _after(graph: Graph, node_id: str) -> tuple[str, str]:
    """After one layer: on the connection to the next one if there is just one; before it, if it is an Output."""
    sources, targets = graph.inputs_of(node_id), graph.outputs_of(node_id)
    if graph.nodes[node_id].layer.family is Family.OUTPUT:
        return (sources[0], node_id) if sources else ("", "")
    return (node_id, targets[0]) if len(targets) == 1 else (node_id, "")


def below(graph: Graph) -> tuple[float, float]:
    """Where something stands that belongs to nothing: below everything, at the left."""
    if not graph.nodes:
        return 0.0, 0.0
    left = min(node.x for node in graph.nodes.values())
    return left, max(node.y for node in graph.nodes.values()) + ROW
