"""What the README shows works as it stands there."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_tour_of_the_readme_works(cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = re.findall(r"^python3 run\.py +(\S.*)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    lines = [re.split(r" {3,}", line)[0] for line in shown if not line.startswith(("test", "train", "evaluate"))]
    assert len(lines) >= 5
    for line in lines:
        done = cli(*shlex.split(line))
        assert done.status == 0, (line, done.err)
    assert "nn.Module" in (tmp_path / "mine.py").read_text(encoding="utf-8")


def test_every_page_that_the_readme_names_is_there():
    for page in re.findall(r"\]\(([\w./-]+)\)", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert (ROOT / page).exists(), page
