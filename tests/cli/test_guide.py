"""What the guide tells one to type is understood, and does what it says."""

from __future__ import annotations

import shlex

import pytest

from cnn_studio import i18n
from cnn_studio.cli import parsing
from cnn_studio.core import guide, markdown
from cnn_studio.core.markdown import CODE

RUN = ("starters", "summary", "doctor", "export lenet5", "data list", "runs list")
"""Beginnings of those that take no time and no network connection."""


def commands(code: str) -> list[list[str]]:
    """Every command of the pages written by hand, in blocks and within sentences."""
    lines = []
    for page in guide.PAGES:
        text = guide.folder().joinpath(code, f"{page}.md").read_text(encoding="utf-8")
        blocks = [line for block in markdown.parse(text) if block.kind == CODE for line in block.lines]
        lines += [line for line in (*blocks, *markdown.code(text)) if line.startswith("cnn-studio ")]
    return [shlex.split(line)[1:] for line in dict.fromkeys(lines)]


@pytest.mark.parametrize("code", list(i18n.languages()))
def test_every_command_is_understood(code):
    found = commands(code)
    assert len(found) > 12
    for arguments in found:
        name, rest = parsing.split(arguments)
        assert name is not None
        parsing.parser_of(name).parse_args(rest)


def test_both_languages_give_the_same_commands():
    named = {"mascotas": "pets"}
    spanish = [[named.get(word, word) for word in arguments] for arguments in commands("es")]
    assert commands("en") == spanish


@pytest.mark.parametrize("line", [" ".join(one) for one in commands("en") if " ".join(one).startswith(RUN)])
def test_what_costs_nothing_is_carried_out(cli, line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = shlex.split(line)
    result = cli(*arguments)
    assert result.status == 0, result.err
    if "-o" in arguments:
        assert (tmp_path / arguments[arguments.index("-o") + 1]).stat().st_size > 100
