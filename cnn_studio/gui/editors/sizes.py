"""An editor of sizes: a word, one number for all axes, or one for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from cnn_studio.core.fields import FieldSpec
from cnn_studio.gui.editors.base import MIXED, Editor
from cnn_studio.gui.editors.boxes import NumberBox
from cnn_studio.gui.editors.simple import SEVERAL, QuietComboBox
from cnn_studio.i18n import N_, _

NUMBER = ""
"""Among the words, stands for a number."""
A_NUMBER = N_("a number")
PER_AXIS = N_("One number for each axis")
ONE_MORE = N_("One axis more")
ONE_LESS = N_("One axis less")


class SizeEditor(Editor):
    """Words (if the field has some), boxes for the numbers, and a switch between one number and one per axis.

    A field that takes only a list has buttons for one axis more and one less instead of the switch.
    """

    def __init__(self, spec: FieldSpec, name: str) -> None:
        super().__init__(spec, name)
        self._axes = 2
        self._mixed = False
        self._label = self._help = ""
        self.boxes: list[NumberBox] = []
        self.words = self._make_words()
        self.switch = self._button("switch", "×")
        self.more, self.less = self._button("more", "+"), self._button("less", "−")
        self.numbers = QWidget()
        self._line = QHBoxLayout(self.numbers)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        if self.words:
            layout.addWidget(self.words)
        layout.addWidget(self.numbers)
        for button in (self.switch, self.less, self.more):
            self._line.addWidget(button)
        self.switch.setCheckable(True)
        self.switch.setVisible(spec.single)
        self.more.setVisible(not spec.single)
        self.less.setVisible(not spec.single)
        self.switch.clicked.connect(self._switched)
        self.more.clicked.connect(lambda: self._resize(len(self.boxes) + 1))
        self.less.clicked.connect(lambda: self._resize(len(self.boxes) - 1))
        self._have(1 if spec.single else spec.axes[0])

    def _make_words(self) -> QuietComboBox | None:
        if not self.spec.choices:
            return None
        box = QuietComboBox()
        box.setObjectName(f"{self.objectName()}.words")
        box.setSizeAdjustPolicy(QuietComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(6)
        for word, label in self.spec.choices.items():
            box.addItem(_(label), word)
        box.addItem(_(A_NUMBER), NUMBER)
        box.activated.connect(self._worded)
        return box

    def _button(self, part: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setObjectName(f"{self.objectName()}.{part}")
        button.setAutoRaise(True)
        button.setFixedSize(QSize(20, 24))
        return button

    # -- boxes --------------------------------------------------------------------------------------------------------

    def _have(self, count: int) -> None:
        """So many boxes, with a sign between them; a single one has arrows, and those of several are others."""
        keep = count if (count == 1) == (len(self.boxes) == 1) else 0
        while len(self.boxes) > keep:
            box = self.boxes.pop()
            box.blockSignals(True)  # no leaving while it goes
            for widget in (box, getattr(box, "sign", None)):
                if widget is not None:
                    self._line.removeWidget(widget)
                    widget.hide()
                    widget.deleteLater()
        while len(self.boxes) < count:
            self._add_box(arrows=count == 1)
        self.more.setEnabled(count < self.spec.axes[1])
        self.less.setEnabled(count > self.spec.axes[0])
        self.switch.setChecked(self.spec.single and count > 1)
        self._name_boxes()

    def _add_box(self, *, arrows: bool) -> None:
        spec, index = self.spec, len(self.boxes)
        start = spec.default if isinstance(spec.default, int) else int(spec.minimum or 0)
        box = NumberBox(whole=True, minimum=spec.minimum, maximum=spec.maximum, start=start)
        box.setObjectName(f"{self.objectName()}.axis{index}")
        if not arrows:
            box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        if index:
            sign = QLabel("×")
            box.sign = sign  # type: ignore[attr-defined]  # goes with its box
            self._line.insertWidget(2 * index - 1, sign)
        self._line.insertWidget(2 * index, box, 1)
        self.boxes.append(box)
        box.typed.connect(self._typed)
        box.stepped.connect(self._stepped)
        box.done.connect(self._left)
        box.escaped.connect(self.given_up)
        box.entered.connect(self.entered)

    def _name_boxes(self) -> None:
        for index, box in enumerate(self.boxes):
            several = _("{label}, axis {n}").format(label=self._label, n=index + 1)
            box.setAccessibleName(several if len(self.boxes) > 1 else self._label)
            box.setAccessibleDescription(self._help)
            box.setToolTip(self._help or self._label)

    # -- hands --------------------------------------------------------------------------------------------------------

    def _typed(self) -> None:
        self._mixed = False
        self.tried.emit()

    def _stepped(self) -> None:
        self._typed()
        self.finished.emit(True)

    def _left(self) -> None:
        """Going on to the number of the next axis is not yet the end."""
        if QApplication.focusWidget() not in self.boxes or self.sender() is QApplication.focusWidget():
            self.finished.emit(False)

    def _switched(self) -> None:
        numbers = self._numbers()
        self._have(self._axes if self.switch.isChecked() else 1)
        for box in self.boxes:
            box.show_number(numbers[0])
        self.switch.setChecked(self.switch.isChecked() or len(self.boxes) > 1)
        self._stepped()

    def _resize(self, count: int) -> None:
        numbers = self._numbers()
        self._have(count)
        for box, number in zip(self.boxes, [*numbers, *[numbers[-1] if numbers else 1] * count], strict=False):
            box.show_number(number)
        self._stepped()

    def _worded(self) -> None:
        assert self.words is not None
        self.numbers.setVisible(self.words.currentData() == NUMBER)
        if self.words.currentData() == NUMBER and isinstance(self.boxes[0].number(), str):
            self._show_numbers((int(self.spec.minimum or 0),))
        self._mixed = False
        self.entered.emit()
        self._stepped()

    # -- values -------------------------------------------------------------------------------------------------------

    def _numbers(self) -> list[int | str]:
        found = [box.number() for box in self.boxes]
        return [one if isinstance(one, (int, str)) else str(one) for one in found]

    def value(self) -> Any:
        if self._mixed:
            return MIXED
        if self.words is not None and self.words.currentData() != NUMBER:
            return self.words.currentData()
        found = [box.number() for box in self.boxes]
        if any(type(one) is not int for one in found):
            return " × ".join(box.text() for box in self.boxes)
        return found[0] if self.spec.single and not self.switch.isChecked() else tuple(found)

    def show_value(self, value: Any) -> None:
        self._mixed = value is MIXED
        if self.words is not None:
            word = value if isinstance(value, str) else NUMBER
            self.words.setPlaceholderText(_(SEVERAL) if self._mixed else "")
            self.words.setCurrentIndex(-1 if self._mixed else self.words.findData(word))
            self.numbers.setVisible(not self._mixed and word == NUMBER)
        if self._mixed:
            self._have(1 if self.spec.single else max(self.spec.axes[0], 1))
            for box in self.boxes:
                box.show_nothing(_(SEVERAL))
        elif not isinstance(value, str):
            self._show_numbers((value,) if isinstance(value, int) else value)
            self.switch.setChecked(isinstance(value, tuple) and self.spec.single)

    def _show_numbers(self, numbers: Sequence[int]) -> None:
        self._have(len(numbers))
        for box, number in zip(self.boxes, numbers, strict=True):
            box.show_number(number)

    def has_unit(self) -> bool:
        return self.words is None or self.words.currentData() == NUMBER

    def set_axes(self, count: int) -> None:
        self._axes = max(self.spec.axes[0], min(count, self.spec.axes[1]))

    def controls(self) -> list[QWidget]:
        words = [self.words] if self.words else []
        return [*words, *self.boxes, self.switch, self.less, self.more]

    def retranslate(self, label: str, help_text: str) -> None:
        super().retranslate(label, help_text)
        self._label, self._help = label, help_text
        self._name_boxes()
        for button, text in ((self.switch, PER_AXIS), (self.more, ONE_MORE), (self.less, ONE_LESS)):
            button.setToolTip(_(text))
            button.setAccessibleName(_("{label}: {action}").format(label=label, action=_(text)))
        if self.words is not None:
            for index, text in enumerate([*(self.spec.choices or {}).values(), A_NUMBER]):
                self.words.setItemText(index, _(text))
