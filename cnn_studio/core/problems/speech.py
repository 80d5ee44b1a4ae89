"""Values that are written only when a sentence is read: lists of names, amounts with their noun, sums."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import CHANNELS_FIRST, notation
from cnn_studio.i18n import _, data_size, integer, ngettext, pgettext

MOST_NAMES = 4
_BEGINS_LIKE_I = re.compile(r"h?[ií](?![aeo])", re.IGNORECASE)
"""Before such a word Spanish says “e” instead of “y”."""


@dataclass(frozen=True)
class Names:
    """Names of layers in a row: "conv1, conv2 and conv3"; a long row is cut short."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        if len(self.names) == 1:
            return self.names[0]
        if len(self.names) > MOST_NAMES:
            return _("{names} and {n} more").format(
                names=", ".join(self.names[: MOST_NAMES - 1]), n=integer(len(self.names) - MOST_NAMES + 1)
            )
        template = _("{names} and {last}")
        if _BEGINS_LIKE_I.match(self.names[-1]):
            template = pgettext("before a word that begins like “input”", "{names} and {last}")
        return template.format(names=", ".join(self.names[:-1]), last=self.names[-1])


@dataclass(frozen=True)
class Counted:
    """An amount with its noun, in the right plural; ``form`` is a call of ngettext."""

    n: int
    form: Callable[[int], str]

    def __str__(self) -> str:
        return self.form(self.n).format(n=integer(self.n))


def axes(n: int) -> Counted:
    """ "2 axes"."""
    return Counted(n, _axes)


def numbers(n: int) -> Counted:
    """ "400 numbers"."""
    return Counted(n, _numbers)


def classes(n: int) -> Counted:
    """ "10 classes"."""
    return Counted(n, _classes)


def _axes(n: int) -> str:
    return ngettext("{n} axis", "{n} axes", n)


def _numbers(n: int) -> str:
    return ngettext("{n} number", "{n} numbers", n)


def _classes(n: int) -> str:
    return ngettext("{n} class", "{n} classes", n)


@dataclass(frozen=True)
class Bytes:
    """An amount of memory: "1.2 GB"."""

    count: int

    def __str__(self) -> str:
        return data_size(self.count)


@dataclass(frozen=True)
class Factors:
    """The sizes of a shape as they are multiplied: "5·5·16"."""

    shape: Shape

    def __str__(self) -> str:
        channels, sizes = self.shape
        factors = (channels, *sizes) if notation() == CHANNELS_FIRST else (*sizes, channels)
        return "·".join(integer(factor) for factor in factors)


@dataclass(frozen=True)
class Path:
    """Names along a way through the network: "conv1 → relu1 → conv1"."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        names = self.names
        if len(names) > MOST_NAMES + 2:
            names = (*names[:MOST_NAMES], "…", names[-1])
        return " → ".join(names)
