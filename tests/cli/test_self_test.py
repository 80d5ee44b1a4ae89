"""cnn-studio --self-test"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cnn_studio import i18n
from cnn_studio.cli import self_test
from cnn_studio.core import starters as core_starters
from cnn_studio.engine.self_test import Trial
from cnn_studio.engine.self_test import starters as engine_starters

LANGUAGES = list(i18n.languages())


@pytest.fixture
def without_window(monkeypatch):
    """The window is another process, and tried by its own tests."""
    monkeypatch.setattr(self_test, "asked", lambda part: [Trial(part)])


def test_all_is_well(cli, without_window):
    done = cli("--self-test=quick")
    assert done.status == 0, done.out
    assert "All 10 trials passed" in done.out
    assert "problem" not in done.out


def test_as_json(cli, without_window, tmp_path):
    document = cli("--self-test=quick", "--json").document
    assert document["ok"] is True
    names = [trial["name"] for trial in document["trials"]]
    assert names == [
        "translations",
        "starters",
        "files",
        "cnn_studio",
        "registries",
        "sample",
        *engine_starters.QUICK,
        "window",
    ]
    counts = next(trial["counts"] for trial in document["trials"] if trial["name"] == "registries")
    assert counts["layers"] > 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_fails_is_said_in_one_sentence(cli, without_window, monkeypatch, language):
    monkeypatch.setattr(core_starters, "ORDER", (*core_starters.ORDER, "lenet6"))
    monkeypatch.setattr("cnn_studio.engine.self_test.resources.ORDER", core_starters.ORDER)
    done = cli("--self-test=quick", "--language", language)
    assert done.status == 1
    last = done.out.strip().splitlines()[-1]
    assert last == {"en": "starters: missing: lenet6", "es": "starters: faltan: lenet6"}[language]
    document = cli("--self-test=quick", "--json").document
    assert document["ok"] is False


def test_nothing_of_the_persons_is_touched(cli, without_window, tmp_path, monkeypatch):
    monkeypatch.setenv("CNN_STUDIO_HOME", str(tmp_path / "mine"))
    cli("--self-test=quick")
    assert not (tmp_path / "mine").exists()
    assert os.environ["CNN_STUDIO_HOME"] == str(tmp_path / "mine")


def test_a_part_that_there_is_not_is_refused(cli):
    assert cli("--self-test=everything").status == 2


def test_a_process_that_crashes_is_said(monkeypatch):
    monkeypatch.setattr(self_test, "program", lambda: [sys.executable, "-c", "import os; os.abort()"])
    (trial,) = self_test.asked("window")
    assert "ended with status -6" in trial.problem


def test_a_process_that_says_something_else_is_quoted(monkeypatch):
    code = "import sys; sys.exit('no Qt here')"
    monkeypatch.setattr(self_test, "program", lambda: [sys.executable, "-c", code])
    (trial,) = self_test.asked("window")
    assert trial.problem == "it ended with status 1: no Qt here"


def test_the_real_program_tries_its_window(tmp_path):
    environment = {**os.environ, "CNN_STUDIO_HOME": str(tmp_path), "CNN_STUDIO_LANGUAGE": "en"}
    command = [*self_test.program(), "--self-test=window", "--json"]
    done = subprocess.run(command, capture_output=True, check=False, env=environment, cwd=Path(__file__).parents[2])
    document = json.loads(done.stdout)
    assert done.returncode == 0, document
    assert [trial["name"] for trial in document["trials"]] == ["cnn_studio.gui", "registries", "icons", "window"]
