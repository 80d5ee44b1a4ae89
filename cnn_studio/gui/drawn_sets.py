"""What the panel of drawings asks of the engine, in the other thread, and how a network is made to fit a set of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnn_studio.core.context import DataFacts
from cnn_studio.core.plans.plan import JOINT
from cnn_studio.core.shapes import Shape
from cnn_studio.core.words import say
from cnn_studio.gui.widgets.strokes import Line
from cnn_studio.gui.workspace import Workspace
from cnn_studio.i18n import N_

DIGIT = Shape(1, (28, 28))
"""The size of a drawing as it is kept."""
MOST_FIXES = 3


@dataclass(frozen=True)
class Chosen:
    """Data to train on.

    Attributes:
        name: of the set, or of several that are mixed.
        classes: their names.
        samples: how many there are to learn from.
        mixed: whether there is more than one set.
    """

    name: str
    classes: tuple[str, ...]
    samples: int
    mixed: bool


def adapt(workspace: Workspace, chosen: Chosen) -> str:
    """Train on these data from the next run on, with a plan that suits their number, and as many answers as classes.

    Gives a sentence about what was changed in the network, or "".
    """
    from cnn_studio.core.plans.few import plan_for_drawings
    from cnn_studio.core.plans.plan import plan_to_json

    document = workspace.document
    entries = document.graph.of_kind("input")
    sample = entries[0].layer.output_shape() if entries else DIGIT
    plan = plan_for_drawings(workspace.plan, chosen.name, chosen.samples, mixed=chosen.mixed)
    facts = DataFacts(chosen.name, sample, chosen.classes)
    document.set_training(facts, plan_to_json(plan), say(N_("train on {name}"), name=chosen.name))
    labels = []
    for _again in range(MOST_FIXES):
        wrong = [
            one for one in document.diagnosis.errors if one.code in ("units_classes", "input_sample") and one.fixes
        ]
        if not wrong:
            break
        fix = wrong[0].fixes[0]
        if not workspace.edit(fix.apply, fix.label):
            break
        labels.append(str(fix.label))
    return str(say(N_("Changed in the network: {changes}"), changes=", ".join(labels))) if labels else ""


# -- in the other thread -----------------------------------------------------------------------------------------------


def listed(name: str) -> tuple[Sequence[str], dict[str, int]]:
    """The sets, and how many drawings of each class that one has."""
    from cnn_studio.engine.datasets.drawings import drawn_counts, drawn_sets

    return drawn_sets(), drawn_counts(name) if name else {}


def kept(name: str, label: str, lines: Sequence[Line], picture: Any) -> dict[str, int]:
    """Keep a drawing; how many there are of each class then."""
    from cnn_studio.engine.datasets.drawings import add_drawing, drawn_counts
    from cnn_studio.engine.inking import Stroke
    from cnn_studio.engine.inputs import drawn_sample
    from cnn_studio.engine.insight.drawn import DrawingSeen

    steady = [line.steady() for line in lines]
    strokes = [Stroke(line.points, line.width, line.erases) for line in steady]
    add_drawing(name, label, drawn_sample(DrawingSeen(strokes, picture).ink(), DIGIT))
    return drawn_counts(name)


def shown(name: str, label: str) -> tuple[list[Path], list[Any]]:
    """The files and the pictures of a class."""
    from cnn_studio.engine.datasets.drawings import drawings_of

    found = drawings_of(name, label)
    return [path for path, _picture in found], [picture[0] for _path, picture in found]


def deleted(name: str, path: Path) -> dict[str, int]:
    """Remove a drawing; how many there are of each class then."""
    from cnn_studio.engine.datasets.drawings import drawn_counts, remove_drawing

    remove_drawing(path)
    return drawn_counts(name)


def exported(name: str, place: Path) -> Path:
    """The folder into which a set was copied."""
    from cnn_studio.engine.datasets.drawings import export_drawings

    return export_drawings(name, place)


def training_of(name: str, other: str) -> Chosen:
    """The set alone, or mixed with another."""
    from cnn_studio.engine.datasets.opening import open_data

    whole = f"{other}{JOINT}{name}" if other else name
    data = open_data(whole)
    return Chosen(whole, data.classes, len(data.train), bool(other))
