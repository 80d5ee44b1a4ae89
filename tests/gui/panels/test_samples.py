"""The samples: pictures page by page, by class, balance in words, and the one that is looked at."""

import numpy as np
import pytest

from cnn_studio.engine.datasets.base import ArraySamples, DamagedError, Dataset
from cnn_studio.gui import samples
from cnn_studio.gui.panels import samples as panel_module
from cnn_studio.gui.samples import READY
from tests.helpers.training import small_network, stripes

SECONDS = 20_000


class WithOneDamaged(ArraySamples):
    def read(self, index):
        if index == 1:
            raise DamagedError("broken")
        return super().read(index)


@pytest.fixture
def data(monkeypatch) -> Dataset:
    """Pictures of three classes, 100 of each, opened at once."""
    found = stripes(count=300)
    train = found.train
    assert train.array is not None
    found = Dataset(found.name, found.classes, {**found.splits, "train": WithOneDamaged(train.array, train.labels)})
    monkeypatch.setattr(samples, "_opened", lambda _name: (found, samples._facts(found)))
    return found


@pytest.fixture
def panel(open_panel, data, qtbot):
    shown = open_panel("samples", small_network(), (800, 260))
    settled(shown, qtbot)
    return shown


def settled(panel, qtbot):
    workspace = panel.workspace
    qtbot.waitUntil(
        lambda: workspace.data.state == READY and not workspace.slow.is_busy and not workspace.quick.is_busy,
        timeout=SECONDS,
    )


def test_samples_are_shown_page_by_page_with_their_classes(panel, qtbot):
    assert len(panel.grid.captions) == panel_module.PAGE
    assert panel.page.maximum() == 3
    panel.page.setValue(3)
    settled(panel, qtbot)
    assert len(panel.grid.captions) == 300 - 2 * panel_module.PAGE
    assert not panel.on.isEnabled()
    assert list(panel.grid.captions[:3]) == ["a", "b", "c"]


def test_one_class_alone_and_all_again(panel, qtbot):
    panel.page.setValue(2)
    panel.choose_class(1)
    settled(panel, qtbot)
    assert set(panel.grid.captions) == {"b", "damaged"}
    assert panel.page.value() == panel.page.maximum() == 1
    panel.choose_class(1)
    settled(panel, qtbot)
    assert panel.page.maximum() == 3


def test_another_part_of_the_data(panel, qtbot, data):
    panel.split.setCurrentIndex(1)
    panel.split.activated.emit(1)
    settled(panel, qtbot)
    assert len(panel.grid.captions) == len(data.splits["test"])
    assert panel.balance.text().startswith("100 samples")


def test_balance_is_said_in_words(panel):
    assert panel.balance.text() == "300 samples, balanced"
    assert panel._balance((100, 10, 90)) == "200 samples, not balanced: “b” has only 10"
    assert panel.bars.texts == ["100", "100", "100"]


def test_a_click_looks_at_the_sample(panel, qtbot):
    with qtbot.waitSignal(panel.workspace.look.sample_changed, timeout=SECONDS):
        panel.grid.set_current(5)
        panel.grid.current_changed.emit(5)
    settled(panel, qtbot)
    sample = panel.workspace.look.sample
    assert (sample.split, sample.index, sample.label) == ("train", 5, "c")
    assert np.array_equal(sample.stored, panel.workspace.data.dataset.train.read(5))


def test_a_damaged_sample_has_its_place_and_is_named(panel, qtbot):
    assert panel.grid.captions[1] == "damaged"
    panel.grid.current_changed.emit(1)
    settled(panel, qtbot)
    assert panel.problem.text


def test_nothing_is_read_out_of_sight(panel, qtbot, monkeypatch):
    panel.hide()
    asked = []
    monkeypatch.setattr(panel.workspace.data, "work", lambda *rest: asked.append(rest))
    panel.workspace.data.changed.emit()
    assert not asked
    panel.show()
    assert len(asked) == 1
