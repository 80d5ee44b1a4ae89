"""Files are written whole or not at all, and only ordinary ones are read."""

import errno
import os
import stat
from pathlib import Path

import pytest

from cnn_studio.core import files
from cnn_studio.core.files import FileError, open_regular, read_file, write_atomically

posix = pytest.mark.skipif(os.name == "nt", reason="the system has no such files")


def sentence_of(action, *values):
    with pytest.raises(FileError) as caught:
        action(*values)
    return str(caught.value)


def failing(number: int):
    def fail(*_args, **_more):
        raise OSError(number, os.strerror(number))

    return fail


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "a.bin"
    for data in (b"", b"one", b"two" * 1000):
        write_atomically(path, data)
        assert read_file(path, 10_000) == data
    assert list(tmp_path.iterdir()) == [path]
    assert sentence_of(read_file, path, 2999) == "it is larger than 2,999 bytes"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "the disk can only be read"),
        (errno.EACCES, "there is no permission for it"),
        (errno.ENOENT, "there is no such file or folder"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
@pytest.mark.parametrize("step", ["os.replace", "os.fsync", "os.fdopen", "tempfile.mkstemp"])
def test_whatever_fails_the_old_file_stays(tmp_path, monkeypatch, number, sentence, step):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    monkeypatch.setattr(f"cnn_studio.core.files.{step}", failing(number))
    assert sentence_of(write_atomically, path, b"new") == sentence
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_fills_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    real = os.fdopen

    def half(number, mode):
        stream = real(number, mode)

        class Half:
            def __enter__(self):
                return self

            def __exit__(self, *_about):
                stream.close()

            def write(self, data):
                stream.write(data[:2])
                failing(errno.ENOSPC)()

        return Half()

    monkeypatch.setattr(os, "fdopen", half)
    assert sentence_of(write_atomically, path, b"newer") == "the disk is full"
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupted_writing_leaves_nothing(tmp_path, monkeypatch):
    def interrupted(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a.bin", b"new")
    assert list(tmp_path.iterdir()) == []


def test_what_fails_after_the_file_is_there_does_not_matter(tmp_path, monkeypatch):
    path = tmp_path / "a.bin"
    real = os.open

    def no_folders(name, flags, *more):
        return failing(errno.EACCES)() if Path(name) == tmp_path else real(name, flags, *more)

    monkeypatch.setattr(os, "open", no_folders)  # as where a folder cannot be opened for fsync
    monkeypatch.setattr(Path, "chmod", failing(errno.EPERM))
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


def test_names_that_lead_nowhere(tmp_path):
    (tmp_path / "file").touch()
    assert sentence_of(write_atomically, tmp_path / "gone" / "a", b"") == "there is no such file or folder"
    assert sentence_of(write_atomically, tmp_path, b"") == "it is a folder, not a file"
    assert sentence_of(write_atomically, tmp_path / "file" / "a", b"") == "there is no such file or folder"
    assert sentence_of(write_atomically, Path("a\0b"), b"") == "the name is not allowed here"
    assert sentence_of(open_regular, tmp_path / "gone") == "there is no such file or folder"
    assert sentence_of(open_regular, tmp_path) == "it is a folder, not a file"
    assert sentence_of(open_regular, Path("a\0b")) == "the name is not allowed here"
    assert sentence_of(open_regular, tmp_path / ("x" * 5000)) == "the name is too long"


def test_a_folder_is_told_from_a_missing_permission(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "open", failing(errno.EACCES))  # as Windows answers
    assert sentence_of(open_regular, tmp_path) == "it is a folder, not a file"
    assert sentence_of(open_regular, tmp_path / "a") == "there is no permission for it"


def test_a_disk_that_fails_while_reading(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(b"x")

    class Broken:
        def __enter__(self):
            return self

        def __exit__(self, *_about):
            return None

        def read(self, _count):
            failing(errno.EIO)()

    monkeypatch.setattr(files, "open_regular", lambda _path: Broken())
    assert sentence_of(read_file, path, 9) == os.strerror(errno.EIO)


@posix
def test_pipes_and_devices_are_refused_at_once(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    link = tmp_path / "link"
    link.symlink_to(pipe)
    for path in (pipe, link, Path(os.devnull), Path("/dev/zero")):
        assert sentence_of(open_regular, path) == "it is a device or a pipe, not a file"
        assert sentence_of(write_atomically, path, b"") == "it is a device or a pipe, not a file"
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert sentence_of(open_regular, loop) == "it is a link that leads nowhere"


@posix
def test_a_link_is_followed_and_permissions_are_kept(tmp_path):
    path, link = tmp_path / "a", tmp_path / "link"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    old = os.umask(0o022)
    try:
        write_atomically(tmp_path / "b", b"")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o644
