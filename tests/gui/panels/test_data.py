"""The data: chosen, fetched, taken from a folder or one's own; what is in them, and whether they fit the network."""

import threading
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from cnn_studio.core import edits
from cnn_studio.core.plans.plan import TrainingPlan
from cnn_studio.core.shapes import Shape
from cnn_studio.engine.datasets import fetched
from cnn_studio.engine.datasets.base import DataError
from cnn_studio.gui import choosing, samples
from cnn_studio.gui.samples import READY
from tests.helpers.training import small_network, stripes

SECONDS = 20_000


@pytest.fixture(autouse=True)
def quick_digits(monkeypatch):
    """The data that a new network names are not generated."""
    data = stripes()
    monkeypatch.setattr(samples, "_opened", lambda _name: (data, samples._facts(data)))


@pytest.fixture
def panel(open_panel, qtbot):
    shown = open_panel("data", small_network(classes=2))
    qtbot.waitUntil(lambda: shown.list.count() > 0, timeout=SECONDS)
    return shown


@pytest.fixture
def own_folder(tmp_path) -> Path:
    """Pictures of two classes, and a file that is none."""
    folder: Path = tmp_path / "my pictures"
    random = np.random.default_rng(0)
    for name in ("cat", "dog"):
        (folder / name).mkdir(parents=True)
        for number in range(6):
            Image.fromarray(random.integers(0, 256, (8, 8), dtype=np.uint8)).save(folder / name / f"{number}.png")
    (folder / "cat" / "broken.png").write_bytes(b"no picture")
    return folder


def choose(panel, qtbot, name):
    panel.workspace.chooser.choose(str(name))
    settled(panel, qtbot)


def settled(panel, qtbot):
    workspace = panel.workspace
    qtbot.waitUntil(lambda: not workspace.chooser.wanted and not workspace.slow.is_busy, timeout=SECONDS)
    panel.settle()


def row_of(panel, name):
    names = [panel.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(panel.list.count())]
    panel.list.setCurrentRow(names.index(name))


def test_sets_are_listed_with_what_is_known_of_them(panel):
    row_of(panel, "mnist")
    texts = panel.figures.texts()
    assert panel.list.currentItem().text() == "MNIST: 11.6 MB to fetch"
    assert texts["Samples"] == "training: 60,000\ntest: 10,000"
    assert texts["Shape"] == "28×28×1"
    assert {"Licence", "Source", "To fetch"} <= texts.keys()
    assert panel.fetch.isVisible()
    assert panel.take.isVisible()
    assert not panel.use.isVisible()
    row_of(panel, "shapes")
    assert panel.use.isVisible()
    assert not panel.fetch.isVisible()


def test_own_data_are_chosen_in_one_step_with_their_preprocessing(panel, qtbot, own_folder):
    document = panel.workspace.document
    choose(panel, qtbot, own_folder)
    assert panel.workspace.data.state == READY
    assert panel.workspace.plan.data == str(own_folder)
    assert document.data.classes == ("cat", "dog")
    assert document.data.sample == Shape(1, (8, 8))
    assert panel.facts.texts()["Shape"] == "8×8×1"
    assert panel.fit.fits.text.startswith("Fits the network: it takes 8×8×1")
    document.undo()
    assert document.plan is None
    assert document.data is None


def test_data_that_are_chosen_do_not_wait_for_those_of_before(panel, qtbot, own_folder, monkeypatch):
    order, go = [], threading.Event()

    def noted(name, work, *about):
        order.append(name)
        return work(*about)

    for module, name in ((choosing, "_looked_at"), (samples, "_opened")):
        monkeypatch.setattr(module, name, partial(noted, name, getattr(module, name)))
    workspace = panel.workspace
    workspace.slow.ask("busy", go.wait, lambda _nothing: None)
    workspace.data.again()
    workspace.data.changed.connect(workspace.data.ensure)  # as panels do that show them
    workspace.chooser.choose(str(own_folder))
    go.set()
    settled(panel, qtbot)
    assert order[0] == "_looked_at"
    assert workspace.plan.data == str(own_folder)


def test_damaged_files_are_named(panel, qtbot, own_folder):
    choose(panel, qtbot, own_folder)
    assert panel.skipped.text.startswith("1 file was left out:")
    assert "broken.png" in panel.skipped.text


def test_a_wrong_number_of_classes_is_said_and_mended(panel, qtbot, own_folder):
    (own_folder / "bird").mkdir()
    Image.new("L", (8, 8)).save(own_folder / "bird" / "0.png")
    choose(panel, qtbot, own_folder)
    (card,) = panel.fit.cards
    assert card.problem.code == "units_classes"
    card.buttons[0].click()
    panel.settle()
    assert not panel.fit.cards
    assert panel.fit.fits.text


def test_samples_of_another_size_are_brought_to_the_network(open_panel, qtbot, own_folder):
    shown = open_panel("data", small_network(classes=2, size=12))
    choose(shown, qtbot, own_folder)
    assert "size" in [step.kind for step in shown.workspace.plan.preparation]
    assert "samples of 8×8×1 are made 12×12×1" in shown.fit.fits.text


def test_an_input_that_was_changed_afterwards_is_offered_other_preprocessing(panel, qtbot, own_folder):
    choose(panel, qtbot, own_folder)
    panel.workspace.edit(lambda graph: edits.set_field(graph, "input1", "sizes", (10, 10)))
    panel.settle()
    assert [card.problem.code for card in panel.fit.cards] == ["input_sample"]
    assert panel.fit.resize_button.text() == "Bring the samples to 10×10×1"
    panel.fit.resize_button.click()
    settled(panel, qtbot)
    assert not panel.fit.cards
    assert panel.workspace.document.data.sample == Shape(1, (10, 10))


def test_data_of_another_kind_leave_the_preprocessing_and_say_what_is_wrong(panel, qtbot):
    before = panel.workspace.plan.preparation
    choose(panel, qtbot, "tones")
    assert panel.workspace.plan.preparation == before
    assert "input_sample" in [card.problem.code for card in panel.fit.cards]
    assert not panel.fit.resize_button.isVisible()


@pytest.mark.parametrize("make", [lambda folder: folder / "nowhere", lambda folder: folder / "empty"])
def test_what_cannot_be_opened_is_one_sentence_and_changes_nothing(panel, qtbot, tmp_path, make):
    (tmp_path / "empty").mkdir()
    before = panel.workspace.document.plan
    choose(panel, qtbot, make(tmp_path))
    assert panel.problem.text
    assert "\n" not in panel.problem.text
    assert panel.workspace.document.plan is before
    assert panel.folder.isEnabled()


def test_a_set_is_fetched_with_progress_and_chosen(panel, qtbot, monkeypatch):
    heard = []

    def fetch(files, folder, progress, cancelled):
        for file in files:
            progress(file.name, file.size, file.size)
        heard.append(folder.name)

    monkeypatch.setattr(fetched, "fetch", fetch)
    chosen: list[str] = []
    monkeypatch.setattr(panel.workspace.chooser, "choose", chosen.append)
    row_of(panel, "mnist")
    with qtbot.waitSignal(panel.workspace.fetching.fetched, timeout=SECONDS):
        panel.fetch.click()
        assert panel.cancel.isVisible()
    assert heard == chosen == ["mnist"]
    assert panel.workspace.fetching.count == panel.workspace.fetching.total > 0


def test_data_of_the_plan_that_are_not_here_are_offered_in_the_window(open_panel, qtbot, monkeypatch):
    def refused(_name):
        raise DataError("“mnist” is not here: a command fetches it")

    monkeypatch.setattr(samples, "_opened", refused)
    shown = open_panel("data", small_network())
    shown.workspace.set_plan(TrainingPlan(data="mnist"))
    qtbot.waitUntil(lambda: bool(shown.problem.text), timeout=SECONDS)
    settled(shown, qtbot)
    assert shown.problem.text == "MNIST must be fetched first, or taken from a folder."


def test_fetching_can_be_given_up(panel, qtbot, monkeypatch):
    def fetch(_files, _folder, _progress, cancelled):
        assert cancelled.wait(20)
        raise fetched.CancelledError

    monkeypatch.setattr(fetched, "fetch", fetch)
    row_of(panel, "mnist")
    panel.fetch.click()
    panel.cancel.click()
    qtbot.waitUntil(lambda: not panel.workspace.fetching.is_running, timeout=SECONDS)
    assert not panel.problem.text
    assert panel.fetch.isVisible()


def test_files_that_are_not_in_the_folder_are_said(panel, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_rest: str(tmp_path))
    row_of(panel, "mnist")
    panel.take.click()
    qtbot.waitUntil(lambda: not panel.workspace.fetching.is_running, timeout=SECONDS)
    assert "has no file" in panel.problem.text
    assert panel.workspace.plan.data != "mnist"


def test_a_folder_is_chosen_by_dialog(panel, qtbot, own_folder, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_rest: str(own_folder))
    panel.folder.click()
    settled(panel, qtbot)
    assert panel.workspace.plan.data == str(own_folder)


def test_nothing_is_asked_out_of_sight(panel, qtbot, own_folder, monkeypatch):
    settled(panel, qtbot)
    panel.hide()
    asked = []
    monkeypatch.setattr(panel.workspace.data, "list_sources", lambda: asked.append("list"))
    monkeypatch.setattr(panel.fit, "renew", lambda: asked.append("fit"))
    choose(panel, qtbot, own_folder)
    assert not asked
    panel.show()
    assert set(asked) == {"list", "fit"}
