"""Python text laid out as Black and Ruff lay it out: short where it fits, one argument a line where it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from cnn_studio.core.calls import Call
from cnn_studio.core.graph import RESERVED

WIDTH = 100
"""Longest line, in characters."""
INDENT = "    "
INFIX = {"torch.add": " + ", "torch.mul": " * "}
"""Functions of two that people write between their arguments; the results are the same bit for bit."""

Part = tuple[str, list[Any], str] | str
"""A piece of text, or an opening, its parts, and a closing."""


def call_lines(head: str, call: Call, tail: str, inputs: tuple[str, ...], depth: int) -> list[str]:
    """``head call tail`` as lines that begin at ``depth`` indents; ``inputs`` are the names of its Args."""
    operands = infix_operands(call, inputs)
    if operands is not None:
        return _infix_lines(head, operands, INFIX[call.target].strip(), depth)
    opening, parts, closing = _bracket("", call, inputs)
    indent = INDENT * depth
    if len(indent) + len(head) + len(opening) > WIDTH:
        return [f"{indent}{head}(", *_lines((opening, parts, closing + tail), "", depth + 1), f"{indent})"]
    return _lines((head + opening, parts, closing + tail), "", depth)


def infix_operands(call: Call, inputs: tuple[str, ...]) -> list[str] | None:
    """The names added (or multiplied) by a Call that does nothing else; None when it is another one."""
    if call.target not in INFIX or call.kwargs or len(call.args) != 2:
        return None
    left, right = call.args
    if isinstance(left, Call):
        first = infix_operands(left, inputs) if left.target == call.target else None
    else:
        first = [_atom(left, inputs)]
    if first is None or isinstance(right, Call):
        return None
    return [*first, _atom(right, inputs)]


def _infix_lines(head: str, operands: list[str], operator: str, depth: int) -> list[str]:
    indent = INDENT * depth
    flat = f" {operator} ".join(operands)
    if len(indent) + len(head) + len(flat) <= WIDTH:
        return [indent + head + flat]
    if len(indent) + len(INDENT) + len(flat) <= WIDTH:
        inner = [indent + INDENT + flat]
    else:
        inner = [indent + INDENT + (f"{operator} " if index else "") + name for index, name in enumerate(operands)]
    return [f"{indent}{head}(", *inner, f"{indent})"]


def _bracket(head: str, call: Call, inputs: tuple[str, ...]) -> tuple[str, list[Part], str]:
    parts = [_part("", value, inputs) for value in call.args]
    parts += [_part(f"{name}=", value, inputs) for name, value in call.kwargs.items()]
    return f"{head}{call.target}(", parts, ")"


def _part(head: str, value: Any, inputs: tuple[str, ...]) -> Part:
    if isinstance(value, Call):
        return _bracket(head, value, inputs)
    if type(value) is tuple and len(value) > 1:
        return head + "(", [_part("", item, inputs) for item in value], ")"
    return head + _atom(value, inputs)


def _atom(value: Any, inputs: tuple[str, ...]) -> str:
    """One value as a Call prints it."""
    return Call("", (value,)).source(inputs)[1:-1]


def _flat(part: Part) -> str:
    if isinstance(part, str):
        return part
    opening, parts, closing = part
    return opening + ", ".join(_flat(inner) for inner in parts) + closing


def _lines(part: Part, comma: str, depth: int) -> list[str]:
    indent = INDENT * depth
    flat = _flat(part) + comma
    if isinstance(part, str) or len(indent) + len(flat) <= WIDTH or not part[1]:
        return [indent + flat]
    opening, parts, closing = part
    inner = ", ".join(_flat(one) for one in parts)
    if len(indent) + len(INDENT) + len(inner) <= WIDTH:
        body = [indent + INDENT + inner]
    else:
        body = [line for one in parts for line in _lines(one, ",", depth + 1)]
    return [indent + opening, *body, indent + closing + comma]


def commented(lines: list[str], comment: str) -> list[str]:
    """The lines with a comment at the end of the last, or on a line before them where it does not fit."""
    if not comment:
        return lines
    if len(lines[-1]) + len(comment) + 4 <= WIDTH:
        return [*lines[:-1], f"{lines[-1]}  # {comment}"]
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    return [f"{indent}# {comment}", *lines]


def one_line(text: str) -> str:
    """What a person wrote, fit for a comment: a single line of characters that print."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def docstring_text(text: str) -> str:
    """The same, fit for the inside of a triple-quoted text."""
    return one_line(text).replace("\\", "\\\\").replace('"', "'")


def class_name(title: str, taken: Iterable[str] = ()) -> str:
    """The name of a class as close as possible to a network's name: "quick-digits" becomes QuickDigits."""
    words = re.findall(r"[A-Za-z0-9]+", title)
    name = "".join(word[0].upper() + word[1:] for word in words) or "Network"
    if name[0].isdigit():
        name = f"Network{name}"
    return f"{name}Network" if name in RESERVED or name in taken else name
