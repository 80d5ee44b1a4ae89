"""Steps of preprocessing and of augmentation: edited as steps of the document, shown on samples of the data."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QComboBox, QScrollArea

from cnn_studio import i18n
from cnn_studio.core.document import Document
from cnn_studio.core.plans import augmentations, preparations
from cnn_studio.core.plans.augmentation import Rotate, Shift
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.core.plans.preparation import Invert, Resize, Scale, Standardize
from cnn_studio.core.project import Project
from cnn_studio.gui import samples
from cnn_studio.gui.data_views.augmenting import EACH, AugmentationView
from cnn_studio.gui.data_views.part_list import PartList
from cnn_studio.gui.data_views.preparing import PreparationView
from cnn_studio.gui.samples import READY, REFUSED
from cnn_studio.gui.workspace import Workspace
from tests.helpers.training import small_network, stripes

SECONDS = 20_000


@pytest.fixture
def open_view(qtbot, monkeypatch):
    """``open_view(kind, size)`` shows a view for a network of 8×8 pictures, with data of pictures of that size."""
    areas = []

    def opened(kind, size=8, refuse=""):
        data = stripes(size=size)

        def at_once(_name):
            if refuse:
                from cnn_studio.engine.datasets.base import DataError

                raise DataError(refuse)
            return data, samples._facts(data)

        monkeypatch.setattr(samples, "_opened", at_once)
        workspace = Workspace(Document(Project(small_network())))
        area = QScrollArea()
        areas.append(area)
        qtbot.addWidget(area, before_close_func=lambda _shown: workspace.end())
        view = kind(workspace, "view")
        view.retranslate()
        area.setWidgetResizable(True)
        area.setWidget(view)
        area.resize(320, 500)
        with qtbot.waitExposed(area):
            area.show()
        state = REFUSED if refuse else READY
        qtbot.waitUntil(lambda: workspace.data.state == state, timeout=SECONDS)
        qtbot.waitUntil(lambda: bool(refuse) or workspace.look.sample is not None, timeout=SECONDS)
        return view

    return opened


def settled(qtbot, view):
    qtbot.waitUntil(lambda: not view.workspace.quick.is_busy, timeout=SECONDS)


def choose(view, kind):
    """The entry of the menu that adds a part of this kind."""
    place = [*view.registry].index(kind)
    view.list.menu.actions()[place].trigger()


@pytest.mark.parametrize(
    ("kind", "registry"), [(PreparationView, preparations), (AugmentationView, augmentations)], ids=["steps", "varied"]
)
def test_every_kind_can_be_added_and_taken_out_each_as_one_step(open_view, qtbot, kind, registry):
    view = open_view(kind)
    workspace, before = view.workspace, getattr(TrainingPlan(), kind.field)
    for name in registry:
        choose(view, name)
        assert getattr(workspace.plan, view.field) == (*before, registry[name]())
        view.list.rows[-1].buttons["remove"].click()
        assert getattr(workspace.plan, view.field) == before
        workspace.document.undo()
        workspace.document.undo()
        assert workspace.plan == TrainingPlan()
    settled(qtbot, view)


def test_steps_change_places(open_view):
    view = open_view(PreparationView)
    choose(view, "invert")
    view.list.rows[1].buttons["earlier"].click()
    assert view.workspace.plan.preparation == (Invert(), Scale())
    assert [row.buttons["earlier"].isEnabled() for row in view.list.rows] == [False, True]
    assert [row.buttons["later"].isEnabled() for row in view.list.rows] == [True, False]
    view.list.rows[0].buttons["later"].click()
    assert view.workspace.plan.preparation == (Scale(), Invert())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_list_shows_what_the_plan_says_whatever_was_done(qapp, qtbot, data):
    kinds = list(augmentations)
    shown = PartList("list", augmentations)
    shown.retranslate("add", "one more")
    shown.committed.connect(lambda parts, _key: shown.show_parts(parts))
    expected: list = []
    for _step in range(data.draw(st.integers(1, 6))):
        what = data.draw(st.sampled_from(["add", "remove", "earlier", "later", "set"]))
        if what == "set":
            expected = [augmentations[kind]() for kind in data.draw(st.lists(st.sampled_from(kinds), max_size=4))]
            shown.show_parts(expected)
        elif what == "add":
            kind = data.draw(st.sampled_from(kinds))
            shown.menu.actions()[kinds.index(kind)].trigger()
            expected = [*expected, augmentations[kind]()]
        elif expected:
            index = data.draw(st.integers(0, len(expected) - 1))
            button = shown.rows[index].buttons[what]
            if button.isEnabled():
                expected = list(expected)
                part = expected.pop(index)
                if what != "remove":
                    expected.insert(index + (1 if what == "later" else -1), part)
            button.click()
        assert shown.parts == tuple(expected)
        assert [row.form.models for row in shown.rows] == [(part,) for part in expected]
        items: list[Any] = [shown._rows.itemAt(place) for place in range(shown._rows.count())]
        assert [item.widget() for item in items] == shown.rows
        assert [row.buttons["earlier"].isEnabled() for row in shown.rows] == [
            place > 0 for place in range(len(expected))
        ]
    shown.deleteLater()


def test_one_more_or_one_less_leaves_the_other_rows_and_the_keyboard_where_they_are(open_view):
    view = open_view(AugmentationView)
    for kind in ("rotate", "noise", "flip"):
        choose(view, kind)
    first, second, third = view.list.rows
    choose(view, "erase")
    assert view.list.rows[:3] == [first, second, third]
    second.buttons["remove"].click()
    assert view.list.rows[:2] == [first, third]
    first.buttons["later"].click()
    assert view.list.rows[0].part == third.part
    assert view.list.rows[1].buttons["later"].hasFocus()


def test_a_field_of_a_step_is_edited_in_place_and_keeps_its_form(open_view):
    view = open_view(AugmentationView)
    choose(view, "rotate")
    form = view.list.rows[0].form
    form.committed.emit({"most": 45.0}, "")
    assert view.workspace.plan.augmentation == (Rotate(most=45.0),)
    assert view.list.rows[0].form is form
    view.workspace.document.undo()
    assert view.workspace.plan.augmentation == (Rotate(),)
    assert form.models == (Rotate(),)


def test_before_and_after_stand_beside_the_steps(open_view, qtbot):
    view = open_view(PreparationView)
    choose(view, "invert")
    qtbot.waitUntil(lambda: not view.list.rows[-1].picture.is_empty, timeout=SECONDS)
    assert not view.first.is_empty
    assert view.stored.text().startswith("8×8×1")
    before, after = (row.picture.toolTip() for row in view.list.rows)
    assert before.startswith("8×8×1, every number between 0")
    assert after.startswith("8×8×1, every number between")
    assert after != before
    assert not view.fit.isVisible()
    assert view.problem.text == ""


def test_data_of_another_size_are_said_and_one_click_brings_them_to_the_input(open_view, qtbot):
    view = open_view(PreparationView, size=12)
    qtbot.waitUntil(view.fit.isVisible, timeout=SECONDS)
    assert "8×8×1" in view.problem.text
    assert "12×12×1" in view.problem.text
    view.fit.click()
    assert [type(step) for step in view.workspace.plan.preparation] == [Resize, Scale]
    qtbot.waitUntil(lambda: view.entering.text().startswith("What enters: 8×8×1"), timeout=SECONDS)
    assert view.problem.text == ""
    assert not view.fit.isVisible()
    view.workspace.document.undo()
    assert view.workspace.plan == TrainingPlan()


def test_a_step_that_cannot_be_carried_out_is_said_in_a_sentence(open_view, qtbot):
    view = open_view(PreparationView)
    choose(view, "standardize")
    view.list.rows[-1].form.committed.emit({"mean": (0.1, 0.2)}, "")
    assert view.workspace.plan.preparation[-1] == Standardize(mean=(0.1, 0.2))
    qtbot.waitUntil(lambda: "2 numbers" in view.problem.text, timeout=SECONDS)
    assert view.list.rows[-1].picture.is_empty


def test_samples_are_shown_as_training_would_vary_them(open_view, qtbot):
    view = open_view(AugmentationView)
    assert not view.grid.isVisible()
    choose(view, "noise")
    qtbot.waitUntil(lambda: len(view.grid) > 0, timeout=SECONDS)
    assert len(view.grid) == 3 * view.grid.columns
    assert [caption != "" for caption in view.grid.captions[: view.grid.columns]] == [True] + [False] * (
        view.grid.columns - 1
    )
    first = [np.array(picture) for picture in view.grid._pictures]
    assert first[0].tobytes() != first[1].tobytes()
    view.others.click()
    qtbot.waitUntil(lambda: view.grid._pictures[1].tobytes() != first[1].tobytes(), timeout=SECONDS)
    assert view.grid._pictures[0].tobytes() == first[0].tobytes()
    view.list.rows[0].buttons["remove"].click()
    assert len(view.grid) == 0
    assert not view.grid.isVisible()


@pytest.mark.parametrize("width", [240, 420, 900])
def test_each_sample_has_a_row_of_its_own_at_every_width(open_view, qtbot, width):
    view = open_view(AugmentationView)
    choose(view, "noise")
    qtbot.waitUntil(lambda: len(view.grid) > 0, timeout=SECONDS)
    view.window().resize(width, 500)
    named = [index for index, caption in enumerate(view.grid.captions) if caption]
    each = len(view.grid) // 3
    assert named == [0, each, 2 * each]
    assert each == min(view.grid.columns, 1 + EACH)


@pytest.mark.parametrize("kind", [PreparationView, AugmentationView])
def test_data_that_cannot_be_opened_are_said_and_the_steps_can_still_be_edited(open_view, kind):
    view = open_view(kind, refuse="the folder is gone")
    assert view.problem.text == "The folder is gone."
    choose(view, next(iter(view.registry)))
    assert view.list.rows


@pytest.mark.parametrize("kind", [PreparationView, AugmentationView])
def test_out_of_sight_nothing_is_asked_and_back_in_sight_it_is_as_the_plan_says(open_view, qtbot, kind, monkeypatch):
    view = open_view(kind)
    settled(qtbot, view)
    view.hide()
    asked = []
    monkeypatch.setattr(view, "ask", lambda: asked.append(1))
    workspace = view.workspace
    steps = (Scale(), Invert()) if kind is PreparationView else (Shift(),)
    workspace.set_plan(workspace.plan.model_copy(update={view.field: steps}))
    assert asked == []
    view.show()
    assert asked
    assert view.list.parts == steps


def test_a_folder_that_is_deleted_is_said_and_the_steps_can_still_be_edited(open_view, qtbot, monkeypatch, tmp_path):
    """Pictures are read anew for every look: those of a folder may be gone."""
    import shutil

    from PIL import Image

    from cnn_studio.engine.datasets.own import open_path

    for number in range(12):
        folder = tmp_path / "own" / "ab"[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((8, 8), 20 * number, np.uint8)).save(folder / f"{number}.png")
    view = open_view(AugmentationView)
    data = open_path(tmp_path / "own")
    view.workspace.look.set_sample(None)
    view.workspace.data.dataset = data
    choose(view, "noise")
    qtbot.waitUntil(lambda: len(view.grid) > 0, timeout=SECONDS)
    shutil.rmtree(tmp_path / "own")
    choose(view, "flip")
    qtbot.waitUntil(lambda: view.problem.text != "", timeout=SECONDS)
    assert len(view.grid) == 0
    assert len(view.workspace.plan.augmentation) == 2


@pytest.mark.parametrize("kind", [PreparationView, AugmentationView])
def test_another_sample_is_shown_and_other_weights_are_of_no_concern(open_view, qtbot, kind, monkeypatch):
    view = open_view(kind)
    settled(qtbot, view)
    asked = []
    monkeypatch.setattr(view, "ask", lambda: asked.append(1))
    view.workspace.look.changed.emit()
    assert asked == []
    view.workspace.sampler.step(1)
    qtbot.waitUntil(lambda: bool(asked), timeout=SECONDS)


@pytest.mark.parametrize("code", ["en", "es"])
@pytest.mark.parametrize("kind", [PreparationView, AugmentationView])
def test_every_step_has_room_in_a_narrow_panel(open_view, qtbot, kind, code):
    i18n.set_language(code)
    view = open_view(kind)
    for name in view.registry:
        choose(view, name)
    for row in view.list.rows:
        row.form.more.click()
    settled(qtbot, view)
    wide = {row.part.kind: row.minimumSizeHint().width() for row in view.list.rows}
    assert max(wide.values()) <= 256, wide
    assert view.minimumSizeHint().width() <= 256
    view.window().resize(288, 500)
    qtbot.waitUntil(lambda: view.width() <= 288)
    for box in view.findChildren(QComboBox):
        texts = [box.itemText(index) for index in range(box.count())]
        room = max(box.fontMetrics().horizontalAdvance(text) for text in texts)
        assert room + 28 <= box.width(), (box.objectName(), texts)
