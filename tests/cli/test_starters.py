"""The list of networks that come with the studio, and their stories."""

import pytest

from cnn_studio import i18n
from cnn_studio.core.starters import starter_names

LANGUAGES = list(i18n.languages())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_names_every_starter(cli, language):
    done = cli("starters", "--language", language)
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    for name in starter_names():
        assert [line for line in lines if line.split()[:1] == [name]], name
    assert max(map(len, lines)) <= 100


def test_the_list_for_a_program(cli):
    rows = cli("starters", "--json").document
    assert [row["name"] for row in rows] == list(starter_names())
    for row in rows:
        assert set(row) == {"name", "year", "title", "about", "story", "input", "layers", "parameters", "macs"}
        assert row["story"].startswith(row["about"])
        assert row["year"] is None or 1980 <= row["year"] <= 2026
    lenet = next(row for row in rows if row["name"] == "lenet5")
    assert (lenet["input"], lenet["parameters"], lenet["year"]) == ([1, 32, 32], 61_706, 1998)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", starter_names())
def test_every_story_is_told(cli, name, language):
    done = cli("starters", name, "--language", language)
    assert (done.status, done.err) == (0, "")
    document = cli("starters", name, "--json", "--language", language).document
    assert document["name"] == name
    assert len(document["story"]) > 60
    assert document["story"].split()[0] in done.out
    assert f"cnn-studio summary {name}" in done.out


def test_stories_are_told_in_two_languages(cli):
    english, spanish = (cli("starters", "--json", "--language", code).document for code in ("en", "es"))
    for one, other in zip(english, spanish, strict=True):
        assert one["story"] != other["story"]
        assert {**one, "story": "", "about": "", "title": ""} == {**other, "story": "", "about": "", "title": ""}


def test_an_unknown_starter_gets_the_nearest_one(cli):
    assert cli("starters", "resnet5").err == "cnn-studio: There is no network “resnet5”; did you mean “resnet50”?\n"
    assert cli("starters", "resnet5").status == 1
    assert list(cli("starters", "zzz", "--json").document) == ["error"]
