"""Finds the command that is asked for, carries it out, and says in one sentence what went wrong."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from cnn_studio import i18n, system_libraries
from cnn_studio.cli import output, parsing
from cnn_studio.cli.common import Failure
from cnn_studio.core import words
from cnn_studio.i18n import _

INTERRUPTED = 130
"""Exit status of a command that the person at the keyboard ended, as shells count it."""
READER_GONE = 141
"""Exit status of a command whose reader wanted no more (``| head``), as shells count it."""


def run(argv: Sequence[str] | None = None) -> int:
    """Carries out one command line (that of the process when none is given); the exit status.

    0: done, 1: could not be done, 2: used wrongly. The language and notation asked for last as long as the command.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    language, notation = i18n.language(), words.notation()
    try:
        return _status(arguments)
    finally:
        i18n.set_language(language)
        words.set_notation(notation)


def _status(arguments: list[str]) -> int:
    as_json = parsing.asks_for_json(arguments)
    try:
        return _guarded(arguments, as_json)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        output.silence()
        return READER_GONE
    except OSError as error:
        from cnn_studio.cli import crash

        if error.errno in (errno.ENOSPC, errno.EIO) and error.filename is None:  # what was printed found no place
            output.silence()
            return output.complain(crash.unprinted(error), as_json=False)
        return _unexpected(error, as_json)
    except Exception as error:
        return _unexpected(error, as_json)


def _guarded(arguments: list[str], as_json: bool) -> int:
    """The status of a command, with the failures that commands foresee said in their words."""
    try:
        status = _carry_out(arguments)
    except parsing.HelpShown:
        status = 0
    except parsing.UsageError as error:
        output.message(error.usage)
        status = output.complain(str(error), as_json, status=2)
    except Failure as failure:
        status = output.complain(str(failure), as_json)
    sys.stdout.flush()
    return status


def _carry_out(arguments: list[str]) -> int:
    language = parsing.choose_language(arguments)
    file = parsing.file_to_open(arguments)
    if file is not None and system_libraries.has_display():
        return _window(file, language)
    if file:
        sentence = _("There is no screen here to open {file} on; this shows what it holds: cnn-studio summary {file}")
        raise Failure(sentence.format(file=file))
    name, rest = parsing.split(arguments)
    if name is None:
        return parsing.main_help(arguments)
    options = parsing.parser_of(name).parse_args(rest)
    words.set_notation(options.notation)
    return parsing.command(name).execute(options)


def _window(file: str, language: str) -> int:
    """The window, with a file in it unless there is none, in a language unless none was asked for."""
    from cnn_studio.engine.loading import before_qt

    before_qt()
    from cnn_studio.gui import app

    return app.start(Path(file) if file else None, language or i18n.asked_language())


def _unexpected(error: Exception, as_json: bool) -> int:
    """A mistake of the studio's own: one sentence, and the details where they can be sent from."""
    from cnn_studio.cli import crash

    if os.environ.get("CNN_STUDIO_DEBUG"):
        crash.show(error)
    return output.complain(crash.sentence(error), as_json)
