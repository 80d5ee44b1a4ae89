"""Registries of kinds."""

import sys

import pytest

from cnn_studio.core.kinds import Registry


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A package with two modules, each declaring a kind when it is imported."""
    package = tmp_path / "some_kinds"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from cnn_studio.core.kinds import Registry\nkinds = Registry('some_kinds')\n", encoding="utf-8"
    )
    for name in ("second", "first"):
        (package / f"{name}.py").write_text(
            f"from some_kinds import kinds\n@kinds.declare('{name}')\nclass Kind: pass\n", encoding="utf-8"
        )
    monkeypatch.syspath_prepend(tmp_path)
    yield "some_kinds"
    for name in [name for name in sys.modules if name.split(".")[0] == "some_kinds"]:
        del sys.modules[name]


def test_the_folder_is_imported_at_first_use(folder):
    kinds = __import__(folder).kinds
    assert "some_kinds.first" not in sys.modules
    assert kinds.modules() == ["some_kinds.first", "some_kinds.second"]
    assert list(kinds) == ["first", "second"]
    assert "some_kinds.first" in sys.modules
    assert kinds["first"] is sys.modules["some_kinds.first"].Kind
    assert kinds.get("third") is None
    assert "second" in kinds
    assert "third" not in kinds
    assert len(kinds) == len(kinds.values()) == 2
    with pytest.raises(KeyError):
        kinds["third"]


def test_two_things_of_one_name_are_refused():
    registry: Registry[int] = Registry("cnn_studio.core.layers")
    assert registry.register("one", 1) == 1
    with pytest.raises(ValueError, match="two things are called 'one'"):
        registry.register("one", 2)
