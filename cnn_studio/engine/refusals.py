"""What the engine refuses, as a sentence for a person."""

from __future__ import annotations

from cnn_studio.core.files import FileError
from cnn_studio.core.files import reason as reason_of
from cnn_studio.core.plans.plan import PlanError
from cnn_studio.core.words import say
from cnn_studio.engine.compile import CompileError
from cnn_studio.engine.datasets.base import DataError
from cnn_studio.engine.device import lacks_memory
from cnn_studio.engine.finding import RunError
from cnn_studio.engine.record import RecordError
from cnn_studio.i18n import N_

REFUSALS = (DataError, CompileError, PlanError, RunError, RecordError, FileError)
"""What is raised with a sentence for the person."""


def sentence_of(words: str) -> str:
    """Words of the engine as a sentence of their own: a large letter at the beginning, a full stop at the end."""
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith(('.', '?')) else '.'}"


def sentence_of_error(error: BaseException) -> str | None:
    """The sentence for what the engine refuses and for what a machine can fail in; None for a mistake of the studio."""
    if isinstance(error, REFUSALS):
        return sentence_of(str(error))
    if lacks_memory(error):
        return sentence_of(
            str(say(N_("there was not enough memory: close other programs, or choose something smaller")))
        )
    if isinstance(error, OSError):
        return sentence_of(str(reason_of(error)))
    return None
