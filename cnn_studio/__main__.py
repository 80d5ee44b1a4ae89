"""The start of the program: the language, a terminal that can print every text, then the command line."""

import codecs
import io
import sys
import unicodedata
from collections.abc import Sequence

from cnn_studio import i18n


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the studio with these arguments (those of the process when none are given); the exit status."""
    _print_everywhere()
    i18n.set_language(i18n.system_language())
    from cnn_studio.cli.main import run

    return run(argv)


def _print_everywhere() -> None:
    """A terminal that lacks a sign gets the nearest one it has, instead of ending the program."""
    codecs.register_error("nearest", _nearest_signs)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="nearest")


def _nearest_signs(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    signs = (
        unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?"
        for sign in error.object[error.start : error.end]
    )
    return "".join(signs), error.end


if __name__ == "__main__":
    sys.exit(main())
