"""The canvas: one widget that shows the network of a workspace and hands what the person does to gestures and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cnn_studio.core.arrange import arrange
from cnn_studio.core.document import Change
from cnn_studio.core.edits import move
from cnn_studio.core.words import say
from cnn_studio.gui import theme
from cnn_studio.gui.canvas import accessible, geometry
from cnn_studio.gui.canvas.drawing import MINIMAP, Drawing
from cnn_studio.gui.canvas.faces import Face, face_of
from cnn_studio.gui.canvas.geometry import Box, Point, View
from cnn_studio.gui.canvas.scene import Card, Scene
from cnn_studio.gui.canvas.shares import Shares
from cnn_studio.gui.canvas.thumbnails import Thumbnails
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_, _

if TYPE_CHECKING:
    from cnn_studio.gui.canvas.gestures import Gesture

STEP = 1.25
"""By how much one step zooms."""
MOST_MOVING = 400
"""Cards that are seen moving; more of them are where they were going at once."""
SETTLED = 120
"""Milliseconds after the last zoom at which cards are drawn sharply again."""


class CanvasBase(QWidget):
    """What is shown and where: the scene, the view of it, and what keeps both up to date.

    Attributes:
        scene: the picture of the network.
        view: how it stands on the screen.
        focus: id of the card that the keyboard is at, or "".
        hover: id of the card under the pointer, or "".
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.setObjectName("canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.scene = Scene(workspace.document.graph)
        self.view = View()
        self.focus = ""
        self.hover = ""
        self._faces: dict[str, Face] = {}
        self._badges: dict[str, int] = {}
        self.drawing = Drawing(self)
        self.thumbnails = Thumbnails(self)
        self.shares = Shares(self)
        self._wants_fit = True
        self._minimap = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLED)
        self._settle.timeout.connect(self._settled)
        self._motions: dict[str, QVariantAnimation] = {}
        accessible.install()
        workspace.changed.connect(self._changed)
        workspace.document_replaced.connect(self._replaced)
        workspace.selection_changed.connect(self.update)
        workspace.settings_changed.connect(self.retranslate)
        workspace.ghost_changed.connect(self._ghost_changed)
        workspace.center_requested.connect(self.reveal)
        self.retranslate()

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(960, 640)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def face(self, card: Card) -> Face:
        """What a card says."""
        found = self._faces.get(card.key)
        if found is None:
            document = self.workspace.document
            found = self._faces[card.key] = face_of(card, document.report, document.diagnosis)
        return found

    def retranslate(self) -> None:
        """Texts, colours and shapes of the moment."""
        self.setAccessibleName(_("Canvas"))
        self.setAccessibleDescription(
            _("The network. Arrow keys walk along it, the space bar adds a layer, Enter edits, Delete takes away.")
        )
        self._faces.clear()
        self.drawing.forget()
        self.update()

    def _replaced(self) -> None:
        self.stop_motion()
        self.scene = Scene(self.workspace.document.graph)
        self.focus = self.hover = ""
        self._faces.clear()
        self._badges = self._count_problems()
        self.drawing.forget()
        self._wants_fit = True
        self._fit_at_first()
        self.update()

    def _changed(self, change: Change) -> None:
        """Bring up to date and draw again what a change says is no longer as before."""
        if change.after is change.before and not change.parts & {"context", "weights", "data"}:
            return
        self._stop("cards")
        self.shares.follow()
        slides = (
            bool(change.added or change.removed or change.groups)
            and not change.preview
            and len(self.scene.cards) <= MOST_MOVING
        )
        before = self.places() if slides else {}
        region = self.scene.follow(change)
        if self.focus not in self.scene.cards:
            self.focus = ""
        badges = self._count_problems()
        troubled = {key for key in badges.keys() | self._badges.keys() if badges.get(key) != self._badges.get(key)}
        self._badges = badges
        stale = {self.scene.card_of.get(one, one) for one in (*change.changed, *change.facts, *troubled, *change.added)}
        stale |= change.groups | change.removed
        stale = self._outdated(stale)
        if region is not None and (change.added or change.removed or change.edges or change.groups):
            self.update()
        else:
            self.refresh([region, *(card.box for key in stale if (card := self.scene.cards.get(key)))])
            for key in stale & self.scene.cards.keys() if change.facts and len(stale) < 40 else ():
                self.refresh(self.scene.route_bounds(cable.link) for cable in self.scene.cables_of(key))
        self.slide(before)

    def _outdated(self, keys: set[str]) -> set[str]:
        """Forget what these cards say; those of them that are seen and say something else now, or are gone."""
        seen = self.view.box_in_scene(Box(0, 0, *self.pixels)).grown(40)
        cards, other = self.scene.cards, set()
        for key in keys:
            old, card = self._faces.pop(key, None), cards.get(key)
            if card is None or old is None or not card.box.touches(seen) or self.face(card) != old:
                self.drawing.forget([key])
                if card is None or card.box.touches(seen):
                    other.add(key)
        return other

    def _count_problems(self) -> dict[str, int]:
        """A number for what each layer's badge says."""
        by_node = self.workspace.document.diagnosis.by_node
        return {key: hash(tuple(problem.severity for problem in some)) for key, some in by_node.items()}

    def _ghost_changed(self) -> None:
        self.drawing.show_ghost(self.workspace.ghost)
        self.update()

    def refresh(self, boxes: Iterable[Box | None]) -> None:
        """Draw some parts of the network again."""
        seen = Box(0, 0, self.width(), self.height())
        touched = [
            box for one in boxes if one and (box := self.view.box_on_screen(one.grown(24)).grown(2)).touches(seen)
        ]
        if len(touched) > 40:
            self.update()
            return
        for box in touched:
            self.update(QRectF(box.left, box.top, box.width, box.height).toAlignedRect())

    # -- the view -----------------------------------------------------------------------------------------------------

    @property
    def pixels(self) -> tuple[float, float]:
        """Width and height on the screen."""
        return float(self.width()), float(self.height())

    def show_view(self, view: View) -> None:
        """Another part of the network, or another scale."""
        if view == self.view:
            return
        if view.scale != self.view.scale:
            self.drawing.is_moving = True
            self._settle.start()
        self.view = view
        self._wants_fit = False
        self.update()

    def _settled(self) -> None:
        self.drawing.is_moving = False
        self.update()

    def glide_to(self, view: View) -> None:
        """Another view, reached by a short movement unless there is to be none."""
        start = self.view
        self._run("view", lambda share: self.show_view(geometry.between(start, view, share)))

    def _run(self, what: str, show: Callable[[float], None]) -> None:
        """Call a function with shares from 0 to 1 during a movement of the view or the cards, or with 1 at once."""
        self._stop(what)
        length = theme.motion()
        if not length or not self.isVisible():
            show(1.0)
            return
        motion = self._motions[what] = QVariantAnimation(self)
        motion.setDuration(length)
        motion.setStartValue(0.0)
        motion.setEndValue(1.0)
        motion.valueChanged.connect(lambda value: show(1 - (1 - value) ** 3))
        motion.finished.connect(lambda: self._stop(what))
        motion.start()

    def _stop(self, what: str) -> None:
        motion = self._motions.pop(what, None)
        if motion is not None:
            motion.blockSignals(True)
            motion.stop()
            motion.deleteLater()
            if what == "cards":
                self._let_go()

    @property
    def is_in_motion(self) -> bool:
        """Whether the view or a card is on its way."""
        return bool(self._motions)

    def stop_motion(self) -> None:
        """The view stays where it has come to; cards are where they were going."""
        for what in ("view", "cards"):
            self._stop(what)

    def _let_go(self) -> None:
        region = self.scene.hold({})
        if region is not None:
            self.update()

    def slide(self, before: dict[str, Point]) -> None:
        """Let the cards move from where they were to where they are."""
        if not before:
            return
        after = self.places()
        moving = {key: place for key, place in before.items() if key in after and after[key] != place}
        if not moving or len(moving) > MOST_MOVING or not theme.motion() or not self.isVisible():
            return

        def show(share: float) -> None:
            self.scene.hold(
                {
                    key: (x + (after[key][0] - x) * share, y + (after[key][1] - y) * share)
                    for key, (x, y) in moving.items()
                }
            )
            self.update()

        self._run("cards", show)
        show(0.0)

    def places(self) -> dict[str, Point]:
        """Where each card stands."""
        return {key: card.box.middle for key, card in self.scene.cards.items()}

    def zoom_in(self) -> None:
        """Larger, around the middle."""
        self.show_view(self.view.zoomed(STEP, (self.width() / 2, self.height() / 2)))

    def zoom_out(self) -> None:
        """Smaller, around the middle."""
        self.show_view(self.view.zoomed(1 / STEP, (self.width() / 2, self.height() / 2)))

    def zoom_actual(self) -> None:
        """At its own size."""
        self.show_view(self.view.zoomed(1 / self.view.scale, (self.width() / 2, self.height() / 2)))

    def fit(self) -> None:
        """The whole network."""
        bounds = self.scene.bounds()
        if bounds is not None:
            self.glide_to(geometry.fitted(bounds, self.pixels))

    def fit_selection(self) -> None:
        """What is chosen."""
        selection, cards = self.workspace.selection, self.scene.cards
        ends = {end for edge in selection.edges for end in (edge.source, edge.target)}
        boxes = [self.scene.frames[key].box for key in selection.groups if key in self.scene.frames]
        boxes += [cards[key].box for key in selection.groups if key in cards]
        boxes += [box for box in [self.scene.box_of_nodes(selection.nodes | ends)] if box is not None]
        box = geometry.around(boxes)
        if box is not None:
            self.glide_to(geometry.fitted(box, self.pixels, most=1.25))

    def reveal(self, node_ids: Iterable[str]) -> None:
        """Bring these layers into view, moving as little as possible."""
        box = self.scene.box_of_nodes(node_ids)
        if box is not None:
            self._fit_at_first()
            self.glide_to(geometry.revealing(self.view, box, self.pixels))

    def view_center(self) -> Point:
        """The point in the middle of the view."""
        return self.view.to_scene((self.width() / 2, self.height() / 2))

    def arrange(self) -> None:
        """Give every layer a place of its own, as one step; they move there."""
        before = self.places()
        self.workspace.document.commit()
        if self.workspace.edit(lambda graph: move(graph, arrange(graph)), say(N_("arrange"))):
            self.fit()
            self.slide(before)

    def minimap_shown(self) -> bool:
        """Whether the small picture of the whole network is shown."""
        return self._minimap

    def set_minimap(self, shown: bool) -> None:
        """Show or hide the small picture of the whole network."""
        self._minimap = shown
        self.update()

    # -- Qt -----------------------------------------------------------------------------------------------------------

    def _fit_at_first(self) -> None:
        bounds = self.scene.bounds()
        if not self._wants_fit or self.width() < 50 or not self.isVisible():
            return
        self.view = geometry.fitted(bounds, self.pixels) if bounds else geometry.centred((0, 0), self.pixels, 1.0)
        self._wants_fit = False

    def showEvent(self, event: QShowEvent) -> None:
        """Seen for the first time, the whole network is."""
        super().showEvent(event)
        self._fit_at_first()
        self.thumbnails.wake()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was in the middle stays there; the whole network stays the whole network."""
        super().resizeEvent(event)
        old = event.oldSize()
        if self._wants_fit or not old.isValid():
            self._fit_at_first()
        elif (bounds := self.scene.bounds()) and self.view == geometry.fitted(bounds, (old.width(), old.height())):
            self.show_view(geometry.fitted(bounds, self.pixels))
        else:
            self.view = self.view.panned((self.width() - old.width()) / 2, (self.height() - old.height()) / 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is out of date."""
        with QPainter(self) as painter:
            self.drawing.paint(painter, event.region())

    def tell_focus(self) -> None:
        """Let those who hear the canvas know where the keyboard is."""
        if QAccessible.isActive():
            child = accessible.index_of(self, self.focus)
            event = QAccessibleEvent(self, QAccessible.Event.Focus)
            if child >= 0:
                event.setChild(child)
            QAccessible.updateAccessibility(event)

    def to_scene(self, position: QPointF) -> Point:
        """The point of the network under a pixel."""
        return self.view.to_scene((position.x(), position.y()))

    # -- what the mouse adds (see mouse.py) ---------------------------------------------------------------------------

    hovered_cable: tuple[str, str] | None = None
    gesture: Gesture | None = None

    def paint_gesture(self, painter: QPainter, now: theme.Theme) -> None:
        """Draw what a gesture in progress shows."""

    def minimap_box(self) -> Box:
        """Where the small picture stands, in pixels."""
        width, height = MINIMAP
        return Box(
            self.width() - width - 16.0, self.height() - height - 16.0, self.width() - 16.0, self.height() - 16.0
        )

    def minimap_view(self) -> View | None:
        """How the network stands in the small picture; None when there is none."""
        bounds = self.scene.bounds()
        if bounds is None:
            return None
        place = self.minimap_box()
        view = geometry.fitted(bounds, (place.width, place.height), margin=10.0)
        return view.panned(place.left, place.top)
