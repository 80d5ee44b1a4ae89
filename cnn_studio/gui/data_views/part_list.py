"""A list of parts of a plan, one below the other: added, taken out, moved, and each edited in its own form."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from cnn_studio.core.kinds import Registry
from cnn_studio.core.plans.base import Part
from cnn_studio.gui import theme
from cnn_studio.gui.forms import Form
from cnn_studio.gui.icons import icon
from cnn_studio.gui.labels import SMALL, STRONG, Text, retheme
from cnn_studio.gui.properties.parts import column
from cnn_studio.gui.widgets.pixels import Pixels
from cnn_studio.i18n import N_, _

MOVES = {"earlier": (-1, "up", N_("Earlier: {name}")), "later": (1, "down", N_("Later: {name}"))}
"""Ways of moving a part in the list: by how much, icon, what the button is called."""
REMOVE = N_("Take out: {name}")
BUTTON = 14
"""Pixels of a button's picture."""


class PartRow(QWidget):
    """One part: what it is called, buttons, its form, and a picture at its side where the list has pictures."""

    def __init__(self, owner: PartList, part: Part, number: int, side: int) -> None:
        super().__init__()
        name = f"{owner.objectName()}.{number}"
        self.setObjectName(name)
        self.part = part
        self.title = Text("text", STRONG, f"{name}.title")
        self.about = Text("secondary", SMALL, f"{name}.about")
        self.form = Form(f"{name}.fields")
        self.form.show_models([part])
        self.form.setVisible(bool(self.form.rows))
        self.buttons = {key: QToolButton() for key in (*MOVES, "remove")}
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.title, 1)
        for key, button in self.buttons.items():
            button.setObjectName(f"{name}.{key}")
            button.setAutoRaise(True)
            button.setIconSize(QSize(BUTTON, BUTTON))
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(theme.UNIT)
        words.addLayout(head)
        words.addWidget(self.about)
        words.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(theme.GAP)
        self.picture: Pixels | None = None
        if side:
            self.picture = Pixels(side)
            self.picture.setObjectName(f"{name}.picture")
            top.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        layout = column(self, theme.UNIT)
        layout.addLayout(top)
        layout.addWidget(self.form)

    def show_part(self, part: Part) -> None:
        """Other values of the same kind."""
        if part != self.part:
            self.part = part
            self.form.show_models([part])

    def retranslate(self, last: int, index: int) -> None:
        """Every text in the language of the moment; the first goes no further up, the last no further down."""
        label = _(self.part.label)
        self.title.setText(label)
        self.about.setText(_(self.part.help))
        self.form.retranslate()
        texts = {**{key: (picture, text) for key, (_by, picture, text) in MOVES.items()}, "remove": ("delete", REMOVE)}
        for key, (picture, text) in texts.items():
            words = _(text).format(name=label)
            self.buttons[key].setIcon(icon(picture))
            self.buttons[key].setToolTip(words)
            self.buttons[key].setAccessibleName(words)
        self.buttons["earlier"].setEnabled(index > 0)
        self.buttons["later"].setEnabled(index < last)


class PartList(QWidget):
    """The list.

    Signals:
        committed(tuple of parts, key): the list is meant to be so; steps with the same key, when not "", belong together.
    """

    committed = Signal(object, str)

    def __init__(self, name: str, registry: Registry[Any], side: int = 0) -> None:
        """``side``: pixels of a picture beside each part; 0 for none."""
        super().__init__()
        self.setObjectName(name)
        self._registry, self._side = registry, side
        self.rows: list[PartRow] = []
        self._numbers = count()
        self.add = QPushButton()
        self.add.setObjectName(f"{name}.add")
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self.add.setMenu(self.menu)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.PADDING)
        foot = QHBoxLayout()
        foot.addWidget(self.add)
        foot.addStretch(1)
        layout = column(self)
        layout.addLayout(self._rows)
        layout.addLayout(foot)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that are shown."""
        return tuple(row.part for row in self.rows)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these; rows stay where their parts do, so that the keyboard stays in its field and little is built."""
        self._take_out(parts)
        same = 0
        while same < min(len(parts), len(self.rows)) and type(self.rows[same].part) is type(parts[same]):
            same += 1
        if len(self.rows) > same or len(parts) > same:
            self._drop(self.rows[same:])  # new ones stand behind all others in the order of Tab
            for part in parts[same:]:
                self._build(part)
            retheme(self)
        for row, part in zip(self.rows, parts, strict=True):
            row.show_part(part)
        self._show_rows()

    def _take_out(self, parts: Sequence[Part]) -> None:
        """Where only one is missing, the others can stay."""
        before = [type(row.part) for row in self.rows]
        after = [type(part) for part in parts]
        if len(after) != len(before) - 1:
            return
        values = self.parts
        places = [index for index in range(len(before)) if before[:index] + before[index + 1 :] == after]
        exact = [index for index in places if values[:index] + values[index + 1 :] == tuple(parts)]
        if places:
            self._drop([self.rows[(exact or places)[0]]])

    def _drop(self, rows: Sequence[PartRow]) -> None:
        for row in list(rows):
            self.rows.remove(row)
            self._rows.removeWidget(row)
            row.hide()
            row.deleteLater()

    def _build(self, part: Part) -> None:
        row = PartRow(self, part, next(self._numbers), self._side)
        self.rows.append(row)
        self._rows.addWidget(row)
        for key, (by, _icon, _text) in MOVES.items():
            row.buttons[key].clicked.connect(lambda _on=False, key=key, by=by: self._move(row, key, by))
        row.buttons["remove"].clicked.connect(lambda: self._remove(row))
        row.form.committed.connect(lambda values, key: self._change(row, values, key))

    def finish(self) -> None:
        """Keep what is being typed."""
        for row in list(self.rows):
            row.form.finish()

    def retranslate(self, text: str, help_text: str) -> None:
        """Every text in the language of the moment; the button that adds is called ``text``."""
        self.add.setText(text)
        self.add.setAccessibleName(text)
        self.add.setToolTip(help_text)
        self.menu.clear()
        for kind in self._registry.values():
            action = self.menu.addAction(_(kind.label))
            action.setToolTip(_(kind.help))
            action.triggered.connect(lambda _on=False, kind=kind: self._emit((*self.parts, kind())))
        self._show_rows()

    def _show_rows(self) -> None:
        for index, row in enumerate(self.rows):
            row.retranslate(len(self.rows) - 1, index)

    # -- edits -----------------------------------------------------------------------------------------------------

    def _emit(self, parts: Sequence[Part], key: str = "") -> None:
        self.committed.emit(tuple(parts), key)

    def _remove(self, row: PartRow) -> None:
        self._emit([other.part for other in self.rows if other is not row])
        self.add.setFocus()

    def _move(self, row: PartRow, button: str, by: int) -> None:
        index, parts = self.rows.index(row), list(self.parts)
        parts.insert(index + by, parts.pop(index))
        self._emit(parts)
        if index + by < len(self.rows):
            self.rows[index + by].buttons[button].setFocus()

    def _change(self, row: PartRow, values: dict[str, Any], key: str) -> None:
        self._emit([one.part.model_copy(update=values) if one is row else one.part for one in self.rows], key)
