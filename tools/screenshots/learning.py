"""Pictures of a network that learns, of looking into it, and of drawing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from cnn_studio.core.plans.augmentation import Elastic, Rotate, Zoom
from cnn_studio.gui.training import IDLE
from cnn_studio.gui.widgets.sketch_pad import UNITS, SketchPad
from tools.screenshots.stage import Stage, scene

EPOCHS = 6
SEVEN = ((0.28, 0.24), (0.5, 0.22), (0.74, 0.24), (0.6, 0.5), (0.5, 0.78))
VARIED = (Rotate(), Zoom(), Elastic())
PARTS = 12
"""Movements between two of these points."""


def training(stage: Stage, epochs: int = EPOCHS, rate: float = 0.01) -> None:
    """quick-digits begins to learn a part of the bundled digits; the same in every picture."""
    stage.open("quick-digits")
    workspace = stage.window.workspace
    fixed = {"precision": "fp32", "threads": 1, "device": "cpu", "memory_format": "channels_first"}
    plan = workspace.plan.model_copy(update={"epochs": epochs, "subset": 6000, "rate": rate, **fixed})
    workspace.set_plan(plan)
    workspace.data.ensure()
    stage.wait_until(lambda: workspace.data.state == "ready")
    stage.window.conductor.start()
    stage.window.show_workspace("train")


def over(stage: Stage) -> None:
    """Wait for the end of the run."""
    workspace = stage.window.workspace
    stage.wait_until(lambda: workspace.training.run is not None and workspace.training.state == IDLE)
    quiet(stage)


def quiet(stage: Stage) -> None:
    """Wait for everything that was asked."""
    workspace = stage.window.workspace
    stage.settle()
    stage.wait_until(lambda: not workspace.slow.is_busy and not workspace.quick.is_busy)
    stage.settle(0.6)


@scene("training")
def learns(stage: Stage) -> None:
    """In the middle of a run: curves, and pictures on the cards."""
    training(stage, epochs=40)
    stage.wait_until(lambda: len(stage.window.workspace.training.history.epochs) >= 4)
    stage.window.conductor.pause_or_go_on()
    stage.wait_until(lambda: stage.window.workspace.training.state == "paused")
    stage.settle(0.8)


@scene("inside")
def inside(stage: Stage) -> None:
    """Maps and kernels of the first convolution."""
    training(stage)
    over(stage)
    stage.window.show_workspace("inside")
    stage.window.workspace.select(["conv1"])
    quiet(stage)


@scene("confusion")
def confusion(stage: Stage) -> None:
    """What is taken for what."""
    training(stage)
    over(stage)
    stage.panel("confusion")
    quiet(stage)


@scene("mistakes")
def mistakes(stage: Stage) -> None:
    """The pictures that the network got wrong, the surest first."""
    training(stage)
    over(stage)
    stage.panel("mistakes")
    quiet(stage)


@scene("data")
def data(stage: Stage) -> None:
    """The bundled digits: how many of each class, what is done to them, and how they are varied."""
    stage.open("quick-digits")
    workspace = stage.window.workspace
    workspace.set_plan(workspace.plan.model_copy(update={"augmentation": VARIED}))
    stage.window.show_workspace("data")
    stage.wait_until(lambda: workspace.data.state == "ready")
    quiet(stage)


@scene("plan")
def plan(stage: Stage) -> None:
    """How it is to be trained, and what that will take."""
    stage.open("quick-digits")
    workspace = stage.window.workspace
    stage.window.show_workspace("train")
    stage.wait_until(lambda: workspace.data.state == "ready")
    quiet(stage)


@scene("time-machine")
def time_machine(stage: Stage) -> None:
    """The first epoch of a run, looked back at."""
    training(stage)
    over(stage)
    stage.window.show_workspace("inside")
    stage.window.workspace.select(["conv2"])
    stage.window.workspace.look.show_epoch(1)
    quiet(stage)


@scene("runs")
def runs(stage: Stage) -> None:
    """The curves of a run over those of the one before."""
    training(stage)
    over(stage)
    workspace = stage.window.workspace
    first = named(stage, "rate 0.01")
    training(stage, rate=0.001)
    over(stage)
    named(stage, "rate 0.001")
    workspace.comparison.choose((first,))
    quiet(stage)


def named(stage: Stage, name: str) -> Path:
    """The run that is shown gets a name; its folder."""
    workspace = stage.window.workspace
    run = workspace.training.run
    assert run is not None
    workspace.runs.rename(run.folder, name)
    quiet(stage)
    renamed = workspace.training.run
    assert renamed is not None
    return renamed.folder


@scene("draw")
def draw(stage: Stage) -> None:
    """A drawn seven and what the network that comes trained makes of it."""
    stage.window.open_sample()
    stage.settle()
    stage.window.canvas.fit()
    (pad,) = stage.window.docks.panel("pad").findChildren(SketchPad)
    points = [(x * UNITS, y * UNITS) for x, y in along(SEVEN)]
    pad.press(*points[0])
    for x, y in points[1:]:
        pad.move_to(x, y)
    pad.lift()
    quiet(stage)


def along(corners: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points on the way from corner to corner."""
    shares = [part / PARTS for part in range(PARTS)]
    return [
        (x + (to_x - x) * share, y + (to_y - y) * share)
        for (x, y), (to_x, to_y) in pairwise(corners)
        for share in shares
    ]
