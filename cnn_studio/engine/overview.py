"""A run in one line, and how runs differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnn_studio.core.fields import specs
from cnn_studio.core.files import FileError
from cnn_studio.core.graph import Graph
from cnn_studio.core.plans.plan import TrainingPlan, plan_to_json
from cnn_studio.core.words import word
from cnn_studio.engine.finding import RunError
from cnn_studio.engine.record import RecordError
from cnn_studio.engine.runs import Run
from cnn_studio.i18n import _


@dataclass(frozen=True)
class Overview:
    """One run.

    Attributes:
        network, data: names of what was trained, and on what.
        state: see ``finding.STATES``; started: the time in ISO 8601, or "".
        epochs, planned: epochs that have ended, and those of the plan.
        best, accuracy: the best epoch and its accuracy, or None.
        seconds: how long it has computed, or None.
        problem: why it cannot be read, as a sentence; then nothing else is known.
    """

    folder: Path
    network: str = ""
    data: str = ""
    state: str = ""
    started: str = ""
    epochs: int = 0
    planned: int = 0
    best: int | None = None
    accuracy: float | None = None
    seconds: float | None = None
    note: str = ""
    problem: str = ""

    @property
    def name(self) -> str:
        """What the run is called."""
        return self.folder.name


def overview_of(run: Run) -> Overview:
    """A run in one line; a damaged one says what is wrong with it instead of hiding the others."""
    try:
        name, plan = run.project().name, run.plan()
        with run.record() as record:
            epochs, best = record.epochs(), record.best_epoch()
            facts = {key: record.get(key, "") for key in ("state", "started", "note")}
            seconds = record.get("seconds")
    except (RecordError, RunError, FileError) as error:
        return Overview(run.folder, problem=str(error))
    judged = {event.epoch: (event.validation or event.train).accuracy for event in epochs}
    if seconds is None and epochs:
        seconds = sum(event.seconds for event in epochs)
    return Overview(
        run.folder, name, plan.data, facts["state"], facts["started"], len(epochs), plan.epochs, best,
        None if best is None else judged[best], seconds, facts["note"],
    )  # fmt: skip


# -- differences ---------------------------------------------------------------------------------------------------------


def plan_differences(plans: Sequence[TrainingPlan]) -> list[tuple[str, ...]]:
    """What the plans do not have in common: its label, then the value of each."""
    labels = {field.name: field.label for field in specs(TrainingPlan)}
    stored = [plan_to_json(plan) for plan in plans]
    rows = []
    for name in stored[0]:
        values = [one[name] for one in stored]
        if any(value != values[0] for value in values):
            rows.append((_(labels[name]) if name in labels else name, *map(_plain, values)))
    return rows


def _plain(value: Any) -> str:
    """A value of a plan in one cell."""
    if isinstance(value, dict):
        return str(value.get("kind", ""))
    if isinstance(value, list):
        return "+".join(_plain(one) for one in value) or "–"
    return word(value)


def network_differences(one: Graph, other: Graph) -> list[tuple[str, str, str]]:
    """The layers that two networks do not have in common: name, and settings in each, or "–" where it is missing."""
    rows = []
    for node_id in dict.fromkeys((*one.nodes, *other.nodes)):
        layers = [graph.nodes[node_id].layer if node_id in graph.nodes else None for graph in (one, other)]
        sources = [graph.inputs_of(node_id) if node_id in graph.nodes else () for graph in (one, other)]
        if layers[0] == layers[1] and sources[0] == sources[1]:
            continue
        owner = one if node_id in one.nodes else other
        words = ["–" if layer is None else f"{_(layer.label)} {layer.describe()}".strip() for layer in layers]
        if layers[0] == layers[1]:
            graphs = (one, other)
            words = [
                _("after {names}").format(names=", ".join(graph.nodes[source].name for source in found) or "–")
                for graph, found in zip(graphs, sources, strict=True)
            ]
        rows.append((owner.nodes[node_id].name, words[0], words[1]))
    return rows
