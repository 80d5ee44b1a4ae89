"""Sentences with numbers in them, kept apart from any language until somebody reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from cnn_studio.i18n import _, decimal, integer

CHANNELS_LAST = "last"
CHANNELS_FIRST = "first"

_notation = CHANNELS_LAST


def set_notation(order: str) -> None:
    """Choose how every shape is written from now on: "last" as 28×28×1, "first" as 1×28×28."""
    global _notation  # noqa: PLW0603 - one choice for the whole program, like the language
    if order not in (CHANNELS_LAST, CHANNELS_FIRST):
        raise ValueError(order)
    _notation = order


def notation() -> str:
    """The order in which shapes are written now, "last" or "first"."""
    return _notation


def times(numbers: Iterable[int]) -> str:
    """Sizes as a person writes them: (3, 3) is "3×3"."""
    return "×".join(integer(number) for number in numbers)


def shape_words(channels: int, sizes: tuple[int, ...]) -> str:
    """One shape in the chosen notation."""
    if _notation == CHANNELS_FIRST:
        return times((channels, *sizes))
    return times((*sizes, channels))


def float_words(value: float) -> str:
    """A decimal number in its shortest exact form, in the reader's language."""
    text = repr(value)
    if "e" in text or "n" in text:  # 1e-05, inf, nan
        return text
    return decimal(value, len(text.partition(".")[2].rstrip("0")))


def short_decimal(value: float) -> str:
    """A decimal number with at most six digits that count, for a card."""
    return float_words(float(f"{value:g}"))


UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that no name may hold: controls, line ends, changes of direction, halves of characters."""


def one_line(text: str, longest: int = 40) -> str:
    """A stranger's text as it may stand inside a sentence: short and on one line."""
    clean = UNFIT.sub("\N{REPLACEMENT CHARACTER}", text[: longest + 1])
    return clean if len(clean) <= longest else clean[:longest] + "…"


class Pointed(float):
    """A decimal number that must not look whole: 6.0 is written with its point."""


def word(value: Any) -> str:
    """One value inside a sentence, in the reader's language."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return integer(value)
    if isinstance(value, float):
        return decimal(value, 1) if isinstance(value, Pointed) else float_words(value)
    if isinstance(value, tuple) and not isinstance(value, Words):
        sizes = getattr(value, "sizes", None)
        if sizes is not None:
            return shape_words(value.channels, sizes)  # type: ignore[attr-defined]
        return times(value)
    return str(value)


class Words(NamedTuple):
    """A sentence (an English template marked with ``N_``) and the values it speaks of.

    ``str()`` gives it in the language chosen at that moment, so that a report need not be made
    again when the reader switches. Values may be numbers, shapes, sizes, names or other Words.
    """

    template: str
    values: dict[str, Any]

    def __str__(self) -> str:
        return _(self.template).format(**{name: word(value) for name, value in self.values.items()})


def say(template: str, /, **values: Any) -> Words:
    """Words of a template marked with ``N_`` and its values."""
    return Words(template, values)
