"""The part of Markdown in which the guide is written, read into blocks, and blocks written as HTML.

Qt reads Markdown too, but leaves no say in how tables, code and distances look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import chain

HEADING, PARAGRAPH, ITEMS, NUMBERED, TABLE, CODE, QUOTE, PICTURE = (
    "heading", "paragraph", "items", "numbered", "table", "code", "quote", "picture",
)  # fmt: skip

_HEADING = re.compile(r"(#{1,4}) +(.+)")
_ITEM = re.compile(r"(?:[-*]|\d+\.) +(.*)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)\s*")
_INLINE = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<bold>.+?)\*\*|\*(?P<slanted>[^*\s][^*]*)\*|\[(?P<text>(?:`[^`]*`|[^\]`])+)\]\((?P<link>[^)\s]+)\)"
)
_RULE = re.compile(r"\|?(\s*:?-+:?\s*\|)+")


@dataclass(frozen=True)
class Block:
    """One part of a page.

    Attributes:
        kind: what it is.
        lines: its text as written: one for a heading or paragraph, one for each item, row or line of code; for a
            picture what it shows and where it is.
        level: of a heading, 1 for the title.
    """

    kind: str
    lines: tuple[str, ...]
    level: int = 0

    @property
    def plain(self) -> str:
        """Its words without marks."""
        if self.kind == PICTURE:
            return self.lines[0]
        if self.kind == CODE:
            return "\n".join(self.lines)
        lines = [" ".join(cells(line)) for line in self.lines] if self.kind == TABLE else self.lines
        return " ".join(map(plain, lines))


def parse(text: str) -> list[Block]:
    """A page as blocks."""
    lines = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).splitlines()
    blocks: list[Block] = []
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        block, at = _block(lines, at)
        blocks.append(block)
    return blocks


def _block(lines: list[str], at: int) -> tuple[Block, int]:
    """The block that begins in a line, and the line after it."""
    line = lines[at]
    if line.startswith("```"):
        end = next((n for n in range(at + 1, len(lines)) if lines[n].startswith("```")), len(lines))
        return Block(CODE, tuple(lines[at + 1 : end])), end + 1
    if heading := _HEADING.fullmatch(line):
        return Block(HEADING, (heading[2].strip(),), len(heading[1])), at + 1
    if picture := _PICTURE.fullmatch(line):
        return Block(PICTURE, (picture[1], picture[2])), at + 1
    for kind, belongs in _RUNS.items():
        if belongs(line):
            end = next((n for n in range(at, len(lines)) if not belongs(lines[n])), len(lines))
            return _run(kind, lines[at:end]), end
    if _ITEM.match(line):
        end = next(
            (n for n in range(at, len(lines)) if not (_ITEM.match(lines[n]) or lines[n].startswith("  "))), len(lines)
        )
        return Block(NUMBERED if line[0].isdigit() else ITEMS, tuple(_items(lines[at:end]))), end
    end = next((n for n in range(at + 1, len(lines)) if _ends_paragraph(lines[n])), len(lines))
    return Block(PARAGRAPH, (" ".join(one.strip() for one in lines[at:end]),)), end


_RUNS: dict[str, Callable[[str], bool]] = {
    CODE: lambda line: line.startswith("    "),
    TABLE: lambda line: line.startswith("|"),
    QUOTE: lambda line: line.startswith(">"),
}
"""Blocks of which every line begins alike."""


def _run(kind: str, lines: list[str]) -> Block:
    if kind == CODE:
        return Block(CODE, tuple(line[4:] for line in lines))
    if kind == TABLE:
        return Block(TABLE, tuple(line for line in lines if not _RULE.fullmatch(line.strip())))
    return Block(QUOTE, (" ".join(line[1:].strip() for line in lines),))


def _ends_paragraph(line: str) -> bool:
    return not line.strip() or line.startswith(("```", "|", ">")) or bool(_HEADING.match(line) or _ITEM.match(line))


def _items(lines: Iterable[str]) -> Iterator[str]:
    """Each item with the lines that go on with it."""
    item = ""
    for line in lines:
        if begun := _ITEM.match(line):
            if item:
                yield item
            item = begun[1]
        else:
            item = f"{item} {line.strip()}"
    yield item


def cells(row: str) -> list[str]:
    """The cells of a row of a table."""
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def plain(text: str) -> str:
    """A line without marks."""
    return _INLINE.sub(lambda found: found["code"] or plain(found["bold"] or found["slanted"] or found["text"]), text)


def links(text: str) -> list[str]:
    """Where the links and pictures of a page lead."""
    blocks = parse(text)
    words = chain.from_iterable(block.lines for block in blocks if block.kind not in (CODE, PICTURE))
    pictures = [block.lines[1] for block in blocks if block.kind == PICTURE]
    return [found["link"] for line in words for found in _INLINE.finditer(line) if found["link"]] + pictures


def bold(text: str) -> list[str]:
    """The words of a page that stand out, which are those of the window."""
    words = chain.from_iterable(block.lines for block in parse(text) if block.kind not in (CODE, PICTURE))
    return [found["bold"] for line in words for found in _INLINE.finditer(line) if found["bold"]]


def code(text: str) -> list[str]:
    """What stands as code within the sentences of a page."""
    words = chain.from_iterable(block.lines for block in parse(text) if block.kind not in (CODE, PICTURE))
    return [found["code"] for line in words for found in _INLINE.finditer(line) if found["code"]]


def anchors(blocks: Iterable[Block]) -> list[tuple[Block, str]]:
    """Every heading with the name by which links find it: its words in small letters, joined by hyphens."""
    found: list[tuple[Block, str]] = []
    taken: dict[str, int] = {}
    for block in blocks:
        if block.kind == HEADING:
            name = re.sub(r"[^\w\- ]", "", block.plain.lower()).replace(" ", "-")
            taken[name] = taken.get(name, -1) + 1
            found.append((block, f"{name}-{taken[name]}" if taken[name] else name))
    return found


# -- HTML -------------------------------------------------------------------------------------------------------------


def html(blocks: Iterable[Block]) -> str:
    """The blocks as Qt's text documents read them; classes are heading, code, data, quote and picture."""
    blocks = list(blocks)
    names = {id(block): name for block, name in anchors(blocks)}
    return "\n".join(_html(block, names.get(id(block), "")) for block in blocks)


def _html(block: Block, anchor: str) -> str:
    if block.kind == HEADING:
        return f'<h{block.level}><a class="heading" name="{anchor}">{_inline(block.lines[0])}</a></h{block.level}>'
    return _WRITERS[block.kind](block.lines)


def _list(tag: str, lines: tuple[str, ...]) -> str:
    return f"<{tag}>{''.join(f'<li>{_inline(item)}</li>' for item in lines)}</{tag}>"


def _boxed(name: str, words: str) -> str:
    return f'<table class="{name}" width="100%" cellspacing="0"><tr><td>{words}</td></tr></table>'


def _picture(lines: tuple[str, ...]) -> str:
    words, place = map(escape, lines)
    return f'<p class="picture"><img src="{place}" alt="{words}" /></p>'


def _table(lines: tuple[str, ...]) -> str:
    head, *rows = map(cells, lines)
    first = _row("th", head) if any(head) else ""
    rest = "".join(_row("td", row) for row in rows)
    return f'<table class="data" width="100%" cellspacing="0">{first}{rest}</table>'


def _row(tag: str, words: list[str]) -> str:
    return f"<tr>{''.join(f'<{tag} align=left>{_inline(cell)}</{tag}>' for cell in words)}</tr>"


_WRITERS: dict[str, Callable[[tuple[str, ...]], str]] = {
    PARAGRAPH: lambda lines: f"<p>{_inline(lines[0])}</p>",
    ITEMS: lambda lines: _list("ul", lines),
    NUMBERED: lambda lines: _list("ol", lines),
    CODE: lambda lines: _boxed("code", f"<pre>{escape(chr(10).join(lines), quote=False)}</pre>"),
    QUOTE: lambda lines: _boxed("quote", _inline(lines[0])),
    TABLE: _table,
    PICTURE: _picture,
}


def _inline(text: str) -> str:
    made, last = [], 0
    for found in _INLINE.finditer(text):
        made += [escape(text[last : found.start()], quote=False), _marked(found)]
        last = found.end()
    return "".join([*made, escape(text[last:], quote=False)])


def _marked(found: re.Match[str]) -> str:
    if found["code"]:
        return f"<code>{escape(found['code'], quote=False)}</code>"
    if found["bold"]:
        return f"<b>{_inline(found['bold'])}</b>"
    if found["slanted"]:
        return f"<i>{_inline(found['slanted'])}</i>"
    return f'<a href="{escape(found["link"])}">{_inline(found["text"])}</a>'
