"""Machines on which starting is not easy: the studio works, or says in one sentence why not. Nothing is lost."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="about Linux")
NO_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}</cachedir></fontconfig>"""


def environment(home: Path, **variables: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    own = {"CNN_STUDIO_HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "HOME": str(home)}
    return {**kept, **own, "LC_ALL": "C.UTF-8", **variables}


def day(home, folder, *options, **variables):
    """What came of a day with the studio; it never ends with a traceback."""
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.helpers.day", os.fsdecode(folder), *options]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(home, **variables), capture_output=True, check=False, timeout=240
    )
    said = done.stderr.decode("utf-8", "replace")
    crash = home / "state" / "crashes.log"
    assert done.returncode == 0, said + (crash.read_text("utf-8") if crash.exists() else "")
    assert not said, said
    facts: dict = {}
    for line in done.stdout.decode("utf-8").splitlines():
        told = json.loads(line)
        facts.setdefault("wrote", {}).update({told["wrote"]: told["there"]} if "wrote" in told else {})
        facts |= {name: value for name, value in told.items() if name != "wrote"}
    return facts


def went_well(facts):
    assert facts["trained"] == 1
    assert facts["drawn"]
    assert set(facts["wrote"].values()) == {True}
    assert facts["modified"] is False
    assert facts["notes"] == []


def start(home, *arguments, **variables):
    command = [sys.executable, "-m", "cnn_studio", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment(home, **variables), capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        pytest.param(errno.EROFS, "the disk can only be read", marks=pytest.mark.long),
        (errno.ENOSPC, "the disk is full"),
    ],
)
def test_a_home_in_which_nothing_can_be_written(tmp_path, number, reason):
    home = tmp_path / "home"
    facts = day(home, tmp_path / "out", "--refuse", str(number), str(home))
    assert reason in facts["failure"]
    assert facts["drawn"]
    assert set(facts["wrote"].values()) == {True}, "elsewhere there is room"
    assert facts["modified"] is False
    assert [note for note in facts["notes"] if "The training could not begin" in note]
    assert all(reason in note for note in facts["notes"])


def test_paths_with_spaces_and_letters_of_every_language(tmp_path):
    home = tmp_path / "Mi carpeta ñandú ü" / "日本"
    went_well(day(home, home.parent.parent / "sálida å"))
    assert (home / "config" / "settings.json").is_file()


@LINUX
@pytest.mark.parametrize("name", ["C", pytest.param("POSIX", marks=pytest.mark.long)])
def test_a_locale_that_knows_only_ascii(tmp_path, name):
    variables = {"LC_ALL": name, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    went_well(day(tmp_path / "ñandú", tmp_path / "sálida", **variables))


def test_what_a_later_version_left(tmp_path):
    config = tmp_path / "home" / "config"
    config.mkdir(parents=True)
    (config / "settings.json").write_text('{"theme": "solarized", "language": "eo", "sound": {"volume": 3}}', "utf-8")
    (config / "window.ini").write_text(
        "[General]\ngeometry=@Variant(\\0\\0\\0\\x99)\n[layout]\nbuild=@Variant(\\0\\0\\0\\x99)\ntrain=@ByteArray(no)\n",
        "utf-8",
    )
    went_well(day(tmp_path / "home", tmp_path / "out"))
    kept = json.loads((config / "settings.json").read_text("utf-8"))
    assert (kept["theme"], kept["language"], kept["sound"]) == ("solarized", "eo", {"volume": 3})


def test_a_screen_with_one_and_a_half_pixels_a_point(tmp_path):
    facts = day(tmp_path / "home", tmp_path / "out", QT_SCALE_FACTOR="1.5")
    went_well(facts)
    assert facts["ratio"] == 1.5


# -- what is said ------------------------------------------------------------------------------------------------------


def said_in_a_sentence(done, *words):
    assert done.returncode == 1, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert all(word in done.stderr for word in (*words, "cnn-studio doctor"))


@LINUX
def test_no_fonts_are_said(tmp_path):
    none = tmp_path / "none"
    none.mkdir()
    (tmp_path / "fonts.conf").write_text(NO_FONTS.format(folder=none), "utf-8")
    variables = {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    said_in_a_sentence(start(tmp_path / "home", **variables), "no fonts")
    found = start(tmp_path / "home", "doctor", "--json", **variables)
    fonts = next(check for check in json.loads(found.stdout)["checks"] if check["name"] == "Fonts")
    assert fonts["status"] == "problem"
    assert "fonts-" in fonts["mend"]


@LINUX
def test_a_screen_that_does_not_answer_is_said(tmp_path):
    said_in_a_sentence(start(tmp_path / "home", QT_QPA_PLATFORM="xcb", DISPLAY=":98765"), ":98765")
    found = start(tmp_path / "home", "doctor", "--json", DISPLAY=":98765")
    screen = next(check for check in json.loads(found.stdout)["checks"] if check["name"] == "Screen")
    assert screen["status"] == "warning"
    assert ":98765" in screen["message"]


@LINUX
def test_fonts_are_found_where_there_are_some(tmp_path):
    found = start(tmp_path / "home", "doctor", "--json")
    assert next(check for check in json.loads(found.stdout)["checks"] if check["name"] == "Fonts")["status"] == "ok"
