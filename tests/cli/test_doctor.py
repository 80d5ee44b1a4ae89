"""What is missing on a machine, on machines made up for the tests."""

import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from cnn_studio import i18n, system_libraries
from cnn_studio.cli import checks, requirements

LANGUAGES = list(i18n.languages())


@pytest.fixture
def versions(monkeypatch):
    """Packages and versions that are installed; tests change them."""
    found = {need.name: need.bounds[0][1] for need in requirements.needs()}
    found |= {"PySide6-Essentials": "6.11.3", "pyqtgraph": "0.14.0"}
    monkeypatch.setattr(requirements, "installed", found.get)
    return found


@pytest.fixture
def healthy(monkeypatch, versions):
    """A machine on which nothing is missing."""
    monkeypatch.setattr(system_libraries, "loads", lambda _library: True)
    for asked in ("display_answers", "has_fonts"):
        monkeypatch.setattr(system_libraries, asked, lambda: True)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(checks, "total_memory", lambda: 16_000_000_000)
    usage = SimpleNamespace(free=10**12)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1}, raising=False)


def by_name(document):
    return {check["name"]: check for check in document["checks"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_healthy_machine(cli, healthy, language):
    done = cli("doctor", "--language", language)
    assert (done.status, done.err) == (0, "")
    assert {"en": "Everything necessary is there.", "es": "Está todo lo necesario."}[language] in done.out
    document = cli("doctor", "--json", "--language", language).document
    assert document["ok"] is True
    assert {check["status"] for check in document["checks"]} == {"ok"}
    assert {tuple(check) for check in document["checks"]} == {("name", "status", "message", "mend")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_package_is_named_with_the_command(cli, healthy, versions, language):
    del versions["torch"]
    versions["numpy"] = "1.20"
    done = cli("doctor", "--language", language)
    assert done.status == 1
    assert "-m pip install 'torch>=2.6'" in done.out
    document = cli("doctor", "--json", "--language", language).document
    assert document["ok"] is False
    found = by_name(document)
    assert found["torch"]["status"] == found["numpy"]["status"] == "problem"
    assert "1.20" in found["numpy"]["message"]
    assert found["pillow"]["mend"] == ""


def test_optional_packages_are_no_problem(cli, healthy, versions):
    del versions["onnx"], versions["soundfile"]
    done = cli("doctor", "--json")
    found = by_name(done.document)["Optional packages"]
    assert done.status == 0
    assert found["status"] == "ok"
    assert "ONNX files" in found["message"]
    assert "sound files" in found["message"]
    assert "soundfile>=0.13" in found["mend"]
    assert "TensorBoard" not in found["message"]


@pytest.mark.parametrize(
    ("pair", "python", "said"),
    [
        (("6.12.0", "0.14.0"), (3, 11), "crash"),
        (("6.12.0", "0.14.0"), (3, 13), ""),
        (("6.9.1", "0.14.0"), (3, 13), "does not work with pyqtgraph"),
        (("6.9.2", "0.13.0"), (3, 11), "does not work with pyqtgraph"),
        (("6.9.3", "0.13.7"), (3, 11), ""),
        (("6.10.0", "0.13.7"), (3, 11), "needs pyqtgraph 0.14"),
        (("6.11.3", "0.14.0"), (3, 11), ""),
        ((None, "0.14.0"), (3, 11), "not installed"),
    ],
)
def test_known_bad_pairs_are_named(versions, monkeypatch, pair, python, said):
    versions |= dict(zip(("PySide6-Essentials", "pyqtgraph"), pair, strict=True))
    monkeypatch.setattr(sys, "version_info", (*python, 1))
    check = checks.window_pair()
    assert check.status == (checks.PROBLEM if said else checks.OK)
    assert said in check.words
    assert bool(check.mend) == bool(said)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these libraries are those of Linux")
@pytest.mark.parametrize("root", [True, False])
def test_missing_libraries_are_named_with_the_command(monkeypatch, root):
    monkeypatch.setattr(system_libraries, "loads", lambda library: library not in ("libEGL.so.1", "libxcb-cursor.so.0"))
    monkeypatch.setattr(system_libraries, "is_root", lambda: root)
    monkeypatch.delenv("DISPLAY", raising=False)
    check = checks.qt_libraries()
    assert check.status == checks.PROBLEM
    command = "apt-get install -y --no-install-recommends libegl1"
    assert check.mend == (command if root else f"sudo {command}")
    monkeypatch.setenv("DISPLAY", ":0")
    assert checks.qt_libraries().mend.endswith("libegl1 libxcb-cursor0")


def test_the_libraries_of_this_machine_are_looked_at():
    assert not system_libraries.loads("libnothing-of-this-name.so.9")
    assert system_libraries.missing_packages({"libnothing-of-this-name.so.9": "nothing"}) == ["nothing"]
    assert isinstance(system_libraries.is_root(), bool)


def test_without_a_screen_the_terminal_still_works(cli, healthy, monkeypatch):
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    done = cli("doctor", "--json")
    assert done.status == 0
    assert by_name(done.document)["Screen"]["status"] == "warning"


def test_whether_a_folder_can_be_written_is_tried_out(tmp_path):
    assert checks.can_write(tmp_path)
    assert not checks.can_write(tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_folders_that_cannot_be_written(tmp_path, monkeypatch):
    assert checks.writable("x", tmp_path / "a" / "b").status == checks.OK
    (tmp_path / "file").touch()
    assert "is not a folder" in checks.writable("x", tmp_path / "file" / "b").words
    monkeypatch.setattr(checks, "can_write", lambda _folder: False)
    check = checks.writable("x", tmp_path / "a")
    assert check.status == checks.PROBLEM
    assert check.mend == f"chmod u+rwx {tmp_path}"


@pytest.mark.parametrize(("free", "status"), [(10**12, "ok"), (5 * 10**8, "warning"), (10**6, "problem")])
def test_a_full_disk(monkeypatch, tmp_path, free, status):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    assert checks.disk(tmp_path / "not yet there").status == status


@pytest.mark.parametrize(("total", "status"), [(16 * 10**9, "ok"), (10**9, "warning"), (None, "ok")])
def test_little_memory(monkeypatch, total, status):
    monkeypatch.setattr(checks, "total_memory", lambda: total)
    assert checks.memory().status == status


def test_memory_is_that_of_the_machine_or_of_what_it_allows(monkeypatch):
    machine = checks.total_memory()
    assert machine is None or machine > 10**8
    monkeypatch.setattr(Path, "read_text", lambda _path, **_options: "1000000")
    assert checks.total_memory() in (1_000_000, None)

    def unknown(_name: str) -> int:
        raise ValueError

    monkeypatch.setattr(os, "sysconf", unknown, raising=False)
    assert checks.total_memory() is None


def test_one_thread_is_few(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0}, raising=False)
    check = checks.threads()
    assert check.status == checks.WARNING
    assert check.words.startswith("1 thread: ")


def test_a_terminal_without_signs(monkeypatch):
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(encoding="ascii"))
    check = checks.texts()
    assert (check.status, check.mend) == (checks.WARNING, "export LC_ALL=C.UTF-8")


def test_an_old_python(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    check = checks.python()
    assert (check.status, check.words) == (checks.PROBLEM, "3.9.18, but 3.11 or newer is needed")


def test_a_studio_that_is_no_package(monkeypatch):
    def unknown() -> list[requirements.Need]:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(requirements, "needs", unknown)
    (check,) = checks.packages()
    assert check.status == checks.WARNING


def test_libraries_are_loaded_when_that_is_wanted(cli, healthy, monkeypatch):
    commands = []

    def loading(command, **_options):
        commands.append(command[-1])
        broken = "torch" in command[-1]
        said = "Traceback\nImportError: libtorch is damaged\n" if broken else ""
        return subprocess.CompletedProcess(command, int(broken or "pyqtgraph" in command[-1]), "", said)

    monkeypatch.setattr(subprocess, "run", loading)
    done = cli("doctor", "--thorough", "--json")
    assert done.status == 1
    assert "import torch" in commands
    found = by_name(done.document)
    assert found["Loading torch"]["message"] == "ImportError: libtorch is damaged"
    assert found["Loading numpy"]["status"] == "ok"
    assert found["Loading pyqtgraph"]["message"] == "it ended with status 1"
    assert found["Self-test"]["status"] == "problem"


def test_missing_files_of_the_studio_are_named(cli, healthy, monkeypatch):
    monkeypatch.setattr("cnn_studio.engine.self_test.resources.ORDER", ("lenet6",))
    done = cli("doctor", "--json")
    assert done.status == 1
    found = by_name(done.document)["Files of the studio"]
    assert found["message"] == "starters: missing: lenet6"
    assert "install" in found["mend"]


def test_a_built_program_speaks_of_no_packages(cli, healthy, versions, monkeypatch):
    versions.clear()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr("cnn_studio.cli.self_test.asked", lambda _part: [])
    done = cli("doctor", "--thorough", "--json")
    assert done.status == 0
    assert "pip" not in done.out
    assert {"torch", "Python", "Loading torch"}.isdisjoint(by_name(done.document))


# -- requirements -----------------------------------------------------------------------------------------------------


def test_the_needs_of_this_python_are_read():
    names = [need.name for need in requirements.needs()]
    assert names.count("PySide6-Essentials") == 1
    assert {"torch", "pydantic", "onnx"} <= set(names)
    assert "pytest" not in names
    assert "cnn-studio" not in names
    assert requirements.installed("pydantic") == metadata.version("pydantic")
    assert requirements.installed("no-such-package-here") is None


def test_lines_of_metadata_are_read():
    lines = [
        "plain",
        "torch>=2.6",
        "PySide6-Essentials!=6.9.1,<6.12,>=6.8.3; python_version < '3.12'",
        'PySide6-Essentials (<7,>=6.8.3) ; python_version >= "3.12"',
        "onnx>=1.18; extra == 'onnx'",
        "pytest; extra == 'dev'",
        "cnn-studio[onnx]; extra == 'all'",
        "???",
    ]
    found = list(requirements.parse(lines, (3, 11)))
    assert [(need.name, need.wanted, need.extra) for need in found] == [
        ("plain", "", ""),
        ("torch", ">=2.6", ""),
        ("PySide6-Essentials", "!=6.9.1,<6.12,>=6.8.3", ""),
        ("onnx", ">=1.18", "onnx"),
    ]
    assert [need.wanted for need in requirements.parse(lines, (3, 12))][2] == "<7,>=6.8.3"


@pytest.mark.parametrize(
    ("version", "sign", "bound", "holds"),
    [
        ("2.13.0+cpu", ">=", "2.6", True),
        ("2.6", ">=", "2.6.0", True),
        ("2.5.9", ">=", "2.6", False),
        ("6.12.0", "<", "6.12", False),
        ("6.9.1", "!=", "6.9.1", False),
        ("3", "==", "3.0.0", True),
        ("3.1", "<=", "3.0", False),
        ("10", ">", "9.99", True),
        ("dev", ">=", "1", False),
    ],
)
def test_versions_are_compared_as_numbers(version, sign, bound, holds):
    assert requirements.compare(version, sign, bound) is holds


@pytest.mark.skipif(not hasattr(os, "statvfs"), reason="about disks of Unix")
def test_a_disk_that_can_only_be_read_is_told_from_missing_permissions(cli, healthy, monkeypatch):
    monkeypatch.setattr(checks, "can_write", lambda _folder: False)
    found = by_name(cli("doctor", "--json").document)["Settings folder"]
    assert found["mend"].startswith("chmod")
    monkeypatch.setattr(os, "statvfs", lambda _folder: SimpleNamespace(f_flag=os.ST_RDONLY))
    found = by_name(cli("doctor", "--json").document)["Settings folder"]
    assert (found["status"], found["mend"]) == ("problem", "")
    assert "CNN_STUDIO_HOME" in found["message"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="about Linux")
def test_no_fonts_and_a_silent_screen_are_said(cli, healthy, monkeypatch):
    monkeypatch.setattr(system_libraries, "has_fonts", lambda: False)
    monkeypatch.setattr(system_libraries, "display_answers", lambda: False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    found = by_name(cli("doctor", "--json").document)
    assert (found["Screen"]["status"], found["Fonts"]["status"]) == ("warning", "problem")
    assert system_libraries.FONT_PACKAGE in found["Fonts"]["mend"]
