"""Bounds: every bound of every field of every declared model, by hand: at it a value is kept, beyond it is refused
with the bound in words; and a layer at its bounds does no harm to the window, the analysis and the file."""

from contextlib import suppress
from itertools import pairwise
from math import inf, nextafter
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cnn_studio import i18n
from cnn_studio.core import edits
from cnn_studio.core.edits import EditError
from cnn_studio.core.fields import FieldSpec, Model, specs
from cnn_studio.core.graph import Graph
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.project import read_project, write_project
from cnn_studio.core.words import float_words
from tests.gui.panels.conftest import open_panel
from tests.gui.test_forms import FIELDS, choose, enter, field, line_of, make

__all__ = ["make", "open_panel"]
BOUNDED = ("number", "decimal", "numbers", "size")
"""Editors of fields with bounds."""


def longest(kind: type[Model], spec: FieldSpec) -> int | None:
    """How many characters a text may have."""
    found = [one.max_length for one in kind.model_fields[spec.name].metadata if hasattr(one, "max_length")]
    return found[0] if found else None


def at_bounds(kind: type[Model], spec: FieldSpec) -> list[Any]:
    """The values at the bounds of a field, which can be."""
    if spec.editor == "text":
        return ["", "a" * (longest(kind, spec) or 0)]
    assert spec.minimum is not None
    assert spec.maximum is not None
    low, high = spec.minimum, spec.maximum
    if spec.editor == "decimal":
        return [float(low), float(high)]
    if spec.editor == "numbers":
        return [(float(low),), (float(high),)]
    if spec.editor == "size" and not spec.single:
        return [(int(low),) * max(1, spec.axes[0]), (int(high),) * spec.axes[1]]
    return [int(low), int(high)]


def beyond_bounds(kind: type[Model], spec: FieldSpec) -> list[tuple[Any, str]]:
    """The nearest values that cannot be, each with the bound that is said."""
    if spec.editor == "text":
        most = longest(kind, spec)
        return [("a" * (most + 1), i18n.integer(most))] if most else []
    found = []
    for bound, way in ((spec.minimum, -1), (spec.maximum, 1)):
        assert bound is not None
        match spec.editor:
            case "number":
                value: Any = int(bound) + way
            case "decimal":
                value = nextafter(float(bound), way * inf)
            case "numbers":
                value = (nextafter(float(bound), way * inf),)
            case _:
                value = int(bound) + way if spec.single else (int(bound) + way,) * max(1, spec.axes[0])
        found.append((value, float_words(bound) if isinstance(bound, float) else i18n.integer(bound)))
    return found


def bounded(kind: type[Model], spec: FieldSpec) -> bool:
    return spec.editor in BOUNDED or longest(kind, spec) is not None


WITH_BOUNDS = [one for one in FIELDS if bounded(*one.values)]  # type: ignore[arg-type]


def give(qtbot, form, spec, value):
    """Type a value into a field of its editor, with as many boxes as it needs; what takes the keys then."""
    editor = field(form, spec.name)
    if spec.editor == "size" and isinstance(value, tuple):
        if editor.words is not None:
            choose(editor.words, "")
        while len(editor.boxes) < len(value):
            editor.more.click()
        while len(editor.boxes) > len(value):
            editor.less.click()
        QApplication.processEvents()  # a box that just came takes no keys yet
    enter(qtbot, editor, value)
    return line_of(editor)


@pytest.mark.parametrize(("kind", "spec"), WITH_BOUNDS)
def test_at_its_bound_a_value_is_kept_and_beyond_it_refused(qtbot, make, kind, spec):
    form, ear = make(kind())
    row = form.rows[spec.name]
    for value in at_bounds(kind, spec):
        qtbot.keyClick(give(qtbot, form, spec, value), Qt.Key.Key_Return)
        assert row.refusal is None, (value, row.problem.text)
        assert row.editor.value() == value
        assert value == getattr(kind(), spec.name) or ear.kept[-1][0] == {spec.name: value}
    for value, bound in beyond_bounds(kind, spec):
        line = give(qtbot, form, spec, value)
        kept = len(ear.kept)
        qtbot.keyClick(line, Qt.Key.Key_Return)
        assert i18n._(spec.label) in row.problem.text
        assert bound in row.problem.text or spec.editor == "text"
        assert not row.problem.isHidden()
        assert row.editor.value() == value, "what was typed stays, with what is wrong with it"
        assert len(ear.kept) == kept
        assert ear.last == "withdrawn"


LAYERS = [
    pytest.param(kind, spec, id=f"{kind.__name__}.{spec.name}")
    for kind in layers.values() for spec in specs(kind) if bounded(kind, spec)
]  # fmt: skip


def around(kind: type[Layer]) -> tuple[Graph, str]:
    """A small network with a layer of this kind in it, and its id."""
    graph = Graph()
    ids = ["first", "second", "third", "fourth"]
    made = layers["input"](), kind(), layers["flatten"](), layers["output"]()
    for place, (node_id, layer) in enumerate(zip(ids, made, strict=True)):
        graph = edits.add(graph, layer, (200.0 * place, 0.0), node_id=node_id)
    for source, target in pairwise(ids):
        with suppress(EditError):  # an Input takes nothing, an Output gives nothing
            graph = edits.connect(graph, source, target)
    return graph, ids[1]


@pytest.mark.parametrize(("kind", "spec"), LAYERS)
def test_a_layer_at_its_bounds_does_no_harm(qtbot, open_panel, tmp_path, kind, spec):
    graph, node = around(kind)
    panel = open_panel("properties", graph, size=(320, 900))
    workspace, form = panel.workspace, panel.layers.form
    workspace.select([node])
    if not form.more.isHidden():
        form.more.click()
    file = tmp_path / "network.cnnstudio"
    for value in at_bounds(kind, spec):
        qtbot.keyClick(give(qtbot, form, spec, value), Qt.Key.Key_Return)
        panel.settle()
        document = workspace.document
        assert getattr(document.graph.nodes[node].layer, spec.name) == value
        assert document.report.totals.parameters >= 0
        assert all(problem.message for problem in document.diagnosis.problems)
        assert not panel.grab().isNull()
        write_project(document.project, file)
        assert read_project(file).graph == document.graph
        while document.undo_name is not None:
            document.undo()
        assert document.graph == graph
    for value, _bound in beyond_bounds(kind, spec):
        line = give(qtbot, form, spec, value)
        assert not workspace.document.is_previewing
        kept = workspace.document.graph
        qtbot.keyClick(line, Qt.Key.Key_Return)
        assert workspace.document.graph == kept
        assert form.rows[spec.name].editor.value() == value
        assert not form.rows[spec.name].problem.isHidden()
        qtbot.keyClick(line, Qt.Key.Key_Escape)
