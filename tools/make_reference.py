#!/usr/bin/env python3
"""Writes the reference pages docs/en/ and docs/es/ from the program itself: its commands and its kinds of layer.

python tools/make_reference.py          write them
python tools/make_reference.py --check  fail when one of them is not what would be written
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cnn_studio import i18n  # noqa: E402
from cnn_studio.cli import parsing  # noqa: E402
from cnn_studio.core.fields import FieldSpec, specs  # noqa: E402
from cnn_studio.core.layers import layers  # noqa: E402
from cnn_studio.core.layers.base import ANY, FAMILY_LABELS, Layer  # noqa: E402
from cnn_studio.core.words import times, word  # noqa: E402
from cnn_studio.i18n import _  # noqa: E402

NOTICE = {
    "en": "<!-- Written by tools/make_reference.py from the program itself: change the program, not this page. -->",
    "es": "<!-- Escrito por tools/make_reference.py a partir del programa: cambiar el programa, no esta página. -->",
}
TITLES = {
    "en": {"commands": "Commands", "layers": "Kinds of layer"},
    "es": {"commands": "Órdenes", "layers": "Tipos de capa"},
}
HEADINGS = {
    "en": ("Setting", "In files", "Default", "Allowed", "What it does"),
    "es": ("Ajuste", "En archivos", "Por omisión", "Se admite", "Qué hace"),
}
PHRASES = {
    "en": {"name": "In files", "inputs": "Inputs", "or more": "{n} or more", "to": "{low} to {high}", "rare": "rarely needed"},
    "es": {"name": "En archivos", "inputs": "Entradas", "or more": "{n} o más", "to": "de {low} a {high}", "rare": "rara vez hace falta"},
}  # fmt: skip


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Writes or checks the pages; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is out of date")
    check = parser.parse_args(argv).check
    stale = 0
    for path, text in pages():
        file = root / "docs" / path
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        if check:
            print(f"docs/{path} is out of date: run tools/make_reference.py", file=sys.stderr)
            stale = 1
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            print(f"docs/{path} written", file=sys.stderr)
    return stale


def pages() -> Iterator[tuple[str, str]]:
    """Path under docs/ and text of every page."""
    before = i18n.language()
    try:
        for language in i18n.languages():
            i18n.set_language(language)
            yield f"{language}/commands.md", page(language, "commands", commands_page())
            yield f"{language}/layers.md", page(language, "layers", layers_page(language))
    finally:
        i18n.set_language(before)


def page(language: str, name: str, parts: Iterator[str]) -> str:
    """A page with its title."""
    return "\n\n".join([NOTICE[language], f"# {TITLES[language][name]}", *parts]) + "\n"


def commands_page() -> Iterator[str]:
    """The program and every command: what it does, what it takes, examples."""
    yield from command_section(parsing.main_parser())
    for name in parsing.names():
        parser = parsing.parser_of(name)
        yield f"## {parser.prog}"
        yield from command_section(parser)


def command_section(parser: argparse.ArgumentParser) -> Iterator[str]:
    """One parser as a table, and what stands at the foot of its help. How argparse lays it out depends on Python."""
    yield parser.description or ""
    rows = [(arguments(action), (action.help or "")) for action in parser._actions]
    yield "\n".join(["| | |", "| --- | --- |", *(f"| {names} | {help_text} |" for names, help_text in rows)])
    yield f"```\n{parser.epilog}\n```"


def arguments(action: argparse.Action) -> str:
    """How an argument is written on the command line."""
    value = action.metavar or (f"{{{','.join(map(str, action.choices))}}}" if action.choices else "")
    if not action.option_strings:
        return f"`{value}`" if action.required else f"`[{value}]`"
    written = [f"`{option} {value}`" if value else f"`{option}`" for option in action.option_strings]
    return ", ".join(written)


def layers_page(language: str) -> Iterator[str]:
    """Every kind of layer under the heading of its family, with its settings."""
    for family, label in FAMILY_LABELS.items():
        kinds = [kind for kind in layers.values() if kind.family is family]
        if kinds:
            yield f"## {_(label)}"
        for kind in kinds:
            yield from layer_section(language, kind)


def layer_section(language: str, kind: type[Layer]) -> Iterator[str]:
    """One kind: what it does, its formula, its settings."""
    phrases = PHRASES[language]
    yield f"### {_(kind.label)}"
    yield _(kind.help)
    if kind.formula:
        yield f"    {kind.formula}"
    facts = [f"{phrases['name']}: `{kind.kind}`."]
    if kind.arity != (1, 1):
        fewest, most = kind.arity
        number = phrases["or more"].format(n=fewest) if most >= ANY else str(fewest)
        facts.append(f"{phrases['inputs']}: {number}.")
    yield " ".join(facts)
    fields = specs(kind)
    if fields:
        rows = [HEADINGS[language], ("---",) * 5, *(field_row(phrases, field) for field in fields)]
        yield "\n".join(f"| {' | '.join(row)} |" for row in rows)


def field_row(phrases: dict[str, str], field: FieldSpec) -> tuple[str, ...]:
    """One setting as a row of a table."""
    help_text = _(field.help)
    if field.advanced:
        help_text = f"{help_text} ({phrases['rare']})".strip()
    label = f"{_(field.label)} ({_(field.unit)})" if field.unit else _(field.label)
    return label, f"`{field.name}`", shown(field, field.default), allowed(phrases, field), help_text


def shown(field: FieldSpec, value: object) -> str:
    """A value of a field as people read it."""
    if isinstance(value, str):
        return _((field.choices or {}).get(value, value))
    return times(value) if isinstance(value, tuple) else word(value)


def allowed(phrases: dict[str, str], field: FieldSpec) -> str:
    """What a field takes."""
    parts = []
    if field.minimum is not None and field.maximum is not None:
        parts.append(phrases["to"].format(low=word(field.minimum), high=word(field.maximum)))
    parts += [f"`{choice}` ({_(label)})" for choice, label in (field.choices or {}).items()]
    return ", ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
