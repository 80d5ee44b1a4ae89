"""SVG text: how wide words are without a font at hand, and elements with everything escaped."""

from __future__ import annotations

import re
from unicodedata import east_asian_width, normalize

FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
BOLD = 1.08
"""How much wider bold letters are."""
_NARROW = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft·",
    333: "()-`r",
    345: '"{}',
    389: "*",
    469: "^",
    500: "Jcksvxyz",
    584: "+<=>~×−",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "@—→←…",
}
_WIDTHS = {letter: width for width, letters in _NARROW.items() for letter in letters}
"""Widths of Helvetica's letters in thousandths of the size; what is not here is as wide as a digit."""
_DIGIT = 556
_UNFIT = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def text_width(text: str, size: float, bold: bool = False) -> float:
    """The width of one line in points, from an average sans-serif font."""
    total = 0
    for letter in normalize("NFD", text):
        if east_asian_width(letter) in "WF":
            total += 1000
        elif not "\u0300" <= letter <= "\u036f":  # accents stand over the letter before
            total += _WIDTHS.get(letter, _DIGIT)
    return total * size / 1000 * (BOLD if bold else 1.0)


def fitted(text: str, size: float, width: float, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it is wider than ``width``."""
    text = " ".join(text.split())
    if text_width(text, size, bold) <= width:
        return text
    while text and text_width(text + "…", size, bold) > width:
        text = text[:-1]
    return text.rstrip(" ·") + "…"


def split_settings(text: str, size: float, width: float) -> list[str]:
    """Settings in as few lines as fit the width, broken at their dots, or between words where that is not enough."""
    lines: list[str] = []
    for part in filter(None, text.split(" · ")):
        joined = f"{lines[-1]} · {part}" if lines else part
        if text_width(joined, size) <= width:
            lines[-1:] = [joined]
            continue
        words = part.split()
        lines.append(words[0])
        for word in words[1:]:
            joined = f"{lines[-1]} {word}"
            if text_width(joined, size) <= width:
                lines[-1] = joined
            else:
                lines.append(word)
    return [fitted(line, size, width) for line in lines]


def number(value: float) -> str:
    """A coordinate, short: one decimal."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def element(name: str, /, content: str = "", **attributes: float | str) -> str:
    """One element; ``content`` is XML already. ``font_size=3`` becomes ``font-size="3"``."""
    parts = [name]
    for key, value in attributes.items():
        shown = value if isinstance(value, str) else number(value)
        parts.append(f"{key.rstrip('_').replace('_', '-')}={_quoted(plain(shown))}")
    return f"<{' '.join(parts)}>{content}</{name}>" if content else f"<{' '.join(parts)}/>"


def plain(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return re.sub(_UNFIT, "\N{REPLACEMENT CHARACTER}", text)


def escaped(text: str) -> str:
    """A text as the content of an element."""
    return _escape(plain(text))


def _escape(text: str) -> str:
    """As xml.sax.saxutils does, which loads half of the network libraries."""
    return text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")


def _quoted(text: str) -> str:
    """An attribute's value in quotation marks."""
    text = _escape(text).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    if '"' not in text:
        return f'"{text}"'
    return f"'{text}'" if "'" not in text else '"{}"'.format(text.replace('"', "&quot;"))


def text_element(text: str, x: float, y: float, size: float, **attributes: float | str) -> str:
    """One line of text with its baseline at (x, y)."""
    return element("text", escaped(text), x=x, y=y, font_size=size, **attributes)
