"""Forms: laws over every declared model of the program, with real keys."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QVBoxLayout, QWidget

from cnn_studio import i18n
from cnn_studio.core.blocks import blocks
from cnn_studio.core.fields import Model, choice, flag, number, numbers, size, specs, text
from cnn_studio.core.layers import layers
from cnn_studio.core.plans import augmentations, optimizers, preparations, schedules
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.core.settings import Settings
from cnn_studio.gui.editors import MIXED
from cnn_studio.gui.editors.boxes import NumberBox, decimal_text, read_number
from cnn_studio.gui.forms import Form, common_fields
from cnn_studio.gui.labels import Text

REGISTRIES = (layers, blocks, augmentations, optimizers, preparations, schedules)
MODELS: list[type[Model]] = [kind for one in REGISTRIES for kind in one.values()]
MODELS += [TrainingPlan, Settings]
FIELDS = [pytest.param(kind, one, id=f"{kind.__name__}.{one.name}") for kind in MODELS for one in specs(kind)]


class Ear:
    """What a form said."""

    def __init__(self, form: Form) -> None:
        self.tried: list[dict[str, Any]] = []
        self.kept: list[tuple[dict[str, Any], str]] = []
        self.withdrawn = 0
        self.last = ""
        form.tried.connect(self._try)
        form.committed.connect(lambda values, key: self.kept.append((values, key)))
        form.withdrawn.connect(self._withdraw)

    def _try(self, values: dict[str, Any]) -> None:
        self.tried.append(values)
        self.last = "tried"

    def _withdraw(self) -> None:
        self.withdrawn += 1
        self.last = "withdrawn"


@pytest.fixture
def make(qtbot):
    windows = []

    def made(*models: Model) -> tuple[Form, Ear]:
        window = QWidget()
        windows.append(window)
        form = Form("form")
        form.retranslate()
        layout = QVBoxLayout(window)
        layout.addWidget(form)
        layout.addWidget(QLineEdit())
        qtbot.addWidget(window)
        form.show_models(models)
        window.resize(300, 500)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        if not form.more.isHidden():
            form.more.click()
        return form, Ear(form)

    return made


def field(form: Form, name: str) -> Any:
    return form.rows[name].editor


def write(qtbot, line, written: str) -> None:
    """Type over what a line or a box holds."""
    line.setFocus()
    line.selectAll()
    if written:
        qtbot.keyClicks(line, written)
    else:
        qtbot.keyClick(line, Qt.Key.Key_Delete)


def line_of(editor):
    return editor.box if hasattr(editor, "box") else editor.line if hasattr(editor, "line") else editor.boxes[-1]


def another(spec) -> Any:
    """A valid value that is not the default."""
    now = spec.default
    match spec.editor:
        case "number":
            found = now + 1 if now + 1 <= spec.maximum else now - 1
        case "decimal":
            found = (now + spec.maximum) / 2 if now != spec.maximum else (now + spec.minimum) / 2
        case "numbers":
            found = tuple(min(one + 0.25, spec.maximum) for one in now)
        case "size":
            found = 4 if now == 3 else 3
            found = found if spec.single else (7,) * len(now)
        case "choice":
            found = next(one for one in spec.choices if one != now)
        case "flag":
            found = not now
        case _:
            found = "other"
    return found


def enter(qtbot, editor, value) -> None:
    """Give a value by hand, up to the moment before Enter."""
    kind = editor.spec.editor
    if kind in ("number", "decimal"):
        write(qtbot, editor.box, str(value))
    elif kind == "text":
        write(qtbot, editor.line, value)
    elif kind == "numbers":
        write(qtbot, editor.line, "; ".join(map(str, value)))
    elif kind == "flag":
        qtbot.mouseClick(editor.box, Qt.MouseButton.LeftButton, pos=QPoint(8, editor.box.height() // 2))
    elif kind == "choice":
        choose(editor.box, value)
    else:
        if editor.words is not None:
            choose(editor.words, "")
        for box, part in zip(editor.boxes, value if isinstance(value, tuple) else (value,), strict=True):
            write(qtbot, box, str(part))


def choose(box, data) -> None:
    """As a click in the list does."""
    index = box.findData(data)
    box.setCurrentIndex(index)
    box.activated.emit(index)


@pytest.mark.parametrize(("kind", "spec"), FIELDS)
def test_every_field_can_be_edited(qtbot, make, kind, spec):
    form, ear = make(kind())
    editor = field(form, spec.name)
    wanted = another(spec)
    enter(qtbot, editor, wanted)
    if spec.editor not in ("flag", "choice"):
        assert ear.tried[-1] == {spec.name: wanted}, "it is tried out while it is typed"
        qtbot.keyClick(line_of(editor), Qt.Key.Key_Return)
    assert ear.kept[-1][0] == {spec.name: wanted}
    assert {name for values, _key in ear.kept for name in values} == {spec.name}
    kept = kind.model_validate({**kind().model_dump(), spec.name: wanted}) if kind is not TrainingPlan else kind()
    form.show_models([kept])
    if kind is not TrainingPlan:
        assert editor.value() == wanted


BAD = {
    "number": ["", "abc", "1.5", "99999999999999999999", "-99999999999", "--"],
    "decimal": ["", "abc", "1e400", "nan", "-1e12", "1e12"],
    "numbers": ["", "abc", "1; x", "1e9; 2", "1;2;3;4;5;6;7;8;9"],
    "size": ["", "abc", "2.5", "99999999999", "-1"],
}


@pytest.mark.parametrize(("kind", "spec"), [one for one in FIELDS if one.values[1].editor in BAD])  # type: ignore[union-attr]
def test_what_cannot_be_is_refused_with_words(qtbot, make, kind, spec):
    form, ear = make(kind())
    row = form.rows[spec.name]
    if spec.editor == "size" and row.editor.words is not None:
        choose(row.editor.words, "")
    line = line_of(row.editor)
    for bad in BAD[spec.editor]:
        del ear.tried[:], ear.kept[:]
        write(qtbot, line, bad)
        assert form.refusal(spec.name, row.editor.value()) is not None, bad
        assert i18n._(spec.label) in row.problem.text, bad
        assert not row.problem.isHidden()
        assert ear.last == "withdrawn", "a valid beginning may be tried out, what it becomes is not"
        qtbot.keyClick(line, Qt.Key.Key_Return)
        assert ear.last == "withdrawn"
        assert not ear.kept
        english = row.problem.text
        i18n.set_language("es")
        form.retranslate()
        assert row.problem.text != english
        i18n.set_language("en")
        form.retranslate()
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert row.problem.isHidden()
    assert not row.dirty


@pytest.mark.parametrize(("kind", "spec"), [one for one in FIELDS if one.values[1].editor not in ("flag", "choice")])  # type: ignore[union-attr]
def test_escape_brings_back_what_was_there(qtbot, make, kind, spec):
    form, ear = make(kind())
    editor = field(form, spec.name)
    enter(qtbot, editor, another(spec))
    before = len(ear.kept)
    qtbot.keyClick(line_of(editor), Qt.Key.Key_Escape)
    assert len(ear.kept) == before
    assert ear.withdrawn
    assert editor.value() == getattr(kind(), spec.name)


class Everything(Model):
    """One field of each sort."""

    whole: int = number(5, "Whole", ge=1, le=10, unit="px", help="Some help.")
    share: float = number(0.5, "Share", ge=0.0, le=1.0)
    mean: tuple[float, ...] = numbers((0.5,), "Mean", ge=-1, le=1)
    word: str = choice("a", "Word", {"a": "first", "b": "second", "c": "third"})
    yes: bool = flag(False, "Yes")
    free: str = text("", "Free", longest=10)
    kernel: int | tuple[int, ...] = size(3, "Kernel", ge=1, le=9)
    padding: Any = size("same", "Padding", ge=0, le=9, unit="px", words={"same": "same", "valid": "valid"})
    sizes: tuple[int, ...] = size((2, 2), "Sizes", ge=1, le=9, single=False, axes=(0, 3))
    rare: int = number(1, "Rare", ge=0, le=9, advanced=True)


class Similar(Model):
    """Shares two fields with the other."""

    whole: int = number(6, "Whole", ge=1, le=100)
    share: int = number(1, "Share", ge=0, le=2)
    yes: bool = flag(True, "Yes")


def test_leaving_a_field_keeps_the_value_once(qtbot, make):
    form, ear = make(Everything())
    box = field(form, "whole").box
    write(qtbot, box, "7")
    assert ear.tried == [{"whole": 7}]
    qtbot.keyClick(box, Qt.Key.Key_Tab)
    assert [values for values, _key in ear.kept] == [{"whole": 7}]
    assert QApplication.focusWidget() is not box


def test_leaving_without_a_change_keeps_nothing(qtbot, make):
    form, ear = make(Everything())
    box = field(form, "whole").box
    write(qtbot, box, "7")
    write(qtbot, box, "5")
    qtbot.keyClick(box, Qt.Key.Key_Tab)
    assert not ear.kept
    assert ear.withdrawn == 1


def test_an_invalid_text_is_forgotten_when_the_form_is_finished(qtbot, make):
    form, ear = make(Everything())
    write(qtbot, field(form, "whole").box, "99")
    write(qtbot, field(form, "share").box, "0.25")
    form.finish()
    assert [values for values, _key in ear.kept] == [{"share": 0.25}]
    assert field(form, "whole").value() == 5


def test_steps_of_one_visit_belong_together(qtbot, make):
    form, ear = make(Everything())
    box = field(form, "whole").box
    box.setFocus()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down):
        qtbot.keyClick(box, key)
    assert [values["whole"] for values, _key in ear.kept] == [6, 7, 6]
    assert len({key for _values, key in ear.kept}) == 1
    assert ear.kept[0][1]
    first = ear.kept[0][1]
    field(form, "share").box.setFocus()
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert ear.kept[-1][1] != first


@pytest.mark.parametrize(
    ("start", "key", "then"),
    [("10", Qt.Key.Key_Up, 10), ("1", Qt.Key.Key_Down, 1), ("abc", Qt.Key.Key_Up, 6), ("4", Qt.Key.Key_PageUp, 10)],
)
def test_arrows_keep_to_the_bounds(qtbot, make, start, key, then):
    form, _ear = make(Everything())
    box = field(form, "whole").box
    write(qtbot, box, start)
    qtbot.keyClick(box, key)
    assert box.number() == then


def test_decimal_numbers_step_in_their_first_digit(qtbot):
    box = NumberBox(whole=False, minimum=0.0, maximum=10.0, start=0.5)
    qtbot.addWidget(box)
    for start, steps, then in ((0.5, 1, 0.6), (0.1, -1, 0.09), (0.1, 1, 0.2), (0.00001, 1, 0.00002), (0, 1, 0.01),
                               (9.5, 1, 10), (0.25, -1, 0.15)):  # fmt: skip
        box.show_number(start)
        box.stepBy(steps)
        assert box.number() == pytest.approx(then)


def test_the_wheel_changes_nothing(qtbot, make):
    form, ear = make(Everything())
    for control in (field(form, "whole").box, field(form, "word").box, field(form, "padding").words):
        control.setFocus()
        middle = QPointF(control.rect().center())
        event = QWheelEvent(
            middle, control.mapToGlobal(middle), QPoint(0, 120), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(control, event)
        assert not event.isAccepted()
    assert not ear.kept
    assert not ear.tried


def test_a_size_becomes_one_per_axis_and_back(qtbot, make):
    form, ear = make(Everything())
    editor = field(form, "kernel")
    form.show_models([Everything()], axes=3)
    editor.switch.click()
    assert ear.kept[-1][0] == {"kernel": (3, 3, 3)}
    write(qtbot, editor.boxes[1], "5")
    assert ear.tried[-1] == {"kernel": (3, 5, 3)}
    kept = len(ear.kept)
    qtbot.keyClick(editor.boxes[1], Qt.Key.Key_Tab)
    assert len(ear.kept) == kept, "going on to the next axis is not yet the end"
    qtbot.keyClick(editor.boxes[2], Qt.Key.Key_Return)
    assert ear.kept[-1][0] == {"kernel": (3, 5, 3)}
    form.show_models([Everything(kernel=(3, 5, 3))])
    editor.switch.click()
    assert ear.kept[-1][0] == {"kernel": 3}


def test_axes_come_and_go(qtbot, make):
    form, ear = make(Everything())
    editor = field(form, "sizes")
    editor.more.click()
    assert ear.kept[-1][0] == {"sizes": (2, 2, 2)}
    assert not editor.more.isEnabled()
    for _time in range(3):
        editor.less.click()
    assert ear.kept[-1][0] == {"sizes": ()}
    assert not editor.less.isEnabled()
    editor.more.click()
    assert ear.kept[-1][0] == {"sizes": (1,)}


def test_words_and_numbers_of_a_size(qtbot, make):
    form, ear = make(Everything())
    editor = field(form, "padding")
    assert editor.numbers.isHidden()
    assert not form.rows["padding"].unit.text()
    choose(editor.words, "valid")
    assert ear.kept[-1][0] == {"padding": "valid"}
    choose(editor.words, "")
    assert not editor.numbers.isHidden()
    assert form.rows["padding"].unit.text() == "px"
    assert ear.kept[-1][0] == {"padding": 0}
    form.show_models([Everything(padding=(1, 2))])
    assert editor.value() == (1, 2)
    form.show_models([Everything(padding="same")])
    assert editor.value() == "same"


def test_what_several_have_in_common(qtbot, make):
    form, ear = make(Everything(), Similar())
    assert list(form.rows) == ["whole", "yes"]
    assert field(form, "whole").value() is MIXED
    assert field(form, "yes").value() is MIXED
    write(qtbot, field(form, "whole").box, "50")
    assert form.rows["whole"].problem.text, "one of them cannot take it"
    write(qtbot, field(form, "whole").box, "8")
    assert ear.tried[-1] == {"whole": 8}
    qtbot.keyClick(field(form, "whole").box, Qt.Key.Key_Return)
    assert ear.kept[-1][0] == {"whole": 8}
    box: QCheckBox = field(form, "yes").box
    box.click()
    assert ear.kept[-1][0] in ({"yes": True}, {"yes": False})
    assert common_fields([]) == ()


def test_several_that_differ_show_nothing_wrong(qtbot, make):
    changes: dict[str, Any] = {"whole": 2, "share": 0.75, "mean": (1.0,), "word": "b", "yes": True, "free": "x", "kernel": 4,
               "padding": 3, "sizes": (1,), "rare": 7}  # fmt: skip
    form, ear = make(Everything(), Everything(**changes))
    for name, row in form.rows.items():
        assert row.editor.value() is MIXED, name
    form.retranslate()
    form.finish()
    assert not ear.kept
    assert not ear.tried


def test_rare_fields_are_folded_away(qtbot, make):
    form, _ear = make(Everything())
    assert form.rows["rare"].editor.isVisible()
    form.more.click()
    assert not form.rows["rare"].editor.isVisible()
    form.show_models([Similar()])
    assert form.more.isHidden()


def test_help_opens_below(qtbot, make):
    form, _ear = make(Everything())
    row = form.rows["whole"]
    assert row.help.isHidden()
    row.question.click()
    assert not row.help.isHidden()
    assert row.help.text() == "Some help."
    assert form.rows["share"].question.isHidden()


def test_tab_walks_the_fields_in_order(qtbot, make):
    form, _ear = make(Everything())
    found = []
    field(form, "whole").box.setFocus()
    for _step in range(40):
        here = QApplication.focusWidget()
        assert here is not None
        found.append(here)
        qtbot.keyClick(here, Qt.Key.Key_Tab)
    wanted = [row.editor.controls()[0] for row in form.rows.values()]
    places = [found.index(control) for control in wanted]
    assert places == sorted(places)


def test_tab_comes_to_boxes_that_were_made_later(qtbot, make):
    form, _ear = make(layers["reshape"]())
    editor = field(form, "target")
    editor.boxes[0].setFocus()
    found = []
    for _step in range(5):
        found.append(QApplication.focusWidget())
        qtbot.keyClick(found[-1], Qt.Key.Key_Tab)
    assert found == [*editor.boxes, editor.less, editor.more]


def test_numbers_are_read_in_both_languages():
    assert read_number("1,5") == 1.5
    assert read_number("1.5") == 1.5
    assert read_number("61\u202f706") == 61706
    assert read_number("1e-5") == 1e-5
    assert read_number("1_000") == "1_000" or read_number("1_000") == 1000
    assert read_number("x") == "x"
    i18n.set_language("es")
    for value in (0.5, 0.003, 1e-5, 12345.678, 1e6, 100.0):
        assert read_number(decimal_text(value)) == value


@pytest.mark.parametrize("kind", MODELS)
def test_everything_is_named_in_both_languages(qtbot, make, kind):
    form, _ear = make(kind())
    seen: dict[str, set[str]] = {}
    for code in ("en", "es"):
        i18n.set_language(code)
        form.retranslate()
        for row in form.rows.values():
            for control in (*row.editor.controls(), *([] if row.question.isHidden() else [row.question])):
                assert control.objectName().startswith("form."), control
                assert control.accessibleName(), control.objectName()
                assert control.toolTip(), control.objectName()
                seen.setdefault(control.objectName(), set()).add(control.accessibleName())
    assert all(isinstance(one.text(), str) for one in form.findChildren(Text))
