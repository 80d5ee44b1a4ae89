"""Registries of kinds, filled by importing every module of a folder. The packager asks them what to carry."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Things by name, in the order in which they were declared; the folder is imported at first use.

    Attributes:
        package: dotted name of the folder whose modules declare the kinds.
    """

    def __init__(self, package: str) -> None:
        self.package = package
        self._things: dict[str, T] = {}
        self._complete = False

    def register(self, name: str, thing: T) -> T:
        """Add one; two of one name are a mistake in the program."""
        if name in self._things:
            raise ValueError(f"{self.package}: two things are called {name!r}")
        self._things[name] = thing
        return thing

    def declare(self, name: str) -> Callable[[T], T]:
        """Decorator form of ``register``."""
        return lambda thing: self.register(name, thing)

    def modules(self) -> list[str]:
        """Dotted names of the folder's modules, sorted."""
        folder = importlib.import_module(self.package)
        return sorted(f"{self.package}.{info.name}" for info in pkgutil.iter_modules(folder.__path__))

    def _discover(self) -> dict[str, T]:
        if not self._complete:
            for module in self.modules():
                importlib.import_module(module)
            self._complete = True
        return self._things

    def get(self, name: str) -> T | None:
        """The thing of that name, or None."""
        return self._discover().get(name)

    def __getitem__(self, name: str) -> T:
        return self._discover()[name]

    def __contains__(self, name: object) -> bool:
        return name in self._discover()

    def __iter__(self) -> Iterator[str]:
        return iter(self._discover())

    def __len__(self) -> int:
        return len(self._discover())

    def values(self) -> list[T]:
        """All of them, in order."""
        return list(self._discover().values())
