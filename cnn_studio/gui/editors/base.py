"""What every editor of one value is: a widget that shows a value and gives back what a person made of it."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cnn_studio.core.fields import FieldSpec


class _Mixed:
    """The value of a field in which several things differ."""

    def __repr__(self) -> str:
        return "MIXED"


MIXED: Final = _Mixed()


class Editor(QWidget):
    """Base of the editors. The value it gives may be refused: judging is left to the model.

    Signals:
        tried: something is being typed; ``value()`` tells what.
        finished(bool): the person is done; True when the next change may belong to the same step, as with arrows.
        given_up: Esc; the form shows again what was there.
        entered: the focus came in.
    """

    tried = Signal()
    finished = Signal(bool)
    given_up = Signal()
    entered = Signal()

    def __init__(self, spec: FieldSpec, name: str) -> None:
        super().__init__()
        self.spec = spec
        self.setObjectName(name)

    def value(self) -> Any:
        """What the editor holds; a text when it is not what is asked for; MIXED when untouched."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Show a value of the model, or MIXED."""
        raise NotImplementedError

    def controls(self) -> list[QWidget]:
        """The widgets that take the focus, the main one first."""
        raise NotImplementedError

    def has_unit(self) -> bool:
        """Whether what it holds is measured in the field's unit; a word is not."""
        return True

    def set_axes(self, count: int) -> None:
        """How many axes the data have, for sizes."""

    def retranslate(self, label: str, help_text: str) -> None:
        """Show every text anew; ``label`` and ``help_text`` are the field's, already translated."""
        for control in self.controls():
            control.setAccessibleName(label)
            control.setAccessibleDescription(help_text)
            control.setToolTip(help_text or label)
