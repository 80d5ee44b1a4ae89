"""Where something new stands: in line after what feeds it, with what is in the way slid aside."""

from __future__ import annotations

from cnn_studio.core import edits
from cnn_studio.core.analysis import Report
from cnn_studio.core.blocks import blocks
from cnn_studio.core.blocks.insert import insert_block
from cnn_studio.core.edits import SPACING, Point
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers import layers
from cnn_studio.gui.canvas.geometry import card_box, room_made, snapped
from cnn_studio.gui.canvas.scene import Scene
from cnn_studio.gui.catalogue import BLOCK


def inserted(
    graph: Graph, key: str, *, source: str = "", target: str = "", at: Point = (0.0, 0.0), report: Report | None = None
) -> tuple[Graph, str]:
    """The network with a new layer or block, and the id of its card. Raises EditError.

    Args:
        key: kind of the layer, or "block:" and the kind of the block.
        source, target: the connection on which it comes, or the layer after which.
        at: its centre where nothing feeds it.
    """
    at = snapped(at[0]), snapped(at[1])
    if key.startswith(BLOCK):
        block = blocks[key.removeprefix(BLOCK)]()
        placed = insert_block(graph, block, source=source, target=target, at=at, report=report)
        after, card = placed.graph, placed.group
    else:
        layer = layers[key]()
        card = graph.fresh_id(layer.stem)
        if source and target and layer.arity[1]:
            after = edits.insert_on_edge(graph, source, target, layer, node_id=card)
        elif source and layer.arity[1]:
            after = edits.add_after(graph, source, layer, node_id=card)
        else:
            return edits.add(graph, layer, at, node_id=card), card
    if not source:
        return after, card
    return _in_line(graph, after, card, source), card


def _in_line(before: Graph, after: Graph, card: str, source: str) -> Graph:
    """The new card right of what feeds it, everything else where it was unless it is in the way."""
    after = edits.move(after, {node.id: (node.x, node.y) for node in before.nodes.values()})
    scene = Scene(after)
    feeding = scene.cards[scene.card_of[source]].box.middle
    wanted = feeding[0] + SPACING, feeding[1]
    fresh = scene.cards[card]
    here = fresh.box.middle
    after = edits.shift(after, fresh.members, wanted[0] - here[0], wanted[1] - here[1])
    boxes = {key: one.box for key, one in scene.cards.items() if key != card}
    pushed = room_made(boxes, card_box(*wanted), still=[scene.card_of[source]])
    for key, by in pushed.items():
        after = edits.shift(after, scene.cards[key].members, by, 0.0)
    return after
