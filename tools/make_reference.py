#!/usr/bin/env python3
"""Writes the reference pages of the guide from the program itself: layers, problems, shortcuts and commands.

They go to cnn_studio/resources/guide/en/ and es/; docs/README.md lists all pages of the guide. The problems are those that the networks with mistakes have, by which
the sentences are tested.

python tools/make_reference.py          write them
python tools/make_reference.py --check  fail when one of them is not what would be written
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cnn_studio import i18n  # noqa: E402
from cnn_studio.cli import parsing  # noqa: E402
from cnn_studio.core import guide  # noqa: E402
from cnn_studio.core.analysis import analyse  # noqa: E402
from cnn_studio.core.fields import FieldSpec, specs  # noqa: E402
from cnn_studio.core.layers import layers  # noqa: E402
from cnn_studio.core.layers.base import ANY, FAMILY_LABELS, Layer  # noqa: E402
from cnn_studio.core.problems import ERROR, Problem, diagnose  # noqa: E402
from cnn_studio.core.problems.titles import TITLES as PROBLEMS  # noqa: E402
from cnn_studio.core.words import times, word  # noqa: E402
from cnn_studio.gui.actions import MENUS, TABLE, Action, Submenu  # noqa: E402
from cnn_studio.i18n import _  # noqa: E402
from tests.core.problems.examples import EXAMPLES  # noqa: E402

FOLDER = "cnn_studio/resources/guide"

NOTICE = {
    "en": "<!-- Written by tools/make_reference.py from the program itself: change the program, not this page. -->",
    "es": "<!-- Escrito por tools/make_reference.py a partir del programa: cambiar el programa, no esta página. -->",
}
TITLES = {
    "en": {"layers": "Kinds of layer", "problems": "Problems", "shortcuts": "Shortcuts", "commands": "Commands"},
    "es": {"layers": "Tipos de capa", "problems": "Problemas", "shortcuts": "Atajos", "commands": "Órdenes"},
}
INTRODUCTIONS = {
    "en": {
        "layers": "Everything that the palette offers, family by family. `F1` on a chosen layer shows the same with its own sums.",
        "problems": "What the panel **Problems** may say, each with an example and the repairs offered for it. The names of layers and the numbers are those of the example. How to mend a network is told in [Building](building.md#when-something-does-not-fit).",
        "shortcuts": "Every action that has keys, menu by menu. What the keys do on the canvas and on the pad is told in [Keyboard](keyboard.md).",
        "commands": "What the studio does at the terminal, without a window. In a fresh copy from the network, write `python3 run.py` in place of `cnn-studio`.",
    },
    "es": {
        "layers": "Todo lo que ofrece la paleta, familia por familia. Con una capa elegida, `F1` muestra lo mismo con sus propias cuentas.",
        "problems": "Lo que puede decir el panel **Problemas**, cada cosa con un ejemplo y los arreglos que se ofrecen. Los nombres de capas y los números son los del ejemplo. Cómo se arregla una red se cuenta en [Construir](building.md#cuando-algo-no-encaja).",
        "shortcuts": "Todas las acciones que tienen teclas, menú por menú. Lo que hacen las teclas en el lienzo y en la hoja de dibujo se cuenta en [Teclado](keyboard.md).",
        "commands": "Lo que hace el estudio en la terminal, sin ventana. En una copia recién descargada del código, escribe `python3 run.py` en lugar de `cnn-studio`.",
    },
}
KEYS = {"en": {}, "es": {"Shift": "Mayús", "Del": "Supr", "Backspace": "Retroceso"}}
"""Keys as they are written on keyboards."""
HEADINGS = {
    "en": ("Setting", "In files", "Default", "Allowed", "What it does"),
    "es": ("Ajuste", "En archivos", "Por omisión", "Se admite", "Qué hace"),
}
SHORTCUTS = {"en": ("Keys", "Action", "What it does"), "es": ("Teclas", "Acción", "Qué hace")}
PHRASES = {
    "en": {"name": "In files", "inputs": "Inputs", "or more": "{n} or more", "to": "{low} to {high}", "rare": "rarely needed",
           "error": "An error: training waits until it is mended.", "warning": "A warning: it can be trained all the same.",
           "repairs": "Offered:", "code": "In reports"},
    "es": {"name": "En archivos", "inputs": "Entradas", "or more": "{n} o más", "to": "de {low} a {high}", "rare": "rara vez hace falta",
           "error": "Un error: no se puede entrenar hasta arreglarlo.", "warning": "Un aviso: aun así se puede entrenar.",
           "repairs": "Se ofrece:", "code": "En los informes"},
}  # fmt: skip


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Writes or checks the pages; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is out of date")
    check = parser.parse_args(argv).check
    stale = 0
    for path, text in pages():
        file = root / path
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        if check:
            print(f"{path} is out of date: run tools/make_reference.py", file=sys.stderr)
            stale = 1
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            print(f"{path} written", file=sys.stderr)
    return stale


def pages() -> Iterator[tuple[str, str]]:
    """Path and text of every page."""
    writers: dict[str, Callable[[str], Iterator[str]]] = {
        "layers": layers_page, "problems": problems_page, "shortcuts": shortcuts_page, "commands": commands_page,
    }  # fmt: skip
    before = i18n.language()
    try:
        for language in i18n.languages():
            i18n.set_language(language)
            for name, write in writers.items():
                yield f"{FOLDER}/{language}/{name}.md", page(language, name, write(language))
        yield "docs/README.md", index_page()
    finally:
        i18n.set_language(before)


def page(language: str, name: str, parts: Iterator[str]) -> str:
    """A page with its title."""
    start = (NOTICE[language], f"# {TITLES[language][name]}", INTRODUCTIONS[language][name])
    return "\n\n".join([*start, *parts]) + "\n"


def index_page() -> str:
    """All pages of the guide in both languages."""
    parts = [
        NOTICE["en"],
        "# Documentation",
        "How CNN Studio is used is told in a guide, which is also in its window under Help. How it is built is told in [architecture.md](architecture.md), how it is added to in [extending.md](extending.md).",
    ]
    for language, name in i18n.languages().items():
        titles = [
            *((page, guide.title(page, language)) for page in guide.PAGES),
            *((page, TITLES[language][page]) for page in guide.REFERENCE),
        ]
        listed = (f"- [{title}](../{FOLDER}/{language}/{page}.md)" for page, title in titles)
        parts += [f"## {name.capitalize()}", "\n".join(listed)]
    return "\n\n".join(parts) + "\n"


# -- problems ---------------------------------------------------------------------------------------------------------


def problems_page(language: str) -> Iterator[str]:
    """Every kind of problem under the heading of its section."""
    for section, titles in PROBLEMS.items():
        yield f"## {_(section)}"
        for code, title in titles.items():
            yield f"### {_(title)}"
            yield from problem_section(language, examples_of(code))


def examples_of(code: str) -> list[Problem]:
    """How a kind of problem is said of each network that has it."""
    found = []
    for wanted, network, context in EXAMPLES.values():
        if wanted == code:
            problems = diagnose(analyse(network()), context).problems
            found.append(next(problem for problem in problems if problem.code == code))
    return found


def problem_section(language: str, examples: Sequence[Problem]) -> Iterator[str]:
    """One kind: the sentence, why it is so, and what would mend it."""
    phrases, first = PHRASES[language], examples[0]
    yield f"> {first.message}"
    if first.detail:
        yield str(first.detail)
    severity = phrases["error" if any(one.severity == ERROR for one in examples) else "warning"]
    yield f"{severity} {phrases['code']}: `{first.code}`."
    fixes = [str(fix.label) for fix in first.fixes]
    if fixes:
        yield "\n".join([phrases["repairs"], "", *(f"- {fix}" for fix in fixes)])


# -- shortcuts --------------------------------------------------------------------------------------------------------


def shortcuts_page(language: str) -> Iterator[str]:
    """The actions with keys, under the heading of their menu."""
    for menu, title in MENUS.items():
        rows = [
            action_row(language, entry) for entry in TABLE if entry.menu.partition("/")[0] == menu and has_keys(entry)
        ]
        if rows:
            yield f"## {_(title).replace('&', '')}"
            yield table(SHORTCUTS[language], rows)


def has_keys(entry: Action | Submenu) -> bool:
    """Whether it stands in the list of shortcuts."""
    return isinstance(entry, Action) and bool(entry.keys)


def action_row(language: str, action: Action | Submenu) -> tuple[str, ...]:
    """One action as a row of a table."""
    assert isinstance(action, Action)
    return ", ".join(f"`{keys_words(language, keys)}`" for keys in action.keys), _(action.text), _(action.help)


def keys_words(language: str, keys: str) -> str:
    """A shortcut as it is written on keyboards."""
    for name, written in KEYS[language].items():
        keys = keys.replace(name, written)
    return keys


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table with a row of headings."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (headings, ("---",) * len(headings), *rows))


# -- commands ---------------------------------------------------------------------------------------------------------


def commands_page(_language: str) -> Iterator[str]:
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
    yield table(("", ""), rows)
    yield f"```\n{parser.epilog}\n```"


def arguments(action: argparse.Action) -> str:
    """How an argument is written on the command line."""
    value = action.metavar or (f"{{{','.join(map(str, action.choices))}}}" if action.choices else "")
    if not action.option_strings:
        return f"`{value}`" if action.required else f"`[{value}]`"
    written = [f"`{option} {value}`" if value else f"`{option}`" for option in action.option_strings]
    return ", ".join(written)


# -- layers -----------------------------------------------------------------------------------------------------------


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
        yield table(HEADINGS[language], [field_row(phrases, field) for field in fields])


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
