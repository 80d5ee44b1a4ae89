"""Finding things by a few letters of their names, as one types them: accents, case and gaps do no harm."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_WHOLE, _BEGINNING, _WORDS, _INSIDE, _INITIALS, _SCATTERED = 0, 1, 2, 3, 4, 5
"""How well a name fits, the best first."""

Fit = tuple[int, int, int]


@lru_cache(4096)
def plain(text: str) -> str:
    """Lower-case letters without accents, words parted by single spaces: "Convolución  2-D" is "convolucion 2 d"."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.split())


def fit(wanted: str, name: str) -> Fit | None:
    """How well a name fits what was typed, the smaller the better; None when it does not."""
    typed, there = plain(wanted), plain(name)
    if typed in ("", there):
        return _WHOLE, 0, 0
    if there.startswith(typed):
        return _BEGINNING, 0, len(there)
    words = there.split()
    if all(any(word.startswith(part) for word in words) for part in typed.split()):
        return _WORDS, there.find(typed.split()[0]), len(there)
    if typed in there:
        return _INSIDE, there.index(typed), len(there)
    return _loose(typed.replace(" ", ""), there, words)


def _loose(joined: str, there: str, words: list[str]) -> Fit | None:
    """The same for letters that are not together in the name."""
    if "".join(word[0] for word in words).startswith(joined):
        return _INITIALS, 0, len(there)
    spread = _spread(joined, there)
    return None if spread is None else (_SCATTERED, spread, len(there))


def _spread(letters: str, name: str) -> int | None:
    """Over how many letters of a name the typed ones are scattered, in order; None for too far or not at all."""
    best: int | None = None
    start = name.find(letters[0])
    while start >= 0:
        place: int = start
        for letter in letters[1:]:
            place = name.find(letter, place + 1)
            if place < 0:
                return best
        width = place - start + 1
        if width <= 3 * len(letters) and (best is None or width < best):
            best = width
        start = name.find(letters[0], start + 1)
    return best


def ranked(wanted: str, things: Sequence[Sequence[str]]) -> list[int]:
    """Which of these things fit, each given by all its names, the best first; all in their order for nothing typed."""
    found: list[tuple[Fit, int]] = []
    for index, names in enumerate(things):
        fits = [one for name in names if (one := fit(wanted, name)) is not None]
        if fits:
            found.append((min(fits), index))
    if not plain(wanted):
        return [index for _fit, index in found]
    return [index for _fit, index in sorted(found)]
