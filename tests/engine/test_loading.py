"""Which library comes first."""

import importlib
import sys

import pytest

from cnn_studio.engine import loading


@pytest.mark.parametrize(("platform", "loaded"), [("win32", ["torch"]), ("linux", []), ("darwin", [])])
def test_torch_comes_first_only_where_it_must(monkeypatch, platform, loaded):
    found: list[str] = []
    monkeypatch.setattr(importlib, "import_module", found.append)
    monkeypatch.setattr(sys, "platform", platform)
    loading.before_qt()
    assert found == loaded
