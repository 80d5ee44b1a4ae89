"""The trial of the window, with something broken in it."""

import pytest

from cnn_studio.engine.self_test import tried
from cnn_studio.gui import app, icons, self_test, theme
from cnn_studio.gui.main_window import MainWindow
from cnn_studio.gui.panels import panels


def test_a_sound_window_passes(qapp):
    assert [trial.problem for trial in self_test.window()] == ["", "", "", ""]


def test_a_bad_pair_of_versions_is_all_that_is_said(monkeypatch):
    monkeypatch.setattr(self_test, "refusal", lambda: "no window here")
    assert [(trial.name, trial.problem) for trial in self_test.window()] == [("window", "no window here")]
    assert app.refusal() == ""


def test_a_missing_picture_is_named(qapp, monkeypatch, tmp_path):
    monkeypatch.setattr(theme, "_ARROWS", tmp_path)
    assert "down-dark.png" in tried("icons", self_test.pictures).problem


def test_a_broken_icon_is_named(qapp, monkeypatch):
    def broken(name, *_rest):
        raise ValueError("W 3")

    monkeypatch.setattr(icons, "pixmap", broken)
    assert "failed: ValueError: W 3" in tried("icons", self_test.pictures).problem


def test_a_broken_panel_is_named(qapp, monkeypatch):
    def broken(*_rest):
        raise RuntimeError("no curve")

    monkeypatch.setattr(panels["curves"], "__init__", broken)
    assert "RuntimeError: no curve" in tried("window", self_test.used).problem


def test_an_error_inside_an_event_is_found(qapp, monkeypatch):
    fill = MainWindow.fill

    def filled(self):
        fill(self)
        raise RuntimeError("after the picture")

    monkeypatch.setattr(MainWindow, "fill", filled)
    assert "after the picture" in tried("window", self_test.used).problem


@pytest.mark.parametrize("kind", ["dense"])
def test_layers_that_do_not_fit_are_said(qapp, monkeypatch, kind):
    monkeypatch.setattr(self_test, "CHAIN", ("input", "convolution", kind, "max_pool"))
    assert tried("window", self_test.used).problem == "building a network failed: the layers do not fit each other"
