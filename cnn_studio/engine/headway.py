"""How far slow work has come: told, in the same thread, to whoever wants to hear it and may end it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[float], object]
"""Called with the share that is done, from 0 to 1. What it raises ends the work."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


class GivenUpError(Exception):
    """Raised by a listener: nobody wants the result any more."""


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Work that is done while this lasts, in this thread, tells the listener how far it is."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(done: float, total: float) -> None:
    """So much of the work is done. Does nothing where nobody listens."""
    listener = _listener.get()
    if listener is not None:
        listener(min(1.0, done / total) if total else 1.0)
