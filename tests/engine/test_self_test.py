"""What the self-test finds: that all is well, and what is broken on purpose."""

import importlib
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnn_studio
from cnn_studio import i18n
from cnn_studio.core import starters as core_starters
from cnn_studio.core.kinds import Registry
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.dense import Dense
from cnn_studio.core.starters import open_starter
from cnn_studio.engine import self_test
from cnn_studio.engine.export import trained_exporters
from cnn_studio.engine.self_test import resources, starters
from cnn_studio.engine.session import Session


def problems(trials) -> dict[str, str]:
    return {trial.name: trial.problem for trial in trials if trial.problem}


# -- modules and registries --------------------------------------------------------------------------------------------


def test_every_module_is_loaded():
    names = self_test.module_names(window=False) + self_test.module_names(window=True)
    files = Path(cnn_studio.__file__).parent.rglob("*.py")
    expected = {
        ".".join(file.relative_to(Path(cnn_studio.__file__).parents[1]).with_suffix("").parts) for file in files
    }
    expected = {name.removesuffix(".__init__") for name in expected} - {"cnn_studio", "cnn_studio.__main__"}
    assert sorted(names) == sorted(expected)
    assert problems(self_test.modules(window=False)) == {}


def test_a_broken_module_is_named(monkeypatch):
    name = "cnn_studio.core.layers.dense"
    load = importlib.import_module

    def broken(module, *rest):
        if module == name:
            raise SyntaxError("invalid syntax")
        return load(module, *rest)

    monkeypatch.setattr(importlib, "import_module", broken)
    assert problems(self_test.modules(window=False)) == {name: "it cannot be loaded: SyntaxError: invalid syntax"}


def test_every_registry_lists():
    trial = self_test.registries(window=False)
    assert trial.problem == ""
    assert trial.counts["layers"] == len(layers)
    assert {"blocks", "sources", "probes", "exporters", "optimizers", "augmentations"} <= set(trial.counts)
    assert "panels" not in trial.counts


def test_an_empty_registry_is_named(monkeypatch, tmp_path):
    (tmp_path / "cnn_studio_nothing").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    module: Any = type(sys)("cnn_studio.nothing")
    module.nothing = Registry("cnn_studio_nothing")
    monkeypatch.setitem(sys.modules, "cnn_studio.nothing", module)
    assert self_test.registries(window=False).problem == "there is nothing in cnn_studio_nothing"


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def copied(monkeypatch, tmp_path):
    """The studio's own files, where they can be taken away."""
    place = tmp_path / "cnn_studio"
    shutil.copytree(Path(cnn_studio.__file__).parent / "resources", place / "resources")
    for package, names in resources.SOURCES:
        folder = tmp_path.joinpath(*package.split("."))
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copy(Path(cnn_studio.__file__).parents[1].joinpath(*package.split("."), name), folder)
    monkeypatch.setattr(resources, "files", lambda package: tmp_path.joinpath(*package.split(".")))
    monkeypatch.setattr(core_starters, "files", lambda package: tmp_path.joinpath(*package.split(".")))
    monkeypatch.setattr(i18n, "LOCALE_FOLDER", place / "resources" / "locale")
    core_starters.starter_names.cache_clear()
    i18n._catalogue.cache_clear()
    yield place / "resources"
    core_starters.starter_names.cache_clear()
    i18n._catalogue.cache_clear()


def test_all_files_are_there(copied):
    assert problems(resources.resources()) == {}


@pytest.mark.parametrize(
    ("file", "trial", "problem"),
    [
        ("locale/es/LC_MESSAGES/cnn_studio.mo", "translations", "the texts in español are missing"),
        ("starters/lenet5.cnnstudio", "starters", "missing: lenet5"),
        ("report/report.css", "files", "missing: report.css"),
        ("drawings/7.png", "files", "missing: 7.png"),
        ("../engine/places.py", "files", "missing: places.py"),
    ],
)
def test_a_missing_file_is_named(copied, file, trial, problem):
    (copied / file).unlink()
    assert problems(resources.resources()) == {trial: problem}


# -- starters ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def own_home(monkeypatch, tmp_path):
    monkeypatch.setenv("CNN_STUDIO_HOME", str(tmp_path / "home"))


def test_the_quick_ones_do_all_their_work(own_home, tmp_path):
    found = list(starters.starters(tmp_path, quick=True))
    assert problems(found) == {}
    assert [trial.name for trial in found] == list(starters.QUICK)


@pytest.mark.long
def test_every_one_does_all_its_work(own_home, tmp_path):
    found = list(starters.starters(tmp_path, quick=False))
    assert problems(found) == {}
    assert len(found) == len(core_starters.starter_names())
    assert not list(tmp_path.glob("*.cnnstudio"))


def test_large_networks_look_at_smaller_samples():
    small = starters.smaller(open_starter("vgg16").graph)
    (entry,) = small.of_kind("input")
    assert entry.layer.output_shape().sizes[0] < 64
    light = open_starter("lenet5").graph
    assert starters.smaller(light) is light


def test_a_layer_that_makes_no_module_is_said(own_home, tmp_path, monkeypatch):
    def broken(*_rest):
        raise RuntimeError("no such\nlayer")

    monkeypatch.setattr(Dense, "to_torch", broken)
    (trial,) = [self_test.tried("mlp", lambda: starters.starter("mlp", tmp_path))]
    assert trial.problem.startswith("compiling it failed: ")
    assert "\n" not in trial.problem


def test_training_that_ends_early_is_said(own_home, tmp_path, monkeypatch):
    monkeypatch.setattr(Session, "learn", lambda *_rest: (_ for _ in ()).throw(RuntimeError("out of order")))
    trial = self_test.tried("mlp", lambda: starters.starter("mlp", tmp_path))
    assert trial.problem == "training it failed: the run could not go on: out of order"


def test_an_export_that_fails_is_said(own_home, tmp_path, monkeypatch):
    broken = trained_exporters["safetensors"]

    def function(*_rest):
        raise ValueError("no bytes")

    monkeypatch.setitem(
        trained_exporters._things, "safetensors", type(broken)(broken.name, broken.label, broken.suffix, function)
    )
    trial = self_test.tried("mlp", lambda: starters.starter("mlp", tmp_path))
    assert trial.problem == "writing it as weights failed: ValueError: no bytes"


def test_weights_that_do_not_survive_saving_are_said(own_home, tmp_path, monkeypatch):
    answers = iter((np.array([0.5, 0.5]), np.array([0.4, 0.6])))
    answer = type("Answer", (), {"probabilities": property(lambda _self: next(answers))})()
    monkeypatch.setattr(starters, "predictor_of", lambda _project: type("P", (), {"answer": lambda *_rest: answer})())
    trial = self_test.tried("mlp", lambda: starters.starter("mlp", tmp_path))
    assert trial.problem == "saving it failed: what was saved answers otherwise"


def test_the_bundled_network_reads_the_bundled_drawings():
    assert starters.sample() == "10/10"
