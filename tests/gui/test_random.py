"""Twenty thousand random things done to the windows: nothing raised, nothing complained, all valid, undone to the letter."""

import gc
import random

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog

from tests.helpers.whims import Someone

STEPS = 250
"""Of one life; with ``--long`` eighty of them."""


@pytest.fixture
def someone(studio, tmp_path, monkeypatch, qtbot):
    """Makes somebody of a seed, whose questions for files the system answers at random."""

    def made(seed, **wishes):
        one = Someone(studio, seed, tmp_path, **wishes)
        names = [*map(str, one.files[:12]), str(tmp_path / "new one"), str(tmp_path / "new.cnnstudio"), "", "", ""]
        monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
        for method in ("getSaveFileName", "getOpenFileName"):
            monkeypatch.setattr(QFileDialog, method, lambda *_rest: (one.random.choice(names), ""))
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_rest: one.random.choice(["", str(tmp_path)]))
        return one

    yield made
    gc.unfreeze()  # the windows of one life are gone before the next one begins
    gc.collect()


def live(one):
    """All the steps of one life, and what must hold after it."""
    for count in range(STEPS):
        one.step()
        if count % 50 == 0:
            one.check()
    for window in one.studio.windows:
        for dialog in window.findChildren(QDialog):
            dialog.close()
    one.check(travel=True)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_done(someone, seed):
    live(someone(seed))


@pytest.mark.long
def test_whatever_is_done_another_way_each_time(someone):
    live(someone(random.SystemRandom().randrange(2**32)))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1000, 1080))
def test_twenty_thousand_things(someone, seed):
    live(someone(seed, trains=seed % 4 == 0))
