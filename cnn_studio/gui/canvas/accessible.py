"""The canvas for those who do not see it: a list whose items are the cards, in the order of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor, QWindow
from PySide6.QtWidgets import QAccessibleWidget

from cnn_studio.gui.canvas.faces import spoken

if TYPE_CHECKING:
    from cnn_studio.gui.canvas.view import CanvasBase


class AccessibleCard(QAccessibleInterface):
    """One layer or folded group."""

    def __init__(self, canvas: CanvasBase, key: str) -> None:
        super().__init__()
        self._canvas, self._key = canvas, key

    def isValid(self) -> bool:
        """Whether the card is still there."""
        return self._key in self._canvas.scene.cards

    def object(self) -> QObject | None:  # type: ignore[override]
        """A card is no object of Qt."""
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]
        """The window that it stands in."""
        return self._canvas.window().windowHandle()

    def parent(self) -> QAccessibleInterface:
        """The canvas."""
        return QAccessible.queryAccessibleInterface(self._canvas)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """A card holds nothing."""
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """A card holds nothing."""
        return None

    def childCount(self) -> int:
        """A card holds nothing."""
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """A card holds nothing."""
        return -1

    def role(self) -> QAccessible.Role:
        """An item of a list."""
        return QAccessible.Role.ListItem

    def rect(self) -> QRect:
        """Where it is on the screen."""
        if not self.isValid():
            return QRect()
        box = self._canvas.view.box_on_screen(self._canvas.scene.cards[self._key].box)
        corner = self._canvas.mapToGlobal(QPoint(round(box.left), round(box.top)))
        return QRect(corner.x(), corner.y(), round(box.width), round(box.height))

    def text(self, part: QAccessible.Text) -> str:
        """Name, and as description kind, settings, shape, neighbours and problems."""
        if not self.isValid():
            return ""
        canvas = self._canvas
        card = canvas.scene.cards[self._key]
        if part == QAccessible.Text.Name:
            return canvas.face(card).title
        if part in (QAccessible.Text.Description, QAccessible.Text.Value):
            document = canvas.workspace.document
            return spoken(card, canvas.face(card), document.report, document.diagnosis)
        return ""

    def setText(self, part: QAccessible.Text, text: str) -> None:
        """Nothing can be written this way."""

    def state(self) -> QAccessible.State:
        """Whether it is chosen, and has the focus."""
        state = QAccessible.State()
        selection = self._canvas.workspace.selection
        state.focusable = state.selectable = True
        state.selected = self._key in selection.nodes | selection.groups
        state.focused = self._canvas.focus == self._key and self._canvas.hasFocus()
        return state

    def foregroundColor(self) -> QColor:
        """That of the canvas."""
        return self._canvas.palette().windowText().color()


class AccessibleCanvas(QAccessibleWidget):
    """The canvas with a child for each card."""

    def __init__(self, canvas: CanvasBase) -> None:
        super().__init__(canvas, QAccessible.Role.List, canvas.accessibleName())
        self._canvas = canvas
        self._known: dict[str, AccessibleCard] = {}

    def end(self, *_canvas: object) -> None:
        """The canvas goes: Qt forgets the cards that it was asked about, which it would look for later."""
        while self._known:
            _key, card = self._known.popitem()
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(card))

    @staticmethod
    def order(canvas: CanvasBase) -> list[str]:
        """The ids of the cards in the order of the network."""
        card_of = canvas.scene.card_of
        order = canvas.workspace.document.report.in_order()
        return list(dict.fromkeys(card_of[one] for one in order if one in card_of))

    def card(self, key: str) -> AccessibleCard:
        """The child of a card; always the same."""
        if key not in self._known:
            self._known[key] = AccessibleCard(self._canvas, key)
        return self._known[key]

    def childCount(self) -> int:
        """As many as there are cards."""
        return len(self._canvas.scene.cards)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """A card by its place in the order of the network."""
        keys = self.order(self._canvas)
        return self.card(keys[index]) if 0 <= index < len(keys) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """The place of a card."""
        keys = self.order(self._canvas)
        return next((place for place, key in enumerate(keys) if self._known.get(key) is child), -1)

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """The card at a pixel of the screen."""
        at = self._canvas.mapFromGlobal(QPoint(x, y))
        card = self._canvas.scene.card_at(self._canvas.view.to_scene((at.x(), at.y())))
        return self.card(card.key) if card else None

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """The card that the keyboard is at."""
        return self.card(self._canvas.focus) if self._canvas.focus in self._canvas.scene.cards else None


_installed: list[bool] = []


def make(_class_name: str, thing: QObject | None) -> QAccessibleInterface | None:
    """What Qt asks for an object; None for what is no canvas. It is Qt's then: each question gets another one."""
    from cnn_studio.gui.canvas.view import CanvasBase

    if not isinstance(thing, CanvasBase):
        return None
    interface = AccessibleCanvas(thing)
    thing.destroyed.connect(interface.end)
    return interface


def index_of(canvas: CanvasBase, key: str) -> int:
    """The place of a card among the children of the canvas, or -1."""
    keys = AccessibleCanvas.order(canvas)
    return keys.index(key) if key in keys else -1


def install() -> None:
    """Let Qt ask us about canvases, from now on."""
    if not _installed:
        _installed.append(True)
        QAccessible.installFactory(make)
