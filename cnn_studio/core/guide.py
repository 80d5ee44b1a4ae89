"""The guide: its pages in the reader's language, and where in them something is told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from cnn_studio.core import markdown
from cnn_studio.core.markdown import HEADING, Block
from cnn_studio.core.matching import plain
from cnn_studio.i18n import language

PAGES = (
    "tour", "building", "data", "training", "inside", "drawing", "exporting", "keyboard", "glossary", "troubleshooting",
)  # fmt: skip
"""The pages written by hand, in the order of reading."""
REFERENCE = ("layers", "problems", "shortcuts", "commands")
"""The pages written by tools/make_reference.py from the program itself."""
ALL = (*PAGES, *REFERENCE)

MOST_FOUND = 40
_EXCERPT = 90
"""Letters of the text in which something was found."""


@dataclass(frozen=True)
class Heading:
    """A heading of a page; the title is the first."""

    level: int
    title: str
    anchor: str


@dataclass(frozen=True)
class Found:
    """A section in which something was found: its page, its heading, and some words around it."""

    page: str
    heading: Heading
    excerpt: str


def folder() -> Traversable:
    """Where the pages of all languages and their pictures lie."""
    return files("cnn_studio").joinpath("resources", "guide")


@lru_cache(64)
def _blocks(page: str, code: str) -> tuple[Block, ...]:
    return tuple(markdown.parse(folder().joinpath(code, f"{page}.md").read_text(encoding="utf-8")))


def blocks(page: str) -> tuple[Block, ...]:
    """The parts of a page."""
    return _blocks(page, language())


def headings(page: str, code: str = "") -> list[Heading]:
    """The headings of a page, in the reader's language or another."""
    parts = _blocks(page, code or language())
    return [Heading(block.level, block.plain, anchor) for block, anchor in markdown.anchors(parts)]


def title(page: str, code: str = "") -> str:
    """The title of a page, in the reader's language or another."""
    return headings(page, code)[0].title


def anchor_of(page: str, heading: str) -> str:
    """The anchor of a heading of a page, "" where there is none."""
    return next((one.anchor for one in headings(page) if one.title == heading), "")


def same_place(page: str, anchor: str, before: str) -> str:
    """The anchor in the reader's language of a heading that had another one in the language before."""
    for old, new in zip(headings(page, before), headings(page), strict=False):
        if old.anchor == anchor:
            return new.anchor
    return ""


@lru_cache(4)
def _sections(code: str) -> tuple[tuple[str, Heading, str], ...]:
    """Page, heading and words of every section of the guide."""
    found = []
    for page in ALL:
        texts: list[list[str]] = []
        for block in _blocks(page, code):
            if block.kind == HEADING:
                texts.append([])
            else:
                texts[-1].append(block.plain)
        found += [(page, heading, " ".join(text)) for heading, text in zip(headings(page, code), texts, strict=True)]
    return tuple(found)


def search(words: str) -> list[Found]:
    """The sections that have all the words, or words that begin so: those with them in the heading first."""
    wanted = plain(words).split()
    if not wanted:
        return []
    found: list[tuple[int, Found]] = []
    for page, heading, text in _sections(language()):
        head, body = plain(heading.title), plain(text)
        if all(_has(f"{head} {body}", word) for word in wanted):
            rank = sum(not _has(head, word) for word in wanted)
            found.append((rank, Found(page, heading, _excerpt(text, wanted))))
    return [one for _rank, one in sorted(found, key=lambda pair: pair[0])][:MOST_FOUND]


def _has(text: str, word: str) -> bool:
    return f" {text}".find(f" {word}") >= 0


def _excerpt(text: str, wanted: list[str]) -> str:
    """Some words around the first that was wanted."""
    words = text.split()
    at = next((n for n, word in enumerate(words) if any(_has(plain(word), one) for one in wanted)), 0)
    shown = " ".join(words[max(0, at - 4) :])
    return shown if len(shown) <= _EXCERPT else shown[:_EXCERPT].rsplit(" ", 1)[0] + " …"
