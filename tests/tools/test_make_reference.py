"""The reference pages are what the program says of itself."""

import pytest

from cnn_studio import i18n
from cnn_studio.cli import parsing
from cnn_studio.core.layers import layers
from tools import make_reference


def test_the_pages_are_up_to_date(capsys):
    assert make_reference.main(["--check"]) == 0, capsys.readouterr().err


def test_a_page_that_is_out_of_date_is_found_and_written(tmp_path, capsys):
    assert make_reference.main(["--check"], tmp_path) == 1
    assert "es/layers.md is out of date" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    assert make_reference.main([], tmp_path) == 0
    assert make_reference.main(["--check"], tmp_path) == 0
    (tmp_path / make_reference.FOLDER / "en" / "commands.md").write_text("old", encoding="utf-8")
    assert make_reference.main(["--check"], tmp_path) == 1


@pytest.mark.parametrize("language", list(i18n.languages()))
def test_every_command_and_every_kind_has_its_section(language):
    pages = dict(make_reference.pages())
    assert i18n.language() == "en"
    for name in parsing.names():
        assert f"\n## cnn-studio {name}\n" in pages[f"{make_reference.FOLDER}/{language}/commands.md"]
    for kind in layers:
        assert f"`{kind}`." in pages[f"{make_reference.FOLDER}/{language}/layers.md"]
