"""A box for one number: typed freely, stepped by arrows; what it holds is judged elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from math import floor, isfinite, log10

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QSizePolicy, QWidget

from cnn_studio.core.words import float_words
from cnn_studio.i18n import decimal

Number = int | float
LOWEST = 26
"""Pixels that a box is high at least, as the other fields are."""
SPACES = " \u00a0\u202f"


def whole_text(value: Number) -> str:
    """A whole number as it stands in a box: digits alone, as they are typed."""
    return str(int(value))


def decimal_text(value: Number) -> str:
    """A decimal number as it stands in a box, in its shortest exact form."""
    text = float_words(float(value))
    if "e" in text or abs(value) < 1000:
        return text
    return repr(float(value)).removesuffix(".0").replace(".", decimal(0.5, 1)[1])


def read_number(text: str) -> Number | str:
    """The number of a text, with a point or a comma; the text itself where it is none."""
    plain = text
    for space in SPACES:
        plain = plain.replace(space, "")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        return float(plain) if "_" not in plain else text
    except ValueError:
        return text


class NumberBox(QAbstractSpinBox):
    """A number with arrows. Text of any kind can be typed; the wheel passes on to what scrolls.

    Signals:
        typed: the text changed by typing.
        stepped: the value changed by arrows or the arrow keys.
        done: Enter, or the focus has left.
        escaped: Esc was pressed.
        entered: the focus came in.
    """

    typed = Signal()
    stepped = Signal()
    done = Signal()
    escaped = Signal()
    entered = Signal()

    def __init__(
        self, *, whole: bool, minimum: float | None, maximum: float | None, start: Number, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._whole = whole
        self._minimum = float("-inf") if minimum is None else minimum
        self._maximum = float("inf") if maximum is None else maximum
        self._start = start
        self._write: Callable[[Number], str] = whole_text if whole else decimal_text
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setKeyboardTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.lineEdit().textEdited.connect(self.typed)

    def number(self) -> Number | str:
        """The number typed, or the text when it is none."""
        return read_number(self.lineEdit().text())

    def show_number(self, value: Number | str) -> None:
        """Show a number, or a text as it was typed."""
        text = value if isinstance(value, str) else self._write(value)
        if text != self.lineEdit().text():
            self.lineEdit().setText(text)

    def show_nothing(self, why: str) -> None:
        """Show no number, and faintly why."""
        self.lineEdit().clear()
        self.lineEdit().setPlaceholderText(why)

    # -- steps --------------------------------------------------------------------------------------------------------

    def stepBy(self, steps: int) -> None:
        """So many steps up or down, kept within the bounds."""
        now = self.number()
        if isinstance(now, str) or not isfinite(now):
            now = self._start
        step = 1.0 if self._whole else _step(now, up=steps > 0)
        new = max(self._minimum, min(now + steps * step, self._maximum))
        self.show_number(round(new) if self._whole else float(f"{new:.12g}"))
        self.stepped.emit()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Up and down as far as the bounds allow."""
        flags = QAbstractSpinBox.StepEnabledFlag
        now = self.number()
        found = flags.StepNone
        if isinstance(now, str):
            return flags.StepUpEnabled | flags.StepDownEnabled
        if now < self._maximum:
            found |= flags.StepUpEnabled
        if now > self._minimum:
            found |= flags.StepDownEnabled
        return found

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Everything may be typed."""
        return QValidator.State.Acceptable, text, position

    # -- hands --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.done.emit()
            self.selectAll()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.done.emit()

    def sizeHint(self) -> QSize:
        """Room for six digits; more scroll."""
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance("0" * 6) + 34, max(hint.height(), LOWEST))

    def minimumSizeHint(self) -> QSize:
        """Room for three digits."""
        hint = super().minimumSizeHint()
        arrows = self.buttonSymbols() != QAbstractSpinBox.ButtonSymbols.NoButtons
        return QSize(self.fontMetrics().horizontalAdvance("000") + (34 if arrows else 14), max(hint.height(), LOWEST))


def _step(value: float, *, up: bool) -> float:
    """One in the first digit that counts: 0.5 goes by 0.1, 0.00001 by 0.00001; 0.1 goes down by 0.01."""
    if value == 0:
        return 0.01
    size = floor(log10(abs(value)) + 1e-9)
    exact = abs(abs(value) - 10.0**size) < 1e-9 * 10.0**size
    return float(10.0 ** (size - 1 if exact and up != (value > 0) else size))
