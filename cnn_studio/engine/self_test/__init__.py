"""Whether this installation can do its work: every part of it is tried once. ``cnn-studio --self-test`` asks.

Nothing here belongs to one kind of layer or one starter: what there is, is found as the program finds it. Importing
this loads neither torch nor Qt.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import cnn_studio
from cnn_studio.core.kinds import Registry
from cnn_studio.core.words import Words, say
from cnn_studio.i18n import N_, ngettext

WINDOW = "cnn_studio.gui"
"""The folder whose modules need Qt."""


class Trial(NamedTuple):
    """One part that was tried.

    Attributes:
        name: of the part.
        problem: why it does not work, "" when it does.
        found: what was seen.
        counts: how many kinds each registry has, where registries were asked.
    """

    name: str
    problem: str = ""
    found: str = ""
    seconds: float = 0.0
    counts: Mapping[str, int] = {}


class TrialError(Exception):
    """A part does not work; carries the sentence that says why."""

    def __init__(self, template: str, /, **values: Any) -> None:
        super().__init__(template)
        self.words: Words = say(template, **values)

    def __str__(self) -> str:
        return str(self.words)


def tried(name: str, work: Callable[[], str]) -> Trial:
    """Do some work that tells what was seen. Never raises: whatever goes wrong is the answer."""
    begun = time.perf_counter()
    try:
        found, problem = work(), ""
    except Exception as error:
        found, problem = "", reason(error)
    return Trial(name, problem, found, time.perf_counter() - begun)


def reason(error: Exception) -> str:
    """What an error says, in one line; what is no sentence of the studio's own begins with the kind of error."""
    text = " ".join(str(error).split())
    ours = type(error).__module__.startswith(cnn_studio.__name__)
    return text if ours and text else f"{type(error).__name__}: {text}".rstrip(": ")


@contextmanager
def step(template: str, /, **values: Any) -> Iterator[None]:
    """One step of a trial, as ``say`` takes it: an error says that it failed there. Raises TrialError."""
    try:
        yield
    except Exception as error:
        raise TrialError(N_("{step} failed: {reason}"), step=say(template, **values), reason=reason(error)) from error


# -- the program's own modules -----------------------------------------------------------------------------------------


def modules(window: bool) -> Iterator[Trial]:
    """Load every module there is: those of the window, or all the others. One trial each for those that cannot be."""
    begun, loaded = time.perf_counter(), 0
    for name in module_names(window):
        try:
            importlib.import_module(name)
            loaded += 1
        except Exception as error:
            yield Trial(name, str(say(N_("it cannot be loaded: {reason}"), reason=reason(error))))
    found = ngettext("{n} module loaded", "{n} modules loaded", loaded).format(n=loaded)
    yield Trial(WINDOW if window else cnn_studio.__name__, "", found, time.perf_counter() - begun)


def module_names(window: bool) -> list[str]:
    """All modules of the window, or all others but the start of the program."""
    found = [info.name for info in _below(cnn_studio.__path__, f"{cnn_studio.__name__}.")]
    return sorted(name for name in found if (name + ".").startswith(f"{WINDOW}.") is window)


def _below(path: Any, prefix: str) -> Iterator[pkgutil.ModuleInfo]:
    """Modules in these folders and those below; ``pkgutil.walk_packages`` would end at the first that is broken."""
    for info in pkgutil.iter_modules(path, prefix):
        if info.name.endswith(".__main__"):
            continue
        yield info
        if info.ispkg:
            try:
                package = importlib.import_module(info.name)
            except Exception:  # told by whoever loads it
                continue
            yield from _below(package.__path__, f"{info.name}.")


def registries(window: bool) -> Trial:
    """Every registry of the modules that are loaded has something in it."""
    counts: dict[str, int] = {}

    def work() -> str:
        for name, registry in _registries():
            if (registry.package + ".").startswith(f"{WINDOW}.") is window:
                counts[name] = len(registry)
                if not counts[name]:
                    raise TrialError(N_("there is nothing in {package}"), package=registry.package)
        return ", ".join(f"{name} {count}" for name, count in counts.items())

    return tried("registries", work)._replace(counts=counts)


def _registries() -> Iterator[tuple[str, Registry[Any]]]:
    """All registries of the modules that are loaded, under the names that they have there."""
    seen: set[int] = set()
    for module_name in sorted(sys.modules):
        if module_name.startswith(f"{cnn_studio.__name__}."):
            for name, value in list(vars(sys.modules[module_name]).items()):
                if isinstance(value, Registry) and id(value) not in seen:
                    seen.add(id(value))
                    yield name, value
