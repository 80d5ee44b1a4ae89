"""Forms for the parts of a plan that come in several kinds: which kind, and its own fields below."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import create_model
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cnn_studio.core.fields import Model, choice
from cnn_studio.core.kinds import Registry
from cnn_studio.core.plans.base import Part
from cnn_studio.gui.forms import Form
from cnn_studio.gui.labels import SMALL, Text
from cnn_studio.gui.properties.parts import column
from cnn_studio.i18n import _


@cache
def kind_fields(registry: Registry[Any], label: str) -> type[Model]:
    """A model with one field: which kind of a registry it is."""
    kinds = {kind.kind: kind.label for kind in registry.values()}
    field = choice(next(iter(kinds)), label, kinds)
    return create_model(f"KindOf{registry.package.rpartition('.')[2]}", __base__=Model, kind=(str, field))


class PartForm(QWidget):
    """Shows a part of a plan.

    Signals:
        committed(Part, key): another part is meant to stay; steps with the same key, when not "", belong together.
    """

    committed = Signal(object, str)

    def __init__(self, name: str, registry: Registry[Any], label: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._registry, self._label = registry, label
        self.part: Part | None = None
        self.kind = Form(f"{name}.kind")
        self.help = Text("secondary", SMALL, f"{name}.about")
        self.form = Form(f"{name}.fields")
        layout = column(self)
        for widget in (self.kind, self.help, self.form):
            layout.addWidget(widget)
        self.kind.committed.connect(self._chosen)
        self.form.committed.connect(self._changed)

    def show_part(self, part: Part) -> None:
        """Show this one; what was being typed is forgotten."""
        self.part = part
        self.kind.show_models([kind_fields(self._registry, self._label).model_validate({"kind": part.kind})])
        self.form.show_models([part])
        self.form.setVisible(bool(self.form.rows))
        self.help.setText(_(part.help))

    def finish(self) -> None:
        """Keep what is being typed."""
        self.form.finish()

    def retranslate(self) -> None:
        """Every text in the language of the moment."""
        self.kind.retranslate()
        self.form.retranslate()
        if self.part is not None:
            self.help.setText(_(self.part.help))

    def _chosen(self, values: dict[str, Any], key: str) -> None:
        if self.part is not None and values["kind"] != self.part.kind:
            self.committed.emit(self._registry[values["kind"]](), key)

    def _changed(self, values: dict[str, Any], key: str) -> None:
        if self.part is not None:
            self.committed.emit(self.part.model_copy(update=values), key)
