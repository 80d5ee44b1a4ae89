"""What is kept ready for looking into networks, and how much of it."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from cnn_studio.core.document import Document
from cnn_studio.gui import look as looks
from cnn_studio.gui.workspace import Workspace


@pytest.fixture
def workspace(qapp):
    made = Workspace(Document())
    yield made
    made.end()


@pytest.mark.parametrize(("size", "kept"), [(10, "bcd"), (40, "cd"), (100, "d"), (1000, "d")])
def test_as_many_predictors_are_kept_as_have_room(workspace, monkeypatch, size, kept):
    monkeypatch.setattr(looks, "KEPT_BYTES", 100)
    look = workspace.look
    for key in "abcd":
        look._predictor((key,), lambda: SimpleNamespace(size=size))
    assert "".join(key for (key,) in look._predictors) == kept


def test_one_that_is_used_again_stays(workspace):
    look = workspace.look
    made = {key: look._predictor((key,), lambda: SimpleNamespace(size=1)) for key in "abc"}
    assert look._predictor(("a",), lambda: SimpleNamespace(size=1)) is made["a"]
    look._predictor(("d",), lambda: SimpleNamespace(size=1))
    assert [key for (key,) in look._predictors] == ["c", "a", "d"]


def test_only_who_asks_by_himself_waits_for_nothing_else(workspace, monkeypatch):
    asked = []
    monkeypatch.setattr(workspace.training, "ask", lambda *_rest, soon: asked.append(soon))
    look = workspace.look
    look.subject = replace(look.subject, kind=looks.LIVE)
    look.pulse.connect(lambda: look.ask("maps", lambda _session: 1, lambda _found: None))
    look._beat()
    look.ask("pad", lambda _session: 2, lambda _found: None)
    assert asked == [False, True]
