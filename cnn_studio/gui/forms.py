"""An editor form for any model with declared fields: layers, blocks, plans, data, settings, export.

A form keeps the values it was given and tells what a person makes of them; who owns the values carries it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count, pairwise
from typing import Any

from pydantic import BaseModel, ValidationError
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from cnn_studio.core.fields import FieldProblem, FieldSpec, explain, specs
from cnn_studio.core.words import Words
from cnn_studio.gui import theme
from cnn_studio.gui.editors import MIXED, editor_for
from cnn_studio.gui.icons import icon
from cnn_studio.gui.labels import SMALL, Message, Text, retheme
from cnn_studio.i18n import N_, _

MORE = N_("More")
MORE_HELP = N_("Settings that are rarely needed")
_sessions = count()


def common_fields(models: Sequence[BaseModel]) -> tuple[FieldSpec, ...]:
    """The fields that all these models have, as the first declares them."""
    if not models:
        return ()
    first, *others = dict.fromkeys(type(model) for model in models)
    found = specs(first)
    for other in others:
        same = {(one.name, one.editor, one.single, tuple(one.choices or ())) for one in specs(other)}
        found = tuple(one for one in found if (one.name, one.editor, one.single, tuple(one.choices or ())) in same)
    return found


class FieldRow:
    """One field in a form: its label, editor, unit, help, and what is wrong with what was typed."""

    def __init__(self, form: Form, spec: FieldSpec, name: str) -> None:
        self.form, self.spec = form, spec
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.editor = editor_for(spec, name)
        self.label.setBuddy(self.editor.controls()[0] if self.editor.controls() else self.editor)
        self.unit = Text("secondary", wrap=False)
        self.question = QToolButton()
        self.question.setObjectName(f"{name}.help")
        self.question.setIconSize(QSize(14, 14))
        self.question.setCheckable(True)
        self.question.setFixedWidth(24)
        self.question.setAutoRaise(True)
        self.help = Text("secondary", SMALL, f"{name}.help.text")
        self.help.hide()
        self.problem = Message("error", f"{name}.problem")
        self.refusal: FieldProblem | None = None
        self.dirty = False
        self.question.toggled.connect(self._help_toggled)
        self.editor.tried.connect(lambda: form.on_tried(self))
        self.editor.finished.connect(lambda more: form.on_finished(self, more))
        self.editor.given_up.connect(lambda: form.on_given_up(self))
        self.editor.entered.connect(form.on_entered)

    def place(self, grid: QGridLayout, line: int) -> None:
        """Stand on the lines ``3 * line`` and the two after it."""
        grid.addWidget(self.label, 3 * line, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.editor, 3 * line, 1)
        grid.addWidget(self.unit, 3 * line, 2, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.question, 3 * line, 3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.question.setVisible(bool(self.spec.help))
        grid.addWidget(self.problem, 3 * line + 1, 0, 1, 4)
        grid.addWidget(self.help, 3 * line + 2, 0, 1, 4)

    def _help_toggled(self, shown: bool) -> None:
        self.help.setVisible(shown)

    def refuse(self, problem: FieldProblem | None) -> None:
        """Say what is wrong with what was typed, or that nothing is."""
        self.refusal = problem
        self.problem.say(str(problem) if problem else "")

    def show_unit(self) -> None:
        """The unit, where what stands in the field is measured in it; its room stays."""
        self.unit.setText(_(self.spec.unit) if self.editor.has_unit() else "")
        self.unit.setVisible(bool(self.spec.unit))

    def retranslate(self) -> None:
        """Every text in the language of the moment."""
        label, help_text = _(self.spec.label), _(self.spec.help)
        self.question.setIcon(icon("help", theme.current().secondary))
        self.label.setText(label)
        self.label.setToolTip(help_text)
        self.show_unit()
        self.help.setText(help_text)
        self.question.setToolTip(_("Explain: {label}").format(label=label))
        self.question.setAccessibleName(_("Explain: {label}").format(label=label))
        self.editor.retranslate(label, help_text)
        self.refuse(self.refusal)


class Form(QWidget):
    """Editors for the fields that one or several models have in common.

    Signals:
        tried({name: value}): typed and accepted by all models, not yet meant to stay.
        committed({name: value}, key): meant to stay; steps with the same key, when not "", belong together.
        withdrawn: nothing is tried out any more, as what is typed cannot be, or was given up.
    """

    tried = Signal(object)
    committed = Signal(object, str)
    withdrawn = Signal()

    def __init__(
        self, name: str, parent: QWidget | None = None, wanted: Callable[[FieldSpec], bool] | None = None
    ) -> None:
        """``wanted`` says which of the fields are shown; without it all are."""
        super().__init__(parent)
        self.setObjectName(name)
        self._wanted = wanted or (lambda _spec: True)
        self.judge: Callable[[str, Any], Words | None] = lambda _name, _value: None
        """What the owner has against a value that the models would take."""
        self._models: tuple[BaseModel, ...] = ()
        self._kinds: tuple[type[BaseModel], ...] = ()
        self.rows: dict[str, FieldRow] = {}
        self._session = 0
        self._busy = False
        self._axes = 2
        self._chain: list[QWidget] = []
        self._first = QWidget(self)  # stands where the form began in the order of Tab, and takes no focus itself
        self._first.setFixedSize(0, 0)
        self.more = QToolButton()
        self.more.setObjectName(f"{name}.more")
        self.more.setAutoRaise(True)
        self._open = False
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.clicked.connect(lambda: self._show_more(not self._open))
        self._plain, self._rare = QWidget(), QWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GAP)
        for part in (self._plain, self.more, self._rare):
            layout.addWidget(part)
        self._rare.hide()

    # -- values -------------------------------------------------------------------------------------------------------

    @property
    def models(self) -> tuple[BaseModel, ...]:
        """The models whose values are shown."""
        return self._models

    def show_models(self, models: Sequence[BaseModel], axes: int = 2) -> None:
        """Show the values of these models; what was being typed is forgotten.

        Args:
            axes: of the data, for sizes that get a number for each.
        """
        self._models, self._axes = tuple(models), axes
        kinds = tuple(dict.fromkeys(type(model) for model in models))
        if kinds != self._kinds:
            self._kinds = kinds
            self._build([spec for spec in common_fields(models) if self._wanted(spec)])
        with self._showing():
            for row in self.rows.values():
                self._show(row)
        self._order()

    @contextmanager
    def _showing(self) -> Iterator[None]:
        """What editors say meanwhile comes from no hand."""
        before, self._busy = self._busy, True
        try:
            yield
        finally:
            self._busy = before

    def _show(self, row: FieldRow) -> None:
        row.dirty = False
        row.refuse(None)
        row.editor.set_axes(self._axes)
        row.editor.show_value(self._value(row.spec.name))
        row.show_unit()

    def _value(self, name: str) -> Any:
        first, *others = (getattr(model, name) for model in self._models)
        return first if all(other == first for other in others) else MIXED

    def _build(self, fields: Sequence[FieldSpec]) -> None:
        with self._showing():
            self.rows = {}
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)
            parts = []
            for index, (old, rare) in enumerate(((self._plain, False), (self._rare, True))):
                part = QWidget()
                self._fill(part, [one for one in fields if one.advanced == rare])
                layout.insertWidget(2 * index, part)
                layout.removeWidget(old)
                old.hide()
                old.deleteLater()
                parts.append(part)
            self._plain, self._rare = parts
            self.more.setVisible(any(one.advanced for one in fields))
            self._plain.setVisible(any(not one.advanced for one in fields))
            self._show_more(self._open)
            self.retranslate()
            retheme(self)

    def _fill(self, part: QWidget, fields: Sequence[FieldSpec]) -> None:
        grid = QGridLayout(part)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.GAP - 2)
        grid.setVerticalSpacing(theme.UNIT)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 5)
        grid.setColumnMinimumWidth(2, 12)
        for line, spec in enumerate(fields):
            row = FieldRow(self, spec, f"{self.objectName()}.{spec.name}")
            row.place(grid, line)
            self.rows[spec.name] = row

    def _order(self) -> None:
        """Tab goes from field to field as they stand."""
        plain = [row for row in self.rows.values() if not row.spec.advanced]
        rare = [row for row in self.rows.values() if row.spec.advanced]
        chain: list[QWidget] = [part for row in plain for part in (*row.editor.controls(), row.question)]
        chain += [self.more, *(part for row in rare for part in (*row.editor.controls(), row.question))]
        if chain != self._chain:
            self._chain = chain
            for before, after in pairwise([self._first, *chain]):
                self.setTabOrder(before, after)

    def _show_more(self, shown: bool) -> None:
        self._open = shown
        self._rare.setVisible(shown and any(row.spec.advanced for row in self.rows.values()))
        self.more.setIcon(icon("down" if shown else "right"))

    # -- hands --------------------------------------------------------------------------------------------------------

    def on_entered(self) -> None:
        """The focus came into a field: what follows is a step of its own."""
        self._session = next(_sessions)

    def refusal(self, name: str, value: Any) -> FieldProblem | None:
        """Why a value cannot be taken, or None."""
        for model in self._models:
            kind = type(model)
            current = {field: getattr(model, field) for field in kind.model_fields}
            try:
                kind.model_validate({**current, name: value})
            except ValidationError as error:
                problems = explain(error, kind)
                return next((one for one in problems if one.path[:1] == (name,)), problems[0])
        words = self.judge(name, value)
        return FieldProblem((name,), words) if words else None

    def on_tried(self, row: FieldRow) -> None:
        """Something was typed: judge it, and try it out when it can be."""
        if self._busy:
            return
        row.dirty = True
        row.show_unit()
        value = row.editor.value()
        row.refuse(self.refusal(row.spec.name, value))
        if row.refusal is None:
            self.tried.emit({row.spec.name: value})
        else:
            self.withdrawn.emit()

    def on_finished(self, row: FieldRow, more: bool) -> None:
        """The person is done with a field, or (``more``) with one of several small steps."""
        if self._busy or not row.dirty or row.refusal is not None:
            return
        value = row.editor.value()
        row.dirty = False
        key = f"{self.objectName()}.{row.spec.name}.{self._session}" if more else ""
        if not more:
            self._session = next(_sessions)
        if value == self._value(row.spec.name):
            self._show(row)
            if not more:
                self.withdrawn.emit()
                return
        self.committed.emit({row.spec.name: value}, key)

    def on_given_up(self, row: FieldRow) -> None:
        """Esc: back to what was there."""
        with self._showing():
            self._show(row)
        self.withdrawn.emit()

    def finish(self) -> None:
        """Keep what is typed and can be; forget what cannot."""
        for row in list(self.rows.values()):
            if not row.dirty:
                continue
            if row.refusal is None:
                self.on_finished(row, False)
            else:
                self.on_given_up(row)

    # -- looks --------------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Every text in the language of the moment."""
        self.more.setText(_(MORE))
        self.more.setToolTip(_(MORE_HELP))
        self.more.setAccessibleName(_(MORE_HELP))
        with self._showing():
            for row in self.rows.values():
                row.retranslate()
                if not row.dirty and self._models:
                    row.editor.show_value(self._value(row.spec.name))
