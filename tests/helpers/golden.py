"""Texts kept beside the tests, so that a change of what is written shows as a difference to read."""

from pathlib import Path

import pytest

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def check_golden(request: pytest.FixtureRequest, name: str, text: str) -> None:
    """The text is the kept one; ``--refresh-golden`` keeps the new one instead."""
    path = GOLDEN / name
    if request.config.getoption("--refresh-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.is_file(), f"{name} is not kept yet: run pytest with --refresh-golden"
    assert text == path.read_text(encoding="utf-8"), f"{name} differs; --refresh-golden keeps the new text"
