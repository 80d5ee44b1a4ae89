"""The .cnnstudio file: a zip of readable JSON, and the weights as safetensors. Opening a stranger's file runs nothing.

Members: ``project.json`` (format number, program, name, story, data), ``graph.json`` (the network), ``plan.json`` (how
it is trained), ``view.json`` (what the window remembers), ``weights.safetensors``. Others are kept as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from pydantic import Field

from cnn_studio import __version__
from cnn_studio.core.archive import MOST_BYTES, read_members, write_members
from cnn_studio.core.context import DataFacts
from cnn_studio.core.fields import Model, number, size
from cnn_studio.core.files import FileError, ProjectError, open_regular, reason, write_atomically
from cnn_studio.core.graph import LONGEST_NOTE, Graph, name_problem
from cnn_studio.core.graph_json import MOST_LAYERS, checked, graph_text, read_graph
from cnn_studio.core.json_text import read_json, refuse, write_json
from cnn_studio.core.shapes import Shape
from cnn_studio.core.weights import WEIGHTS, weight_shapes
from cnn_studio.core.words import Words, one_line
from cnn_studio.i18n import N_

SUFFIX = ".cnnstudio"
PROJECT, GRAPH, PLAN, VIEW = "project.json", "graph.json", "plan.json", "view.json"
LARGEST = {PROJECT: 4 * 2**20, GRAPH: 48 * 2**20, PLAN: 4 * 2**20, VIEW: 4 * 2**20}
"""Bytes of the JSON members, at most."""
OURS = frozenset({*LARGEST, WEIGHTS})
MOST_CLASSES = 50_000

Parts = dict[str, Any]
"""The JSON members of a file by name, read but not yet looked at."""

MIGRATIONS: list[Callable[[Parts], Parts]] = []
"""How to bring the parts of format 1 to format 2, of 2 to 3, and so on. Copied layers have a graph alone."""


@dataclass(frozen=True)
class Project:
    """All that one file holds.

    Attributes:
        graph: the network.
        name: what it is called, apart from its file's name.
        story: a paragraph about it by code of language.
        data: what it is trained on, or None.
        view: what the window remembers, plain JSON.
        plan: how it is trained, plain JSON, or None.
        weights: safetensors, or nothing.
        extra: members that this version does not know, by name; kept when saving.
    """

    graph: Graph
    name: str = ""
    story: Mapping[str, str] = field(default_factory=dict)
    data: DataFacts | None = None
    view: Mapping[str, Any] = field(default_factory=dict)
    plan: Mapping[str, Any] | None = None
    weights: bytes = b""
    extra: Mapping[str, bytes] = field(default_factory=dict)


class _DataEntry(Model):
    name: str = Field(max_length=200)
    sample: tuple[int, ...] = size((1, 28, 28), N_("Sample"), ge=1, le=1_048_576, single=False, axes=(1, 4))
    classes: list[str] = Field([], max_length=MOST_CLASSES)
    peak: float = number(255.0, N_("Largest value"), ge=1e-6, le=1e12)


class _ProjectEntry(Model):
    format: int
    program: str = Field("", max_length=200)
    name: str = ""
    story: dict[str, str] = Field({}, max_length=20)
    data: dict[str, Any] | None = None


def newest_format() -> int:
    """The format number that this version writes."""
    return 1 + len(MIGRATIONS)


# -- writing ----------------------------------------------------------------------------------------------------------


def write_project(project: Project, path: Path) -> None:
    """Save a project. Raises ProjectError; then the file is as it was before."""
    try:
        write_atomically(path, to_bytes(project))
    except FileError as error:
        raise _about(path, error) from None


def to_bytes(project: Project) -> bytes:
    """The file of a project; equal projects give equal bytes. Raises ProjectError for what could not be read again."""
    entry = _project_entry(project)
    _check_texts(checked(_ProjectEntry, entry, PROJECT))
    members = {PROJECT: write_json(entry, PROJECT)}
    if len(project.graph.nodes) > MOST_LAYERS:
        refuse(GRAPH, N_("it has {count} layers, and at most {limit} are read"),
               count=len(project.graph.nodes), limit=MOST_LAYERS)  # fmt: skip
    members[GRAPH] = graph_text(project.graph).encode("utf-8")
    if project.plan is not None:
        members[PLAN] = write_json(dict(project.plan), PLAN, sort=True)
    if project.view:
        members[VIEW] = write_json(dict(project.view), VIEW, sort=True)
    for name, data in members.items():
        _check_length(name, data)
    weight_shapes(project.weights)
    if project.weights:
        members[WEIGHTS] = project.weights
    extra = {name: data for name, data in sorted(project.extra.items()) if name not in OURS}
    return write_members({**members, **extra}, stored=(WEIGHTS,))


def _project_entry(project: Project) -> dict[str, Any]:
    data = project.data
    return {
        "format": newest_format(),
        "program": f"CNN Studio {__version__}",
        "name": project.name,
        "story": dict(sorted(project.story.items())),
        "data": data and _data_entry(data),
    }


def _data_entry(data: DataFacts) -> dict[str, Any]:
    """The facts of the data; that bytes go up to 255 need not be said."""
    entry: dict[str, Any] = {"name": data.name, "sample": _flat(data.sample), "classes": list(data.classes)}
    return entry if data.peak == DataFacts.peak else {**entry, "peak": data.peak}


def _flat(shape: Shape) -> list[int]:
    return [shape.channels, *shape.sizes]


def _check_length(name: str, data: bytes) -> None:
    if len(data) > LARGEST[name]:
        refuse(name, N_("it is larger than {limit} bytes"), limit=LARGEST[name])


# -- reading ----------------------------------------------------------------------------------------------------------


def read_project(path: Path) -> Project:
    """Open a project. Raises ProjectError with the file, the place in it and what is wrong there."""
    try:
        with open_regular(path) as stream:
            return _read(read_members(stream, LARGEST))
    except OSError as error:
        raise ProjectError(N_("{place}: {problem}"), place=_shown(path), problem=reason(error)) from None
    except FileError as error:
        raise _about(path, error) from None


def from_bytes(data: bytes) -> Project:
    """The project of a file's bytes. Raises ProjectError with the place and what is wrong there."""
    return _read(read_members(BytesIO(data), LARGEST))


def _about(path: Path, error: FileError) -> ProjectError:
    return ProjectError(N_("{place}: {problem}"), place=_shown(path), problem=error.words)


def _shown(path: Path) -> str:
    return one_line(str(path), 200)


def _read(members: dict[str, bytes]) -> Project:
    for name in (PROJECT, GRAPH):
        if name not in members:
            raise ProjectError(N_("it is not a project of CNN Studio: {name} is missing in it"), name=name)
    parts: Parts = {PROJECT: read_json(members.pop(PROJECT), PROJECT)}
    number = format_of(parts[PROJECT], PROJECT)
    for name in (GRAPH, PLAN, VIEW):
        if name in members:
            parts[name] = read_json(members.pop(name), name)
    parts = migrated(parts, number)
    entry = checked(_ProjectEntry, parts[PROJECT], PROJECT)
    data = _check_texts(entry)
    weights = members.pop(WEIGHTS, b"")
    weight_shapes(weights)
    return Project(
        read_graph(parts[GRAPH], GRAPH),
        entry.name,
        entry.story,
        data,
        _plain(parts, VIEW) or {},
        _plain(parts, PLAN),
        weights,
        members,
    )


def format_of(value: Any, place: Words | str) -> int:
    """The format number; what a later version wrote is refused before anything else in it is looked at."""
    number = value.get("format") if isinstance(value, dict) else None
    if type(number) is not int or number < 1:
        refuse(place, N_("it does not say which format it has"))
    if number > newest_format():
        raise ProjectError(
            N_(
                "{place} was written by a newer version of CNN Studio (format {number}; this version reads up to {newest})"
            ),
            place=place,
            number=number,
            newest=newest_format(),
        )
    return number


def migrated(parts: Parts, number: int) -> Parts:
    """The parts of an older format as this version has them."""
    for migrate in MIGRATIONS[number - 1 :]:
        parts = migrate(parts)
    return parts


def _check_texts(entry: _ProjectEntry) -> DataFacts | None:
    """Raises ProjectError for a name or a story that nobody could read; the data as the rest of the program has them."""
    problem = name_problem(entry.name) if entry.name else None
    if problem:
        refuse(PROJECT, "{problem}", problem=problem)
    for language, paragraph in entry.story.items():
        if len(language) > 20 or len(paragraph) > LONGEST_NOTE:
            refuse(PROJECT, N_("the story is too long: at most {limit} letters"), limit=LONGEST_NOTE)
    return _data(entry.data)


def _data(value: dict[str, Any] | None) -> DataFacts | None:
    if value is None:
        return None
    entry = checked(_DataEntry, value, PROJECT)
    for name in (entry.name, *entry.classes):
        problem = name_problem(name)
        if problem:
            refuse(PROJECT, N_("data: {problem}"), problem=problem)
    return DataFacts(entry.name, Shape(entry.sample[0], entry.sample[1:]), tuple(entry.classes), entry.peak)


def _plain(parts: Parts, name: str) -> dict[str, Any] | None:
    value = parts.get(name)
    if value is not None and not isinstance(value, dict):
        refuse(name, N_("there must be an object in braces here"))
    return value


__all__ = [
    "MIGRATIONS",
    "MOST_BYTES",
    "SUFFIX",
    "Project",
    "ProjectError",
    "from_bytes",
    "newest_format",
    "read_project",
    "to_bytes",
    "write_project",
]
