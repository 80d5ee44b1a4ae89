"""The canvas with hands: mouse, wheel, drops, keys, and the editors that stand on it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from cnn_studio.core.document import Change
from cnn_studio.core.graph import Edge
from cnn_studio.gui import editing, theme
from cnn_studio.gui.canvas import keys, menu, paint
from cnn_studio.gui.canvas.building import CanvasBuilding
from cnn_studio.gui.canvas.faces import spoken
from cnn_studio.gui.canvas.geometry import Point, border_pull
from cnn_studio.gui.canvas.gestures import Band, Connect, Drag, Gesture, Overview, Pan
from cnn_studio.gui.canvas.scene import Cable, Link
from cnn_studio.gui.catalogue import MIME, STARTER
from cnn_studio.gui.workspace import Workspace

TICK = 25
"""Milliseconds between two steps of scrolling while something is dragged at the border."""


class CanvasView(CanvasBuilding):
    """The canvas of a window.

    Attributes:
        gesture: what the mouse is doing, or None.
        snaps: whether dragged cards come to stand on the grid.
        linking: id of the card from which the keyboard is connecting, or "".
        space: the space bar is held: dragging moves the view.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.gesture: Gesture | None = None
        self.snaps = True
        self.linking = ""
        self.space = False
        self._pressed: tuple[Point, Callable[[], Gesture | None]] | None = None
        self._aim: Link | str | None = None
        self._scroll = QTimer(self)
        self._scroll.setInterval(TICK)
        self._scroll.timeout.connect(self._scroll_on)

    # -- mouse --------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """What a press may become is decided by where it is."""
        if self.gesture is not None or self._pressed is not None:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.stop_motion()
        self.workspace.document.commit()
        pixel = (event.position().x(), event.position().y())
        if event.button() == Qt.MouseButton.MiddleButton or (
            self.space and event.button() == Qt.MouseButton.LeftButton
        ):
            self.space = False
            self._begin(Pan(self, pixel))
        elif event.button() == Qt.MouseButton.LeftButton:
            self._press(pixel, adding=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def _press(self, pixel: Point, *, adding: bool) -> None:
        if self.minimap_shown() and self.minimap_box().holds(pixel):
            overview = Overview(self, pixel)
            self._begin(overview)
            overview.move(pixel)
            return
        point = self.view.to_scene(pixel)
        port, card = self.port_at(point), self.scene.card_at(point)
        cable = None if card or port else self.cable_at(point)
        frame = "" if card or cable else self.frame_at(point)
        selection = self.workspace.selection
        if port is not None:
            self._pressed = pixel, lambda: Connect(self, pixel, self.exit_of(port.key))
            if card is not None and card.key not in selection.nodes | selection.groups:
                self.choose(card, adding=adding)
        elif card is not None:
            if adding or card.key not in selection.nodes | selection.groups:
                self.choose(card, adding=adding)
            self.focus_on(card.key)
            self._pressed = pixel, lambda: self._drag(pixel, card.members[0])
        elif cable is not None:
            edges = frozenset(cable.edges)
            self.workspace.select(edges=selection.edges ^ edges if adding else edges)
            self._pressed = pixel, lambda: self._take_end(pixel, cable)
        elif frame:
            self.workspace.select(groups=[frame])
            self._pressed = (
                pixel,
                lambda: self._drag(pixel, self.scene.cards[self.scene.frames[frame].keys[0]].members[0]),
            )
        else:
            if not adding:
                self.workspace.select()
            self._pressed = pixel, lambda: Band(self, pixel, adding=adding)

    def _drag(self, pixel: Point, lead: str) -> Gesture | None:
        nodes = editing.chosen_nodes(self.workspace)
        return Drag(self, pixel, nodes, lead) if lead in nodes else None

    def _take_end(self, pixel: Point, cable: Cable) -> Gesture:
        """The end of a connection that is nearer to the pointer comes loose."""
        x, y = self.view.to_scene(pixel)
        path = self.scene.path(cable.link)
        to_start = abs(path.start[0] - x) + abs(path.start[1] - y)
        to_end = abs(path.end[0] - x) + abs(path.end[1] - y)
        edge: Edge = cable.edges[0]
        return Connect(self, pixel, edge.source if to_end <= to_start else "", edge)

    def _begin(self, gesture: Gesture | None) -> None:
        self._pressed = None
        self.gesture = gesture
        if gesture is not None and gesture.scrolls:
            self._scroll.start()
        self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the gesture, or begin it, or show what is under the pointer."""
        pixel = (event.position().x(), event.position().y())
        if self._pressed is not None:
            start, gesture = self._pressed
            if abs(pixel[0] - start[0]) + abs(pixel[1] - start[1]) < QApplication.startDragDistance():
                return
            self._begin(gesture())
        if self.gesture is not None:
            self.gesture.move(pixel, free=bool(event.modifiers() & Qt.KeyboardModifier.AltModifier))
        else:
            self._hover(self.view.to_scene(pixel))

    def _hover(self, point: Point) -> None:
        card = self.port_at(point) or self.scene.card_at(point)
        key = card.key if card else ""
        cable = None if card or self.view.scale < paint.SPECK else self.cable_at(point)
        link = cable.link if cable else None
        if key != self.hover or link != self.hovered_cable:
            touched = [self.scene.cards[one].box for one in (key, self.hover) if one in self.scene.cards]
            links = {cable.link for one in (key, self.hover) for cable in self.scene.cables_of(one)}
            links |= {one for one in (link, self.hovered_cable) if one in self.scene.cables}
            self.hover, self.hovered_cable = key, link
            self.refresh([*touched, *(self.scene.route_bounds(one).grown(20) for one in links)])
            self.workspace.hovered.emit(key if key in self.scene.graph.nodes else "")
        self._show_cursor(point)

    def _show_cursor(self, point: Point | None = None) -> None:
        shape = Qt.CursorShape.ArrowCursor
        if isinstance(self.gesture, Pan):
            shape = Qt.CursorShape.ClosedHandCursor
        elif self.space:
            shape = Qt.CursorShape.OpenHandCursor
        elif isinstance(self.gesture, Connect) or (point is not None and self.port_at(point)):
            shape = Qt.CursorShape.CrossCursor
        elif self.hovered_cable is not None:
            shape = Qt.CursorShape.PointingHandCursor
        if self.cursor().shape() != shape:
            self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The gesture ends; a press without one was a click."""
        self._pressed = None
        gesture, self.gesture = self.gesture, None
        self._scroll.stop()
        if gesture is not None:
            gesture.end()
            self.update()
        self._show_cursor()

    def cancel_gesture(self) -> bool:
        """Leave everything as it was before the gesture. False when there was none."""
        gesture, self.gesture = self.gesture, None
        had = gesture is not None or self._pressed is not None or bool(self.linking)
        self._pressed = None
        self.linking = ""
        self._scroll.stop()
        if gesture is not None:
            gesture.cancel()
        self._show_cursor()
        self.update()
        return had

    def _scroll_on(self) -> None:
        if self.gesture is not None:
            dx, dy = border_pull(self.gesture.pixel, self.pixels)
            if dx or dy:
                self.show_view(self.view.panned(dx, dy))
                self.gesture.move(self.gesture.pixel)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A group opens or folds, a layer is edited, empty canvas asks what to add."""
        if event.button() != Qt.MouseButton.LeftButton or self.gesture is not None:
            return
        pixel = (event.position().x(), event.position().y())
        point = self.view.to_scene(pixel)
        card = self.scene.card_at(point)
        frame = "" if card else self.frame_at(point)
        cable = None if card or frame else self.cable_at(point)
        self._pressed = None
        if card is not None:
            self.enter(card)
        elif frame:
            self.fold(frame, True)
        elif cable is not None:
            self.open_search(pixel, source=cable.edges[0].source, target=cable.edges[0].target, at=point)
        else:
            self.open_search(pixel, at=point)

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight nothing goes on."""
        super().hideEvent(event)
        self.cancel_gesture()
        self.stop_motion()
        self._settle.stop()
        self.drawing.is_moving = False

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer."""
        super().leaveEvent(event)
        if self.hover or self.hovered_cable:
            self.hover, self.hovered_cable = "", None
            self.workspace.hovered.emit("")
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl zoom to the pointer."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        dx, dy = (pixels.x(), pixels.y()) if not pixels.isNull() else (angle.x() / 2, angle.y() / 2)
        at = event.position()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.show_view(self.view.zoomed(1.0015 ** float(angle.y() or pixels.y() * 4), (at.x(), at.y())))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not dx:
            self.show_view(self.view.panned(dy, 0))
        else:
            self.show_view(self.view.panned(dx, dy))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Two fingers zoom; tips tell of what is under the pointer."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            at = event.position()
            self.show_view(self.view.zoomed(1 + event.value(), (at.x(), at.y())))
            return True
        if isinstance(event, QHelpEvent):
            card = self.scene.card_at(self.view.to_scene((event.pos().x(), event.pos().y())))
            if card is not None:
                document = self.workspace.document
                words = spoken(card, self.face(card), document.report, document.diagnosis).replace("; ", "\n")
                QToolTip.showText(event.globalPos(), f"{self.face(card).title}\n{words}", self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done here."""
        self.cancel_gesture()
        pixel = (float(event.pos().x()), float(event.pos().y()))
        if event.reason() == QContextMenuEvent.Reason.Keyboard and (card := self.focused_card()):
            pixel = self.view.to_screen(card.box.middle)
        menu.show(self, pixel, event.globalPos())

    # -- keys ---------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See ``keys.py``."""
        if not keys.pressed(self, event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """The space bar let go without a drag asks what to add."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            if self.space:
                self.space = False
                self._show_cursor()
                self.add_by_search()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Without the keyboard nothing goes on."""
        super().focusOutEvent(event)
        self.space = False
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming by Tab, the keyboard is at the first card."""
        super().focusInEvent(event)
        self.update()

    # -- dropping -----------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Layers and blocks may come in."""
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would go."""
        if event.mimeData().hasFormat(MIME):
            self._aim = self.aim_at(self.to_scene(event.position()))
            event.acceptProposedAction()
            self.update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It goes elsewhere."""
        self._aim = None
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put it where it was let go."""
        self._aim = None
        data = event.mimeData().data(MIME).data()
        key = bytes(data).decode("utf-8", "replace")
        point = self.to_scene(event.position())
        event.acceptProposedAction()
        self.drop(key, point)

    def drop(self, key: str, point: Point) -> bool:
        """Put an entry of the palette at a point: into the cable there, after the open output beside it, or alone."""
        if key.startswith(STARTER):
            self.workspace.starter_requested.emit(key.removeprefix(STARTER))
            return True
        if not menu.is_known(key):
            return False
        aim = self.aim_at(point)
        if isinstance(aim, tuple):
            edge = self.scene.cables[aim].edges[0]
            return self.insert(key, source=edge.source, target=edge.target, at=point)
        return self.insert(key, source=self.exit_of(aim) if aim else "", at=point)

    # -- drawing ------------------------------------------------------------------------------------------------------

    def paint_gesture(self, painter: QPainter, now: theme.Theme) -> None:
        """Draw what the gesture shows, and where something dragged from the palette would go."""
        if self.gesture is not None:
            self.gesture.paint(painter, now)
        if isinstance(self._aim, tuple) and self._aim in self.scene.cables:
            path = self.scene.path(self._aim)
            paint.draw_cable(painter, paint.qt_path(path, 4), path.end, QPen(now.accent, 3.5))
        elif isinstance(self._aim, str) and self._aim in self.scene.cards:
            painter.setPen(QPen(now.accent, 2.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(paint.rect(self.scene.cards[self._aim].box.grown(2)), 8, 8)
        if self.linking in self.scene.cards and self.focus in self.scene.cards:
            keys.paint_link(self, painter, now)

    def _replaced(self) -> None:
        self.gesture = None
        self._pressed = None
        self.linking = ""
        self._scroll.stop()
        super()._replaced()

    def _changed(self, change: Change) -> None:
        if not change.preview and change.after is not change.before:
            self.gesture = self._pressed = None  # somebody else edits: what the mouse was doing means nothing any more
            self._scroll.stop()
        super()._changed(change)
        if self.hovered_cable not in self.scene.cables:
            self.hovered_cable = None
        if self.hover not in self.scene.cards:
            self.hover = ""
        if self.linking not in self.scene.cards:
            self.linking = ""

    def toggle_snap(self) -> None:
        """Let dragged cards come to stand on the grid, or anywhere."""
        self.snaps = not self.snaps
