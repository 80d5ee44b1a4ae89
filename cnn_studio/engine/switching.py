"""How long a thread that wants to run Python waits for the one that does."""

from __future__ import annotations

import sys

SWITCH = 0.0002
"""Seconds after which a thread gives way to another that wants to run."""


def switch_often() -> None:
    """From now on no thread of this process waits longer than that.

    Torch lets go of Python for every operation and takes it up again after it: beside a thread that decodes pictures, or
    paints, each of the small operations of a step would wait five milliseconds. (Beside a window that paints, a fifth of
    a millisecond let 4 % more be learned than one.)
    """
    if sys.getswitchinterval() > SWITCH:
        sys.setswitchinterval(SWITCH)
