"""The figure of cards: what the canvas shows, drawn for paper."""

from __future__ import annotations

from cnn_studio.core.export.figure.scene import ERROR_COLOUR, INK, QUIET, Entry, Scene
from cnn_studio.core.export.figure.text import (
    element,
    escaped,
    fitted,
    number,
    split_settings,
    text_element,
    text_width,
)

NAME_SIZE, TEXT_SIZE = 12.0, 10.5
LINE = 14.0
PAD, BAR, RADIUS = 9.0, 6.0, 6.0
NARROWEST, WIDEST = 74.0, 150.0
LINE_COLOUR = "#c9cad2"


def measure(scene: Scene, labels: bool, shapes: bool) -> None:
    """Give every entry the size of its card."""
    for entry in scene.entries.values():
        lines = card_lines(entry, labels, shapes)
        widths = [text_width(text, size, bold) for text, size, bold, _colour in lines]
        entry.width = max([NARROWEST if lines else 34.0, *(width + 2 * PAD + BAR for width in widths)])
        entry.up = entry.down = (max(len(lines), 2) * LINE + 12) / 2
        entry.left = entry.right = entry.width / 2


def card_lines(entry: Entry, labels: bool, shapes: bool) -> list[tuple[str, float, bool, str]]:
    """The texts on a card: each with its size, whether it is bold, and its colour."""
    lines: list[tuple[str, float, bool, str]] = []
    if labels:
        room = WIDEST - 2 * PAD - BAR
        lines.append((fitted(entry.title, NAME_SIZE, room, True), NAME_SIZE, True, INK))
        lines += [(text, TEXT_SIZE, False, QUIET) for text in split_settings(entry.details, TEXT_SIZE, room)]
    if shapes:
        lines.append(("?" if entry.shape is None else str(entry.shape), TEXT_SIZE, False, INK))
    return lines


def draw(entry: Entry, labels: bool, shapes: bool) -> str:
    """One card: colour bar on the left, texts on the right; a folded group lies on a second card."""
    left, top, right, bottom = entry.box
    width, height = right - left, bottom - top
    border = ERROR_COLOUR if entry.wrong else LINE_COLOUR
    parts = [element("title", escaped(entry.title))]
    if len(entry.members) > 1 and entry.family is None:
        parts.append(
            element("rect", x=left + 3, y=top + 3, width=width, height=height, rx=RADIUS, fill="#eeeff3", stroke=border)
        )
    parts.append(element("rect", x=left, y=top, width=width, height=height, rx=RADIUS, fill="#ffffff", stroke=border))
    parts.append(element("path", d=_bar(left, top, bottom), fill=entry.colour))
    lines = card_lines(entry, labels, shapes)
    baseline = (top + bottom) / 2 - len(lines) * LINE / 2 + LINE - 3.5
    for text, size, bold, colour in lines:
        weight: dict[str, str] = {"font_weight": "bold"} if bold else {}
        parts.append(text_element(text, left + BAR + PAD, baseline, size, fill=colour, **weight))
        baseline += LINE
    return element("g", "".join(parts), class_="layer")


def _bar(left: float, top: float, bottom: float) -> str:
    """The outline of the colour bar: round like the card's corners on its left, straight on its right."""
    inner, outer, start, end = map(number, (left + RADIUS, left, top, bottom))
    arc = f"A{RADIUS:g},{RADIUS:g} 0 0 1 "
    return f"M{inner},{start}V{end}{arc}{outer},{number(bottom - RADIUS)}V{number(top + RADIUS)}{arc}{inner},{start}Z"
