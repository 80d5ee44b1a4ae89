"""Editors of a number, a list of numbers, a word of a few, yes or no, and a text."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QWidget

from cnn_studio.core.fields import FieldSpec
from cnn_studio.gui.editors.base import MIXED, Editor
from cnn_studio.gui.editors.boxes import NumberBox, decimal_text, read_number
from cnn_studio.i18n import N_, _

SEVERAL = N_("several values")


def row_of(owner: QWidget, *widgets: QWidget) -> QHBoxLayout:
    """The widgets beside one another, without margins."""
    layout = QHBoxLayout(owner)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    for widget in widgets:
        layout.addWidget(widget)
    return layout


class NumberEditor(Editor):
    """A whole or a decimal number."""

    def __init__(self, spec: FieldSpec, name: str) -> None:
        super().__init__(spec, name)
        self.box = NumberBox(
            whole=spec.editor == "number", minimum=spec.minimum, maximum=spec.maximum, start=spec.default
        )
        self.box.setObjectName(f"{name}.box")
        row_of(self, self.box)
        self.setFocusProxy(self.box)
        self._mixed = False
        self.box.typed.connect(self._typed)
        self.box.stepped.connect(self._stepped)
        self.box.done.connect(lambda: self.finished.emit(False))
        self.box.escaped.connect(self.given_up)
        self.box.entered.connect(self.entered)

    def _typed(self) -> None:
        self._mixed = False
        self.tried.emit()

    def _stepped(self) -> None:
        self._typed()
        self.finished.emit(True)

    def value(self) -> Any:
        return MIXED if self._mixed else self.box.number()

    def show_value(self, value: Any) -> None:
        self._mixed = value is MIXED
        if self._mixed:
            self.box.show_nothing(_(SEVERAL))
        else:
            self.box.show_number(value)

    def controls(self) -> list[QWidget]:
        return [self.box]


class LineEditor(Editor):
    """Base of what is typed on a line."""

    def __init__(self, spec: FieldSpec, name: str) -> None:
        super().__init__(spec, name)
        self.line = QLineEdit()
        self.line.setObjectName(f"{name}.line")
        row_of(self, self.line)
        self.setFocusProxy(self.line)
        self._mixed = False
        self.line.textEdited.connect(self._typed)
        self.line.installEventFilter(self)

    def _typed(self) -> None:
        self._mixed = False
        self.tried.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and leaving finish, Esc gives up."""
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        elif event.type() == QEvent.Type.FocusOut:
            self.finished.emit(False)
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.finished.emit(False)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.given_up.emit()
                return True
        return super().eventFilter(watched, event)

    def _show(self, text: str | None) -> None:
        self._mixed = text is None
        self.line.setPlaceholderText(_(SEVERAL) if text is None else "")
        if (text or "") != self.line.text():
            self.line.setText(text or "")
            self.line.setCursorPosition(0)

    def controls(self) -> list[QWidget]:
        return [self.line]


class TextEditor(LineEditor):
    """A text."""

    def value(self) -> Any:
        return MIXED if self._mixed else self.line.text()

    def show_value(self, value: Any) -> None:
        self._show(None if value is MIXED else value)


class NumbersEditor(LineEditor):
    """A short list of numbers, with semicolons or spaces between."""

    def value(self) -> Any:
        if self._mixed:
            return MIXED
        text = self.line.text()
        found = [read_number(part) for part in re.split(r"[;\s]+|,\s+", text.strip()) if part]
        return text if any(isinstance(one, str) for one in found) else tuple(found)

    def show_value(self, value: Any) -> None:
        self._show(None if value is MIXED else "; ".join(decimal_text(one) for one in value))


class QuietComboBox(QComboBox):
    """A list of words that the wheel does not turn by accident."""

    def wheelEvent(self, event: Any) -> None:
        event.ignore()


class ChoiceEditor(Editor):
    """One word of a few."""

    def __init__(self, spec: FieldSpec, name: str) -> None:
        super().__init__(spec, name)
        self.box = QuietComboBox()
        self.box.setObjectName(f"{name}.box")
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(6)
        row_of(self, self.box)
        self.setFocusProxy(self.box)
        for word, label in (spec.choices or {}).items():
            self.box.addItem(_(label), word)
        self.box.activated.connect(self._chosen)
        self.box.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tells when the focus comes in."""
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        return super().eventFilter(watched, event)

    def _chosen(self) -> None:
        self.tried.emit()
        self.finished.emit(True)

    def value(self) -> Any:
        return MIXED if self.box.currentIndex() < 0 else self.box.currentData()

    def show_value(self, value: Any) -> None:
        self.box.setPlaceholderText(_(SEVERAL) if value is MIXED else "")
        self.box.setCurrentIndex(-1 if value is MIXED else self.box.findData(value))

    def controls(self) -> list[QWidget]:
        return [self.box]

    def retranslate(self, label: str, help_text: str) -> None:
        super().retranslate(label, help_text)
        for index, text in enumerate((self.spec.choices or {}).values()):
            self.box.setItemText(index, _(text))


class FlagEditor(Editor):
    """Yes or no; several that differ stand in between until they are set."""

    def __init__(self, spec: FieldSpec, name: str) -> None:
        super().__init__(spec, name)
        self.box = QCheckBox()
        self.box.setObjectName(f"{name}.box")
        row_of(self, self.box).addStretch(1)
        self.setFocusProxy(self.box)
        self.box.clicked.connect(self._clicked)
        self.box.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tells when the focus comes in."""
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        return super().eventFilter(watched, event)

    def _clicked(self) -> None:
        self.box.setTristate(False)
        self._say()
        self.tried.emit()
        self.finished.emit(True)

    def value(self) -> Any:
        return MIXED if self.box.checkState() == Qt.CheckState.PartiallyChecked else self.box.isChecked()

    def show_value(self, value: Any) -> None:
        self.box.setTristate(value is MIXED)
        if value is MIXED:
            self.box.setCheckState(Qt.CheckState.PartiallyChecked)
        else:
            self.box.setChecked(value)
        self._say()

    def _say(self) -> None:
        value = self.value()
        self.box.setText(_(SEVERAL) if value is MIXED else _("yes") if value else _("no"))

    def controls(self) -> list[QWidget]:
        return [self.box]

    def retranslate(self, label: str, help_text: str) -> None:
        super().retranslate(label, help_text)
        self._say()
