"""The whole of building without a mouse: walking, choosing, moving, connecting, adding and taking away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPen

from cnn_studio.core import edits
from cnn_studio.core.words import say
from cnn_studio.gui import editing
from cnn_studio.gui.canvas import paint
from cnn_studio.gui.canvas.geometry import GRID, nearest
from cnn_studio.gui.canvas.routing import direct, in_port, out_port
from cnn_studio.gui.theme import Theme
from cnn_studio.i18n import N_

if TYPE_CHECKING:
    from cnn_studio.gui.canvas.canvas_view import CanvasView

ARROWS = {
    Qt.Key.Key_Left: ("left", -1, 0), Qt.Key.Key_Right: ("right", 1, 0),
    Qt.Key.Key_Up: ("up", 0, -1), Qt.Key.Key_Down: ("down", 0, 1),
}  # fmt: skip


def pressed(canvas: CanvasView, event: QKeyEvent) -> bool:
    """Do what a key means on the canvas. False when it means nothing here."""
    key = Qt.Key(event.key())
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if key == Qt.Key.Key_Escape:
        if not canvas.cancel_gesture():
            canvas.workspace.select()
        return True
    if canvas.gesture is not None:
        return True
    if key in ARROWS:
        return _arrow(canvas, ARROWS[key], held)
    if held & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
        return False
    return _plain(canvas, key, event)


def _plain(canvas: CanvasView, key: Qt.Key, event: QKeyEvent) -> bool:
    card = canvas.focused_card()
    if key == Qt.Key.Key_Space:
        canvas.space = canvas.space or not event.isAutoRepeat()
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        if canvas.linking:
            finish_link(canvas)
        elif card is not None:
            canvas.enter(card)
    elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
        canvas.workspace.document.commit()
        editing.delete(canvas.workspace)
    elif key == Qt.Key.Key_F2:
        canvas.rename()
    elif key == Qt.Key.Key_C and card is not None:
        canvas.linking = card.key
        canvas.focus_on(card.key)
        canvas.workspace.said.emit(str(say(N_("Walk to the layer to connect to and press Enter."))))
        canvas.update()
    elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and canvas.scene.cards:
        order = canvas.workspace.document.report.in_order()
        _go(canvas, canvas.scene.card_of[order[0 if key == Qt.Key.Key_Home else -1]], adding=False)
    else:
        return False
    return True


def _arrow(canvas: CanvasView, arrow: tuple[str, int, int], held: Qt.KeyboardModifier) -> bool:
    """Walk; with Shift choose on the way, with Ctrl move what is chosen."""
    direction, dx, dy = arrow
    if held & Qt.KeyboardModifier.ControlModifier:
        nodes = editing.chosen_nodes(canvas.workspace)
        if nodes:
            canvas.workspace.document.commit()
            step = GRID if canvas.snaps else 1.0
            canvas.workspace.edit(lambda graph: edits.shift(graph, nodes, dx * step, dy * step))
        return True
    target = walked(canvas, direction)
    if target is not None:
        _go(canvas, target, adding=bool(held & Qt.KeyboardModifier.ShiftModifier))
    return True


def walked(canvas: CanvasView, direction: str) -> str | None:
    """The card that one comes to: along the connections to the left and right, else by place."""
    scene = canvas.scene
    if not scene.cards:
        return None
    card = canvas.focused_card()
    if card is None:
        return scene.card_of[canvas.workspace.document.report.in_order()[0]]
    x, y = card.box.middle
    if direction in ("left", "right"):
        ends = [cable.link[1 if direction == "right" else 0] for cable in scene.cables_of(card.key)]
        near = {key: scene.cards[key].box.middle for key in ends if key != card.key}
        if near:
            return min(near, key=lambda key: (abs(near[key][1] - y), abs(near[key][0] - x)))
    others = {key: one.box.middle for key, one in scene.cards.items() if key != card.key}
    return nearest((x, y), others, direction)


def _go(canvas: CanvasView, key: str, *, adding: bool) -> None:
    card = canvas.scene.cards[key]
    if canvas.linking:
        canvas.focus_on(key)
    elif adding:
        selection = canvas.workspace.selection
        canvas.focus_on(key)
        nodes, groups = selection.nodes, selection.groups
        canvas.workspace.select(
            nodes if card.is_group else nodes | {key}, groups | {key} if card.is_group else groups, selection.edges
        )
    else:
        canvas.choose(card)
    canvas.reveal(card.members)


def finish_link(canvas: CanvasView) -> None:
    """Connect from where the keyboard began to where it is."""
    source, target = canvas.linking, canvas.focus
    canvas.linking = ""
    canvas.update()
    if source in canvas.scene.cards and target in canvas.scene.cards and source != target:
        canvas.workspace.document.commit()
        canvas.workspace.edit(lambda graph: edits.connect(graph, canvas.exit_of(source), canvas.entry_of(target)))


def paint_link(canvas: CanvasView, painter: QPainter, now: Theme) -> None:
    """The connection that the keyboard is making."""
    start = out_port(canvas.scene.cards[canvas.linking].box)
    end = in_port(canvas.scene.cards[canvas.focus].box)
    if canvas.linking != canvas.focus:
        pen = QPen(now.accent, 2, Qt.PenStyle.DashLine)
        paint.draw_cable(painter, paint.qt_path(direct(start, end), 4), end, pen)
