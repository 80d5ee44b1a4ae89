"""Drawing in the window: answered by the network that is looked at, whatever happens to that meanwhile."""

import json
import wave

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from cnn_studio.cli.main import run
from cnn_studio.core import edits
from cnn_studio.core.document import Document
from cnn_studio.core.starters import open_starter
from cnn_studio.engine.datasets.drawings import drawings_folder
from cnn_studio.gui.look import LIVE, PROJECT, START
from cnn_studio.gui.samples import PAD
from cnn_studio.gui.training import IDLE, RUNNING
from tests.helpers.own_data import picture_folder

SEVEN = [(80, 60), (130, 60), (180, 62), (200, 64), (170, 130), (140, 190), (125, 225)]
LONG = 10_000


@pytest.fixture
def studio_window(window, qtbot):
    """A window with the sample network and the pad."""
    window.open_sample()
    qtbot.waitUntil(lambda: not window.workspace.quick.is_busy, timeout=60_000)
    return window


def pad_of(window):
    return window.docks.panel("pad").pad


def draw(window, points=SEVEN):
    pad = pad_of(window)
    pad.press(*points[0])
    for point in points[1:]:
        pad.move_to(*point)
    pad.lift()


def answered(window, qtbot):
    drawing = window.workspace.drawing
    qtbot.waitUntil(lambda: not drawing.is_waiting and not window.workspace.quick.is_busy, timeout=60_000)
    return drawing.seen


def name_of(seen):
    return seen.classes[int(seen.probabilities.argmax())]


# -- the first start ---------------------------------------------------------------------------------------------------


def test_from_the_welcome_page_to_an_answer(window, qtbot):
    window.welcome.draw_card.click()
    assert window.docks.current == "draw"
    assert not window.workspace.document.is_modified
    draw(window)
    assert name_of(answered(window, qtbot)) == "7"
    panel = window.docks.panel("probabilities")
    assert panel.best.text().startswith("7")
    assert panel.bars.best == 7
    assert window.workspace.look.subject.kind == PROJECT
    assert window.workspace.look.sample.source == PAD
    seen = window.docks.panel("seen")
    assert not seen.final.is_empty
    assert "28×28×1" in seen.facts.text()
    pad_of(window).clear()
    assert window.workspace.drawing.seen is None
    assert window.workspace.look.sample is None
    assert seen.final.is_empty


def test_the_command_says_the_same_of_the_same_strokes(studio_window, qtbot, tmp_path, capsys):
    draw(studio_window)
    seen = answered(studio_window, qtbot)
    Image.fromarray(seen.picture[0]).save(tmp_path / "seven.png")
    assert run(["predict", "sample", str(tmp_path / "seven.png"), "--prepare", "drawing", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert list(told["probabilities"].values()) == [float(one) for one in seen.probabilities]


def test_only_the_latest_is_asked_about(studio_window, qtbot):
    asked = []
    ask = studio_window.workspace.look.ask

    def told(*rest):
        asked.append(rest[0])
        ask(*rest)

    studio_window.workspace.look.ask = told
    pad = pad_of(studio_window)
    pad.press(20, 20)
    for number in range(200):
        pad.move_to(20 + number, 20 + number / 2)
    pad.lift()
    found = []
    studio_window.workspace.drawing.answered.connect(lambda: found.append(1))
    answered(studio_window, qtbot)
    assert asked.count("pad") >= 200
    assert len(found) <= 3


# -- steps and comparison ----------------------------------------------------------------------------------------------


def test_each_step_can_be_switched_off(studio_window, qtbot):
    draw(studio_window, [(x / 4 + 200, y / 4 + 200) for x, y in SEVEN])
    usual = answered(studio_window, qtbot)
    panel = studio_window.docks.panel("seen")
    for step in panel.steps:
        step.switch.click()
        seen = answered(studio_window, qtbot)
        same = np.array_equal(seen.drawn.sample, usual.drawn.sample)
        assert same == (step.step == "value_scale")
        step.switch.click()
    assert np.array_equal(answered(studio_window, qtbot).drawn.sample, usual.drawn.sample)


def test_an_answer_is_kept_to_compare_with(studio_window, qtbot):
    panel = studio_window.docks.panel("probabilities")
    assert not panel.freeze.isEnabled()
    draw(studio_window)
    kept = answered(studio_window, qtbot)
    panel.freeze.click()
    pad_of(studio_window).clear()
    draw(studio_window, [(140, 40), (140, 140), (138, 240)])
    seen = answered(studio_window, qtbot)
    assert name_of(seen) == "1"
    assert list(panel.bars.others) == kept.probabilities.tolist()
    assert "7" in panel.kept_best.text()
    assert panel.kept.isVisible()
    panel.freeze.click()
    assert not len(panel.bars.others)
    assert not panel.kept.isVisible()


# -- pictures ----------------------------------------------------------------------------------------------------------


def paper(mode="RGB", size=(300, 200)):
    ground = (255, 255, 255) if mode == "1" else (236, 228, 210)  # what is dithered is no plain paper
    picture = np.full((size[1], size[0], 3), ground, np.uint8)
    middle, width = size[0] // 2, max(2, size[0] // 20)
    picture[size[1] // 6 : -size[1] // 6, middle : middle + width] = (40, 40, 90)
    return Image.fromarray(picture).convert(mode)


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "1", "CMYK"])
def test_pictures_of_any_mode_lie_on_the_pad(studio_window, qtbot, tmp_path, mode):
    path = tmp_path / "one.tif"
    paper(mode).save(path)
    drawing = studio_window.workspace.drawing
    studio_window.docks.panel("pad").open_picture(path)
    qtbot.waitUntil(lambda: drawing.picture is not None, timeout=20_000)
    assert name_of(answered(studio_window, qtbot)) == "1"
    assert not pad_of(studio_window).is_empty
    draw(studio_window, [(100, 250), (180, 250)])
    assert answered(studio_window, qtbot) is not None
    laid, lines = drawing.picture, drawing.lines
    pad_of(studio_window).clear()
    assert drawing.picture is None
    assert drawing.is_empty
    assert not studio_window.docks.panel("pad").clear.isEnabled()
    studio_window.docks.panel("pad").undo.click()
    assert drawing.picture is laid
    assert drawing.lines == lines
    assert name_of(answered(studio_window, qtbot)) is not None
    pad_of(studio_window).undo()
    assert drawing.picture is laid
    assert not drawing.lines
    assert name_of(answered(studio_window, qtbot)) == "1"


def test_a_very_large_picture(studio_window, qtbot, tmp_path):
    path = tmp_path / "large.png"
    paper("L", (10_000, 10_000)).save(path, compress_level=1)
    studio_window.docks.panel("pad").open_picture(path)
    qtbot.waitUntil(lambda: studio_window.workspace.drawing.picture is not None, timeout=60_000)
    assert max(studio_window.workspace.drawing.picture.shape) <= 4096
    assert name_of(answered(studio_window, qtbot)) == "1"


def test_pasted(studio_window, qtbot, tmp_path):
    panel = studio_window.docks.panel("pad")
    panel.paste.click()
    assert "no picture" in panel.problem.text
    image = QImage(120, 90, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for y in range(15, 75):
        for x in range(56, 64):
            image.setPixelColor(x, y, QColor("black"))
    QApplication.clipboard().setImage(image)
    panel.paste.click()
    qtbot.waitUntil(lambda: studio_window.workspace.drawing.picture is not None, timeout=20_000)
    assert name_of(answered(studio_window, qtbot)) == "1"
    data = QMimeData()
    data.setText("words")
    QApplication.clipboard().setMimeData(data)
    panel.paste.click()
    assert "no picture" in panel.problem.text


@pytest.mark.parametrize("content", ["empty", "damaged", "gone", "sound"])
def test_what_is_no_picture_is_said(studio_window, qtbot, tmp_path, content):
    path = tmp_path / "x.png"
    if content == "empty":
        Image.new("L", (80, 60), 240).save(path)
    elif content == "damaged":
        path.write_bytes(b"\x89PNG broken")
    elif content == "sound":
        path = tmp_path / "x.wav"
        with wave.open(str(path), "wb") as stream:
            stream.setnchannels(1)
            stream.setsampwidth(2)
            stream.setframerate(8000)
            stream.writeframes(np.zeros(900, "<i2").tobytes())
    panel = studio_window.docks.panel("pad")
    panel.open_picture(path)
    qtbot.waitUntil(lambda: bool(panel.problem.text), timeout=20_000)
    assert studio_window.workspace.drawing.picture is None


# -- what happens to the network meanwhile -----------------------------------------------------------------------------


def test_a_dot_and_a_scribble_over_the_edge(studio_window, qtbot):
    pad = pad_of(studio_window)
    pad.press(140, 140)
    pad.lift()
    assert answered(studio_window, qtbot) is not None
    pad.clear()
    draw(studio_window, [((number * 173) % 700 - 200, (number * 311) % 700 - 200) for number in range(80)])
    assert answered(studio_window, qtbot) is not None


def test_rubbed_out_entirely_it_says_that_nothing_is_there(studio_window, qtbot):
    draw(studio_window, [(100, 100), (120, 120)])
    pad = pad_of(studio_window)
    pad.pen_width, pad.is_erasing = 48.0, True
    draw(studio_window, [(90, 90), (130, 130)])
    answered(studio_window, qtbot)
    assert studio_window.workspace.drawing.seen is None
    assert "nothing is drawn" in studio_window.docks.panel("pad").problem.text.lower()


def test_edited_broken_and_deleted(studio_window, qtbot):
    workspace = studio_window.workspace
    draw(studio_window)
    answered(studio_window, qtbot)
    workspace.edit(lambda graph: edits.set_field(graph, "conv1", "filters", 8))
    qtbot.waitUntil(lambda: workspace.look.subject.graph is workspace.document.graph, timeout=5000)
    answered(studio_window, qtbot)
    workspace.edit(lambda graph: edits.remove(graph, ["flatten"]))
    qtbot.waitUntil(lambda: workspace.drawing.obstacle is not None, timeout=5000)
    qtbot.waitUntil(lambda: workspace.drawing.seen is None, timeout=5000)
    assert studio_window.docks.panel("pad").problem.text
    draw(studio_window)
    workspace.edit(lambda graph: edits.remove(graph, list(graph.nodes)))
    draw(studio_window)
    workspace.replace_document(Document())
    draw(studio_window)
    assert workspace.drawing.seen is None


def test_not_for_pictures(studio_window, qtbot):
    studio_window.workspace.replace_document(Document(open_starter("tiny-sound")))
    draw(studio_window)
    assert "cannot be drawn" in studio_window.docks.panel("pad").problem.text


def test_start_weights_say_so_and_offer_the_sample(studio_window, qtbot):
    workspace = studio_window.workspace
    workspace.replace_document(Document(open_starter("lenet5")))
    draw(studio_window)
    assert answered(studio_window, qtbot).drawn.sample.shape == (1, 32, 32)
    panel = studio_window.docks.panel("probabilities")
    assert workspace.look.subject.kind == START
    assert "nothing learned yet" in panel.weights.text()
    assert panel.sample.isVisible()
    with qtbot.waitSignal(workspace.sample_requested):
        panel.sample.click()


def test_it_answers_while_it_learns(studio_window, qtbot):
    workspace = studio_window.workspace
    for number in range(24):
        keep(studio_window, qtbot, "ab"[number % 2])
    studio_window.docks.panel("drawings").train.click()
    qtbot.waitUntil(lambda: workspace.training.state == RUNNING, timeout=60_000)
    draw(studio_window)
    assert workspace.look.subject.kind == LIVE
    qtbot.waitUntil(
        lambda: workspace.drawing.seen is not None and len(workspace.drawing.seen.classes) == 2, timeout=20_000
    )
    workspace.training.stop()
    qtbot.waitUntil(lambda: workspace.training.state == IDLE, timeout=60_000)
    assert len(answered(studio_window, qtbot).classes) == 2


# -- one's own data ----------------------------------------------------------------------------------------------------


def keep(window, qtbot, label, points=SEVEN):
    panel = window.docks.panel("drawings")
    before = panel.counts.get(label, 0)
    panel.label.setText(label)
    draw(window, points)
    panel.keep.click()
    qtbot.waitUntil(lambda: panel.counts.get(label, 0) == before + 1 and pad_of(window).is_empty, timeout=20_000)


def test_drawings_are_kept_seen_and_deleted(studio_window, qtbot):
    panel = studio_window.docks.panel("drawings")
    panel.sets.setEditText("my shapes")
    for label in ("círculo", "círculo", "A"):
        keep(studio_window, qtbot, label)
    assert panel.counts == {"A": 1, "círculo": 2}
    assert "fewer" in panel.balance.text()
    panel.bars._choose(1)
    qtbot.waitUntil(lambda: len(panel.grid) == 2, timeout=5000)
    assert {path.name for path in (drawings_folder() / "my shapes").iterdir()} == {"A", "círculo"}
    panel.grid.set_current(0)
    panel.delete.click()
    qtbot.waitUntil(lambda: panel.counts == {"A": 1, "círculo": 1}, timeout=5000)
    qtbot.waitUntil(lambda: len(panel.grid) == 1, timeout=5000)
    assert "balanced" in panel.balance.text()


def test_drawings_mix_with_other_drawings_and_with_a_folder_of_ones_own(studio_window, qtbot, tmp_path):
    panel, folder = studio_window.docks.panel("drawings"), picture_folder(tmp_path / "photographs")
    for name in ("letters", "signs"):
        panel.sets.setEditText(name)
        panel.sets.lineEdit().editingFinished.emit()
        qtbot.waitUntil(lambda: not panel.counts, timeout=5000)
        for label in ("A", "B"):
            keep(studio_window, qtbot, label)
    studio_window.workspace.set_plan(studio_window.workspace.plan.model_copy(update={"data": str(folder)}))
    choices = {panel.mix.itemData(place): panel.mix.itemText(place) for place in range(panel.mix.count())}
    assert choices[str(folder)].endswith("photographs")
    assert "letters" in choices
    assert "signs" not in choices, "that is the set itself"
    panel.mix.setCurrentIndex(panel.mix.findData("letters"))
    asked = []
    studio_window.workspace.train_requested.disconnect()
    studio_window.workspace.train_requested.connect(lambda: asked.append(1))
    panel.train.click()
    qtbot.waitUntil(lambda: bool(asked), timeout=10_000)
    assert studio_window.workspace.plan.data == "letters + signs"


def test_enter_on_the_pad_keeps(studio_window, qtbot):
    panel = studio_window.docks.panel("drawings")
    draw(studio_window)
    pad_of(studio_window).confirmed.emit()
    assert "which class" in panel.problem.text
    panel.label.setText("seven")
    pad_of(studio_window).confirmed.emit()
    qtbot.waitUntil(lambda: panel.counts == {"seven": 1}, timeout=10_000)
    assert not panel.train.isEnabled()
    assert "another class" in panel.balance.text()


def test_names_that_cannot_be_are_said_and_nothing_is_lost(studio_window, qtbot):
    panel = studio_window.docks.panel("drawings")
    draw(studio_window)
    panel.label.setText("a/b")
    panel.keep.click()
    qtbot.waitUntil(lambda: bool(panel.problem.text), timeout=5000)
    assert not pad_of(studio_window).is_empty


def test_exported_as_folders(studio_window, qtbot, tmp_path, monkeypatch):
    for label in ("x", "y"):
        keep(studio_window, qtbot, label)
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getExistingDirectory", lambda *_rest: str(tmp_path))
    with qtbot.waitSignal(studio_window.workspace.said, timeout=5000):
        studio_window.docks.panel("drawings").export.click()
    assert len(list(tmp_path.glob("my drawings/*/*.png"))) == 2


def test_trained_on_shapes_it_tells_them_apart(studio_window, qtbot):
    random = np.random.default_rng(0)
    for number in range(24):
        keep(studio_window, qtbot, ("stroke", "ring")[number % 2], shape(random, number % 2))
    panel = studio_window.docks.panel("drawings")
    panel.train.click()
    workspace = studio_window.workspace
    qtbot.waitUntil(lambda: workspace.training.is_live, timeout=20_000)
    assert workspace.plan.data == "my drawings"
    assert workspace.plan.augmentation
    assert workspace.document.graph.nodes["dense"].layer.units == 2
    qtbot.waitUntil(lambda: workspace.training.state == IDLE, timeout=60_000)
    studio_window.show_workspace("draw")
    right = 0
    for number in range(10):
        draw(studio_window, shape(random, number % 2))
        right += name_of(answered(studio_window, qtbot)) == ("stroke", "ring")[number % 2]
        pad_of(studio_window).clear()
    assert right >= 9
    while workspace.document.undo():
        pass
    assert workspace.document.graph.nodes["dense"].layer.units == 10


def shape(random, kind):
    """A stroke across, or a ring, somewhere."""
    x, y, size = random.uniform(90, 190), random.uniform(90, 190), random.uniform(30, 80)
    if kind == 0:
        return [(x - size + 2 * size * part / 9, y + random.normal(0, 3)) for part in range(10)]
    turns = np.linspace(0, 2 * np.pi, 25)
    return [(x + size * np.cos(turn), y + size * np.sin(turn)) for turn in turns]
