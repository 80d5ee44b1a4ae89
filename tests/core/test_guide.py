"""The pages of the guide: complete in both languages, with links that lead somewhere and words that are in the window."""

from __future__ import annotations

import gettext
import re
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from cnn_studio import i18n
from cnn_studio.core import guide, markdown
from cnn_studio.core.analysis import analyse
from cnn_studio.core.fields import specs
from cnn_studio.core.layers import layers
from cnn_studio.core.layers.base import Layer
from cnn_studio.core.markdown import PICTURE, TABLE
from cnn_studio.core.problems.titles import TITLES, title_of
from cnn_studio.core.starters import open_starter, starter_names
from tests.core.problems.examples import EXAMPLES
from tests.helpers.networks import chain

LANGUAGES = list(i18n.languages())
PAGES = [(code, page) for code in LANGUAGES for page in guide.ALL]
GENERATED = ("commands", "layers", "problems", "shortcuts")


def text(code: str, page: str) -> str:
    return guide.folder().joinpath(code, f"{page}.md").read_text(encoding="utf-8")


@cache
def words_of_the_window(code: str) -> frozenset[str]:
    """Every text of the program in a language, and names that are the same in both."""
    catalogue = gettext.translation(i18n.DOMAIN, i18n.LOCALE_FOLDER, ["es"])._catalog  # type: ignore[attr-defined]
    keys = [key[0] if isinstance(key, tuple) else key for key in catalogue]
    texts = catalogue.values() if code == "es" else keys
    names = {open_starter(name).name or name for name in starter_names()} | {kind.label for kind in layers.values()}
    return frozenset(bare(one.rpartition("\x04")[2]) for one in texts) | names


def bare(words: str) -> str:
    """A name without the mark of its key and the points that tell of a question."""
    return words.replace("&", "").removesuffix("...").removesuffix("…").rstrip()


@pytest.mark.parametrize(("code", "page"), PAGES)
def test_a_page_has_one_title_and_ends_with_a_line(code, page):
    levels = [heading.level for heading in guide.headings(page, code)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert text(code, page).endswith("\n")


@pytest.mark.parametrize("page", guide.ALL)
def test_both_languages_say_the_same_in_the_same_order(page):
    english, spanish = (markdown.parse(text(code, page)) for code in ("en", "es"))
    assert [(one.kind, one.level) for one in english] == [(one.kind, one.level) for one in spanish]
    if page not in GENERATED:
        for one, other in zip(english, spanish, strict=True):
            assert len(one.lines) == len(other.lines), (one, other)


def test_there_are_no_other_pages():
    for code in LANGUAGES:
        assert {file.name for file in guide.folder().joinpath(code).iterdir()} == {f"{page}.md" for page in guide.ALL}


@pytest.mark.parametrize(("code", "page"), PAGES)
def test_links_lead_somewhere(code, page):
    anchors = {one: {heading.anchor for heading in guide.headings(one, code)} for one in guide.ALL}
    for link in markdown.links(text(code, page)):
        if ":" in link or link.startswith("../pictures/"):
            continue
        target, _hash, anchor = link.partition("#")
        name = target.removesuffix(".md") if target else page
        assert name in guide.ALL, link
        assert not anchor or anchor in anchors[name], link


@pytest.mark.parametrize(("code", "page"), PAGES)
def test_pictures_are_there_in_both_themes(code, page):
    for block in markdown.parse(text(code, page)):
        if block.kind == PICTURE:
            words, place = block.lines
            folder, _slash, name = place.rpartition("/")
            assert folder == "../pictures"
            assert name.endswith(f"-light-{code}.png")
            assert words
            for theme in ("light", "dark"):
                assert guide.folder().joinpath("pictures", name.replace("-light-", f"-{theme}-")).is_file(), name


def test_every_picture_is_shown():
    shown = {link.rpartition("/")[2] for code, page in PAGES for link in markdown.links(text(code, page))}
    for file in guide.folder().joinpath("pictures").iterdir():
        assert file.name.replace("-dark-", "-light-") in shown


@pytest.mark.parametrize(("code", "page"), PAGES)
def test_words_that_stand_out_are_those_of_the_window(code, page):
    there = words_of_the_window(code)
    named = [bare(one) for words in markdown.bold(text(code, page)) for one in words.split(" ▸ ")]
    assert [one for one in named if one not in there] == []


def test_the_law_of_words_tells_the_languages_apart():
    assert "Train" in words_of_the_window("en")
    assert "Entrenar" in words_of_the_window("es")
    assert "Look inside" not in words_of_the_window("es")
    assert "Open" in words_of_the_window("en")


# -- finding -----------------------------------------------------------------------------------------------------------


def test_search_finds_headings_first_without_accents_and_by_beginnings():
    found = guide.search("learning rate")
    assert (found[0].page, found[0].heading.title) == ("glossary", "Learning rate")
    i18n.set_language("es")
    first = guide.search("optimizad")[0]
    assert (first.page, first.heading.title) == ("glossary", "Optimizador")
    assert any(one.heading.title == "Época" for one in guide.search("epoca"))
    assert all(one.excerpt for one in guide.search("kernel"))


def test_search_finds_nothing_for_nothing():
    assert guide.search("") == guide.search("  ") == guide.search("zyzzyva") == []


def test_a_place_is_found_again_in_the_other_language():
    i18n.set_language("es")
    assert guide.same_place("building", "settings", "en") == "ajustes"
    assert guide.same_place("building", "", "en") == guide.same_place("building", "nowhere", "en") == ""


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_layer_and_every_problem_is_found_by_its_name(code):
    i18n.set_language(code)
    for kind in layers.values():
        assert guide.anchor_of("layers", i18n._(kind.label)), kind
    for example, _network, _context in EXAMPLES.values():
        assert guide.anchor_of("problems", i18n._(title_of(example))), example
    assert guide.anchor_of("layers", "no such layer") == ""


# -- what it tells one to do ---------------------------------------------------------------------------------------------


def recipe(code: str) -> list[Layer]:
    """The layers of the table from which a first network is built, with the settings that it names."""
    kinds = {i18n.in_language(code, kind.label): kind for kind in layers.values()}
    table = next(block for block in markdown.parse(text(code, "building")) if block.kind == TABLE)
    made = []
    for row in table.lines[1:]:
        name, wanted = markdown.cells(row)
        kind = kinds[markdown.plain(name)]
        labels = {i18n.in_language(code, spec.label): spec.name for spec in specs(kind)}
        values: dict[str, Any] = {}
        for label, numbers in re.findall(r"\*\*(.+?)\*\* ([\d×]+)", wanted):
            sizes = tuple(map(int, numbers.split("×")))
            values[labels[label]] = sizes if len(sizes) > 1 else sizes[0]
        made.append(kind(**values))
    return made


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_first_network_is_lenet(code):
    made = recipe(code)
    report = analyse(chain(*made))
    starter = open_starter("lenet5").graph
    assert [layer.kind for layer in made] == [node.layer.kind for node in starter.nodes.values()]
    assert report.totals.parameters == analyse(starter).totals.parameters == 61_706
    i18n.set_language(code)
    assert i18n.integer(61_706).replace("\u202f", " ") in text(code, "building").replace("\u202f", " ")


# -- what the pages are made of ------------------------------------------------------------------------------------------


def test_every_problem_has_one_title_of_its_own():
    codes = Counter(code for titles in TITLES.values() for code in titles)
    assert set(codes) == {code for code, _network, _context in EXAMPLES.values()}
    assert set(codes.values()) == {1}
    titles = [title for section in TITLES.values() for title in section.values()]
    assert len(set(titles)) == len(titles)
    assert title_of("no such problem") == ""


def test_help_of_every_layer_is_in_both_languages():
    for kind in layers.values():
        assert kind.help
        assert i18n.in_language("es", kind.help) != kind.help, kind
