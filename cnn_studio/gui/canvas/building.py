"""The canvas as a place to build: what is where, what is chosen, and how something is added, named and noted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from cnn_studio.core import edits, grouping
from cnn_studio.core.edits import EditError
from cnn_studio.core.placing import inserted
from cnn_studio.gui import editing
from cnn_studio.gui.adding import new_entry, place_for
from cnn_studio.gui.canvas.geometry import Box, Point, snapped, title_box
from cnn_studio.gui.canvas.inline import NameEditor, NoteEditor, Search
from cnn_studio.gui.canvas.routing import distance, out_port
from cnn_studio.gui.canvas.scene import Cable, Card, Link
from cnn_studio.gui.canvas.view import CanvasBase
from cnn_studio.i18n import _

NEAR = 8.0
"""Pixels from a cable within which it is meant."""
PORT = 9.0
"""Pixels from a port within which it is meant."""

OPEN = 140.0
"""Points right of an open output within which something dropped is connected to it."""


class CanvasBuilding(CanvasBase):
    """What gestures and keys build with."""

    # -- what is where ------------------------------------------------------------------------------------------------

    def port_at(self, point: Point) -> Card | None:
        """The card whose output is at a point."""
        reach = PORT / self.view.scale if self.view.scale < 1 else PORT
        near = Box(point[0] - reach, point[1] - reach, point[0] + reach, point[1] + reach)
        for card in self.scene.cards_in(near):
            x, y = out_port(card.box)
            if abs(x - point[0]) <= reach and abs(y - point[1]) <= reach:
                return card
        return None

    def cable_at(self, point: Point) -> Cable | None:
        """The connection under a point, the nearest."""
        reach = NEAR / self.view.scale
        found: list[tuple[float, Cable]] = []
        near = Box(point[0] - 1, point[1] - 1, point[0] + 1, point[1] + 1)
        for link, cable in self.scene.cables.items():
            if self.scene.route_bounds(link).grown(reach).touches(near):
                away = distance(self.scene.path(link), point)
                if away <= reach:
                    found.append((away, cable))
        return min(found, key=lambda one: one[0])[1] if found else None

    def frame_at(self, point: Point) -> str:
        """The open group whose title is at a point, the innermost, or ""."""
        keys_here = [key for key, frame in self.scene.frames.items() if title_box(frame.box).holds(point)]
        return keys_here[-1] if keys_here else ""

    def exit_of(self, key: str) -> str:
        """The layer that gives what a card gives."""
        card = self.scene.cards[key]
        inside = set(card.members)
        outputs = self.scene.graph.outputs_of
        ends = [one for one in card.members if not outputs(one) or not inside.issuperset(outputs(one))]
        return ends[0] if ends else card.members[-1]

    def entry_of(self, key: str) -> str:
        """The layer that takes what a card takes."""
        card = self.scene.cards[key]
        inside = set(card.members)
        inputs = self.scene.graph.inputs_of
        starts = [one for one in card.members if not inputs(one) or not inside.issuperset(inputs(one))]
        return starts[0] if starts else card.members[0]

    def takes_input(self, key: str) -> bool:
        """Whether anything can be connected into a card."""
        return self.scene.graph.nodes[self.entry_of(key)].layer.arity[1] > 0

    def focused_card(self) -> Card | None:
        """The card that the keyboard is at, or the only one chosen."""
        selection = self.workspace.selection
        chosen = [*selection.nodes, *selection.groups]
        key = self.focus or (chosen[0] if len(chosen) == 1 else "")
        return self.scene.cards.get(key)

    def aim_at(self, point: Point) -> Link | str | None:
        """What something let go here would be put into: a cable, or the card whose open output is near."""
        cable = self.cable_at(point)
        if cable is not None:
            return cable.link
        near = Box(point[0] - OPEN, point[1] - 40, point[0], point[1] + 40)
        for card in self.scene.cards_in(near):
            graph = self.scene.graph
            if card.box.right <= point[0] + 8 and not graph.outputs_of(self.exit_of(card.key)):
                layer = graph.nodes[self.exit_of(card.key)].layer
                if layer.family.value != "output":
                    return card.key
        return None

    # -- choosing -----------------------------------------------------------------------------------------------------

    def choose(self, card: Card, *, adding: bool = False) -> None:
        """Choose a card, or with ``adding`` let it join or leave what is chosen; the keyboard goes there."""
        self.focus_on(card.key)
        selection = self.workspace.selection
        own: tuple[set[str], set[str]] = (set(), {card.key}) if card.is_group else ({card.key}, set())
        if adding:
            self.workspace.select(selection.nodes ^ own[0], selection.groups ^ own[1], selection.edges)
        else:
            self.workspace.select(*own)

    def focus_on(self, key: str) -> None:
        """The keyboard is at this card."""
        if key != self.focus:
            self.focus = key
            self.workspace.hovered.emit(key if key in self.scene.graph.nodes else "")
            self.tell_focus()
            self.update()

    # -- adding -------------------------------------------------------------------------------------------------------

    def add_by_search(self) -> None:
        """Ask what to add after what is chosen."""
        source, target = place_for(self.workspace)
        at = self.view_center()
        if source:
            box = self.scene.cards[self.scene.card_of[source]].box
            self.show_view(self.view)
            self.open_search(self.view.to_screen((box.right + 8, box.top)), source=source, target=target, at=at)
        else:
            self.open_search((self.width() / 2 - 160, self.height() / 3), at=at)

    def open_search(self, pixel: Point, *, source: str = "", target: str = "", at: Point = (0.0, 0.0)) -> None:
        """Ask what to add at a place."""
        for old in self.findChildren(Search):
            old.close_search(refocus=False)
        search = Search(self)
        left = max(8, min(round(pixel[0]), self.width() - search.width() - 8))
        top = max(8, min(round(pixel[1]), self.height() - search.height() - 8))
        search.move(left, top)
        search.chosen.connect(lambda key: self.insert(key, source=source, target=target, at=at))
        search.show()
        search.field.setFocus()

    def insert(self, key: str, *, source: str = "", target: str = "", at: Point = (0.0, 0.0)) -> bool:
        """Put a layer or block into the network and choose it, as one step. Whether it was done."""
        self.workspace.document.commit()
        document = self.workspace.document
        graph = document.graph
        source = source if source in graph.nodes else ""
        target = target if source and source in graph.inputs_of(target) else ""
        try:
            new, at = new_entry(key), (snapped(at[0]), snapped(at[1]))
            after, card = inserted(graph, new, source=source, target=target, at=at, report=document.report)
        except EditError as error:
            self.workspace.said.emit(str(error))
            return False
        document.edit(after)
        made = self.scene.cards.get(card)
        if made is not None:
            self.choose(made)
            self.reveal(made.members)
        return True

    # -- editors ------------------------------------------------------------------------------------------------------

    def enter(self, card: Card) -> None:
        """A folded group opens, a layer is edited in the properties."""
        if card.is_group:
            self.fold(card.key, False)
        else:
            self.choose(card)
            self.workspace.edit_requested.emit()

    def fold(self, group_id: str, folded: bool) -> None:
        """Fold or open a group."""
        self.workspace.document.commit()
        editing.fold(self.workspace, [group_id], folded)
        if group_id in self.workspace.document.graph.groups:
            self.workspace.select(groups=[group_id])

    def rename(self) -> None:
        """Edit the name of the chosen layer or group where it stands."""
        graph, selection = self.workspace.document.graph, self.workspace.selection
        chosen = [*selection.nodes, *selection.groups] or ([self.focus] if self.focus else [])
        if len(chosen) != 1:
            return
        self.workspace.document.commit()
        (key,) = chosen
        if key in graph.nodes:
            self._name(key, graph.nodes[key].name, lambda text: edits.rename(self.scene.graph, key, text))
        else:
            self._name(key, graph.groups[key].name, lambda text: grouping.rename_group(self.scene.graph, key, text))

    def _name(self, key: str, name: str, renamed: Callable[[str], object]) -> None:
        def done(text: str) -> None:
            if text.strip() != name and key in self.scene.graph.nodes.keys() | self.scene.graph.groups.keys():
                self.workspace.edit(lambda _graph: renamed(text))  # type: ignore[arg-type,return-value]

        box = self._box_of(key)
        editor = NameEditor(self, name, done)
        editor.setGeometry(round(box.left), round(box.top), max(round(box.width), 180), 28)
        editor.show()
        editor.setFocus()

    def _box_of(self, key: str) -> Box:
        card, frame = self.scene.cards.get(key), self.scene.frames.get(key)
        box = card.box if card else title_box(frame.box) if frame else Box(0, 0, 0, 0)
        return self.view.box_on_screen(box)

    def edit_note(self, key: str) -> None:
        """Edit the note of a layer under its card."""
        node = self.scene.graph.nodes.get(key)
        if node is None:
            return

        def done(text: str) -> None:
            if key in self.scene.graph.nodes and text != node.note:
                self.workspace.edit(lambda graph: edits.set_note(graph, key, text))

        box = self._box_of(self.scene.card_of[key])
        editor = NoteEditor(self, node.note, done)
        editor.setGeometry(round(box.left), round(box.bottom) + 4, 260, 96)
        editor.show()
        editor.setFocus()

    # -- pictures of the view -----------------------------------------------------------------------------------------

    def view_image(self, scale: float = 2) -> QImage:
        """What is seen, as a picture with ``scale`` pixels a point."""
        made = QImage(self.size() * scale, QImage.Format.Format_ARGB32_Premultiplied)
        made.setDevicePixelRatio(scale)
        with QPainter(made) as painter:
            self.drawing.paint_still(painter, self.rect())
        return made

    def copy_picture(self) -> None:
        """Put what is seen on the clipboard, for a page or a slide."""
        QGuiApplication.clipboard().setImage(self.view_image())
        self.workspace.said.emit(_("What is seen is on the clipboard as a picture."))

    def view_svg(self) -> str:
        """What is seen, as the text of an SVG."""
        from PySide6.QtSvg import QSvgGenerator  # loaded when it is first needed

        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(QSize(self.width(), self.height()))
        generator.setViewBox(QRectF(0, 0, self.width(), self.height()))
        with QPainter(generator) as painter:
            self.drawing.paint_still(painter, self.rect())
        buffer.close()
        return bytes(data.data()).decode("utf-8")
