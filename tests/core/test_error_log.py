"""The file that keeps the details of mistakes."""

import errno
import io
from pathlib import Path

import pytest

from cnn_studio.core import error_log


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("CNN_STUDIO_HOME", str(tmp_path))


def test_errors_are_kept_one_after_another():
    for number in range(2):
        try:
            raise ValueError(f"number {number}")
        except ValueError as error:
            error_log.keep(error)
    text = error_log.log_file().read_text(encoding="utf-8")
    assert text.count("Traceback") == 2
    assert "number 0" in text
    assert "number 1" in text


def test_a_long_file_starts_anew():
    error_log.keep(ValueError("first"))
    with error_log.log_file().open("a", encoding="utf-8") as stream:
        stream.write("x" * (error_log.LARGEST + 1))
    error_log.keep(ValueError("second"))
    text = error_log.log_file().read_text(encoding="utf-8")
    assert "first" not in text
    assert "second" in text


def test_a_report_of_a_crash_that_did_not_happen_goes_again():
    stream, start = error_log.open_crash_file()
    assert start == 0
    error_log.close_crash_file(stream, start)
    assert not error_log.crash_file().exists()


def test_reports_of_others_stay():
    error_log.log_file().parent.mkdir(parents=True)
    error_log.crash_file().write_text("an earlier crash\n", encoding="utf-8")
    mine, start = error_log.open_crash_file()
    with error_log.crash_file().open("a", encoding="utf-8") as other:
        other.write("another studio crashed\n")
    error_log.close_crash_file(mine, start)
    kept = error_log.crash_file().read_text(encoding="utf-8")
    assert "an earlier crash" in kept
    assert "another studio crashed" in kept
    stream, start = error_log.open_crash_file()
    error_log.close_crash_file(stream, start)
    assert error_log.crash_file().read_text(encoding="utf-8") == kept


def test_a_full_disk_leaves_no_file_open(monkeypatch):
    opened = []

    class Full(io.StringIO):
        def flush(self):
            raise OSError(errno.ENOSPC, "no space left on device")

    def open_full(*_arguments, **_more):
        opened.append(Full())
        return opened[-1]

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(OSError, match="no space"):
        error_log.open_crash_file()
    assert opened[0].closed
