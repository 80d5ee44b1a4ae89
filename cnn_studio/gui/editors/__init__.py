"""Editors of single values, one for each kind of field."""

from __future__ import annotations

from cnn_studio.core.fields import FieldSpec
from cnn_studio.gui.editors.base import MIXED, Editor
from cnn_studio.gui.editors.simple import ChoiceEditor, FlagEditor, NumberEditor, NumbersEditor, TextEditor
from cnn_studio.gui.editors.sizes import SizeEditor

EDITORS: dict[str, type[Editor]] = {
    "number": NumberEditor,
    "decimal": NumberEditor,
    "numbers": NumbersEditor,
    "size": SizeEditor,
    "choice": ChoiceEditor,
    "flag": FlagEditor,
    "text": TextEditor,
}
"""By the name that ``core.fields.FieldSpec.editor`` gives."""


def editor_for(spec: FieldSpec, name: str) -> Editor:
    """A new editor for a field, with ``name`` as its object name."""
    return EDITORS[spec.editor](spec, name)


__all__ = ["EDITORS", "MIXED", "Editor", "editor_for"]
