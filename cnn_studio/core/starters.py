"""The networks that come with the studio, as project files among its resources."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from cnn_studio.core.project import SUFFIX, Project, from_bytes
from cnn_studio.core.words import Words, one_line, say
from cnn_studio.i18n import N_, _

ORDER = (
    "quick-digits", "mlp", "lenet5", "course-digits", "course-letters", "alexnet", "zfnet", "vgg11", "vgg13", "vgg16",
    "vgg19", "tiny-vgg", "googlenet", "tiny-inception", "resnet18", "resnet34", "resnet50", "tiny-resnet", "mobilenet",
    "tiny-sound", "m3", "m5", "m11", "m18", "m34res", "tiny-video", "c3d",
)  # fmt: skip
"""In which order they are taught; others that lie in the folder come after, by name."""


class StarterError(Exception):
    """There is no such starter."""

    def __init__(self, template: str, /, **values: Any) -> None:
        super().__init__(template)
        self.words: Words = say(template, **values)

    def __str__(self) -> str:
        return str(self.words)


def _folder() -> Traversable:
    return files("cnn_studio").joinpath("resources", "starters")


@cache
def starter_names() -> tuple[str, ...]:
    """The names of all starters, in the order in which they are taught."""
    found = {item.name.removesuffix(SUFFIX) for item in _folder().iterdir() if item.name.endswith(SUFFIX)}
    return (*(name for name in ORDER if name in found), *sorted(found.difference(ORDER)))


SAMPLE = "sample"
"""The name by which commands know the network that has learned already."""


def open_sample() -> Project:
    """A network that has learned already to read digits, named in the language of the moment."""
    project = from_bytes(files("cnn_studio").joinpath("resources", "sample", f"digits{SUFFIX}").read_bytes())
    return replace(project, name=_("Sample digits"))


def open_starter(name: str) -> Project:
    """One starter. Raises StarterError for a name that none has, with the nearest one."""
    if name not in starter_names():
        from difflib import get_close_matches  # only a mistyped name pays for it

        near = get_close_matches(name.lower(), starter_names(), 1)
        if near:
            raise StarterError(
                N_("there is no starter “{name}”; did you mean “{near}”?"), name=one_line(name), near=near[0]
            )
        raise StarterError(N_("there is no starter “{name}”"), name=one_line(name))
    return from_bytes(_folder().joinpath(f"{name}{SUFFIX}").read_bytes())
