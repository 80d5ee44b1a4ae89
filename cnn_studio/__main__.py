"""The start of the program: the language, a terminal that can print every text, then the command line."""

import codecs
import gc
import importlib
import io
import os
import sys
import unicodedata
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from cnn_studio import i18n

NEAREST = str.maketrans(
    {
        "×": "x", "·": "*", "−": "-", "–": "-", "—": "-", "→": "->", "←": "<-", "…": "...", "“": '"', "”": '"',
        "«": '"', "»": '"', "‘": "'", "’": "'", "¿": "?", "¡": "!", "─": "-", "━": "-", "│": "|", "┃": "|",
        **dict.fromkeys("┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋┡┩╇", "+"),
    }
)  # fmt: skip
"""What stands for a sign in a terminal that lacks it, where that is not the letter without its accent."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the studio with these arguments (those of the process when none are given); the exit status."""
    _start_quickly()
    _print_everywhere()
    i18n.set_language(i18n.system_language())
    from cnn_studio.cli.main import run

    status = run(argv)
    gc.freeze()  # the process ends: what is left need not be searched for garbage first
    return status


def _start_quickly() -> None:
    """Leaves out of the start what nobody needs there; together it is a third of the time that a summary takes."""
    gc.set_threshold(50_000, 20, 50)  # importing makes many objects and hardly any garbage
    sys.modules.setdefault(_NoPlugins.NAME, _NoPlugins(_NoPlugins.NAME))


class _NoPlugins(ModuleType):
    """Stands in for the module in which pydantic looks through every package of this Python for plugins of its own.

    The studio uses none, and opening a file should run nothing else. Whatever else is asked of the module, it is
    loaded after all.
    """

    NAME = "pydantic.plugin._loader"

    @staticmethod
    def get_plugins() -> tuple[()]:
        """None."""
        return ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        sys.modules.pop(self.NAME, None)
        return getattr(importlib.import_module(self.NAME), name)


def _print_everywhere() -> None:
    """A terminal that lacks a sign gets the nearest one it has, instead of ending the program."""
    codecs.register_error("nearest", _nearest_signs)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed, or a program without a console
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="nearest")


def _nearest_signs(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    missing = error.object[error.start : error.end].translate(NEAREST)
    signs = (unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?" for sign in missing)
    return "".join(signs), error.end


if __name__ == "__main__":
    sys.exit(main())
