"""What several commands share: the failure they report, the network they open, what it is meant for."""

from __future__ import annotations

import argparse
import os
import re
from typing import TYPE_CHECKING, NamedTuple

from cnn_studio.core import words
from cnn_studio.i18n import _

if TYPE_CHECKING:
    from cnn_studio.core.context import Context
    from cnn_studio.core.project import Project
    from cnn_studio.core.shapes import Shape

LARGEST_SIZE = 1_048_576
MOST_CLASSES = 100_000
LARGEST_BATCH = 1_000_000


class Failure(Exception):  # noqa: N818 - a command that could not do its work
    """The work cannot be done; carries the sentence that says why, in the reader's language."""


class Net(NamedTuple):
    """A network that a command was given.

    Attributes:
        name: what to call it: the name of the project, or else that of its file or run.
        starter: whether it came with the studio.
    """

    project: Project
    name: str
    starter: bool


# -- the network ------------------------------------------------------------------------------------------------------


def add_net(parser: argparse.ArgumentParser) -> None:
    """The argument that names a network."""
    parser.add_argument("net", metavar=_("NET"), help=_("the name of a starter, a .cnnstudio file, or a run"))


def open_net(text: str) -> Net:
    """The network that a person names. Raises Failure with one sentence when there is none."""
    from cnn_studio.core.starters import open_starter, starter_names
    from cnn_studio.engine.finding import NETWORK, named_run, run_folder

    if text in starter_names():
        project = open_starter(text)
        return Net(project, project.name or text, starter=True)
    run = named_run(text, run_folder())
    if run is not None:
        return _open_file(str(run / NETWORK), run.name)
    if os.path.lexists(text):
        return _open_file(text)
    if os.sep in text or "." in text:  # no starter is called like this
        raise Failure(_("There is no file {file}.").format(file=text))
    raise Failure(no_starter(text))


def no_starter(text: str) -> str:
    """The sentence for a name that no starter has, with the nearest one."""
    from difflib import get_close_matches

    from cnn_studio.core.starters import starter_names

    near = get_close_matches(text.lower(), starter_names(), 1)
    if near:
        return _("There is no network “{name}”; did you mean “{near}”?").format(name=text, near=near[0])
    return _("There is no network “{name}”; `cnn-studio starters` lists those there are.").format(name=text)


def _open_file(text: str, name: str = "") -> Net:
    from pathlib import Path

    from cnn_studio.core.project import ProjectError, read_project

    try:
        project = read_project(Path(text))
    except ProjectError as error:
        raise Failure(f"{error}.") from error
    return Net(project, project.name or name or Path(text).stem, starter=False)


# -- what it is meant for ---------------------------------------------------------------------------------------------


def add_context(parser: argparse.ArgumentParser) -> None:
    """The options that tell what the network is meant for, so that more can be checked."""
    group = parser.add_argument_group(_("what the network is meant for"))
    group.add_argument(
        "--sample", metavar=_("SHAPE"), type=_sample, help=_("the shape of one sample of the data, such as 28x28x1")
    )
    group.add_argument("--classes", metavar="N", type=_classes, help=_("how many classes the data has"))
    group.add_argument(
        "--batch", metavar="N", type=_batch, help=_("samples in a training batch, for the memory it takes (64)")
    )
    group.add_argument("--memory", metavar="GB", type=_memory, help=_("memory of the machine that trains it"))


def context_of(options: argparse.Namespace, project: Project) -> Context:
    """What is told by the options, and otherwise by the project. Raises Failure for half a description of data."""
    from cnn_studio.core.context import Context, DataFacts
    from cnn_studio.core.weights import weight_shapes

    data = project.data
    if options.sample is not None or options.classes is not None:
        if data is None and (options.sample is None or options.classes is None):
            raise Failure(_("--sample and --classes describe the data together: give both."))
        sample = parse_shape(options.sample) if options.sample is not None else data.sample  # type: ignore[union-attr]
        classes = data.classes if data and options.classes is None else _class_names(options.classes)
        data = DataFacts(_("the data"), sample, classes)
    trained = weight_shapes(project.weights)  # looked at when the project was read
    return Context(data=data, trained=trained, memory=options.memory, batch=options.batch or Context.batch)


def _class_names(count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(count))


def parse_shape(text: str) -> Shape:
    """A shape written in the notation in use: "28x28x1", or "1x28x28" with channels first."""
    from cnn_studio.core.shapes import Shape

    numbers = sizes_of(text)
    if words.notation() == words.CHANNELS_FIRST:
        return Shape(numbers[0], numbers[1:])
    return Shape(numbers[-1], numbers[:-1])


def sizes_of(text: str) -> tuple[int, ...]:
    """The numbers of "28x28x1". Raises ValueError."""
    numbers = tuple(int(part) for part in re.split(r"[x×*,]", text.strip().lower()))
    if not 1 <= len(numbers) <= 4 or not all(1 <= number <= LARGEST_SIZE for number in numbers):
        raise ValueError(text)
    return numbers


def _sample(text: str) -> str:
    """Checks a sample while arguments are read; the notation is known only afterwards."""
    try:
        sizes_of(text)
    except ValueError:
        sentence = _("“{text}” is no shape; write it as 28x28x1, with 1 to 4 numbers")
        raise argparse.ArgumentTypeError(sentence.format(text=text)) from None
    return text


def _classes(text: str) -> int:
    return whole(text, 1, MOST_CLASSES)


def _batch(text: str) -> int:
    return whole(text, 1, LARGEST_BATCH)


def _memory(text: str) -> int:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = 0.0
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(_("“{text}” is no number of gigabytes").format(text=text))
    return int(value * 1e9)


def whole(text: str, least: int, most: int) -> int:
    """A whole number between two others. Raises argparse's error with a sentence."""
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        sentence = _("“{text}” is no whole number from {least} to {most}")
        raise argparse.ArgumentTypeError(
            sentence.format(text=text, least=words.word(least), most=words.word(most))
        ) from None
    return value
