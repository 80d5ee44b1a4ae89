"""Networks written as code, tables and drawings."""

import ast
import errno
import os
from xml.etree import ElementTree as ET

import pytest

from cnn_studio import i18n
from cnn_studio.core.export import exporters
from cnn_studio.core.starters import starter_names

LANGUAGES = list(i18n.languages())


@pytest.mark.parametrize("form", [*exporters, "summary"])
@pytest.mark.parametrize("name", starter_names())
def test_every_starter_is_written_in_every_format(cli, name, form, tmp_path):
    file = tmp_path / "out"
    for language in LANGUAGES:
        done = cli("export", name, "--to", form, "--language", language)
        assert (done.status, done.err) == (0, "")
        saved = cli("export", name, "--to", form, "-o", file, "--language", language)
        assert (saved.status, saved.out) == (0, "")
        assert str(file) in saved.err
        assert file.read_text(encoding="utf-8") == done.out
    if form in ("pytorch", "keras"):
        ast.parse(done.out)
    if form == "svg":
        ET.fromstring(done.out.encode())


def test_a_document_for_a_program(cli, tmp_path):
    done = cli("export", "lenet5", "--to", "markdown", "--json")
    assert set(done.document) == {"name", "format", "file", "text"}
    assert done.document["text"] == cli("export", "lenet5", "--to", "markdown").out
    file = tmp_path / "n.md"
    document = cli("export", "lenet5", "--to", "markdown", "--json", "-o", file).document
    assert document == {"name": done.document["name"], "format": "markdown", "file": str(file)}


def test_options_of_a_drawing(cli):
    plain = cli("export", "lenet5", "--to", "svg").out
    drawings = {
        cli("export", "lenet5", "--to", "svg", *options).out
        for options in (["--style", "volumes"], ["--no-labels"], ["--no-shapes"], ["--transparent"], ["--width", "0"])
    }
    assert len(drawings - {plain}) >= 4
    for option, *value in (["--style", "volumes"], ["--no-labels"], ["--width", "500"]):
        done = cli("export", "lenet5", "--to", "keras", option, *value)
        assert done == (1, "", f"cnn-studio: {option} does not go with the format keras.\n")


@pytest.mark.parametrize("form", ["pdf", "onnx"])
def test_another_format_is_told_those_there_are(cli, form):
    done = cli("export", "lenet5", "--to", form)
    assert done.status == 1
    assert f"“{form}”" in done.err
    for known in exporters:
        assert known in done.err


def test_a_network_that_does_not_fit_has_no_code(cli, wrong, tmp_path):
    file = tmp_path / "n.py"
    done = cli("export", wrong, "--to", "pytorch", "-o", file)
    assert done.status == 1
    assert done.err.startswith("cnn-studio: Wrong cannot be written as PyTorch code:")
    assert not file.exists()
    assert cli("export", wrong, "--to", "svg").status == 0


def test_a_file_that_is_there_is_replaced_and_keeps_its_mode(cli, tmp_path):
    file = tmp_path / "n.py"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o640)
    assert cli("export", "lenet5", "--to", "pytorch", "-o", file).status == 0
    assert "nn.Module" in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["n.py"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_cannot_be_written_gets_one_sentence(cli, tmp_path, language):
    (tmp_path / "file").touch()
    for place in (tmp_path, tmp_path / "none" / "n.py", tmp_path / "file" / "n.py", tmp_path / ("n" * 300), "\0"):
        done = cli("export", "lenet5", "--to", "pytorch", "-o", place, "--language", language)
        assert (done.status, done.out) == (1, "")
        assert done.err.count("\n") == 1
        assert str(place) in done.err
        assert "Errno" not in done.err


def test_a_full_disk_leaves_the_file_as_it_was(cli, tmp_path, monkeypatch):
    file = tmp_path / "n.py"
    file.write_text("old", encoding="utf-8")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = cli("export", "lenet5", "--to", "pytorch", "-o", file)
    assert done == (1, "", f"cnn-studio: {file} cannot be written: the disk is full.\n")
    assert file.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["n.py"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such devices here")
def test_devices_are_written_as_they_are(cli, tmp_path):
    assert cli("export", "lenet5", "--to", "pytorch", "-o", os.devnull).status == 0
    assert not os.path.isfile(os.devnull)  # noqa: PTH113
    if os.path.exists("/dev/full"):  # noqa: PTH110
        done = cli("export", "lenet5", "--to", "pytorch", "-o", "/dev/full")
        assert done == (1, "", "cnn-studio: /dev/full cannot be written: the disk is full.\n")
