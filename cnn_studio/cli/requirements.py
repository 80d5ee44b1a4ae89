"""What the studio needs of other packages, as its own metadata says it, and whether a version satisfies that."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import metadata
from typing import NamedTuple

PACKAGE = "cnn-studio"

_LINE = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(?:\[[^]]*\])?\s*\(?([^;)]*)\)?\s*(?:;\s*(.*))?$")
_BOUND = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*([0-9][^\s,]*)\s*$")
_EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")
_PYTHON = re.compile(r"""python_version\s*(>=|<=|==|!=|>|<)\s*["']([0-9.]+)["']""")


class Need(NamedTuple):
    """One package that is needed.

    Attributes:
        bounds: comparisons that its version must satisfy, as (">=", "2.6").
        extra: name of the optional part that needs it, or "" when the studio itself does.
    """

    name: str
    bounds: tuple[tuple[str, str], ...]
    extra: str

    def accepts(self, version: str) -> bool:
        """Whether that version will do."""
        return all(compare(version, sign, bound) for sign, bound in self.bounds)

    @property
    def wanted(self) -> str:
        """The bounds as pip reads them: ">=2.6,<3"."""
        return ",".join(sign + bound for sign, bound in self.bounds)


def needs() -> list[Need]:
    """What this Python needs, in the order of the metadata; PackageNotFoundError when the studio has none."""
    return list(parse(metadata.requires(PACKAGE) or [], sys.version_info[:2]))


def installed(name: str) -> str | None:
    """The version of a package, or None when it is not there."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def parse(lines: list[str], python: tuple[int, ...]) -> Iterator[Need]:
    """The needs in these lines of metadata that concern that Python; tools for development are left out."""
    current = ".".join(map(str, python))
    for line in lines:
        match = _LINE.match(line)
        if match is None:
            continue
        name, bounds, marker = match.group(1), match.group(2), match.group(3) or ""
        extra = _EXTRA.search(marker)
        if name == PACKAGE or (extra and extra.group(1) == "dev"):
            continue
        if not all(compare(current, sign, bound) for sign, bound in _PYTHON.findall(marker)):
            continue
        found = [_BOUND.match(bound) for bound in bounds.split(",") if bound.strip()]
        yield Need(name, tuple((one.group(1), one.group(2)) for one in found if one), extra.group(1) if extra else "")


def compare(version: str, sign: str, bound: str) -> bool:
    """Whether a version stands in that relation to another; only the numbers before any suffix count."""
    ours, theirs = numbers(version), numbers(bound)
    longest = max(len(ours), len(theirs))
    ours, theirs = ours + (0,) * (longest - len(ours)), theirs + (0,) * (longest - len(theirs))
    return {
        ">=": ours >= theirs,
        "<=": ours <= theirs,
        ">": ours > theirs,
        "<": ours < theirs,
        "==": ours == theirs,
        "!=": ours != theirs,
    }[sign]


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version: "2.13.0+cpu" is (2, 13, 0)."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in match.group().split(".")) if match else ()
