"""The page of the manual (``man cnn-studio``), written from the commands themselves."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

from cnn_studio import __version__, i18n
from cnn_studio.cli import parsing
from cnn_studio.i18n import _

TITLES = {
    "en": {
        "name": "NAME", "synopsis": "SYNOPSIS", "options": "OPTIONS", "commands": "COMMANDS", "examples": "EXAMPLES",
        "files": "FILES", "environment": "ENVIRONMENT", "status": "EXIT STATUS",
    },
    "es": {
        "name": "NOMBRE", "synopsis": "SINOPSIS", "options": "OPCIONES", "commands": "ÓRDENES", "examples": "EJEMPLOS",
        "files": "ARCHIVOS", "environment": "ENTORNO", "status": "ESTADO DE SALIDA",
    },
}  # fmt: skip
SYNOPSIS = {
    "en": ("FILE.cnnstudio", "the window; on a machine without a screen, what there is to type"),
    "es": ("ARCHIVO.cnnstudio", "la ventana; en una máquina sin pantalla, lo que se puede escribir"),
}
FILES = {
    "en": {
        "~/.config/cnn-studio": "settings",
        "~/.local/share/cnn-studio": "runs, drawings and data that were fetched",
        "~/.local/state/cnn-studio": "logs, and what a crash must not lose",
        "~/.cache/cnn-studio": "what can be made again",
    },
    "es": {
        "~/.config/cnn-studio": "ajustes",
        "~/.local/share/cnn-studio": "entrenamientos, dibujos y datos descargados",
        "~/.local/state/cnn-studio": "registros, y lo que un fallo no debe perder",
        "~/.cache/cnn-studio": "lo que se puede volver a hacer",
    },
}
ENVIRONMENT = {
    "en": {
        "CNN_STUDIO_HOME": "one folder for all of these",
        "CNN_STUDIO_LANGUAGE": "en or es, whatever the system speaks",
        "CNN_STUDIO_DEBUG": "shows the details of an error of the studio's own",
    },
    "es": {
        "CNN_STUDIO_HOME": "una sola carpeta para todo ello",
        "CNN_STUDIO_LANGUAGE": "en o es, hable lo que hable el sistema",
        "CNN_STUDIO_DEBUG": "muestra los detalles de un error del propio programa",
    },
}
STATUS = {
    "en": {"0": "done", "1": "could not be done", "2": "used wrongly"},
    "es": {"0": "hecho", "1": "no se pudo hacer", "2": "mal usado"},
}


def page(language: str) -> str:
    """The page in one language, as troff reads it."""
    before = i18n.language()
    i18n.set_language(language)
    try:
        return "\n".join(_lines(language)) + "\n"
    finally:
        i18n.set_language(before)


def _lines(language: str) -> Iterator[str]:
    titles, main = TITLES[language], parsing.main_parser()
    file, meaning = SYNOPSIS[language]
    yield f'.TH CNN-STUDIO 1 "" "CNN Studio {__version__}" "CNN Studio"'
    yield f'.SH "{titles["name"]}"'
    yield f"cnn\\-studio \\- {_text((main.description or '').rstrip('.'))}"
    yield f'.SH "{titles["synopsis"]}"'
    yield from (f".B cnn\\-studio\n.RI [ {_text(file)} ]\n.PP", _text(f"{meaning}."))
    yield from (".PP", f".B cnn\\-studio\n.I {_text(_('COMMAND'))}\n\\&...")
    yield f'.SH "{titles["options"]}"'
    yield from _options(main)
    yield f'.SH "{titles["commands"]}"'
    for name in parsing.names():
        parser = parsing.parser_of(name)
        yield from (f'.SS "cnn\\-studio {name}"', _text(parser.description or ""))
        yield from _options(parser)
    yield f'.SH "{titles["examples"]}"'
    for line, what in parsing.EXAMPLES:
        yield from (".TP", f".B {_text(line)}", _text(_(what)))
    for name, entries in (("files", FILES), ("environment", ENVIRONMENT), ("status", STATUS)):
        yield f'.SH "{titles[name]}"'
        for key, what in entries[language].items():
            yield from (".TP", f".B {_text(key)}", _text(what))


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """What a command takes; the options of every command stand with the first that says them."""
    for action in parser._actions:
        shared = {"-h", "--json", "--language", "--notation"} & set(action.option_strings)
        if action.help == argparse.SUPPRESS or (shared and not isinstance(parser.usage, str)):
            continue
        yield from (".TP", f".B {_text(_names(action))}", _text(_help(action)))


def _names(action: argparse.Action) -> str:
    value = action.metavar or (f"{{{','.join(map(str, action.choices))}}}" if action.choices else "")
    shown = " ".join(value) if isinstance(value, tuple) else value
    if not action.option_strings:
        return shown or action.dest
    takes = action.nargs != 0
    return ", ".join(f"{name} {shown or action.dest.upper()}" if takes else name for name in action.option_strings)


def _help(action: argparse.Action) -> str:
    return (action.help or "") % {"default": action.default, "prog": parsing.PROGRAM}


def _text(text: str) -> str:
    """A text that troff takes literally."""
    clean = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{clean}" if clean.startswith((".", "'")) else clean


def languages() -> Iterable[str]:
    """The languages in which there is a page."""
    return TITLES
