"""Command lines: which command, which options, and the help, in the reader's language."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from typing import Any, NoReturn, Protocol, cast

from cnn_studio import i18n
from cnn_studio.cli import commands
from cnn_studio.i18n import N_, _

PROGRAM = "cnn-studio"

EXAMPLES = (
    ("cnn-studio starters", N_("the networks that come with the studio")),
    ("cnn-studio summary lenet5", N_("layers, shapes, costs and problems of one of them")),
    ("cnn-studio export lenet5 --to pytorch -o lenet5.py", N_("the same network as PyTorch code")),
)

SELF_TESTS = ("all", "quick", "window")
"""What ``--self-test`` can try: everything, everything with few networks, the window alone."""

_WITH_VALUE = ("--language", "--notation")
"""Options of every command that may also stand before it, followed by a value."""


class Command(Protocol):
    """What the module of a command offers."""

    SUMMARY: str
    EXAMPLES: tuple[tuple[str, str], ...]

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        """Declares the command's own arguments and options."""

    @staticmethod
    def execute(options: argparse.Namespace) -> int:
        """Does the work; the exit status."""


class UsageError(Exception):
    """A command line that makes no sense; carries the short usage of the command."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.usage = usage


class HelpShown(Exception):  # noqa: N818 - nothing went wrong
    """The help was asked for and has been printed."""


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal, up to 100 characters."""

    def __init__(self, prog: str, **options: Any) -> None:
        options["width"] = _terminal_width()
        super().__init__(prog, **options)


class Parser(argparse.ArgumentParser):
    """A parser that leaves the exit to its caller and takes no shortened options."""

    def __init__(self, prog: str, description: str, epilog: str) -> None:
        argparse._ = i18n._  # type: ignore[attr-defined]  # its own words come from our catalogue, not the system's
        argparse.ngettext = i18n.ngettext  # type: ignore[attr-defined]
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            formatter_class=Formatter,
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        """Raises UsageError."""
        raise UsageError(message, self.format_usage().rstrip())

    def _print_message(self, message: str, file: Any = None) -> None:
        """Prints the help; argparse itself would keep quiet when it finds no place."""
        (file or sys.stderr).write(message)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Raises HelpShown: nothing else ends a parser here."""
        raise HelpShown


def _terminal_width() -> int:
    """Columns to write help in; argparse would load a large module to ask."""
    try:
        columns = int(os.environ.get("COLUMNS", "")) or os.get_terminal_size(1).columns
    except (ValueError, OSError):
        columns = 80
    return max(40, min(columns, 100) - 2)


def names() -> list[str]:
    """The names of all commands."""
    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))


def command(name: str) -> Command:
    """The module of a command."""
    return cast(Command, importlib.import_module(f"{commands.__name__}.{name}"))


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether the answer, an error too, must be JSON."""
    return "--json" in arguments


def choose_language(arguments: Sequence[str]) -> str:
    """Takes the language from the command line before anything is said; what is not a language is refused later.

    Returns the language asked for, "" for none.
    """
    chosen = ""
    for position, argument in enumerate(arguments):
        option, equals, value = argument.partition("=")
        if option == "--language":
            wanted = value if equals else "".join(arguments[position + 1 : position + 2])
            if wanted in i18n.languages():
                i18n.set_language(wanted)
                chosen = wanted
    return chosen


def split(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """The name of the command and all other arguments; None when no command is named."""
    position = 0
    while position < len(arguments):
        argument = arguments[position]
        if not argument.startswith("-"):
            return _known(argument), [*arguments[:position], *arguments[position + 1 :]]
        position += 2 if argument in _WITH_VALUE else 1
    return None, list(arguments)


def file_to_open(arguments: Sequence[str]) -> str | None:
    """What the window is asked to show: "" for nothing in particular, None when the window is not meant."""
    others = list(arguments)
    for end in (0, 1):  # before the file or after it
        while len(others) > end and others[end].partition("=")[0] == "--language":
            del others[end : end + (1 if "=" in others[end] else 2)]
    if not others:
        return ""
    named = len(others) == 1 and not others[0].startswith("-") and others[0] not in names()
    return others[0] if named and os.path.lexists(others[0]) else None


def _known(name: str) -> str:
    """The name of a command as given. Raises UsageError with the nearest one."""
    if name in names():
        return name
    from difflib import get_close_matches

    if near := get_close_matches(name, names(), 1):
        sentence = _("There is no command “{name}”; did you mean “{near}”?").format(name=name, near=near[0])
    else:
        sentence = _("There is no command “{name}”; there are {names}.").format(name=name, names=", ".join(names()))
    raise UsageError(sentence, main_parser().format_usage().rstrip())


def parser_of(name: str) -> Parser:
    """The parser of one command, in the language of the moment."""
    module = command(name)
    parser = Parser(f"{PROGRAM} {name}", _(module.SUMMARY), examples_text(module.EXAMPLES))
    module.add_arguments(parser)
    every = parser.add_argument_group(_("options of every command"))
    every.add_argument(
        "--json", action="store_true", help=_("print one JSON document on standard output and nothing else")
    )
    add_language(every)
    every.add_argument(
        "--notation",
        choices=("last", "first"),
        default="last",
        help=_("where channels stand in a shape: last as in 28×28×1 (the default), or first as in 1×28×28"),
    )
    return parser


def add_language(parser: argparse._ActionsContainer) -> None:
    """The option that chooses the language."""
    parser.add_argument(
        "--language", choices=tuple(i18n.languages()), help=_("the language to speak; by default that of the system")
    )


def examples_text(examples: Sequence[tuple[str, str]]) -> str:
    """Examples as they stand at the foot of a help."""
    lines = [f"  {line}\n      {_(meaning)}" for line, meaning in examples]
    return "\n".join([_("examples:"), *lines])


def main_parser() -> Parser:
    """The parser of the program itself."""
    width = max(map(len, names()))
    listed = [f"  {name:{width}}  {_(command(name).SUMMARY)}" for name in names()]
    more = _("`cnn-studio COMMAND --help` explains a command.")
    epilog = "\n".join([_("commands:"), *listed, "", examples_text(EXAMPLES), "", more])
    parser = Parser(PROGRAM, _("Build convolutional networks and understand them."), epilog)
    languages, command_word = ",".join(i18n.languages()), _("COMMAND")
    parser.usage = f"{PROGRAM} [--language {{{languages}}}] {command_word} ..."
    parser.add_argument("--version", action="store_true", help=_("show the version and end"))
    parser.add_argument(
        "--self-test",
        nargs="?",
        choices=SELF_TESTS,
        const=SELF_TESTS[0],
        help=_("try every part of this installation, in a minute or two; quick tries a few networks instead of all"),
    )
    parser.add_argument(
        "--json", action="store_true", help=_("with --self-test: print one JSON document and nothing else")
    )
    add_language(parser)
    return parser


def main_help(arguments: Sequence[str]) -> int:
    """Answers a command line without a command: the version, the self-test, the whole help, or three examples."""
    from cnn_studio import __version__

    parser = main_parser()
    options = parser.parse_args(arguments)
    if options.self_test:
        from cnn_studio.cli import self_test

        return self_test.execute(options.self_test, options.json)
    if options.version:
        print(f"{PROGRAM} {__version__}")
        return 0
    print(f"CNN Studio {__version__}: {parser.description}\n")
    print(examples_text(EXAMPLES))
    print("\n" + _("`cnn-studio --help` lists all commands."))
    if not arguments:
        print(_("The window opens where there is a screen."))
    return 0
