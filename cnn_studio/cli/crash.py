"""What is said and kept when the studio itself makes a mistake."""

from __future__ import annotations

import sys
import traceback

from cnn_studio.core import error_log
from cnn_studio.core.files import reason
from cnn_studio.i18n import _


def show(error: Exception) -> None:
    """Prints the details of an error."""
    traceback.print_exception(error, file=sys.stderr)


def sentence(error: Exception) -> str:
    """Keeps the details of an error in a file; what to tell the person."""
    kind = type(error).__name__
    try:
        error_log.keep(error)
    except OSError:
        return _("Something went wrong inside the studio ({kind}). CNN_STUDIO_DEBUG=1 shows the details.").format(
            kind=kind
        )
    return _("Something went wrong inside the studio ({kind}). The details are in {file}.").format(
        kind=kind, file=error_log.log_file()
    )


def unprinted(error: OSError) -> str:
    """What to tell when standard output cannot take the answer."""
    return _("The answer could not be printed: {reason}.").format(reason=reason(error))
