"""What a right click offers: what can be done with what is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from cnn_studio.core import edits
from cnn_studio.core.blocks import blocks
from cnn_studio.core.layers import layers
from cnn_studio.gui import editing, icons
from cnn_studio.gui.canvas.geometry import Point
from cnn_studio.gui.canvas.scene import Cable, Card
from cnn_studio.gui.catalogue import BLOCK
from cnn_studio.i18n import N_, _

if TYPE_CHECKING:
    from cnn_studio.gui.canvas.canvas_view import CanvasView

Entry = tuple[str, str, Callable[[], object]] | None
"""Words, icon and what is done; None is a line."""


def is_known(key: str) -> bool:
    """Whether there is such a layer or block."""
    return key.removeprefix(BLOCK) in blocks if key.startswith(BLOCK) else key in layers


def entries_at(canvas: CanvasView, pixel: Point) -> list[Entry]:
    """What can be done at a pixel; what is there gets chosen."""
    point = canvas.view.to_scene(pixel)
    card = canvas.scene.card_at(point)
    frame = "" if card else canvas.frame_at(point)
    cable = None if card or frame else canvas.cable_at(point)
    selection = canvas.workspace.selection
    if card is not None:
        if card.key not in selection.nodes | selection.groups:
            canvas.choose(card)
        return _of_card(canvas, card)
    if frame:
        canvas.workspace.select(groups=[frame])
        return _of_group(canvas, frame, folded=False)
    if cable is not None:
        canvas.workspace.select(edges=cable.edges)
        return _of_cable(canvas, cable, pixel)
    return [
        (N_("Add a layer..."), "search", lambda: canvas.open_search(pixel, at=point)),
        (N_("Paste"), "paste", lambda: editing.paste(canvas.workspace, point)),
        None,
        (N_("Select all"), "", lambda: editing.select_all(canvas.workspace)),
        (N_("Arrange"), "arrange", canvas.arrange),
        (N_("Show all"), "fit", canvas.fit),
        (N_("Copy as a picture"), "copy", canvas.copy_picture),
    ]


def _of_card(canvas: CanvasView, card: Card) -> list[Entry]:
    workspace = canvas.workspace
    common: list[Entry] = [
        (N_("Copy"), "copy", lambda: editing.copy(workspace)),
        (N_("Duplicate"), "duplicate", lambda: editing.duplicate(workspace)),
        (N_("Delete"), "delete", lambda: editing.delete(workspace)),
        None,
        (N_("Group"), "group", lambda: editing.group(workspace)),
    ]
    if card.is_group:
        return [*_of_group(canvas, card.key, folded=True), None, *common]
    return [
        (N_("Edit"), "properties", lambda: canvas.enter(card)),
        (N_("Rename..."), "rename", canvas.rename),
        (N_("Note..."), "note", lambda: canvas.edit_note(card.key)),
        (N_("Add a layer after it..."), "search", canvas.add_by_search),
        None,
        *common,
    ]


def _of_group(canvas: CanvasView, group_id: str, *, folded: bool) -> list[Entry]:
    return [
        (N_("Unfold") if folded else N_("Fold"), "fold", lambda: canvas.fold(group_id, not folded)),
        (N_("Rename..."), "rename", canvas.rename),
        (N_("Ungroup"), "ungroup", lambda: editing.ungroup(canvas.workspace)),
    ]


def _of_cable(canvas: CanvasView, cable: Cable, pixel: Point) -> list[Entry]:
    edge = cable.edges[0]
    return [
        (N_("Insert a layer..."), "search",
         lambda: canvas.open_search(pixel, source=edge.source, target=edge.target, at=canvas.view.to_scene(pixel))),
        (N_("Disconnect"), "cut",
         lambda: canvas.workspace.edit(lambda graph: edits.disconnect(graph, edge.source, edge.target))),
    ]  # fmt: skip


def show(canvas: CanvasView, pixel: Point, at: QPoint) -> None:
    """Offer it in a menu."""
    canvas.workspace.document.commit()
    menu = QMenu(canvas)
    menu.setObjectName("canvas.menu")
    for entry in entries_at(canvas, pixel):
        if entry is None:
            menu.addSeparator()
        else:
            words, icon, run = entry
            action = menu.addAction(_(words))
            if icon:
                action.setIcon(icons.icon(icon))
            action.triggered.connect(lambda _checked=False, run=run: run())
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
