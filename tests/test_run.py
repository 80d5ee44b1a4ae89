"""The start from a clone, with the commands it would give recorded instead of carried out."""

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import run


class Machine:
    """Stands in for the system: keeps every command, and answers with a status chosen for it."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.failing: set[str] = set()

    def run(self, command, **_options):
        self.commands.append([str(part) for part in command])
        failed = any(word in command for word in self.failing)
        if "venv" in command and not failed:
            Path(run.tool("python")).parent.mkdir(parents=True)
            Path(run.tool("python")).touch(mode=0o755)
        return subprocess.CompletedProcess(command, 1 if failed else 0)

    def said(self, word: str) -> list[list[str]]:
        return [command for command in self.commands if word in command]


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A fresh clone in a folder of its own, as root of a Debian system with nothing installed yet."""
    machine = Machine()
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(run, "STAMP", tmp_path / ".venv" / "stamp.json")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(subprocess, "run", machine.run)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: "apt-get" if name == "apt-get" else which(name))
    monkeypatch.chdir(tmp_path)
    return machine


def test_the_first_start_installs_and_the_second_does_not(machine):
    assert run.main(["starters"]) == 0
    assert len(machine.said("venv")) == 1
    assert machine.said("install")[0][-1] == "."
    machine.commands.clear()
    assert run.main(["starters"]) == 0
    assert [command[1:] for command in machine.commands] == [["-P", "-m", "cnn_studio", "starters"]]


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_change_of_what_is_needed_installs_again(machine, name):
    run.main(["starters"])
    (run.ROOT / name).write_text("changed", encoding="utf-8")
    machine.commands.clear()
    run.main(["starters"])
    assert len(machine.said("install")) == 1
    assert not machine.said("venv")


def test_what_the_checks_need_stays_installed(machine):
    run.main(["starters"])
    run.main(["test", "tests/core"])
    assert machine.said("install")[-1][-1] == ".[dev]"
    machine.commands.clear()
    run.main(["starters"])
    assert not machine.said("install")
    (run.ROOT / "constraints.txt").write_text("changed", encoding="utf-8")
    run.main(["starters"])
    assert machine.said("install")[-1][-1] == ".[dev]"


def test_an_install_that_fails_is_tried_twice_and_explained(machine, capsys):
    machine.failing = {"install"}
    assert run.main(["starters"]) == 1
    assert len(machine.said("install")) == 2
    assert "network connection" in capsys.readouterr().err
    assert not run.STAMP.exists()
    machine.failing = set()
    assert run.main(["starters"]) == 0


def test_an_install_left_half_done_is_done_again(machine):
    run.main(["starters"])
    before = (run.ROOT / "constraints.txt").read_text(encoding="utf-8")
    (run.ROOT / "constraints.txt").write_text("changed", encoding="utf-8")
    machine.failing = {"install"}
    run.main(["starters"])
    (run.ROOT / "constraints.txt").write_text(before, encoding="utf-8")
    machine.failing = set()
    machine.commands.clear()
    run.main(["starters"])
    assert len(machine.said("install")) == 1


def test_an_environment_that_cannot_be_made_is_explained(machine, capsys):
    machine.failing = {"venv"}
    assert run.main([]) == 1
    assert "could not be made" in capsys.readouterr().err


def test_an_old_python_is_named(machine, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    assert run.main([]) == 1
    assert "needs Python 3.11 or newer, and this is Python 3.9" in capsys.readouterr().err
    assert machine.commands == []


def test_a_folder_that_cannot_be_written_is_named(machine, monkeypatch, capsys):
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    assert run.main([]) == 1
    assert f"Nothing can be written into {run.ROOT}" in capsys.readouterr().err


@pytest.fixture
def without_venv(monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find(name))
    return f"python3.{sys.version_info.minor}-venv"


def test_root_gets_the_missing_package(machine, without_venv):
    assert run.main(["starters"]) == 0
    update, install = machine.commands[:2]
    assert update[:2] == ["apt-get", "update"]
    assert install[:2] == ["apt-get", "install"]
    assert install[-1] == without_venv


def test_others_are_told_the_command(machine, without_venv, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert run.main([]) == 1
    expected = f"sudo apt-get install -y --no-install-recommends {without_venv}"
    assert expected in capsys.readouterr().err
    assert machine.commands == []


def test_a_failing_system_install_is_explained(machine, without_venv, capsys):
    machine.failing = {"update"}
    assert run.main([]) == 1
    assert "this command failed: apt-get update" in capsys.readouterr().err


def test_another_system_is_told_the_package(machine, without_venv, monkeypatch, capsys):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert run.main([]) == 1
    assert f"what Debian calls: {without_venv}" in capsys.readouterr().err


def test_without_arguments_and_screen_a_network_learns_reads_drawings_and_is_written_down(machine, capsys):
    assert run.main([]) == 0
    folder = Path("cnn-studio-tour")
    learned = str(folder / "run")
    train, predict, *exports = [command[4:] for command in machine.said("cnn_studio")]
    assert train == ["train", "quick-digits", "--data", "digits", "--out", learned]
    assert predict[:2] == ["predict", learned]
    assert [Path(name).name for name in predict[2:-2]] == [f"{digit}.png" for digit in range(10)]
    assert all(Path(name).is_file() for name in predict[2:-2])
    assert exports == [
        ["export", learned, "--to", "report", "-o", str(folder / "report.html")],
        ["export", learned, "--to", "pytorch", "-o", str(folder / "quick_digits.py")],
        ["export", learned, "--to", "safetensors", "-o", str(folder / "weights.safetensors")],
    ]
    assert str(folder.absolute() / "report.html") in capsys.readouterr().out


def test_a_second_tour_keeps_the_run_of_the_first(machine):
    for name in ("run", "run-2"):
        (Path("cnn-studio-tour") / name).mkdir(parents=True)
    assert run.main([]) == 0
    assert machine.said("train")[0][-1] == str(Path("cnn-studio-tour") / "run-3")


def test_the_tour_ends_where_something_fails(machine):
    machine.failing = {"predict"}
    assert run.main([]) == 1
    assert not machine.said("export")


def test_with_a_screen_no_arguments_open_the_window(machine, monkeypatch):
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(run.system_libraries, "QT_LIBRARIES", {})
    monkeypatch.setattr(run.system_libraries, "X_LIBRARIES", {})
    assert run.main([]) == 0
    assert machine.commands[-1][1:] == ["-P", "-m", "cnn_studio"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these libraries are those of Linux")
def test_what_the_window_lacks_is_installed_before_it_opens(machine, monkeypatch):
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(run.system_libraries, "QT_LIBRARIES", {})
    monkeypatch.setattr(run.system_libraries, "X_LIBRARIES", {"libnone.so.9": "libnone9"})
    assert run.main([]) == 0
    assert machine.said("libnone9")


def test_a_folder_for_the_tour_that_cannot_be_made_is_named(machine, capsys):
    Path("cnn-studio-tour").write_text("a file in the way", encoding="utf-8")
    assert run.main([]) == 1
    assert "cannot be made" in capsys.readouterr().err


def test_every_check_runs_and_the_table_tells_which_failed(machine, capsys):
    machine.failing = {run.tool("mypy")}
    assert run.main(["test"]) == 1
    assert capsys.readouterr().out.split("\n")[1:-1] == [
        "passed  style",
        "passed  format",
        "FAILED  types",
        "passed  imports",
        "passed  translations",
        "passed  tests",
        "passed  coverage of the core",
    ]
    machine.failing = set()
    assert run.main(["test"]) == 0


def test_picked_tests_are_not_judged_by_coverage(machine):
    run.main(["test", "--long"])
    assert machine.said(run.tool("coverage"))
    assert "--long" in machine.said(run.tool("pytest"))[0]
    machine.commands.clear()
    run.main(["test", "-k", "shapes"])
    assert not machine.said(run.tool("coverage"))
    assert machine.said(run.tool("pytest"))[0][-2:] == ["-k", "shapes"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these libraries are those of Linux")
def test_libraries_of_qt_are_installed_before_the_tests(machine, monkeypatch):
    monkeypatch.setattr(run.system_libraries, "QT_LIBRARIES", {"libc.so.6": "libc6", "libnone.so.9": "libnone9"})
    run.main(["test"])
    assert machine.said("libnone9")
    assert not machine.said("libc6")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these programs are those of Linux")
def test_a_screen_for_the_journeys_is_installed_where_it_may_be(machine, monkeypatch):
    monkeypatch.setattr(run.system_libraries, "SCREEN_PROGRAMS", {"noscreen": "no-such-screen"})
    run.main(["test"])
    assert machine.said("no-such-screen")
    machine.commands.clear()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert run.main(["test"]) == 0
    assert not machine.said("no-such-screen")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    machine.failing = {"update"}
    assert run.main(["test"]) == 0
    assert not machine.said("no-such-screen")
    assert machine.said(run.tool("pytest"))


def test_an_old_python_can_read_the_file():
    """Newer syntax would show a SyntaxError in place of the sentence about the version."""
    for file in (run.__file__, run.system_libraries.__file__):
        ast.parse(Path(file).read_text(encoding="utf-8"), feature_version=(3, 9))
