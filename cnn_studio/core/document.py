"""An open document: the current network, its history, and what changed, told to whoever listens.

The history keeps values, not commands: undo puts the old value back. Selection belongs to the windows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cnn_studio.core.analysis import Report, analyse
from cnn_studio.core.context import Context, DataFacts
from cnn_studio.core.edits import EditError
from cnn_studio.core.graph import Graph, name_problem
from cnn_studio.core.problems import Diagnosis, diagnose
from cnn_studio.core.project import Project, read_project, write_project
from cnn_studio.core.step_names import Difference, difference, name_of
from cnn_studio.core.weights import weight_shapes
from cnn_studio.core.words import Words, say
from cnn_studio.i18n import N_


@dataclass(frozen=True)
class Change:
    """One edit, as listeners are told of it.

    Attributes:
        before, after: the graphs as shown before and after.
        added, removed, changed: ids of layers; changed are those with another layer, name, place or note.
        edges: ids of layers that are fed by others than before, or in another order.
        groups: ids of groups that came, went or are not as before.
        facts: ids of layers of which the report says something else (shapes, counts, errors).
        parts: what else changed: "name", "story", "data", "plan", "view", "weights", "context", "saved", "history".
        preview: whether what is shown is only tried out, and no step yet.
    """

    before: Graph
    after: Graph
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    edges: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    preview: bool = False


@dataclass(frozen=True, eq=False)
class _Content:
    """What undo goes back to. Compared by identity."""

    graph: Graph
    name: str
    story: Mapping[str, str]
    data: DataFacts | None
    plan: Mapping[str, Any] | None


@dataclass(frozen=True)
class _Step:
    """One step of the history: what there was before (or, among those undone, after), and what it is called."""

    content: _Content
    name: Words
    merge: str = ""


Listener = Callable[[Change], None]
_CONTENT_PARTS = ("name", "story", "data", "plan")


class Document:
    """A project that is being edited.

    Attributes:
        path: the file it was opened from or saved to, or None.
        extra: members of the file that this version does not know.
    """

    def __init__(self, project: Project | None = None, path: Path | None = None) -> None:
        project = project or Project(Graph())
        self.path = path
        self.extra = project.extra
        self._content = _Content(project.graph, project.name, project.story, project.data, project.plan)
        self._view, self._weights = project.view, project.weights
        self._saved: tuple[_Content, bytes] | None = (self._content, self._weights)
        self._past: list[_Step] = []
        self._future: list[_Step] = []
        self._preview: Graph | None = None
        self._context = Context(project.data, weight_shapes(project.weights))
        self._report = analyse(project.graph)
        self._diagnosis: Diagnosis | None = None
        self._listeners: list[Listener] = []
        self._waiting: deque[Change] = deque()
        self._announcing = False

    @classmethod
    def open(cls, path: Path) -> Document:
        """The document of a file. Raises ProjectError."""
        return cls(read_project(path), path)

    # -- what there is ------------------------------------------------------------------------------------------------

    @property
    def graph(self) -> Graph:
        """The network as shown: the one tried out, if there is one."""
        return self._content.graph if self._preview is None else self._preview

    @property
    def is_previewing(self) -> bool:
        """Whether the network shown is only tried out."""
        return self._preview is not None

    @property
    def name(self) -> str:
        """What the project is called."""
        return self._content.name

    @property
    def story(self) -> Mapping[str, str]:
        """A paragraph about it by code of language."""
        return self._content.story

    @property
    def data(self) -> DataFacts | None:
        """What it is trained on."""
        return self._content.data

    @property
    def plan(self) -> Mapping[str, Any] | None:
        """How it is trained, plain JSON."""
        return self._content.plan

    @property
    def view(self) -> Mapping[str, Any]:
        """What the window remembers, plain JSON."""
        return self._view

    @property
    def weights(self) -> bytes:
        """Its weights as safetensors."""
        return self._weights

    @property
    def project(self) -> Project:
        """The document as a value, without what is only tried out."""
        now = self._content
        return Project(now.graph, now.name, now.story, now.data, self._view, now.plan, self._weights, self.extra)

    @property
    def context(self) -> Context:
        """What the network is meant for."""
        return self._context

    @property
    def report(self) -> Report:
        """The analysis of the network as shown."""
        return self._report

    @property
    def diagnosis(self) -> Diagnosis:
        """The problems of the network as shown; worked out when asked for."""
        found = self._diagnosis
        if found is None or found.report is not self._report or found.context is not self._context:
            found = self._diagnosis = diagnose(self._report, self._context, found)
        return found

    # -- edits --------------------------------------------------------------------------------------------------------

    def edit(self, graph: Graph, name: Words | None = None, *, merge: str = "") -> None:
        """One step to another network; what was tried out is forgotten.

        Args:
            name: of the step; by default what the edit did ("conv1: kernel 5 → 3").
            merge: steps one after another with the same key become one, as while something is dragged; each gesture
                needs a key of its own.
        """
        self._step(replace(self._content, graph=graph), name, merge)

    def rename(self, name: str) -> None:
        """Another name for the project, or none. Raises EditError for one that no file could hold."""
        name = name.strip()
        problem = name_problem(name) if name else None
        if problem:
            raise EditError("{problem}", problem=problem)
        self._set({"name": name}, say(N_("rename the project to {name}"), name=name), "name of the project")

    def set_story(self, story: Mapping[str, str]) -> None:
        """Other paragraphs about the project."""
        self._set({"story": story}, say(N_("change the story")), "story")

    def set_data(self, data: DataFacts | None) -> None:
        """Other data to train on."""
        name = say(N_("data: {name}"), name=data.name) if data else say(N_("no data"))
        self._set({"data": data}, name)

    def set_plan(self, plan: Mapping[str, Any] | None, name: Words | None = None, *, merge: str = "") -> None:
        """Another way to train."""
        self._set({"plan": plan}, name or say(N_("change the training plan")), merge)

    def set_training(self, data: DataFacts | None, plan: Mapping[str, Any] | None, name: Words | None = None) -> None:
        """Other data and another way to train on them, as one step."""
        self._set({"data": data, "plan": plan}, name or say(N_("change what is trained on")))

    def _set(self, values: Mapping[str, Any], name: Words, merge: str = "") -> None:
        self._step(replace(self._content, **values), name, merge)

    def set_view(self, view: Mapping[str, Any]) -> None:
        """What the window remembers. Neither a step nor a modification."""
        self._view = view
        self._announce(self.graph, {"view"})

    def set_weights(self, weights: bytes) -> None:
        """Other weights, as training leaves them. No step: undo does not lose what was learned. Raises ProjectError."""
        shapes = weight_shapes(weights)
        self._weights = weights
        self._context = replace(self._context, trained=shapes)
        self._announce(self.graph, {"weights", "context"})

    def set_machine(self, memory: int | None, batch: int) -> None:
        """Memory of the machine in bytes, and the samples in a training batch."""
        self._context = replace(self._context, memory=memory, batch=batch)
        self._announce(self.graph, {"context"})

    # -- trying out ---------------------------------------------------------------------------------------------------

    def preview(self, graph: Graph) -> None:
        """Show a network without making a step, as while a number is typed."""
        before, was = self.graph, self._preview
        self._preview = None if graph is self._content.graph else graph
        if self.graph is not before or was is not self._preview:
            self._announce(before, set())

    def commit(self, name: Words | None = None, *, merge: str = "") -> None:
        """Make what is tried out a step."""
        if self._preview is not None:
            self.edit(self._preview, name, merge=merge)

    def cancel(self) -> None:
        """Forget what is tried out."""
        self.preview(self._content.graph)

    # -- history ------------------------------------------------------------------------------------------------------

    @property
    def undo_name(self) -> Words | None:
        """What ``undo`` would undo, or None."""
        return self._past[-1].name if self._past else None

    @property
    def redo_name(self) -> Words | None:
        """What ``redo`` would do again, or None."""
        return self._future[-1].name if self._future else None

    def undo(self) -> bool:
        """Back by one step, and out of what is tried out. False when there is no step."""
        return self._travel(self._past, self._future)

    def redo(self) -> bool:
        """Forward by one step that was undone. False when there is none."""
        return self._travel(self._future, self._past)

    def _travel(self, here: list[_Step], there: list[_Step]) -> bool:
        if not here:
            self.cancel()
            return False
        step = here.pop()
        there.append(_Step(self._content, step.name))
        self._show(step.content)
        return True

    def _step(self, content: _Content, name: Words | None, merge: str) -> None:
        last = self._past[-1] if self._past else None
        merging = bool(merge) and last is not None and last.merge == merge and not self._future
        base = last.content if merging and last else self._content
        if _same(base, content):  # dragged back to where it was, or nothing done at all
            if merging:
                self._past.pop()
            self._show(base)
            return
        if merging:
            self._past.pop()
        self._past.append(_Step(base, name or name_of(base.graph, content.graph), merge))
        self._future.clear()
        self._show(content)

    def _show(self, content: _Content) -> None:
        old, before = self._content, self.graph
        self._content, self._preview = content, None
        parts = {part for part in _CONTENT_PARTS if getattr(old, part) is not getattr(content, part)}
        if "data" in parts:
            self._context = replace(self._context, data=content.data)
            parts.add("context")
        self._announce(before, parts | {"history"})

    # -- saving -------------------------------------------------------------------------------------------------------

    @property
    def is_modified(self) -> bool:
        """Whether there is something to save; undoing everything since the last saving makes it False again."""
        return self._saved is None or self._saved[0] is not self._content or self._saved[1] is not self._weights

    def save(self, path: Path | None = None) -> None:
        """Write the file, by default the one it came from. Raises ProjectError; then nothing is marked as saved."""
        target = path or self.path
        if target is None:
            raise ValueError("a document without a file is saved under a path")
        write_project(self.project, target)
        self.mark_saved(target)

    def mark_saved(self, path: Path | None = None) -> None:
        """What there is now is what the file holds. A drag that goes on afterwards is a new step."""
        self.path = path or self.path
        self._saved = (self._content, self._weights)
        if self._past:
            self._past[-1] = replace(self._past[-1], merge="")
        self._announce(self.graph, {"saved"})

    def mark_unsaved(self) -> None:
        """There is no file that holds this, as after a recovery."""
        self._saved = None
        self._announce(self.graph, {"saved"})

    # -- listeners ----------------------------------------------------------------------------------------------------

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call this for every change from now on; what is returned stops it."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def _announce(self, before: Graph, parts: set[str]) -> None:
        """Bring the report up to date and tell every listener, whatever happens in the others.

        An edit that a listener makes is told after all have heard of the first. Raises ExceptionGroup of what
        went wrong in listeners; the document is whole all the same.
        """
        after = self.graph
        found = Difference()
        facts: frozenset[str] = frozenset()
        if after is not before:
            self._report = analyse(after, self._report)
            found, facts = difference(before, after), self._report.changed
        self._waiting.append(
            Change(before, after, *found, facts=facts, parts=frozenset(parts), preview=self.is_previewing)
        )
        if self._announcing:
            return
        self._announcing = True
        errors: list[Exception] = []
        try:
            while self._waiting:
                change = self._waiting.popleft()
                for listener in tuple(self._listeners):
                    try:
                        listener(change)
                    except Exception as error:
                        errors.append(error)
        finally:
            self._announcing = False
        if errors:
            raise ExceptionGroup("listeners of a document", errors)


def _same(one: _Content, other: _Content) -> bool:
    """Whether two contents hold the same; shared parts are not looked at."""
    if any(getattr(one, part) != getattr(other, part) for part in _CONTENT_PARTS):
        return False
    return one.graph is other.graph or difference(one.graph, other.graph) == Difference()
