"""A constructor call as data: exporters print it, the engine carries it out, so the two cannot drift apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Arg(NamedTuple):
    """Stands for the n-th input of a layer inside a Call that is carried out anew for every batch."""

    position: int


@dataclass(frozen=True, slots=True)
class Call:
    """``target(*args, **kwargs)`` with plain values, tuples of them, or other Calls as arguments.

    A Call without any ``Arg`` inside makes a module once (``nn.Conv2d(1, 6, 5)``). One with an
    ``Arg`` is a function of the inputs (``torch.add(a, b)``).
    """

    target: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)

    @property
    def is_function(self) -> bool:
        """Whether this is carried out for every batch rather than once."""
        return any(isinstance(value, Arg) for value in self.leaves())

    def leaves(self) -> Iterator[Any]:
        """Every plain value among the arguments, Calls and tuples opened."""
        for value in (*self.args, *self.kwargs.values()):
            yield from _leaves(value)

    def calls(self) -> Iterator[Call]:
        """This Call and every Call inside it."""
        yield self
        for value in (*self.args, *self.kwargs.values()):
            yield from _calls(value)

    def source(self, inputs: tuple[str, ...] = ()) -> str:
        """The Call as Python text; ``inputs`` are the names that stand for its Args."""
        parts = [_source(value, inputs) for value in self.args]
        parts += [f"{name}={_source(value, inputs)}" for name, value in self.kwargs.items()]
        return f"{self.target}({', '.join(parts)})"


def call(target: str, /, *args: Any, **kwargs: Any) -> Call:
    """A Call, written as the call itself is written."""
    return Call(target, args, kwargs)


def changed(**pairs: tuple[Any, Any]) -> dict[str, Any]:
    """Keyword arguments that differ from their default: ``changed(stride=(2, 1))`` is ``{"stride": 2}``."""
    return {name: value for name, (value, default) in pairs.items() if value != default}


def compact(values: tuple[int, ...]) -> int | tuple[int, ...]:
    """One number where all axes have the same, as people write it: (3, 3) is 3."""
    return values[0] if len(set(values)) == 1 else values


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Call):
        yield from value.leaves()
    elif isinstance(value, (tuple, list)) and not isinstance(value, Arg):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _calls(value: Any) -> Iterator[Call]:
    if isinstance(value, Call):
        yield from value.calls()
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _calls(item)


def _source(value: Any, inputs: tuple[str, ...]) -> str:
    if isinstance(value, Arg):
        return inputs[value.position]
    if isinstance(value, Call):
        return value.source(inputs)
    if isinstance(value, tuple):
        inner = ", ".join(_source(item, inputs) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, list):
        return f"[{', '.join(_source(item, inputs) for item in value)}]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value)
