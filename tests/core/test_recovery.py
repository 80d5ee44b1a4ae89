"""Copies of what was not saved."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cnn_studio.core import recovery
from cnn_studio.core.files import FileError
from cnn_studio.core.layers import layers
from cnn_studio.core.project import Project, ProjectError
from cnn_studio.core.recovery import Recovery, is_running, new_key
from tests.helpers.networks import chain

PROJECT = Project(chain(layers["input"](), layers["convolution"]()), "lenet")


@pytest.fixture
def crashed(monkeypatch):
    """Whoever wrote the copies is gone."""
    monkeypatch.setattr(recovery, "is_running", lambda _process: False)


def test_a_copy_is_found_and_read(tmp_path, crashed):
    copies = Recovery(tmp_path / "new" / "folder")
    assert copies.found() == []
    first, second = new_key(), new_key()
    copies.keep(first, PROJECT, Path("/somewhere/net.cnnstudio"), "my net")
    copies.keep(second, PROJECT)
    found = copies.found()
    assert [(copy.key, copy.original, copy.name) for copy in found] == [
        (second, None, "lenet"),
        (first, Path("/somewhere/net.cnnstudio"), "my net"),
    ]
    assert found[0].time >= found[1].time
    assert copies.read(found[0]) == PROJECT


def test_the_copies_of_open_documents_are_not_offered(tmp_path):
    copies = Recovery(tmp_path)
    copies.keep(new_key(), PROJECT)
    assert copies.found() == []


def test_after_a_clean_save_nothing_is_left(tmp_path, crashed):
    copies = Recovery(tmp_path)
    key = new_key()
    copies.keep(key, PROJECT)
    copies.keep(key, PROJECT)
    assert len(copies.found()) == 1
    copies.discard(key)
    copies.discard(key)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_copy_blocks_nobody(tmp_path, crashed):
    copies = Recovery(tmp_path)
    good, note, damaged = new_key(), new_key(), new_key()
    for key in (good, note, damaged):
        copies.keep(key, PROJECT)
    (tmp_path / f"{note}.json").write_bytes(b'{"time": NaN')
    (tmp_path / f"{damaged}.cnnstudio").write_bytes(b"nonsense")
    (tmp_path / "stranger.cnnstudio").write_bytes(b"")
    (tmp_path / f"{new_key()}.cnnstudio").write_bytes(b"")
    found = copies.found()
    assert {copy.key for copy in found} == {good, damaged}
    for copy in found:
        if copy.key == damaged:
            with pytest.raises(ProjectError, match="it is not a project of CNN Studio"):
                copies.read(copy)
            copies.discard(copy.key)
    assert [copy.key for copy in copies.found()] == [good]


def test_a_copy_is_found_even_when_the_studio_ended_right_after_it(tmp_path, crashed, monkeypatch):
    def written(project, path):
        assert path.with_suffix(".json").exists()

    copies = Recovery(tmp_path)
    monkeypatch.setattr(recovery, "write_project", written)
    copies.keep(new_key(), PROJECT)
    assert copies.found() == []


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    copies = Recovery(tmp_path / "file" / "folder")
    with pytest.raises(FileError, match="there is no such file or folder"):
        copies.keep(new_key(), PROJECT)
    assert copies.found() == []
    copies.discard(new_key())


def test_who_is_running(monkeypatch):
    assert is_running(os.getpid())
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert is_running(child.pid) == (sys.platform != "win32")
        child.communicate(b"\n")
    assert not is_running(child.pid)
    assert not is_running(0)
    assert not is_running(10**30)

    def not_ours(_process, _signal):
        raise PermissionError

    monkeypatch.setattr(os, "kill", not_ours)
    if sys.platform != "win32":
        assert is_running(1)
