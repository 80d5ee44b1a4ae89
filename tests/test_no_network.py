"""Nothing goes out of this computer unless it is asked for: whole journeys with every connection forbidden."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.day import without_network

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = """
import sys
from pathlib import Path
from tests.helpers import day
day.forbid_network()
from cnn_studio.__main__ import main
from cnn_studio.engine.datasets.digits import Digits
Digits.counts = {"train": 400, "test": 100}
folder = sys.argv[1]
picture = Path(folder) / "seven.png"
def run(line, wanted=0):
    status = main([word.replace("FOLDER", folder) for word in line.split()])
    day.tell(line=line, status=status, wanted=wanted)
from PIL import Image
Image.new("L", (28, 28)).save(picture)
fast = "--threads 1 --precision fp32 --device cpu"
run("--version")
run("--help")
run("starters")
run("summary lenet5")
run("fix lenet5")
run("export lenet5 --to pytorch -o FOLDER/net.py")
run("export lenet5 --to svg -o FOLDER/net.svg")
run("data list")
run("data info digits")
run("data info mnist", 1)
run(f"train quick-digits --subset 200 --epochs 1 {fast} --out FOLDER/run")
run("runs list")
run("evaluate FOLDER/run")
run("predict FOLDER/run FOLDER/seven.png")
run("export FOLDER/run --to safetensors -o FOLDER/w.safetensors")
run("export FOLDER/run --to report -o FOLDER/report.html")
run("doctor --json", None)
day.tell(attempts=day.attempts)
"""
FETCHING = """
import sys
from tests.helpers import day
day.forbid_network()
from cnn_studio.__main__ import main
status = main(["data", "fetch", "mnist"])
day.tell(status=status, attempts=day.attempts)
"""


def run(tmp_path, *command):
    """What a process told that had no network, line by line."""
    variables = {"CNN_STUDIO_HOME": str(tmp_path / "home"), "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*without_network(), sys.executable, *command], cwd=tmp_path, env={**os.environ, **variables},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{") and line.endswith("}")]
    return told, done


def test_a_day_in_the_window_without_a_network(tmp_path):
    (tmp_path / "out").mkdir()
    told, done = run(tmp_path, "-m", "tests.helpers.day", str(tmp_path / "out"), "--offline")
    facts = {name: value for line in told for name, value in line.items()}
    crash = tmp_path / "home" / "state" / "crashes.log"
    assert (done.returncode, done.stderr) == (0, ""), crash.read_text("utf-8") if crash.exists() else ""
    assert facts["attempts"] == []
    assert facts["trained"] == 1
    assert facts["drawn"]
    assert facts["modified"] is False


def test_every_command_without_a_network(tmp_path):
    told, done = run(tmp_path, "-c", COMMANDS, str(tmp_path))
    lines = [fact for fact in told if "line" in fact]
    assert len(lines) == COMMANDS.count("\nrun("), done.stderr
    assert [fact for fact in lines if fact["wanted"] is not None and fact["status"] != fact["wanted"]] == [], (
        done.stderr
    )
    assert told[-1]["attempts"] == []
    assert "Traceback" not in done.stderr


def test_what_is_asked_for_does_try_and_says_what_went_wrong(tmp_path):
    """The other two would be true of a studio in which nothing is forbidden."""
    told, done = run(tmp_path, "-c", FETCHING)
    assert told[-1]["status"] == 1
    assert told[-1]["attempts"]
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


@pytest.mark.skipif(not without_network(), reason="this machine does not let a process be without a network")
def test_there_is_really_no_network(tmp_path):
    code = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    done = subprocess.run([*without_network(), sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 1
    assert b"unreachable" in done.stderr
