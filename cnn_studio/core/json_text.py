"""JSON from strangers, read with limits, and JSON of ours, written so that equal values are equal texts."""

from __future__ import annotations

import json
import re
from math import isinf
from typing import Any, NoReturn

from cnn_studio.core.files import ProjectError
from cnn_studio.core.words import Words, one_line
from cnn_studio.i18n import N_

DEEPEST = 40
"""Lists and objects inside one another, at most."""

MOST_DIGITS = 20
MOST_VALUES = 3_000_000
"""Commas, at most: what bounds the time of reading, as a comma costs a hundred times more than a letter of a text."""

_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_UNUSUAL_NUMBER = re.compile(rf"\d{{{MOST_DIGITS}}}|\d[eE][+-]?\d{{3}}")


def refuse(place: Words | str, template: str, /, **values: Any) -> NoReturn:
    """Raise the ProjectError of a problem at some place of a file."""
    raise ProjectError(N_("{place}: {problem}"), place=place, problem=Words(template, values))


class _Hooks:
    """What the JSON reader of the standard library lets through and we do not."""

    def __init__(self, place: Words | str) -> None:
        self.place = place

    def whole(self, digits: str) -> int:
        if len(digits) > MOST_DIGITS:
            refuse(self.place, N_("it holds a number of {count} digits, which is too large"), count=len(digits))
        return int(digits)

    def decimal(self, digits: str) -> float:
        value = float(digits)
        if isinf(value):
            refuse(self.place, N_("it holds the number {value}, which is too large"), value=one_line(digits))
        return value

    def constant(self, name: str) -> NoReturn:
        refuse(self.place, N_("it holds {value}, which is not a number"), value=name)

    def pairs(self, items: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in items:
            if key in found:
                refuse(self.place, N_("it says “{key}” twice in one place"), key=one_line(key))
            found[key] = value
        return found


def read_json(data: bytes, place: Words | str) -> Any:
    """The value of a JSON text. Raises ProjectError naming ``place``: a stranger wrote the text."""
    hooks = _Hooks(place)
    numbers: dict[str, Any] = {}
    if data.count(b",") > MOST_VALUES:
        refuse(place, N_("it holds more than {limit} values"), limit=MOST_VALUES)
    try:
        text = data.decode("utf-8-sig")
        if _UNUSUAL_NUMBER.search(text):  # these hooks cost time, and ordinary files need none
            numbers = {"parse_int": hooks.whole, "parse_float": hooks.decimal}
        value = json.loads(text, parse_constant=hooks.constant, object_pairs_hook=hooks.pairs, **numbers)
    except UnicodeDecodeError as error:
        refuse(place, N_("it is not text in UTF-8 (byte {position})"), position=error.start)
    except json.JSONDecodeError as error:
        refuse(place, N_("it is not JSON (line {line}, column {column})"), line=error.lineno, column=error.colno)
    except RecursionError:
        refuse(place, N_("it is nested too deeply"))
    if _deeper(value, DEEPEST):
        refuse(place, N_("it is nested too deeply"))
    if _ESCAPED_HALF.search(text) and not _writable(value):
        refuse(place, N_("it holds half of a character"))
    return value


def _deeper(value: Any, limit: int) -> bool:
    """Whether there are more than ``limit`` lists and objects inside one another."""
    level: list[Any] = [[value]]
    for _depth in range(limit + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True


def _writable(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def write_json(value: Any, place: Words | str, *, indent: int | None = 2, sort: bool = False) -> bytes:
    """The JSON text of a plain value. Raises ProjectError for what could not be read again."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, sort_keys=sort)
        data = text.encode("utf-8")
    except (TypeError, ValueError, RecursionError):
        refuse(place, N_("it holds something that cannot be written as JSON"))
    if _deeper(value, DEEPEST):
        refuse(place, N_("it is nested too deeply"))
    return data
